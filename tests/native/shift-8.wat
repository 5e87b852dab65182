;;! weft inspect --native SHIFT_8 %
;; vectors: operands that are locals
(module
  (func $SHIFT_8 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i8x16.shl (local.get $v0) (local.get $i0)))
    (local.set $rv (i8x16.shr_u (local.get $v0) (local.get $i0)))))
;;=
;;= func $SHIFT_8 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 38 00 00 00     lea r11, [rbp + 56]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 85 00 00 00        ja 0x9c
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 7d 00 00 00        jne 0xa2
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $i0
;;=   0x000024  i8x16.shl
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     003e  41 83 e3 07              and r11d, 7
;;=     0042  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     0047  c5 f1 76 c9              vpcmpeqd xmm1, xmm1, xmm1
;;=     004b  c4 c1 71 d1 cf           vpsrlw xmm1, xmm1, xmm15
;;=     0050  c5 f1 71 d1 08           vpsrlw xmm1, xmm1, 8
;;=     0055  c5 f1 67 c9              vpackuswb xmm1, xmm1, xmm1
;;=     0059  c5 f9 db d1              vpand xmm2, xmm0, xmm1
;;=     005d  c4 c1 69 f1 d7           vpsllw xmm2, xmm2, xmm15
;;=   0x000026  local.set $rv
;;=     0062  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000028  local.get $v0
;;=   0x00002a  local.get $i0
;;=   0x00002c  i8x16.shr_u
;;=     0067  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     006b  41 83 e3 07              and r11d, 7
;;=     006f  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     0074  c5 f1 76 c9              vpcmpeqd xmm1, xmm1, xmm1
;;=     0078  c4 c1 71 d1 cf           vpsrlw xmm1, xmm1, xmm15
;;=     007d  c5 f1 71 d1 08           vpsrlw xmm1, xmm1, 8
;;=     0082  c5 f1 67 c9              vpackuswb xmm1, xmm1, xmm1
;;=     0086  c4 c1 79 d1 df           vpsrlw xmm3, xmm0, xmm15
;;=     008b  c5 e1 db d9              vpand xmm3, xmm3, xmm1
;;=   0x00002e  local.set $rv
;;=     008f  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000030  end
;;=     0094  41 ff 36                 push qword [r14]
;;=     0097  49 83 c6 08              add r14, 8
;;=     009b  c3                       ret
;;=   0x00001d  no room for the frame
;;=     009c:
;;=     009c  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00a2:
;;=     00a2  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00a8  e9 78 ff ff ff           jmp 0x25
;;=
;;= 173 bytes of code, 0 behind it; a frame of 15 slots
