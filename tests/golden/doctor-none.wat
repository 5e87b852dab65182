;;! weft doctor %
(module (memory 1) (export "memory" (memory 0)))
;;= doctor-none.wat: a core module, text, as binary 25 bytes
;;= needs nothing beyond WebAssembly 1.0
;;= memory: 64 KiB at the start
;;= it would not run here:
;;=   it has no function _start, and exports none at all
;;status 1
