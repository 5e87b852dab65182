;;! weft validate
(module (type $x (func)) (type $x (func)))
;;2 duplicate_type.wat:2:32: duplicate type: $x
;;2     (module (type $x (func)) (type $x (func)))
;;2                                    ^
;;status 1
