;; Rules about steps that no official script comes by.

;; Step/vstore_lane-oob, Step_read/vload_lane-oob
(module
  (memory 1)
  (func (export "store") (param i32) (v128.store64_lane 1 (local.get 0) (v128.const i64x2 1 2)))
  (func (export "load") (param i32) (result i64)
    (i64x2.extract_lane 1 (v128.load64_lane 1 (local.get 0) (v128.const i64x2 1 2)))))
(invoke "store" (i32.const 65528))
(assert_return (invoke "load" (i32.const 65528)) (i64.const 2))
(assert_trap (invoke "store" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "load" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "store" (i32.const -1)) "out of bounds memory access")

;; Step_pure/br-handler, Step_pure/return-handler, Step_read/throw_ref-null
(module
  (tag $e)
  ;; what is thrown behind the branch is no longer the handler's
  (func (export "br") (param i32) (result i32)
    (block $outer
      (block $caught
        (try_table (catch $e $caught) (br_if $outer (local.get 0)) (throw $e))
        (unreachable))
      (return (i32.const 1)))
    (i32.const 2))
  (func (export "return") (param i32) (result i32)
    (block $caught
      (try_table (catch $e $caught)
        (if (local.get 0) (then (return (i32.const 3)))) (throw $e))
      (unreachable))
    (i32.const 4))
  (func (export "null") (throw_ref (ref.null exn))))
(assert_return (invoke "br" (i32.const 0)) (i32.const 1))
(assert_return (invoke "br" (i32.const 1)) (i32.const 2))
(assert_return (invoke "return" (i32.const 1)) (i32.const 3))
(assert_return (invoke "return" (i32.const 0)) (i32.const 4))
(assert_trap (invoke "null") "null exception reference")

;; What no official script notices: that an access out of bounds changes nothing, not even what is within
(module
  (memory $m 1)
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "set") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "get") (param i32) (result i32) (i32.load8_u (local.get 0))))
(invoke "set" (i32.const 65535) (i32.const 7))
(assert_trap (invoke "copy" (i32.const 10) (i32.const 65535) (i32.const 2)) "out of bounds memory access")
(assert_return (invoke "get" (i32.const 10)) (i32.const 0))

(module
  (table $t 2 i31ref) (table $s 4 i31ref)
  (type $a (array (mut i32)))
  (global $x (ref $a) (array.new_default $a (i32.const 2)))
  (func (export "table") (table.copy $t $s (i32.const 1) (i32.const 1) (i32.const 2)))
  (func (export "array")
    (array.copy $a $a (global.get $x) (i32.const 1) (array.new $a (i32.const 7) (i32.const 4)) (i32.const 1) (i32.const 2)))
  (func (export "set") (table.set $s (i32.const 1) (ref.i31 (i32.const 7))))
  (func (export "get") (result i32 i32) (ref.is_null (table.get $t (i32.const 1))) (array.get $a (global.get $x) (i32.const 1))))
(invoke "set")
(assert_trap (invoke "table") "out of bounds table access")
(assert_trap (invoke "array") "out of bounds array access")
(assert_return (invoke "get") (i32.const 1) (i32.const 0))

(module
  (type $a (array (mut i16)))
  (type $r (array (mut i31ref)))
  (global $x (ref $a) (array.new_default $a (i32.const 4)))
  (global $r (ref $r) (array.new_default $r (i32.const 4)))
  (elem $e i31ref (ref.i31 (i32.const 5)) (ref.i31 (i32.const 6)))
  (data $d "\01\02\03\04\05")
  (func (export "fill") (param i32 i32) (array.fill $a (global.get $x) (local.get 0) (i32.const 9) (local.get 1)))
  (func (export "copy") (param i32 i32 i32)
    (array.copy $a $a (global.get $x) (local.get 0) (global.get $x) (local.get 1) (local.get 2)))
  (func (export "data") (param i32 i32 i32)
    (array.init_data $a $d (global.get $x) (local.get 0) (local.get 1) (local.get 2)))
  (func (export "elem") (param i32 i32 i32)
    (array.init_elem $r $e (global.get $r) (local.get 0) (local.get 1) (local.get 2)))
  (func (export "set") (param i32 i32) (array.set $a (global.get $x) (local.get 0) (local.get 1)))
  (func (export "get") (param i32) (result i32) (array.get_u $a (global.get $x) (local.get 0)))
  (func (export "null") (param i32) (result i32) (ref.is_null (array.get $r (global.get $r) (local.get 0))))
  (func (export "of") (param i32 i32) (result i32)
    (array.get_u $a (array.new_data $a $d (i32.const 0) (local.get 1)) (local.get 0)))
  (func (export "fixed") (param i32) (result i32)
    (array.get_u $a (array.new_fixed $a 2 (i32.const 1) (local.get 0)) (i32.const 1))))
