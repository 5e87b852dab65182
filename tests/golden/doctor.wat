;;! weft doctor %
;; What a program is made of: tools, features with the first place of each, imports, memory.
(module
  (@producers (processed-by "clang" "19.1") (language "C11" ""))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 2 16)
  (table 3 funcref)
  (func $widen (param i32) (result i32) (i32.extend8_s (local.get 0)))
  (func $fill (memory.fill (i32.const 0) (i32.const 0) (i32.const 9)))
  (func (export "_start") (call $fill) (call $exit (call $widen (i32.const 0))))
  (@custom "target_features" "\02+\0bbulk-memory+\08sign-ext"))
;;= doctor.wat: a WASI command, text, as binary 256 bytes
;;= made by: clang 19.1 (processed-by), C11 (language)
;;= signs of: LLVM
;;= built for: +bulk-memory +sign-ext
;;= needs, beyond WebAssembly 1.0:
;;=   sign-extension             i32.extend8_s at 8:42, func 1 "widen"
;;=   bulk-memory                memory.fill at 9:16, func 2 "fill"
;;= imports: 1
;;=   1 of WASI, which weft has
;;= memory: 128 KiB at the start, at most 1 MiB
;;= tables: 3 entries at the start
;;= it would run here
