;;! weft inspect --native WIDE_SUM %
;; sums of 128 bits
(module
  (func $WIDE_SUM (param $l0 i64) (param $l1 i64) (param $l2 i64) (param $l3 i64) (local $rl i64) (local $rl1 i64)
    (i64.add128 (local.get $l0) (local.get $l1) (local.get $l2) (local.get $l3)) (local.set $rl1) (local.set $rl)
    (i64.sub128 (local.get $l0) (local.get $l1) (local.get $l2) (local.get $l3)) (local.set $rl1) (local.set $rl)))
;;=
;;= func $WIDE_SUM (;0;) (type 0) (param $l0 i64) (param $l1 i64) (param $l2 i64) (param $l3 i64)
;;=     (local $rl i64) (local $rl1 i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 10 00 00 00     lea r11, [rbp + 16]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 58 00 00 00        ja 0x6f
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 50 00 00 00        jne 0x75
;;=     0025:
;;=     0025  48 c7 45 a0 00 00 00 00  mov qword [rbp - 96], 0
;;=     002d  48 c7 45 a8 00 00 00 00  mov qword [rbp - 88], 0
;;=   0x00001d  local.get $l0
;;=   0x00001f  local.get $l1
;;=   0x000021  local.get $l2
;;=   0x000023  local.get $l3
;;=   0x000025  i64.add128
;;=     0035  48 8b 75 98              mov rsi, [rbp - 104]
;;=     0039  48 8b 7d 80              mov rdi, [rbp - 128]
;;=     003d  4c 8b 45 88              mov r8, [rbp - 120]
;;=     0041  48 03 7d 90              add rdi, [rbp - 112]
;;=     0045  4c 13 c6                 adc r8, rsi
;;=   0x000027  local.set $rl1
;;=     0048  4c 89 45 a8              mov [rbp - 88], r8
;;=   0x000029  local.set $rl
;;=     004c  48 89 7d a0              mov [rbp - 96], rdi
;;=   0x00002b  local.get $l0
;;=   0x00002d  local.get $l1
;;=   0x00002f  local.get $l2
;;=   0x000031  local.get $l3
;;=   0x000033  i64.sub128
;;=     0050  4c 8b 4d 80              mov r9, [rbp - 128]
;;=     0054  4c 8b 55 88              mov r10, [rbp - 120]
;;=     0058  4c 2b 4d 90              sub r9, [rbp - 112]
;;=     005c  4c 1b d6                 sbb r10, rsi
;;=   0x000035  local.set $rl1
;;=     005f  4c 89 55 a8              mov [rbp - 88], r10
;;=   0x000037  local.set $rl
;;=     0063  4c 89 4d a0              mov [rbp - 96], r9
;;=   0x000039  end
;;=     0067  41 ff 36                 push qword [r14]
;;=     006a  49 83 c6 08              add r14, 8
;;=     006e  c3                       ret
;;=   0x00001a  no room for the frame
;;=     006f:
;;=     006f  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001a  stop at the entry
;;=     0075:
;;=     0075  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     007b  e9 a5 ff ff ff           jmp 0x25
;;=
;;= 128 bytes of code, 0 behind it; a frame of 10 slots
