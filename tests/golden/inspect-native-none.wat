;;! weft inspect --native 1 %
(module (func))
;;2 error: there is no function "1"
;;status 1
