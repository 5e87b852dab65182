;;! weft validate %
(module
  (func (param i32 i64) (result i32)
    local.get 0
    local.get 1
    i32.add))
;;2 validate-place.wat:6:5: func 0: type mismatch: i32.add expected i32 for operand 2, found i64
;;2         i32.add))
;;2         ^
;;status 1
