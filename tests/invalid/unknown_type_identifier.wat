;;! weft validate
(module (func (type $x)))
;;2 unknown_type_identifier.wat:2:21: unknown type: "$x" is not declared
;;2     (module (func (type $x)))
;;2                         ^
;;status 1
