;;! weft opt --only merge % -o -
;;| weft print -
;; The first stands for all; not for what has another type.

(module
  (func $a (param i32) (result i32) local.get 0 i32.eqz)
  (func $b (param i32) (result i32) local.get 0 i32.eqz)
  (func $c (param i32) (result i32) local.get 0 i32.clz)
  (func $d (param i64) unreachable) (func $e (param i32) unreachable)
  (table 2 funcref) (elem (i32.const 0) $a $b)
  (func (export "f") (param i32) (result i32)
    local.get 0 call $a call $b call $c
    i64.const 0 call $d i32.const 0 call $e
    ref.func $b drop)
  (export "b" (func $b)))
;;= (module
;;=   (type (;0;) (func (param i32) (result i32)))
;;=   (type (;1;) (func (param i64)))
;;=   (type (;2;) (func (param i32)))
;;=   (table (;0;) 2 funcref)
;;=   (export "f" (func 4))
;;=   (export "b" (func $a))
;;=   (elem (;0;) (i32.const 0) func $a $a)
;;=   (func $a (;0;) (type 0) (param i32) (result i32)
;;=     local.get 0
;;=     i32.eqz
;;=   )
;;=   (func $c (;1;) (type 0) (param i32) (result i32)
;;=     local.get 0
;;=     i32.clz
;;=   )
;;=   (func $d (;2;) (type 1) (param i64)
;;=     unreachable
;;=   )
;;=   (func $e (;3;) (type 2) (param i32)
;;=     unreachable
;;=   )
;;=   (func (;4;) (type 0) (param i32) (result i32)
;;=     local.get 0
;;=     call $a
;;=     call $a
;;=     call $c
;;=     i64.const 0
;;=     call $d
;;=     i32.const 0
;;=     call $e
;;=     ref.func $a
;;=     drop
;;=   )
;;= )
