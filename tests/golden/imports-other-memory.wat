;;! weft run --preload p=imports-gives.wat %
(module (import "p" "m" (memory 1 1)) (func (export "_start")))
;;2 imports-other-memory.wat: incompatible import type: memory "p" "m": (memory 1 1) is wanted, (memory 1 2) is given
;;status 1
