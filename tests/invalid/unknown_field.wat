;;! weft validate
(module (type $s (struct)) (func (drop (struct.get $s 7 (struct.new $s)))))
;;2 unknown_field.wat:2:41: func 0: unknown field 7; there are 0
;;2     (module (type $s (struct)) (func (drop (struct.get $s 7 (struct.new $s)))))
;;2                                             ^
;;status 1
