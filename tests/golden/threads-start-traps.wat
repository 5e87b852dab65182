;;! weft run %
;; A start function runs on the new thread: what it does there ends all of them, as anything else does.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (start $begin)
  (func $begin (if (i32.atomic.rmw.xchg (i32.const 0) (i32.const 1)) (then unreachable)))
  (func (export "wasi_thread_start") (param i32 i32) (i32.atomic.store (i32.const 0) (i32.const 2)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))))
;;2 threads-start-traps.wat: thread 1: trap: unreachable
;;2     0: 0x76 begin
;;status 134
