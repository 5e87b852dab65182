;;! weft inspect --native BITMASK_16 %
;; vectors: operands that are locals
(module
  (func $BITMASK_16 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $ri i32)
    (local.set $ri (i16x8.bitmask (local.get $v0)))))
;;=
;;= func $BITMASK_16 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $ri i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 28 00 00 00     lea r11, [rbp + 40]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 33 00 00 00        ja 0x4a
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 2b 00 00 00        jne 0x50
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=   0x000020  local.get $v0
;;=   0x000022  i16x8.bitmask
;;=     002d  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     0032  c5 79 63 f8              vpacksswb xmm15, xmm0, xmm0
;;=     0036  c4 c1 79 d7 f7           vpmovmskb esi, xmm15
;;=     003b  40 0f b6 f6              movzx esi, sil
;;=   0x000025  local.set $ri
;;=     003f  89 75 d0                 mov [rbp - 48], esi
;;=   0x000027  end
;;=     0042  41 ff 36                 push qword [r14]
;;=     0045  49 83 c6 08              add r14, 8
;;=     0049  c3                       ret
;;=   0x00001d  no room for the frame
;;=     004a:
;;=     004a  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0050:
;;=     0050  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0056  e9 ca ff ff ff           jmp 0x25
;;=
;;= 91 bytes of code, 0 behind it; a frame of 13 slots
