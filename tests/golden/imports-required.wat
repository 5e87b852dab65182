;;! weft run --stub-imports --require-all-imports %
(module (import "env" "log" (func)) (func (export "_start")))
;;2 imports-required.wat: unknown import: nothing defines it:
;;2   something that weft does not know
;;2     "env" "log" (func)
;;2 --preload MODULE=FILE takes them from the exports of another module; with
;;2 --stub-imports functions may be missing that are never called
;;status 1
