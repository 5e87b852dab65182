;;! weft doctor %
(module (func $f unreachable) (start $f))
;;= doctor-start.wat: a core module, text, as binary 41 bytes
;;= needs nothing beyond WebAssembly 1.0
;;= it would run here
