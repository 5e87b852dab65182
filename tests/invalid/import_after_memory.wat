;;! weft validate
(module
  (memory 1)
  (import "m" "f" (func)))
;;2 import_after_memory.wat:4:3: import after memory: imports come first
;;2       (import "m" "f" (func)))
;;2       ^
;;status 1
