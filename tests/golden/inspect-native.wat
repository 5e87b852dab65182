;;! weft inspect --native two %
(module
  (import "env" "log" (func $log (param i32)))
  (memory 1)
  (func $two (param $f f64) (param $n i32) (result f64) (local $v i32)
    (call $log (i32.div_s (local.get $n) (i32.const 0)))
    (block $a (block $b (br_table $a $b $a (local.get $n))))
    (drop (memory.grow (i32.const 1)))
    (return (f64.add (call $two (local.get $f) (i32.load (local.get $n))) (f64.const 1)))
    (drop (i32.const 7)) unreachable))
;;=
;;= func $two (;1;) (type 1) (param $f f64) (param $n i32) (result f64)
;;=     (local $v i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e8 ff ff ff     lea r11, [rbp - 24]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 bf 00 00 00        ja 0xd6
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 b7 00 00 00        jne 0xdc
;;=     0025:
;;=     0025  48 c7 45 90 00 00 00 00  mov qword [rbp - 112], 0
;;=   0x000032  local.get $n
;;=   0x000034  i32.const 0
;;=   0x000036  i32.div_s
;;=     002d  41 bb 00 00 00 00        mov r11d, 0
;;=     0033  8b 45 88                 mov eax, [rbp - 120]
;;=     0036  45 85 db                 test r11d, r11d
;;=     0039  0f 84 a8 00 00 00        je 0xe7
;;=     003f  99                       cdq
;;=     0040  41 f7 fb                 idiv r11d
;;=   0x000037  call $log
;;=     0043  89 45 98                 mov [rbp - 104], eax
;;=     0046  4d 8b 5f 60              mov r11, [r15 + 96]
;;=     004a  4d 8b 1b                 mov r11, [r11]
;;=     004d  48 83 c5 18              add rbp, 24
;;=     0051  ff 15 00 00 00 00        call qword [rip]   ; call_far
;;=     0057  48 83 c5 e8              add rbp, -24
;;=   0x000039  block $a
;;=   0x00003b    block $b
;;=   0x00003d      local.get $n
;;=   0x00003f      br_table $a $b $a
;;=     005b  8b 75 88                 mov esi, [rbp - 120]
;;=     005e  41 bb 02 00 00 00        mov r11d, 2
;;=     0064  41 3b f3                 cmp esi, r11d
;;=     0067  44 0f 42 de              cmovb r11d, esi
;;=     006b  48 8d 3d 96 00 00 00     lea rdi, [rip + 150]
;;=     0072  4e 63 1c 9f              movsxd r11, dword [rdi + r11*4]
;;=     0076  4c 03 df                 add r11, rdi
;;=     0079  41 ff e3                 jmp r11
;;=   0x000044    end
;;=   0x000045  end
;;=   0x000046  i32.const 1
;;=   0x000048  memory.grow
;;=     007c:
;;=     007c  c7 45 98 01 00 00 00     mov dword [rbp - 104], 1
;;=     0083: entered by the runtime
;;=     0083  b8 02 00 00 00           mov eax, 2
;;=     0088  b9 03 00 00 00           mov ecx, 3
;;=     008d  ba 00 00 00 00           mov edx, 0
;;=     0092  be 00 00 00 00           mov esi, 0
;;=     0097  ff 15 00 00 00 00        call qword [rip]   ; slow: memory_grow
;;=   0x00004a  drop
;;=   0x00004b  local.get $f
;;=   0x00004d  local.get $n
;;=   0x00004f  i32.load
;;=     009d  8b 75 88                 mov esi, [rbp - 120]
;;=     00a0  8b 3c 33                 mov edi, [rbx + rsi]
;;=   0x000052  call $two
;;=     00a3  4c 8b 5d 80              mov r11, [rbp - 128]
;;=     00a7  4c 89 5d 98              mov [rbp - 104], r11
;;=     00ab  89 7d a0                 mov [rbp - 96], edi
;;=     00ae  48 83 c5 18              add rbp, 24
;;=     00b2  ff 15 00 00 00 00        call qword [rip]   ; func 1 two
;;=     00b8  48 83 c5 e8              add rbp, -24
;;=   0x000054  f64.const 1
;;=   0x00005d  f64.add
;;=     00bc  c5 fb 10 45 98           vmovsd xmm0, qword [rbp - 104]
;;=     00c1  c5 fb 58 05 37 00 00 00  vaddsd xmm0, xmm0, qword [rip + 55]
;;=   0x00005e  return
;;=     00c9  c5 fb 11 45 80           vmovsd qword [rbp - 128], xmm0
;;=     00ce  41 ff 36                 push qword [r14]
;;=     00d1  49 83 c6 08              add r14, 8
;;=     00d5  c3                       ret
;;=   0x00005f  i32.const 7
;;=   0x000061  drop
;;=   0x000062  unreachable
;;=   0x000063  end
;;=   0x00002f  no room for the frame
;;=     00d6:
;;=     00d6  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00002f  stop at the entry
;;=     00dc:
;;=     00dc  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00e2  e9 3e ff ff ff           jmp 0x25
;;=   0x000036  trap
;;=     00e7:
;;=     00e7  b8 02 00 00 00           mov eax, 2
;;=     00ec  ff 15 00 00 00 00        call qword [rip]   ; trap: integer divide by zero
;;=   constants
;;=     0100  00 00 00 00 00 00 f0 3f
;;=   table
;;=     0108  -> 007c -> 007c -> 007c
;;=
;;= 242 bytes of code, 34 behind it; a frame of 5 slots
