;; uses.wat -- is preloaded with guest-traps.wat, as "t".
(module
  (import "t" "count" (func $count (param i64) (result i64)))
  (import "t" "memory" (memory 1))
  (func (export "both") (param i64) (result i64)
    (i64.add (call $count (local.get 0)) (i64.extend_i32_s (memory.size)))))
