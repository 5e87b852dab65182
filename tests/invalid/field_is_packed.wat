;;! weft validate
(module (type $s (struct (field i8))) (func (drop (struct.get $s 0 (struct.new_default $s)))))
;;2 field_is_packed.wat:2:52: func 0: field is packed: field 0 of type 0
;;2     (module (type $s (struct (field i8))) (func (drop (struct.get $s 0 (struct.new_default $s)))))
;;2                                                        ^
;;status 1
