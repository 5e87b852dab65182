;;! weft validate
(module (func (call $x)))
;;2 unknown_function_identifier.wat:2:21: unknown function: "$x" is not declared
;;2     (module (func (call $x)))
;;2                         ^
;;status 1
