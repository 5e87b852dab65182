;;! weft validate
(module (func (drop (select (result i32 i32) (i32.const 1) (i32.const 2) (i32.const 3)))))
;;2 invalid_result_arity.wat:2:22: func 0: invalid result arity: select of 2 types
;;2     (module (func (drop (select (result i32 i32) (i32.const 1) (i32.const 2) (i32.const 3)))))
;;2                          ^
;;status 1
