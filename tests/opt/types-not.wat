;;! weft opt --only types % -o -
;;| weft print -
;; However alike they look: another order, another group, open to subtypes, another mutability, with a null or without.

(module
  (type (func (param i32 i64))) (type (func (param i64 i32))) (type (func (result i32 i64)))
  (type (sub (func (param i32 i64))))
  (type $a (struct (field i32))) (type (struct (field (mut i32)))) (type (array (mut i8)))
  (rec (type (struct (field i32))) (type (array i8)))
  (type (array (ref null $a))) (type (array (ref $a)))
  (type (sub (struct))))
;;= (module
;;=   (type (;0;) (func (param i32 i64)))
;;=   (type (;1;) (func (param i64 i32)))
;;=   (type (;2;) (func (result i32 i64)))
;;=   (type (;3;) (sub (func (param i32 i64))))
;;=   (type $a (;4;) (struct (field i32)))
;;=   (type (;5;) (struct (field (mut i32))))
;;=   (type (;6;) (array (mut i8)))
;;=   (rec
;;=     (type (;7;) (struct (field i32)))
;;=     (type (;8;) (array i8)))
;;=   (type (;9;) (array (ref null $a)))
;;=   (type (;10;) (array (ref $a)))
;;=   (type (;11;) (sub (struct)))
;;= )
