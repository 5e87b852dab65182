;;! weft wast %
;; References are compared for branches and as values, with null on either side, and with what lives in a register.
(module
 (func (export "eq") (param eqref eqref) (result i32) (ref.eq (local.get 0) (local.get 1)))
 (func (export "n1") (param eqref) (result i32) (ref.eq (local.get 0) (ref.null none)))
 (func (export "n2") (param eqref) (result i32) (ref.eq (ref.null none) (local.get 0)))
 (func (export "nn") (result i32) (ref.eq (ref.null none) (ref.null none)))
 (func (export "br") (param eqref eqref) (result i32) (if (result i32) (ref.eq (local.get 0) (local.get 1)) (then (i32.const 7)) (else (i32.const 8))))
 (func (export "loop") (param eqref i32) (result i32) (local eqref i32)
   (loop $l (local.set 3 (i32.add (local.get 3) (ref.eq (local.get 0) (local.get 2))))
     (local.set 3 (i32.add (local.get 3) (ref.is_null (local.get 2))))
     (br_if $l (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
   (local.get 3)))
(assert_return (invoke "eq" (ref.null eq) (ref.null eq)) (i32.const 1))
(assert_return (invoke "n1" (ref.null eq)) (i32.const 1))
(assert_return (invoke "n2" (ref.null eq)) (i32.const 1))
(assert_return (invoke "nn") (i32.const 1))
(assert_return (invoke "br" (ref.null eq) (ref.null eq)) (i32.const 7))
(assert_return (invoke "loop" (ref.null eq) (i32.const 5)) (i32.const 10))
;;= 7 passed, 0 failed
