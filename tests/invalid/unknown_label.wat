;;! weft validate
(module (func (br 7)))
;;2 unknown_label.wat:2:16: func 0: unknown label 7; there are 1
;;2     (module (func (br 7)))
;;2                    ^
;;status 1
