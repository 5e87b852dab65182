;;! weft run --stub-imports %
(module
  (import "env" "log" (func $log (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (func (export "_start") (call $exit (i32.const 9))))
;;status 9
