;;! weft run %
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (memory 1 1 shared)
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start") (drop (call $spawn (i32.const 0)))))
;;2 error: threads-no-memory.wat wants threads: it imports no shared memory, so its threads would have nothing together
;;status 1
