;;! weft inspect --native SHR_S_8 %
;; vectors: operands that are locals
(module
  (func $SHR_S_8 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i8x16.shr_s (local.get $v0) (local.get $i0)))))
;;=
;;= func $SHR_S_8 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 38 00 00 00     lea r11, [rbp + 56]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 57 00 00 00        ja 0x6e
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 4f 00 00 00        jne 0x74
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $i0
;;=   0x000024  i8x16.shr_s
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     003e  41 83 e3 07              and r11d, 7
;;=     0042  41 83 c3 08              add r11d, 8
;;=     0046  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     004b  c5 f9 68 c8              vpunpckhbw xmm1, xmm0, xmm0
;;=     004f  c5 f9 60 d0              vpunpcklbw xmm2, xmm0, xmm0
;;=     0053  c4 c1 71 e1 cf           vpsraw xmm1, xmm1, xmm15
;;=     0058  c4 c1 69 e1 d7           vpsraw xmm2, xmm2, xmm15
;;=     005d  c5 e9 63 d1              vpacksswb xmm2, xmm2, xmm1
;;=   0x000026  local.set $rv
;;=     0061  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000028  end
;;=     0066  41 ff 36                 push qword [r14]
;;=     0069  49 83 c6 08              add r14, 8
;;=     006d  c3                       ret
;;=   0x00001d  no room for the frame
;;=     006e:
;;=     006e  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0074:
;;=     0074  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     007a  e9 a6 ff ff ff           jmp 0x25
;;=
;;= 127 bytes of code, 0 behind it; a frame of 15 slots
