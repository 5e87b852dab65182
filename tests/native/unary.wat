;;! weft inspect --native UNARY %
;; vectors: operands that are locals, or on the stack
(module
  (func $UNARY (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i8x16.abs (local.get $v0)))
    (local.set $rv (i16x8.abs (local.get $v0)))
    (local.set $rv (i32x4.abs (local.get $v0)))
    (local.set $rv (f32x4.sqrt (local.get $v0)))
    (local.set $rv (f64x2.sqrt (local.get $v0)))
    (local.set $rv (i16x8.extend_low_i8x16_s (local.get $v0)))
    (local.set $rv (i16x8.extend_low_i8x16_u (local.get $v0)))
    (local.set $rv (i32x4.extend_low_i16x8_s (local.get $v0)))
    (local.set $rv (i32x4.extend_low_i16x8_u (local.get $v0)))
    (local.set $rv (i64x2.extend_low_i32x4_s (local.get $v0)))
    (local.set $rv (i64x2.extend_low_i32x4_u (local.get $v0)))
    (local.set $rv (f32x4.demote_f64x2_zero (local.get $v0)))
    (local.set $rv (f64x2.promote_low_f32x4 (local.get $v0)))
    (local.set $rv (f32x4.convert_i32x4_s (local.get $v0)))
    (local.set $rv (f64x2.convert_low_i32x4_s (local.get $v0)))
    (local.set $v0 (i8x16.abs (v128.not (local.get $v0))))))
;;=
;;= func $UNARY (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 d9 00 00 00        ja 0xf0
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 d1 00 00 00        jne 0xf6
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i8x16.abs
;;=     0035  c4 e2 79 1c 45 a0        vpabsb xmm0, [rbp - 96]
;;=   0x000024  local.set $rv
;;=     003b  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000026  local.get $v0
;;=   0x000028  i16x8.abs
;;=     0040  c4 e2 79 1d 4d a0        vpabsw xmm1, [rbp - 96]
;;=   0x00002b  local.set $rv
;;=     0046  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00002d  local.get $v0
;;=   0x00002f  i32x4.abs
;;=     004b  c4 e2 79 1e 45 a0        vpabsd xmm0, [rbp - 96]
;;=   0x000032  local.set $rv
;;=     0051  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000034  local.get $v0
;;=   0x000036  f32x4.sqrt
;;=     0056  c5 f8 51 4d a0           vsqrtps xmm1, [rbp - 96]
;;=   0x000039  local.set $rv
;;=     005b  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00003b  local.get $v0
;;=   0x00003d  f64x2.sqrt
;;=     0060  c5 f9 51 45 a0           vsqrtpd xmm0, [rbp - 96]
;;=   0x000040  local.set $rv
;;=     0065  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000042  local.get $v0
;;=   0x000044  i16x8.extend_low_i8x16_s
;;=     006a  c4 e2 79 20 4d a0        vpmovsxbw xmm1, qword [rbp - 96]
;;=   0x000047  local.set $rv
;;=     0070  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000049  local.get $v0
;;=   0x00004b  i16x8.extend_low_i8x16_u
;;=     0075  c4 e2 79 30 45 a0        vpmovzxbw xmm0, qword [rbp - 96]
;;=   0x00004e  local.set $rv
;;=     007b  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000050  local.get $v0
;;=   0x000052  i32x4.extend_low_i16x8_s
;;=     0080  c4 e2 79 23 4d a0        vpmovsxwd xmm1, qword [rbp - 96]
;;=   0x000055  local.set $rv
;;=     0086  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000057  local.get $v0
;;=   0x000059  i32x4.extend_low_i16x8_u
;;=     008b  c4 e2 79 33 45 a0        vpmovzxwd xmm0, qword [rbp - 96]
;;=   0x00005c  local.set $rv
;;=     0091  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00005e  local.get $v0
;;=   0x000060  i64x2.extend_low_i32x4_s
;;=     0096  c4 e2 79 25 4d a0        vpmovsxdq xmm1, qword [rbp - 96]
;;=   0x000063  local.set $rv
;;=     009c  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000065  local.get $v0
;;=   0x000067  i64x2.extend_low_i32x4_u
;;=     00a1  c4 e2 79 35 45 a0        vpmovzxdq xmm0, qword [rbp - 96]
;;=   0x00006a  local.set $rv
;;=     00a7  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00006c  local.get $v0
;;=   0x00006e  f32x4.demote_f64x2_zero
;;=     00ac  c5 f9 5a 4d a0           vcvtpd2ps xmm1, [rbp - 96]
;;=   0x000070  local.set $rv
;;=     00b1  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000072  local.get $v0
;;=   0x000074  f64x2.promote_low_f32x4
;;=     00b6  c5 f8 5a 45 a0           vcvtps2pd xmm0, qword [rbp - 96]
;;=   0x000076  local.set $rv
;;=     00bb  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000078  local.get $v0
;;=   0x00007a  f32x4.convert_i32x4_s
;;=     00c0  c5 f8 5b 4d a0           vcvtdq2ps xmm1, [rbp - 96]
;;=   0x00007d  local.set $rv
;;=     00c5  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00007f  local.get $v0
;;=   0x000081  f64x2.convert_low_i32x4_s
;;=     00ca  c5 fa e6 45 a0           vcvtdq2pd xmm0, qword [rbp - 96]
;;=   0x000084  local.set $rv
;;=     00cf  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000086  local.get $v0
;;=   0x000088  v128.not
;;=     00d4  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00d9  c5 81 ef 4d a0           vpxor xmm1, xmm15, [rbp - 96]
;;=   0x00008a  i8x16.abs
;;=     00de  c4 e2 79 1c c9           vpabsb xmm1, xmm1
;;=   0x00008c  local.set $v0
;;=     00e3  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x00008e  end
;;=     00e8  41 ff 36                 push qword [r14]
;;=     00eb  49 83 c6 08              add r14, 8
;;=     00ef  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00f0:
;;=     00f0  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00f6:
;;=     00f6  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00fc  e9 24 ff ff ff           jmp 0x25
;;=
;;= 257 bytes of code, 0 behind it; a frame of 14 slots
