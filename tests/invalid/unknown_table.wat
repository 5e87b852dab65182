;;! weft validate
(module (func (drop (table.size 7))))
;;2 unknown_table.wat:2:22: func 0: unknown table 7; there are 0
;;2     (module (func (drop (table.size 7))))
;;2                          ^
;;status 1
