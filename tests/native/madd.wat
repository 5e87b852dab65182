;;! weft inspect --native MADD %
;; vectors: operands that are locals, or on the stack
(module
  (func $MADD (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (f32x4.relaxed_madd (local.get $v0) (local.get $v1) (local.get $v2)))
    (local.set $rv (f32x4.relaxed_nmadd (local.get $v0) (local.get $v1) (local.get $v2)))
    (local.set $rv (f64x2.relaxed_madd (local.get $v0) (local.get $v1) (local.get $v2)))
    (local.set $rv (f64x2.relaxed_nmadd (local.get $v0) (local.get $v1) (local.get $v2)))
    (local.set $v0 (f32x4.relaxed_madd (v128.not (local.get $v0)) (v128.not (local.get $v1)) (v128.not (local.get $v2))))))
;;=
;;= func $MADD (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 50 00 00 00     lea r11, [rbp + 80]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 94 00 00 00        ja 0xab
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 8c 00 00 00        jne 0xb1
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $v1
;;=   0x000024  local.get $v2
;;=   0x000026  f32x4.relaxed_madd
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 78 59 7d b0           vmulps xmm15, xmm0, [rbp - 80]
;;=     003f  c5 80 58 4d c0           vaddps xmm1, xmm15, [rbp - 64]
;;=   0x000029  local.set $rv
;;=     0044  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00002b  local.get $v0
;;=   0x00002d  local.get $v1
;;=   0x00002f  local.get $v2
;;=   0x000031  f32x4.relaxed_nmadd
;;=     0049  c5 f8 10 55 c0           vmovups xmm2, [rbp - 64]
;;=     004e  c5 78 59 7d b0           vmulps xmm15, xmm0, [rbp - 80]
;;=     0053  c4 c1 68 5c df           vsubps xmm3, xmm2, xmm15
;;=   0x000034  local.set $rv
;;=     0058  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000036  local.get $v0
;;=   0x000038  local.get $v1
;;=   0x00003a  local.get $v2
;;=   0x00003c  f64x2.relaxed_madd
;;=     005d  c5 79 59 7d b0           vmulpd xmm15, xmm0, [rbp - 80]
;;=     0062  c5 81 58 ca              vaddpd xmm1, xmm15, xmm2
;;=   0x00003f  local.set $rv
;;=     0066  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000041  local.get $v0
;;=   0x000043  local.get $v1
;;=   0x000045  local.get $v2
;;=   0x000047  f64x2.relaxed_nmadd
;;=     006b  c5 79 59 7d b0           vmulpd xmm15, xmm0, [rbp - 80]
;;=     0070  c4 c1 69 5c df           vsubpd xmm3, xmm2, xmm15
;;=   0x00004a  local.set $rv
;;=     0075  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x00004c  local.get $v0
;;=   0x00004e  v128.not
;;=     007a  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     007f  c5 81 ef c8              vpxor xmm1, xmm15, xmm0
;;=   0x000050  local.get $v1
;;=   0x000052  v128.not
;;=     0083  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0088  c5 81 ef 65 b0           vpxor xmm4, xmm15, [rbp - 80]
;;=   0x000054  local.get $v2
;;=   0x000056  v128.not
;;=     008d  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0092  c5 81 ef ea              vpxor xmm5, xmm15, xmm2
;;=   0x000058  f32x4.relaxed_madd
;;=     0096  c5 70 59 fc              vmulps xmm15, xmm1, xmm4
;;=     009a  c5 80 58 cd              vaddps xmm1, xmm15, xmm5
;;=   0x00005b  local.set $v0
;;=     009e  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x00005d  end
;;=     00a3  41 ff 36                 push qword [r14]
;;=     00a6  49 83 c6 08              add r14, 8
;;=     00aa  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00ab:
;;=     00ab  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00b1:
;;=     00b1  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00b7  e9 69 ff ff ff           jmp 0x25
;;=
;;= 188 bytes of code, 0 behind it; a frame of 18 slots
