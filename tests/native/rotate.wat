;;! weft inspect --native ROTATE %
;; rotations by a constant, and by what is only known when it runs
(module
  (func $ROTATE (param $i0 i32) (param $i1 i32) (param $l0 i64) (param $l1 i64) (local $ri i32) (local $rl i64)
    (local.set $ri (i32.rotl (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.rotr (local.get $i0) (local.get $i1)))
    (local.set $rl (i64.rotl (local.get $l0) (local.get $l1)))
    (local.set $rl (i64.rotr (local.get $l0) (local.get $l1)))
    (local.set $ri (i32.rotl (local.get $i0) (i32.const 12345)))
    (local.set $ri (i32.rotl (i32.const 8) (local.get $i1)))
    (local.set $i0 (i32.rotl (i32.rotl (local.get $i0) (local.get $i1)) (i32.rotl (local.get $i1) (local.get $i1))))
    (local.set $rl (i64.rotl (local.get $l0) (i64.const 0x123456789a)))
    (local.set $rl (i64.rotl (i64.const 8) (local.get $l1)))
    (local.set $l0 (i64.rotl (i64.rotl (local.get $l0) (local.get $l1)) (i64.rotl (local.get $l1) (local.get $l1))))))
;;=
;;= func $ROTATE (;0;) (type 0) (param $i0 i32) (param $i1 i32) (param $l0 i64) (param $l1 i64)
;;=     (local $ri i32) (local $rl i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 08 00 00 00     lea r11, [rbp + 8]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 c7 00 00 00        ja 0xde
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 bf 00 00 00        jne 0xe4
;;=     0025:
;;=     0025  48 c7 45 a0 00 00 00 00  mov qword [rbp - 96], 0
;;=     002d  48 c7 45 a8 00 00 00 00  mov qword [rbp - 88], 0
;;=   0x00001f  local.get $i0
;;=   0x000021  local.get $i1
;;=   0x000023  i32.rotl
;;=     0035  8b 4d 88                 mov ecx, [rbp - 120]
;;=     0038  8b 75 80                 mov esi, [rbp - 128]
;;=     003b  d3 c6                    rol esi, cl
;;=   0x000024  local.set $ri
;;=     003d  89 75 a0                 mov [rbp - 96], esi
;;=   0x000026  local.get $i0
;;=   0x000028  local.get $i1
;;=   0x00002a  i32.rotr
;;=     0040  8b 4d 88                 mov ecx, [rbp - 120]
;;=     0043  8b 7d 80                 mov edi, [rbp - 128]
;;=     0046  d3 cf                    ror edi, cl
;;=   0x00002b  local.set $ri
;;=     0048  89 7d a0                 mov [rbp - 96], edi
;;=   0x00002d  local.get $l0
;;=   0x00002f  local.get $l1
;;=   0x000031  i64.rotl
;;=     004b  48 8b 4d 98              mov rcx, [rbp - 104]
;;=     004f  48 8b 75 90              mov rsi, [rbp - 112]
;;=     0053  48 d3 c6                 rol rsi, cl
;;=   0x000032  local.set $rl
;;=     0056  48 89 75 a8              mov [rbp - 88], rsi
;;=   0x000034  local.get $l0
;;=   0x000036  local.get $l1
;;=   0x000038  i64.rotr
;;=     005a  48 8b 4d 98              mov rcx, [rbp - 104]
;;=     005e  4c 8b 45 90              mov r8, [rbp - 112]
;;=     0062  49 d3 c8                 ror r8, cl
;;=   0x000039  local.set $rl
;;=     0065  4c 89 45 a8              mov [rbp - 88], r8
;;=   0x00003b  local.get $i0
;;=   0x00003d  i32.const 12345
;;=   0x000041  i32.rotl
;;=     0069  c4 e3 7b f0 75 80 07     rorx esi, [rbp - 128], 7
;;=   0x000042  local.set $ri
;;=     0070  89 75 a0                 mov [rbp - 96], esi
;;=   0x000044  i32.const 8
;;=   0x000046  local.get $i1
;;=   0x000048  i32.rotl
;;=     0073  8b 4d 88                 mov ecx, [rbp - 120]
;;=     0076  bf 08 00 00 00           mov edi, 8
;;=     007b  d3 c7                    rol edi, cl
;;=   0x000049  local.set $ri
;;=     007d  89 7d a0                 mov [rbp - 96], edi
;;=   0x00004b  local.get $i0
;;=   0x00004d  local.get $i1
;;=   0x00004f  i32.rotl
;;=     0080  8b 4d 88                 mov ecx, [rbp - 120]
;;=     0083  8b 75 80                 mov esi, [rbp - 128]
;;=     0086  d3 c6                    rol esi, cl
;;=   0x000050  local.get $i1
;;=   0x000052  local.get $i1
;;=   0x000054  i32.rotl
;;=     0088  8b 4d 88                 mov ecx, [rbp - 120]
;;=     008b  44 8b 4d 88              mov r9d, [rbp - 120]
;;=     008f  41 d3 c1                 rol r9d, cl
;;=   0x000055  i32.rotl
;;=     0092  41 8b c9                 mov ecx, r9d
;;=     0095  d3 c6                    rol esi, cl
;;=   0x000056  local.set $i0
;;=     0097  89 75 80                 mov [rbp - 128], esi
;;=   0x000058  local.get $l0
;;=   0x00005a  i64.const 78187493530
;;=   0x000061  i64.rotl
;;=     009a  c4 63 fb f0 4d 90 26     rorx r9, [rbp - 112], 38
;;=   0x000062  local.set $rl
;;=     00a1  4c 89 4d a8              mov [rbp - 88], r9
;;=   0x000064  i64.const 8
;;=   0x000066  local.get $l1
;;=   0x000068  i64.rotl
;;=     00a5  48 8b 4d 98              mov rcx, [rbp - 104]
;;=     00a9  41 b8 08 00 00 00        mov r8d, 8
;;=     00af  49 d3 c0                 rol r8, cl
;;=   0x000069  local.set $rl
;;=     00b2  4c 89 45 a8              mov [rbp - 88], r8
;;=   0x00006b  local.get $l0
;;=   0x00006d  local.get $l1
;;=   0x00006f  i64.rotl
;;=     00b6  48 8b 4d 98              mov rcx, [rbp - 104]
;;=     00ba  4c 8b 4d 90              mov r9, [rbp - 112]
;;=     00be  49 d3 c1                 rol r9, cl
;;=   0x000070  local.get $l1
;;=   0x000072  local.get $l1
;;=   0x000074  i64.rotl
;;=     00c1  48 8b 4d 98              mov rcx, [rbp - 104]
;;=     00c5  4c 8b 55 98              mov r10, [rbp - 104]
;;=     00c9  49 d3 c2                 rol r10, cl
;;=   0x000075  i64.rotl
;;=     00cc  49 8b ca                 mov rcx, r10
;;=     00cf  49 d3 c1                 rol r9, cl
;;=   0x000076  local.set $l0
;;=     00d2  4c 89 4d 90              mov [rbp - 112], r9
;;=   0x000078  end
;;=     00d6  41 ff 36                 push qword [r14]
;;=     00d9  49 83 c6 08              add r14, 8
;;=     00dd  c3                       ret
;;=   0x00001a  no room for the frame
;;=     00de:
;;=     00de  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001a  stop at the entry
;;=     00e4:
;;=     00e4  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00ea  e9 36 ff ff ff           jmp 0x25
;;=
;;= 239 bytes of code, 0 behind it; a frame of 9 slots
