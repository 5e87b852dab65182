;;! weft run --max-table 1000 --invoke f %
(module (func (export "f")) (table 1000 funcref) (table 1000 funcref) (table 1000 funcref) (table 1000 funcref) (table 1 funcref))
;;2 tables-too-large.wat: trap: out of memory
;;status 134
