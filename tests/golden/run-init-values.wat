;;! weft run --init init -o - %
(module (func (export "init") (param i32) (result i64) (i64.const 0)))
;;2 error: run-init-values.wat: init takes 1 values and gives 1, and for --init may do neither
;;status 1
