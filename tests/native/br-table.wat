;;! weft inspect --native f %
;; a table of branches: to a block, to a loop, out of the function, and with a value that has to be moved
(module
  (func $f (param $a i32) (param $b i64) (result i64)
    (i64.const 3)
    (block $x (result i64)
      (loop $l (result i64)
        (block $y (result i64)
          (i64.const 4)
          (br_table $x $y $x (i64.const 1) (local.get $a)))
        (br_table $x 2 (local.get $a)))
      (drop) (i64.const 1))
    (i64.add)
    (block $e
      (loop $l (br_table $e $l $e $l (local.tee $a (i32.sub (local.get $a) (i32.const 1))))))))
;;=
;;= func $f (;0;) (type 0) (param $a i32) (param $b i64) (result i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d f0 ff ff ff     lea r11, [rbp - 16]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 f9 00 00 00        ja 0x110
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 f1 00 00 00        jne 0x116
;;=   0x00001a  i64.const 3
;;=   0x00001c  block $x (result i64)
;;=     0025:
;;=     0025  48 c7 45 90 03 00 00 00  mov qword [rbp - 112], 3
;;=   0x00001e    loop $l (result i64)
;;=     002d  8b 75 80                 mov esi, [rbp - 128]
;;=     0030  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     0034  41 83 3b 00              cmp dword [r11], 0
;;=     0038  0f 85 e3 00 00 00        jne 0x121
;;=   0x000020      block $y (result i64)
;;=   0x000022        i64.const 4
;;=   0x000024        i64.const 1
;;=   0x000026        local.get $a
;;=   0x000028        br_table $x $y $x
;;=     003e: zero-extended esi
;;=     003e  8b fe                    mov edi, esi
;;=     0040  48 c7 45 98 04 00 00 00  mov qword [rbp - 104], 4
;;=     0048  48 c7 45 a0 01 00 00 00  mov qword [rbp - 96], 1
;;=     0050  41 bb 02 00 00 00        mov r11d, 2
;;=     0056  41 3b fb                 cmp edi, r11d
;;=     0059  44 0f 42 df              cmovb r11d, edi
;;=     005d  4c 8d 05 ec 00 00 00     lea r8, [rip + 236]
;;=     0064  4f 63 1c 98              movsxd r11, dword [r8 + r11*4]
;;=     0068  4d 03 d8                 add r11, r8
;;=     006b  41 ff e3                 jmp r11
;;=     006e: zero-extended esi
;;=     006e  4c 8b 5d a0              mov r11, [rbp - 96]
;;=     0072  4c 89 5d 98              mov [rbp - 104], r11
;;=     0076  e9 45 00 00 00           jmp 0xc0
;;=     007b: zero-extended esi
;;=     007b  4c 8b 5d a0              mov r11, [rbp - 96]
;;=     007f  4c 89 5d 98              mov [rbp - 104], r11
;;=     0083  e9 00 00 00 00           jmp 0x88
;;=   0x00002d      end
;;=   0x00002e      local.get $a
;;=   0x000030      br_table $x 2
;;=     0088: zero-extended esi
;;=     0088  8b fe                    mov edi, esi
;;=     008a  41 bb 01 00 00 00        mov r11d, 1
;;=     0090  41 3b fb                 cmp edi, r11d
;;=     0093  44 0f 42 df              cmovb r11d, edi
;;=     0097  4c 8d 05 be 00 00 00     lea r8, [rip + 190]
;;=     009e  4f 63 1c 98              movsxd r11, dword [r8 + r11*4]
;;=     00a2  4d 03 d8                 add r11, r8
;;=     00a5  41 ff e3                 jmp r11
;;=     00a8: zero-extended esi
;;=     00a8  4c 8b 5d 98              mov r11, [rbp - 104]
;;=     00ac  4c 89 5d 80              mov [rbp - 128], r11
;;=     00b0  41 ff 36                 push qword [r14]
;;=     00b3  49 83 c6 08              add r14, 8
;;=     00b7  c3                       ret
;;=   0x000034    end
;;=   0x000035    drop
;;=   0x000036    i64.const 1
;;=   0x000038  end
;;=     00b8:
;;=     00b8  48 c7 45 98 01 00 00 00  mov qword [rbp - 104], 1
;;=   0x000039  i64.add
;;=     00c0:
;;=     00c0  48 8b 75 98              mov rsi, [rbp - 104]
;;=     00c4  48 03 75 90              add rsi, [rbp - 112]
;;=   0x00003a  block $e
;;=     00c8  48 89 75 90              mov [rbp - 112], rsi
;;=   0x00003c    loop $l
;;=     00cc  8b 75 80                 mov esi, [rbp - 128]
;;=     00cf: zero-extended esi
;;=     00cf  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     00d3  41 83 3b 00              cmp dword [r11], 0
;;=     00d7  0f 85 52 00 00 00        jne 0x12f
;;=   0x00003e      local.get $a
;;=   0x000040      i32.const 1
;;=   0x000042      i32.sub
;;=     00dd: zero-extended esi
;;=     00dd  83 c6 ff                 add esi, -1
;;=   0x000043      local.tee $a
;;=   0x000045      br_table $e $l $e $l
;;=     00e0  8b fe                    mov edi, esi
;;=     00e2  41 bb 03 00 00 00        mov r11d, 3
;;=     00e8  41 3b fb                 cmp edi, r11d
;;=     00eb  44 0f 42 df              cmovb r11d, edi
;;=     00ef  4c 8d 05 6e 00 00 00     lea r8, [rip + 110]
;;=     00f6  4f 63 1c 98              movsxd r11, dword [r8 + r11*4]
;;=     00fa  4d 03 d8                 add r11, r8
;;=     00fd  41 ff e3                 jmp r11
;;=   0x00004b    end
;;=   0x00004c  end
;;=   0x00004d  end
;;=     0100:
;;=     0100  4c 8b 5d 90              mov r11, [rbp - 112]
;;=     0104  4c 89 5d 80              mov [rbp - 128], r11
;;=     0108  41 ff 36                 push qword [r14]
;;=     010b  49 83 c6 08              add r14, 8
;;=     010f  c3                       ret
;;=   0x000019  no room for the frame
;;=     0110:
;;=     0110  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000019  stop at the entry
;;=     0116:
;;=     0116  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     011c  e9 04 ff ff ff           jmp 0x25
;;=   0x00001e  stop in the loop
;;=     0121: zero-extended esi
;;=     0121  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0127  8b 75 80                 mov esi, [rbp - 128]
;;=     012a  e9 0f ff ff ff           jmp 0x3e
;;=   0x00003c  stop in the loop
;;=     012f: zero-extended esi
;;=     012f  89 75 80                 mov [rbp - 128], esi
;;=     0132  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0138  8b 75 80                 mov esi, [rbp - 128]
;;=     013b  e9 9d ff ff ff           jmp 0xdd
;;=   0x000045  locals of loops
;;=     0140: zero-extended esi
;;=     0140  89 75 80                 mov [rbp - 128], esi
;;=     0143  e9 b8 ff ff ff           jmp 0x100
;;=   table
;;=     0150  -> 006e -> 007b -> 006e
;;=   table
;;=     015c  -> 00c0 -> 00a8
;;=   table
;;=     0164  -> 0140 -> 00cf -> 0140 -> 00cf
;;=
;;= 328 bytes of code, 44 behind it; a frame of 6 slots
