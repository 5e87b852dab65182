;;! weft inspect --native BINARY %
;; vectors: operands that are locals, or on the stack
(module
  (func $BINARY (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (v128.and (local.get $v0) (local.get $v1)))
    (local.set $rv (v128.or (local.get $v0) (local.get $v1)))
    (local.set $rv (v128.xor (local.get $v0) (local.get $v1)))
    (local.set $rv (v128.andnot (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.add (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.sub (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.add_sat_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.sub_sat_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.add_sat_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.sub_sat_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.avgr_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.min_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.min_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.max_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.max_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.add (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.sub (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.add_sat_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.sub_sat_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.add_sat_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.sub_sat_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.avgr_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.min_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.min_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.max_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.max_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.add (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.sub (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.min_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.min_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.max_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.max_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i64x2.add (local.get $v0) (local.get $v1)))
    (local.set $rv (i64x2.sub (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.mul (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.mul (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.dot_i16x8_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.eq (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.ne (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.gt_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.lt_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.eq (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.ne (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.gt_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.lt_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.eq (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.ne (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.gt_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.lt_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i64x2.eq (local.get $v0) (local.get $v1)))
    (local.set $rv (i64x2.ne (local.get $v0) (local.get $v1)))
    (local.set $rv (i64x2.gt_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i64x2.lt_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i64x2.le_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i64x2.ge_s (local.get $v0) (local.get $v1)))
    (local.set $rv (f32x4.add (local.get $v0) (local.get $v1)))
    (local.set $rv (f32x4.sub (local.get $v0) (local.get $v1)))
    (local.set $rv (f32x4.mul (local.get $v0) (local.get $v1)))
    (local.set $rv (f32x4.div (local.get $v0) (local.get $v1)))
    (local.set $rv (f32x4.pmin (local.get $v0) (local.get $v1)))
    (local.set $rv (f32x4.pmax (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.add (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.sub (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.mul (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.div (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.pmin (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.pmax (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.narrow_i16x8_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.narrow_i16x8_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.narrow_i32x4_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.narrow_i32x4_u (local.get $v0) (local.get $v1)))
    (local.set $v0 (v128.and (v128.not (local.get $v0)) (v128.not (local.get $v1))))))
;;=
;;= func $BINARY (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 40 00 00 00     lea r11, [rbp + 64]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 19 03 00 00        ja 0x330
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 11 03 00 00        jne 0x336
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000022  local.get $v0
;;=   0x000024  local.get $v1
;;=   0x000026  v128.and
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 f9 db 4d b0           vpand xmm1, xmm0, [rbp - 80]
;;=   0x000028  local.set $rv
;;=     003f  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00002a  local.get $v0
;;=   0x00002c  local.get $v1
;;=   0x00002e  v128.or
;;=     0044  c5 f9 eb 55 b0           vpor xmm2, xmm0, [rbp - 80]
;;=   0x000030  local.set $rv
;;=     0049  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000032  local.get $v0
;;=   0x000034  local.get $v1
;;=   0x000036  v128.xor
;;=     004e  c5 f9 ef 4d b0           vpxor xmm1, xmm0, [rbp - 80]
;;=   0x000038  local.set $rv
;;=     0053  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00003a  local.get $v0
;;=   0x00003c  local.get $v1
;;=   0x00003e  v128.andnot
;;=     0058  c5 f8 10 55 b0           vmovups xmm2, [rbp - 80]
;;=     005d  c5 e9 df d8              vpandn xmm3, xmm2, xmm0
;;=   0x000040  local.set $rv
;;=     0061  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000042  local.get $v0
;;=   0x000044  local.get $v1
;;=   0x000046  i8x16.add
;;=     0066  c5 f9 fc ca              vpaddb xmm1, xmm0, xmm2
;;=   0x000048  local.set $rv
;;=     006a  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00004a  local.get $v0
;;=   0x00004c  local.get $v1
;;=   0x00004e  i8x16.sub
;;=     006f  c5 f9 f8 da              vpsubb xmm3, xmm0, xmm2
;;=   0x000050  local.set $rv
;;=     0073  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000052  local.get $v0
;;=   0x000054  local.get $v1
;;=   0x000056  i8x16.add_sat_s
;;=     0078  c5 f9 ec ca              vpaddsb xmm1, xmm0, xmm2
;;=   0x000058  local.set $rv
;;=     007c  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00005a  local.get $v0
;;=   0x00005c  local.get $v1
;;=   0x00005e  i8x16.sub_sat_s
;;=     0081  c5 f9 e8 da              vpsubsb xmm3, xmm0, xmm2
;;=   0x000060  local.set $rv
;;=     0085  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000062  local.get $v0
;;=   0x000064  local.get $v1
;;=   0x000066  i8x16.add_sat_u
;;=     008a  c5 f9 dc ca              vpaddusb xmm1, xmm0, xmm2
;;=   0x000068  local.set $rv
;;=     008e  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00006a  local.get $v0
;;=   0x00006c  local.get $v1
;;=   0x00006e  i8x16.sub_sat_u
;;=     0093  c5 f9 d8 da              vpsubusb xmm3, xmm0, xmm2
;;=   0x000070  local.set $rv
;;=     0097  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000072  local.get $v0
;;=   0x000074  local.get $v1
;;=   0x000076  i8x16.avgr_u
;;=     009c  c5 f9 e0 ca              vpavgb xmm1, xmm0, xmm2
;;=   0x000078  local.set $rv
;;=     00a0  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00007a  local.get $v0
;;=   0x00007c  local.get $v1
;;=   0x00007e  i8x16.min_s
;;=     00a5  c4 e2 79 38 da           vpminsb xmm3, xmm0, xmm2
;;=   0x000080  local.set $rv
;;=     00aa  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000082  local.get $v0
;;=   0x000084  local.get $v1
;;=   0x000086  i8x16.min_u
;;=     00af  c5 f9 da ca              vpminub xmm1, xmm0, xmm2
;;=   0x000088  local.set $rv
;;=     00b3  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00008a  local.get $v0
;;=   0x00008c  local.get $v1
;;=   0x00008e  i8x16.max_s
;;=     00b8  c4 e2 79 3c da           vpmaxsb xmm3, xmm0, xmm2
;;=   0x000090  local.set $rv
;;=     00bd  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000092  local.get $v0
;;=   0x000094  local.get $v1
;;=   0x000096  i8x16.max_u
;;=     00c2  c5 f9 de ca              vpmaxub xmm1, xmm0, xmm2
;;=   0x000098  local.set $rv
;;=     00c6  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00009a  local.get $v0
;;=   0x00009c  local.get $v1
;;=   0x00009e  i16x8.add
;;=     00cb  c5 f9 fd da              vpaddw xmm3, xmm0, xmm2
;;=   0x0000a1  local.set $rv
;;=     00cf  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0000a3  local.get $v0
;;=   0x0000a5  local.get $v1
;;=   0x0000a7  i16x8.sub
;;=     00d4  c5 f9 f9 ca              vpsubw xmm1, xmm0, xmm2
;;=   0x0000aa  local.set $rv
;;=     00d8  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0000ac  local.get $v0
;;=   0x0000ae  local.get $v1
;;=   0x0000b0  i16x8.add_sat_s
;;=     00dd  c5 f9 ed da              vpaddsw xmm3, xmm0, xmm2
;;=   0x0000b3  local.set $rv
;;=     00e1  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0000b5  local.get $v0
;;=   0x0000b7  local.get $v1
;;=   0x0000b9  i16x8.sub_sat_s
;;=     00e6  c5 f9 e9 ca              vpsubsw xmm1, xmm0, xmm2
;;=   0x0000bc  local.set $rv
;;=     00ea  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0000be  local.get $v0
;;=   0x0000c0  local.get $v1
;;=   0x0000c2  i16x8.add_sat_u
;;=     00ef  c5 f9 dd da              vpaddusw xmm3, xmm0, xmm2
;;=   0x0000c5  local.set $rv
;;=     00f3  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0000c7  local.get $v0
;;=   0x0000c9  local.get $v1
;;=   0x0000cb  i16x8.sub_sat_u
;;=     00f8  c5 f9 d9 ca              vpsubusw xmm1, xmm0, xmm2
;;=   0x0000ce  local.set $rv
;;=     00fc  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0000d0  local.get $v0
;;=   0x0000d2  local.get $v1
;;=   0x0000d4  i16x8.avgr_u
;;=     0101  c5 f9 e3 da              vpavgw xmm3, xmm0, xmm2
;;=   0x0000d7  local.set $rv
;;=     0105  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0000d9  local.get $v0
;;=   0x0000db  local.get $v1
;;=   0x0000dd  i16x8.min_s
;;=     010a  c5 f9 ea ca              vpminsw xmm1, xmm0, xmm2
;;=   0x0000e0  local.set $rv
;;=     010e  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0000e2  local.get $v0
;;=   0x0000e4  local.get $v1
;;=   0x0000e6  i16x8.min_u
;;=     0113  c4 e2 79 3a da           vpminuw xmm3, xmm0, xmm2
;;=   0x0000e9  local.set $rv
;;=     0118  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0000eb  local.get $v0
;;=   0x0000ed  local.get $v1
;;=   0x0000ef  i16x8.max_s
;;=     011d  c5 f9 ee ca              vpmaxsw xmm1, xmm0, xmm2
;;=   0x0000f2  local.set $rv
;;=     0121  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0000f4  local.get $v0
;;=   0x0000f6  local.get $v1
;;=   0x0000f8  i16x8.max_u
;;=     0126  c4 e2 79 3e da           vpmaxuw xmm3, xmm0, xmm2
;;=   0x0000fb  local.set $rv
;;=     012b  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0000fd  local.get $v0
;;=   0x0000ff  local.get $v1
;;=   0x000101  i32x4.add
;;=     0130  c5 f9 fe ca              vpaddd xmm1, xmm0, xmm2
;;=   0x000104  local.set $rv
;;=     0134  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000106  local.get $v0
;;=   0x000108  local.get $v1
;;=   0x00010a  i32x4.sub
;;=     0139  c5 f9 fa da              vpsubd xmm3, xmm0, xmm2
;;=   0x00010d  local.set $rv
;;=     013d  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x00010f  local.get $v0
;;=   0x000111  local.get $v1
;;=   0x000113  i32x4.min_s
;;=     0142  c4 e2 79 39 ca           vpminsd xmm1, xmm0, xmm2
;;=   0x000116  local.set $rv
;;=     0147  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000118  local.get $v0
;;=   0x00011a  local.get $v1
;;=   0x00011c  i32x4.min_u
;;=     014c  c4 e2 79 3b da           vpminud xmm3, xmm0, xmm2
;;=   0x00011f  local.set $rv
;;=     0151  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000121  local.get $v0
;;=   0x000123  local.get $v1
;;=   0x000125  i32x4.max_s
;;=     0156  c4 e2 79 3d ca           vpmaxsd xmm1, xmm0, xmm2
;;=   0x000128  local.set $rv
;;=     015b  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00012a  local.get $v0
;;=   0x00012c  local.get $v1
;;=   0x00012e  i32x4.max_u
;;=     0160  c4 e2 79 3f da           vpmaxud xmm3, xmm0, xmm2
;;=   0x000131  local.set $rv
;;=     0165  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000133  local.get $v0
;;=   0x000135  local.get $v1
;;=   0x000137  i64x2.add
;;=     016a  c5 f9 d4 ca              vpaddq xmm1, xmm0, xmm2
;;=   0x00013a  local.set $rv
;;=     016e  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00013c  local.get $v0
;;=   0x00013e  local.get $v1
;;=   0x000140  i64x2.sub
;;=     0173  c5 f9 fb da              vpsubq xmm3, xmm0, xmm2
;;=   0x000143  local.set $rv
;;=     0177  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000145  local.get $v0
;;=   0x000147  local.get $v1
;;=   0x000149  i16x8.mul
;;=     017c  c5 f9 d5 ca              vpmullw xmm1, xmm0, xmm2
;;=   0x00014c  local.set $rv
;;=     0180  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00014e  local.get $v0
;;=   0x000150  local.get $v1
;;=   0x000152  i32x4.mul
;;=     0185  c4 e2 79 40 da           vpmulld xmm3, xmm0, xmm2
;;=   0x000155  local.set $rv
;;=     018a  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000157  local.get $v0
;;=   0x000159  local.get $v1
;;=   0x00015b  i32x4.dot_i16x8_s
;;=     018f  c5 f9 f5 ca              vpmaddwd xmm1, xmm0, xmm2
;;=   0x00015e  local.set $rv
;;=     0193  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000160  local.get $v0
;;=   0x000162  local.get $v1
;;=   0x000164  i8x16.eq
;;=     0198  c5 f9 74 da              vpcmpeqb xmm3, xmm0, xmm2
;;=   0x000166  local.set $rv
;;=     019c  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000168  local.get $v0
;;=   0x00016a  local.get $v1
;;=   0x00016c  i8x16.ne
;;=     01a1  c5 f9 74 ca              vpcmpeqb xmm1, xmm0, xmm2
;;=     01a5  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     01aa  c4 c1 71 ef cf           vpxor xmm1, xmm1, xmm15
;;=   0x00016e  local.set $rv
;;=     01af  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000170  local.get $v0
;;=   0x000172  local.get $v1
;;=   0x000174  i8x16.gt_s
;;=     01b4  c5 f9 64 da              vpcmpgtb xmm3, xmm0, xmm2
;;=   0x000176  local.set $rv
;;=     01b8  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000178  local.get $v0
;;=   0x00017a  local.get $v1
;;=   0x00017c  i8x16.lt_s
;;=     01bd  c5 e9 64 c8              vpcmpgtb xmm1, xmm2, xmm0
;;=   0x00017e  local.set $rv
;;=     01c1  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000180  local.get $v0
;;=   0x000182  local.get $v1
;;=   0x000184  i16x8.eq
;;=     01c6  c5 f9 75 da              vpcmpeqw xmm3, xmm0, xmm2
;;=   0x000186  local.set $rv
;;=     01ca  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000188  local.get $v0
;;=   0x00018a  local.get $v1
;;=   0x00018c  i16x8.ne
;;=     01cf  c5 f9 75 ca              vpcmpeqw xmm1, xmm0, xmm2
;;=     01d3  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     01d8  c4 c1 71 ef cf           vpxor xmm1, xmm1, xmm15
;;=   0x00018e  local.set $rv
;;=     01dd  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000190  local.get $v0
;;=   0x000192  local.get $v1
;;=   0x000194  i16x8.gt_s
;;=     01e2  c5 f9 65 da              vpcmpgtw xmm3, xmm0, xmm2
;;=   0x000196  local.set $rv
;;=     01e6  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000198  local.get $v0
;;=   0x00019a  local.get $v1
;;=   0x00019c  i16x8.lt_s
;;=     01eb  c5 e9 65 c8              vpcmpgtw xmm1, xmm2, xmm0
;;=   0x00019e  local.set $rv
;;=     01ef  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0001a0  local.get $v0
;;=   0x0001a2  local.get $v1
;;=   0x0001a4  i32x4.eq
;;=     01f4  c5 f9 76 da              vpcmpeqd xmm3, xmm0, xmm2
;;=   0x0001a6  local.set $rv
;;=     01f8  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0001a8  local.get $v0
;;=   0x0001aa  local.get $v1
;;=   0x0001ac  i32x4.ne
;;=     01fd  c5 f9 76 ca              vpcmpeqd xmm1, xmm0, xmm2
;;=     0201  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0206  c4 c1 71 ef cf           vpxor xmm1, xmm1, xmm15
;;=   0x0001ae  local.set $rv
;;=     020b  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0001b0  local.get $v0
;;=   0x0001b2  local.get $v1
;;=   0x0001b4  i32x4.gt_s
;;=     0210  c5 f9 66 da              vpcmpgtd xmm3, xmm0, xmm2
;;=   0x0001b6  local.set $rv
;;=     0214  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0001b8  local.get $v0
;;=   0x0001ba  local.get $v1
;;=   0x0001bc  i32x4.lt_s
;;=     0219  c5 e9 66 c8              vpcmpgtd xmm1, xmm2, xmm0
;;=   0x0001be  local.set $rv
;;=     021d  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0001c0  local.get $v0
;;=   0x0001c2  local.get $v1
;;=   0x0001c4  i64x2.eq
;;=     0222  c4 e2 79 29 da           vpcmpeqq xmm3, xmm0, xmm2
;;=   0x0001c7  local.set $rv
;;=     0227  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0001c9  local.get $v0
;;=   0x0001cb  local.get $v1
;;=   0x0001cd  i64x2.ne
;;=     022c  c4 e2 79 29 ca           vpcmpeqq xmm1, xmm0, xmm2
;;=     0231  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0236  c4 c1 71 ef cf           vpxor xmm1, xmm1, xmm15
;;=   0x0001d0  local.set $rv
;;=     023b  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0001d2  local.get $v0
;;=   0x0001d4  local.get $v1
;;=   0x0001d6  i64x2.gt_s
;;=     0240  c4 e2 79 37 da           vpcmpgtq xmm3, xmm0, xmm2
;;=   0x0001d9  local.set $rv
;;=     0245  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0001db  local.get $v0
;;=   0x0001dd  local.get $v1
;;=   0x0001df  i64x2.lt_s
;;=     024a  c4 e2 69 37 c8           vpcmpgtq xmm1, xmm2, xmm0
;;=   0x0001e2  local.set $rv
;;=     024f  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0001e4  local.get $v0
;;=   0x0001e6  local.get $v1
;;=   0x0001e8  i64x2.le_s
;;=     0254  c4 e2 79 37 da           vpcmpgtq xmm3, xmm0, xmm2
;;=     0259  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     025e  c4 c1 61 ef df           vpxor xmm3, xmm3, xmm15
;;=   0x0001eb  local.set $rv
;;=     0263  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0001ed  local.get $v0
;;=   0x0001ef  local.get $v1
;;=   0x0001f1  i64x2.ge_s
;;=     0268  c4 e2 69 37 c8           vpcmpgtq xmm1, xmm2, xmm0
;;=     026d  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0272  c4 c1 71 ef cf           vpxor xmm1, xmm1, xmm15
;;=   0x0001f4  local.set $rv
;;=     0277  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0001f6  local.get $v0
;;=   0x0001f8  local.get $v1
;;=   0x0001fa  f32x4.add
;;=     027c  c5 f8 58 da              vaddps xmm3, xmm0, xmm2
;;=   0x0001fd  local.set $rv
;;=     0280  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x0001ff  local.get $v0
;;=   0x000201  local.get $v1
;;=   0x000203  f32x4.sub
;;=     0285  c5 f8 5c ca              vsubps xmm1, xmm0, xmm2
;;=   0x000206  local.set $rv
;;=     0289  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000208  local.get $v0
;;=   0x00020a  local.get $v1
;;=   0x00020c  f32x4.mul
;;=     028e  c5 f8 59 da              vmulps xmm3, xmm0, xmm2
;;=   0x00020f  local.set $rv
;;=     0292  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000211  local.get $v0
;;=   0x000213  local.get $v1
;;=   0x000215  f32x4.div
;;=     0297  c5 f8 5e ca              vdivps xmm1, xmm0, xmm2
;;=   0x000218  local.set $rv
;;=     029b  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00021a  local.get $v0
;;=   0x00021c  local.get $v1
;;=   0x00021e  f32x4.pmin
;;=     02a0  c5 e8 5d d8              vminps xmm3, xmm2, xmm0
;;=   0x000221  local.set $rv
;;=     02a4  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000223  local.get $v0
;;=   0x000225  local.get $v1
;;=   0x000227  f32x4.pmax
;;=     02a9  c5 e8 5f c8              vmaxps xmm1, xmm2, xmm0
;;=   0x00022a  local.set $rv
;;=     02ad  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00022c  local.get $v0
;;=   0x00022e  local.get $v1
;;=   0x000230  f64x2.add
;;=     02b2  c5 f9 58 da              vaddpd xmm3, xmm0, xmm2
;;=   0x000233  local.set $rv
;;=     02b6  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000235  local.get $v0
;;=   0x000237  local.get $v1
;;=   0x000239  f64x2.sub
;;=     02bb  c5 f9 5c ca              vsubpd xmm1, xmm0, xmm2
;;=   0x00023c  local.set $rv
;;=     02bf  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00023e  local.get $v0
;;=   0x000240  local.get $v1
;;=   0x000242  f64x2.mul
;;=     02c4  c5 f9 59 da              vmulpd xmm3, xmm0, xmm2
;;=   0x000245  local.set $rv
;;=     02c8  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000247  local.get $v0
;;=   0x000249  local.get $v1
;;=   0x00024b  f64x2.div
;;=     02cd  c5 f9 5e ca              vdivpd xmm1, xmm0, xmm2
;;=   0x00024e  local.set $rv
;;=     02d1  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000250  local.get $v0
;;=   0x000252  local.get $v1
;;=   0x000254  f64x2.pmin
;;=     02d6  c5 e9 5d d8              vminpd xmm3, xmm2, xmm0
;;=   0x000257  local.set $rv
;;=     02da  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000259  local.get $v0
;;=   0x00025b  local.get $v1
;;=   0x00025d  f64x2.pmax
;;=     02df  c5 e9 5f c8              vmaxpd xmm1, xmm2, xmm0
;;=   0x000260  local.set $rv
;;=     02e3  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000262  local.get $v0
;;=   0x000264  local.get $v1
;;=   0x000266  i8x16.narrow_i16x8_s
;;=     02e8  c5 f9 63 da              vpacksswb xmm3, xmm0, xmm2
;;=   0x000268  local.set $rv
;;=     02ec  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x00026a  local.get $v0
;;=   0x00026c  local.get $v1
;;=   0x00026e  i8x16.narrow_i16x8_u
;;=     02f1  c5 f9 67 ca              vpackuswb xmm1, xmm0, xmm2
;;=   0x000270  local.set $rv
;;=     02f5  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000272  local.get $v0
;;=   0x000274  local.get $v1
;;=   0x000276  i16x8.narrow_i32x4_s
;;=     02fa  c5 f9 6b da              vpackssdw xmm3, xmm0, xmm2
;;=   0x000279  local.set $rv
;;=     02fe  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x00027b  local.get $v0
;;=   0x00027d  local.get $v1
;;=   0x00027f  i16x8.narrow_i32x4_u
;;=     0303  c4 e2 79 2b ca           vpackusdw xmm1, xmm0, xmm2
;;=   0x000282  local.set $rv
;;=     0308  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000284  local.get $v0
;;=   0x000286  v128.not
;;=     030d  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0312  c5 81 ef d8              vpxor xmm3, xmm15, xmm0
;;=   0x000288  local.get $v1
;;=   0x00028a  v128.not
;;=     0316  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     031b  c5 81 ef e2              vpxor xmm4, xmm15, xmm2
;;=   0x00028c  v128.and
;;=     031f  c5 e1 db dc              vpand xmm3, xmm3, xmm4
;;=   0x00028e  local.set $v0
;;=     0323  c5 f8 11 5d a0           vmovups [rbp - 96], xmm3
;;=   0x000290  end
;;=     0328  41 ff 36                 push qword [r14]
;;=     032b  49 83 c6 08              add r14, 8
;;=     032f  c3                       ret
;;=   0x00001f  no room for the frame
;;=     0330:
;;=     0330  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001f  stop at the entry
;;=     0336:
;;=     0336  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     033c  e9 e4 fc ff ff           jmp 0x25
;;=
;;= 833 bytes of code, 0 behind it; a frame of 16 slots
