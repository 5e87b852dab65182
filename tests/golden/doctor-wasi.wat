;;! weft doctor %
(module
  (import "wasi_snapshot_preview1" "fd_close" (func (param i64) (result i32)))
  (func (export "_start")))
;;= doctor-wasi.wat: a WASI command, text, as binary 78 bytes
;;= needs nothing beyond WebAssembly 1.0
;;= imports: 1
;;=   1 of WASI, which weft has
;;= it would not run here:
;;=   incompatible import type: function "wasi_snapshot_preview1" "fd_close": (func (param i64) (result i32)) is wanted, (func (param i32) (result i32)) is given
;;status 1
