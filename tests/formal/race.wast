;;! weft wast --features=all
;; race.wast -- what may come out one way or another: a count that two raise without a lock, and who
;; sees whose write (store buffering, which a machine that does one step after the other never
;; shows).

(module $M
  (import "spectest" "print_i32_f32" (func $print (param i32 f32)))
  (memory (export "m") 1 1 shared)
  (func (export "count") (result i32) (i32.load (i32.const 0)))
  (func (export "seen") (result i32)
    (i32.or (i32.load (i32.const 12)) (i32.shl (i32.load (i32.const 16)) (i32.const 1))))
  (func (export "print")
    (call $print
      (i32.load (i32.const 0))
      (f32.convert_i32_s (i32.add (i32.load (i32.const 12)) (i32.mul (i32.load (i32.const 16)) (i32.const 2)))))))
(register "mem" $M)

(thread $A (shared (module $M))
  (register "mem" $M)
  (module
    (memory (import "mem" "m") 1 1 shared)
    (func (export "run") (param $n i32)
      (i32.atomic.store (i32.const 4) (i32.const 1))
      (i32.store (i32.const 12) (i32.atomic.load (i32.const 8)))
      (loop $next
        (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
        (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
  (invoke "run" (i32.const 200)))
(thread $B (shared (module $M))
  (register "mem" $M)
  (module
    (memory (import "mem" "m") 1 1 shared)
    (func (export "run") (param $n i32)
      (i32.atomic.store (i32.const 8) (i32.const 1))
      (i32.store (i32.const 16) (i32.atomic.load (i32.const 4)))
      (loop $next
        (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
        (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
  (invoke "run" (i32.const 200)))
(wait $A)
(wait $B)
(assert_return (invoke $M "seen") (either (i32.const 1) (i32.const 2) (i32.const 3)))
(invoke $M "print")
;;= 8 passed, 0 failed
