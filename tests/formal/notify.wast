;;! weft wast --features=all
;; notify.wast -- how many are notified, and where: no more than was said, and nobody who waits elsewhere.

(module $M
  (memory (export "m") 1 1 shared)
  ;; Two wait at 8, at the latest after a while. How many are notified at 16; by one call at 8, at most; and there by all calls.
  (func $later (drop (memory.atomic.wait32 (i32.const 32) (i32.const 0) (i64.const 1000000))))
  (func (export "wake") (result i32 i32 i32) (local $elsewhere i32) (local $n i32) (local $most i32) (local $all i32)
    (call $later)
    (local.set $elsewhere (memory.atomic.notify (i32.const 16) (i32.const -1)))
    (loop $again
      (local.set $n (memory.atomic.notify (i32.const 8) (i32.const 1)))
      (local.set $all (i32.add (local.get $all) (local.get $n)))
      (if (i32.lt_u (local.get $most) (local.get $n)) (then (local.set $most (local.get $n))))
      (if (i32.lt_u (local.get $all) (i32.const 2)) (then (call $later) (br $again))))
    (local.get $elsewhere) (local.get $most) (local.get $all)))
(register "mem" $M)

(thread $A (shared (module $M))
  (register "mem" $M)
  (module
    (memory (import "mem" "m") 1 1 shared)
    (func (export "run") (result i32) (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1))))
  (assert_return (invoke "run") (i32.const 0)))
(thread $B (shared (module $M))
  (register "mem" $M)
  (module
    (memory (import "mem" "m") 1 1 shared)
    (func (export "run") (result i32) (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1))))
  (assert_return (invoke "run") (i32.const 0)))
(assert_return (invoke $M "wake") (i32.const 0) (i32.const 1) (i32.const 2))
(wait $A)
(wait $B)
;;= 7 passed, 0 failed
