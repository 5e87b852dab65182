;;! weft doctor %
(module (func (export "_start") (drop (i32.add (i32.const 1) (i64.const 2)))))
;;= doctor-invalid.wat: a WASI command, text, as binary 42 bytes
;;= it would not run here:
;;=   it is refused: 2:40: type mismatch: i32.add expected i32 for operand 2, found i64
;;status 1
