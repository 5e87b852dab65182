;;! weft print --name-unnamed
(module
  (type $pair (struct (field i32) (field $y i64)))
  (import "env" "f" (func (param i32)))
  (memory 1)
  (table 10 funcref)
  (global $g (mut i32) (i32.const 7))
  (func $func2 (export "a") (param i32) (result i32) (local i64)
    (block (loop $in (br_if 1 (local.get 0)) (br_if $in (local.get 0))))
    (call 0 (global.get 0))
    (i32.const 1))
  (func (drop (struct.get 0 0 (ref.null 0))))
  (elem (i32.const 0) 0 1)
  (elem declare func 2)
  (data (i32.const 10) "hello")
  (data "passive")
  (@custom "x" "abc"))
;;= (module
;;=   (type $pair (;0;) (struct (field $field0 i32) (field $y i64)))
;;=   (type $type1 (;1;) (func (param i32)))
;;=   (type $type2 (;2;) (func (param i32) (result i32)))
;;=   (type $type3 (;3;) (func))
;;=   (import "env" "f" (func $func0 (;0;) (type $type1) (param $local0 i32)))
;;=   (table $table0 (;0;) 10 funcref)
;;=   (memory $memory0 (;0;) 1)
;;=   (global $g (;0;) (mut i32) (i32.const 7))
;;=   (elem $elem0 (;0;) (i32.const 0) func $func0 $func2)
;;=   (elem $elem1 (;1;) declare func $func2#0)
;;=   (func $func2 (;1;) (export "a") (type $type2) (param $local0 i32) (result i32)
;;=     (local $local1 i64)
;;=     block $label0
;;=       loop $in
;;=         local.get $local0
;;=         br_if $label0
;;=         local.get $local0
;;=         br_if $in
;;=       end
;;=     end
;;=     global.get $g
;;=     call $func0
;;=     i32.const 1
;;=   )
;;=   (func $func2#0 (;2;) (type $type3)
;;=     ref.null $pair
;;=     struct.get $pair $field0
;;=     drop
;;=   )
;;=   (data $data0 (;0;) (i32.const 10) "hello")
;;=   (data $data1 (;1;) "passive")
;;=   (@custom "x" "abc")
;;= )
