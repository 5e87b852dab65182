;;! weft validate
(module (func (drop (local.get $x))))
;;2 unknown_local_identifier.wat:2:32: unknown local: "$x" is not declared
;;2     (module (func (drop (local.get $x))))
;;2                                    ^
;;status 1
