;;! weft wast %
;; An empty table has no place yet; nothing is written to it where it grows by nothing.
(module
  (table $t 0 10 funcref)
  (elem declare func $f)
  (func $f)
  (func (export "none") (result i32) (table.grow $t (ref.func $f) (i32.const 0)))
  (func (export "fill") (table.fill $t (i32.const 0) (ref.func $f) (i32.const 0)))
  (func (export "one") (result i32) (table.grow $t (ref.func $f) (i32.const 1)))
  (func (export "null") (result i32) (ref.is_null (table.get $t (i32.const 0)))))
(assert_return (invoke "none") (i32.const 0))
(assert_return (invoke "fill"))
(assert_return (invoke "one") (i32.const 0))
(assert_return (invoke "none") (i32.const 1))
(assert_return (invoke "null") (i32.const 0))
;;= 6 passed, 0 failed
