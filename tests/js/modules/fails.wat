(module
  (import "env" "table" (table $t 2 funcref))
  (import "env" "memory" (memory $m 1))
  (elem (table $t) (i32.const 0) func $f)
  (data (i32.const 65530) "written")
  (data (i32.const 65536) "not")
  (func $f (param i32) (result i32) (i32.load8_u (local.get 0))))
