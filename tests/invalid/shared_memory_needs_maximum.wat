;;! weft validate
(module (memory 1 shared))
;;2 shared_memory_needs_maximum.wat:2:9: shared memory must have maximum: memory 0
;;2     (module (memory 1 shared))
;;2             ^
;;status 1
