;;! weft run --init init -o - %
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $start (call $exit (i32.const 3)))
  (start $start)
  (func (export "init")))
;;2 error: run-init-start-exits.wat ended with exit status 3 before init has returned, so nothing is written
;;status 3
