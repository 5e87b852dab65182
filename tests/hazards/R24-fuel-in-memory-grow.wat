;;! weft --fuel 5000 run --invoke f %
;; Five pages are a charge of 5120, besides what growing costs at all.
(module
  (memory 0)
  (func (export "f") (result i32) (memory.grow (i32.const 5))))
;;2 R24-fuel-in-memory-grow.wat: trap: out of fuel
;;2     0: 0x26 f
;;status 134
