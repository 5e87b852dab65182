;;! weft doctor %
(module (memory (export "_start") 1) (func (export "f")))
;;= doctor-start-no-function.wat: a core module, text, as binary 45 bytes
;;= needs nothing beyond WebAssembly 1.0
;;= memory: 64 KiB at the start
;;= functions that --invoke can call:
;;=   "f" (func)
;;= it would not run here:
;;=   _start is no function but a memory, so it is no WASI command
;;=     --invoke NAME calls a function that it exports
;;status 1
