;;! weft validate
(module (func (br $x)))
;;2 unknown_label_identifier.wat:2:19: unknown label: no open block is named "$x"
;;2     (module (func (br $x)))
;;2                       ^
;;status 1
