;;! weft step --gc-log --invoke f %
(module (func (export "f")))
;;2 error: the formal machine has no --gc-log
;;status 2
