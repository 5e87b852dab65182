;;! weft opt --only tiny % -o -
;;| weft print -
;; Parameters that are taken in their order, each once, are on the stack already; those that are not taken are dropped.

(module
  (memory 1)
  (global $g (mut i32) (i32.const 0))
  (func $load (param i32) (result i32) local.get 0 i32.load offset=8)
  (func $add (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
  (func $same (param i32) (result i32) local.get 0)
  (func $seven (param i32) (result i32) i32.const 7)
  (func $nothing)
  (func $set (param i32) local.get 0 global.set $g)
  (func $trap unreachable)
  (func (export "f") (param i32) (result i32)
    call $nothing
    local.get 0 call $set
    local.get 0 call $load
    local.get 0 call $seven
    call $add
    call $same)
  (func (export "tail") (param i32) (result i32) local.get 0 return_call $load)
  (func (export "trap") call $trap))
;;= (module
;;=   (type (;0;) (func (param i32) (result i32)))
;;=   (type (;1;) (func (param i32 i32) (result i32)))
;;=   (type (;2;) (func))
;;=   (type (;3;) (func (param i32)))
;;=   (memory (;0;) 1)
;;=   (global $g (;0;) (mut i32) (i32.const 0))
;;=   (func $load (;0;) (type 0) (param i32) (result i32)
;;=     local.get 0
;;=     i32.load offset=8
;;=   )
;;=   (func $add (;1;) (type 1) (param i32 i32) (result i32)
;;=     local.get 0
;;=     local.get 1
;;=     i32.add
;;=   )
;;=   (func $same (;2;) (type 0) (param i32) (result i32)
;;=     local.get 0
;;=   )
;;=   (func $seven (;3;) (type 0) (param i32) (result i32)
;;=     i32.const 7
;;=   )
;;=   (func $nothing (;4;) (type 2)
;;=   )
;;=   (func $set (;5;) (type 3) (param i32)
;;=     local.get 0
;;=     global.set $g
;;=   )
;;=   (func $trap (;6;) (type 2)
;;=     unreachable
;;=   )
;;=   (func (;7;) (export "f") (type 0) (param i32) (result i32)
;;=     local.get 0
;;=     global.set $g
;;=     local.get 0
;;=     i32.load offset=8
;;=     local.get 0
;;=     drop
;;=     i32.const 7
;;=     i32.add
;;=   )
;;=   (func (;8;) (export "tail") (type 0) (param i32) (result i32)
;;=     local.get 0
;;=     i32.load offset=8
;;=     return
;;=   )
;;=   (func (;9;) (export "trap") (type 2)
;;=     unreachable
;;=   )
;;= )
