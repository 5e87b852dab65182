;;! weft inspect --native EXTRACT %
;; vectors: operands that are locals
(module
  (func $EXTRACT (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $ri i32) (local $rl i64)
    (local.set $ri (i8x16.extract_lane_s 1 (local.get $v0)))
    (local.set $ri (i8x16.extract_lane_u 1 (local.get $v0)))
    (local.set $ri (i16x8.extract_lane_s 1 (local.get $v0)))
    (local.set $ri (i16x8.extract_lane_u 1 (local.get $v0)))
    (local.set $ri (i32x4.extract_lane 1 (local.get $v0)))
    (local.set $rl (i64x2.extract_lane 1 (local.get $v0)))))
;;=
;;= func $EXTRACT (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $ri i32) (local $rl i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 50 00 00 00        ja 0x67
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 48 00 00 00        jne 0x6d
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000022  local.get $v0
;;=   0x000024  i8x16.extract_lane_s 1
;;=     0035  0f be 75 a1              movsx esi, byte [rbp - 95]
;;=   0x000027  local.set $ri
;;=     0039  89 75 d0                 mov [rbp - 48], esi
;;=   0x000029  local.get $v0
;;=   0x00002b  i8x16.extract_lane_u 1
;;=     003c  0f b6 7d a1              movzx edi, byte [rbp - 95]
;;=   0x00002e  local.set $ri
;;=     0040  89 7d d0                 mov [rbp - 48], edi
;;=   0x000030  local.get $v0
;;=   0x000032  i16x8.extract_lane_s 1
;;=     0043  0f bf 75 a2              movsx esi, word [rbp - 94]
;;=   0x000035  local.set $ri
;;=     0047  89 75 d0                 mov [rbp - 48], esi
;;=   0x000037  local.get $v0
;;=   0x000039  i16x8.extract_lane_u 1
;;=     004a  0f b7 7d a2              movzx edi, word [rbp - 94]
;;=   0x00003c  local.set $ri
;;=     004e  89 7d d0                 mov [rbp - 48], edi
;;=   0x00003e  local.get $v0
;;=   0x000040  i32x4.extract_lane 1
;;=     0051  8b 75 a4                 mov esi, [rbp - 92]
;;=   0x000043  local.set $ri
;;=     0054  89 75 d0                 mov [rbp - 48], esi
;;=   0x000045  local.get $v0
;;=   0x000047  i64x2.extract_lane 1
;;=     0057  48 8b 7d a8              mov rdi, [rbp - 88]
;;=   0x00004a  local.set $rl
;;=     005b  48 89 7d d8              mov [rbp - 40], rdi
;;=   0x00004c  end
;;=     005f  41 ff 36                 push qword [r14]
;;=     0062  49 83 c6 08              add r14, 8
;;=     0066  c3                       ret
;;=   0x00001d  no room for the frame
;;=     0067:
;;=     0067  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     006d:
;;=     006d  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0073  e9 ad ff ff ff           jmp 0x25
;;=
;;= 120 bytes of code, 0 behind it; a frame of 14 slots
