;;! weft run --check
;; Only the formal machine is checked so.
(module (func (export "_start")))
;;2 error: --check is for the formal machine (--tier=spec)
;;status 2
