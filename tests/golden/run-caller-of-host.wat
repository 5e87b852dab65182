;;! weft run --invoke main %
;; Whoever tail-calls a function of the host is its caller, also when nobody else is there: 0, and not 21, for a fault.
(module
  (type $sizes (func (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $host (type $sizes)))
  (memory 1)
  (table funcref (elem $third))
  (elem declare func $host)
  (func (export "main") (result i32) (return_call $second (i32.const 64) (i32.const 68)))
  (func $second (type $sizes) (return_call_indirect (type $sizes) (local.get 0) (local.get 1) (i32.const 0)))
  (func $third (type $sizes) (return_call_ref $sizes (local.get 0) (local.get 1) (ref.func $host))))
;;= 0
