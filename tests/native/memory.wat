;;! weft inspect --native f %
;; loads and stores of a memory with guards: the machine sees what is beyond it
(module (memory 1)
  (func $f (param $p i32) (param $v i32)
    (drop (i32.load (local.get $p)))
    (drop (i32.load8_u offset=100 (local.get $p)))
    (drop (i32.load16_s (i32.const 64)))
    (drop (i64.load (local.get $p)))
    (drop (i64.load32_s offset=70000 (i32.add (local.get $p) (local.get $v))))
    (drop (f32.load (local.get $p)))
    (drop (f64.load offset=0x80000000 (local.get $p)))
    (i32.store (local.get $p) (local.get $v))
    (i32.store8 offset=5 (local.get $p) (i32.const 255))
    (i32.store16 (i32.const 64) (local.get $v))
    (i64.store (local.get $p) (i64.const 0x1234567890))
    (f64.store offset=8 (local.get $p) (f64.load (local.get $p)))))
;;=
;;= func $f (;0;) (type 0) (param $p i32) (param $v i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e0 ff ff ff     lea r11, [rbp - 32]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 98 00 00 00        ja 0xaf
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 90 00 00 00        jne 0xb5
;;=   0x00001e  local.get $p
;;=   0x000020  i32.load
;;=     0025:
;;=     0025  8b 75 80                 mov esi, [rbp - 128]
;;=     0028  8b 3c 33                 mov edi, [rbx + rsi]
;;=   0x000023  drop
;;=   0x000024  local.get $p
;;=   0x000026  i32.load8_u offset=100
;;=     002b  0f b6 7c 33 64           movzx edi, byte [rbx + rsi + 100]
;;=   0x000029  drop
;;=   0x00002a  i32.const 64
;;=   0x00002d  i32.load16_s
;;=     0030  bf 40 00 00 00           mov edi, 64
;;=     0035  44 0f bf 04 3b           movsx r8d, word [rbx + rdi]
;;=   0x000030  drop
;;=   0x000031  local.get $p
;;=   0x000033  i64.load
;;=     003a  48 8b 3c 33              mov rdi, [rbx + rsi]
;;=   0x000036  drop
;;=   0x000037  local.get $p
;;=   0x000039  local.get $v
;;=   0x00003b  i32.add
;;=     003e  8b fe                    mov edi, esi
;;=     0040  03 7d 88                 add edi, [rbp - 120]
;;=   0x00003c  i64.load32_s offset=70000
;;=     0043  4c 63 84 3b 70 11 01 00  movsxd r8, dword [rbx + rdi + 0x11170]
;;=   0x000041  drop
;;=   0x000042  local.get $p
;;=   0x000044  f32.load
;;=     004b  c5 fa 10 04 33           vmovss xmm0, dword [rbx + rsi]
;;=   0x000047  drop
;;=   0x000048  local.get $p
;;=   0x00004a  f64.load offset=2147483648
;;=     0050  8b fe                    mov edi, esi
;;=     0052  41 bb 08 00 00 80        mov r11d, 0x80000008
;;=     0058  49 03 fb                 add rdi, r11
;;=     005b  0f 82 5f 00 00 00        jb 0xc0
;;=     0061  45 33 c0                 xor r8d, r8d
;;=     0064  49 3b 7f 08              cmp rdi, [r15 + 8]
;;=     0068  0f 87 5d 00 00 00        ja 0xcb
;;=     006e  49 0f 47 f8              cmova rdi, r8
;;=     0072  c5 fb 10 44 3b f8        vmovsd xmm0, qword [rbx + rdi - 8]
;;=   0x000051  drop
;;=   0x000052  local.get $p
;;=   0x000054  local.get $v
;;=   0x000056  i32.store
;;=     0078  8b 7d 88                 mov edi, [rbp - 120]
;;=     007b  89 3c 33                 mov [rbx + rsi], edi
;;=   0x000059  local.get $p
;;=   0x00005b  i32.const 255
;;=   0x00005e  i32.store8 offset=5
;;=     007e  c6 44 33 05 ff           mov byte [rbx + rsi + 5], -1
;;=   0x000061  i32.const 64
;;=   0x000064  local.get $v
;;=   0x000066  i32.store16
;;=     0083  41 b8 40 00 00 00        mov r8d, 64
;;=     0089  66 42 89 3c 03           mov [rbx + r8], di
;;=   0x000069  local.get $p
;;=   0x00006b  i64.const 78187493520
;;=   0x000072  i64.store
;;=     008e  49 b8 90 78 56 34 12 00 00 00  mov r8, 0x1234567890
;;=     0098  4c 89 04 33              mov [rbx + rsi], r8
;;=   0x000075  local.get $p
;;=   0x000077  local.get $p
;;=   0x000079  f64.load
;;=     009c  c5 fb 10 04 33           vmovsd xmm0, qword [rbx + rsi]
;;=   0x00007c  f64.store offset=8
;;=     00a1  c5 fb 11 44 33 08        vmovsd qword [rbx + rsi + 8], xmm0
;;=   0x00007f  end
;;=     00a7  41 ff 36                 push qword [r14]
;;=     00aa  49 83 c6 08              add r14, 8
;;=     00ae  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00af:
;;=     00af  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00b5:
;;=     00b5  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00bb  e9 65 ff ff ff           jmp 0x25
;;=   0x00004a  trap
;;=     00c0:
;;=     00c0  b8 05 00 00 00           mov eax, 5
;;=     00c5  ff 15 00 00 00 00        call qword [rip]   ; trap: out of bounds memory access
;;=   0x00004a  trap
;;=     00cb:
;;=     00cb  b8 05 00 00 00           mov eax, 5
;;=     00d0  ff 15 00 00 00 00        call qword [rip]   ; trap: out of bounds memory access
;;=
;;= 214 bytes of code, 0 behind it; a frame of 4 slots
