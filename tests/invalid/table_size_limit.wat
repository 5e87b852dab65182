;;! weft validate
(module (table 0x1_0000_0000 funcref))
;;2 table_size_limit.wat:2:9: table size: table 0 must be at most 0xffffffff
;;2     (module (table 0x1_0000_0000 funcref))
;;2             ^
;;status 1
