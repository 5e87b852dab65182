;; Types are the same across modules exactly if their recursion groups are.
(module $a
  (rec (type $x (struct (field (ref null $y)))) (type $y (func (param (ref null $x)) (result i32))))
  (type $single (func (param i32) (result i32)))
  (rec (type $pair (func (param i32) (result i32))) (type (struct)))
  (type $open (sub (func (param i64) (result i32))))
  (func $fy (export "y") (type $y) (i32.const 1))
  (func (export "single") (type $single) (i32.const 2))
  (func (export "pair") (type $pair) (i32.const 3))
  (func (export "open") (type $open) (i32.const 4))
  (table (export "t") funcref (elem $fy)))
(register "a" $a)
;; The same groups, at other indices: linked and called.
(module
  (type (struct)) (type (func))
  (rec (type $x (struct (field (ref null $y)))) (type $y (func (param (ref null $x)) (result i32))))
  (rec (type $pair (func (param i32) (result i32))) (type (struct)))
  (import "a" "y" (func (type $y)))
  (import "a" "pair" (func (type $pair)))
  (import "a" "single" (func (param i32) (result i32)))
  (import "a" "t" (table 1 funcref))
  (func (export "indirect") (result i32) (call_indirect (type $y) (ref.null $x) (i32.const 0))))
(assert_return (invoke "indirect") (i32.const 1))
;; Alike, but not the same: the other member differs, their order does, the group is larger, or it is final.
(assert_unlinkable (module
  (rec (type $x (struct (field (mut (ref null $y))))) (type $y (func (param (ref null $x)) (result i32))))
  (import "a" "y" (func (type $y)))) "incompatible import type")
(assert_unlinkable (module
  (rec (type $y (func (param (ref null $x)) (result i32))) (type $x (struct (field (ref null $y)))))
  (import "a" "y" (func (type $y)))) "incompatible import type")
(assert_unlinkable (module
  (rec (type $pair (func (param i32) (result i32))) (type (struct)) (type (struct)))
  (import "a" "pair" (func (type $pair)))) "incompatible import type")
(assert_unlinkable (module (import "a" "pair" (func (param i32) (result i32)))) "incompatible import type")
(assert_unlinkable (module
  (rec (type (struct)) (type $pair (func (param i32) (result i32))))
  (import "a" "pair" (func (type $pair)))) "incompatible import type")
(assert_unlinkable (module (import "a" "open" (func (param i64) (result i32)))) "incompatible import type")
(module
  (rec (type $x (struct (field (mut (ref null $y))))) (type $y (func (param (ref null $x)) (result i32))))
  (import "a" "t" (table 1 funcref))
  (func (export "indirect") (result i32) (call_indirect (type $y) (ref.null $x) (i32.const 0))))
(assert_trap (invoke "indirect") "indirect call type mismatch")
