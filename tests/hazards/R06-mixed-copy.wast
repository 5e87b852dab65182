;;! weft wast -k
;; memory.copy between a 32-bit and a 64-bit memory: each address has the width of its memory, and the count
;; the narrower one.
(module
  (memory $a 1) (memory $b i64 1)
  (data (memory $a) (i32.const 0) "abcd")
  (func (export "a>b") (param i64 i32 i32) (memory.copy $b $a (local.get 0) (local.get 1) (local.get 2)))
  (func (export "b>a") (param i32 i64 i32) (memory.copy $a $b (local.get 0) (local.get 1) (local.get 2)))
  (func (export "b") (param i64) (result i32) (i32.load $b (local.get 0)))
  (func (export "a") (param i32) (result i32) (i32.load $a (local.get 0))))
(assert_return (invoke "a>b" (i64.const 65532) (i32.const 0) (i32.const 4)))
(assert_return (invoke "b" (i64.const 65532)) (i32.const 0x64636261))
(assert_return (invoke "b>a" (i32.const 65532) (i64.const 65532) (i32.const 4)))
(assert_return (invoke "a" (i32.const 65532)) (i32.const 0x64636261))
(assert_trap (invoke "a>b" (i64.const 0x100000000) (i32.const 0) (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "b>a" (i32.const 0) (i64.const 0x100000000) (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "b>a" (i32.const -1) (i64.const 0) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "a>b" (i64.const 0) (i32.const 0) (i32.const -1)) "out of bounds memory access")
(assert_invalid
  (module (memory $a 1) (memory $b i64 1)
    (func (memory.copy $b $a (i64.const 0) (i32.const 0) (i64.const 0))))
  "type mismatch")
;;= 10 passed, 0 failed
