;;! weft inspect --native SHR_S_64 %
;; vectors: operands that are locals
(module
  (func $SHR_S_64 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i64x2.shr_s (local.get $v0) (local.get $i0)))))
;;=
;;= func $SHR_S_64 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
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
;;=   0x000024  i64x2.shr_s
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     003e  41 83 e3 3f              and r11d, 63
;;=     0042  c4 41 79 6e fb           vmovd xmm15, r11d
;;=     0047  c5 f8 10 0d 31 00 00 00  vmovups xmm1, [rip + 49]
;;=     004f  c4 c1 71 d3 cf           vpsrlq xmm1, xmm1, xmm15
;;=     0054  c4 c1 79 d3 d7           vpsrlq xmm2, xmm0, xmm15
;;=     0059  c5 e9 ef d1              vpxor xmm2, xmm2, xmm1
;;=     005d  c5 e9 fb d1              vpsubq xmm2, xmm2, xmm1
;;=   0x000027  local.set $rv
;;=     0061  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000029  end
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
;;=   constants
;;=     0080  00 00 00 00 00 00 00 80
;;=     0088  00 00 00 00 00 00 00 80
;;=
;;= 127 bytes of code, 17 behind it; a frame of 15 slots
