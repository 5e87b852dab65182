;;! weft inspect --native ALU %
;; sums and what is done bit by bit: two operands, constants, what is on the stack, in place
(module
  (func $ALU (param $i0 i32) (param $i1 i32) (param $l0 i64) (param $l1 i64) (local $ri i32) (local $rl i64)
    (local.set $ri (i32.add (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.sub (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.and (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.or (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.xor (local.get $i0) (local.get $i1)))
    (local.set $rl (i64.add (local.get $l0) (local.get $l1)))
    (local.set $rl (i64.sub (local.get $l0) (local.get $l1)))
    (local.set $rl (i64.and (local.get $l0) (local.get $l1)))
    (local.set $rl (i64.or (local.get $l0) (local.get $l1)))
    (local.set $rl (i64.xor (local.get $l0) (local.get $l1)))
    (local.set $ri (i32.add (local.get $i0) (i32.const 12345)))
    (local.set $ri (i32.add (i32.const 8) (local.get $i1)))
    (local.set $ri (i32.add (local.get $i0) (i32.const 8)))
    (local.set $i0 (i32.add (i32.add (local.get $i0) (local.get $i1)) (i32.add (local.get $i1) (local.get $i1))))
    (local.set $rl (i64.add (local.get $l0) (i64.const 0x123456789a)))
    (local.set $rl (i64.add (i64.const 8) (local.get $l1)))
    (local.set $rl (i64.add (local.get $l0) (i64.const 8)))
    (local.set $l0 (i64.add (i64.add (local.get $l0) (local.get $l1)) (i64.add (local.get $l1) (local.get $l1))))))
;;=
;;= func $ALU (;0;) (type 0) (param $i0 i32) (param $i1 i32) (param $l0 i64) (param $l1 i64)
;;=     (local $ri i32) (local $rl i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 08 00 00 00     lea r11, [rbp + 8]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 0b 01 00 00        ja 0x122
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 03 01 00 00        jne 0x128
;;=     0025:
;;=     0025  48 c7 45 a0 00 00 00 00  mov qword [rbp - 96], 0
;;=     002d  48 c7 45 a8 00 00 00 00  mov qword [rbp - 88], 0
;;=   0x000021  local.get $i0
;;=   0x000023  local.get $i1
;;=   0x000025  i32.add
;;=     0035  8b 75 80                 mov esi, [rbp - 128]
;;=     0038  03 75 88                 add esi, [rbp - 120]
;;=   0x000026  local.set $ri
;;=     003b  89 75 a0                 mov [rbp - 96], esi
;;=   0x000028  local.get $i0
;;=   0x00002a  local.get $i1
;;=   0x00002c  i32.sub
;;=     003e  8b 7d 80                 mov edi, [rbp - 128]
;;=     0041  2b 7d 88                 sub edi, [rbp - 120]
;;=   0x00002d  local.set $ri
;;=     0044  89 7d a0                 mov [rbp - 96], edi
;;=   0x00002f  local.get $i0
;;=   0x000031  local.get $i1
;;=   0x000033  i32.and
;;=     0047  8b 75 80                 mov esi, [rbp - 128]
;;=     004a  23 75 88                 and esi, [rbp - 120]
;;=   0x000034  local.set $ri
;;=     004d  89 75 a0                 mov [rbp - 96], esi
;;=   0x000036  local.get $i0
;;=   0x000038  local.get $i1
;;=   0x00003a  i32.or
;;=     0050  8b 7d 80                 mov edi, [rbp - 128]
;;=     0053  0b 7d 88                 or edi, [rbp - 120]
;;=   0x00003b  local.set $ri
;;=     0056  89 7d a0                 mov [rbp - 96], edi
;;=   0x00003d  local.get $i0
;;=   0x00003f  local.get $i1
;;=   0x000041  i32.xor
;;=     0059  8b 75 80                 mov esi, [rbp - 128]
;;=     005c  33 75 88                 xor esi, [rbp - 120]
;;=   0x000042  local.set $ri
;;=     005f  89 75 a0                 mov [rbp - 96], esi
;;=   0x000044  local.get $l0
;;=   0x000046  local.get $l1
;;=   0x000048  i64.add
;;=     0062  48 8b 7d 90              mov rdi, [rbp - 112]
;;=     0066  48 03 7d 98              add rdi, [rbp - 104]
;;=   0x000049  local.set $rl
;;=     006a  48 89 7d a8              mov [rbp - 88], rdi
;;=   0x00004b  local.get $l0
;;=   0x00004d  local.get $l1
;;=   0x00004f  i64.sub
;;=     006e  4c 8b 45 90              mov r8, [rbp - 112]
;;=     0072  4c 2b 45 98              sub r8, [rbp - 104]
;;=   0x000050  local.set $rl
;;=     0076  4c 89 45 a8              mov [rbp - 88], r8
;;=   0x000052  local.get $l0
;;=   0x000054  local.get $l1
;;=   0x000056  i64.and
;;=     007a  48 8b 7d 90              mov rdi, [rbp - 112]
;;=     007e  48 23 7d 98              and rdi, [rbp - 104]
;;=   0x000057  local.set $rl
;;=     0082  48 89 7d a8              mov [rbp - 88], rdi
;;=   0x000059  local.get $l0
;;=   0x00005b  local.get $l1
;;=   0x00005d  i64.or
;;=     0086  4c 8b 45 90              mov r8, [rbp - 112]
;;=     008a  4c 0b 45 98              or r8, [rbp - 104]
;;=   0x00005e  local.set $rl
;;=     008e  4c 89 45 a8              mov [rbp - 88], r8
;;=   0x000060  local.get $l0
;;=   0x000062  local.get $l1
;;=   0x000064  i64.xor
;;=     0092  48 8b 7d 90              mov rdi, [rbp - 112]
;;=     0096  48 33 7d 98              xor rdi, [rbp - 104]
;;=   0x000065  local.set $rl
;;=     009a  48 89 7d a8              mov [rbp - 88], rdi
;;=   0x000067  local.get $i0
;;=   0x000069  i32.const 12345
;;=   0x00006d  i32.add
;;=     009e  44 8b 45 80              mov r8d, [rbp - 128]
;;=     00a2  41 81 c0 39 30 00 00     add r8d, 12345
;;=   0x00006e  local.set $ri
;;=     00a9  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x000070  i32.const 8
;;=   0x000072  local.get $i1
;;=   0x000074  i32.add
;;=     00ad  8b 75 88                 mov esi, [rbp - 120]
;;=     00b0  83 c6 08                 add esi, 8
;;=   0x000075  local.set $ri
;;=     00b3  89 75 a0                 mov [rbp - 96], esi
;;=   0x000077  local.get $i0
;;=   0x000079  i32.const 8
;;=   0x00007b  i32.add
;;=     00b6  44 8b 45 80              mov r8d, [rbp - 128]
;;=     00ba  41 83 c0 08              add r8d, 8
;;=   0x00007c  local.set $ri
;;=     00be  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x00007e  local.get $i0
;;=   0x000080  local.get $i1
;;=   0x000082  i32.add
;;=     00c2  8b 75 80                 mov esi, [rbp - 128]
;;=     00c5  03 75 88                 add esi, [rbp - 120]
;;=   0x000083  local.get $i1
;;=   0x000085  local.get $i1
;;=   0x000087  i32.add
;;=     00c8  44 8b 4d 88              mov r9d, [rbp - 120]
;;=     00cc  44 03 4d 88              add r9d, [rbp - 120]
;;=   0x000088  i32.add
;;=     00d0  41 03 f1                 add esi, r9d
;;=   0x000089  local.set $i0
;;=     00d3  89 75 80                 mov [rbp - 128], esi
;;=   0x00008b  local.get $l0
;;=   0x00008d  i64.const 78187493530
;;=   0x000094  i64.add
;;=     00d6  49 b9 9a 78 56 34 12 00 00 00  mov r9, 0x123456789a
;;=     00e0  4c 8b 55 90              mov r10, [rbp - 112]
;;=     00e4  4d 03 d1                 add r10, r9
;;=   0x000095  local.set $rl
;;=     00e7  4c 89 55 a8              mov [rbp - 88], r10
;;=   0x000097  i64.const 8
;;=   0x000099  local.get $l1
;;=   0x00009b  i64.add
;;=     00eb  48 8b 7d 98              mov rdi, [rbp - 104]
;;=     00ef  48 83 c7 08              add rdi, 8
;;=   0x00009c  local.set $rl
;;=     00f3  48 89 7d a8              mov [rbp - 88], rdi
;;=   0x00009e  local.get $l0
;;=   0x0000a0  i64.const 8
;;=   0x0000a2  i64.add
;;=     00f7  4c 8b 4d 90              mov r9, [rbp - 112]
;;=     00fb  49 83 c1 08              add r9, 8
;;=   0x0000a3  local.set $rl
;;=     00ff  4c 89 4d a8              mov [rbp - 88], r9
;;=   0x0000a5  local.get $l0
;;=   0x0000a7  local.get $l1
;;=   0x0000a9  i64.add
;;=     0103  48 8b 7d 90              mov rdi, [rbp - 112]
;;=     0107  48 03 7d 98              add rdi, [rbp - 104]
;;=   0x0000aa  local.get $l1
;;=   0x0000ac  local.get $l1
;;=   0x0000ae  i64.add
;;=     010b  4c 8b 55 98              mov r10, [rbp - 104]
;;=     010f  4c 03 55 98              add r10, [rbp - 104]
;;=   0x0000af  i64.add
;;=     0113  49 03 fa                 add rdi, r10
;;=   0x0000b0  local.set $l0
;;=     0116  48 89 7d 90              mov [rbp - 112], rdi
;;=   0x0000b2  end
;;=     011a  41 ff 36                 push qword [r14]
;;=     011d  49 83 c6 08              add r14, 8
;;=     0121  c3                       ret
;;=   0x00001c  no room for the frame
;;=     0122:
;;=     0122  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001c  stop at the entry
;;=     0128:
;;=     0128  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     012e  e9 f2 fe ff ff           jmp 0x25
;;=
;;= 307 bytes of code, 0 behind it; a frame of 9 slots
