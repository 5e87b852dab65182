;;! weft validate
(module (func (drop (i8x16.extract_lane_u 16 (v128.const i32x4 0 0 0 0)))))
;;2 invalid_lane_index.wat:2:22: func 0: invalid lane index: 16 of 16
;;2     (module (func (drop (i8x16.extract_lane_u 16 (v128.const i32x4 0 0 0 0)))))
;;2                          ^
;;status 1
