;;! weft validate
(module (type $s (struct (field $y i32))) (func (param (ref $s)) (drop (struct.get $s $x (local.get 0)))))
;;2 unknown_field_identifier.wat:2:87: unknown field: type 0 has no field "$x"
;;2     e (type $s (struct (field $y i32))) (func (param (ref $s)) (drop (struct.get $s $x (local.get 0)))))
;;2                                                                                     ^
;;status 1
