;;! weft run %
(module (global (export "_start") i32 (i32.const 0)) (func (export "f")))
;;2 error: run-start-no-function.wat exports _start, which is no function but a global, so it is no WASI command; --invoke NAME calls an export
;;2 it exports the functions f
;;status 1
