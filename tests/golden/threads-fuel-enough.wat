;;! weft run --fuel 4000000 --invoke f %
;; What one has not used up others may have, piece by piece: ten of 60,000 and more, and 30,000 for the first, which pays for
;; threads and waits, too.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (func $turn (param $n i32)
    (loop $more (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  (func (export "wasi_thread_start") (param i32 i32)
    (call $turn (i32.const 10000))
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
  (func (export "f") (result i32) (local $i i32)
    (call $turn (i32.const 5000))
    (loop $next
      (drop (call $spawn (i32.const 0)))
      (drop (memory.atomic.wait32 (i32.const 0) (local.get $i) (i64.const -1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 10))))
    (i32.atomic.load (i32.const 0))))
;;= 10
