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
