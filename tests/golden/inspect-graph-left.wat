;;! weft inspect --graph 1 --tier=opt --features=+stack-switching %
;; What is not compiled from its graph says why.
(module (type $f (func)) (type $c (cont $f)) (elem declare func $g)
  (func $g (type $f)) (func (result (ref $c)) (cont.new $c (ref.func $g))))
;;= func 1
;;=
;;= == build
;;=   floating
;;=   block 0
;;=     state 0
;;=     %2 = (ref 0) ref.func 0
;;=     state 1
;;=     %4 = (ref 1) cont.new 1 %2
;;=     return %4
;;=     leave
;;=
;;= == tidy: as before
;;=
;;= - left to the baseline: cont.new
