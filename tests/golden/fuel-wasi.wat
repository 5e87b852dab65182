;;! weft run --fuel 1001542 --invoke f %
;; Hazards: R82.
;; A call costs by what it makes the host do: here, looking at a thousand subscriptions.
(module (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory 2)
  (func (export "f") (result i32) (call $poll (i32.const 0) (i32.const 0) (i32.const 1000) (i32.const 0x1fff0))))
;;2 fuel-wasi.wat: trap: out of fuel
;;2     0: 0x5f f
;;status 134
