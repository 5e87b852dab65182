;;! weft run --preload p=imports-gives.wat %
(module (import "p" "m\00x" (memory 1 1)) (func (export "_start")))
;;2 imports-nul.wat: unknown import: nothing defines it:
;;2   something that weft does not know
;;2     "p" "m\u{0}x" (memory 1 1)
;;2 --preload MODULE=FILE takes them from the exports of another module; with
;;2 --stub-imports functions may be missing that are never called
;;status 1
