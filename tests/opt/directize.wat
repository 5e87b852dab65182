;;! weft opt --only directize % -o -
;;| weft print -
;; A table that nobody changes has what its segments say, the later one where both do.

(module
  (type $v (func)) (type $w (func))
  (table $t 4 funcref) (table $t64 i64 2 funcref)
  (elem (table $t) (i32.const 0) func $a $b) (elem (table $t) (i32.const 1) func $c)
  (elem (table $t64) (i64.const 1) func $a)
  (func $a) (func $b) (func $c (type $w))
  (func (export "f")
    i32.const 0 call_indirect $t (type $v)
    i32.const 1 call_indirect $t (type $v)
    i64.const 1 call_indirect $t64 (type $v)
    ref.func $b call_ref $v
    i32.const 0 return_call_indirect $t (type $v)))
;;= (module
;;=   (type $v (;0;) (func))
;;=   (type $w (;1;) (func))
;;=   (table $t (;0;) 4 funcref)
;;=   (table $t64 (;1;) i64 2 funcref)
;;=   (elem (;0;) (i32.const 0) func $a $b)
;;=   (elem (;1;) (i32.const 1) func $c)
;;=   (elem (;2;) (table $t64) (i64.const 1) func $a)
;;=   (func $a (;0;) (type $v)
;;=   )
;;=   (func $b (;1;) (type $v)
;;=   )
;;=   (func $c (;2;) (type $w)
;;=   )
;;=   (func (;3;) (export "f") (type $v)
;;=     call $a
;;=     call $c
;;=     call $a
;;=     call $b
;;=     return_call $a
;;=   )
;;= )
