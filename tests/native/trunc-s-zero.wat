;;! weft inspect --native TRUNC_S_ZERO %
;; vectors: operands that are locals, or on the stack
(module
  (func $TRUNC_S_ZERO (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i32x4.trunc_sat_f64x2_s_zero (local.get $v0)))
    (local.set $rv (i32x4.relaxed_trunc_f64x2_s_zero (local.get $v0)))
    (local.set $v0 (i32x4.trunc_sat_f64x2_s_zero (v128.not (local.get $v0))))))
;;=
;;= func $TRUNC_S_ZERO (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 88 00 00 00        ja 0x9f
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 80 00 00 00        jne 0xa5
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i32x4.trunc_sat_f64x2_s_zero
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 79 c2 f8 00           vcmppd xmm15, xmm0, xmm0, 0
;;=     003f  c5 01 54 3d 69 00 00 00  vandpd xmm15, xmm15, [rip + 105]
;;=     0047  c4 41 79 5d ff           vminpd xmm15, xmm0, xmm15
;;=     004c  c4 c1 79 e6 cf           vcvttpd2dq xmm1, xmm15
;;=   0x000025  local.set $rv
;;=     0051  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000027  local.get $v0
;;=   0x000029  i32x4.relaxed_trunc_f64x2_s_zero
;;=     0056  c5 79 c2 f8 00           vcmppd xmm15, xmm0, xmm0, 0
;;=     005b  c5 01 54 3d 4d 00 00 00  vandpd xmm15, xmm15, [rip + 77]
;;=     0063  c4 41 79 5d ff           vminpd xmm15, xmm0, xmm15
;;=     0068  c4 c1 79 e6 d7           vcvttpd2dq xmm2, xmm15
;;=   0x00002c  local.set $rv
;;=     006d  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x00002e  local.get $v0
;;=   0x000030  v128.not
;;=     0072  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0077  c5 81 ef c8              vpxor xmm1, xmm15, xmm0
;;=   0x000032  i32x4.trunc_sat_f64x2_s_zero
;;=     007b  c5 71 c2 f9 00           vcmppd xmm15, xmm1, xmm1, 0
;;=     0080  c5 01 54 3d 28 00 00 00  vandpd xmm15, xmm15, [rip + 40]
;;=     0088  c4 41 71 5d ff           vminpd xmm15, xmm1, xmm15
;;=     008d  c4 c1 79 e6 cf           vcvttpd2dq xmm1, xmm15
;;=   0x000035  local.set $v0
;;=     0092  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x000037  end
;;=     0097  41 ff 36                 push qword [r14]
;;=     009a  49 83 c6 08              add r14, 8
;;=     009e  c3                       ret
;;=   0x00001d  no room for the frame
;;=     009f:
;;=     009f  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00a5:
;;=     00a5  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00ab  e9 75 ff ff ff           jmp 0x25
;;=   constants
;;=     00b0  00 00 c0 ff ff ff df 41
;;=     00b8  00 00 c0 ff ff ff df 41
;;=
;;= 176 bytes of code, 16 behind it; a frame of 14 slots
