;;! weft inspect --native STRUCT %
;; fields of structures: by width, packed ones with their signs; a reference that may be null is tested; one that lies far is found in 32 bits
(module
  (type $s (struct (field (mut i8)) (field (mut i16)) (field (mut f64)) (field (mut (ref null $s))) (field (mut v128))))
  (func $STRUCT (param $n (ref null $s)) (param $s (ref $s)) (param $x f64) (result i32 i32)
    (struct.set $s 0 (local.get $n) (i32.const 7))
    (struct.set $s 2 (local.get $s) (local.get $x))
    (struct.set $s 3 (local.get $s) (local.get $n))
    (struct.set $s 3 (local.get $s) (ref.null $s))
    (struct.set $s 4 (local.get $s) (struct.get $s 4 (local.get $n)))
    (struct.get_s $s 0 (local.get $s))
    (struct.get_u $s 1 (struct.get $s 3 (local.get $s)))))
;;=
;;= func $STRUCT (;0;) (type 1) (param $n (ref null $s)) (param $s (ref $s)) (param $x f64) (result i32 i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d f0 ff ff ff     lea r11, [rbp - 16]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 b0 00 00 00        ja 0xc7
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 a8 00 00 00        jne 0xcd
;;=   0x00002b  local.get $n
;;=   0x00002d  i32.const 7
;;=   0x00002f  struct.set $s 0
;;=     0025:
;;=     0025  8b 75 80                 mov esi, [rbp - 128]
;;=     0028  85 f6                    test esi, esi
;;=     002a  0f 84 a8 00 00 00        je 0xd8
;;=     0030  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     0034  41 c6 44 33 04 07        mov byte [r11 + rsi + 4], 7
;;=   0x000033  local.get $s
;;=   0x000035  local.get $x
;;=   0x000037  struct.set $s 2
;;=     003a  c5 fb 10 45 90           vmovsd xmm0, qword [rbp - 112]
;;=     003f  8b 7d 88                 mov edi, [rbp - 120]
;;=     0042  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     0046  c4 c1 7b 11 44 3b 08     vmovsd qword [r11 + rdi + 8], xmm0
;;=   0x00003b  local.get $s
;;=   0x00003d  local.get $n
;;=   0x00003f  struct.set $s 3
;;=     004d  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     0051  41 89 74 3b 10           mov [r11 + rdi + 16], esi
;;=   0x000043  local.get $s
;;=   0x000045  ref.null $s
;;=   0x000047  struct.set $s 3
;;=     0056  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     005a  41 c7 44 3b 10 00 00 00 00  mov dword [r11 + rdi + 16], 0
;;=   0x00004b  local.get $s
;;=   0x00004d  local.get $n
;;=   0x00004f  struct.get $s 4
;;=     0063  85 f6                    test esi, esi
;;=     0065  0f 84 78 00 00 00        je 0xe3
;;=     006b  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     006f  c4 c1 78 10 4c 33 18     vmovups xmm1, [r11 + rsi + 24]
;;=   0x000053  struct.set $s 4
;;=     0076  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     007a  c4 c1 78 11 4c 3b 18     vmovups [r11 + rdi + 24], xmm1
;;=   0x000057  local.get $s
;;=   0x000059  struct.get_s $s 0
;;=     0081  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     0085  45 0f be 44 3b 04        movsx r8d, byte [r11 + rdi + 4]
;;=   0x00005d  local.get $s
;;=   0x00005f  struct.get $s 3
;;=     008b  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     008f  45 8b 4c 3b 10           mov r9d, [r11 + rdi + 16]
;;=   0x000063  struct.get_u $s 1
;;=     0094  45 85 c9                 test r9d, r9d
;;=     0097  0f 84 51 00 00 00        je 0xee
;;=     009d  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     00a1  47 0f b7 54 0b 06        movzx r10d, word [r11 + r9 + 6]
;;=   0x000067  end
;;=     00a7  44 89 45 98              mov [rbp - 104], r8d
;;=     00ab  44 89 55 a0              mov [rbp - 96], r10d
;;=     00af  4c 8b 5d 98              mov r11, [rbp - 104]
;;=     00b3  4c 89 5d 80              mov [rbp - 128], r11
;;=     00b7  4c 8b 5d a0              mov r11, [rbp - 96]
;;=     00bb  4c 89 5d 88              mov [rbp - 120], r11
;;=     00bf  41 ff 36                 push qword [r14]
;;=     00c2  49 83 c6 08              add r14, 8
;;=     00c6  c3                       ret
;;=   0x00002a  no room for the frame
;;=     00c7:
;;=     00c7  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00002a  stop at the entry
;;=     00cd:
;;=     00cd  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00d3  e9 4d ff ff ff           jmp 0x25
;;=   0x00002f  trap
;;=     00d8:
;;=     00d8  b8 0d 00 00 00           mov eax, 13
;;=     00dd  ff 15 00 00 00 00        call qword [rip]   ; trap: null structure reference
;;=   0x00004f  trap
;;=     00e3:
;;=     00e3  b8 0d 00 00 00           mov eax, 13
;;=     00e8  ff 15 00 00 00 00        call qword [rip]   ; trap: null structure reference
;;=   0x000063  trap
;;=     00ee:
;;=     00ee  b8 0d 00 00 00           mov eax, 13
;;=     00f3  ff 15 00 00 00 00        call qword [rip]   ; trap: null structure reference
;;=
;;= 249 bytes of code, 0 behind it; a frame of 6 slots
