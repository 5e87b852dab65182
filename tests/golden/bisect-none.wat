;;! weft bisect --invoke main %
(module (func (export "main") (result i32) (i32.const 1)))
;;2 error: --bare makes no difference
;;status 1
