;;! weft run --invoke h %
(module (func $g unreachable) (func (export "f") (call 0)) (func $"\1b[31m\c2\9b31m" (call 0)) (func (export "h") (call 2)))
;;2 R52-trap.wat: trap: unreachable
;;2     0: 0x25 g
;;2     1: 0x2e ?[31m?31m
;;2     2: 0x33 h
;;status 134
