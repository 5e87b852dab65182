;;! weft run --invoke main %
(module
  (func $deep (param i64 i64 i64 i64) (unreachable))
  (func $to-deep (return_call $deep (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)))
  (func $middle (call $to-deep))
  (func (export "main") (call $middle)))
;;2 R20-backtrace.wat: trap: unreachable
;;2     0: 0x2b deep
;;2     1: 0x3c middle
;;2     2: 0x41 main
;;status 134
