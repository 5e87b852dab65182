;;! weft --max-memory 128K --max-table 5 run --invoke f %
(module
  (memory 1) (table 2 funcref)
  (func (export "f") (result i32 i32 i32 i32)
    (memory.grow (i32.const 1)) (memory.grow (i32.const 1))
    (table.grow (ref.null func) (i32.const 3)) (table.grow (ref.null func) (i32.const 1))))
;;= 1
;;= -1
;;= 2
;;= -1
