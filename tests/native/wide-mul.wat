;;! weft inspect --native WIDE_MUL %
;; products of 128 bits
(module
  (func $WIDE_MUL (param $l0 i64) (param $l1 i64) (local $rl i64) (local $rl1 i64)
    (i64.mul_wide_s (local.get $l0) (local.get $l1)) (local.set $rl1) (local.set $rl)
    (i64.mul_wide_u (local.get $l0) (local.get $l1)) (local.set $rl1) (local.set $rl)))
;;=
;;= func $WIDE_MUL (;0;) (type 0) (param $l0 i64) (param $l1 i64)
;;=     (local $rl i64) (local $rl1 i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d f0 ff ff ff     lea r11, [rbp - 16]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 4c 00 00 00        ja 0x63
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 44 00 00 00        jne 0x69
;;=     0025:
;;=     0025  48 c7 45 90 00 00 00 00  mov qword [rbp - 112], 0
;;=     002d  48 c7 45 98 00 00 00 00  mov qword [rbp - 104], 0
;;=   0x00001b  local.get $l0
;;=   0x00001d  local.get $l1
;;=   0x00001f  i64.mul_wide_s
;;=     0035  4c 8b 5d 88              mov r11, [rbp - 120]
;;=     0039  48 8b 45 80              mov rax, [rbp - 128]
;;=     003d  49 f7 eb                 imul r11
;;=   0x000021  local.set $rl1
;;=     0040  48 89 55 98              mov [rbp - 104], rdx
;;=   0x000023  local.set $rl
;;=     0044  48 89 45 90              mov [rbp - 112], rax
;;=   0x000025  local.get $l0
;;=   0x000027  local.get $l1
;;=   0x000029  i64.mul_wide_u
;;=     0048  4c 8b 5d 88              mov r11, [rbp - 120]
;;=     004c  48 8b 45 80              mov rax, [rbp - 128]
;;=     0050  49 f7 e3                 mul r11
;;=   0x00002b  local.set $rl1
;;=     0053  48 89 55 98              mov [rbp - 104], rdx
;;=   0x00002d  local.set $rl
;;=     0057  48 89 45 90              mov [rbp - 112], rax
;;=   0x00002f  end
;;=     005b  41 ff 36                 push qword [r14]
;;=     005e  49 83 c6 08              add r14, 8
;;=     0062  c3                       ret
;;=   0x000018  no room for the frame
;;=     0063:
;;=     0063  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000018  stop at the entry
;;=     0069:
;;=     0069  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     006f  e9 b1 ff ff ff           jmp 0x25
;;=
;;= 116 bytes of code, 0 behind it; a frame of 6 slots
