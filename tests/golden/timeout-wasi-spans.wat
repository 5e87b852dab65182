;;! weft run --timeout 100ms --invoke f %
;; Hazards: R25.
;; Half a billion pieces of nothing to write.
(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory 65536)
  (func (export "f") (result i32) (call $write (i32.const 1) (i32.const 0) (i32.const 0x1ffffff0) (i32.const 0xfffffff0))))
;;2 timeout-wasi-spans.wat: trap: time limit exceeded
;;2     0: 0x5f f
;;status 124
