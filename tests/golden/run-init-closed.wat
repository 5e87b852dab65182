;;! weft run --dir . --init init -o - %
(module
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "init") (if (call $close (i32.const 3)) (then unreachable))))
;;2 error: run-init-closed.wat: cannot be written with its state: descriptor 3, which it was given, is closed
;;status 1
