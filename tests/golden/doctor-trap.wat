;;! weft doctor %
;; A start function is not run; what stands in front of it is.
(module (memory 1) (data (i32.const 65530) "0123456789") (func $f unreachable) (start $f))
;;= doctor-trap.wat: a core module, text, as binary 66 bytes
;;= needs nothing beyond WebAssembly 1.0
;;= memory: 64 KiB at the start
;;= it would not run here:
;;=   it traps before anything of it runs: out of bounds memory access
;;status 1
