;;! weft validate
(module (func (drop (v128.const i32x4 0 0 0))))
;;2 wrong_lane_count.wat:2:44: wrong number of lane literals: i32x4 needs 4, found 3
;;2     (module (func (drop (v128.const i32x4 0 0 0))))
;;2                                                ^
;;status 1
