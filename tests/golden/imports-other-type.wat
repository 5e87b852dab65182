;;! weft run --preload p=imports-gives.wat %
(module (import "p" "f" (func (param i32 (ref null func)) (result i64))) (func (export "_start")))
;;2 imports-other-type.wat: incompatible import type: function "p" "f": (func (param i32 funcref) (result i64)) is wanted, (func (param i64 (ref null (;elsewhere;)))) is given
;;status 1
