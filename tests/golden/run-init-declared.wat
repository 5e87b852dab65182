;;! weft run --init init -o - %
;;| weft print -
(module
  (global $f (mut funcref) (ref.null func))
  (table $t 2 funcref)
  (elem $e (table $t) (i32.const 0) func $a $b)
  (func $a)
  (func $b)
  (func $init (export "init") (table.set $t (i32.const 0) (ref.null func)) (drop (ref.func $b)))
  (func (export "use") (global.set $f (ref.func $init)) (global.set $f (ref.func $a))))
;;= (module
;;=   (type (;0;) (func))
;;=   (table $t (;0;) 2 funcref)
;;=   (global $f (;0;) (mut funcref) (ref.null func))
;;=   (elem (;0;) (i32.const 1) func $b)
;;=   (elem (;1;) declare func $a $init)
;;=   (func $a (;0;) (type 0)
;;=   )
;;=   (func $b (;1;) (type 0)
;;=   )
;;=   (func $init (;2;) (type 0)
;;=     i32.const 0
;;=     ref.null func
;;=     table.set $t
;;=     ref.func $b
;;=     drop
;;=   )
;;=   (func (;3;) (export "use") (type 0)
;;=     ref.func $init
;;=     global.set $f
;;=     ref.func $a
;;=     global.set $f
;;=   )
;;= )
