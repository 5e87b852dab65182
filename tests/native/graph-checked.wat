;;! weft inspect --native move --tier=opt --faults=off %
;; of two accesses by one address the second is checked by the first, if that reaches as far; a third that reaches further is
;; checked again, and so is one behind a branch
(module
  (memory 1)
  (func $move (param $at i32) (param $by i32)
    (i32.store offset=8 (local.get $at) (i32.add (i32.load offset=8 (local.get $at)) (i32.load offset=4 (local.get $at))))
    (i32.store offset=12 (local.get $at) (local.get $by))
    (if (local.get $by) (then (i32.store (local.get $at) (i32.const 5))))))
;;=
;;= func $move (;0;) (type 0) (param $at i32) (param $by i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d f8 ff ff ff     lea r11, [rbp - 8]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 84 00 00 00        ja 0x9b
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 7c 00 00 00        jne 0xa1
;;=   0x00001e  local.get $at
;;=   0x000020  local.get $at
;;=   0x000022  i32.load offset=8
;;=     0025:
;;=     0025  8b 75 80                 mov esi, [rbp - 128]
;;=     0028  48 8d 7e 0c              lea rdi, [rsi + 12]
;;=     002c  45 33 c0                 xor r8d, r8d
;;=     002f  49 3b 7f 08              cmp rdi, [r15 + 8]
;;=     0033  0f 87 73 00 00 00        ja 0xac
;;=     0039  49 0f 47 f8              cmova rdi, r8
;;=     003d  44 8b 4c 3b fc           mov r9d, [rbx + rdi - 4]
;;=   0x000025  local.get $at
;;=   0x000027  i32.load offset=4
;;=     0042  44 8b 44 3b f8           mov r8d, [rbx + rdi - 8]
;;=   0x00002a  i32.add
;;=   0x00002b  i32.store offset=8
;;=     0047  45 03 c8                 add r9d, r8d
;;=     004a  44 89 4c 3b fc           mov [rbx + rdi - 4], r9d
;;=   0x00002e  local.get $at
;;=   0x000030  local.get $by
;;=   0x000032  i32.store offset=12
;;=     004f  44 8b 45 88              mov r8d, [rbp - 120]
;;=     0053  4c 8d 5e 10              lea r11, [rsi + 16]
;;=     0057  45 33 c9                 xor r9d, r9d
;;=     005a  4d 3b 5f 08              cmp r11, [r15 + 8]
;;=     005e  0f 87 53 00 00 00        ja 0xb7
;;=     0064  4d 0f 47 d9              cmova r11, r9
;;=     0068  46 89 44 1b fc           mov [rbx + r11 - 4], r8d
;;=     006d  45 85 c0                 test r8d, r8d
;;=     0070  0f 84 1d 00 00 00        je 0x93
;;=   0x000035  local.get $by
;;=   0x000037  if (;L1;)
;;=   0x000039    local.get $at
;;=   0x00003b    i32.const 5
;;=   0x00003d    i32.store
;;=     0076  4c 8d 5e 04              lea r11, [rsi + 4]
;;=     007a  33 ff                    xor edi, edi
;;=     007c  4d 3b 5f 08              cmp r11, [r15 + 8]
;;=     0080  0f 87 3c 00 00 00        ja 0xc2
;;=     0086  4c 0f 47 df              cmova r11, rdi
;;=     008a  42 c7 44 1b fc 05 00 00 00  mov dword [rbx + r11 - 4], 5
;;=   0x000040  end
;;=   0x000041  end
;;=     0093:
;;=     0093  41 ff 36                 push qword [r14]
;;=     0096  49 83 c6 08              add r14, 8
;;=     009a  c3                       ret
;;=   0x00001d  no room for the frame
;;=     009b:
;;=     009b  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00a1:
;;=     00a1  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00a7  e9 79 ff ff ff           jmp 0x25
;;=   0x000022  trap
;;=     00ac:
;;=     00ac  b8 05 00 00 00           mov eax, 5
;;=     00b1  ff 15 00 00 00 00        call qword [rip]   ; trap: out of bounds memory access
;;=   0x000032  trap
;;=     00b7:
;;=     00b7  b8 05 00 00 00           mov eax, 5
;;=     00bc  ff 15 00 00 00 00        call qword [rip]   ; trap: out of bounds memory access
;;=   0x00003d  trap
;;=     00c2:
;;=     00c2  b8 05 00 00 00           mov eax, 5
;;=     00c7  ff 15 00 00 00 00        call qword [rip]   ; trap: out of bounds memory access
;;=
;;= 205 bytes of code, 0 behind it; a frame of 7 slots
