;;! weft validate
(module (global $g i32 (i32.const 0)) (func (global.set $g (i32.const 1))))
;;2 global_is_immutable.wat:2:46: func 0: immutable global 0
;;2     (module (global $g i32 (i32.const 0)) (func (global.set $g (i32.const 1))))
;;2                                                  ^
;;status 1
