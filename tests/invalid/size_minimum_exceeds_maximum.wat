;;! weft validate
(module (memory 2 1))
;;2 size_minimum_exceeds_maximum.wat:2:9: size minimum must not be greater than maximum: memory 0: 2 > 1
;;2     (module (memory 2 1))
;;2             ^
;;status 1
