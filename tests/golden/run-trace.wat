;;! weft run --tier=opt --trace=opt --invoke f % 20
;; What is left to the baseline says why.
(module
  (type $s (struct (field i32)))
  (func $null (param i32) (result i32) (struct.get $s 0 (struct.new $s (local.get 0))))
  (func (export "f") (param i32) (result i32) (i32.add (call $null (i32.const 0)) (i32.add (local.get 0) (i32.const 0)))))
;;= 20
;;2 func 0 "null": left to the baseline: struct.new
