;;! weft inspect --native TRUNC_S %
;; vectors: operands that are locals, or on the stack
(module
  (func $TRUNC_S (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i32x4.trunc_sat_f32x4_s (local.get $v0)))
    (local.set $rv (i32x4.relaxed_trunc_f32x4_s (local.get $v0)))
    (local.set $v0 (i32x4.trunc_sat_f32x4_s (v128.not (local.get $v0))))))
;;=
;;= func $TRUNC_S (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 94 00 00 00        ja 0xab
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 8c 00 00 00        jne 0xb1
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i32x4.trunc_sat_f32x4_s
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 78 c2 f8 00           vcmpps xmm15, xmm0, xmm0, 0
;;=     003f  c5 00 54 f8              vandps xmm15, xmm15, xmm0
;;=     0043  c5 80 c2 0d 74 00 00 00 1d  vcmpps xmm1, xmm15, [rip + 116], 29
;;=     004c  c4 c1 7a 5b d7           vcvttps2dq xmm2, xmm15
;;=     0051  c5 e9 ef d1              vpxor xmm2, xmm2, xmm1
;;=   0x000025  local.set $rv
;;=     0055  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000027  local.get $v0
;;=   0x000029  i32x4.relaxed_trunc_f32x4_s
;;=     005a  c5 78 c2 f8 00           vcmpps xmm15, xmm0, xmm0, 0
;;=     005f  c5 00 54 f8              vandps xmm15, xmm15, xmm0
;;=     0063  c5 80 c2 0d 54 00 00 00 1d  vcmpps xmm1, xmm15, [rip + 84], 29
;;=     006c  c4 c1 7a 5b df           vcvttps2dq xmm3, xmm15
;;=     0071  c5 e1 ef d9              vpxor xmm3, xmm3, xmm1
;;=   0x00002c  local.set $rv
;;=     0075  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x00002e  local.get $v0
;;=   0x000030  v128.not
;;=     007a  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     007f  c5 81 ef c8              vpxor xmm1, xmm15, xmm0
;;=   0x000032  i32x4.trunc_sat_f32x4_s
;;=     0083  c5 70 c2 f9 00           vcmpps xmm15, xmm1, xmm1, 0
;;=     0088  c5 00 54 f9              vandps xmm15, xmm15, xmm1
;;=     008c  c5 80 c2 15 2b 00 00 00 1d  vcmpps xmm2, xmm15, [rip + 43], 29
;;=     0095  c4 c1 7a 5b cf           vcvttps2dq xmm1, xmm15
;;=     009a  c5 f1 ef ca              vpxor xmm1, xmm1, xmm2
;;=   0x000035  local.set $v0
;;=     009e  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x000037  end
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
;;=   constants
;;=     00c0  00 00 00 4f 00 00 00 4f
;;=     00c8  00 00 00 4f 00 00 00 4f
;;=
;;= 188 bytes of code, 20 behind it; a frame of 14 slots
