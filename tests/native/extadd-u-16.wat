;;! weft inspect --native EXTADD_U_16 %
;; vectors: operands that are locals, or on the stack
(module
  (func $EXTADD_U_16 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i32x4.extadd_pairwise_i16x8_u (local.get $v0)))
    (local.set $v0 (i32x4.extadd_pairwise_i16x8_u (v128.not (local.get $v0))))))
;;=
;;= func $EXTADD_U_16 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 62 00 00 00        ja 0x79
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 5a 00 00 00        jne 0x7f
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i32x4.extadd_pairwise_i16x8_u
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 81 72 d0 10           vpsrld xmm15, xmm0, 16
;;=     003f  c5 f9 db 0d 49 00 00 00  vpand xmm1, xmm0, [rip + 73]
;;=     0047  c4 c1 71 fe cf           vpaddd xmm1, xmm1, xmm15
;;=   0x000024  local.set $rv
;;=     004c  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000026  local.get $v0
;;=   0x000028  v128.not
;;=     0051  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0056  c5 81 ef d0              vpxor xmm2, xmm15, xmm0
;;=   0x00002a  i32x4.extadd_pairwise_i16x8_u
;;=     005a  c5 81 72 d2 10           vpsrld xmm15, xmm2, 16
;;=     005f  c5 e9 db 15 29 00 00 00  vpand xmm2, xmm2, [rip + 41]
;;=     0067  c4 c1 69 fe d7           vpaddd xmm2, xmm2, xmm15
;;=   0x00002c  local.set $v0
;;=     006c  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x00002e  end
;;=     0071  41 ff 36                 push qword [r14]
;;=     0074  49 83 c6 08              add r14, 8
;;=     0078  c3                       ret
;;=   0x00001d  no room for the frame
;;=     0079:
;;=     0079  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     007f:
;;=     007f  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0085  e9 9b ff ff ff           jmp 0x25
;;=   constants
;;=     0090  ff ff 00 00 ff ff 00 00
;;=     0098  ff ff 00 00 ff ff 00 00
;;=
;;= 138 bytes of code, 22 behind it; a frame of 14 slots
