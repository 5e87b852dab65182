;;! weft validate
(module (memory 1) (func (drop (i32.load offset=0x1_0000_0000 (i32.const 0)))))
;;2 invalid_offset.wat:2:33: func 0: offset out of range: 0x100000000 in a 32-bit memory
;;2     (module (memory 1) (func (drop (i32.load offset=0x1_0000_0000 (i32.const 0)))))
;;2                                     ^
;;status 1
