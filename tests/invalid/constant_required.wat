;;! weft validate
(module (global i32 (i32.clz (i32.const 1))))
;;2 constant_required.wat:2:22: constant expression required: i32.clz is not allowed in a constant expression
;;2     (module (global i32 (i32.clz (i32.const 1))))
;;2                          ^
;;status 1
