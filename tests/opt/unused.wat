;;! weft opt --only unused % -o -
;;| weft print -
;; What nothing refers to goes: functions that only call each other, a start function that does nothing, a segment of a table
;; that nobody reads.

(module
  (type $used (func)) (type $unused (func (param v128)))
  (import "m" "used" (func $i)) (import "m" "unused" (func $j))
  (global $g (mut i32) (i32.const 0)) (global $h i32 (i32.const 1))
  (table $t 2 funcref) (table $read 2 funcref)
  (memory $m 1)
  (tag $e)
  (func $a call $b) (func $b call $a)
  (func $start)
  (start $start)
  (func $f (export "f") call $i i32.const 0 call_indirect $read (type $used))
  (elem (table $t) (i32.const 0) func $a $b)
  (elem (table $read) (i32.const 0) func $f)
  (elem $passive func $b)
  (data (i32.const 0) "nobody reads it")
  (data $passive "nor this"))
;;= (module
;;=   (type $used (;0;) (func))
;;=   (import "m" "used" (func $i (;0;) (type $used)))
;;=   (table $read (;0;) 2 funcref)
;;=   (elem (;0;) (i32.const 0) func $f)
;;=   (func $f (;1;) (export "f") (type $used)
;;=     call $i
;;=     i32.const 0
;;=     call_indirect (type $used)
;;=   )
;;= )
