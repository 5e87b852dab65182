;;! weft run
(module (import "env" "f" (func)))
;;2 unknown_import.wat: unknown import: function "env" "f"
;;status 1
