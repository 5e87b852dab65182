;; What slots hold over a collection is passed on without being looked at: nobody would see that it was
;; another object by then, but the collector, which keeps the places of what may have been left out.
;; Hazards: R14, R62, R63, R69.

(module
  (type $box (struct (field $value i32)))
  (type $pair (struct (field $a (mut anyref)) (field $b (mut anyref))))
  (tag $e (param (ref $box)))
  (global $kept (mut anyref) (ref.null any))
  (func $box (param i32) (result (ref $box)) (struct.new $box (local.get 0)))
  (func $churn (drop (call $box (i32.const 1))) (drop (call $box (i32.const 2))))
  (func $keep (param anyref) (call $churn) (global.set $kept (local.get 0)) (call $churn))
  (func $kept (result i32)
    (ref.is_null (global.get $kept)) (global.set $kept (ref.null any)) (call $churn))

  ;; A frame of more slots than a byte can count.
  (func (export "wide") (result i32)
    (local (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box))
    (local (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box))
    (local (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box))
    (local (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box))
    (local (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box))
    (local (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box))
    (local (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box) (ref null $box))
    (local.set 255 (call $box (i32.const 255)))
    (local.set 256 (call $box (i32.const 256)))
    (local.set 279 (call $box (i32.const 279)))
    (call $churn)
    (global.set $kept (struct.new $pair (local.get 256) (local.get 279)))
    (call $churn)
    (i32.add (call $kept) (ref.is_null (local.get 255))))

  ;; Operands, below a call, numbers, and vectors, of which each takes two slots.
  (func (export "operands") (result i32)
    (call $box (i32.const 1)) (v128.const i64x2 8 65536) (call $box (i32.const 2))
    (i64.const 65536) (call $box (i32.const 3)) (f64.const 1)
    (call $churn)
    (drop) (global.set $kept) (drop) (call $churn) (global.set $kept) (drop)
    (call $churn) (global.set $kept)
    (call $kept))

  ;; An operand is a local that is set meanwhile; a constant; the same one twice.
  (func (export "aliases") (result i32) (local $l (ref null $box))
    (local.set $l (call $box (i32.const 1)))
    (local.get $l) (ref.null any) (local.get $l)
    (local.set $l (call $box (i32.const 2)))
    (call $churn)
    (global.set $kept) (drop) (call $churn) (global.set $kept)
    (i32.add (call $kept) (ref.is_null (local.get $l))))

  ;; What was taken is dead, and stays where it was.
  (func (export "dead") (result i32)
    (drop (call $box (i32.const 1)))
    (struct.new $pair (call $box (i32.const 2)) (call $box (i32.const 3)))
    (call $churn)
    (call $keep)
    (call $kept))

  ;; In a loop, across the jump to it.
  (func (export "loop") (param $n i32) (result i32) (local $l (ref null $box))
    (call $box (i32.const 0))
    (loop $on (param (ref $box)) (result (ref $box))
      (local.set $l (call $box (local.get $n)))
      (drop) (local.get $l) (ref.as_non_null)
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (global.set $kept) (call $churn)
    (call $kept))

  ;; What is thrown, caught, and thrown again.
  (func $throw (call $churn) (throw $e (call $box (i32.const 1))))
  (func (export "caught") (result i32)
    (call $box (i32.const 2))
    (block $h (result (ref $box) exnref)
      (try_table (catch_ref $e $h) (call $throw)) unreachable)
    (call $churn)
    (block $again (param exnref) (result (ref $box))
      (try_table (param exnref) (catch $e $again) (call $churn) (throw_ref)) unreachable)
    (call $churn)
    (global.set $kept (struct.new $pair)) (call $churn) (global.set $kept)
    (call $kept)))

(assert_return (invoke "wide") (i32.const 0))
(assert_return (invoke "operands") (i32.const 0))
(assert_return (invoke "aliases") (i32.const 0))
(assert_return (invoke "dead") (i32.const 0))
(assert_return (invoke "loop" (i32.const 20)) (i32.const 0))
(assert_return (invoke "caught") (i32.const 0))
