;;! weft run --tier=spec --fuel 10000 --invoke f %
;; So does growing a table by much.
(module (table 0 funcref) (func (export "f") (result i32) (table.grow (ref.null func) (i32.const 100000))))
;;2 spec-fuel-grow.wat: trap: out of fuel
;;2     0: 0x2b f
;;status 134
