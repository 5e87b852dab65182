;;! weft opt --only unused % -o -
;;| weft print -
;; The table that $b calls through is used by a function that another table has: its segment stays.

(module
  (type $v (func))
  (table $first 1 funcref) (table $second 1 funcref)
  (func (export "f") i32.const 0 call_indirect $first (type $v))
  (func $b i32.const 0 call_indirect $second (type $v))
  (func $c nop)
  (elem (table $second) (i32.const 0) func $c)
  (elem (table $first) (i32.const 0) func $b))
;;= (module
;;=   (type $v (;0;) (func))
;;=   (table $first (;0;) 1 funcref)
;;=   (table $second (;1;) 1 funcref)
;;=   (elem (;0;) (table $second) (i32.const 0) func $c)
;;=   (elem (;1;) (i32.const 0) func $b)
;;=   (func (;0;) (export "f") (type $v)
;;=     i32.const 0
;;=     call_indirect (type $v)
;;=   )
;;=   (func $b (;1;) (type $v)
;;=     i32.const 0
;;=     call_indirect $second (type $v)
;;=   )
;;=   (func $c (;2;) (type $v)
;;=     nop
;;=   )
;;= )
