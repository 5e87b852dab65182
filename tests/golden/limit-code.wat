;;! weft --max-code 400 run --invoke f %
(module (func (export "f") (call $g)) (func $g (nop)))
;;2 limit-code.wat: trap: out of memory: code_bytes of the engine are used up: while translating function 0
;;2     0: 0x1e f
;;status 134
