;;! weft run --invoke f %
(module (func (export "f") (result i32) (i32x4.extract_lane 0 (v128.const i32x4 1 2 3 4))))
;;2 not-executable.wat: trap: this tier cannot execute the instruction: v128.const
;;2     0: 0x1f f
;;status 134
