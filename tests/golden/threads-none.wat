;;! weft run --deterministic --max-threads 0 --invoke f %
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "f") (result i32) (call $spawn (i32.const 0))))
;;= -6
