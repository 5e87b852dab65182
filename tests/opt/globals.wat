;;! weft opt --only globals % -o -
;;| weft print -
;; What never changes is a constant, also in constant expressions; what nobody reads is not written.

(module
  (global $constant i64 (i64.const -2))
  (global $unchanged (mut i32) (i32.const 8))
  (global $exported (export "e") f32 (f32.const 1))
  (global $written (mut i32) (i32.const 1))
  (global $first i32 (i32.const 4))
  (global $sum i32 (i32.add (global.get $first) (i32.const 3)))
  (memory (export "m") 1)
  (func (export "f") (param i32) (result i64 i32 f32 i32)
    (global.set $written (local.get 0))
    global.get $constant global.get $unchanged global.get $exported global.get $first)
  (data (offset (global.get $first)) "x"))
;;= (module
;;=   (type (;0;) (func (param i32) (result i64 i32 f32 i32)))
;;=   (memory (;0;) 1)
;;=   (global $constant (;0;) i64 (i64.const -2))
;;=   (global $unchanged (;1;) (mut i32) (i32.const 8))
;;=   (global $exported (;2;) f32 (f32.const 1))
;;=   (global $written (;3;) (mut i32) (i32.const 1))
;;=   (global $first (;4;) i32 (i32.const 4))
;;=   (global $sum (;5;) i32 (i32.add (i32.const 4) (i32.const 3)))
;;=   (export "e" (global $exported))
;;=   (export "m" (memory 0))
;;=   (export "f" (func 0))
;;=   (func (;0;) (type 0) (param i32) (result i64 i32 f32 i32)
;;=     local.get 0
;;=     drop
;;=     i64.const -2
;;=     i32.const 8
;;=     f32.const 1
;;=     i32.const 4
;;=   )
;;=   (data (;0;) (i32.const 4) "x")
;;= )
