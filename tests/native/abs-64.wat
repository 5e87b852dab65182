;;! weft inspect --native ABS_64 %
;; vectors: operands that are locals, or on the stack
(module
  (func $ABS_64 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i64x2.abs (local.get $v0)))
    (local.set $v0 (i64x2.abs (v128.not (local.get $v0))))))
;;=
;;= func $ABS_64 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 66 00 00 00        ja 0x7d
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 5e 00 00 00        jne 0x83
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i64x2.abs
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     003f  c4 62 01 37 f8           vpcmpgtq xmm15, xmm15, xmm0
;;=     0044  c4 c1 79 ef cf           vpxor xmm1, xmm0, xmm15
;;=     0049  c4 c1 71 fb cf           vpsubq xmm1, xmm1, xmm15
;;=   0x000025  local.set $rv
;;=     004e  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000027  local.get $v0
;;=   0x000029  v128.not
;;=     0053  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0058  c5 81 ef d0              vpxor xmm2, xmm15, xmm0
;;=   0x00002b  i64x2.abs
;;=     005c  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     0061  c4 62 01 37 fa           vpcmpgtq xmm15, xmm15, xmm2
;;=     0066  c4 c1 69 ef d7           vpxor xmm2, xmm2, xmm15
;;=     006b  c4 c1 69 fb d7           vpsubq xmm2, xmm2, xmm15
;;=   0x00002e  local.set $v0
;;=     0070  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x000030  end
;;=     0075  41 ff 36                 push qword [r14]
;;=     0078  49 83 c6 08              add r14, 8
;;=     007c  c3                       ret
;;=   0x00001d  no room for the frame
;;=     007d:
;;=     007d  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0083:
;;=     0083  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0089  e9 97 ff ff ff           jmp 0x25
;;=
;;= 142 bytes of code, 0 behind it; a frame of 14 slots
