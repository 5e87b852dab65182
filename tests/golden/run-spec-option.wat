;;! weft run --gc-log --tier=spec
(module (func (export "_start")))
;;2 error: the formal machine (--tier=spec) has no --gc-log
;;status 2
