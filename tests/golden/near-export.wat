;;! weft run --invoke doubel %
(module (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
;;2 error: near-export.wat has no exported function "doubel"
;;2 did you mean double?
;;status 1
