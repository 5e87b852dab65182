;;! weft run --tier=baseline --invoke f %
;; array.new_fixed of no vectors takes no operands and leaves one: no frame needs room for a vector, and its code is not refused
(module
  (type $v (array v128))
  (func (export "f") (result (ref $v)) (array.new_fixed $v 0)))
;;= (ref array) 0
