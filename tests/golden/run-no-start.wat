;;! weft run %
(module (func (export "f")))
;;2 error: run-no-start.wat has no function _start, so it is no WASI command; --invoke NAME calls an export
;;2 it exports the functions f
;;status 1
