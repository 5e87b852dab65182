;;! weft opt -Os --only globals % -o -
;;| weft print -
;; Where size counts a long constant is not written twice, but a short one may be.

(module
  (global $long f64 (f64.const 3))
  (global $short i32 (i32.const 3))
  (func (export "f") (result f64 f64 i32 i32)
    global.get $long global.get $long global.get $short global.get $short))
;;= (module
;;=   (type (;0;) (func (result f64 f64 i32 i32)))
;;=   (global $long (;0;) f64 (f64.const 3))
;;=   (global $short (;1;) i32 (i32.const 3))
;;=   (func (;0;) (export "f") (type 0) (result f64 f64 i32 i32)
;;=     global.get $long
;;=     global.get $long
;;=     i32.const 3
;;=     i32.const 3
;;=   )
;;= )
