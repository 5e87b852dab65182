;;! weft validate
(module (func (drop (global.get $x))))
;;2 unknown_global_identifier.wat:2:33: unknown global: "$x" is not declared
;;2     (module (func (drop (global.get $x))))
;;2                                     ^
;;status 1
