;;! weft validate
(module
  (func)
  (import "m" "f" (func)))
;;2 import_after_function.wat:4:3: import after function: imports come first
;;2       (import "m" "f" (func)))
;;2       ^
;;status 1
