;;! weft validate
(module (func (drop (memory.size $x))))
;;2 unknown_memory_identifier.wat:2:34: unknown memory: "$x" is not declared
;;2     (module (func (drop (memory.size $x))))
;;2                                      ^
;;status 1
