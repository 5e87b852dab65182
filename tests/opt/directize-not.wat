;;! weft opt --only directize % -o -
;;| weft print -
;; Not where it traps, where the index is not known, nor in a table that others may change, or that is written.

(module
  (type $v (func)) (type $i (func (param i32)))
  (import "m" "t" (table $imported 2 funcref))
  (import "m" "g" (global $somewhere i32))
  (table $t 4 funcref) (table $exported (export "t") 1 funcref) (table $written 1 funcref)
  (table $unknown 4 funcref)
  (elem (table $t) (i32.const 0) func $a) (elem (table $exported) (i32.const 0) func $a)
  (elem (table $written) (i32.const 0) func $a) (elem (table $imported) (i32.const 0) func $a)
  (elem (table $unknown) (i32.const 0) func $a) (elem (table $unknown) (global.get $somewhere) func $a)
  (func $a)
  (func (export "f") (param i32)
    i32.const 1 call_indirect $t (type $v)
    i32.const 9 call_indirect $t (type $v)
    i32.const 7 i32.const 0 call_indirect $t (type $i)
    local.get 0 call_indirect $t (type $v)
    i32.const 0 call_indirect $exported (type $v)
    i32.const 0 call_indirect $imported (type $v)
    i32.const 0 call_indirect $unknown (type $v)
    i32.const 0 call_indirect $written (type $v)
    i32.const 0 ref.null func table.set $written))
;;= (module
;;=   (type $v (;0;) (func))
;;=   (type $i (;1;) (func (param i32)))
;;=   (import "m" "t" (table $imported (;0;) 2 funcref))
;;=   (import "m" "g" (global $somewhere (;0;) i32))
;;=   (table $t (;1;) 4 funcref)
;;=   (table $exported (;2;) (export "t") 1 funcref)
;;=   (table $written (;3;) 1 funcref)
;;=   (table $unknown (;4;) 4 funcref)
;;=   (elem (;0;) (table $t) (i32.const 0) func $a)
;;=   (elem (;1;) (table $exported) (i32.const 0) func $a)
;;=   (elem (;2;) (table $written) (i32.const 0) func $a)
;;=   (elem (;3;) (i32.const 0) func $a)
;;=   (elem (;4;) (table $unknown) (i32.const 0) func $a)
;;=   (elem (;5;) (table $unknown) (global.get $somewhere) func $a)
;;=   (func $a (;0;) (type $v)
;;=   )
;;=   (func (;1;) (export "f") (type $i) (param i32)
;;=     i32.const 1
;;=     call_indirect $t (type $v)
;;=     i32.const 9
;;=     call_indirect $t (type $v)
;;=     i32.const 7
;;=     i32.const 0
;;=     call_indirect $t (type $i)
;;=     local.get 0
;;=     call_indirect $t (type $v)
;;=     i32.const 0
;;=     call_indirect $exported (type $v)
;;=     i32.const 0
;;=     call_indirect (type $v)
;;=     i32.const 0
;;=     call_indirect $unknown (type $v)
;;=     i32.const 0
;;=     call_indirect $written (type $v)
;;=     i32.const 0
;;=     ref.null func
;;=     table.set $written
;;=   )
;;= )
