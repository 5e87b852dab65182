;;! weft run --invoke f % "i32x4 1 -1 0x7fffffff 4294967295" "i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 -128" "f64x2 -0 1.5" "f32x4 1 nan -inf 0x1p-3" "i64x2 -1 2" "i16x8 1 2 3 4 5 6 7 65535"
(module
  (func (export "f") (param v128 v128 v128 v128 v128 v128) (result v128 v128 v128 v128 v128 v128)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5)))
;;= i32x4 0x00000001 0xffffffff 0x7fffffff 0xffffffff
;;= i32x4 0x03020100 0x07060504 0x0b0a0908 0x800e0d0c
;;= i32x4 0x00000000 0x80000000 0x00000000 0x3ff80000
;;= i32x4 0x3f800000 0x7fc00000 0xff800000 0x3e000000
;;= i32x4 0xffffffff 0xffffffff 0x00000002 0x00000000
;;= i32x4 0x00020001 0x00040003 0x00060005 0xffff0007
