;;! weft run --init init -o - %
;;| weft print -
(module
  (global $steps (mut i32) (i32.const 0))
  (func $step (param i32) (global.set $steps (i32.add (i32.mul (global.get $steps) (i32.const 10)) (local.get 0))))
  (func (export "_initialize") (call $step (i32.const 2)))
  (func $start (call $step (i32.const 1)))
  (start $start)
  (func (export "init") (export "again") (call $step (i32.const 3)))
  (func (export "_start") (export "main") (call $step (i32.const 4)))
  (func (export "resume") (call $step (i32.const 5))))
;;= (module
;;=   (type (;0;) (func (param i32)))
;;=   (type (;1;) (func))
;;=   (global $steps (;0;) (mut i32) (i32.const 123))
;;=   (func $step (;0;) (type 0) (param i32)
;;=     global.get $steps
;;=     i32.const 10
;;=     i32.mul
;;=     local.get 0
;;=     i32.add
;;=     global.set $steps
;;=   )
;;=   (func (;1;) (type 1)
;;=     i32.const 2
;;=     call $step
;;=   )
;;=   (func $start (;2;) (type 1)
;;=     i32.const 1
;;=     call $step
;;=   )
;;=   (func (;3;) (export "again") (type 1)
;;=     i32.const 3
;;=     call $step
;;=   )
;;=   (func (;4;) (export "_start") (export "main") (type 1)
;;=     i32.const 4
;;=     call $step
;;=   )
;;=   (func (;5;) (export "resume") (type 1)
;;=     i32.const 5
;;=     call $step
;;=   )
;;= )
