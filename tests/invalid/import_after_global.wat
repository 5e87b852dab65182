;;! weft validate
(module
  (global i32 (i32.const 0))
  (import "m" "f" (func)))
;;2 import_after_global.wat:4:3: import after global: imports come first
;;2       (import "m" "f" (func)))
;;2       ^
;;status 1
