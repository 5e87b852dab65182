;;! weft validate
(module (func (data.drop 7)))
;;2 unknown_data_segment.wat:2:16: func 0: unknown data segment 7; there are 0
;;2     (module (func (data.drop 7)))
;;2                    ^
;;status 1
