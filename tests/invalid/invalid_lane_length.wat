;;! weft validate
(module (func (param v128) (drop (i8x16.shuffle 0 1 2 (local.get 0) (local.get 0)))))
;;2 invalid_lane_length.wat:2:55: invalid lane length: 16 lane indices are needed, found 3
;;2     (module (func (param v128) (drop (i8x16.shuffle 0 1 2 (local.get 0) (local.get 0)))))
;;2                                                           ^
;;status 1
