;;! weft validate
(module (func $f (param i32)) (start $f))
;;2 start_function_type.wat:2:31: start function: function 0 has parameters or results
;;2     (module (func $f (param i32)) (start $f))
;;2                                   ^
;;status 1
