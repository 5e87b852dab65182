;;! weft run --invoke f % 99999999999
(module (func (export "f") (param i32)))
;;2 error: argument 1 of f: "99999999999" is not of type i32
;;status 2
