;;! weft opt --only unused,types,globals,params,locals % -o -
;;| weft print -
;; Names and hints are of what they were of, though nearly everything has another number.

(module $named
  (type $unused (func (param f64)))
  (type $type (func (param i32) (result i32)))
  (import "m" "f" (func $import (param i32)))
  (global $gone (mut i32) (i32.const 0)) (global $global (mut i32) (i32.const 0))
  (func $unused (param f64))
  (func $called (param $gone i64) (param $x i32) (result i32) (local $unused f32) (local $y i32)
    block $out
      local.get $x i32.const 3 i32.mul local.tee $y
      (@metadata.code.branch_hint "\01") br_if $out
      i32.const 7 call $import
      i32.const 7 call $import
    end
    local.get $y)
  (func $exported (export "f") (type $type) (param $p i32) (result i32)
    i32.const 1 global.set $global
    local.get $p
    (@metadata.code.branch_hint "\00") if i32.const 4 call $import end
    i64.const 1 local.get $p call $called
    i64.const 1 i32.const 5 call $called i32.add
    global.get $global i32.add))
;;= (module $named
;;=   (type $type (;0;) (func (param i32) (result i32)))
;;=   (type (;1;) (func (param i32)))
;;=   (import "m" "f" (func $import (;0;) (type 1) (param i32)))
;;=   (global $global (;0;) (mut i32) (i32.const 0))
;;=   (func $called (;1;) (type $type) (param $x i32) (result i32)
;;=     (local $y i32)
;;=     block $out
;;=       local.get $x
;;=       i32.const 3
;;=       i32.mul
;;=       local.tee $y
;;=       (@metadata.code.branch_hint "\01") br_if $out
;;=       i32.const 7
;;=       call $import
;;=       i32.const 7
;;=       call $import
;;=     end
;;=     local.get $y
;;=   )
;;=   (func $exported (;2;) (export "f") (type $type) (param $p i32) (result i32)
;;=     i32.const 1
;;=     global.set $global
;;=     local.get $p
;;=     (@metadata.code.branch_hint "\00") if (;L1;)
;;=       i32.const 4
;;=       call $import
;;=     end
;;=     i64.const 1
;;=     drop
;;=     local.get $p
;;=     call $called
;;=     i64.const 1
;;=     drop
;;=     i32.const 5
;;=     call $called
;;=     i32.add
;;=     global.get $global
;;=     i32.add
;;=   )
;;= )
