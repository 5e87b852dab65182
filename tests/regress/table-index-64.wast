;;! weft wast %
;; All of an index of 64 bits counts, wherever it is: 2^32 and more is never an element that is there.
(module
  (table $t i64 10 funcref)
  (func $f (export "set") (param i64) (table.set $t (local.get 0) (ref.func $f)))
  (func (export "get") (param i64) (result i32) (ref.is_null (table.get $t (local.get 0))))
  (func (export "set-sum") (param i64) (table.set $t (i64.add (local.get 0) (i64.const 0x100000000)) (ref.func $f)))
  (func (export "get-sum") (param i64) (result i32)
    (ref.is_null (table.get $t (i64.add (local.get 0) (i64.const 0x100000000)))))
  (func (export "get-constant") (result i32) (ref.is_null (table.get $t (i64.const 0x100000003)))))
(assert_return (invoke "set" (i64.const 2)))
(assert_return (invoke "get" (i64.const 2)) (i32.const 0))
(assert_trap (invoke "set" (i64.const 0x100000003)) "out of bounds table access")
(assert_trap (invoke "set-sum" (i64.const 3)) "out of bounds table access")
(assert_return (invoke "get" (i64.const 3)) (i32.const 1))
(assert_trap (invoke "get" (i64.const 0x100000003)) "out of bounds table access")
(assert_trap (invoke "get-sum" (i64.const 3)) "out of bounds table access")
(assert_trap (invoke "get-constant") "out of bounds table access")
;;= 9 passed, 0 failed
