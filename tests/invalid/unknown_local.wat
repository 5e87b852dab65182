;;! weft validate
(module (func (drop (local.get 7))))
;;2 unknown_local.wat:2:22: func 0: unknown local 7; there are 0
;;2     (module (func (drop (local.get 7))))
;;2                          ^
;;status 1
