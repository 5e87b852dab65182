;;! weft inspect --native SIGNS %
;; vectors: operands that are locals, or on the stack
(module
  (func $SIGNS (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (f32x4.abs (local.get $v0)))
    (local.set $rv (f32x4.neg (local.get $v0)))
    (local.set $rv (f64x2.abs (local.get $v0)))
    (local.set $rv (f64x2.neg (local.get $v0)))
    (local.set $v0 (f32x4.abs (v128.not (local.get $v0))))))
;;=
;;= func $SIGNS (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 75 00 00 00        ja 0x8c
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 6d 00 00 00        jne 0x92
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  f32x4.abs
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 f8 54 0d 5e 00 00 00  vandps xmm1, xmm0, [rip + 94]
;;=   0x000025  local.set $rv
;;=     0042  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000027  local.get $v0
;;=   0x000029  f32x4.neg
;;=     0047  c5 f8 57 15 61 00 00 00  vxorps xmm2, xmm0, [rip + 97]
;;=   0x00002c  local.set $rv
;;=     004f  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x00002e  local.get $v0
;;=   0x000030  f64x2.abs
;;=     0054  c5 f8 54 0d 64 00 00 00  vandps xmm1, xmm0, [rip + 100]
;;=   0x000033  local.set $rv
;;=     005c  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000035  local.get $v0
;;=   0x000037  f64x2.neg
;;=     0061  c5 f8 57 15 67 00 00 00  vxorps xmm2, xmm0, [rip + 103]
;;=   0x00003a  local.set $rv
;;=     0069  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x00003c  local.get $v0
;;=   0x00003e  v128.not
;;=     006e  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0073  c5 81 ef c8              vpxor xmm1, xmm15, xmm0
;;=   0x000040  f32x4.abs
;;=     0077  c5 f0 54 0d 21 00 00 00  vandps xmm1, xmm1, [rip + 33]
;;=   0x000043  local.set $v0
;;=     007f  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x000045  end
;;=     0084  41 ff 36                 push qword [r14]
;;=     0087  49 83 c6 08              add r14, 8
;;=     008b  c3                       ret
;;=   0x00001d  no room for the frame
;;=     008c:
;;=     008c  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0092:
;;=     0092  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0098  e9 88 ff ff ff           jmp 0x25
;;=   constants
;;=     00a0  ff ff ff 7f ff ff ff 7f
;;=     00a8  ff ff ff 7f ff ff ff 7f
;;=     00b0  00 00 00 80 00 00 00 80
;;=     00b8  00 00 00 80 00 00 00 80
;;=     00c0  ff ff ff ff ff ff ff 7f
;;=     00c8  ff ff ff ff ff ff ff 7f
;;=     00d0  00 00 00 00 00 00 00 80
;;=     00d8  00 00 00 00 00 00 00 80
;;=
;;= 157 bytes of code, 67 behind it; a frame of 14 slots
