;;! weft run --init init -o - %
;;| weft print -
(module $m
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory $mem (export "memory") 2 10)
  (memory $big i64 1)
  (table $t (export "t") 4 100 funcref)
  (table $u 3 (ref null i31))
  (table $v 5 funcref (ref.func $g))
  (global $a (export "a") (mut i32) (i32.const 1))
  (global $b (mut i64) (i64.const 2))
  (global $c (mut f32) (f32.const 0))
  (global $d (mut v128) (v128.const i32x4 1 2 3 4))
  (global $e (mut funcref) (ref.null func))
  (global $f (mut externref) (ref.null extern))
  (global $h i32 (i32.const 77))
  (global $i (ref func) (ref.func $g))
  (global $j (mut anyref) (ref.null any))
  (data $d0 (i32.const 10) "hello")
  (data $d1 "passive")
  (data $d2 "dropped")
  (elem $e0 (table $t) (i32.const 1) func $f0 $g)
  (elem $e1 func $g $init)
  (elem $e2 func $g $f0 $h)
  (elem declare func $h $exit)
  (func $f0 (result i32) (i32.const 5))
  (func $g (result i32) (global.get $a))
  (func $h)
  (func $init (export "init")
    (global.set $a (i32.add (global.get $a) (i32.const 41)))
    (global.set $b (i64.const -5)) (global.set $c (f32.const nan:0x200001))
    (global.set $d (v128.const i64x2 -1 7)) (global.set $e (ref.func $init))
    (global.set $f (extern.convert_any (ref.i31 (i32.const -3))))
    (global.set $j (ref.i31 (i32.const 9)))
    (i32.store (i32.const 0x1fffc) (i32.const 0x1000000))
    (drop (memory.grow (i32.const 1)))
    (i64.store $big (i64.const 100) (i64.const -1))
    (data.drop $d2) (elem.drop $e2)
    (table.set $t (i32.const 0) (ref.func $exit))
    (drop (table.grow $t (ref.func $g) (i32.const 3)))
    (table.set $u (i32.const 1) (ref.i31 (i32.const 11)))
    (table.set $v (i32.const 1) (ref.null func))
    (table.set $v (i32.const 3) (ref.func $f0))
    (data.drop $d0))
  (func $start (i32.store8 (i32.const 0) (i32.const 1)))
  (start $start)
  (func (export "check") (result i32) (memory.init $d1 (i32.const 200) (i32.const 0) (i32.const 7))
    (table.init $t $e1 (i32.const 0) (i32.const 0) (i32.const 2))
    (i32.load8_u (i32.const 200)))
)
;;= (module $m
;;=   (type (;0;) (func (param i32)))
;;=   (type (;1;) (func (result i32)))
;;=   (type (;2;) (func))
;;=   (import "wasi_snapshot_preview1" "proc_exit" (func $exit (;0;) (type 0) (param i32)))
;;=   (table $t (;0;) 7 100 funcref)
;;=   (table $u (;1;) 3 i31ref)
;;=   (table $v (;2;) 5 funcref (ref.func $g))
;;=   (memory $mem (;0;) 3 10)
;;=   (memory $big (;1;) i64 1)
;;=   (global $a (;0;) (mut i32) (i32.const 42))
;;=   (global $b (;1;) (mut i64) (i64.const -5))
;;=   (global $c (;2;) (mut f32) (f32.const nan:0x200001))
;;=   (global $d (;3;) (mut v128) (v128.const i32x4 0xffffffff 0xffffffff 0x00000007 0x00000000))
;;=   (global $e (;4;) (mut funcref) (ref.func $init))
;;=   (global $f (;5;) (mut externref) (extern.convert_any (ref.i31 (i32.const -3))))
;;=   (global $h (;6;) i32 (i32.const 77))
;;=   (global $i (;7;) (ref func) (ref.func $g))
;;=   (global $j (;8;) (mut anyref) (ref.i31 (i32.const 9)))
;;=   (export "memory" (memory $mem))
;;=   (export "t" (table $t))
;;=   (export "a" (global $a))
;;=   (export "check" (func 6))
;;=   (elem (;0;) (i32.const 0) func $exit $f0 $g)
;;=   (elem $e1 (;1;) func $g $init)
;;=   (elem (;2;) (i32.const 4) func $g $g $g)
;;=   (elem (;3;) declare func $h $exit)
;;=   (elem (;4;) (table $u) (i32.const 1) i31ref (ref.i31 (i32.const 11)))
;;=   (elem (;5;) (table $v) (i32.const 1) funcref (ref.null func))
;;=   (elem (;6;) (table $v) (i32.const 3) func $f0)
;;=   (func $f0 (;1;) (type 1) (result i32)
;;=     i32.const 5
;;=   )
;;=   (func $g (;2;) (type 1) (result i32)
;;=     global.get $a
;;=   )
;;=   (func $h (;3;) (type 2)
;;=   )
;;=   (func $init (;4;) (type 2)
;;=     global.get $a
;;=     i32.const 41
;;=     i32.add
;;=     global.set $a
;;=     i64.const -5
;;=     global.set $b
;;=     f32.const nan:0x200001
;;=     global.set $c
;;=     v128.const i32x4 0xffffffff 0xffffffff 0x00000007 0x00000000
;;=     global.set $d
;;=     ref.func $init
;;=     global.set $e
;;=     i32.const -3
;;=     ref.i31
;;=     extern.convert_any
;;=     global.set $f
;;=     i32.const 9
;;=     ref.i31
;;=     global.set $j
;;=     i32.const 131068
;;=     i32.const 16777216
;;=     i32.store
;;=     i32.const 1
;;=     memory.grow
;;=     drop
;;=     i64.const 100
;;=     i64.const -1
;;=     i64.store $big
;;=     data.drop 2
;;=     elem.drop 2
;;=     i32.const 0
;;=     ref.func $exit
;;=     table.set $t
;;=     ref.func $g
;;=     i32.const 3
;;=     table.grow $t
;;=     drop
;;=     i32.const 1
;;=     i32.const 11
;;=     ref.i31
;;=     table.set $u
;;=     i32.const 1
;;=     ref.null func
;;=     table.set $v
;;=     i32.const 3
;;=     ref.func $f0
;;=     table.set $v
;;=     data.drop 0
;;=   )
;;=   (func $start (;5;) (type 2)
;;=     i32.const 0
;;=     i32.const 1
;;=     i32.store8
;;=   )
;;=   (func (;6;) (type 1) (result i32)
;;=     i32.const 200
;;=     i32.const 0
;;=     i32.const 7
;;=     memory.init $d1
;;=     i32.const 0
;;=     i32.const 0
;;=     i32.const 2
;;=     table.init $e1
;;=     i32.const 200
;;=     i32.load8_u
;;=   )
;;=   (data (;0;) (i32.const 0) "\01")
;;=   (data $d1 (;1;) "passive")
;;=   (data (;2;) (i32.const 10) "hello")
;;=   (data (;3;) (i32.const 131071) "\01")
;;=   (data (;4;) (memory $big) (i64.const 100) "\ff\ff\ff\ff\ff\ff\ff\ff")
;;= )
