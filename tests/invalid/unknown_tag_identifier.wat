;;! weft validate
(module (func (throw $x)))
;;2 unknown_tag_identifier.wat:2:22: unknown tag: "$x" is not declared
;;2     (module (func (throw $x)))
;;2                          ^
;;status 1
