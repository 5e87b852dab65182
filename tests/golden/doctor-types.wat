;;! weft doctor %
;; Types of garbage collection are no obstacle where no instruction makes or reads an object.
(module
  (type $s (struct (field i32)))
  (func (param (ref null $s)))
  (func (export "_start")))
;;= doctor-types.wat: a WASI command, text, as binary 62 bytes
;;= needs, beyond WebAssembly 1.0:
;;=   function-references        at 5:9, in the type section
;;=   gc                         at 4:3, in the type section
;;= it would run here
