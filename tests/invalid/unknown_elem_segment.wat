;;! weft validate
(module (func (elem.drop 7)))
;;2 unknown_elem_segment.wat:2:16: func 0: unknown elem segment 7; there are 0
;;2     (module (func (elem.drop 7)))
;;2                    ^
;;status 1
