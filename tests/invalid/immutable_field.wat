;;! weft validate
(module (type $s (struct (field i32))) (func (struct.set $s 0 (struct.new_default $s) (i32.const 1))))
;;2 immutable_field.wat:2:47: func 0: immutable field: field 0 of type 0
;;2     (module (type $s (struct (field i32))) (func (struct.set $s 0 (struct.new_default $s) (i32.const 1))))
;;2                                                   ^
;;status 1
