;;! weft validate
(module (type $a (array i32)) (func (array.set $a (array.new_default $a (i32.const 1)) (i32.const 0) (i32.const 1))))
;;2 immutable_array.wat:2:38: func 0: immutable array: type 0
;;2     (module (type $a (array i32)) (func (array.set $a (array.new_default $a (i32.const 1)) (i32.const 0) (i32.const 1))))
;;2                                          ^
;;status 1
