;;! weft inspect --native BITMASK %
;; vectors: operands that are locals
(module
  (func $BITMASK (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $ri i32)
    (local.set $ri (i8x16.bitmask (local.get $v0)))
    (local.set $ri (i32x4.bitmask (local.get $v0)))
    (local.set $ri (i64x2.bitmask (local.get $v0)))))
;;=
;;= func $BITMASK (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $ri i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 28 00 00 00     lea r11, [rbp + 40]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 38 00 00 00        ja 0x4f
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 30 00 00 00        jne 0x55
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i8x16.bitmask
;;=     002d  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     0032  c5 f9 d7 f0              vpmovmskb esi, xmm0
;;=   0x000024  local.set $ri
;;=     0036  89 75 d0                 mov [rbp - 48], esi
;;=   0x000026  local.get $v0
;;=   0x000028  i32x4.bitmask
;;=     0039  c5 f8 50 f8              vmovmskps edi, xmm0
;;=   0x00002b  local.set $ri
;;=     003d  89 7d d0                 mov [rbp - 48], edi
;;=   0x00002d  local.get $v0
;;=   0x00002f  i64x2.bitmask
;;=     0040  c5 f9 50 f0              vmovmskpd esi, xmm0
;;=   0x000032  local.set $ri
;;=     0044  89 75 d0                 mov [rbp - 48], esi
;;=   0x000034  end
;;=     0047  41 ff 36                 push qword [r14]
;;=     004a  49 83 c6 08              add r14, 8
;;=     004e  c3                       ret
;;=   0x00001d  no room for the frame
;;=     004f:
;;=     004f  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0055:
;;=     0055  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     005b  e9 c5 ff ff ff           jmp 0x25
;;=
;;= 96 bytes of code, 0 behind it; a frame of 13 slots
