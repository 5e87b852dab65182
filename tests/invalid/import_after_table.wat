;;! weft validate
(module
  (table 1 funcref)
  (import "m" "f" (func)))
;;2 import_after_table.wat:4:3: import after table: imports come first
;;2       (import "m" "f" (func)))
;;2       ^
;;status 1
