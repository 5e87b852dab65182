;;! weft validate
(module
  (func (result i32)
    (i32.add (i32.const 1) (i64.const 2))))
;;2 type_mismatch.wat:4:6: func 0: type mismatch: i32.add expected i32 for operand 2, found i64
;;2         (i32.add (i32.const 1) (i64.const 2))))
;;2          ^
;;status 1
