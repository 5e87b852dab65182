;;! weft validate
(module (memory 65537))
;;2 memory_size_limit.wat:2:9: memory size: memory 0 must be at most 0x10000
;;2     (module (memory 65537))
;;2             ^
;;status 1
