;;! weft run --deterministic %
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start") (drop (call $spawn (i32.const 0)))))
;;2 error: threads-deterministic.wat wants threads: what they do depends on time, which --deterministic rules out; with --max-threads 0 it gets none
;;status 1
