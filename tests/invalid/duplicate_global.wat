;;! weft validate
(module (global $x i32 (i32.const 0)) (global $x i32 (i32.const 0)))
;;2 duplicate_global.wat:2:47: duplicate global: $x
;;2     (module (global $x i32 (i32.const 0)) (global $x i32 (i32.const 0)))
;;2                                                   ^
;;status 1
