;;! weft opt --only params % -o -
;;| weft print -
;; Not of functions that others know, nor where an argument has no place of its own, or the call cannot be reached.

(module
  (type $p (func (param i32)))
  (table 1 funcref) (elem (i32.const 0) $listed)
  (func $exported (export "e") (param i32))
  (func $listed (param i32))
  (func $named (param i32))
  (elem declare func $named)
  (func $two (result i32 i32) i32.const 1 i32.const 2)
  (func $first (param i32 i32) local.get 1 call $used)
  (func $used (param i32) (local i32) local.get 0 local.set 1)
  (func $dead (param i32))
  (func (export "f") (param i32)
    i32.const 1 call $exported
    i32.const 1 call $listed
    i32.const 1 ref.func $named call_ref $p
    call $two call $first
    local.get 0 call $used
    return
    call $dead))
;;= (module
;;=   (type $p (;0;) (func (param i32)))
;;=   (type (;1;) (func (result i32 i32)))
;;=   (type (;2;) (func (param i32 i32)))
;;=   (table (;0;) 1 funcref)
;;=   (elem (;0;) (i32.const 0) func $listed)
;;=   (elem (;1;) declare func $named)
;;=   (func $exported (;0;) (export "e") (type $p) (param i32)
;;=   )
;;=   (func $listed (;1;) (type $p) (param i32)
;;=   )
;;=   (func $named (;2;) (type $p) (param i32)
;;=   )
;;=   (func $two (;3;) (type 1) (result i32 i32)
;;=     i32.const 1
;;=     i32.const 2
;;=   )
;;=   (func $first (;4;) (type 2) (param i32 i32)
;;=     local.get 1
;;=     call $used
;;=   )
;;=   (func $used (;5;) (type $p) (param i32)
;;=     (local i32)
;;=     local.get 0
;;=     local.set 1
;;=   )
;;=   (func $dead (;6;) (type $p) (param i32)
;;=   )
;;=   (func (;7;) (export "f") (type $p) (param i32)
;;=     i32.const 1
;;=     call $exported
;;=     i32.const 1
;;=     call $listed
;;=     i32.const 1
;;=     ref.func $named
;;=     call_ref $p
;;=     call $two
;;=     call $first
;;=     local.get 0
;;=     call $used
;;=     return
;;=     call $dead
;;=   )
;;= )
