;;! weft inspect --function su --function 0 --function 99 --function 0x1 --function sum
;; Those that are there are shown.
(module
  (import "env" "f" (func $f (param i32)))
  (func $sum nop))
;;=
;;= func $sum (;1;) (type 1)
;;=   0x000026  nop
;;=   0x000027  end
;;2 error: there is no function "su"
;;2 error: function "0" is imported
;;2 error: there is no function "99"
;;2 error: there is no function "0x1"
;;status 1
