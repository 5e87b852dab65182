;;! weft inspect --native CMP_MOST %
;; vectors: operands that are locals, or on the stack
(module
  (func $CMP_MOST (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i8x16.le_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.ge_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.le_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.ge_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.lt_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.gt_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.le_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.ge_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.le_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.ge_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.lt_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.gt_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.le_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.ge_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.le_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.ge_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.lt_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.gt_u (local.get $v0) (local.get $v1)))
    (local.set $v0 (i8x16.le_s (v128.not (local.get $v0)) (v128.not (local.get $v1))))))
;;=
;;= func $CMP_MOST (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 40 00 00 00     lea r11, [rbp + 64]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 a3 01 00 00        ja 0x1ba
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 9b 01 00 00        jne 0x1c0
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000022  local.get $v0
;;=   0x000024  local.get $v1
;;=   0x000026  i8x16.le_s
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c4 62 79 38 7d b0        vpminsb xmm15, xmm0, [rbp - 80]
;;=     0040  c4 c1 79 74 cf           vpcmpeqb xmm1, xmm0, xmm15
;;=   0x000028  local.set $rv
;;=     0045  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00002a  local.get $v0
;;=   0x00002c  local.get $v1
;;=   0x00002e  i8x16.ge_s
;;=     004a  c4 62 79 3c 7d b0        vpmaxsb xmm15, xmm0, [rbp - 80]
;;=     0050  c4 c1 79 74 d7           vpcmpeqb xmm2, xmm0, xmm15
;;=   0x000030  local.set $rv
;;=     0055  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000032  local.get $v0
;;=   0x000034  local.get $v1
;;=   0x000036  i8x16.le_u
;;=     005a  c5 79 da 7d b0           vpminub xmm15, xmm0, [rbp - 80]
;;=     005f  c4 c1 79 74 cf           vpcmpeqb xmm1, xmm0, xmm15
;;=   0x000038  local.set $rv
;;=     0064  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00003a  local.get $v0
;;=   0x00003c  local.get $v1
;;=   0x00003e  i8x16.ge_u
;;=     0069  c5 79 de 7d b0           vpmaxub xmm15, xmm0, [rbp - 80]
;;=     006e  c4 c1 79 74 d7           vpcmpeqb xmm2, xmm0, xmm15
;;=   0x000040  local.set $rv
;;=     0073  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000042  local.get $v0
;;=   0x000044  local.get $v1
;;=   0x000046  i8x16.lt_u
;;=     0078  c5 79 de 7d b0           vpmaxub xmm15, xmm0, [rbp - 80]
;;=     007d  c4 c1 79 74 cf           vpcmpeqb xmm1, xmm0, xmm15
;;=     0082  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0087  c4 c1 71 ef cf           vpxor xmm1, xmm1, xmm15
;;=   0x000048  local.set $rv
;;=     008c  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00004a  local.get $v0
;;=   0x00004c  local.get $v1
;;=   0x00004e  i8x16.gt_u
;;=     0091  c5 79 da 7d b0           vpminub xmm15, xmm0, [rbp - 80]
;;=     0096  c4 c1 79 74 d7           vpcmpeqb xmm2, xmm0, xmm15
;;=     009b  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00a0  c4 c1 69 ef d7           vpxor xmm2, xmm2, xmm15
;;=   0x000050  local.set $rv
;;=     00a5  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000052  local.get $v0
;;=   0x000054  local.get $v1
;;=   0x000056  i16x8.le_s
;;=     00aa  c5 79 ea 7d b0           vpminsw xmm15, xmm0, [rbp - 80]
;;=     00af  c4 c1 79 75 cf           vpcmpeqw xmm1, xmm0, xmm15
;;=   0x000058  local.set $rv
;;=     00b4  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00005a  local.get $v0
;;=   0x00005c  local.get $v1
;;=   0x00005e  i16x8.ge_s
;;=     00b9  c5 79 ee 7d b0           vpmaxsw xmm15, xmm0, [rbp - 80]
;;=     00be  c4 c1 79 75 d7           vpcmpeqw xmm2, xmm0, xmm15
;;=   0x000060  local.set $rv
;;=     00c3  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000062  local.get $v0
;;=   0x000064  local.get $v1
;;=   0x000066  i16x8.le_u
;;=     00c8  c4 62 79 3a 7d b0        vpminuw xmm15, xmm0, [rbp - 80]
;;=     00ce  c4 c1 79 75 cf           vpcmpeqw xmm1, xmm0, xmm15
;;=   0x000068  local.set $rv
;;=     00d3  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00006a  local.get $v0
;;=   0x00006c  local.get $v1
;;=   0x00006e  i16x8.ge_u
;;=     00d8  c4 62 79 3e 7d b0        vpmaxuw xmm15, xmm0, [rbp - 80]
;;=     00de  c4 c1 79 75 d7           vpcmpeqw xmm2, xmm0, xmm15
;;=   0x000070  local.set $rv
;;=     00e3  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000072  local.get $v0
;;=   0x000074  local.get $v1
;;=   0x000076  i16x8.lt_u
;;=     00e8  c4 62 79 3e 7d b0        vpmaxuw xmm15, xmm0, [rbp - 80]
;;=     00ee  c4 c1 79 75 cf           vpcmpeqw xmm1, xmm0, xmm15
;;=     00f3  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00f8  c4 c1 71 ef cf           vpxor xmm1, xmm1, xmm15
;;=   0x000078  local.set $rv
;;=     00fd  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00007a  local.get $v0
;;=   0x00007c  local.get $v1
;;=   0x00007e  i16x8.gt_u
;;=     0102  c4 62 79 3a 7d b0        vpminuw xmm15, xmm0, [rbp - 80]
;;=     0108  c4 c1 79 75 d7           vpcmpeqw xmm2, xmm0, xmm15
;;=     010d  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0112  c4 c1 69 ef d7           vpxor xmm2, xmm2, xmm15
;;=   0x000080  local.set $rv
;;=     0117  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000082  local.get $v0
;;=   0x000084  local.get $v1
;;=   0x000086  i32x4.le_s
;;=     011c  c4 62 79 39 7d b0        vpminsd xmm15, xmm0, [rbp - 80]
;;=     0122  c4 c1 79 76 cf           vpcmpeqd xmm1, xmm0, xmm15
;;=   0x000088  local.set $rv
;;=     0127  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00008a  local.get $v0
;;=   0x00008c  local.get $v1
;;=   0x00008e  i32x4.ge_s
;;=     012c  c4 62 79 3d 7d b0        vpmaxsd xmm15, xmm0, [rbp - 80]
;;=     0132  c4 c1 79 76 d7           vpcmpeqd xmm2, xmm0, xmm15
;;=   0x000090  local.set $rv
;;=     0137  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000092  local.get $v0
;;=   0x000094  local.get $v1
;;=   0x000096  i32x4.le_u
;;=     013c  c4 62 79 3b 7d b0        vpminud xmm15, xmm0, [rbp - 80]
;;=     0142  c4 c1 79 76 cf           vpcmpeqd xmm1, xmm0, xmm15
;;=   0x000098  local.set $rv
;;=     0147  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00009a  local.get $v0
;;=   0x00009c  local.get $v1
;;=   0x00009e  i32x4.ge_u
;;=     014c  c4 62 79 3f 7d b0        vpmaxud xmm15, xmm0, [rbp - 80]
;;=     0152  c4 c1 79 76 d7           vpcmpeqd xmm2, xmm0, xmm15
;;=   0x0000a0  local.set $rv
;;=     0157  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x0000a2  local.get $v0
;;=   0x0000a4  local.get $v1
;;=   0x0000a6  i32x4.lt_u
;;=     015c  c4 62 79 3f 7d b0        vpmaxud xmm15, xmm0, [rbp - 80]
;;=     0162  c4 c1 79 76 cf           vpcmpeqd xmm1, xmm0, xmm15
;;=     0167  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     016c  c4 c1 71 ef cf           vpxor xmm1, xmm1, xmm15
;;=   0x0000a8  local.set $rv
;;=     0171  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x0000aa  local.get $v0
;;=   0x0000ac  local.get $v1
;;=   0x0000ae  i32x4.gt_u
;;=     0176  c4 62 79 3b 7d b0        vpminud xmm15, xmm0, [rbp - 80]
;;=     017c  c4 c1 79 76 d7           vpcmpeqd xmm2, xmm0, xmm15
;;=     0181  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0186  c4 c1 69 ef d7           vpxor xmm2, xmm2, xmm15
;;=   0x0000b0  local.set $rv
;;=     018b  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x0000b2  local.get $v0
;;=   0x0000b4  v128.not
;;=     0190  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0195  c5 81 ef c8              vpxor xmm1, xmm15, xmm0
;;=   0x0000b6  local.get $v1
;;=   0x0000b8  v128.not
;;=     0199  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     019e  c5 81 ef 5d b0           vpxor xmm3, xmm15, [rbp - 80]
;;=   0x0000ba  i8x16.le_s
;;=     01a3  c4 62 71 38 fb           vpminsb xmm15, xmm1, xmm3
;;=     01a8  c4 c1 71 74 cf           vpcmpeqb xmm1, xmm1, xmm15
;;=   0x0000bc  local.set $v0
;;=     01ad  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x0000be  end
;;=     01b2  41 ff 36                 push qword [r14]
;;=     01b5  49 83 c6 08              add r14, 8
;;=     01b9  c3                       ret
;;=   0x00001f  no room for the frame
;;=     01ba:
;;=     01ba  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001f  stop at the entry
;;=     01c0:
;;=     01c0  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     01c6  e9 5a fe ff ff           jmp 0x25
;;=
;;= 459 bytes of code, 0 behind it; a frame of 16 slots
