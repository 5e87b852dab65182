;;! weft inspect --native f %
(module (memory 1 1 shared) (func $f (drop (i32.atomic.load (i32.const 0)))))
;;2 error: function 0 cannot be compiled: it is interpreted
;;status 1
