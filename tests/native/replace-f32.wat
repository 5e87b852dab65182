;;! weft inspect --native REPLACE_F32 %
;; vectors: operands that are locals
(module
  (func $REPLACE_F32 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (f32x4.replace_lane 1 (local.get $v0) (local.get $f0)))))
;;=
;;= func $REPLACE_F32 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 38 00 00 00     lea r11, [rbp + 56]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 37 00 00 00        ja 0x4e
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 2f 00 00 00        jne 0x54
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $f0
;;=   0x000024  f32x4.replace_lane 1
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c4 e3 79 21 4d 90 10     vinsertps xmm1, xmm0, dword [rbp - 112], 16
;;=   0x000027  local.set $rv
;;=     0041  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000029  end
;;=     0046  41 ff 36                 push qword [r14]
;;=     0049  49 83 c6 08              add r14, 8
;;=     004d  c3                       ret
;;=   0x00001d  no room for the frame
;;=     004e:
;;=     004e  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0054:
;;=     0054  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     005a  e9 c6 ff ff ff           jmp 0x25
;;=
;;= 95 bytes of code, 0 behind it; a frame of 15 slots
