;;! weft run --invoke f % -5 0xffffffffffffffff 0x1.8p-1 -nan
(module
  (func (export "f") (param i32 i64 f32 f64) (result i32 i64 f32 f64 f64 f32)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (f64.const 0.1) (f32.const inf)))
;;= -5
;;= -1
;;= 0.75
;;= -nan
;;= 0.1
;;= inf
