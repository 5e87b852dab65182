;;! weft inspect --native EXTEND_HIGH %
;; vectors: operands that are locals, or on the stack
(module
  (func $EXTEND_HIGH (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i16x8.extend_high_i8x16_s (local.get $v0)))
    (local.set $rv (i16x8.extend_high_i8x16_u (local.get $v0)))
    (local.set $rv (i32x4.extend_high_i16x8_s (local.get $v0)))
    (local.set $rv (i32x4.extend_high_i16x8_u (local.get $v0)))
    (local.set $rv (i64x2.extend_high_i32x4_s (local.get $v0)))
    (local.set $rv (i64x2.extend_high_i32x4_u (local.get $v0)))
    (local.set $v0 (i16x8.extend_high_i8x16_s (v128.not (local.get $v0))))))
;;=
;;= func $EXTEND_HIGH (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 81 00 00 00        ja 0x98
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 79 00 00 00        jne 0x9e
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i16x8.extend_high_i8x16_s
;;=     0035  c4 e2 79 20 45 a8        vpmovsxbw xmm0, qword [rbp - 88]
;;=   0x000025  local.set $rv
;;=     003b  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000027  local.get $v0
;;=   0x000029  i16x8.extend_high_i8x16_u
;;=     0040  c4 e2 79 30 4d a8        vpmovzxbw xmm1, qword [rbp - 88]
;;=   0x00002c  local.set $rv
;;=     0046  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00002e  local.get $v0
;;=   0x000030  i32x4.extend_high_i16x8_s
;;=     004b  c4 e2 79 23 45 a8        vpmovsxwd xmm0, qword [rbp - 88]
;;=   0x000033  local.set $rv
;;=     0051  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000035  local.get $v0
;;=   0x000037  i32x4.extend_high_i16x8_u
;;=     0056  c4 e2 79 33 4d a8        vpmovzxwd xmm1, qword [rbp - 88]
;;=   0x00003a  local.set $rv
;;=     005c  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00003c  local.get $v0
;;=   0x00003e  i64x2.extend_high_i32x4_s
;;=     0061  c4 e2 79 25 45 a8        vpmovsxdq xmm0, qword [rbp - 88]
;;=   0x000041  local.set $rv
;;=     0067  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000043  local.get $v0
;;=   0x000045  i64x2.extend_high_i32x4_u
;;=     006c  c4 e2 79 35 4d a8        vpmovzxdq xmm1, qword [rbp - 88]
;;=   0x000048  local.set $rv
;;=     0072  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00004a  local.get $v0
;;=   0x00004c  v128.not
;;=     0077  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     007c  c5 81 ef 45 a0           vpxor xmm0, xmm15, [rbp - 96]
;;=   0x00004e  i16x8.extend_high_i8x16_s
;;=     0081  c5 79 70 f8 ee           vpshufd xmm15, xmm0, 238
;;=     0086  c4 c2 79 20 c7           vpmovsxbw xmm0, xmm15
;;=   0x000051  local.set $v0
;;=     008b  c5 f8 11 45 a0           vmovups [rbp - 96], xmm0
;;=   0x000053  end
;;=     0090  41 ff 36                 push qword [r14]
;;=     0093  49 83 c6 08              add r14, 8
;;=     0097  c3                       ret
;;=   0x00001d  no room for the frame
;;=     0098:
;;=     0098  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     009e:
;;=     009e  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00a4  e9 7c ff ff ff           jmp 0x25
;;=
;;= 169 bytes of code, 0 behind it; a frame of 14 slots
