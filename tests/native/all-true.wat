;;! weft inspect --native ALL_TRUE %
;; vectors: operands that are locals
(module
  (func $ALL_TRUE (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $ri i32)
    (local.set $ri (i8x16.all_true (local.get $v0)))
    (local.set $ri (i16x8.all_true (local.get $v0)))
    (local.set $ri (i32x4.all_true (local.get $v0)))
    (local.set $ri (i64x2.all_true (local.get $v0)))))
;;=
;;= func $ALL_TRUE (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $ri i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 28 00 00 00     lea r11, [rbp + 40]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 87 00 00 00        ja 0x9e
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 7f 00 00 00        jne 0xa4
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i8x16.all_true
;;=     002d  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     0032  c5 01 74 7d a0           vpcmpeqb xmm15, xmm15, [rbp - 96]
;;=     0037  c4 42 79 17 ff           vptest xmm15, xmm15
;;=     003c  40 0f 94 c6              sete sil
;;=     0040  40 0f b6 f6              movzx esi, sil
;;=   0x000024  local.set $ri
;;=     0044  89 75 d0                 mov [rbp - 48], esi
;;=   0x000026  local.get $v0
;;=   0x000028  i16x8.all_true
;;=     0047  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     004c  c5 01 75 7d a0           vpcmpeqw xmm15, xmm15, [rbp - 96]
;;=     0051  c4 42 79 17 ff           vptest xmm15, xmm15
;;=     0056  40 0f 94 c7              sete dil
;;=     005a  40 0f b6 ff              movzx edi, dil
;;=   0x00002b  local.set $ri
;;=     005e  89 7d d0                 mov [rbp - 48], edi
;;=   0x00002d  local.get $v0
;;=   0x00002f  i32x4.all_true
;;=     0061  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     0066  c5 01 76 7d a0           vpcmpeqd xmm15, xmm15, [rbp - 96]
;;=     006b  c4 42 79 17 ff           vptest xmm15, xmm15
;;=     0070  40 0f 94 c6              sete sil
;;=     0074  40 0f b6 f6              movzx esi, sil
;;=   0x000032  local.set $ri
;;=     0078  89 75 d0                 mov [rbp - 48], esi
;;=   0x000034  local.get $v0
;;=   0x000036  i64x2.all_true
;;=     007b  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     0080  c4 62 01 29 7d a0        vpcmpeqq xmm15, xmm15, [rbp - 96]
;;=     0086  c4 42 79 17 ff           vptest xmm15, xmm15
;;=     008b  40 0f 94 c7              sete dil
;;=     008f  40 0f b6 ff              movzx edi, dil
;;=   0x000039  local.set $ri
;;=     0093  89 7d d0                 mov [rbp - 48], edi
;;=   0x00003b  end
;;=     0096  41 ff 36                 push qword [r14]
;;=     0099  49 83 c6 08              add r14, 8
;;=     009d  c3                       ret
;;=   0x00001d  no room for the frame
;;=     009e:
;;=     009e  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00a4:
;;=     00a4  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00aa  e9 76 ff ff ff           jmp 0x25
;;=
;;= 175 bytes of code, 0 behind it; a frame of 13 slots
