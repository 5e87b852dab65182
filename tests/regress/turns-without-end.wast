;;! weft wast %
;; A loop that goes round 2^32 times, or until it leaves the memory: as a number of 32 bits that is 0, and by that nothing of
;; what its vectors do would be where something else is. The data leaves room for vectors.
(module
  (memory (export "m") 1)
  (func (export "run") (param $p i32) (param $q i32) (param $i i32)
    (loop $next
      (i64.store (local.get $p) (i64.const 7))
      (i64.store (local.get $q) (i64.load offset=8 (local.get $p)))
      (i64.store offset=8 (local.get $q) (i64.load offset=16 (local.get $p)))
      (i64.store offset=8 (local.get $p) (i64.const 7))
      (local.set $p (i32.add (local.get $p) (i32.const 16)))
      (local.set $q (i32.add (local.get $q) (i32.const 16)))
      (br_if $next (i32.le_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const -1)))))
  (func (export "at") (param $p i32) (result i64) (i64.load (local.get $p)))
  (data
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"))
(assert_trap (invoke "run" (i32.const 32768) (i32.const 0) (i32.const -1)) "out of bounds memory access")
(assert_return (invoke "at" (i32.const 32768)) (i64.const 7))
(assert_return (invoke "at" (i32.const 0)) (i64.const 0))
(assert_return (invoke "at" (i32.const 8)) (i64.const 0))
;;= 5 passed, 0 failed
