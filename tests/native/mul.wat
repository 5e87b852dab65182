;;! weft inspect --native MUL %
;; products; by constants
(module
  (func $MUL (param $i0 i32) (param $i1 i32) (param $l0 i64) (param $l1 i64) (local $ri i32) (local $rl i64)
    (local.set $ri (i32.mul (local.get $i0) (local.get $i1)))
    (local.set $rl (i64.mul (local.get $l0) (local.get $l1)))
    (local.set $ri (i32.mul (local.get $i0) (i32.const 12345)))
    (local.set $ri (i32.mul (i32.const 8) (local.get $i1)))
    (local.set $ri (i32.mul (local.get $i0) (i32.const 8)))
    (local.set $i0 (i32.mul (i32.mul (local.get $i0) (local.get $i1)) (i32.mul (local.get $i1) (local.get $i1))))
    (local.set $rl (i64.mul (local.get $l0) (i64.const 0x123456789a)))
    (local.set $rl (i64.mul (i64.const 8) (local.get $l1)))
    (local.set $rl (i64.mul (local.get $l0) (i64.const 8)))
    (local.set $l0 (i64.mul (i64.mul (local.get $l0) (local.get $l1)) (i64.mul (local.get $l1) (local.get $l1))))))
;;=
;;= func $MUL (;0;) (type 0) (param $i0 i32) (param $i1 i32) (param $l0 i64) (param $l1 i64)
;;=     (local $ri i32) (local $rl i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 08 00 00 00     lea r11, [rbp + 8]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 bd 00 00 00        ja 0xd4
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 b5 00 00 00        jne 0xda
;;=     0025:
;;=     0025  48 c7 45 a0 00 00 00 00  mov qword [rbp - 96], 0
;;=     002d  48 c7 45 a8 00 00 00 00  mov qword [rbp - 88], 0
;;=   0x00001f  local.get $i0
;;=   0x000021  local.get $i1
;;=   0x000023  i32.mul
;;=     0035  8b 75 80                 mov esi, [rbp - 128]
;;=     0038  0f af 75 88              imul esi, [rbp - 120]
;;=   0x000024  local.set $ri
;;=     003c  89 75 a0                 mov [rbp - 96], esi
;;=   0x000026  local.get $l0
;;=   0x000028  local.get $l1
;;=   0x00002a  i64.mul
;;=     003f  48 8b 7d 90              mov rdi, [rbp - 112]
;;=     0043  48 0f af 7d 98           imul rdi, [rbp - 104]
;;=   0x00002b  local.set $rl
;;=     0048  48 89 7d a8              mov [rbp - 88], rdi
;;=   0x00002d  local.get $i0
;;=   0x00002f  i32.const 12345
;;=   0x000033  i32.mul
;;=     004c  44 69 45 80 39 30 00 00  imul r8d, [rbp - 128], 12345
;;=   0x000034  local.set $ri
;;=     0054  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x000036  i32.const 8
;;=   0x000038  local.get $i1
;;=   0x00003a  i32.mul
;;=     0058  8b 75 88                 mov esi, [rbp - 120]
;;=     005b  c1 e6 03                 shl esi, 3
;;=   0x00003b  local.set $ri
;;=     005e  89 75 a0                 mov [rbp - 96], esi
;;=   0x00003d  local.get $i0
;;=   0x00003f  i32.const 8
;;=   0x000041  i32.mul
;;=     0061  44 8b 45 80              mov r8d, [rbp - 128]
;;=     0065  41 c1 e0 03              shl r8d, 3
;;=   0x000042  local.set $ri
;;=     0069  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x000044  local.get $i0
;;=   0x000046  local.get $i1
;;=   0x000048  i32.mul
;;=     006d  8b 75 80                 mov esi, [rbp - 128]
;;=     0070  0f af 75 88              imul esi, [rbp - 120]
;;=   0x000049  local.get $i1
;;=   0x00004b  local.get $i1
;;=   0x00004d  i32.mul
;;=     0074  44 8b 4d 88              mov r9d, [rbp - 120]
;;=     0078  44 0f af 4d 88           imul r9d, [rbp - 120]
;;=   0x00004e  i32.mul
;;=     007d  41 0f af f1              imul esi, r9d
;;=   0x00004f  local.set $i0
;;=     0081  89 75 80                 mov [rbp - 128], esi
;;=   0x000051  local.get $l0
;;=   0x000053  i64.const 78187493530
;;=   0x00005a  i64.mul
;;=     0084  49 b9 9a 78 56 34 12 00 00 00  mov r9, 0x123456789a
;;=     008e  4c 8b 55 90              mov r10, [rbp - 112]
;;=     0092  4d 0f af d1              imul r10, r9
;;=   0x00005b  local.set $rl
;;=     0096  4c 89 55 a8              mov [rbp - 88], r10
;;=   0x00005d  i64.const 8
;;=   0x00005f  local.get $l1
;;=   0x000061  i64.mul
;;=     009a  48 8b 7d 98              mov rdi, [rbp - 104]
;;=     009e  48 c1 e7 03              shl rdi, 3
;;=   0x000062  local.set $rl
;;=     00a2  48 89 7d a8              mov [rbp - 88], rdi
;;=   0x000064  local.get $l0
;;=   0x000066  i64.const 8
;;=   0x000068  i64.mul
;;=     00a6  4c 8b 4d 90              mov r9, [rbp - 112]
;;=     00aa  49 c1 e1 03              shl r9, 3
;;=   0x000069  local.set $rl
;;=     00ae  4c 89 4d a8              mov [rbp - 88], r9
;;=   0x00006b  local.get $l0
;;=   0x00006d  local.get $l1
;;=   0x00006f  i64.mul
;;=     00b2  48 8b 7d 90              mov rdi, [rbp - 112]
;;=     00b6  48 0f af 7d 98           imul rdi, [rbp - 104]
;;=   0x000070  local.get $l1
;;=   0x000072  local.get $l1
;;=   0x000074  i64.mul
;;=     00bb  4c 8b 55 98              mov r10, [rbp - 104]
;;=     00bf  4c 0f af 55 98           imul r10, [rbp - 104]
;;=   0x000075  i64.mul
;;=     00c4  49 0f af fa              imul rdi, r10
;;=   0x000076  local.set $l0
;;=     00c8  48 89 7d 90              mov [rbp - 112], rdi
;;=   0x000078  end
;;=     00cc  41 ff 36                 push qword [r14]
;;=     00cf  49 83 c6 08              add r14, 8
;;=     00d3  c3                       ret
;;=   0x00001a  no room for the frame
;;=     00d4:
;;=     00d4  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001a  stop at the entry
;;=     00da:
;;=     00da  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00e0  e9 40 ff ff ff           jmp 0x25
;;=
;;= 229 bytes of code, 0 behind it; a frame of 9 slots
