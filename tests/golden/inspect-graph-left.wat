;;! weft inspect --graph 0 --tier=opt %
;; What is not compiled from its graph says why.
(module (type $s (struct)) (func (result (ref $s)) (struct.new $s)))
;;= func 0
;;=
;;= == build
;;=   floating
;;=   block 0
;;=     %1 = (ref 0) struct.new 0
;;=     return %1
;;=     leave
;;=
;;= == tidy: as before
;;=
;;= - left to the baseline: struct.new
