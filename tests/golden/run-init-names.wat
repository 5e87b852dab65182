;;! weft run --init init -o - %
;;| weft print -
(module $m
  (memory $mem 1)
  (data $first "kept")
  (data $second "gone")
  (data $third (i32.const 8) "here")
  (elem $kept func $init)
  (elem $gone func $init)
  (func $init (export "init") (local $x i32)
    (data.drop $second)
    (elem.drop $gone)
    (local.set $x (i32.const 1))))
;;= (module $m
;;=   (type (;0;) (func))
;;=   (memory $mem (;0;) 1)
;;=   (elem $kept (;0;) func $init)
;;=   (elem (;1;) func)
;;=   (func $init (;0;) (type 0)
;;=     (local $x i32)
;;=     data.drop 1
;;=     elem.drop 1
;;=     i32.const 1
;;=     local.set $x
;;=   )
;;=   (data $first (;0;) "kept")
;;=   (data (;1;) (i32.const 8) "here")
;;=   (data (;2;) (i32.const 0) "")
;;= )
