;;! weft doctor %
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start") (drop (call $spawn (i32.const 0)))))
;;= threads-doctor.wat: a WASI command, text, as binary 130 bytes
;;= needs, beyond WebAssembly 1.0:
;;=   threads                    at 4:3, in the import section
;;= imports: 2
;;=   1 of WASI, which weft has
;;=   1 of memories for threads, which weft makes
;;= memory: 64 KiB at the start, at most 64 KiB, imported
;;= it would run here
