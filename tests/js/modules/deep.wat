(module
  (import "env" "deeper" (func $deeper (param i32) (result i32)))
  (func $f (export "through") (param i32) (result i32) (i32.add (call $deeper (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
  (func $alone (export "alone") (param i32) (result i32) (i32.add (call $alone (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
  (func (export "both") (param i32) (result i32)
    (if (i32.and (local.get 0) (i32.const 255)) (then (return (call $deeper (i32.add (local.get 0) (i32.const 1))))))
    (i32.add (call $f (i32.add (local.get 0) (i32.const 1))) (i32.const 1))))
