;;! weft doctor %
;; Nobody who asks wants a gigabyte to be taken.
(module (type $a (array (mut i64)))
  (global (ref $a) (array.new $a (i64.const 1) (i32.const 100000000)))
  (func (export "_start")))
;;= doctor-objects.wat: a WASI command, text, as binary 69 bytes
;;= needs, beyond WebAssembly 1.0:
;;=   function-references        at 4:3, in the global section
;;=   gc                         at 3:9, in the type section
;;= objects: more than 64 MiB before it begins, which was not tried
;;= it would run here
