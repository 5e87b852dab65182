;;! weft opt --only order % -o -
;;| weft print -
;; As long as every number takes one byte nothing is to be had.

(module
  (global $a i32 (i32.const 1)) (global $b i32 (i32.const 2))
  (func $f) (func $g)
  (func (export "f") (result i32) call $g call $g call $g call $f global.get $b global.get $b i32.add))
;;= (module
;;=   (type (;0;) (func))
;;=   (type (;1;) (func (result i32)))
;;=   (global $a (;0;) i32 (i32.const 1))
;;=   (global $b (;1;) i32 (i32.const 2))
;;=   (func $f (;0;) (type 0)
;;=   )
;;=   (func $g (;1;) (type 0)
;;=   )
;;=   (func (;2;) (export "f") (type 1) (result i32)
;;=     call $g
;;=     call $g
;;=     call $g
;;=     call $f
;;=     global.get $b
;;=     global.get $b
;;=     i32.add
;;=   )
;;= )
