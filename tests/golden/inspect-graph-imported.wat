;;! weft inspect --graph 0 %
(module (import "m" "f" (func)))
;;2 error: function 0 is imported
;;status 1
