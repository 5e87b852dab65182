;;! weft validate
(module (type $s (struct (field i32))) (func (drop (struct.get_u $s 0 (struct.new_default $s)))))
;;2 field_is_unpacked.wat:2:53: func 0: field is unpacked: field 0 of type 0
;;2     (module (type $s (struct (field i32))) (func (drop (struct.get_u $s 0 (struct.new_default $s)))))
;;2                                                         ^
;;status 1
