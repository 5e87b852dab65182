(module
  (import "env" "nothing" (func $nothing))
  (import "env" "short" (func $short (param i32) (result i32)))
  (import "env" "table" (table $t 2 funcref))
  (memory (export "memory") 1 2)
  (elem (table $t) (i32.const 1) func $left)
  (data (i32.const 0) "\2a")
  (func $left (param i32) (result i32) (i32.add (local.get 0) (i32.load8_u (i32.const 0))))
  (func $start
    (call $nothing)
    (i32.store8 (i32.const 0) (i32.const 43))
    (if (i32.and (call $short (i32.const 7)) (i32.const 1)) (then (unreachable))))
  (start $start)
  (export "left" (func $left)))
