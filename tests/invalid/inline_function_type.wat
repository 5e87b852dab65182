;;! weft validate
(module
  (type $t (func (param i32)))
  (func (type $t) (param i64)))
;;2 inline_function_type.wat:4:19: inline function type: it is not that of type 0
;;2       (func (type $t) (param i64)))
;;2                       ^
;;status 1
