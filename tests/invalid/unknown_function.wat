;;! weft validate
(module (func (call 7)))
;;2 unknown_function.wat:2:16: func 0: unknown function 7; there are 1
;;2     (module (func (call 7)))
;;2                    ^
;;status 1
