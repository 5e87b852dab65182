;;! weft inspect --native FLOAT_WIDTH %
;; from one width of floats to the other
(module
  (func $FLOAT_WIDTH (param $f0 f32) (param $d0 f64) (local $rf f32) (local $rd f64)
    (local.set $rf (f32.demote_f64 (local.get $d0)))
    (local.set $rd (f64.promote_f32 (local.get $f0)))))
;;=
;;= func $FLOAT_WIDTH (;0;) (type 0) (param $f0 f32) (param $d0 f64)
;;=     (local $rf f32) (local $rd f64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e8 ff ff ff     lea r11, [rbp - 24]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 42 00 00 00        ja 0x59
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 3a 00 00 00        jne 0x5f
;;=     0025:
;;=     0025  48 c7 45 90 00 00 00 00  mov qword [rbp - 112], 0
;;=     002d  48 c7 45 98 00 00 00 00  mov qword [rbp - 104], 0
;;=   0x00001d  local.get $d0
;;=   0x00001f  f32.demote_f64
;;=     0035  c5 fb 10 45 88           vmovsd xmm0, qword [rbp - 120]
;;=     003a  c5 fb 5a c8              vcvtsd2ss xmm1, xmm0, xmm0
;;=   0x000020  local.set $rf
;;=     003e  c5 fa 11 4d 90           vmovss dword [rbp - 112], xmm1
;;=   0x000022  local.get $f0
;;=   0x000024  f64.promote_f32
;;=     0043  c5 fa 10 55 80           vmovss xmm2, dword [rbp - 128]
;;=     0048  c5 ea 5a da              vcvtss2sd xmm3, xmm2, xmm2
;;=   0x000025  local.set $rd
;;=     004c  c5 fb 11 5d 98           vmovsd qword [rbp - 104], xmm3
;;=   0x000027  end
;;=     0051  41 ff 36                 push qword [r14]
;;=     0054  49 83 c6 08              add r14, 8
;;=     0058  c3                       ret
;;=   0x000018  no room for the frame
;;=     0059:
;;=     0059  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000018  stop at the entry
;;=     005f:
;;=     005f  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0065  e9 bb ff ff ff           jmp 0x25
;;=
;;= 106 bytes of code, 0 behind it; a frame of 5 slots
