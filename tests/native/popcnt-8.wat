;;! weft inspect --native POPCNT_8 %
;; vectors: operands that are locals, or on the stack
(module
  (func $POPCNT_8 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i8x16.popcnt (local.get $v0)))
    (local.set $v0 (i8x16.popcnt (v128.not (local.get $v0))))))
;;=
;;= func $POPCNT_8 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 96 00 00 00        ja 0xad
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 8e 00 00 00        jne 0xb3
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i8x16.popcnt
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 f8 10 0d 7e 00 00 00  vmovups xmm1, [rip + 126]
;;=     0042  c5 79 db 3d 86 00 00 00  vpand xmm15, xmm0, [rip + 134]
;;=     004a  c5 e9 71 d0 04           vpsrlw xmm2, xmm0, 4
;;=     004f  c5 e9 db 15 79 00 00 00  vpand xmm2, xmm2, [rip + 121]
;;=     0057  c4 42 71 00 ff           vpshufb xmm15, xmm1, xmm15
;;=     005c  c4 e2 71 00 d2           vpshufb xmm2, xmm1, xmm2
;;=     0061  c4 c1 69 fc df           vpaddb xmm3, xmm2, xmm15
;;=   0x000024  local.set $rv
;;=     0066  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000026  local.get $v0
;;=   0x000028  v128.not
;;=     006b  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0070  c5 81 ef c8              vpxor xmm1, xmm15, xmm0
;;=   0x00002a  i8x16.popcnt
;;=     0074  c5 f8 10 15 44 00 00 00  vmovups xmm2, [rip + 68]
;;=     007c  c5 71 db 3d 4c 00 00 00  vpand xmm15, xmm1, [rip + 76]
;;=     0084  c5 d9 71 d1 04           vpsrlw xmm4, xmm1, 4
;;=     0089  c5 d9 db 25 3f 00 00 00  vpand xmm4, xmm4, [rip + 63]
;;=     0091  c4 42 69 00 ff           vpshufb xmm15, xmm2, xmm15
;;=     0096  c4 e2 69 00 e4           vpshufb xmm4, xmm2, xmm4
;;=     009b  c4 c1 59 fc cf           vpaddb xmm1, xmm4, xmm15
;;=   0x00002c  local.set $v0
;;=     00a0  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x00002e  end
;;=     00a5  41 ff 36                 push qword [r14]
;;=     00a8  49 83 c6 08              add r14, 8
;;=     00ac  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00ad:
;;=     00ad  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00b3:
;;=     00b3  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00b9  e9 67 ff ff ff           jmp 0x25
;;=   constants
;;=     00c0  00 01 01 02 01 02 02 03
;;=     00c8  01 02 02 03 02 03 03 04
;;=     00d0  0f 0f 0f 0f 0f 0f 0f 0f
;;=     00d8  0f 0f 0f 0f 0f 0f 0f 0f
;;=
;;= 190 bytes of code, 34 behind it; a frame of 14 slots
