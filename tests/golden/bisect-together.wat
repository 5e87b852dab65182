;;! weft bisect --deterministic --invoke main %
;; Each of two functions makes its own value canonical: both are needed.
(module
  (func $c (result i32)
    (i32.reinterpret_f32 (f32.add (f32.reinterpret_i32 (i32.const 0x7fc12345)) (f32.const 1))))
  (func $other (nop))
  (func $d (result i32)
    (i32.reinterpret_f32 (f32.add (f32.reinterpret_i32 (i32.const 0x7fc12345)) (f32.const 1))))
  (func (export "main") (result i32)
    (i32.and (i32.eq (call $c) (i32.const 0x7fc00000)) (i32.eq (call $d) (i32.const 0x7fc00000)))))
;;= bisect-together.wat:0x3c: func 2 "d" makes the difference, together with some before it; found in 6 runs
;;= without --deterministic: status 0; line 1 is 0
;;= with --deterministic: status 0; line 1 is 1
