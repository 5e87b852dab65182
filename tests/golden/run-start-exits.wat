;;! weft run %
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (func $main (call $exit (i32.const 7)))
  (start $main))
;;status 7
