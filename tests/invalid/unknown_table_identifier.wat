;;! weft validate
(module (func (drop (table.size $x))))
;;2 unknown_table_identifier.wat:2:33: unknown table: "$x" is not declared
;;2     (module (func (drop (table.size $x))))
;;2                                     ^
;;status 1
