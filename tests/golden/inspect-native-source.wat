;;! weft inspect --native half
;;needs weft-where
(module
  (func $half (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "main") (result i32) (i32.add (i32.const 1) (call $half (i32.const 7) (i32.const 0))))
  (@custom "sourceMappingURL" (after code) "\72data:,{\"version\":3,\"sourceRoot\":\"\",\"sources\":[\"half.ts\",\"main.ts\"],\"names\":[],\"mappings\":\"yCACS,IAAI,C,GCKX,MACS\"}"))
;;=
;;= func $half (;0;) (type 0) (param i32 i32) (result i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e0 ff ff ff     lea r11, [rbp - 32]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 3d 00 00 00        ja 0x54
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 35 00 00 00        jne 0x5a
;;=   ; half.ts:2:10
;;=   0x000029  local.get 0
;;=   0x00002b  local.get 1
;;=   ; half.ts:2:14
;;=   0x00002d  i32.div_s
;;=     0025:
;;=     0025  44 8b 5d 88              mov r11d, [rbp - 120]
;;=     0029  8b 45 80                 mov eax, [rbp - 128]
;;=     002c  45 85 db                 test r11d, r11d
;;=     002f  0f 84 30 00 00 00        je 0x65
;;=     0035  41 83 fb ff              cmp r11d, -1
;;=     0039  75 09                    jne 0x44
;;=     003b  83 f8 01                 cmp eax, 1
;;=     003e  0f 80 2c 00 00 00        jo 0x70
;;=     0044:
;;=     0044  99                       cdq
;;=     0045  41 f7 fb                 idiv r11d
;;=   0x00002e  end
;;=     0048  48 89 45 80              mov [rbp - 128], rax
;;=     004c  41 ff 36                 push qword [r14]
;;=     004f  49 83 c6 08              add r14, 8
;;=     0053  c3                       ret
;;=   0x000028  no room for the frame
;;=     0054:
;;=     0054  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000028  stop at the entry
;;=     005a:
;;=     005a  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0060  e9 c0 ff ff ff           jmp 0x25
;;=   0x00002d  trap
;;=     0065:
;;=     0065  b8 02 00 00 00           mov eax, 2
;;=     006a  ff 15 00 00 00 00        call qword [rip]   ; trap: integer divide by zero
;;=   0x00002d  trap
;;=     0070:
;;=     0070  b8 03 00 00 00           mov eax, 3
;;=     0075  ff 15 00 00 00 00        call qword [rip]   ; trap: integer overflow
;;=
;;= 123 bytes of code, 0 behind it; a frame of 4 slots
