;;! weft inspect --native EXTADD_8 %
;; vectors: operands that are locals, or on the stack
(module
  (func $EXTADD_8 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i16x8.extadd_pairwise_i8x16_s (local.get $v0)))
    (local.set $rv (i16x8.extadd_pairwise_i8x16_u (local.get $v0)))
    (local.set $v0 (i16x8.extadd_pairwise_i8x16_s (v128.not (local.get $v0))))))
;;=
;;= func $EXTADD_8 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 67 00 00 00        ja 0x7e
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 5f 00 00 00        jne 0x84
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i16x8.extadd_pairwise_i8x16_s
;;=     0035  c5 78 10 3d 53 00 00 00  vmovups xmm15, [rip + 83]
;;=     003d  c4 e2 01 04 45 a0        vpmaddubsw xmm0, xmm15, [rbp - 96]
;;=   0x000024  local.set $rv
;;=     0043  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000026  local.get $v0
;;=   0x000028  i16x8.extadd_pairwise_i8x16_u
;;=     0048  c5 f8 10 4d a0           vmovups xmm1, [rbp - 96]
;;=     004d  c4 e2 71 04 15 3a 00 00 00  vpmaddubsw xmm2, xmm1, [rip + 58]
;;=   0x00002a  local.set $rv
;;=     0056  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x00002c  local.get $v0
;;=   0x00002e  v128.not
;;=     005b  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0060  c5 81 ef c1              vpxor xmm0, xmm15, xmm1
;;=   0x000030  i16x8.extadd_pairwise_i8x16_s
;;=     0064  c5 78 10 3d 24 00 00 00  vmovups xmm15, [rip + 36]
;;=     006c  c4 e2 01 04 c0           vpmaddubsw xmm0, xmm15, xmm0
;;=   0x000032  local.set $v0
;;=     0071  c5 f8 11 45 a0           vmovups [rbp - 96], xmm0
;;=   0x000034  end
;;=     0076  41 ff 36                 push qword [r14]
;;=     0079  49 83 c6 08              add r14, 8
;;=     007d  c3                       ret
;;=   0x00001d  no room for the frame
;;=     007e:
;;=     007e  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0084:
;;=     0084  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     008a  e9 96 ff ff ff           jmp 0x25
;;=   constants
;;=     0090  01 01 01 01 01 01 01 01
;;=     0098  01 01 01 01 01 01 01 01
;;=
;;= 143 bytes of code, 17 behind it; a frame of 14 slots
