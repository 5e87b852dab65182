;;! weft inspect --function bad
;; The function that a message names can be looked at.
(module
  (func $good nop)
  (func $bad (result i32) (i64.add (i32.const 1) (i32.const 2))))
;;=
;;= func $bad (;1;) (type 1) (result i32)
;;=   0x000020  i32.const 1
;;=   0x000022  i32.const 2
;;=   0x000024  i64.add
;;=   0x000025  end
;;2 inspect-function-invalid.wat:5:28: func 1: type mismatch: i64.add expected i64 for operand 2, found i32
;;2       (func $bad (result i32) (i64.add (i32.const 1) (i32.const 2))))
;;2                                ^
;;status 1
