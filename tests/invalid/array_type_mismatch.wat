;;! weft validate
(module
  (type $a (array (mut i8)))
  (type $b (array i16))
  (func (param (ref $a) (ref $b))
    (array.copy $a $b (local.get 0) (i32.const 0) (local.get 1) (i32.const 0) (i32.const 1))))
;;2 array_type_mismatch.wat:6:6: func 0: array types do not match: from type 1 to type 0
;;2         (array.copy $a $b (local.get 0) (i32.const 0) (local.get 1) (i32.const 0) (i32.const 1))))
;;2          ^
;;status 1
