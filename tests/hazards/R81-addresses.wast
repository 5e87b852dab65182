;; A memory whose size, cut to 32 bits, is one page: who checks against all of it and adds addresses of
;; 32 bits reaches other memory, or the same byte twice. Machines with short addresses refuse to grow.
(module
  (memory i64 1)
  (func (export "grow") (param i64) (result i32)
    (i64.eq (memory.grow (local.get 0)) (i64.const -1)))
  (func $size (result i64) (i64.shl (memory.size) (i64.const 16)))
  ;; Is what is stored in the last word there, and not in the first page too?
  (func (export "whole") (result i32)
    (local $last i64)
    (local.set $last (i64.sub (call $size) (i64.const 8)))
    (i64.store (local.get $last) (i64.const 0x123456789abcdef0))
    (i32.and
      (i64.eq (i64.load (local.get $last)) (i64.const 0x123456789abcdef0))
      (i32.or
        (i64.lt_u (local.get $last) (i64.const 65536))
        (i64.eqz (i64.load (i64.const 65528))))))
  (func (export "peek") (param i64) (result i32) (i32.load (i64.add (call $size) (local.get 0))))
  (func (export "peek_at") (param i64) (result i32) (i32.load offset=0xfffffffc (local.get 0))))

(invoke "grow" (i64.const 65536))
(assert_return (invoke "whole") (i32.const 1))
(assert_trap (invoke "peek" (i64.const -3)) "out of bounds memory access")
(assert_trap (invoke "peek" (i64.const 0)) "out of bounds memory access")
(assert_trap (invoke "peek_at" (i64.const 65537)) "out of bounds memory access")
(assert_return (invoke "grow" (i64.const 0x1000000000000)) (i32.const 1))
(assert_return (invoke "grow" (i64.const -1)) (i32.const 1))
(assert_return (invoke "grow" (i64.const 0xffffffffffff)) (i32.const 1))
(assert_return (invoke "whole") (i32.const 1))

;; Tables likewise: 2^30 entries have a size of 2^32 bytes.
(module
  (table i64 1 funcref)
  (func (export "grow") (param i64) (result i64) (table.grow (ref.null func) (local.get 0)))
  (func (export "get") (param i64) (result i32) (ref.is_null (table.get (local.get 0)))))
(assert_return (invoke "grow" (i64.const 0x40000000)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0x4000000000000000)) (i64.const -1))
(assert_trap (invoke "get" (i64.const 0x40000000)) "out of bounds table access")
(assert_trap (invoke "get" (i64.const 1)) "out of bounds table access")
