;;! weft validate
(module (func $x) (func $x))
;;2 duplicate_func.wat:2:25: duplicate func: $x
;;2     (module (func $x) (func $x))
;;2                             ^
;;status 1
