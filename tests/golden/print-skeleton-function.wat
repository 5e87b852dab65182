;;! weft print --skeleton --function func2
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
;;=   (type $pair (;0;) (struct (field i32) (field $y i64)))
;;=   (type (;1;) (func (param i32)))
;;=   (type (;2;) (func (param i32) (result i32)))
;;=   (type (;3;) (func))
;;=   (import "env" "f" (func (;0;) (type 1) (param i32)))
;;=   (table (;0;) 10 funcref)
;;=   (memory (;0;) 1)
;;=   (global $g (;0;) (mut i32) (i32.const 7))
;;=   (elem (;0;) (i32.const 0) func (;2 items;))
;;=   (elem (;1;) declare func (;1 items;))
;;=   (func $func2 (;1;) (export "a") (type 2) (param i32) (result i32)
;;=     (local i64)
;;=     block (;L1;)
;;=       loop $in
;;=         local.get 0
;;=         br_if 1 (;L1;)
;;=         local.get 0
;;=         br_if $in
;;=       end
;;=     end
;;=     global.get $g
;;=     call 0
;;=     i32.const 1
;;=   )
;;=   (func (;2;) (type 3) (;9 bytes;) unreachable)
;;=   (data (;0;) (i32.const 10) (;5 bytes;))
;;=   (data (;1;) (;7 bytes;))
;;= )
