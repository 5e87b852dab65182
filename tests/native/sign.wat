;;! weft inspect --native SIGN %
;; from the sign of a part
(module
  (func $SIGN (param $i0 i32) (param $l0 i64) (local $ri i32) (local $rl i64)
    (local.set $ri (i32.extend8_s (local.get $i0)))
    (local.set $ri (i32.extend16_s (local.get $i0)))
    (local.set $rl (i64.extend8_s (local.get $l0)))
    (local.set $rl (i64.extend16_s (local.get $l0)))
    (local.set $rl (i64.extend32_s (local.get $l0)))
    (local.set $rl (i64.extend_i32_s (local.get $i0)))))
;;=
;;= func $SIGN (;0;) (type 0) (param $i0 i32) (param $l0 i64)
;;=     (local $ri i32) (local $rl i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e8 ff ff ff     lea r11, [rbp - 24]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 56 00 00 00        ja 0x6d
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 4e 00 00 00        jne 0x73
;;=     0025:
;;=     0025  48 c7 45 90 00 00 00 00  mov qword [rbp - 112], 0
;;=     002d  48 c7 45 98 00 00 00 00  mov qword [rbp - 104], 0
;;=   0x00001d  local.get $i0
;;=   0x00001f  i32.extend8_s
;;=     0035  0f be 75 80              movsx esi, byte [rbp - 128]
;;=   0x000020  local.set $ri
;;=     0039  89 75 90                 mov [rbp - 112], esi
;;=   0x000022  local.get $i0
;;=   0x000024  i32.extend16_s
;;=     003c  0f bf 7d 80              movsx edi, word [rbp - 128]
;;=   0x000025  local.set $ri
;;=     0040  89 7d 90                 mov [rbp - 112], edi
;;=   0x000027  local.get $l0
;;=   0x000029  i64.extend8_s
;;=     0043  48 0f be 75 88           movsx rsi, byte [rbp - 120]
;;=   0x00002a  local.set $rl
;;=     0048  48 89 75 98              mov [rbp - 104], rsi
;;=   0x00002c  local.get $l0
;;=   0x00002e  i64.extend16_s
;;=     004c  4c 0f bf 45 88           movsx r8, word [rbp - 120]
;;=   0x00002f  local.set $rl
;;=     0051  4c 89 45 98              mov [rbp - 104], r8
;;=   0x000031  local.get $l0
;;=   0x000033  i64.extend32_s
;;=     0055  48 63 75 88              movsxd rsi, dword [rbp - 120]
;;=   0x000034  local.set $rl
;;=     0059  48 89 75 98              mov [rbp - 104], rsi
;;=   0x000036  local.get $i0
;;=   0x000038  i64.extend_i32_s
;;=     005d  4c 63 45 80              movsxd r8, dword [rbp - 128]
;;=   0x000039  local.set $rl
;;=     0061  4c 89 45 98              mov [rbp - 104], r8
;;=   0x00003b  end
;;=     0065  41 ff 36                 push qword [r14]
;;=     0068  49 83 c6 08              add r14, 8
;;=     006c  c3                       ret
;;=   0x000018  no room for the frame
;;=     006d:
;;=     006d  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000018  stop at the entry
;;=     0073:
;;=     0073  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0079  e9 a7 ff ff ff           jmp 0x25
;;=
;;= 126 bytes of code, 0 behind it; a frame of 5 slots
