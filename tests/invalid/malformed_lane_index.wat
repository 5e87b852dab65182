;;! weft validate
(module (func (drop (i8x16.extract_lane_u 256 (v128.const i32x4 0 0 0 0)))))
;;2 malformed_lane_index.wat:2:43: i8 constant out of range: 256 does not fit in a byte
;;2     (module (func (drop (i8x16.extract_lane_u 256 (v128.const i32x4 0 0 0 0)))))
;;2                                               ^
;;status 1
