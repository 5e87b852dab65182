;;! weft validate
(module (func (throw 7)))
;;2 unknown_tag.wat:2:16: func 0: unknown tag 7; there are 0
;;2     (module (func (throw 7)))
;;2                    ^
;;status 1
