;;! weft inspect --graph 0 --tier=opt %
;; What is not compiled from its graph says why.
(module (func (param funcref) (result i32) (ref.is_null (local.get 0))))
;;= func 0
;;=
;;= - left to the baseline: a local that is a reference
