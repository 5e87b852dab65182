;;! weft step --only "local 0 == (1 + " --invoke f %
(module (func (export "f") nop))
;;2 error: --only local 0 == (1 + : a value is missing at byte 16
;;status 2
