;;! weft opt --only unused % -o -
;;| weft print -
;; A recursion group goes or stays as a whole: without the structure $f and $g would be the same type, and the call not trap.

(module
  (rec (type $f (func)) (type (struct)))
  (rec (type $g (func)) (type (array (ref $s))) (type $s (struct (field i8))))
  (type $kept (struct (field i64)))
  (rec (type (func (param i32))) (type (struct (field (ref $kept)))))
  (table funcref (elem $a))
  (func $a (type $f))
  (func (export "run") (call_indirect (type $g) (i32.const 0))))
;;= (module
;;=   (rec
;;=     (type $f (;0;) (func))
;;=     (type (;1;) (struct)))
;;=   (rec
;;=     (type $g (;2;) (func))
;;=     (type (;3;) (array (ref $s)))
;;=     (type $s (;4;) (struct (field i8))))
;;=   (type (;5;) (func))
;;=   (table (;0;) 1 1 funcref)
;;=   (elem (;0;) (i32.const 0) func $a)
;;=   (func $a (;0;) (type $f)
;;=   )
;;=   (func (;1;) (export "run") (type 5)
;;=     i32.const 0
;;=     call_indirect (type $g)
;;=   )
;;= )
