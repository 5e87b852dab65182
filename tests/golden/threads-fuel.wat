;;! weft run --fuel 3000000 --invoke f %
;; Fuel is for all of them together: two threads turn until there is none, and the first waits.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (func $turn (loop $for_ever (br $for_ever)))
  (func (export "wasi_thread_start") (param i32 i32) (call $turn))
  (func (export "f")
    (drop (call $spawn (i32.const 0)))
    (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))))
;;2 threads-fuel.wat: thread 1: trap: out of fuel
;;2     0: 0x64 turn
;;2     1: 0x6c wasi_thread_start
;;status 134
