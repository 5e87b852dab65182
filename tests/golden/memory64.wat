;;! weft run --invoke f % 100 0xfffffffffffffff0
(module
  (memory $m i64 1) (memory $n 1)
  (func (export "f") (param i64 i64) (result i64 i32)
    (i64.store offset=8 (local.get 0) (i64.const 77))
    (i64.load (i64.add (local.get 0) (i64.const 8)))
    (i32.load8_u $m offset=0x20 (local.get 1))))
;;2 memory64.wat: trap: out of bounds memory access
;;2     0: 0x3b f
;;status 134
