(module
  (import "env" "long" (func $long (param i64) (result i64)))
  (memory $m (export "memory") i64 1 5)
  (table $t (export "table") i64 2 9 externref)
  (func (export "load") (param i64) (result i64) (i64.load (local.get 0)))
  (func (export "store") (param i64 i64) (i64.store (local.get 0) (local.get 1)))
  (func (export "grow") (param i64) (result i64) (drop (call $long (memory.size))) (memory.grow (local.get 0)))
  (func (export "set") (param i64 externref) (table.set $t (local.get 0) (local.get 1)))
  (func (export "get") (param i64) (result externref) (table.get $t (local.get 0))))
