;;! weft run --timeout 100ms --invoke f %
;; Hazards: R25.
;; Eighty million subscriptions to a clock: the guest says how long that takes.
(module (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory 65536)
  (func (export "f") (result i32) (call $poll (i32.const 0) (i32.const 0) (i32.const 80000000) (i32.const 0xfffffff0))))
;;2 timeout-wasi-poll.wat: trap: time limit exceeded
;;2     0: 0x61 f
;;status 124
