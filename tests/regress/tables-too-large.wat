;;! weft run --max-table 1000 --invoke f %
(module (func (export "f")) (table 1000 funcref) (table 1000 funcref) (table 1000 funcref) (table 1000 funcref) (table 1 funcref))
;;2 tables-too-large.wat: table is larger than the limit: table 4 starts with 1 entries, 0 are left for all tables together
;;status 1
