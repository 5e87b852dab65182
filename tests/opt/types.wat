;;! weft opt --only types % -o -
;;| weft print -
;; Equal types become one, also within groups; others stay, however alike they look.

(module
  (type $a (func (param i32))) (type $b (func (param i32))) (type $c (func (param i64)))
  (rec (type $s (struct (field (ref null $t)))) (type $t (array i8)))
  (rec (type $s2 (struct (field (ref null $t2)))) (type $t2 (array i8)))
  (rec (type $s3 (struct (field (ref null $t3)))) (type $t3 (array i16)))
  (type $sub (sub (func (param i32))))
  (func (export "a") (type $a)) (func (export "b") (type $b)) (func (export "c") (type $c))
  (func (export "d") (type $sub))
  (func (export "e") (result (ref null $s2)) (local (ref null $s3)) ref.null $s2)
  (func (export "g") (param i32) local.get 0 block (type $b) drop end))
;;= (module
;;=   (type $a (;0;) (func (param i32)))
;;=   (type $c (;1;) (func (param i64)))
;;=   (rec
;;=     (type $s (;2;) (struct (field (ref null $t))))
;;=     (type $t (;3;) (array i8)))
;;=   (rec
;;=     (type $s3 (;4;) (struct (field (ref null $t3))))
;;=     (type $t3 (;5;) (array i16)))
;;=   (type $sub (;6;) (sub (func (param i32))))
;;=   (type (;7;) (func (result (ref null $s))))
;;=   (func (;0;) (export "a") (type $a) (param i32)
;;=   )
;;=   (func (;1;) (export "b") (type $a) (param i32)
;;=   )
;;=   (func (;2;) (export "c") (type $c) (param i64)
;;=   )
;;=   (func (;3;) (export "d") (type $sub) (param i32)
;;=   )
;;=   (func (;4;) (export "e") (type 7) (result (ref null $s))
;;=     (local (ref null $s3))
;;=     ref.null $s
;;=   )
;;=   (func (;5;) (export "g") (type $a) (param i32)
;;=     local.get 0
;;=     block (;L1;) (type $a) (param i32)
;;=       drop
;;=     end
;;=   )
;;= )
