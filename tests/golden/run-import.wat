;;! weft run %
(module (import "env" "f" (func)) (func (export "_start")))
;;2 run-import.wat: unknown import: function "env" "f"
;;status 1
