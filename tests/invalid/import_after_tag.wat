;;! weft validate
(module
  (tag)
  (import "m" "f" (func)))
;;2 import_after_tag.wat:4:3: import after tag: imports come first
;;2       (import "m" "f" (func)))
;;2       ^
;;status 1
