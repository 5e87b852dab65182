;; Two threads and the first add to a cell a hundred times each, and not atomically: what is lost depends on whose turn it is.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (func $add (local $i i32)
    (loop $again
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100)))))
  (func (export "wasi_thread_start") (param $id i32) (param $there i32)
    (call $add)
    (i32.atomic.store (local.get $there) (i32.const 1))
    (drop (memory.atomic.notify (local.get $there) (i32.const 1))))
  (func (export "f") (result i32)
    (drop (call $spawn (i32.const 8)))
    (drop (call $spawn (i32.const 16)))
    (call $add)
    (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))
    (drop (memory.atomic.wait32 (i32.const 16) (i32.const 0) (i64.const -1)))
    (i32.load (i32.const 0))))