(assert_trap (invoke "fill" (i32.const 3) (i32.const 2)) "out of bounds array access")
(assert_return (invoke "get" (i32.const 3)) (i32.const 0))
(invoke "set" (i32.const 0) (i32.const 8))
(assert_trap (invoke "copy" (i32.const 3) (i32.const 0) (i32.const 2)) "out of bounds array access")
(assert_return (invoke "get" (i32.const 3)) (i32.const 0))
(invoke "set" (i32.const 3) (i32.const 4))
(assert_trap (invoke "copy" (i32.const 0) (i32.const 3) (i32.const 2)) "out of bounds array access")
(assert_return (invoke "get" (i32.const 0)) (i32.const 8))
(assert_trap (invoke "elem" (i32.const 0) (i32.const 1) (i32.const 2)) "out of bounds table access")
(assert_return (invoke "null" (i32.const 0)) (i32.const 1))
(assert_trap (invoke "data" (i32.const 1) (i32.const 0) (i32.const 3)) "out of bounds memory access")
(assert_return (invoke "get" (i32.const 1)) (i32.const 0))

;; that elements from a segment are whole, and that each way to write one packs it
(assert_return (invoke "of" (i32.const 1) (i32.const 2)) (i32.const 0x0403))
(assert_trap (invoke "of" (i32.const 0) (i32.const 3)) "out of bounds memory access")
(invoke "data" (i32.const 1) (i32.const 0) (i32.const 2))
(assert_return (invoke "get" (i32.const 2)) (i32.const 0x0403))
(invoke "set" (i32.const 0) (i32.const 0x12345))
(assert_return (invoke "get" (i32.const 0)) (i32.const 0x2345))
(assert_return (invoke "fixed" (i32.const 0x54321)) (i32.const 0x4321))

;; which of two is the source, upwards
(module
  (memory $a 1) (memory $b 1)
  (table $s 2 i31ref) (table $t 2 i31ref)
  (func (export "memory") (result i32 i32)
    (i32.store8 $a (i32.const 0) (i32.const 1)) (i32.store8 $b (i32.const 0) (i32.const 2))
    (memory.copy $a $b (i32.const 0) (i32.const 0) (i32.const 1))
    (i32.load8_u $a (i32.const 0)) (i32.load8_u $b (i32.const 0)))
  (func (export "table") (result i32 i32)
    (table.set $s (i32.const 0) (ref.i31 (i32.const 1))) (table.set $t (i32.const 0) (ref.i31 (i32.const 2)))
    (table.copy $s $t (i32.const 0) (i32.const 0) (i32.const 1))
    (i31.get_u (table.get $s (i32.const 0))) (i31.get_u (table.get $t (i32.const 0)))))
(assert_return (invoke "memory") (i32.const 2) (i32.const 2))
(assert_return (invoke "table") (i32.const 2) (i32.const 2))

;; that a lane is put in place of what was there, and the others stay; that an offset has 64 bits
(module
  (memory $m 1) (memory $n i64 1)
  (data (memory $m) (i32.const 0) "\01\02")
  (func (export "lane") (result v128) (v128.load16_lane 5 (i32.const 0) (v128.const i16x8 -1 -2 -3 -4 -5 -6 -7 -8)))
  (func (export "far") (result i32) (i32.load $n offset=0x1_0000_0000 (i64.const 0))))
(assert_return (invoke "lane") (v128.const i16x8 -1 -2 -3 -4 -5 0x0201 -7 -8))
(assert_trap (invoke "far") "out of bounds memory access")

;; ImmutReachable/ref.extern, ImmutReachable/trans, Extend_exninst: judged with all there is, where a module has come up
(module
  (type $s (struct (field i32))) (type $far (struct (field externref) (field (ref null $s))))
  (global $g (mut anyref) (ref.null any)) (tag $e (param anyref))
  (func (export "make")
    (global.set $g
      (struct.new $far (extern.convert_any (struct.new $s (i32.const 1))) (struct.new $s (i32.const 2))))
    (block (try_table (catch_all 0) (throw $e (global.get $g))))))
(assert_return (invoke "make"))
(module (func (export "nothing")))
(assert_return (invoke "nothing"))
