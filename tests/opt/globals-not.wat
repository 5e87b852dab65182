;;! weft opt --only globals % -o -
;;| weft print -
;; What others may write, or read, stays as it is; so does what is no number.

(module
  (import "m" "g" (global $imported i32)) (import "m" "h" (global $shared (mut i32)))
  (global $exported (export "e") (mut i32) (i32.const 1))
  (global $changes (mut i32) (i32.const 2))
  (global $of i32 (global.get $imported))
  (global $func funcref (ref.null func))
  (global $read (mut i32) (i32.const 3))
  (func (export "f") (result i32 i32 i32 i32 i32 funcref)
    (global.set $changes (i32.const 5))
    (global.set $exported (i32.const 6))
    (global.set $shared (i32.const 7))
    global.get $imported global.get $shared global.get $exported global.get $changes global.get $of
    global.get $func))
;;= (module
;;=   (type (;0;) (func (result i32 i32 i32 i32 i32 funcref)))
;;=   (import "m" "g" (global $imported (;0;) i32))
;;=   (import "m" "h" (global $shared (;1;) (mut i32)))
;;=   (global $exported (;2;) (export "e") (mut i32) (i32.const 1))
;;=   (global $changes (;3;) (mut i32) (i32.const 2))
;;=   (global $of (;4;) i32 (global.get $imported))
;;=   (global $func (;5;) funcref (ref.null func))
;;=   (global $read (;6;) (mut i32) (i32.const 3))
;;=   (func (;0;) (export "f") (type 0) (result i32 i32 i32 i32 i32 funcref)
;;=     i32.const 5
;;=     global.set $changes
;;=     i32.const 6
;;=     global.set $exported
;;=     i32.const 7
;;=     global.set $shared
;;=     global.get $imported
;;=     global.get $shared
;;=     global.get $exported
;;=     global.get $changes
;;=     global.get $of
;;=     global.get $func
;;=   )
;;= )
