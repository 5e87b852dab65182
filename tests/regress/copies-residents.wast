;;! weft wast --features=all %
;; A local that lives in no register is read from the register it was last written from. Behind a loop that register
;; is another local's.
(module
  (func $nothing)
  (func (export "f") (param i32) (result i32)
    (local $a i32) (local $b i32) (local $i i32)
    (local.set $a (i32.const 1000))
    (local.set $i (i32.const 3))
    (loop $outer
      (local.set $a (i32.add (i32.add (local.get $a) (local.get $a)) (local.get $i)))
      (local.set $a (i32.add (i32.add (local.get $a) (local.get $a)) (local.get $i)))
      (local.set $a (i32.add (i32.add (local.get $a) (local.get $a)) (local.get $i)))
      (local.set $a (i32.add (i32.add (local.get $a) (local.get $a)) (local.get $i)))
      (local.set $a (i32.add (i32.add (local.get $a) (local.get $a)) (local.get $i)))
      (local.set $a (i32.add (i32.add (local.get $a) (local.get $a)) (local.get $i)))
      (local.set $a (i32.add (i32.add (local.get $a) (local.get $a)) (local.get $i)))
      (local.set $a (i32.add (i32.add (local.get $a) (local.get $a)) (local.get $i)))
      (local.set $a (i32.add (i32.add (local.get $a) (local.get $a)) (local.get $i)))
      (loop $inner
        (call $nothing) (call $nothing) (call $nothing) (call $nothing)
        (local.set $b (i32.add (i32.load (local.get 0)) (i32.const 7)))
        (br_if $inner (i32.load (local.get 0))))
      (local.set $a (i32.add (local.get $a) (local.get $b)))
      (local.set $i (i32.sub (local.get $i) (i32.const 1)))
      (br_if $outer (local.get $i)))
    (local.get $a))
  (memory 1))
(assert_return (invoke "f" (i32.const 0)) (i32.const 1477970950))
;;= 2 passed, 0 failed
