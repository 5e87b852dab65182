;;! weft opt -Os --only params % -o -
;;| weft print -
;; Where size counts a long constant that is read often is set once.

(module
  (func $f (param $a f64) (result f64) local.get $a local.get $a f64.mul local.get $a f64.add)
  (func (export "f") (result f64) f64.const 3 call $f))
;;= (module
;;=   (type (;0;) (func (param f64) (result f64)))
;;=   (type (;1;) (func (result f64)))
;;=   (func $f (;0;) (type 1) (result f64)
;;=     (local $a f64)
;;=     f64.const 3
;;=     local.set $a
;;=     local.get $a
;;=     local.get $a
;;=     f64.mul
;;=     local.get $a
;;=     f64.add
;;=   )
;;=   (func (;1;) (export "f") (type 1) (result f64)
;;=     f64.const 3
;;=     drop
;;=     call $f
;;=   )
;;= )
