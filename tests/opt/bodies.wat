;;! weft opt --only bodies % -o -
;;| weft print -
;; What is computed twice is computed once, constants are computed, and what nobody needs is not; "as-it-is" stays.

(module
  (memory 1)
  (func (export "twice") (param i32 i32) (result i32)
    (i32.xor
      (i32.mul (i32.add (local.get 0) (local.get 1)) (i32.add (local.get 0) (local.get 1)))
      (i32.shl (i32.const 3) (i32.const 2))))
  (func (export "loads") (param i32) (result i32)
    (i32.add (i32.load (local.get 0)) (i32.load (local.get 0))))
  (func (export "unused") (param i32) (result i32) (local i32)
    (local.set 1 (i32.mul (local.get 0) (i32.const 5)))
    (local.get 0))
  (func (export "as-it-is") (param i32) (result i32)
    (i32.div_u (i32.const 1) (local.get 0))))
;;= (module
;;=   (type (;0;) (func (param i32 i32) (result i32)))
;;=   (type (;1;) (func (param i32) (result i32)))
;;=   (memory (;0;) 1)
;;=   (func (;0;) (export "twice") (type 0) (param i32 i32) (result i32)
;;=     local.get 0
;;=     local.get 1
;;=     i32.add
;;=     local.tee 0
;;=     local.get 0
;;=     i32.mul
;;=     i32.const 12
;;=     i32.xor
;;=   )
;;=   (func (;1;) (export "loads") (type 1) (param i32) (result i32)
;;=     local.get 0
;;=     i32.load
;;=     local.tee 0
;;=     local.get 0
;;=     i32.add
;;=   )
;;=   (func (;2;) (export "unused") (type 1) (param i32) (result i32)
;;=     local.get 0
;;=   )
;;=   (func (;3;) (export "as-it-is") (type 1) (param i32) (result i32)
;;=     i32.const 1
;;=     local.get 0
;;=     i32.div_u
;;=   )
;;= )
