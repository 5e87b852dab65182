;;! weft run --invoke main %
(module
  (memory 1)
  (func $peek (param i32) (result i32) (i32.load (local.get 0)))
  (func $middle (param i32) (result i32) (i32.add (i32.const 1) (call $peek (local.get 0))))
  (func (export "main") (result i32) (call $middle (i32.const 65533))))
;;2 trap-backtrace.wat: trap: out of bounds memory access
;;2     0: 0x30 peek
;;2     1: 0x3a middle
;;2     2: 0x44 main
;;status 134
