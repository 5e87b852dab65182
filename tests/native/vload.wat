;;! weft inspect --native VLOAD %
;; vectors: operands that are locals
(module
  (memory 1)
  (func $VLOAD (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (v128.load offset=16 (local.get $i0)))
    (local.set $rv (v128.load8x8_s offset=16 (local.get $i0)))
    (local.set $rv (v128.load8x8_u offset=16 (local.get $i0)))
    (local.set $rv (v128.load16x4_s offset=16 (local.get $i0)))
    (local.set $rv (v128.load16x4_u offset=16 (local.get $i0)))
    (local.set $rv (v128.load32x2_s offset=16 (local.get $i0)))
    (local.set $rv (v128.load32x2_u offset=16 (local.get $i0)))
    (local.set $rv (v128.load8_splat offset=16 (local.get $i0)))
    (local.set $rv (v128.load16_splat offset=16 (local.get $i0)))
    (local.set $rv (v128.load32_splat offset=16 (local.get $i0)))
    (local.set $rv (v128.load64_splat offset=16 (local.get $i0)))
    (local.set $rv (v128.load32_zero offset=16 (local.get $i0)))
    (local.set $rv (v128.load64_zero offset=16 (local.get $i0)))))
;;=
;;= func $VLOAD (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 c2 00 00 00        ja 0xd9
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 ba 00 00 00        jne 0xdf
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000025  local.get $i0
;;=   0x000027  v128.load offset=16
;;=     0035  8b 75 80                 mov esi, [rbp - 128]
;;=     0038  c5 f8 10 44 33 10        vmovups xmm0, [rbx + rsi + 16]
;;=   0x00002b  local.set $rv
;;=     003e  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00002d  local.get $i0
;;=   0x00002f  v128.load8x8_s offset=16
;;=     0043  c4 e2 79 20 4c 33 10     vpmovsxbw xmm1, qword [rbx + rsi + 16]
;;=   0x000033  local.set $rv
;;=     004a  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000035  local.get $i0
;;=   0x000037  v128.load8x8_u offset=16
;;=     004f  c4 e2 79 30 44 33 10     vpmovzxbw xmm0, qword [rbx + rsi + 16]
;;=   0x00003b  local.set $rv
;;=     0056  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00003d  local.get $i0
;;=   0x00003f  v128.load16x4_s offset=16
;;=     005b  c4 e2 79 23 4c 33 10     vpmovsxwd xmm1, qword [rbx + rsi + 16]
;;=   0x000043  local.set $rv
;;=     0062  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000045  local.get $i0
;;=   0x000047  v128.load16x4_u offset=16
;;=     0067  c4 e2 79 33 44 33 10     vpmovzxwd xmm0, qword [rbx + rsi + 16]
;;=   0x00004b  local.set $rv
;;=     006e  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00004d  local.get $i0
;;=   0x00004f  v128.load32x2_s offset=16
;;=     0073  c4 e2 79 25 4c 33 10     vpmovsxdq xmm1, qword [rbx + rsi + 16]
;;=   0x000053  local.set $rv
;;=     007a  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000055  local.get $i0
;;=   0x000057  v128.load32x2_u offset=16
;;=     007f  c4 e2 79 35 44 33 10     vpmovzxdq xmm0, qword [rbx + rsi + 16]
;;=   0x00005b  local.set $rv
;;=     0086  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00005d  local.get $i0
;;=   0x00005f  v128.load8_splat offset=16
;;=     008b  c4 e2 79 78 4c 33 10     vpbroadcastb xmm1, byte [rbx + rsi + 16]
;;=   0x000063  local.set $rv
;;=     0092  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000065  local.get $i0
;;=   0x000067  v128.load16_splat offset=16
;;=     0097  c4 e2 79 79 44 33 10     vpbroadcastw xmm0, word [rbx + rsi + 16]
;;=   0x00006b  local.set $rv
;;=     009e  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00006d  local.get $i0
;;=   0x00006f  v128.load32_splat offset=16
;;=     00a3  c4 e2 79 58 4c 33 10     vpbroadcastd xmm1, dword [rbx + rsi + 16]
;;=   0x000073  local.set $rv
;;=     00aa  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000075  local.get $i0
;;=   0x000077  v128.load64_splat offset=16
;;=     00af  c4 e2 79 59 44 33 10     vpbroadcastq xmm0, qword [rbx + rsi + 16]
;;=   0x00007b  local.set $rv
;;=     00b6  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00007d  local.get $i0
;;=   0x00007f  v128.load32_zero offset=16
;;=     00bb  c5 fa 10 4c 33 10        vmovss xmm1, dword [rbx + rsi + 16]
;;=   0x000083  local.set $rv
;;=     00c1  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000085  local.get $i0
;;=   0x000087  v128.load64_zero offset=16
;;=     00c6  c5 fb 10 44 33 10        vmovsd xmm0, qword [rbx + rsi + 16]
;;=   0x00008b  local.set $rv
;;=     00cc  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00008d  end
;;=     00d1  41 ff 36                 push qword [r14]
;;=     00d4  49 83 c6 08              add r14, 8
;;=     00d8  c3                       ret
;;=   0x000022  no room for the frame
;;=     00d9:
;;=     00d9  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000022  stop at the entry
;;=     00df:
;;=     00df  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00e5  e9 3b ff ff ff           jmp 0x25
;;=
;;= 234 bytes of code, 0 behind it; a frame of 14 slots
