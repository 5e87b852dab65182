;;! weft doctor --features=+stack-switching %
;; What is validated and not executed is looked for only where a feature says that there may be some.
(module
  (type $f (func)) (type $c (cont $f))
  (elem declare func $unused)
  (func $unused (drop (cont.new $c (ref.func $unused))))
  (func (export "_start")))
;;= doctor-later.wat: a WASI command, text, as binary 81 bytes
;;= needs, beyond WebAssembly 1.0:
;;=   reference-types            ref.func at 6:37, func 0 "unused"
;;=   bulk-memory                at 5:3, in the element section
;;=   stack-switching            at 4:20, in the type section
;;= it would not run here:
;;=   cont.new at 6:24, in func 0, is not executed yet: it traps there
;;=     see if your compiler can do without stack-switching
;;status 1
