;;! weft inspect --native walk --tier=opt --features=-simd %
;; from the graph: a small function is taken in where it is called, in a loop what it reads each time is read in front, and
;; what is at its places is shown at the call
(module
  (memory 1)
  (func $scaled (param i32 i32) (result i32)
    (i32.mul (local.get 0) (i32.load offset=16 (local.get 1))))
  (func $walk (param $at i32) (param $by i32) (result i32) (local $sum i32)
    (loop $turn
      (local.set $sum (i32.add (local.get $sum) (call $scaled (i32.load8_u (local.get $at)) (local.get $by))))
      (br_if $turn (local.tee $at (i32.sub (local.get $at) (i32.const 1)))))
    (local.get $sum)))
;;=
;;= func $walk (;1;) (type 0) (param $at i32) (param $by i32) (result i32)
;;=     (local $sum i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 20 00 00 00     lea r11, [rbp + 32]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 ad 00 00 00        ja 0xc4
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 a5 00 00 00        jne 0xca
;;=     0025:
;;=     0025  be 00 00 00 00           mov esi, 0
;;=     002a  8b 7d 80                 mov edi, [rbp - 128]
;;=     002d  44 8b 45 88              mov r8d, [rbp - 120]
;;=     0031: zero-extended esi edi r8d
;;=     0031  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     0035  41 83 3b 00              cmp dword [r11], 0
;;=     0039  0f 85 96 00 00 00        jne 0xd5
;;=   0x00002d  loop $turn
;;=   0x00002f    local.get $sum
;;=   0x000031    local.get $at
;;=   0x000033    i32.load8_u
;;=     003f: zero-extended esi edi r8d
;;=     003f  44 0f b6 0c 3b           movzx r9d, byte [rbx + rdi]
;;=   0x000036    local.get $by
;;=   0x000038    call $scaled
;;=     0044  46 8b 54 03 10           mov r10d, [rbx + r8 + 16]
;;=   0x00003a    i32.add
;;=   0x00003b    local.set $sum
;;=   0x00003d    local.get $at
;;=   0x00003f    i32.const 1
;;=   0x000041    i32.sub
;;=     0049  44 8d 67 ff              lea r12d, [rdi - 1]
;;=     004d  45 85 e4                 test r12d, r12d
;;=     0050  0f 84 5b 00 00 00        je 0xb1
;;=     0056  46 0f b6 2c 23           movzx r13d, byte [rbx + r12]
;;=     005b  44 8d 67 fe              lea r12d, [rdi - 2]
;;=     005f  45 0f af ca              imul r9d, r10d
;;=     0063  41 03 f1                 add esi, r9d
;;=     0066  45 85 e4                 test r12d, r12d
;;=     0069  0f 84 81 00 00 00        je 0xf0
;;=     006f  46 0f b6 0c 23           movzx r9d, byte [rbx + r12]
;;=     0074  44 8d 67 fd              lea r12d, [rdi - 3]
;;=     0078  45 0f af ea              imul r13d, r10d
;;=     007c  41 03 f5                 add esi, r13d
;;=     007f  45 85 e4                 test r12d, r12d
;;=     0082  0f 84 29 00 00 00        je 0xb1
;;=     0088  46 0f b6 2c 23           movzx r13d, byte [rbx + r12]
;;=     008d  83 c7 fc                 add edi, -4
;;=     0090  45 0f af ca              imul r9d, r10d
;;=     0094  41 03 f1                 add esi, r9d
;;=     0097  45 8b cd                 mov r9d, r13d
;;=     009a  45 0f af ca              imul r9d, r10d
;;=     009e  44 03 ce                 add r9d, esi
;;=     00a1  85 ff                    test edi, edi
;;=     00a3  0f 84 4f 00 00 00        je 0xf8
;;=     00a9  41 8b f1                 mov esi, r9d
;;=     00ac  e9 80 ff ff ff           jmp 0x31
;;=   0x000042    local.tee $at
;;=   0x000044    br_if $turn
;;=   0x000046  end
;;=   0x000047  local.get $sum
;;=   0x000049  end
;;=     00b1: zero-extended esi r9d r10d
;;=     00b1  45 0f af ca              imul r9d, r10d
;;=     00b5  41 03 f1                 add esi, r9d
;;=     00b8  48 89 75 80              mov [rbp - 128], rsi
;;=     00bc  41 ff 36                 push qword [r14]
;;=     00bf  49 83 c6 08              add r14, 8
;;=     00c3  c3                       ret
;;=   0x00002a  no room for the frame
;;=     00c4:
;;=     00c4  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00002a  stop at the entry
;;=     00ca:
;;=     00ca  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00d0  e9 50 ff ff ff           jmp 0x25
;;=   0x00002d  stop in the loop
;;=     00d5:
;;=     00d5  89 75 90                 mov [rbp - 112], esi
;;=     00d8  89 7d 80                 mov [rbp - 128], edi
;;=     00db  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00e1  8b 75 90                 mov esi, [rbp - 112]
;;=     00e4  8b 7d 80                 mov edi, [rbp - 128]
;;=     00e7  44 8b 45 88              mov r8d, [rbp - 120]
;;=     00eb  e9 4f ff ff ff           jmp 0x3f
;;=   0x00003a  values of another block
;;=     00f0: zero-extended esi edi r8d r10d r12d r13d
;;=     00f0  45 8b cd                 mov r9d, r13d
;;=     00f3  e9 b9 ff ff ff           jmp 0xb1
;;=   0x00003a  values of another block
;;=     00f8: zero-extended esi edi r8d r9d r10d r13d
;;=     00f8  45 8b cd                 mov r9d, r13d
;;=     00fb  e9 b1 ff ff ff           jmp 0xb1
;;=
;;= 256 bytes of code, 0 behind it; a frame of 12 slots
