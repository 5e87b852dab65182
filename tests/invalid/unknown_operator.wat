;;! weft validate
(module (func (i32.addd (i32.const 1) (i32.const 2))))
;;2 unknown_operator.wat:2:16: unknown operator: "i32.addd" is no instruction, did you mean "i32.add"?
;;2     (module (func (i32.addd (i32.const 1) (i32.const 2))))
;;2                    ^
;;status 1
