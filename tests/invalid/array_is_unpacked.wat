;;! weft validate
(module (type $a (array i32)) (func (drop (array.get_u $a (array.new_default $a (i32.const 1)) (i32.const 0)))))
;;2 array_is_unpacked.wat:2:44: func 0: array is unpacked: type 0
;;2     (module (type $a (array i32)) (func (drop (array.get_u $a (array.new_default $a (i32.const 1)) (i32.const 0)))))
;;2                                                ^
;;status 1
