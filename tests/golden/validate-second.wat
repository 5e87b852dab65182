;;! weft validate
;; The second memory is at fault, and so says the line.
(module
  (memory 1)
  (memory 2 1))
;;2 validate-second.wat:5:3: size minimum must not be greater than maximum: memory 1: 2 > 1
;;2       (memory 2 1))
;;2       ^
;;status 1
