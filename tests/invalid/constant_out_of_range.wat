;;! weft validate
(module (func (drop (i32.const 0x1_0000_0000))))
;;2 constant_out_of_range.wat:2:32: constant out of range: 0x1_0000_0000 does not fit in 32 bits
;;2     (module (func (drop (i32.const 0x1_0000_0000))))
;;2                                    ^
;;status 1
