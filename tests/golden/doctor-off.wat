;;! weft doctor %
(module (memory 70000 (pagesize 1)) (func (export "_start")))
;;= doctor-off.wat: a WASI command, text, as binary 44 bytes
;;= needs, beyond WebAssembly 1.0:
;;=   custom-page-sizes          at 2:9, in the memory section
;;= memory: 68.3 KiB at the start
;;= it would not run here:
;;=   it needs what is not switched on: custom-page-sizes
;;=     --features=+custom-page-sizes does that
;;status 1
