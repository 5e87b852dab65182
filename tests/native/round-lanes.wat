;;! weft inspect --native ROUND_LANES %
;; vectors: operands that are locals, or on the stack
(module
  (func $ROUND_LANES (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (f32x4.ceil (local.get $v0)))
    (local.set $rv (f32x4.floor (local.get $v0)))
    (local.set $rv (f32x4.trunc (local.get $v0)))
    (local.set $rv (f32x4.nearest (local.get $v0)))
    (local.set $rv (f64x2.ceil (local.get $v0)))
    (local.set $rv (f64x2.floor (local.get $v0)))
    (local.set $rv (f64x2.trunc (local.get $v0)))
    (local.set $rv (f64x2.nearest (local.get $v0)))
    (local.set $v0 (f32x4.ceil (v128.not (local.get $v0))))))
;;=
;;= func $ROUND_LANES (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 9b 00 00 00        ja 0xb2
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 93 00 00 00        jne 0xb8
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  f32x4.ceil
;;=     0035  c4 e3 79 08 45 a0 0a     vroundps xmm0, [rbp - 96], 10
;;=   0x000024  local.set $rv
;;=     003c  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000026  local.get $v0
;;=   0x000028  f32x4.floor
;;=     0041  c4 e3 79 08 4d a0 09     vroundps xmm1, [rbp - 96], 9
;;=   0x00002a  local.set $rv
;;=     0048  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00002c  local.get $v0
;;=   0x00002e  f32x4.trunc
;;=     004d  c4 e3 79 08 45 a0 0b     vroundps xmm0, [rbp - 96], 11
;;=   0x000030  local.set $rv
;;=     0054  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000032  local.get $v0
;;=   0x000034  f32x4.nearest
;;=     0059  c4 e3 79 08 4d a0 08     vroundps xmm1, [rbp - 96], 8
;;=   0x000036  local.set $rv
;;=     0060  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000038  local.get $v0
;;=   0x00003a  f64x2.ceil
;;=     0065  c4 e3 79 09 45 a0 0a     vroundpd xmm0, [rbp - 96], 10
;;=   0x00003c  local.set $rv
;;=     006c  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00003e  local.get $v0
;;=   0x000040  f64x2.floor
;;=     0071  c4 e3 79 09 4d a0 09     vroundpd xmm1, [rbp - 96], 9
;;=   0x000042  local.set $rv
;;=     0078  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000044  local.get $v0
;;=   0x000046  f64x2.trunc
;;=     007d  c4 e3 79 09 45 a0 0b     vroundpd xmm0, [rbp - 96], 11
;;=   0x000048  local.set $rv
;;=     0084  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00004a  local.get $v0
;;=   0x00004c  f64x2.nearest
;;=     0089  c4 e3 79 09 4d a0 08     vroundpd xmm1, [rbp - 96], 8
;;=   0x00004f  local.set $rv
;;=     0090  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000051  local.get $v0
;;=   0x000053  v128.not
;;=     0095  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     009a  c5 81 ef 45 a0           vpxor xmm0, xmm15, [rbp - 96]
;;=   0x000055  f32x4.ceil
;;=     009f  c4 e3 79 08 c0 0a        vroundps xmm0, xmm0, 10
;;=   0x000057  local.set $v0
;;=     00a5  c5 f8 11 45 a0           vmovups [rbp - 96], xmm0
;;=   0x000059  end
;;=     00aa  41 ff 36                 push qword [r14]
;;=     00ad  49 83 c6 08              add r14, 8
;;=     00b1  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00b2:
;;=     00b2  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00b8:
;;=     00b8  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00be  e9 62 ff ff ff           jmp 0x25
;;=
;;= 195 bytes of code, 0 behind it; a frame of 14 slots
