;;! weft run --invoke f %
;; The first one's start function asks for a thread, and waits for it, before anything else of the module runs.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (start $begin)
  (func $begin
    (if (i32.eqz (i32.atomic.rmw.xchg (i32.const 0) (i32.const 1)))
      (then
        (if (i32.ne (call $spawn (i32.const 7)) (i32.const 1)) (then unreachable))
        (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const -1))))))
  (func (export "wasi_thread_start") (param $id i32) (param $arg i32)
    (i32.atomic.store (i32.const 4) (local.get $arg))
    (drop (memory.atomic.notify (i32.const 4) (i32.const 1))))
  (func (export "f") (result i32) (i32.atomic.load (i32.const 4))))
;;= 7
