;;! weft doctor %
(module (func (export "_start") (param i32) (result i64) (i64.const 0)) (func (export "_initialize")))
;;= doctor-entry.wat: a WASI command, text, as binary 61 bytes
;;= needs nothing beyond WebAssembly 1.0
;;= it would not run here:
;;=   _start takes 1 values and gives 1, and may do neither
;;status 1
