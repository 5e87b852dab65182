;;! weft inspect --native REPLACE %
;; vectors: operands that are locals
(module
  (func $REPLACE (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i8x16.replace_lane 1 (local.get $v0) (local.get $i0)))
    (local.set $rv (i16x8.replace_lane 1 (local.get $v0) (local.get $i0)))
    (local.set $rv (i32x4.replace_lane 1 (local.get $v0) (local.get $i0)))
    (local.set $rv (i64x2.replace_lane 1 (local.get $v0) (local.get $l0)))))
;;=
;;= func $REPLACE (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 38 00 00 00     lea r11, [rbp + 56]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 5a 00 00 00        ja 0x71
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 52 00 00 00        jne 0x77
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $i0
;;=   0x000024  i8x16.replace_lane 1
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c4 e3 79 20 4d 80 01     vpinsrb xmm1, xmm0, byte [rbp - 128], 1
;;=   0x000027  local.set $rv
;;=     0041  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000029  local.get $v0
;;=   0x00002b  local.get $i0
;;=   0x00002d  i16x8.replace_lane 1
;;=     0046  c5 f9 c4 55 80 01        vpinsrw xmm2, xmm0, word [rbp - 128], 1
;;=   0x000030  local.set $rv
;;=     004c  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000032  local.get $v0
;;=   0x000034  local.get $i0
;;=   0x000036  i32x4.replace_lane 1
;;=     0051  c4 e3 79 22 4d 80 01     vpinsrd xmm1, xmm0, dword [rbp - 128], 1
;;=   0x000039  local.set $rv
;;=     0058  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00003b  local.get $v0
;;=   0x00003d  local.get $l0
;;=   0x00003f  i64x2.replace_lane 1
;;=     005d  c4 e3 f9 22 55 88 01     vpinsrq xmm2, xmm0, qword [rbp - 120], 1
;;=   0x000042  local.set $rv
;;=     0064  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000044  end
;;=     0069  41 ff 36                 push qword [r14]
;;=     006c  49 83 c6 08              add r14, 8
;;=     0070  c3                       ret
;;=   0x00001d  no room for the frame
;;=     0071:
;;=     0071  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0077:
;;=     0077  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     007d  e9 a3 ff ff ff           jmp 0x25
;;=
;;= 130 bytes of code, 0 behind it; a frame of 15 slots
