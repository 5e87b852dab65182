;;! weft print %
;; A name section that identifiers cannot say is kept as it is, and wins: an index of no function, and a label that is not there.
(module
  (@custom "name" "\01\07\02\00\01f\09\01g" "\03\06\01\00\01\05\01l")
  (func $other nop))
;;= (module
;;=   (type (;0;) (func))
;;=   (func $f (;0;) (type 0)
;;=     nop
;;=   )
;;=   (@custom "name" "\01\07\02\00\01f\09\01g\03\06\01\00\01\05\01l")
;;= )
