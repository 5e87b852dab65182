;;! weft inspect --native f %
;; what is done by a call of C in the middle of a loop: what lives in registers goes home and comes back
(module (memory 1)
  (func $f (param $n i32)
    (loop $l
      (drop (memory.grow (i32.const 0)))
      (memory.fill (i32.const 0) (i32.const 1) (local.get $n))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
;;=
;;= func $f (;0;) (type 0) (param $n i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e0 ff ff ff     lea r11, [rbp - 32]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 8a 00 00 00        ja 0xa1
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 82 00 00 00        jne 0xa7
;;=   0x00001d  loop $l
;;=     0025:
;;=     0025  8b 75 80                 mov esi, [rbp - 128]
;;=     0028: zero-extended esi
;;=     0028  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     002c  41 83 3b 00              cmp dword [r11], 0
;;=     0030  0f 85 7c 00 00 00        jne 0xb2
;;=   0x00001f    i32.const 0
;;=   0x000021    memory.grow
;;=     0036: zero-extended esi
;;=     0036  c7 45 88 00 00 00 00     mov dword [rbp - 120], 0
;;=     003d  89 75 80                 mov [rbp - 128], esi
;;=     0040: entered by the runtime
;;=     0040  b8 02 00 00 00           mov eax, 2
;;=     0045  b9 01 00 00 00           mov ecx, 1
;;=     004a  ba 00 00 00 00           mov edx, 0
;;=     004f  be 00 00 00 00           mov esi, 0
;;=     0054  ff 15 00 00 00 00        call qword [rip]   ; slow: memory_grow
;;=   0x000023    drop
;;=   0x000024    i32.const 0
;;=   0x000026    i32.const 1
;;=   0x000028    local.get $n
;;=   0x00002a    memory.fill
;;=     005a  c7 45 88 00 00 00 00     mov dword [rbp - 120], 0
;;=     0061  c7 45 90 01 00 00 00     mov dword [rbp - 112], 1
;;=     0068  8b 75 80                 mov esi, [rbp - 128]
;;=     006b  89 75 98                 mov [rbp - 104], esi
;;=     006e: entered by the runtime
;;=     006e  b8 06 00 00 00           mov eax, 6
;;=     0073  b9 01 00 00 00           mov ecx, 1
;;=     0078  ba 00 00 00 00           mov edx, 0
;;=     007d  be 00 00 00 00           mov esi, 0
;;=     0082  ff 15 00 00 00 00        call qword [rip]   ; slow: memory_fill
;;=   0x00002d    local.get $n
;;=   0x00002f    i32.const 1
;;=   0x000031    i32.sub
;;=     0088  8b 75 80                 mov esi, [rbp - 128]
;;=     008b  83 c6 ff                 add esi, -1
;;=   0x000032    local.tee $n
;;=   0x000034    br_if $l
;;=     008e  85 f6                    test esi, esi
;;=     0090  0f 85 92 ff ff ff        jne 0x28
;;=   0x000036  end
;;=     0096  89 75 80                 mov [rbp - 128], esi
;;=   0x000037  end
;;=     0099  41 ff 36                 push qword [r14]
;;=     009c  49 83 c6 08              add r14, 8
;;=     00a0  c3                       ret
;;=   0x00001c  no room for the frame
;;=     00a1:
;;=     00a1  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001c  stop at the entry
;;=     00a7:
;;=     00a7  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00ad  e9 73 ff ff ff           jmp 0x25
;;=   0x00001d  stop in the loop
;;=     00b2: zero-extended esi
;;=     00b2  89 75 80                 mov [rbp - 128], esi
;;=     00b5  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00bb  8b 75 80                 mov esi, [rbp - 128]
;;=     00be  e9 73 ff ff ff           jmp 0x36
;;=
;;= 195 bytes of code, 0 behind it; a frame of 4 slots
