;;! weft run --invoke none %
(module (func (export "\1b[31m\c2\9b31m")))
;;2 error: R52-export.wat has no exported function "none"
;;2 it exports the functions ?[31m?31m
;;status 1
