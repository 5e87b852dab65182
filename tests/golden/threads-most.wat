;;! weft run --max-threads 2 --invoke f %
;; The third is refused by a negative number, minus errno again, until one has ended.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (func (export "wasi_thread_start") (param $id i32) (param $arg i32)
    (loop $until
      (if (i32.eqz (memory.atomic.wait32 (local.get $arg) (i32.const 0) (i64.const -1)))
        (then (return)))
      (br_if $until (i32.eqz (i32.atomic.load (local.get $arg))))))
  (func (export "f") (result i32 i32 i32 i32) (local $late i32)
    (call $spawn (i32.const 0))
    (call $spawn (i32.const 4))
    (call $spawn (i32.const 8))
    (i32.atomic.store (i32.const 0) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))
    (loop $again
      (br_if $again (i32.lt_s (local.tee $late (call $spawn (i32.const 8))) (i32.const 0))))
    (local.get $late)))
;;= 1
;;= 2
;;= -6
;;= 3
