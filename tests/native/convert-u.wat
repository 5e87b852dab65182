;;! weft inspect --native CONVERT_U %
;; vectors: operands that are locals, or on the stack
(module
  (func $CONVERT_U (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (f32x4.convert_i32x4_u (local.get $v0)))
    (local.set $v0 (f32x4.convert_i32x4_u (v128.not (local.get $v0))))))
;;=
;;= func $CONVERT_U (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 8a 00 00 00        ja 0xa1
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 82 00 00 00        jne 0xa7
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  f32x4.convert_i32x4_u
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c4 63 79 0e 3d 7c 00 00 00 aa  vpblendw xmm15, xmm0, [rip + 124], 170
;;=     0044  c5 f1 72 d0 10           vpsrld xmm1, xmm0, 16
;;=     0049  c4 e3 71 0e 0d 7d 00 00 00 aa  vpblendw xmm1, xmm1, [rip + 125], 170
;;=     0053  c5 f0 5c 0d 85 00 00 00  vsubps xmm1, xmm1, [rip + 133]
;;=     005b  c4 c1 70 58 d7           vaddps xmm2, xmm1, xmm15
;;=   0x000025  local.set $rv
;;=     0060  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000027  local.get $v0
;;=   0x000029  v128.not
;;=     0065  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     006a  c5 81 ef c8              vpxor xmm1, xmm15, xmm0
;;=   0x00002b  f32x4.convert_i32x4_u
;;=     006e  c4 63 71 0e 3d 48 00 00 00 aa  vpblendw xmm15, xmm1, [rip + 72], 170
;;=     0078  c5 e1 72 d1 10           vpsrld xmm3, xmm1, 16
;;=     007d  c4 e3 61 0e 1d 49 00 00 00 aa  vpblendw xmm3, xmm3, [rip + 73], 170
;;=     0087  c5 e0 5c 1d 51 00 00 00  vsubps xmm3, xmm3, [rip + 81]
;;=     008f  c4 c1 60 58 cf           vaddps xmm1, xmm3, xmm15
;;=   0x00002e  local.set $v0
;;=     0094  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x000030  end
;;=     0099  41 ff 36                 push qword [r14]
;;=     009c  49 83 c6 08              add r14, 8
;;=     00a0  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00a1:
;;=     00a1  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00a7:
;;=     00a7  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00ad  e9 73 ff ff ff           jmp 0x25
;;=   constants
;;=     00c0  00 00 00 4b 00 00 00 4b
;;=     00c8  00 00 00 4b 00 00 00 4b
;;=     00d0  00 00 00 53 00 00 00 53
;;=     00d8  00 00 00 53 00 00 00 53
;;=     00e0  80 00 00 53 80 00 00 53
;;=     00e8  80 00 00 53 80 00 00 53
;;=
;;= 178 bytes of code, 62 behind it; a frame of 14 slots
