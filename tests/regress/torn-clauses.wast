;;! weft wast %
;; Clauses of one try that share a product of what depends on where was thrown: nowhere can that be computed, so the body stays as
;; it is; -O3 looked for sums in front of that. Without what can be left out nothing may get longer.
(module
  (func $fat (drop (i32.const 1))
    nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
    nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
    nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
    nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
  )
  (tag $one) (tag $two)
  (func $throws (param i32)
    (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $one)))
    (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $two))))
  (func (export "f") (param $first i32) (param $second i32) (result i32) (local $x i32) (local $i i32)
    (loop $l
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (local.get $first))))
    (block $b
      (block $a
        (try_table (catch $one $a) (catch $two $b)
          (local.set $x (i32.const 5))
          (call $throws (local.get $first))
          (local.set $x (local.get $i))
          (call $throws (local.get $second)))
        (return (i32.const -1)))
      (return (i32.add (i32.mul (local.get $x) (i32.const 100)) (i32.const 1))))
    (i32.add (i32.mul (local.get $x) (i32.const 100)) (i32.const 2)))
)
(assert_return (invoke "f" (i32.const 0) (i32.const 0)) (i32.const -1))
(assert_return (invoke "f" (i32.const 1) (i32.const 0)) (i32.const 501))
(assert_return (invoke "f" (i32.const 2) (i32.const 0)) (i32.const 502))
(assert_return (invoke "f" (i32.const 4) (i32.const 1)) (i32.const 401))
(assert_return (invoke "f" (i32.const 4) (i32.const 2)) (i32.const 402))
;;= 6 passed, 0 failed
