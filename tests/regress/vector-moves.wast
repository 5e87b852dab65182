;;! weft wast %
;; A vector that a branch brings down by one slot, onto a part of itself.
(module
  (func (export "br") (param v128) (result v128)
    (block (result v128) (i32.const 1) (i64x2.add (local.get 0) (local.get 0)) (br 0)))
  (func (export "br_if") (param v128 i32) (result v128)
    (block (result v128)
      (i32.const 1) (i64x2.add (local.get 0) (local.get 0)) (br_if 0 (local.get 1))
      (drop) (drop) (local.get 0)))
  (func (export "return") (param v128) (result v128)
    (i32.const 1) (i64x2.add (local.get 0) (local.get 0)) (return)))
(assert_return (invoke "br" (v128.const i64x2 1 2)) (v128.const i64x2 2 4))
(assert_return (invoke "br_if" (v128.const i64x2 1 2) (i32.const 1)) (v128.const i64x2 2 4))
(assert_return (invoke "br_if" (v128.const i64x2 1 2) (i32.const 0)) (v128.const i64x2 1 2))
(assert_return (invoke "return" (v128.const i64x2 1 2)) (v128.const i64x2 2 4))
;;= 5 passed, 0 failed
