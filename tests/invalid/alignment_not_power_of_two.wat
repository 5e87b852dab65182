;;! weft validate
(module (memory 1) (func (drop (i32.load align=3 (i32.const 0)))))
;;2 alignment_not_power_of_two.wat:2:42: alignment must be a power of two: it is 3
;;2     (module (memory 1) (func (drop (i32.load align=3 (i32.const 0)))))
;;2                                              ^
;;status 1
