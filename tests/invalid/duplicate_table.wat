;;! weft validate
(module (table $x 1 funcref) (table $x 1 funcref))
;;2 duplicate_table.wat:2:37: duplicate table: $x
;;2     (module (table $x 1 funcref) (table $x 1 funcref))
;;2                                         ^
;;status 1
