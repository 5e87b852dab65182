;;! weft inspect --native I31 %
;; numbers of 31 bits as references; any and extern are the same bits
(module
  (func $I31 (param $i i32) (param $e externref) (result i32 i32 externref anyref)
    (i31.get_s (ref.i31 (local.get $i)))
    (i31.get_u (ref.cast (ref null i31) (any.convert_extern (local.get $e))))
    (extern.convert_any (ref.i31 (local.get $i)))
    (any.convert_extern (local.get $e))))
;;=
;;= func $I31 (;0;) (type 0) (param $i i32) (param $e externref) (result i32 i32 externref anyref)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d f0 ff ff ff     lea r11, [rbp - 16]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 7d 00 00 00        ja 0x94
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 75 00 00 00        jne 0x9a
;;=   0x00001d  local.get $i
;;=   0x00001f  ref.i31
;;=     0025:
;;=     0025  8b 75 80                 mov esi, [rbp - 128]
;;=     0028  8d 7c 36 01              lea edi, [rsi + rsi + 1]
;;=   0x000021  i31.get_s
;;=     002c  44 8b c7                 mov r8d, edi
;;=     002f  41 d1 f8                 sar r8d, 1
;;=   0x000023  local.get $e
;;=   0x000025  any.convert_extern
;;=   0x000027  ref.cast i31ref
;;=     0032  8b 7d 88                 mov edi, [rbp - 120]
;;=     0035  85 ff                    test edi, edi
;;=     0037  0f 84 0c 00 00 00        je 0x49
;;=     003d  f7 c7 01 00 00 00        test edi, 1
;;=     0043  0f 84 5c 00 00 00        je 0xa5
;;=   0x00002a  i31.get_u
;;=     0049: zero-extended esi edi r8d
;;=     0049  85 ff                    test edi, edi
;;=     004b  0f 84 5f 00 00 00        je 0xb0
;;=     0051  44 8b cf                 mov r9d, edi
;;=     0054  41 d1 e9                 shr r9d, 1
;;=   0x00002c  local.get $i
;;=   0x00002e  ref.i31
;;=     0057  44 8d 54 36 01           lea r10d, [rsi + rsi + 1]
;;=   0x000030  extern.convert_any
;;=   0x000032  local.get $e
;;=   0x000034  any.convert_extern
;;=   0x000036  end
;;=     005c  44 89 45 90              mov [rbp - 112], r8d
;;=     0060  44 89 4d 98              mov [rbp - 104], r9d
;;=     0064  4c 89 55 a0              mov [rbp - 96], r10
;;=     0068  48 89 7d a8              mov [rbp - 88], rdi
;;=     006c  4c 8b 5d 90              mov r11, [rbp - 112]
;;=     0070  4c 89 5d 80              mov [rbp - 128], r11
;;=     0074  4c 8b 5d 98              mov r11, [rbp - 104]
;;=     0078  4c 89 5d 88              mov [rbp - 120], r11
;;=     007c  4c 8b 5d a0              mov r11, [rbp - 96]
;;=     0080  4c 89 5d 90              mov [rbp - 112], r11
;;=     0084  4c 8b 5d a8              mov r11, [rbp - 88]
;;=     0088  4c 89 5d 98              mov [rbp - 104], r11
;;=     008c  41 ff 36                 push qword [r14]
;;=     008f  49 83 c6 08              add r14, 8
;;=     0093  c3                       ret
;;=   0x00001c  no room for the frame
;;=     0094:
;;=     0094  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001c  stop at the entry
;;=     009a:
;;=     009a  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00a0  e9 80 ff ff ff           jmp 0x25
;;=   0x000027  trap
;;=     00a5:
;;=     00a5  b8 15 00 00 00           mov eax, 21
;;=     00aa  ff 15 00 00 00 00        call qword [rip]   ; trap: cast failure
;;=   0x00002a  trap
;;=     00b0:
;;=     00b0  b8 0c 00 00 00           mov eax, 12
;;=     00b5  ff 15 00 00 00 00        call qword [rip]   ; trap: null i31 reference
;;=
;;= 187 bytes of code, 0 behind it; a frame of 6 slots
