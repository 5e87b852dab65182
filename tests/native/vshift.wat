;;! weft inspect --native VSHIFT %
;; vectors: operands that are locals
(module
  (func $VSHIFT (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i16x8.shl (local.get $v0) (local.get $i0)))
    (local.set $rv (i16x8.shr_u (local.get $v0) (local.get $i0)))
    (local.set $rv (i16x8.shr_s (local.get $v0) (local.get $i0)))
    (local.set $rv (i32x4.shl (local.get $v0) (local.get $i0)))
    (local.set $rv (i32x4.shr_u (local.get $v0) (local.get $i0)))
    (local.set $rv (i32x4.shr_s (local.get $v0) (local.get $i0)))
    (local.set $rv (i64x2.shl (local.get $v0) (local.get $i0)))
    (local.set $rv (i64x2.shr_u (local.get $v0) (local.get $i0)))))
;;=
;;= func $VSHIFT (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 38 00 00 00     lea r11, [rbp + 56]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 e3 00 00 00        ja 0xfa
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 db 00 00 00        jne 0x100
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $i0
;;=   0x000024  i16x8.shl
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     003e  41 83 e3 0f              and r11d, 15
;;=     0042  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     0047  c4 c1 79 f1 cf           vpsllw xmm1, xmm0, xmm15
;;=   0x000027  local.set $rv
;;=     004c  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000029  local.get $v0
;;=   0x00002b  local.get $i0
;;=   0x00002d  i16x8.shr_u
;;=     0051  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     0055  41 83 e3 0f              and r11d, 15
;;=     0059  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     005e  c4 c1 79 d1 d7           vpsrlw xmm2, xmm0, xmm15
;;=   0x000030  local.set $rv
;;=     0063  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000032  local.get $v0
;;=   0x000034  local.get $i0
;;=   0x000036  i16x8.shr_s
;;=     0068  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     006c  41 83 e3 0f              and r11d, 15
;;=     0070  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     0075  c4 c1 79 e1 cf           vpsraw xmm1, xmm0, xmm15
;;=   0x000039  local.set $rv
;;=     007a  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00003b  local.get $v0
;;=   0x00003d  local.get $i0
;;=   0x00003f  i32x4.shl
;;=     007f  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     0083  41 83 e3 1f              and r11d, 31
;;=     0087  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     008c  c4 c1 79 f2 d7           vpslld xmm2, xmm0, xmm15
;;=   0x000042  local.set $rv
;;=     0091  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000044  local.get $v0
;;=   0x000046  local.get $i0
;;=   0x000048  i32x4.shr_u
;;=     0096  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     009a  41 83 e3 1f              and r11d, 31
;;=     009e  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     00a3  c4 c1 79 d2 cf           vpsrld xmm1, xmm0, xmm15
;;=   0x00004b  local.set $rv
;;=     00a8  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00004d  local.get $v0
;;=   0x00004f  local.get $i0
;;=   0x000051  i32x4.shr_s
;;=     00ad  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     00b1  41 83 e3 1f              and r11d, 31
;;=     00b5  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     00ba  c4 c1 79 e2 d7           vpsrad xmm2, xmm0, xmm15
;;=   0x000054  local.set $rv
;;=     00bf  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000056  local.get $v0
;;=   0x000058  local.get $i0
;;=   0x00005a  i64x2.shl
;;=     00c4  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     00c8  41 83 e3 3f              and r11d, 63
;;=     00cc  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     00d1  c4 c1 79 f3 cf           vpsllq xmm1, xmm0, xmm15
;;=   0x00005d  local.set $rv
;;=     00d6  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00005f  local.get $v0
;;=   0x000061  local.get $i0
;;=   0x000063  i64x2.shr_u
;;=     00db  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     00df  41 83 e3 3f              and r11d, 63
;;=     00e3  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     00e8  c4 c1 79 d3 d7           vpsrlq xmm2, xmm0, xmm15
;;=   0x000066  local.set $rv
;;=     00ed  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000068  end
;;=     00f2  41 ff 36                 push qword [r14]
;;=     00f5  49 83 c6 08              add r14, 8
;;=     00f9  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00fa:
;;=     00fa  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0100:
;;=     0100  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0106  e9 1a ff ff ff           jmp 0x25
;;=
;;= 267 bytes of code, 0 behind it; a frame of 15 slots
