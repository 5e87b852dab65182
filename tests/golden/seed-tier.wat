;;! weft run --seed 3 --invoke f %
(module (func (export "f")))
;;2 error: --seed is for the formal machine (--tier=spec)
;;status 2
