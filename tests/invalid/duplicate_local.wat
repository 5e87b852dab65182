;;! weft validate
(module (func (param $x i32) (local $x i32)))
;;2 duplicate_local.wat:2:37: duplicate local: $x
;;2     (module (func (param $x i32) (local $x i32)))
;;2                                         ^
;;status 1
