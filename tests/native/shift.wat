;;! weft inspect --native SHIFT %
;; shifts by a constant, and by what is only known when it runs
(module
  (func $SHIFT (param $i0 i32) (param $i1 i32) (param $l0 i64) (param $l1 i64) (local $ri i32) (local $rl i64)
    (local.set $ri (i32.shl (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.shr_s (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.shr_u (local.get $i0) (local.get $i1)))
    (local.set $rl (i64.shl (local.get $l0) (local.get $l1)))
    (local.set $rl (i64.shr_s (local.get $l0) (local.get $l1)))
    (local.set $rl (i64.shr_u (local.get $l0) (local.get $l1)))
    (local.set $ri (i32.shl (local.get $i0) (i32.const 12345)))
    (local.set $ri (i32.shl (i32.const 8) (local.get $i1)))
    (local.set $ri (i32.shl (local.get $i0) (i32.const 8)))
    (local.set $i0 (i32.shl (i32.shl (local.get $i0) (local.get $i1)) (i32.shl (local.get $i1) (local.get $i1))))
    (local.set $rl (i64.shl (local.get $l0) (i64.const 0x123456789a)))
    (local.set $rl (i64.shl (i64.const 8) (local.get $l1)))
    (local.set $rl (i64.shl (local.get $l0) (i64.const 8)))
    (local.set $l0 (i64.shl (i64.shl (local.get $l0) (local.get $l1)) (i64.shl (local.get $l1) (local.get $l1))))))
;;=
;;= func $SHIFT (;0;) (type 0) (param $i0 i32) (param $i1 i32) (param $l0 i64) (param $l1 i64)
;;=     (local $ri i32) (local $rl i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 08 00 00 00     lea r11, [rbp + 8]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 d9 00 00 00        ja 0xf0
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 d1 00 00 00        jne 0xf6
;;=     0025:
;;=     0025  48 c7 45 a0 00 00 00 00  mov qword [rbp - 96], 0
;;=     002d  48 c7 45 a8 00 00 00 00  mov qword [rbp - 88], 0
;;=   0x00001f  local.get $i0
;;=   0x000021  local.get $i1
;;=   0x000023  i32.shl
;;=     0035  8b 75 88                 mov esi, [rbp - 120]
;;=     0038  c4 e2 49 f7 7d 80        shlx edi, [rbp - 128], esi
;;=   0x000024  local.set $ri
;;=     003e  89 7d a0                 mov [rbp - 96], edi
;;=   0x000026  local.get $i0
;;=   0x000028  local.get $i1
;;=   0x00002a  i32.shr_s
;;=     0041  c4 62 4a f7 45 80        sarx r8d, [rbp - 128], esi
;;=   0x00002b  local.set $ri
;;=     0047  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x00002d  local.get $i0
;;=   0x00002f  local.get $i1
;;=   0x000031  i32.shr_u
;;=     004b  c4 e2 4b f7 7d 80        shrx edi, [rbp - 128], esi
;;=   0x000032  local.set $ri
;;=     0051  89 7d a0                 mov [rbp - 96], edi
;;=   0x000034  local.get $l0
;;=   0x000036  local.get $l1
;;=   0x000038  i64.shl
;;=     0054  4c 8b 45 98              mov r8, [rbp - 104]
;;=     0058  c4 62 b9 f7 4d 90        shlx r9, [rbp - 112], r8
;;=   0x000039  local.set $rl
;;=     005e  4c 89 4d a8              mov [rbp - 88], r9
;;=   0x00003b  local.get $l0
;;=   0x00003d  local.get $l1
;;=   0x00003f  i64.shr_s
;;=     0062  c4 62 ba f7 55 90        sarx r10, [rbp - 112], r8
;;=   0x000040  local.set $rl
;;=     0068  4c 89 55 a8              mov [rbp - 88], r10
;;=   0x000042  local.get $l0
;;=   0x000044  local.get $l1
;;=   0x000046  i64.shr_u
;;=     006c  c4 62 bb f7 4d 90        shrx r9, [rbp - 112], r8
;;=   0x000047  local.set $rl
;;=     0072  4c 89 4d a8              mov [rbp - 88], r9
;;=   0x000049  local.get $i0
;;=   0x00004b  i32.const 12345
;;=   0x00004f  i32.shl
;;=     0076  44 8b 55 80              mov r10d, [rbp - 128]
;;=     007a  41 c1 e2 19              shl r10d, 25
;;=   0x000050  local.set $ri
;;=     007e  44 89 55 a0              mov [rbp - 96], r10d
;;=   0x000052  i32.const 8
;;=   0x000054  local.get $i1
;;=   0x000056  i32.shl
;;=     0082  bf 08 00 00 00           mov edi, 8
;;=     0087  c4 62 49 f7 e7           shlx r12d, edi, esi
;;=   0x000057  local.set $ri
;;=     008c  44 89 65 a0              mov [rbp - 96], r12d
;;=   0x000059  local.get $i0
;;=   0x00005b  i32.const 8
;;=   0x00005d  i32.shl
;;=     0090  8b 7d 80                 mov edi, [rbp - 128]
;;=     0093  c1 e7 08                 shl edi, 8
;;=   0x00005e  local.set $ri
;;=     0096  89 7d a0                 mov [rbp - 96], edi
;;=   0x000060  local.get $i0
;;=   0x000062  local.get $i1
;;=   0x000064  i32.shl
;;=     0099  c4 62 49 f7 55 80        shlx r10d, [rbp - 128], esi
;;=   0x000065  local.get $i1
;;=   0x000067  local.get $i1
;;=   0x000069  i32.shl
;;=     009f  c4 62 49 f7 e6           shlx r12d, esi, esi
;;=   0x00006a  i32.shl
;;=     00a4  c4 42 19 f7 ea           shlx r13d, r10d, r12d
;;=   0x00006b  local.set $i0
;;=     00a9  44 89 6d 80              mov [rbp - 128], r13d
;;=   0x00006d  local.get $l0
;;=   0x00006f  i64.const 78187493530
;;=   0x000076  i64.shl
;;=     00ad  4c 8b 55 90              mov r10, [rbp - 112]
;;=     00b1  49 c1 e2 1a              shl r10, 26
;;=   0x000077  local.set $rl
;;=     00b5  4c 89 55 a8              mov [rbp - 88], r10
;;=   0x000079  i64.const 8
;;=   0x00007b  local.get $l1
;;=   0x00007d  i64.shl
;;=     00b9  41 b9 08 00 00 00        mov r9d, 8
;;=     00bf  c4 42 b9 f7 e1           shlx r12, r9, r8
;;=   0x00007e  local.set $rl
;;=     00c4  4c 89 65 a8              mov [rbp - 88], r12
;;=   0x000080  local.get $l0
;;=   0x000082  i64.const 8
;;=   0x000084  i64.shl
;;=     00c8  4c 8b 4d 90              mov r9, [rbp - 112]
;;=     00cc  49 c1 e1 08              shl r9, 8
;;=   0x000085  local.set $rl
;;=     00d0  4c 89 4d a8              mov [rbp - 88], r9
;;=   0x000087  local.get $l0
;;=   0x000089  local.get $l1
;;=   0x00008b  i64.shl
;;=     00d4  c4 62 b9 f7 55 90        shlx r10, [rbp - 112], r8
;;=   0x00008c  local.get $l1
;;=   0x00008e  local.get $l1
;;=   0x000090  i64.shl
;;=     00da  c4 42 b9 f7 e0           shlx r12, r8, r8
;;=   0x000091  i64.shl
;;=     00df  c4 c2 99 f7 c2           shlx rax, r10, r12
;;=   0x000092  local.set $l0
;;=     00e4  48 89 45 90              mov [rbp - 112], rax
;;=   0x000094  end
;;=     00e8  41 ff 36                 push qword [r14]
;;=     00eb  49 83 c6 08              add r14, 8
;;=     00ef  c3                       ret
;;=   0x00001a  no room for the frame
;;=     00f0:
;;=     00f0  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001a  stop at the entry
;;=     00f6:
;;=     00f6  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00fc  e9 24 ff ff ff           jmp 0x25
;;=
;;= 257 bytes of code, 0 behind it; a frame of 9 slots
