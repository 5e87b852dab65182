;;! weft run --snapshot-at 11600 -o - %
;;| weft run --resume -
(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 16) "one\ntwo\n") (data (i32.const 0) "\10\00\00\00\04\00\00\00")
  (func (export "_start") (local i32)
    (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (local.set 0 (i32.const 20))
    (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (i32.store (i32.const 0) (i32.const 20))
    (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
;;= two
