;;! weft inspect --features=+stack-switching --native f %
(module
  (type $f (func)) (type $c (cont $f))
  (elem declare func $f)
  (func $f (drop (cont.new $c (ref.func $f)))))
;;2 error: function 0 cannot be compiled: it is interpreted
;;status 1
