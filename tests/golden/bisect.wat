;;! weft bisect --deterministic --invoke main %
(module
  (func $a (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $b (param f32) (result f32) (f32.mul (local.get 0) (f32.const 1)))
  (func $c (param f32) (result f32) (f32.add (local.get 0) (f32.const 1)))
  (func $d (param f32) (result f32) (f32.add (local.get 0) (f32.const 1)))
  (func (export "main") (result i32)
    (drop (call $b (f32.const 3)))
    (call $a (i32.reinterpret_f32 (call $c (f32.reinterpret_i32 (i32.const 0x7fc12345)))))))
;;= bisect.wat:0x42: func 2 "c" makes the difference, alone; found in 6 runs
;;= without --deterministic: status 0; line 1 is 2143363910
;;= with --deterministic: status 0; line 1 is 2143289345
