;;! weft run --fuel 1001543 --invoke f %
;; Six instructions, 37 for the call of an import, 1,500 for one of WASI, 1,000 for each of a thousand subscriptions.
(module (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory 2)
  (func (export "f") (result i32) (call $poll (i32.const 0) (i32.const 0) (i32.const 1000) (i32.const 0x1fff0))))
;;= 0
