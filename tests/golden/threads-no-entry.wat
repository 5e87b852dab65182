;;! weft run %
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (func (export "_start") (drop (call $spawn (i32.const 0)))))
;;2 error: threads-no-entry.wat wants threads: it exports no function wasi_thread_start, which new threads call
;;status 1
