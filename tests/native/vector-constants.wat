;;! weft inspect --native constants %
;; vectors that are constants, and lanes that are
(module
  (memory 1)
  (func $constants (param $p i32) (param $a v128) (local $r v128)
    (local.set $r (v128.const i64x2 0 0))
    (local.set $r (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15))
    (local.set $r (i16x8.add (v128.const i16x8 1 1 1 1 1 1 1 1) (local.get $a)))
    (local.set $r (i16x8.sub (i16x8.splat (i32.const 1)) (local.get $a)))
    ;; less than 10 is not above 9; nothing is below 0
    (local.set $r (i8x16.lt_u (local.get $a) (i8x16.splat (i32.const 10))))
    (local.set $r (i8x16.gt_u (local.get $a) (i8x16.splat (i32.const 10))))
    (local.set $r (i16x8.gt_u (i16x8.splat (i32.const 10)) (local.get $a)))
    (local.set $r (i32x4.lt_u (local.get $a) (v128.const i32x4 1 1 1 0)))
    (local.set $r (i16x8.gt_u (local.get $a) (v128.const i16x8 1 1 1 1 1 1 1 -1)))
    ;; shifts
    (local.set $r (i8x16.shl (local.get $a) (i32.const 9)))
    (local.set $r (i8x16.shr_s (local.get $a) (i32.const 9)))
    (local.set $r (i8x16.shr_u (local.get $a) (i32.const 9)))
    (local.set $r (i16x8.shr_s (local.get $a) (i32.const 17)))
    (local.set $r (i64x2.shr_s (local.get $a) (i32.const 65)))
    ;; the first lane
    (v128.store32_lane 0 (local.get $p) (local.get $a))
    (v128.store64_lane 0 (local.get $p) (local.get $a))
    (f32.store (local.get $p) (f32x4.extract_lane 0 (local.get $a)))
    (i64.store (local.get $p) (i64x2.extract_lane 0 (local.get $a)))))
