;;! weft inspect --graph f --tier=opt %
;; For code of a machine there are states, which say what a frame holds; and what cannot be compiled so is left.
(module
  (func $g (param i32) (result i32) (atomic.fence) (local.get 0))
  (func $f (param i32) (result i32) (i32.add (call $g (local.get 0)) (local.get 0))))
;;= func 1 "f"
;;=
;;= == build
;;= - call of function 0 not taken in: atomic.fence
;;=   floating
;;=     %1 = i32 arg 0
;;=     %4 = i32 i32.add %3 %1
;;=   block 0
;;=     state 0 %1
;;=     %3 = i32 call 0 %1
;;=     return %4
;;=     leave
;;=
;;= == tidy: as before
;;=
;;= == renew: as before
;;=
;;= == dominators: as before
;;=
;;= == unmake: as before
;;=
;;= == remember: as before
;;=
;;= == tidy: as before
;;=
;;= == narrow: as before
;;=
;;= == renew: as before
;;=
;;= == tidy: as before
;;=
;;= == invert: as before
;;=
;;= == hoist: as before
;;=
;;= == vectorize: as before
;;=
;;= == unroll: as before
;;=
;;= == again: as before
;;=
;;= == reduce: as before
;;=
;;= == again: as before
;;=
;;= == join: as before
;;=
;;= == again: as before
