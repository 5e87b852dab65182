;;! weft run --init init -o - %
;;| weft print -
(module
  (memory 1)
  (table $t 10 funcref)
  (data $gone (i32.const 0) "\00\00")
  (data $other (i32.const 0) "\01")
  (elem $three (i32.const 0) func $f $f $f)
  (elem $four (i32.const 7) func $f)
  (elem $dropped funcref (item (ref.func $f)) (item (ref.null func)))
  (elem $own (ref func) (item (ref.func $f)))
  (func $f)
  (func (export "init")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 65536))
    (table.fill $t (i32.const 0) (ref.null func) (i32.const 10))
    (elem.drop $dropped))
  (func (export "use")
    (data.drop $gone)
    (memory.init $other (i32.const 0) (i32.const 0) (i32.const 0))
    (table.init $t $dropped (i32.const 0) (i32.const 0) (i32.const 0))
    (table.init $t $own (i32.const 0) (i32.const 0) (i32.const 1))))
;;= (module
;;=   (type (;0;) (func))
;;=   (table $t (;0;) 10 funcref)
;;=   (memory (;0;) 1)
;;=   (elem (;0;) (i32.const 0) func)
;;=   (elem (;1;) (i32.const 0) func)
;;=   (elem (;2;) funcref)
;;=   (elem $own (;3;) (ref func) (ref.func $f))
;;=   (func $f (;0;) (type 0)
;;=   )
;;=   (func (;1;) (type 0)
;;=     i32.const 0
;;=     i32.const 0
;;=     i32.const 65536
;;=     memory.fill
;;=     i32.const 0
;;=     ref.null func
;;=     i32.const 10
;;=     table.fill $t
;;=     elem.drop 2
;;=   )
;;=   (func (;2;) (export "use") (type 0)
;;=     data.drop 0
;;=     i32.const 0
;;=     i32.const 0
;;=     i32.const 0
;;=     memory.init 1
;;=     i32.const 0
;;=     i32.const 0
;;=     i32.const 0
;;=     table.init 2
;;=     i32.const 0
;;=     i32.const 0
;;=     i32.const 1
;;=     table.init $own
;;=   )
;;=   (data (;0;) (i32.const 0) "")
;;=   (data (;1;) (i32.const 0) "")
;;= )
