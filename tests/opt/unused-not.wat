;;! weft opt --only unused % -o -
;;| weft print -
;; What may trap stays, and what is exported, imported, or named by an instruction or a segment of a table that is read.

(module
  (import "m" "t" (table $imported 2 funcref))
  (table $t 2 funcref) (table $read 2 funcref)
  (memory (export "m") 1) (memory $far 1)
  (func $a) (func $b)
  (func (export "f") i32.const 0 call_indirect $read)
  (elem (table $imported) (i32.const 0) func $a)
  (elem (table $read) (i32.const 1) func $b)
  (elem (table $t) (i32.const 2) func $a)
  (data (i32.const 0) "read")
  (data (memory $far) (i32.const 65536) "too far"))
;;= (module
;;=   (type (;0;) (func))
;;=   (import "m" "t" (table $imported (;0;) 2 funcref))
;;=   (table $t (;1;) 2 funcref)
;;=   (table $read (;2;) 2 funcref)
;;=   (memory (;0;) (export "m") 1)
;;=   (memory $far (;1;) 1)
;;=   (elem (;0;) (i32.const 0) func $a)
;;=   (elem (;1;) (table $read) (i32.const 1) func $b)
;;=   (elem (;2;) (table $t) (i32.const 2) func $a)
;;=   (func $a (;0;) (type 0)
;;=   )
;;=   (func $b (;1;) (type 0)
;;=   )
;;=   (func (;2;) (export "f") (type 0)
;;=     i32.const 0
;;=     call_indirect $read (type 0)
;;=   )
;;=   (data (;0;) (i32.const 0) "read")
;;=   (data (;1;) (memory $far) (i32.const 65536) "too far")
;;= )
