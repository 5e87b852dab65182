;;! weft inspect --native TRUNC_U_ZERO %
;; vectors: operands that are locals, or on the stack
(module
  (func $TRUNC_U_ZERO (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i32x4.trunc_sat_f64x2_u_zero (local.get $v0)))
    (local.set $rv (i32x4.relaxed_trunc_f64x2_u_zero (local.get $v0)))
    (local.set $v0 (i32x4.trunc_sat_f64x2_u_zero (v128.not (local.get $v0))))))
;;=
;;= func $TRUNC_U_ZERO (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 ac 00 00 00        ja 0xc3
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 a4 00 00 00        jne 0xc9
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i32x4.trunc_sat_f64x2_u_zero
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 f0 57 c9              vxorps xmm1, xmm1, xmm1
;;=     003e  c5 79 5f f9              vmaxpd xmm15, xmm0, xmm1
;;=     0042  c5 01 5d 3d 96 00 00 00  vminpd xmm15, xmm15, [rip + 150]
;;=     004a  c4 43 79 09 ff 0b        vroundpd xmm15, xmm15, 11
;;=     0050  c5 01 58 3d 98 00 00 00  vaddpd xmm15, xmm15, [rip + 152]
;;=     0058  c5 80 c6 d1 88           vshufps xmm2, xmm15, xmm1, 136
;;=   0x000025  local.set $rv
;;=     005d  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000027  local.get $v0
;;=   0x000029  i32x4.relaxed_trunc_f64x2_u_zero
;;=     0062  c5 f0 57 c9              vxorps xmm1, xmm1, xmm1
;;=     0066  c5 79 5f f9              vmaxpd xmm15, xmm0, xmm1
;;=     006a  c5 01 5d 3d 6e 00 00 00  vminpd xmm15, xmm15, [rip + 110]
;;=     0072  c4 43 79 09 ff 0b        vroundpd xmm15, xmm15, 11
;;=     0078  c5 01 58 3d 70 00 00 00  vaddpd xmm15, xmm15, [rip + 112]
;;=     0080  c5 80 c6 d9 88           vshufps xmm3, xmm15, xmm1, 136
;;=   0x00002c  local.set $rv
;;=     0085  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x00002e  local.get $v0
;;=   0x000030  v128.not
;;=     008a  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     008f  c5 81 ef c8              vpxor xmm1, xmm15, xmm0
;;=   0x000032  i32x4.trunc_sat_f64x2_u_zero
;;=     0093  c5 e8 57 d2              vxorps xmm2, xmm2, xmm2
;;=     0097  c5 71 5f fa              vmaxpd xmm15, xmm1, xmm2
;;=     009b  c5 01 5d 3d 3d 00 00 00  vminpd xmm15, xmm15, [rip + 61]
;;=     00a3  c4 43 79 09 ff 0b        vroundpd xmm15, xmm15, 11
;;=     00a9  c5 01 58 3d 3f 00 00 00  vaddpd xmm15, xmm15, [rip + 63]
;;=     00b1  c5 80 c6 ca 88           vshufps xmm1, xmm15, xmm2, 136
;;=   0x000035  local.set $v0
;;=     00b6  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x000037  end
;;=     00bb  41 ff 36                 push qword [r14]
;;=     00be  49 83 c6 08              add r14, 8
;;=     00c2  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00c3:
;;=     00c3  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00c9:
;;=     00c9  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00cf  e9 51 ff ff ff           jmp 0x25
;;=   constants
;;=     00e0  00 00 e0 ff ff ff ef 41
;;=     00e8  00 00 e0 ff ff ff ef 41
;;=     00f0  00 00 00 00 00 00 30 43
;;=     00f8  00 00 00 00 00 00 30 43
;;=
;;= 212 bytes of code, 44 behind it; a frame of 14 slots
