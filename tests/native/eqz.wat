;;! weft inspect --native EQZ %
;; is it zero: as a number, and for a branch
(module
  (func $EQZ (param $i0 i32) (param $l0 i64) (local $ri i32)
    (local.set $ri (i32.eqz (local.get $i0)))
    (local.set $ri (i64.eqz (local.get $l0)))
    (if (i32.eqz (local.get $i0)) (then (local.set $ri (i32.const 1))))
    (if (i64.eqz (local.get $l0)) (then (local.set $ri (i32.const 1))))))
;;=
;;= func $EQZ (;0;) (type 0) (param $i0 i32) (param $l0 i64)
;;=     (local $ri i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e0 ff ff ff     lea r11, [rbp - 32]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 60 00 00 00        ja 0x77
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 58 00 00 00        jne 0x7d
;;=     0025:
;;=     0025  48 c7 45 90 00 00 00 00  mov qword [rbp - 112], 0
;;=   0x00001b  local.get $i0
;;=   0x00001d  i32.eqz
;;=     002d  83 7d 80 00              cmp dword [rbp - 128], 0
;;=     0031  40 0f 94 c6              sete sil
;;=     0035  40 0f b6 f6              movzx esi, sil
;;=   0x00001e  local.set $ri
;;=     0039  89 75 90                 mov [rbp - 112], esi
;;=   0x000020  local.get $l0
;;=   0x000022  i64.eqz
;;=     003c  48 83 7d 88 00           cmp qword [rbp - 120], 0
;;=     0041  40 0f 94 c7              sete dil
;;=     0045  40 0f b6 ff              movzx edi, dil
;;=   0x000023  local.set $ri
;;=     0049  89 7d 90                 mov [rbp - 112], edi
;;=   0x000025  local.get $i0
;;=   0x000027  i32.eqz
;;=     004c  83 7d 80 00              cmp dword [rbp - 128], 0
;;=   0x000028  if (;L1;)
;;=     0050  0f 85 07 00 00 00        jne 0x5d
;;=   0x00002a    i32.const 1
;;=   0x00002c    local.set $ri
;;=     0056  c7 45 90 01 00 00 00     mov dword [rbp - 112], 1
;;=   0x00002e  end
;;=   0x00002f  local.get $l0
;;=   0x000031  i64.eqz
;;=     005d:
;;=     005d  48 83 7d 88 00           cmp qword [rbp - 120], 0
;;=   0x000032  if (;L1;)
;;=     0062  0f 85 07 00 00 00        jne 0x6f
;;=   0x000034    i32.const 1
;;=   0x000036    local.set $ri
;;=     0068  c7 45 90 01 00 00 00     mov dword [rbp - 112], 1
;;=   0x000038  end
;;=   0x000039  end
;;=     006f:
;;=     006f  41 ff 36                 push qword [r14]
;;=     0072  49 83 c6 08              add r14, 8
;;=     0076  c3                       ret
;;=   0x000018  no room for the frame
;;=     0077:
;;=     0077  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000018  stop at the entry
;;=     007d:
;;=     007d  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0083  e9 9d ff ff ff           jmp 0x25
;;=
;;= 136 bytes of code, 0 behind it; a frame of 4 slots
