;;! weft validate %
(module (func (param i64) (result i32) (i32.wrap/i64 (local.get 0))))
;;2 old-conversion.wat:2:41: unknown operator: "i32.wrap/i64" is no instruction any more; it is called "i32.wrap_i64" now
;;2     (module (func (param i64) (result i32) (i32.wrap/i64 (local.get 0))))
;;2                                             ^
;;status 1
