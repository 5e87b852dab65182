;;! weft validate
(module (type (struct (field $x i32) (field $x i32))))
;;2 duplicate_field.wat:2:45: duplicate field: $x
;;2     (module (type (struct (field $x i32) (field $x i32))))
;;2                                                 ^
;;status 1
