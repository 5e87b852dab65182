;;! weft validate
(module (memory $x 1) (memory $x 1))
;;2 duplicate_memory.wat:2:31: duplicate memory: $x
;;2     (module (memory $x 1) (memory $x 1))
;;2                                   ^
;;status 1
