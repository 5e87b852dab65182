;;! weft wast %
;; Two instructions that are run as one: what is between them stays visible, whoever traps, and a branch may go to the second.
(module
  (memory (export "m") 1)
  (global $g (export "g") (mut i32) (i32.const 0))
  (data (i32.const 65528) "\01\02\03\04\05\06\07\08")

  ;; the second traps; the first has stored, or set its local
  (func (export "store_load") (param i32 i32) (result i32)
    (i32.store (local.get 0) (i32.const 77)) (i32.load (local.get 1)))
  (func (export "load_load") (param i32) (result i32) (i32.load (i32.load (local.get 0))))
  (func (export "shift_load") (param i32) (result i32) (i32.load offset=4 (i32.shl (local.get 0) (i32.const 2))))
  (func (export "peek") (param i32) (result i32) (i32.load (local.get 0)))

  ;; a loop's head is between
  (func (export "head") (param $n i32) (result i32) (local $i i32) (local $sum i32)
    (local.set $i (i32.add (local.get $i) (i32.const 5)))
    (loop $l
      (local.set $sum (i32.add (local.get $sum) (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.ne (local.get $i) (local.get $n))))
    (local.get $sum))
  ;; a block's end is between
  (func (export "join") (param i32) (result i32) (local $x i32)
    (block $b
      (br_if $b (local.get 0))
      (local.set $x (i32.add (local.get 0) (i32.const 10))))
    (i32.add (i32.shl (local.get $x) (i32.const 1)) (local.get 0)))
  ;; the value that is fed stays in its local
  (func (export "tee") (param i32 i32) (result i32) (local $x i32)
    (i32.or (i32.add (local.tee $x (i32.add (local.get 0) (local.get 1))) (local.get $x)) (local.get $x)))
  ;; both operands are the first's result
  (func (export "square") (param f64 f64) (result f64) (local $x f64)
    (local.set $x (f64.sub (local.get 0) (local.get 1)))
    (f64.mul (local.get $x) (local.get $x)))
  ;; products and sums are rounded one by one
  (func (export "no_fma") (param f64 f64 f64) (result f64)
    (f64.add (local.get 2) (f64.mul (local.get 0) (local.get 1))))
  (func (export "order") (param f64 f64 f64) (result f64)
    (f64.sub (local.get 2) (f64.mul (local.get 0) (local.get 1)))))

(assert_return (invoke "store_load" (i32.const 0) (i32.const 65532)) (i32.const 0x08070605))
(assert_trap (invoke "store_load" (i32.const 8) (i32.const 65533)) "out of bounds memory access")
(assert_return (invoke "peek" (i32.const 8)) (i32.const 77))
(assert_trap (invoke "store_load" (i32.const 65533) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "load_load" (i32.const 65532)) "out of bounds memory access")
(assert_return (invoke "load_load" (i32.const 100)) (i32.const 77))
(assert_return (invoke "shift_load" (i32.const 16382)) (i32.const 0x08070605))
(assert_trap (invoke "shift_load" (i32.const 16383)) "out of bounds memory access")
(assert_trap (invoke "shift_load" (i32.const -1)) "out of bounds memory access")
(assert_return (invoke "head" (i32.const 10)) (i32.const 35))
(assert_return (invoke "join" (i32.const 0)) (i32.const 20))
(assert_return (invoke "join" (i32.const 3)) (i32.const 3))
(assert_return (invoke "tee" (i32.const 0x7fffffff) (i32.const 2)) (i32.const 0x80000003))
(assert_return (invoke "square" (f64.const 1.5) (f64.const 4)) (f64.const 6.25))
(assert_return (invoke "square" (f64.const inf) (f64.const inf)) (f64.const nan:arithmetic))
(assert_return (invoke "no_fma" (f64.const 0x1.0000001p+0) (f64.const 0x1.ffffffep-1) (f64.const -1)) (f64.const 0))
(assert_return (invoke "order" (f64.const 2) (f64.const 3) (f64.const 10)) (f64.const 4))

;; other memories and 64-bit addresses have forms of their own
(module
  (memory $a 1) (memory $b 1) (memory $c i64 1)
  (func (export "b") (param i32) (result i32)
    (i32.store $b (local.get 0) (i32.const 5)) (i32.add (i32.load $b (local.get 0)) (i32.load $a (local.get 0))))
  (func (export "c") (param i64) (result i64)
    (i64.store $c (local.get 0) (i64.const 6)) (i64.load $c (i64.add (local.get 0) (i64.const 0)))))
(assert_return (invoke "b" (i32.const 65532)) (i32.const 5))
(assert_trap (invoke "b" (i32.const 65533)) "out of bounds memory access")
(assert_return (invoke "c" (i64.const 65528)) (i64.const 6))
(assert_trap (invoke "c" (i64.const 0x100000000)) "out of bounds memory access")
;;= 23 passed, 0 failed
