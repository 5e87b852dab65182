;;! weft inspect --native WITH_ONES_16 %
;; vectors: operands that are locals, or on the stack
(module
  (func $WITH_ONES_16 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i32x4.extadd_pairwise_i16x8_s (local.get $v0)))
    (local.set $v0 (i32x4.extadd_pairwise_i16x8_s (v128.not (local.get $v0))))))
;;=
;;= func $WITH_ONES_16 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 4e 00 00 00        ja 0x65
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 46 00 00 00        jne 0x6b
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i32x4.extadd_pairwise_i16x8_s
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 f9 f5 0d 3e 00 00 00  vpmaddwd xmm1, xmm0, [rip + 62]
;;=   0x000024  local.set $rv
;;=     0042  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000026  local.get $v0
;;=   0x000028  v128.not
;;=     0047  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     004c  c5 81 ef d0              vpxor xmm2, xmm15, xmm0
;;=   0x00002a  i32x4.extadd_pairwise_i16x8_s
;;=     0050  c5 e9 f5 15 28 00 00 00  vpmaddwd xmm2, xmm2, [rip + 40]
;;=   0x00002c  local.set $v0
;;=     0058  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x00002e  end
;;=     005d  41 ff 36                 push qword [r14]
;;=     0060  49 83 c6 08              add r14, 8
;;=     0064  c3                       ret
;;=   0x00001d  no room for the frame
;;=     0065:
;;=     0065  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     006b:
;;=     006b  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0071  e9 af ff ff ff           jmp 0x25
;;=   constants
;;=     0080  01 00 01 00 01 00 01 00
;;=     0088  01 00 01 00 01 00 01 00
;;=
;;= 118 bytes of code, 26 behind it; a frame of 14 slots
