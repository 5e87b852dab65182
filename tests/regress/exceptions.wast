;;! weft wast %
;; What the official scripts do not ask: where values go when a clause's label is far out, inside clauses of clauses, in
;; loops, in returns, and what stands in the frame meanwhile.
(module $other
  (tag $o (export "o") (param i64))
  (func (export "throw_o") (param i64) (throw $o (local.get 0))))
(register "other" $other)

(module
  (import "other" "o" (tag $o (param i64)))
  (import "other" "throw_o" (func $throw_o (param i64)))
  (tag $none) (tag $i (param i32)) (tag $many (param i32 i64 f32 f64 i32))
  (table $t 1 exnref)
  (func $many (throw $many (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (i32.const 5)))
  (func $if_throw (param i32 i32) (if (local.get 0) (then (throw $i (local.get 1)))))

  ;; operands below the block stay; the values arrive at a label that is further out, over operands that are dropped
  (func (export "far") (result i32)
    (i32.const 100)
    (block $b (result i32)
      (i32.const 1) (i32.const 2)
      (try_table (result i32) (catch $i $b) (i32.const 9) (throw $i (i32.const 11)))
      (drop) (drop) (drop) (i32.const 0))
    (i32.add))

  (func (export "many") (result i32 i64 f32 f64 i32)
    (block $b (result i32 i64 f32 f64 i32)
      (try_table (catch $many $b) (call $many)) (unreachable)))

  ;; straight into a return, of none, one and several
  (func (export "return_0") (try_table (catch_all 0) (call $many)) (unreachable))
  (func (export "return_1") (result i64) (i64.const 0) (try_table (result i64) (catch $o 0) (call $throw_o (i64.const 77)) (i64.const 1)) (return))
  (func (export "return_5") (result i32 i64 f32 f64 i32)
    (i32.const 3) (i32.const 4)
    (try_table (catch $many 0) (call $many)) (unreachable))

  ;; a loop's parameters, and fuel's regions, through a label that goes back
  (func (export "loop") (param $n i32) (result i32) (local $sum i32)
    (i32.const 0)
    (loop $l (param i32) (result i32)
      (local.set $sum (i32.add (local.get $sum)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (try_table (catch $i $l) (call $if_throw (i32.ge_s (local.get $n) (i32.const 0)) (local.get $n)))
      (local.get $sum)))

  ;; locals have the values that they had when it was thrown
  (func (export "locals") (param $x i32) (result i32)
    (block $h
      (try_table (catch_all $h)
        (local.set $x (i32.add (local.get $x) (i32.const 1)))
        (call $if_throw (i32.const 1) (i32.const 0))
        (local.set $x (i32.const 1000))))
    (local.get $x))

  ;; the reference outlives the frame that it was thrown in, and is thrown again with the same values
  (func $keep (local $e exnref)
    (block $h (result i32 exnref) (try_table (catch_ref $i $h) (throw $i (i32.const 42))) (unreachable))
    (local.set $e) (drop)
    (block $r (result exnref) (try_table (catch_all_ref $r) (throw $i (i32.const 43))) (unreachable))
    (local.set $e)
    (table.set $t (i32.const 0) (local.get $e)))
  (func (export "again") (result i32)
    (call $keep)
    (block $h (result i32) (try_table (catch $i $h) (throw_ref (table.get $t (i32.const 0)))) (i32.const -1)))
  (func (export "null") (throw_ref (ref.null exn)))

  ;; a thousand frames, and a clause in each that does not fit
  (func $deep (param i32) (result i32)
    (block $no
      (try_table (catch $none $no)
        (if (i32.eqz (local.get 0)) (then (call $throw_o (i64.const 5))))
        (drop (call $deep (i32.sub (local.get 0) (i32.const 1))))))
    (i32.const 0))
  (func (export "deep") (param i32) (result i64)
    (block $h (result i64) (try_table (catch $o $h) (drop (call $deep (local.get 0)))) (i64.const 0)))

  ;; what is behind a guard, and between two, is not guarded
  (func $behind (export "behind") (param i32 i32) (result i32)
    (block $h (result i32)
      (try_table (catch $i $h) (call $if_throw (i32.eq (local.get 0) (i32.const 1)) (local.get 1)))
      (call $if_throw (i32.eq (local.get 0) (i32.const 2)) (local.get 1))
      (try_table (result i32) (catch $i $h)
        (block $n (try_table (catch $none $n) (nop)))
        (call $if_throw (i32.eq (local.get 0) (i32.const 3)) (local.get 1)) (i32.const -3))
      (call $if_throw (i32.eq (local.get 0) (i32.const 4)) (local.get 1))))
  (func (export "outside") (param i32) (result i32)
    (block $h (result i32)
      (try_table (result i32) (catch $i $h) (i32.sub (i32.const 0) (call $behind (local.get 0) (i32.const 66))))))
  (func (export "endless") (loop $l (try_table (catch_all $l) (throw $none))))
)
(assert_return (invoke "far") (i32.const 111))
(assert_return (invoke "many") (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (i32.const 5))
(assert_return (invoke "return_0"))
(assert_return (invoke "return_1") (i64.const 77))
(assert_return (invoke "return_5") (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (i32.const 5))
(assert_return (invoke "loop" (i32.const 10)) (i32.const 45))
(assert_return (invoke "locals" (i32.const 5)) (i32.const 6))
(assert_return (invoke "again") (i32.const 43))
(assert_trap (invoke "null") "null exception reference")
(assert_return (invoke "deep" (i32.const 1000)) (i64.const 5))
(assert_return (invoke "behind" (i32.const 0) (i32.const 7)) (i32.const -3))
(assert_return (invoke "behind" (i32.const 1) (i32.const 7)) (i32.const 7))
(assert_exception (invoke "behind" (i32.const 2) (i32.const 7)))
(assert_return (invoke "behind" (i32.const 3) (i32.const 7)) (i32.const 7))
(assert_exception (invoke "behind" (i32.const 4) (i32.const 7)))
(assert_return (invoke "outside" (i32.const 0)) (i32.const 3))
(assert_return (invoke "outside" (i32.const 1)) (i32.const -66))
(assert_return (invoke "outside" (i32.const 2)) (i32.const 66))
(assert_return (invoke "outside" (i32.const 4)) (i32.const 66))

;; The legacy instructions
(module
  (tag $i (param i32)) (tag $two (param i64 i32)) (tag $none)
  (func $throw_i (param i32) (throw $i (local.get 0)))

  ;; values of a clause stand one slot higher than the results of its try; both ends are reached
  (func (export "results") (param i32) (result i32 i32)
    (i32.const 500)
    (try (result i32)
      (do (if (local.get 0) (then (call $throw_i (local.get 0)))) (i32.const 1))
      (catch $i (i32.add (i32.const 10)))
      (catch_all (i32.const 2))))
  (func (export "wide") (param i32) (result i64 i32)
    (try (result i64 i32)
      (do (if (local.get 0) (then (throw $two (i64.const 8) (local.get 0)))) (i64.const 1) (i32.const 2))
      (catch $two)))

  ;; a branch out of a clause, with a value, to the try itself and further out
  (func (export "br") (param i32) (result i32)
    (block $b (result i32)
      (i32.const 1)
      (try $t (result i32)
        (do (call $throw_i (local.get 0)) (i32.const 3))
        (catch $i
          (if (param i32) (result i32) (i32.eq (local.get 0) (i32.const 5))
            (then (br $t (i32.add (i32.const 100))))
            (else (br $b (i32.add (i32.const 200)))))))
      (i32.add)))

  ;; clauses within clauses: each keeps its own exception, and rethrow names which
  (func $nested (param i32) (result i32)
    (try $a (result i32)
      (do (call $throw_i (i32.const 1)) (i32.const 0))
      (catch $i
        (drop)
        (try $b (result i32)
          (do (throw $two (i64.const 9) (i32.const 2)))
          (catch $two
            (drop) (drop)
            (if (i32.eq (local.get 0) (i32.const 1)) (then (rethrow $a)))
            (if (i32.eq (local.get 0) (i32.const 2)) (then (rethrow $b)))
            (i32.const 30))
          (catch_all (i32.const 40))))))
  (func (export "nested") (param i32) (result i32)
    (try (result i32)
      (do (call $nested (local.get 0)))
      (catch $i (i32.add (i32.const 1000)))
      (catch $two (i32.add (i32.const 2000)) (drop) (drop) (i32.const 2002))))

  ;; in a loop the slot is used again
  (func (export "loop") (param $n i32) (result i32) (local $sum i32)
    (loop $l
      (try
        (do (call $throw_i (local.get $n)))
        (catch $i
          (local.set $sum (i32.add (local.get $sum)))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br_if $l (local.get $n)))))
    (local.get $sum))

  ;; delegate: past the clauses in between, to a try, to a plain block in one, to the caller, and from within a clause
  (func (export "delegate") (param i32) (result i32)
    (try $outer (result i32)
      (do
        (try $middle (result i32)
          (do
            (block $plain (result i32)
              (try (result i32) (do (if (i32.eqz (local.get 0)) (then (throw $none))) (i32.const 1)) (delegate $outer))
              (drop)
              (try (result i32) (do (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $none))) (i32.const 2)) (delegate $middle))
              (drop)
              (try (result i32) (do (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $none))) (i32.const 3)) (delegate $plain))
              (drop)
              (try (result i32) (do (if (i32.eq (local.get 0) (i32.const 3)) (then (throw $none))) (i32.const 4)) (delegate 3))))
          (catch $none
            (try (do (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $none)))) (delegate $middle))
            (i32.const 20))))
      (catch $none (i32.const 10))))
)
(assert_return (invoke "results" (i32.const 0)) (i32.const 500) (i32.const 1))
(assert_return (invoke "results" (i32.const 7)) (i32.const 500) (i32.const 17))
(assert_return (invoke "wide" (i32.const 0)) (i64.const 1) (i32.const 2))
(assert_return (invoke "wide" (i32.const 6)) (i64.const 8) (i32.const 6))
(assert_return (invoke "br" (i32.const 5)) (i32.const 106))
(assert_return (invoke "br" (i32.const 6)) (i32.const 206))
(assert_return (invoke "nested" (i32.const 0)) (i32.const 30))
(assert_return (invoke "nested" (i32.const 1)) (i32.const 1001))
(assert_return (invoke "nested" (i32.const 2)) (i32.const 2002))
(assert_return (invoke "loop" (i32.const 4)) (i32.const 10))
(assert_return (invoke "delegate" (i32.const 0)) (i32.const 10))
(assert_return (invoke "delegate" (i32.const 1)) (i32.const 20))
(assert_return (invoke "delegate" (i32.const 2)) (i32.const 10))
(assert_exception (invoke "delegate" (i32.const 3)))
(assert_return (invoke "delegate" (i32.const 4)) (i32.const 4))
;;= 38 passed, 0 failed
