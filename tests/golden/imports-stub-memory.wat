;;! weft run --stub-imports %
(module (import "env" "memory" (memory 1)) (func (export "_start")))
;;2 imports-stub-memory.wat: unknown import: nothing defines it:
;;2   a memory that the host makes
;;2     "env" "memory" (memory 1)
;;2     without --import-memory the linker gives the module its own
;;2 --preload MODULE=FILE takes them from the exports of another module; with
;;2 --stub-imports functions may be missing that are never called
;;status 1
