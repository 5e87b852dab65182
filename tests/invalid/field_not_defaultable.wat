;;! weft validate
(module (type $s (struct (field (ref func)))) (func (drop (struct.new_default $s))))
;;2 field_not_defaultable.wat:2:60: func 0: field type is not defaultable: field 0 of type 0
;;2     (module (type $s (struct (field (ref func)))) (func (drop (struct.new_default $s))))
;;2                                                                ^
;;status 1
