;;! weft --fuel 10000000 run --invoke f %
;; Fuel that ends inside of a bulk operation ends it between two pieces, and not after 4 GiB.
(module
  (memory 65536)
  (func (export "f") (memory.fill (i32.const 0) (i32.const 7) (i32.const -1)) (memory.copy (i32.const 1) (i32.const 0) (i32.const -2))))
;;2 R24-fuel-in-bulk.wat: trap: out of fuel
;;2     0: 0x2b f
;;status 134
