;;! weft inspect --native COUNT %
;; zeros in front and behind, and ones
(module
  (func $COUNT (param $i0 i32) (param $l0 i64) (local $ri i32) (local $rl i64)
    (local.set $ri (i32.clz (local.get $i0)))
    (local.set $ri (i32.ctz (local.get $i0)))
    (local.set $ri (i32.popcnt (local.get $i0)))
    (local.set $rl (i64.clz (local.get $l0)))
    (local.set $rl (i64.ctz (local.get $l0)))
    (local.set $rl (i64.popcnt (local.get $l0)))))
;;=
;;= func $COUNT (;0;) (type 0) (param $i0 i32) (param $l0 i64)
;;=     (local $ri i32) (local $rl i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e8 ff ff ff     lea r11, [rbp - 24]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 5c 00 00 00        ja 0x73
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 54 00 00 00        jne 0x79
;;=     0025:
;;=     0025  48 c7 45 90 00 00 00 00  mov qword [rbp - 112], 0
;;=     002d  48 c7 45 98 00 00 00 00  mov qword [rbp - 104], 0
;;=   0x00001d  local.get $i0
;;=   0x00001f  i32.clz
;;=     0035  f3 0f bd 75 80           lzcnt esi, [rbp - 128]
;;=   0x000020  local.set $ri
;;=     003a  89 75 90                 mov [rbp - 112], esi
;;=   0x000022  local.get $i0
;;=   0x000024  i32.ctz
;;=     003d  f3 0f bc 7d 80           tzcnt edi, [rbp - 128]
;;=   0x000025  local.set $ri
;;=     0042  89 7d 90                 mov [rbp - 112], edi
;;=   0x000027  local.get $i0
;;=   0x000029  i32.popcnt
;;=     0045  f3 0f b8 75 80           popcnt esi, [rbp - 128]
;;=   0x00002a  local.set $ri
;;=     004a  89 75 90                 mov [rbp - 112], esi
;;=   0x00002c  local.get $l0
;;=   0x00002e  i64.clz
;;=     004d  f3 48 0f bd 7d 88        lzcnt rdi, [rbp - 120]
;;=   0x00002f  local.set $rl
;;=     0053  48 89 7d 98              mov [rbp - 104], rdi
;;=   0x000031  local.get $l0
;;=   0x000033  i64.ctz
;;=     0057  f3 4c 0f bc 45 88        tzcnt r8, [rbp - 120]
;;=   0x000034  local.set $rl
;;=     005d  4c 89 45 98              mov [rbp - 104], r8
;;=   0x000036  local.get $l0
;;=   0x000038  i64.popcnt
;;=     0061  f3 48 0f b8 7d 88        popcnt rdi, [rbp - 120]
;;=   0x000039  local.set $rl
;;=     0067  48 89 7d 98              mov [rbp - 104], rdi
;;=   0x00003b  end
;;=     006b  41 ff 36                 push qword [r14]
;;=     006e  49 83 c6 08              add r14, 8
;;=     0072  c3                       ret
;;=   0x000018  no room for the frame
;;=     0073:
;;=     0073  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000018  stop at the entry
;;=     0079:
;;=     0079  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     007f  e9 a1 ff ff ff           jmp 0x25
;;=
;;= 132 bytes of code, 0 behind it; a frame of 5 slots
