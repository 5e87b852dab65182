;;! weft validate
(module (type $a (array funcref)) (data $d "abcd")
  (func (drop (array.new_data $a $d (i32.const 0) (i32.const 1)))))
;;2 array_not_numeric.wat:3:16: func 0: array type is not numeric or vector: type 0
;;2       (func (drop (array.new_data $a $d (i32.const 0) (i32.const 1)))))
;;2                    ^
;;status 1
