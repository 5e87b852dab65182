;;! weft run
(module (import "env\1b[31m" "\c2\9b31m" (func)))
;;2 R52-import.wat: unknown import: function "env?[31m" "?31m"
;;status 1
