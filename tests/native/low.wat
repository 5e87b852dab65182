;;! weft inspect --native LOW %
;; the lower half
(module
  (func $LOW (param $i0 i32) (param $l0 i64) (local $ri i32) (local $rl i64)
    (local.set $rl (i64.extend_i32_u (local.get $i0)))
    (local.set $ri (i32.wrap_i64 (local.get $l0)))))
;;=
;;= func $LOW (;0;) (type 0) (param $i0 i32) (param $l0 i64)
;;=     (local $ri i32) (local $rl i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e8 ff ff ff     lea r11, [rbp - 24]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 33 00 00 00        ja 0x4a
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 2b 00 00 00        jne 0x50
;;=     0025:
;;=     0025  48 c7 45 90 00 00 00 00  mov qword [rbp - 112], 0
;;=     002d  48 c7 45 98 00 00 00 00  mov qword [rbp - 104], 0
;;=   0x00001d  local.get $i0
;;=   0x00001f  i64.extend_i32_u
;;=     0035  8b 75 80                 mov esi, [rbp - 128]
;;=   0x000020  local.set $rl
;;=     0038  48 89 75 98              mov [rbp - 104], rsi
;;=   0x000022  local.get $l0
;;=   0x000024  i32.wrap_i64
;;=     003c  8b 7d 88                 mov edi, [rbp - 120]
;;=   0x000025  local.set $ri
;;=     003f  89 7d 90                 mov [rbp - 112], edi
;;=   0x000027  end
;;=     0042  41 ff 36                 push qword [r14]
;;=     0045  49 83 c6 08              add r14, 8
;;=     0049  c3                       ret
;;=   0x000018  no room for the frame
;;=     004a:
;;=     004a  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000018  stop at the entry
;;=     0050:
;;=     0050  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0056  e9 ca ff ff ff           jmp 0x25
;;=
;;= 91 bytes of code, 0 behind it; a frame of 5 slots
