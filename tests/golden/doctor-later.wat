;;! weft doctor %
;; What is validated and not executed is looked for only where a feature says that there may be some.
(module
  (type $s (struct (field i32)))
  (func $unused (drop (struct.new $s (i32.const 1))))
  (func (export "_start")))
;;= doctor-later.wat: a WASI command, text, as binary 74 bytes
;;= needs, beyond WebAssembly 1.0:
;;=   gc                         at 4:3, in the type section
;;= it would not run here:
;;=   struct.new at 5:24, in func 0, is not executed yet: it traps there
;;=     see if your compiler can do without gc
;;status 1
