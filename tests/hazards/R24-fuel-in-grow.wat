;;! weft --fuel 100000 run --invoke f %
;; Growing costs by size, and fuel that ends there ends it before four million references are written.
(module
  (table 0 funcref)
  (func $f (export "f") (result i32) (table.grow (ref.func $f) (i32.const 4000000))))
;;2 R24-fuel-in-grow.wat: trap: out of fuel
;;2     0: 0x2c f
;;status 134
