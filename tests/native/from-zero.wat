;;! weft inspect --native FROM_ZERO %
;; vectors: operands that are locals, or on the stack
(module
  (func $FROM_ZERO (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i8x16.neg (local.get $v0)))
    (local.set $rv (i16x8.neg (local.get $v0)))
    (local.set $rv (i32x4.neg (local.get $v0)))
    (local.set $rv (i64x2.neg (local.get $v0)))
    (local.set $v0 (i8x16.neg (v128.not (local.get $v0))))))
;;=
;;= func $FROM_ZERO (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 7a 00 00 00        ja 0x91
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 72 00 00 00        jne 0x97
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i8x16.neg
;;=     0035  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     003a  c5 81 f8 45 a0           vpsubb xmm0, xmm15, [rbp - 96]
;;=   0x000024  local.set $rv
;;=     003f  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000026  local.get $v0
;;=   0x000028  i16x8.neg
;;=     0044  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     0049  c5 81 f9 4d a0           vpsubw xmm1, xmm15, [rbp - 96]
;;=   0x00002b  local.set $rv
;;=     004e  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00002d  local.get $v0
;;=   0x00002f  i32x4.neg
;;=     0053  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     0058  c5 81 fa 45 a0           vpsubd xmm0, xmm15, [rbp - 96]
;;=   0x000032  local.set $rv
;;=     005d  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000034  local.get $v0
;;=   0x000036  i64x2.neg
;;=     0062  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     0067  c5 81 fb 4d a0           vpsubq xmm1, xmm15, [rbp - 96]
;;=   0x000039  local.set $rv
;;=     006c  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00003b  local.get $v0
;;=   0x00003d  v128.not
;;=     0071  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0076  c5 81 ef 45 a0           vpxor xmm0, xmm15, [rbp - 96]
;;=   0x00003f  i8x16.neg
;;=     007b  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     0080  c5 81 f8 c0              vpsubb xmm0, xmm15, xmm0
;;=   0x000041  local.set $v0
;;=     0084  c5 f8 11 45 a0           vmovups [rbp - 96], xmm0
;;=   0x000043  end
;;=     0089  41 ff 36                 push qword [r14]
;;=     008c  49 83 c6 08              add r14, 8
;;=     0090  c3                       ret
;;=   0x00001d  no room for the frame
;;=     0091:
;;=     0091  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0097:
;;=     0097  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     009d  e9 83 ff ff ff           jmp 0x25
;;=
;;= 162 bytes of code, 0 behind it; a frame of 14 slots
