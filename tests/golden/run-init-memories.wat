;;! weft run --features=+custom-page-sizes --init init -o - %
;;| weft print --features=all -
(module
  (memory $small 3 20 (pagesize 1))
  (memory $large i64 0)
  (memory $kept 1)
  (table $t i64 1 10 funcref)
  (data $a (memory $kept) (i32.const 4) "a\00\00b")
  (data $b (memory $small) (i32.const 1) "xy")
  (func (export "init")
    (drop (memory.grow $small (i32.const 9)))
    (i32.store8 $small (i32.const 11) (i32.const 255))
    (drop (memory.grow $large (i64.const 1)))
    (i64.store $large (i64.const 0xfff8) (i64.const 0x0102030405060708))
    (i32.store8 $kept (i32.const 16) (i32.const 1))
    (i32.store8 $kept (i32.const 26) (i32.const 1))
    (drop (table.grow $t (ref.func $f) (i64.const 2))))
  (elem declare func $f)
  (func $f))
;;= (module
;;=   (type (;0;) (func))
;;=   (table $t (;0;) i64 3 10 funcref)
;;=   (memory $small (;0;) 12 20 (pagesize 1))
;;=   (memory $large (;1;) i64 1)
;;=   (memory $kept (;2;) 1)
;;=   (elem (;0;) declare func $f)
;;=   (elem (;1;) (i64.const 1) func $f $f)
;;=   (func (;0;) (type 0)
;;=     i32.const 9
;;=     memory.grow
;;=     drop
;;=     i32.const 11
;;=     i32.const 255
;;=     i32.store8
;;=     i64.const 1
;;=     memory.grow $large
;;=     drop
;;=     i64.const 65528
;;=     i64.const 72623859790382856
;;=     i64.store $large
;;=     i32.const 16
;;=     i32.const 1
;;=     i32.store8 $kept
;;=     i32.const 26
;;=     i32.const 1
;;=     i32.store8 $kept
;;=     ref.func $f
;;=     i64.const 2
;;=     table.grow $t
;;=     drop
;;=   )
;;=   (func $f (;1;) (type 0)
;;=   )
;;=   (data (;0;) (i32.const 1) "xy\00\00\00\00\00\00\00\00\ff")
;;=   (data (;1;) (memory $large) (i64.const 65528) "\08\07\06\05\04\03\02\01")
;;=   (data (;2;) (memory $kept) (i32.const 4) "a\00\00b\00\00\00\00\00\00\00\00\01")
;;=   (data (;3;) (memory $kept) (i32.const 26) "\01")
;;= )
