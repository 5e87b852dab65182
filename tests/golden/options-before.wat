;;! weft --hot 5 --fuel 100 --stop-every 3 run --invoke f %
(module (func (export "f") (result i32) (i32.const 1)))
;;= 1
