;;! weft run --preload p=imports-gives.wat %
(module (import "p" "f" (global i32)) (func (export "_start")))
;;2 imports-other-kind.wat: incompatible import type: global "p" "f": (global i32) is wanted, (func (param i64 (ref null (;elsewhere;)))) is given
;;status 1
