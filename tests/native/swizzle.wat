;;! weft inspect --native SWIZZLE %
;; vectors: operands that are locals, or on the stack
(module
  (func $SWIZZLE (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i8x16.swizzle (local.get $v0) (local.get $v1)))
    (local.set $rv (i8x16.relaxed_swizzle (local.get $v0) (local.get $v1)))
    (local.set $v0 (i8x16.swizzle (v128.not (local.get $v0)) (v128.not (local.get $v1))))))
;;=
;;= func $SWIZZLE (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 40 00 00 00     lea r11, [rbp + 64]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 78 00 00 00        ja 0x8f
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 70 00 00 00        jne 0x95
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $v1
;;=   0x000024  i8x16.swizzle
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 f8 10 4d b0           vmovups xmm1, [rbp - 80]
;;=     003f  c5 71 dc 3d 59 00 00 00  vpaddusb xmm15, xmm1, [rip + 89]
;;=     0047  c4 c2 79 00 d7           vpshufb xmm2, xmm0, xmm15
;;=   0x000026  local.set $rv
;;=     004c  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000028  local.get $v0
;;=   0x00002a  local.get $v1
;;=   0x00002c  i8x16.relaxed_swizzle
;;=     0051  c5 71 dc 3d 47 00 00 00  vpaddusb xmm15, xmm1, [rip + 71]
;;=     0059  c4 c2 79 00 df           vpshufb xmm3, xmm0, xmm15
;;=   0x00002f  local.set $rv
;;=     005e  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000031  local.get $v0
;;=   0x000033  v128.not
;;=     0063  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0068  c5 81 ef d0              vpxor xmm2, xmm15, xmm0
;;=   0x000035  local.get $v1
;;=   0x000037  v128.not
;;=     006c  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0071  c5 81 ef e1              vpxor xmm4, xmm15, xmm1
;;=   0x000039  i8x16.swizzle
;;=     0075  c5 59 dc 3d 23 00 00 00  vpaddusb xmm15, xmm4, [rip + 35]
;;=     007d  c4 c2 69 00 d7           vpshufb xmm2, xmm2, xmm15
;;=   0x00003b  local.set $v0
;;=     0082  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x00003d  end
;;=     0087  41 ff 36                 push qword [r14]
;;=     008a  49 83 c6 08              add r14, 8
;;=     008e  c3                       ret
;;=   0x00001d  no room for the frame
;;=     008f:
;;=     008f  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0095:
;;=     0095  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     009b  e9 85 ff ff ff           jmp 0x25
;;=   constants
;;=     00a0  70 70 70 70 70 70 70 70
;;=     00a8  70 70 70 70 70 70 70 70
;;=
;;= 160 bytes of code, 16 behind it; a frame of 16 slots
