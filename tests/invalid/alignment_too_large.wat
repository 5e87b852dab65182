;;! weft validate
(module (memory 1) (func (drop (i32.load align=8 (i32.const 0)))))
;;2 alignment_too_large.wat:2:33: func 0: alignment must not be larger than natural: 2^3, at most 4
;;2     (module (memory 1) (func (drop (i32.load align=8 (i32.const 0)))))
;;2                                     ^
;;status 1
