;;! weft inspect --native f %
;; what throws, and where a clause goes on: with values that a label wants elsewhere, and in the function's own label
(module (tag $e (param i32 i64))
  (func $f (param $a i32) (result i32 i64)
    (drop (i32.const 1))
    (block $h (result i32 i64)
      (try_table (catch $e $h) (catch $e 1)
        (throw $e (local.get $a) (i64.const 5)))
      (unreachable))))
;;=
;;= func $f (;0;) (type 1) (param $a i32) (result i32 i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d d8 ff ff ff     lea r11, [rbp - 40]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 5b 00 00 00        ja 0x72
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 53 00 00 00        jne 0x78
;;=   0x000029  i32.const 1
;;=   0x00002b  drop
;;=   0x00002c  block $h (type 2) (result i32 i64)
;;=   0x00002e    try_table (;L2;) (catch $e $h) (catch $e 1)
;;=   0x000037      local.get $a
;;=   0x000039      i64.const 5
;;=   0x00003b      throw $e
;;=     0025:
;;=     0025  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     0029  4c 89 5d 88              mov [rbp - 120], r11
;;=     002d  48 c7 45 90 05 00 00 00  mov qword [rbp - 112], 5
;;=     0035: entered by the runtime
;;=     0035  b8 0d 00 00 00           mov eax, 13
;;=     003a  b9 01 00 00 00           mov ecx, 1
;;=     003f  ba 00 00 00 00           mov edx, 0
;;=     0044  be 00 00 00 00           mov esi, 0
;;=     0049  ff 15 00 00 00 00        call qword [rip]   ; throw
;;=   0x00003d    end
;;=   0x00003e    unreachable
;;=     004f:
;;=     004f  b8 01 00 00 00           mov eax, 1
;;=     0054  ff 15 00 00 00 00        call qword [rip]   ; trap: unreachable
;;=   0x00003f  end
;;=   0x000040  end
;;=     005a:
;;=     005a  4c 8b 5d 88              mov r11, [rbp - 120]
;;=     005e  4c 89 5d 80              mov [rbp - 128], r11
;;=     0062  4c 8b 5d 90              mov r11, [rbp - 112]
;;=     0066  4c 89 5d 88              mov [rbp - 120], r11
;;=     006a  41 ff 36                 push qword [r14]
;;=     006d  49 83 c6 08              add r14, 8
;;=     0071  c3                       ret
;;=   0x000028  no room for the frame
;;=     0072:
;;=     0072  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000028  stop at the entry
;;=     0078:
;;=     0078  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     007e  e9 a2 ff ff ff           jmp 0x25
;;=   0x00002e  locals of loops
;;=     0083: entered by the runtime
;;=     0083  e9 d2 ff ff ff           jmp 0x5a
;;=   0x00002e  return of a clause
;;=     0088: entered by the runtime
;;=     0088  4c 8b 5d 88              mov r11, [rbp - 120]
;;=     008c  4c 89 5d 80              mov [rbp - 128], r11
;;=     0090  4c 8b 5d 90              mov r11, [rbp - 112]
;;=     0094  4c 89 5d 88              mov [rbp - 120], r11
;;=     0098  41 ff 36                 push qword [r14]
;;=     009b  49 83 c6 08              add r14, 8
;;=     009f  c3                       ret
;;=
;;= 160 bytes of code, 0 behind it; a frame of 3 slots
