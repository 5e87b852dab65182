;;! weft run %
;; What traps first says where; the others are interrupted, and say nothing.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (func $peek (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "wasi_thread_start") (param $id i32) (param $arg i32)
    (drop (call $peek (local.get $arg))))
  (func (export "_start")
    (drop (call $spawn (i32.const 65533)))
    (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))))
;;2 threads-trap.wat: thread 1: trap: out of bounds memory access
;;2     0: 0x6b peek
;;2     1: 0x73 wasi_thread_start
;;status 134
