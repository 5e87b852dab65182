;; Hazards: R14, R62, R63, R69.
;; What clauses of legacy tries keep, while others are made.
(module
  (tag $e (param i32))
  (func $throw (param i32) (throw $e (local.get 0)))
  (func $others
    (try (do (call $throw (i32.const -1))) (catch_all))
    (try (do (call $throw (i32.const -2))) (catch $e (drop)))
    (try (do (call $throw (i32.const -3))) (catch_all)))
  (func (export "rethrow") (param i32) (result i32)
    (try (result i32)
      (do (i32.const 1) (try (do (call $throw (local.get 0)))
            (catch $e (drop) (call $others) (rethrow 0))) )
      (catch $e)))
  ;; Two are kept, with operands between them.
  (func (export "nested") (param i32) (result i32)
    (try (result i32)
      (do
        (v128.const i64x2 1 2)
        (try (result i32)
          (do (call $throw (local.get 0)) (i32.const 0))
          (catch $e
            (i64.const 3)
            (try (do (call $throw (i32.const 1000)))
              (catch_all (call $others) (rethrow 1)))
            (drop)))
        (drop) (drop) (i32.const 0))
      (catch $e)))
  (func (export "delegate") (param i32) (result i32)
    (try (result i32)
      (do
        (try (do (try (do (call $throw (local.get 0))) (delegate 0)))
          (catch_all (call $others) (try (do (call $others) (rethrow 1)) (delegate 1))))
        (i32.const 0))
      (catch $e))))
(assert_return (invoke "rethrow" (i32.const 1)) (i32.const 1))
(assert_return (invoke "nested" (i32.const 2)) (i32.const 2))
(assert_return (invoke "delegate" (i32.const 3)) (i32.const 3))
