;;! weft doctor %
(module (@custom "linking" "\02") (func (export "_start")))
;;= doctor-object.wat: an object file, text, as binary 47 bytes
;;= needs nothing beyond WebAssembly 1.0
;;= it would not run here:
;;=   this is an object file
;;=     wasm-ld links it
;;status 1
