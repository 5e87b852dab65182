;;! weft run %
;; a library is refused before any of it has run
(module (func (export "_initialize") unreachable) (func (export "f")))
;;2 error: run-no-start-initialize.wat has no function _start, so it is no WASI command; --invoke NAME calls an export
;;2 it exports the functions _initialize, f
;;status 1
