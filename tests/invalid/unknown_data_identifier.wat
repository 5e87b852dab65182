;;! weft validate
(module (func (data.drop $x)))
;;2 unknown_data_identifier.wat:2:26: unknown data segment: "$x" is not declared
;;2     (module (func (data.drop $x)))
;;2                              ^
;;status 1
