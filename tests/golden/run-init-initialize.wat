;;! weft run --init _initialize -o - %
;;| weft print -
(module
  (global $calls (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
  (func (export "init") unreachable))
;;= (module
;;=   (type (;0;) (func))
;;=   (global $calls (;0;) (mut i32) (i32.const 1))
;;=   (func (;0;) (type 0)
;;=     global.get $calls
;;=     i32.const 1
;;=     i32.add
;;=     global.set $calls
;;=   )
;;=   (func (;1;) (export "init") (type 0)
;;=     unreachable
;;=   )
;;= )
