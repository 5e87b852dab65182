;;! weft inspect --native ABS %
;; without the sign
(module
  (func $ABS (param $f0 f32) (param $d0 f64) (local $rf f32) (local $rd f64)
    (local.set $rf (f32.abs (local.get $f0)))
    (local.set $rd (f64.abs (local.get $d0)))))
;;=
;;= func $ABS (;0;) (type 0) (param $f0 f32) (param $d0 f64)
;;=     (local $rf f32) (local $rd f64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e8 ff ff ff     lea r11, [rbp - 24]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 54 00 00 00        ja 0x6b
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 4c 00 00 00        jne 0x71
;;=     0025:
;;=     0025  48 c7 45 90 00 00 00 00  mov qword [rbp - 112], 0
;;=     002d  48 c7 45 98 00 00 00 00  mov qword [rbp - 104], 0
;;=   0x00001d  local.get $f0
;;=   0x00001f  f32.abs
;;=     0035  c5 fa 10 45 80           vmovss xmm0, dword [rbp - 128]
;;=     003a  c5 7a 10 3d 3e 00 00 00  vmovss xmm15, dword [rip + 62]
;;=     0042  c4 c1 78 54 cf           vandps xmm1, xmm0, xmm15
;;=   0x000020  local.set $rf
;;=     0047  c5 fa 11 4d 90           vmovss dword [rbp - 112], xmm1
;;=   0x000022  local.get $d0
;;=   0x000024  f64.abs
;;=     004c  c5 fb 10 55 88           vmovsd xmm2, qword [rbp - 120]
;;=     0051  c5 7b 10 3d 2f 00 00 00  vmovsd xmm15, qword [rip + 47]
;;=     0059  c4 c1 68 54 df           vandps xmm3, xmm2, xmm15
;;=   0x000025  local.set $rd
;;=     005e  c5 fb 11 5d 98           vmovsd qword [rbp - 104], xmm3
;;=   0x000027  end
;;=     0063  41 ff 36                 push qword [r14]
;;=     0066  49 83 c6 08              add r14, 8
;;=     006a  c3                       ret
;;=   0x000018  no room for the frame
;;=     006b:
;;=     006b  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000018  stop at the entry
;;=     0071:
;;=     0071  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0077  e9 a9 ff ff ff           jmp 0x25
;;=   constants
;;=     0080  ff ff ff 7f 00 00 00 00
;;=     0088  ff ff ff ff ff ff ff 7f
;;=
;;= 124 bytes of code, 20 behind it; a frame of 5 slots
