;;! weft run --dir . --init init -o - %
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) ".")
  (func (export "init")
    (if (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0) (i64.const 0)
          (i64.const 0) (i32.const 0) (i32.const 16))
      (then unreachable))))
;;2 error: run-init-file.wat: cannot be written with its state: descriptor 4 was opened and is not closed
;;status 1
