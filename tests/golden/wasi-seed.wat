;;! weft run --random-seed 7 --clock-resolution 1s --invoke f %
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "f") (result i64 i64)
    (drop (call $random (i32.const 8) (i32.const 8))) (i64.load (i32.const 8))
    (drop (call $time (i32.const 0) (i64.const 0) (i32.const 8))) (i64.rem_u (i64.load (i32.const 8)) (i64.const 1000000000))))
;;= 7191089600892374487
;;= 0
