;;! weft validate
(module (func (drop (memory.size 7))))
;;2 unknown_memory.wat:2:22: func 0: unknown memory 7; there are 0
;;2     (module (func (drop (memory.size 7))))
;;2                          ^
;;status 1
