;;! weft wast --features=all --tier=auto --up-every 1 %
;; Code that begins at a loop (src/opt/enter.c): what is around it, below it on the stack, and taken
;; or left by it. In the tiers that go up wherever that is possible each loop is entered so.

(module
  ;; Loops around go round, by labels of all kinds, and operands wait below them.
  (func (export "nested") (param i32) (result i32) (local i32 i32 i32)
    (i32.add
      (i32.const 1000)
      (block $out (result i32)
        (loop $a (result i32)
          (local.set 1 (i32.const 3))
          (i32.add (local.get 0)
            (loop $b (result i32)
              (local.set 2 (i32.const 2))
              (loop $c
                (local.set 3 (i32.add (i32.mul (local.get 3) (i32.const 3)) (local.get 2)))
                (local.set 2 (i32.sub (local.get 2) (i32.const 1)))
                (br_if $c (local.get 2))
                (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
                (br_if $b (local.get 1)))
              (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
              (br_if $a (local.get 0))
              (if (i32.gt_u (local.get 3) (i32.const 1000000))
                (then (br $out (local.get 3))))
              (local.get 1)))))))

  ;; In both arms of an if, and a loop with parameters and results.
  (func (export "arms") (param i32 i32) (result i32 i64) (local i32)
    (if (param) (result i32 i64) (local.get 0)
      (then
        (i32.const 7) (i64.const 1)
        (loop $l (param i32 i64) (result i32 i64)
          (i64.mul (i64.const 3))
          (local.set 2 (i32.wrap_i64 (i64.const 5)))
          (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
          (br_if $l (local.get 1))))
      (else
        (i32.const 9) (i64.const 2)
        (loop $l (param i32 i64) (result i32 i64)
          (i64.add (i64.const 40))
          (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
          (br_if $l (local.get 1)))
        (i64.add (i64.extend_i32_u (local.get 2))))))

  ;; A table leads to loops around and out of them; vectors and floats live in the loop.
  (func (export "table") (param i32) (result f64) (local f64 v128 i32)
    (local.set 2 (v128.const f64x2 1 2))
    (loop $a
      (block $out
        (loop $b
          (local.set 2 (f64x2.add (local.get 2) (v128.const f64x2 0.5 0.25)))
          (local.set 1 (f64.add (local.get 1) (f64x2.extract_lane 1 (local.get 2))))
          (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
          (local.set 3 (i32.add (local.get 3) (i32.const 7)))
          (br_if $out (i32.le_s (local.get 0) (i32.const 0)))
          (br_table $b $a $b $out (i32.rem_u (local.get 3) (i32.const 4))))
        (unreachable))
      (br_if $a (i32.gt_s (local.get 0) (i32.const 0))))
    (local.get 1))

  ;; What is in front of the loop is not done again, and what it called is.
  (global $calls (mut i32) (i32.const 0))
  (func $called (param i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (local.get 0))
  (func (export "calls") (param i32) (result i32) (local i32)
    (global.set $calls (i32.const 0))
    (local.set 1 (call $called (i32.const 5)))
    (loop $l
      (local.set 1 (i32.add (local.get 1) (call $called (local.get 0))))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if $l (local.get 0)))
    (i32.add (local.get 1) (i32.mul (global.get $calls) (i32.const 10000))))

  ;; The result of the body comes from a loop, and a branch to the body returns.
  (func (export "returns") (param i32 i32) (result i32)
    (loop $a (result i32)
      (local.set 1 (i32.add (local.get 1) (i32.const 2)))
      (loop $b
        (br_if 2 (i32.const 77) (i32.eq (local.get 1) (i32.const 99)))
        (drop)
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if $b (i32.and (local.get 0) (i32.const 3))))
      (br_if $a (i32.gt_s (local.get 0) (i32.const 0)))
      (local.get 1)))

  ;; A try in the loop, and references that live in it.
  (tag $e (param i32))
  (func $throws (param i32) (result i32)
    (if (i32.and (local.get 0) (i32.const 1)) (then (throw $e (local.get 0))))
    (i32.const 1))
  (func (export "caught") (param i32) (result i32) (local i32 funcref)
    (loop $l
      (block $h (result i32)
        (try_table (catch $e $h)
          (local.set 1 (i32.add (local.get 1) (call $throws (local.get 0))))
          (local.set 2 (ref.func $throws)))
        (i32.const 0))
      (local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 100))))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if $l (local.get 0)))
    (i32.add (local.get 1) (ref.is_null (local.get 2))))
  (elem declare func $throws))

(assert_return (invoke "nested" (i32.const 1)) (i32.const 1001))
(assert_return (invoke "nested" (i32.const 40)) (i32.const -1010058480))
(assert_return (invoke "arms" (i32.const 1) (i32.const 5)) (i32.const 7) (i64.const 243))
(assert_return (invoke "arms" (i32.const 0) (i32.const 5)) (i32.const 9) (i64.const 202))
(assert_return (invoke "table" (i32.const 1)) (f64.const 2.25))
(assert_return (invoke "table" (i32.const 50)) (f64.const 418.75))
(assert_return (invoke "calls" (i32.const 10)) (i32.const 110060))
(assert_return (invoke "returns" (i32.const 20) (i32.const 0)) (i32.const 10))
(assert_return (invoke "returns" (i32.const 200) (i32.const 1)) (i32.const 77))
(assert_return (invoke "caught" (i32.const 1)) (i32.const 2))
(assert_return (invoke "caught" (i32.const 9)) (i32.const 645292609))
;;= 12 passed, 0 failed
