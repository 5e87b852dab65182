;;! weft run %
(module (import "env" "f" (func)) (func (export "_start")))
;;2 run-import.wat: unknown import: nothing defines it:
;;2   something that weft does not know
;;2     "env" "f" (func)
;;2 --preload MODULE=FILE takes them from the exports of another module; with
;;2 --stub-imports functions may be missing that are never called
;;status 1
