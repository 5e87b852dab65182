;;! weft run --invoke f % "i32x4 1 2 3"
(module (func (export "f") (param v128)))
;;2 error: argument 1 of f: "i32x4 1 2 3" is not of type v128
;;status 2
