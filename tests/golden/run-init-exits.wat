;;! weft run --init init -o - %
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "init") (call $exit (i32.const 0))))
;;2 error: run-init-exits.wat ended with exit status 0 before init has returned, so nothing is written
;;status 1
