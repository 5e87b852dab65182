;;! weft validate
(module (func (drop (global.get 7))))
;;2 unknown_global.wat:2:22: func 0: unknown global 7; there are 0
;;2     (module (func (drop (global.get 7))))
;;2                          ^
;;status 1
