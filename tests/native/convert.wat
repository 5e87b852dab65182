;;! weft inspect --native CONVERT %
;; integers to floats
(module
  (func $CONVERT (param $i0 i32) (param $l0 i64) (local $rf f32) (local $rd f64)
    (local.set $rf (f32.convert_i32_s (local.get $i0)))
    (local.set $rf (f32.convert_i32_u (local.get $i0)))
    (local.set $rf (f32.convert_i64_s (local.get $l0)))
    (local.set $rf (f32.convert_i64_u (local.get $l0)))
    (local.set $rd (f64.convert_i32_s (local.get $i0)))
    (local.set $rd (f64.convert_i32_u (local.get $i0)))
    (local.set $rd (f64.convert_i64_s (local.get $l0)))
    (local.set $rd (f64.convert_i64_u (local.get $l0)))))
;;=
;;= func $CONVERT (;0;) (type 0) (param $i0 i32) (param $l0 i64)
;;=     (local $rf f32) (local $rd f64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e8 ff ff ff     lea r11, [rbp - 24]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 eb 00 00 00        ja 0x102
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 e3 00 00 00        jne 0x108
;;=     0025:
;;=     0025  48 c7 45 90 00 00 00 00  mov qword [rbp - 112], 0
;;=     002d  48 c7 45 98 00 00 00 00  mov qword [rbp - 104], 0
;;=   0x00001d  local.get $i0
;;=   0x00001f  f32.convert_i32_s
;;=     0035  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     003a  c5 82 2a 45 80           vcvtsi2ss xmm0, xmm15, dword [rbp - 128]
;;=   0x000020  local.set $rf
;;=     003f  c5 fa 11 45 90           vmovss dword [rbp - 112], xmm0
;;=   0x000022  local.get $i0
;;=   0x000024  f32.convert_i32_u
;;=     0044  8b 75 80                 mov esi, [rbp - 128]
;;=     0047  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     004c  c4 e1 82 2a ce           vcvtsi2ss xmm1, xmm15, rsi
;;=   0x000025  local.set $rf
;;=     0051  c5 fa 11 4d 90           vmovss dword [rbp - 112], xmm1
;;=   0x000027  local.get $l0
;;=   0x000029  f32.convert_i64_s
;;=     0056  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     005b  c4 e1 82 2a 45 88        vcvtsi2ss xmm0, xmm15, qword [rbp - 120]
;;=   0x00002a  local.set $rf
;;=     0061  c5 fa 11 45 90           vmovss dword [rbp - 112], xmm0
;;=   0x00002c  local.get $l0
;;=   0x00002e  f32.convert_i64_u
;;=     0066  48 8b 7d 88              mov rdi, [rbp - 120]
;;=     006a  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     006f  48 85 ff                 test rdi, rdi
;;=     0072  79 1e                    jns 0x92
;;=     0074  4c 8b df                 mov r11, rdi
;;=     0077  49 d1 eb                 shr r11, 1
;;=     007a  44 8b c7                 mov r8d, edi
;;=     007d  41 83 e0 01              and r8d, 1
;;=     0081  4d 0b d8                 or r11, r8
;;=     0084  c4 c1 82 2a cb           vcvtsi2ss xmm1, xmm15, r11
;;=     0089  c5 f2 58 c9              vaddss xmm1, xmm1, xmm1
;;=     008d  e9 05 00 00 00           jmp 0x97
;;=     0092: zero-extended esi
;;=     0092  c4 e1 82 2a cf           vcvtsi2ss xmm1, xmm15, rdi
;;=   0x00002f  local.set $rf
;;=     0097: zero-extended esi
;;=     0097  c5 fa 11 4d 90           vmovss dword [rbp - 112], xmm1
;;=   0x000031  local.get $i0
;;=   0x000033  f64.convert_i32_s
;;=     009c  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     00a1  c5 83 2a c6              vcvtsi2sd xmm0, xmm15, esi
;;=   0x000034  local.set $rd
;;=     00a5  c5 fb 11 45 98           vmovsd qword [rbp - 104], xmm0
;;=   0x000036  local.get $i0
;;=   0x000038  f64.convert_i32_u
;;=     00aa  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     00af  c4 e1 83 2a d6           vcvtsi2sd xmm2, xmm15, rsi
;;=   0x000039  local.set $rd
;;=     00b4  c5 fb 11 55 98           vmovsd qword [rbp - 104], xmm2
;;=   0x00003b  local.get $l0
;;=   0x00003d  f64.convert_i64_s
;;=     00b9  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     00be  c4 e1 83 2a c7           vcvtsi2sd xmm0, xmm15, rdi
;;=   0x00003e  local.set $rd
;;=     00c3  c5 fb 11 45 98           vmovsd qword [rbp - 104], xmm0
;;=   0x000040  local.get $l0
;;=   0x000042  f64.convert_i64_u
;;=     00c8  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     00cd  48 85 ff                 test rdi, rdi
;;=     00d0  79 1e                    jns 0xf0
;;=     00d2  4c 8b df                 mov r11, rdi
;;=     00d5  49 d1 eb                 shr r11, 1
;;=     00d8  44 8b c7                 mov r8d, edi
;;=     00db  41 83 e0 01              and r8d, 1
;;=     00df  4d 0b d8                 or r11, r8
;;=     00e2  c4 c1 83 2a d3           vcvtsi2sd xmm2, xmm15, r11
;;=     00e7  c5 eb 58 d2              vaddsd xmm2, xmm2, xmm2
;;=     00eb  e9 05 00 00 00           jmp 0xf5
;;=     00f0: zero-extended esi
;;=     00f0  c4 e1 83 2a d7           vcvtsi2sd xmm2, xmm15, rdi
;;=   0x000043  local.set $rd
;;=     00f5: zero-extended esi
;;=     00f5  c5 fb 11 55 98           vmovsd qword [rbp - 104], xmm2
;;=   0x000045  end
;;=     00fa  41 ff 36                 push qword [r14]
;;=     00fd  49 83 c6 08              add r14, 8
;;=     0101  c3                       ret
;;=   0x000018  no room for the frame
;;=     0102:
;;=     0102  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000018  stop at the entry
;;=     0108:
;;=     0108  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     010e  e9 12 ff ff ff           jmp 0x25
;;=
;;= 275 bytes of code, 0 behind it; a frame of 5 slots
