;;! weft validate
(module (func $f (drop (ref.func $f))))
;;2 undeclared_function_reference.wat:2:25: func 0: undeclared function reference 0
;;2     (module (func $f (drop (ref.func $f))))
;;2                             ^
;;status 1
