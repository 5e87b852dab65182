;;! weft doctor %
;; What is validated and not executed is looked for only where a feature says that there may be some.
(module
  (memory 1 1 shared)
  (func $unused (drop (i32.atomic.load (i32.const 0))))
  (func (export "_start")))
;;= doctor-later.wat: a WASI command, text, as binary 71 bytes
;;= needs, beyond WebAssembly 1.0:
;;=   threads                    at 4:3, in the memory section
;;= memory: 64 KiB at the start, at most 64 KiB
;;= it would not run here:
;;=   i32.atomic.load at 5:24, in func 0, is not executed yet: it traps there
;;=     see if your compiler can do without threads
;;status 1
