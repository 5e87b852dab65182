;;! weft wast %
;; A phi behind a loop that is there several times, and one at its head, in one local: what goes to the second on the way back
;; overwrote what goes to the first. Without what can be left out nothing may get longer.
(module
  (memory (export "m") 1)
  (data (i32.const 8) "\18\00\00\00")
  (data (i32.const 36) "\30\00\00\00")
  (data (i32.const 60) "\48\00\00\00")
  (data (i32.const 84) "\60\00\00\00")
  (data (i32.const 108) "\78\00\00\00")
  (func $fat (drop (i32.const 1))
    nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
    nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
    nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
    nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
  )
  (func (export "search") (param $at i32) (param $what i32) (result i32) (local $is i32) (local $old i32)
    loop $next
      (local.set $old (local.get $at))
      (local.set $is (i32.load (local.get $at)))
      (local.set $at (i32.add (local.get $is) (i32.const 12)))
      (br_if $next (i32.ne (local.get $is) (local.get $what)))
    end
    (i32.add (i32.mul (local.get $old) (i32.const 1000)) (local.get $is))))
(assert_return (invoke "search" (i32.const 8) (i32.const 24)) (i32.const 8024))
(assert_return (invoke "search" (i32.const 8) (i32.const 48)) (i32.const 36048))
(assert_return (invoke "search" (i32.const 8) (i32.const 72)) (i32.const 60072))
(assert_return (invoke "search" (i32.const 8) (i32.const 96)) (i32.const 84096))
(assert_return (invoke "search" (i32.const 8) (i32.const 120)) (i32.const 108120))
;;= 6 passed, 0 failed
