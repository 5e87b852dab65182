;;! weft opt -O3 --only bodies,unused % -o -
;;| weft print -
;; A table that may change, or of which not all is known; what traps, what several call, what calls itself, and what may not end.

(module
  (type $f (func (param i32) (result i32)))
  (type $g (func (param i32)))
  (import "" "" (global $who (ref null func)))
  (table $open (export "t") 2 funcref)
  (table $set 2 funcref)
  (table $held 2 funcref)
  (table $two 2 funcref)
  (elem (table $open) (i32.const 0) func $add)
  (elem (table $set) (i32.const 0) func $add)
  (elem (table $held) (i32.const 0) funcref (ref.func $add) (global.get $who))
  (elem (table $two) (i32.const 0) func $add $sub)
  (func $add (type $f) (i32.add (local.get 0) (i32.const 5)))
  (func $sub (type $f) (i32.sub (local.get 0) (i32.const 5)))
  (func $turns (param i32) (result i32) (loop (br_if 0 (local.get 0))) (i32.const 1))
  (func $again (param i32) (result i32)
    (if (result i32) (local.get 0) (then (call $again (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 3))))
  (func $throws (param i32) (if (local.get 0) (then (throw $e))))
  (tag $e)
  (func (export "open") (param i32 i32) (result i32) (call_indirect $open (type $f) (local.get 0) (i32.const 0)))
  (func (export "set") (param i32 i32) (result i32)
    (table.set $set (i32.const 1) (ref.null func))
    (call_indirect $set (type $f) (local.get 0) (i32.const 0)))
  (func (export "held") (param i32 i32) (result i32) (call_indirect $held (type $f) (local.get 0) (local.get 1)))
  (func (export "two") (param i32 i32) (result i32) (call_indirect $two (type $f) (local.get 0) (local.get 1)))
  (func (export "traps") (param i32) (local i32)
    (local.set 1 (i32.const 1))
    (call_indirect $two (type $g) (local.get 0) (local.get 1)))
  (func (export "for-something") (param i32)
    (drop (call $turns (local.get 0))) (drop (call $turns (i32.const 0)))
    (drop (call $again (local.get 0)))
    (call $throws (local.get 0)) (call $throws (i32.const 0))))
;;= (module
;;=   (type $f (;0;) (func (param i32) (result i32)))
;;=   (type $g (;1;) (func (param i32)))
;;=   (type (;2;) (func))
;;=   (type (;3;) (func (param i32 i32) (result i32)))
;;=   (import "" "" (global $who (;0;) funcref))
;;=   (table $open (;0;) (export "t") 2 funcref)
;;=   (table $set (;1;) 2 funcref)
;;=   (table $held (;2;) 2 funcref)
;;=   (table $two (;3;) 2 funcref)
;;=   (tag $e (;0;) (type 2))
;;=   (elem (;0;) (i32.const 0) func $add)
;;=   (elem (;1;) (table $set) (i32.const 0) func $add)
;;=   (elem (;2;) (table $held) (i32.const 0) funcref (ref.func $add) (global.get $who))
;;=   (elem (;3;) (table $two) (i32.const 0) func $add $sub)
;;=   (func $add (;0;) (type $f) (param i32) (result i32)
;;=     local.get 0
;;=     i32.const 5
;;=     i32.add
;;=   )
;;=   (func $sub (;1;) (type $f) (param i32) (result i32)
;;=     local.get 0
;;=     i32.const -5
;;=     i32.add
;;=   )
;;=   (func $turns (;2;) (type $f) (param i32) (result i32)
;;=     loop (;L1;)
;;=       local.get 0
;;=       br_if 0 (;L1;)
;;=     end
;;=     i32.const 1
;;=   )
;;=   (func $again (;3;) (type $f) (param i32) (result i32)
;;=     local.get 0
;;=     if (;L1;) (result i32)
;;=       local.get 0
;;=       i32.const -1
;;=       i32.add
;;=       call $again
;;=     else
;;=       i32.const 3
;;=     end
;;=   )
;;=   (func $throws (;4;) (type $g) (param i32)
;;=     local.get 0
;;=     i32.eqz
;;=     br_if 0
;;=     throw $e
;;=   )
;;=   (func (;5;) (export "open") (type 3) (param i32 i32) (result i32)
;;=     local.get 0
;;=     i32.const 0
;;=     call_indirect (type $f)
;;=   )
;;=   (func (;6;) (export "set") (type 3) (param i32 i32) (result i32)
;;=     i32.const 1
;;=     ref.null func
;;=     table.set $set
;;=     local.get 0
;;=     i32.const 0
;;=     call_indirect $set (type $f)
;;=   )
;;=   (func (;7;) (export "held") (type 3) (param i32 i32) (result i32)
;;=     local.get 0
;;=     local.get 1
;;=     call_indirect $held (type $f)
;;=   )
;;=   (func (;8;) (export "two") (type 3) (param i32 i32) (result i32)
;;=     local.get 0
;;=     local.get 1
;;=     call_indirect $two (type $f)
;;=   )
;;=   (func (;9;) (export "traps") (type $g) (param i32)
;;=     local.get 0
;;=     i32.const 1
;;=     call_indirect $two (type $g)
;;=   )
;;=   (func (;10;) (export "for-something") (type $g) (param i32)
;;=     local.get 0
;;=     call $turns
;;=     drop
;;=     i32.const 0
;;=     call $turns
;;=     drop
;;=     local.get 0
;;=     call $again
;;=     drop
;;=     local.get 0
;;=     call $throws
;;=     i32.const 0
;;=     call $throws
;;=   )
;;= )
