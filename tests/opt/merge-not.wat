;;! weft opt --only merge % -o -
;;| weft print -
;; Of another type, with other locals, or with one other instruction.

(module
  (func (export "a") (param i32) unreachable)
  (func (export "b") (param i64) unreachable)
  (func (export "c") (param i32) (local i32) unreachable)
  (func (export "d") (param i32) (result i32) local.get 0 i32.clz)
  (func (export "e") (param i32) (result i32) local.get 0 i32.ctz)
  (func (export "f") (param i32) (result i32) local.get 0 i32.clz nop))
;;= (module
;;=   (type (;0;) (func (param i32)))
;;=   (type (;1;) (func (param i64)))
;;=   (type (;2;) (func (param i32) (result i32)))
;;=   (func (;0;) (export "a") (type 0) (param i32)
;;=     unreachable
;;=   )
;;=   (func (;1;) (export "b") (type 1) (param i64)
;;=     unreachable
;;=   )
;;=   (func (;2;) (export "c") (type 0) (param i32)
;;=     (local i32)
;;=     unreachable
;;=   )
;;=   (func (;3;) (export "d") (type 2) (param i32) (result i32)
;;=     local.get 0
;;=     i32.clz
;;=   )
;;=   (func (;4;) (export "e") (type 2) (param i32) (result i32)
;;=     local.get 0
;;=     i32.ctz
;;=   )
;;=   (func (;5;) (export "f") (type 2) (param i32) (result i32)
;;=     local.get 0
;;=     i32.clz
;;=     nop
;;=   )
;;= )
