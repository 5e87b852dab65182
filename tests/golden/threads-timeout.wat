;;! weft run --timeout 100ms --invoke f %
;; Who waits in memory, and who turns, end with the time of the first.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (func (export "wasi_thread_start") (param i32 i32) (loop $for_ever (br $for_ever)))
  (func (export "f")
    (drop (call $spawn (i32.const 0)))
    (drop (call $spawn (i32.const 0)))
    (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))))
;;2 threads-timeout.wat: trap: time limit exceeded
;;2     0: 0x7b f
;;status 124
