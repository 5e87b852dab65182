;;! weft run --max-memory 10M --max-stack 4M --invoke f %
;; Stacks of threads are of the memory that all of them may have: there is room for two beside the
;; shared megabyte, which others cannot have twice; and what has ended gives it back.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 16 256 shared))
  (func (export "wasi_thread_start") (param $id i32) (param $arg i32)
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
  (func (export "f") (result i32 i32 i32 i32 i32)
    (call $spawn (i32.const 0))
    (call $spawn (i32.const 0))
    (call $spawn (i32.const 0))
    (memory.grow (i32.const 17))
    (memory.grow (i32.const 16))))
;;= 1
;;= 2
;;= -6
;;= -1
;;= 16
