;;! weft validate
(module (type $a (array i8)) (func (drop (array.get $a (array.new_default $a (i32.const 1)) (i32.const 0)))))
;;2 array_is_packed.wat:2:43: func 0: array is packed: type 0
;;2     (module (type $a (array i8)) (func (drop (array.get $a (array.new_default $a (i32.const 1)) (i32.const 0)))))
;;2                                               ^
;;status 1
