;;! weft run %
;; a program whose start function does all of it
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\08\00\00\00\03\00\00\00hi\0a")
  (func $main (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))))
  (start $main))
;;= hi
