;;! weft run --tier=opt --trace=opt --invoke f % 20
;; What is left to the baseline says why.
(module
  (table 1 funcref)
  (func $null (param i32) (result i32) (ref.is_null (table.get 0 (local.get 0))))
  (func (export "f") (param i32) (result i32) (i32.add (call $null (i32.const 0)) (i32.add (local.get 0) (i32.const 0)))))
;;= 21
;;2 func 0 "null": left to the baseline: table.get
