;;! weft run --invoke f %
(module (func (export "f") (result i32) (i31.get_s (ref.i31 (i32.const 1)))))
;;2 not-executable.wat: trap: this tier cannot execute the instruction: ref.i31
;;2     0: 0x21 f
;;status 134
