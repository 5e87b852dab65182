;;! weft run --deterministic --invoke f %
;; Clocks begin at a fixed time and go on by looking at them and by waiting, which nobody does; chance is seeded.
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_res_get" (func $res (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $now (param i32) (result i64) (drop (call $time (local.get 0) (i64.const 0) (i32.const 8))) (i64.load (i32.const 8)))
  (func (export "f") (result i64 i64 i64 i64 i64)
    (drop (call $res (i32.const 1) (i32.const 8))) (i64.load (i32.const 8))
    (call $now (i32.const 0)) (call $now (i32.const 1))
    ;; a day of the monotonic clock
    (i32.store (i32.const 116) (i32.const 1)) (i64.store (i32.const 124) (i64.const 86400000000000))
    (drop (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 4)))
    (call $now (i32.const 1))
    (drop (call $random (i32.const 8) (i32.const 8))) (i64.load (i32.const 8))))
;;= 1000
;;= 946684800000001000
;;= 1000002000
;;= 86401000003000
;;= -2152535657050944081
