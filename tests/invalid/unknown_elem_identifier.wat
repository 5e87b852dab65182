;;! weft validate
(module (func (elem.drop $x)))
;;2 unknown_elem_identifier.wat:2:26: unknown elem segment: "$x" is not declared
;;2     (module (func (elem.drop $x)))
;;2                              ^
;;status 1
