;;! weft run
(module (import "env\1b[31m" "\c2\9b31m" (func)))
;;2 R52-import.wat: unknown import: nothing defines it:
;;2   something that weft does not know
;;2     "env\u{1b}[31m" "\u{9b}31m" (func)
;;2 --preload MODULE=FILE takes them from the exports of another module; with
;;2 --stub-imports functions may be missing that are never called
;;status 1
