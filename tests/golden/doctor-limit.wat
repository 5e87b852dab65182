;;! weft doctor %
(module (memory i64 1000000) (func (export "_start")))
;;= doctor-limit.wat: a WASI command, text, as binary 43 bytes
;;= needs, beyond WebAssembly 1.0:
;;=   memory64                   at 2:9, in the memory section
;;= memory: 61 GiB at the start
;;= it would not run here:
;;=   memory is larger than the limit: memory 0 starts with 1000000 pages, the limit is 17179869184 bytes
;;=     --max-memory SIZE lets it have more
;;status 1