;;=
;;= func $constants (;0;) (type 0) (param $p i32) (param $a v128)
;;=     (local $r v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 08 00 00 00     lea r11, [rbp + 8]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 5b 01 00 00        ja 0x172
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 53 01 00 00        jne 0x178
;;=     0025:
;;=     0025  48 c7 45 98 00 00 00 00  mov qword [rbp - 104], 0
;;=     002d  48 c7 45 a0 00 00 00 00  mov qword [rbp - 96], 0
;;=   0x000022  v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
;;=   0x000034  local.set $r
;;=     0035  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     003a  c5 78 11 7d 98           vmovups [rbp - 104], xmm15
;;=   0x000036  v128.const i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c
;;=   0x000048  local.set $r
;;=     003f  c5 78 10 3d 49 01 00 00  vmovups xmm15, [rip + 329]
;;=     0047  c5 78 11 7d 98           vmovups [rbp - 104], xmm15
;;=   0x00004a  v128.const i32x4 0x00010001 0x00010001 0x00010001 0x00010001
;;=   0x00005c  local.get $a
;;=   0x00005e  i16x8.add
;;=     004c  c5 f8 10 45 88           vmovups xmm0, [rbp - 120]
;;=     0051  c5 f9 fd 0d 47 01 00 00  vpaddw xmm1, xmm0, [rip + 327]
;;=   0x000061  local.set $r
;;=     0059  c5 f8 11 4d 98           vmovups [rbp - 104], xmm1
;;=   0x000063  i32.const 1
;;=   0x000065  i16x8.splat
;;=   0x000067  local.get $a
;;=   0x000069  i16x8.sub
;;=     005e  c5 f8 10 15 3a 01 00 00  vmovups xmm2, [rip + 314]
;;=     0066  c5 e9 f9 d0              vpsubw xmm2, xmm2, xmm0
;;=   0x00006c  local.set $r
;;=     006a  c5 f8 11 55 98           vmovups [rbp - 104], xmm2
;;=   0x00006e  local.get $a
;;=   0x000070  i32.const 10
;;=   0x000072  i8x16.splat
;;=   0x000074  i8x16.lt_u
;;=     006f  c5 79 da 3d 39 01 00 00  vpminub xmm15, xmm0, [rip + 313]
;;=     0077  c4 c1 79 74 cf           vpcmpeqb xmm1, xmm0, xmm15
;;=   0x000076  local.set $r
;;=     007c  c5 f8 11 4d 98           vmovups [rbp - 104], xmm1
;;=   0x000078  local.get $a
;;=   0x00007a  i32.const 10
;;=   0x00007c  i8x16.splat
;;=   0x00007e  i8x16.gt_u
;;=     0081  c5 79 de 3d 37 01 00 00  vpmaxub xmm15, xmm0, [rip + 311]
;;=     0089  c4 c1 79 74 d7           vpcmpeqb xmm2, xmm0, xmm15
;;=   0x000080  local.set $r
;;=     008e  c5 f8 11 55 98           vmovups [rbp - 104], xmm2
;;=   0x000082  i32.const 10
;;=   0x000084  i16x8.splat
;;=   0x000086  local.get $a
;;=   0x000088  i16x8.gt_u
;;=     0093  c4 62 79 3a 3d 34 01 00 00  vpminuw xmm15, xmm0, [rip + 308]
;;=     009c  c4 c1 79 75 cf           vpcmpeqw xmm1, xmm0, xmm15
;;=   0x00008a  local.set $r
;;=     00a1  c5 f8 11 4d 98           vmovups [rbp - 104], xmm1
;;=   0x00008c  local.get $a
;;=   0x00008e  v128.const i32x4 0x00000001 0x00000001 0x00000001 0x00000000
;;=   0x0000a0  i32x4.lt_u
;;=     00a6  c4 62 79 3f 3d 31 01 00 00  vpmaxud xmm15, xmm0, [rip + 305]
;;=     00af  c4 c1 79 76 d7           vpcmpeqd xmm2, xmm0, xmm15
;;=     00b4  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00b9  c4 c1 69 ef d7           vpxor xmm2, xmm2, xmm15
;;=   0x0000a2  local.set $r
;;=     00be  c5 f8 11 55 98           vmovups [rbp - 104], xmm2
;;=   0x0000a4  local.get $a
;;=   0x0000a6  v128.const i32x4 0x00010001 0x00010001 0x00010001 0xffff0001
;;=   0x0000b8  i16x8.gt_u
;;=     00c3  c4 62 79 3a 3d 24 01 00 00  vpminuw xmm15, xmm0, [rip + 292]
;;=     00cc  c4 c1 79 75 cf           vpcmpeqw xmm1, xmm0, xmm15
;;=     00d1  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00d6  c4 c1 71 ef cf           vpxor xmm1, xmm1, xmm15
;;=   0x0000ba  local.set $r
;;=     00db  c5 f8 11 4d 98           vmovups [rbp - 104], xmm1
;;=   0x0000bc  local.get $a
;;=   0x0000be  i32.const 9
;;=   0x0000c0  i8x16.shl
;;=     00e0  c5 f8 10 15 18 01 00 00  vmovups xmm2, [rip + 280]
;;=     00e8  c5 f9 db da              vpand xmm3, xmm0, xmm2
;;=     00ec  c5 e1 71 f3 01           vpsllw xmm3, xmm3, 1
;;=   0x0000c2  local.set $r
;;=     00f1  c5 f8 11 5d 98           vmovups [rbp - 104], xmm3
;;=   0x0000c4  local.get $a
;;=   0x0000c6  i32.const 9
;;=   0x0000c8  i8x16.shr_s
;;=     00f6  c5 f9 68 c8              vpunpckhbw xmm1, xmm0, xmm0
;;=     00fa  c5 f9 60 d0              vpunpcklbw xmm2, xmm0, xmm0
;;=     00fe  c5 f1 71 e1 09           vpsraw xmm1, xmm1, 9
;;=     0103  c5 e9 71 e2 09           vpsraw xmm2, xmm2, 9
;;=     0108  c5 e9 63 d1              vpacksswb xmm2, xmm2, xmm1
;;=   0x0000ca  local.set $r
;;=     010c  c5 f8 11 55 98           vmovups [rbp - 104], xmm2
;;=   0x0000cc  local.get $a
;;=   0x0000ce  i32.const 9
;;=   0x0000d0  i8x16.shr_u
;;=     0111  c5 f8 10 0d e7 00 00 00  vmovups xmm1, [rip + 231]
;;=     0119  c5 e1 71 d0 01           vpsrlw xmm3, xmm0, 1
;;=     011e  c5 e1 db d9              vpand xmm3, xmm3, xmm1
;;=   0x0000d2  local.set $r
;;=     0122  c5 f8 11 5d 98           vmovups [rbp - 104], xmm3
;;=   0x0000d4  local.get $a
;;=   0x0000d6  i32.const 17
;;=   0x0000d8  i16x8.shr_s
;;=     0127  c5 f1 71 e0 01           vpsraw xmm1, xmm0, 1
;;=   0x0000db  local.set $r
;;=     012c  c5 f8 11 4d 98           vmovups [rbp - 104], xmm1
;;=   0x0000dd  local.get $a
;;=   0x0000df  i32.const 65
;;=   0x0000e2  i64x2.shr_s
;;=     0131  c5 f8 10 15 d7 00 00 00  vmovups xmm2, [rip + 215]
;;=     0139  c5 e1 73 d0 01           vpsrlq xmm3, xmm0, 1
;;=     013e  c5 e1 ef da              vpxor xmm3, xmm3, xmm2
;;=     0142  c5 e1 fb da              vpsubq xmm3, xmm3, xmm2
;;=   0x0000e5  local.set $r
;;=     0146  c5 f8 11 5d 98           vmovups [rbp - 104], xmm3
;;=   0x0000e7  local.get $p
;;=   0x0000e9  local.get $a
;;=   0x0000eb  v128.store32_lane 0
;;=     014b  8b 75 80                 mov esi, [rbp - 128]
;;=     014e  c5 fa 11 04 33           vmovss dword [rbx + rsi], xmm0
;;=   0x0000f0  local.get $p
;;=   0x0000f2  local.get $a
;;=   0x0000f4  v128.store64_lane 0
;;=     0153  c5 fb 11 04 33           vmovsd qword [rbx + rsi], xmm0
;;=   0x0000f9  local.get $p
;;=   0x0000fb  local.get $a
;;=   0x0000fd  f32x4.extract_lane 0
;;=     0158  c5 f8 28 c8              vmovaps xmm1, xmm0
;;=   0x000100  f32.store
;;=     015c  c5 fa 11 0c 33           vmovss dword [rbx + rsi], xmm1
;;=   0x000103  local.get $p
;;=   0x000105  local.get $a
;;=   0x000107  i64x2.extract_lane 0
;;=     0161  c4 e1 f9 7e c7           vmovq rdi, xmm0
;;=   0x00010a  i64.store
;;=     0166  48 89 3c 33              mov [rbx + rsi], rdi
;;=   0x00010d  end
;;=     016a  41 ff 36                 push qword [r14]
;;=     016d  49 83 c6 08              add r14, 8
;;=     0171  c3                       ret
;;=   0x00001f  no room for the frame
;;=     0172:
;;=     0172  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001f  stop at the entry
;;=     0178:
;;=     0178  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     017e  e9 a2 fe ff ff           jmp 0x25
;;=   constants
;;=     0190  00 01 02 03 04 05 06 07
;;=     0198  08 09 0a 0b 0c 0d 0e 0f
;;=     01a0  01 00 01 00 01 00 01 00
;;=     01a8  01 00 01 00 01 00 01 00
;;=     01b0  09 09 09 09 09 09 09 09
;;=     01b8  09 09 09 09 09 09 09 09
;;=     01c0  0b 0b 0b 0b 0b 0b 0b 0b
;;=     01c8  0b 0b 0b 0b 0b 0b 0b 0b
;;=     01d0  09 00 09 00 09 00 09 00
;;=     01d8  09 00 09 00 09 00 09 00
;;=     01e0  01 00 00 00 01 00 00 00
;;=     01e8  01 00 00 00 00 00 00 00
;;=     01f0  01 00 01 00 01 00 01 00
;;=     01f8  01 00 01 00 01 00 ff ff
;;=     0200  7f 7f 7f 7f 7f 7f 7f 7f
;;=     0208  7f 7f 7f 7f 7f 7f 7f 7f
;;=     0210  00 00 00 00 00 00 00 40
;;=     0218  00 00 00 00 00 00 00 40
;;=
;;= 387 bytes of code, 157 behind it; a frame of 9 slots
