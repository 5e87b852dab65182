;;! weft inspect --native f %
(module (import "a" "b" (func $f)))
;;2 error: function 0 is imported
;;status 1
