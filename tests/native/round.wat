;;! weft inspect --native ROUND %
;; to whole numbers
(module
  (func $ROUND (param $f0 f32) (param $d0 f64) (local $rf f32) (local $rd f64)
    (local.set $rf (f32.ceil (local.get $f0)))
    (local.set $rf (f32.floor (local.get $f0)))
    (local.set $rf (f32.trunc (local.get $f0)))
    (local.set $rf (f32.nearest (local.get $f0)))
    (local.set $rd (f64.ceil (local.get $d0)))
    (local.set $rd (f64.floor (local.get $d0)))
    (local.set $rd (f64.trunc (local.get $d0)))
    (local.set $rd (f64.nearest (local.get $d0)))))
;;=
;;= func $ROUND (;0;) (type 0) (param $f0 f32) (param $d0 f64)
;;=     (local $rf f32) (local $rd f64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e8 ff ff ff     lea r11, [rbp - 24]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 88 00 00 00        ja 0x9f
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 80 00 00 00        jne 0xa5
;;=     0025:
;;=     0025  48 c7 45 90 00 00 00 00  mov qword [rbp - 112], 0
;;=     002d  48 c7 45 98 00 00 00 00  mov qword [rbp - 104], 0
;;=   0x00001d  local.get $f0
;;=   0x00001f  f32.ceil
;;=     0035  c5 fa 10 45 80           vmovss xmm0, dword [rbp - 128]
;;=     003a  c4 e3 79 0a c8 0a        vroundss xmm1, xmm0, xmm0, 10
;;=   0x000020  local.set $rf
;;=     0040  c5 fa 11 4d 90           vmovss dword [rbp - 112], xmm1
;;=   0x000022  local.get $f0
;;=   0x000024  f32.floor
;;=     0045  c4 e3 79 0a d0 09        vroundss xmm2, xmm0, xmm0, 9
;;=   0x000025  local.set $rf
;;=     004b  c5 fa 11 55 90           vmovss dword [rbp - 112], xmm2
;;=   0x000027  local.get $f0
;;=   0x000029  f32.trunc
;;=     0050  c4 e3 79 0a c8 0b        vroundss xmm1, xmm0, xmm0, 11
;;=   0x00002a  local.set $rf
;;=     0056  c5 fa 11 4d 90           vmovss dword [rbp - 112], xmm1
;;=   0x00002c  local.get $f0
;;=   0x00002e  f32.nearest
;;=     005b  c4 e3 79 0a d0 08        vroundss xmm2, xmm0, xmm0, 8
;;=   0x00002f  local.set $rf
;;=     0061  c5 fa 11 55 90           vmovss dword [rbp - 112], xmm2
;;=   0x000031  local.get $d0
;;=   0x000033  f64.ceil
;;=     0066  c5 fb 10 4d 88           vmovsd xmm1, qword [rbp - 120]
;;=     006b  c4 e3 71 0b d9 0a        vroundsd xmm3, xmm1, xmm1, 10
;;=   0x000034  local.set $rd
;;=     0071  c5 fb 11 5d 98           vmovsd qword [rbp - 104], xmm3
;;=   0x000036  local.get $d0
;;=   0x000038  f64.floor
;;=     0076  c4 e3 71 0b e1 09        vroundsd xmm4, xmm1, xmm1, 9
;;=   0x000039  local.set $rd
;;=     007c  c5 fb 11 65 98           vmovsd qword [rbp - 104], xmm4
;;=   0x00003b  local.get $d0
;;=   0x00003d  f64.trunc
;;=     0081  c4 e3 71 0b d9 0b        vroundsd xmm3, xmm1, xmm1, 11
;;=   0x00003e  local.set $rd
;;=     0087  c5 fb 11 5d 98           vmovsd qword [rbp - 104], xmm3
;;=   0x000040  local.get $d0
;;=   0x000042  f64.nearest
;;=     008c  c4 e3 71 0b e1 08        vroundsd xmm4, xmm1, xmm1, 8
;;=   0x000043  local.set $rd
;;=     0092  c5 fb 11 65 98           vmovsd qword [rbp - 104], xmm4
;;=   0x000045  end
;;=     0097  41 ff 36                 push qword [r14]
;;=     009a  49 83 c6 08              add r14, 8
;;=     009e  c3                       ret
;;=   0x000018  no room for the frame
;;=     009f:
;;=     009f  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000018  stop at the entry
;;=     00a5:
;;=     00a5  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00ab  e9 75 ff ff ff           jmp 0x25
;;=
;;= 176 bytes of code, 0 behind it; a frame of 5 slots
