;;! weft inspect --native CONVERT_LOW_U %
;; vectors: operands that are locals, or on the stack
(module
  (func $CONVERT_LOW_U (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (f64x2.convert_low_i32x4_u (local.get $v0)))
    (local.set $v0 (f64x2.convert_low_i32x4_u (v128.not (local.get $v0))))))
;;=
;;= func $CONVERT_LOW_U (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 5e 00 00 00        ja 0x75
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 56 00 00 00        jne 0x7b
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  f64x2.convert_low_i32x4_u
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 79 62 3d 4e 00 00 00  vpunpckldq xmm15, xmm0, [rip + 78]
;;=     0042  c5 81 5c 0d 56 00 00 00  vsubpd xmm1, xmm15, [rip + 86]
;;=   0x000025  local.set $rv
;;=     004a  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000027  local.get $v0
;;=   0x000029  v128.not
;;=     004f  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0054  c5 81 ef d0              vpxor xmm2, xmm15, xmm0
;;=   0x00002b  f64x2.convert_low_i32x4_u
;;=     0058  c5 69 62 3d 30 00 00 00  vpunpckldq xmm15, xmm2, [rip + 48]
;;=     0060  c5 81 5c 15 38 00 00 00  vsubpd xmm2, xmm15, [rip + 56]
;;=   0x00002e  local.set $v0
;;=     0068  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x000030  end
;;=     006d  41 ff 36                 push qword [r14]
;;=     0070  49 83 c6 08              add r14, 8
;;=     0074  c3                       ret
;;=   0x00001d  no room for the frame
;;=     0075:
;;=     0075  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     007b:
;;=     007b  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0081  e9 9f ff ff ff           jmp 0x25
;;=   constants
;;=     0090  00 00 30 43 00 00 30 43
;;=     0098  00 00 30 43 00 00 30 43
;;=     00a0  00 00 00 00 00 00 30 43
;;=     00a8  00 00 00 00 00 00 30 43
;;=
;;= 134 bytes of code, 42 behind it; a frame of 14 slots
