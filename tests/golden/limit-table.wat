;;! weft run --invoke f %
(module (table 10000001 funcref) (func (export "f")))
;;2 limit-table.wat: table is larger than the limit: table 0 starts with 10000001 entries, the limit is 10000000
;;status 1
