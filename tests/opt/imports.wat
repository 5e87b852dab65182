;;! weft opt --only imports % -o -
;;| weft print -
;; The second is the first again; what has another name or type is something else.

(module
  (import "m" "f" (func $a)) (import "m" "g" (func $b)) (import "m" "f" (func $c))
  (import "m" "f" (func $d (param i32)))
  (import "m" "h" (global $g i32)) (import "m" "h" (global $h i32))
  (func (export "f") call $a call $b call $c i32.const 1 call $d global.get $h drop)
  (export "c" (func $c)))
;;= (module
;;=   (type (;0;) (func))
;;=   (type (;1;) (func (param i32)))
;;=   (import "m" "f" (func $a (;0;) (type 0)))
;;=   (import "m" "g" (func $b (;1;) (type 0)))
;;=   (import "m" "f" (func $d (;2;) (type 1) (param i32)))
;;=   (import "m" "h" (global $g (;0;) i32))
;;=   (import "m" "h" (global $h (;1;) i32))
;;=   (export "f" (func 3))
;;=   (export "c" (func $a))
;;=   (func (;3;) (type 0)
;;=     call $a
;;=     call $b
;;=     call $a
;;=     i32.const 1
;;=     call $d
;;=     global.get $h
;;=     drop
;;=   )
;;= )
