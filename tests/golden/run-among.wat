;;! weft run --deterministic --among 1-2 --invoke main %
;; Only functions 1 and 2 make a NaN canonical, as function 0 would.
(module
  (func $c (param f32) (result i32) (i32.reinterpret_f32 (f32.add (local.get 0) (f32.const 1))))
  (func $d (param f32) (result i32) (i32.reinterpret_f32 (f32.add (local.get 0) (f32.const 1))))
  (func (export "main") (result i32 i32)
    (call $c (f32.reinterpret_i32 (i32.const 0x7fc12345)))
    (call $d (f32.reinterpret_i32 (i32.const 0x7fc12345)))))
;;= 2143363909
;;= 2143289344
