;;! weft run --invoke g %
(module (func (export "f")) (func (export "h")))
;;2 error: run-no-export.wat has no exported function "g"
;;2 it exports the functions f, h
;;status 1
