;;! weft inspect --native 0 --tier=opt --faults=off %
;; Nobody needs the vectors, and once the loop was unrolled none is there: the frame has room for them as operands all the same,
;; since the interpreter may go on in it.

(module
  (func (param $n i32) (result i32)
    (v128.const i32x4 1 0 0 0) (v128.const i32x4 2 0 0 0) (v128.const i32x4 3 0 0 0) (v128.const i32x4 4 0 0 0)
    (v128.const i32x4 5 0 0 0) (v128.const i32x4 6 0 0 0) (v128.const i32x4 7 0 0 0) (v128.const i32x4 8 0 0 0)
    drop drop drop drop drop drop drop drop
    (loop $next (br_if $next (local.tee $n (i32.shl (local.get $n) (i32.const 1)))))
    (local.get $n)))
;;=
;;= func (;0;) (type 0) (param $n i32) (result i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 48 00 00 00     lea r11, [rbp + 72]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 5f 00 00 00        ja 0x76
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 57 00 00 00        jne 0x7c
;;=     0025:
;;=     0025  8b 75 80                 mov esi, [rbp - 128]
;;=     0028: zero-extended esi
;;=     0028  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     002c  41 83 3b 00              cmp dword [r11], 0
;;=     0030  0f 85 51 00 00 00        jne 0x87
;;=   0x00001b  v128.const i32x4 0x00000001 0x00000000 0x00000000 0x00000000
;;=   0x00002d  v128.const i32x4 0x00000002 0x00000000 0x00000000 0x00000000
;;=   0x00003f  v128.const i32x4 0x00000003 0x00000000 0x00000000 0x00000000
;;=   0x000051  v128.const i32x4 0x00000004 0x00000000 0x00000000 0x00000000
;;=   0x000063  v128.const i32x4 0x00000005 0x00000000 0x00000000 0x00000000
;;=   0x000075  v128.const i32x4 0x00000006 0x00000000 0x00000000 0x00000000
;;=   0x000087  v128.const i32x4 0x00000007 0x00000000 0x00000000 0x00000000
;;=   0x000099  v128.const i32x4 0x00000008 0x00000000 0x00000000 0x00000000
;;=   0x0000ab  drop
;;=   0x0000ac  drop
;;=   0x0000ad  drop
;;=   0x0000ae  drop
;;=   0x0000af  drop
;;=   0x0000b0  drop
;;=   0x0000b1  drop
;;=   0x0000b2  drop
;;=   0x0000b3  loop $next
;;=   0x0000b5    local.get $n
;;=   0x0000b7    i32.const 1
;;=   0x0000b9    i32.shl
;;=     0036: zero-extended esi
;;=     0036  8b fe                    mov edi, esi
;;=     0038  d1 e7                    shl edi, 1
;;=     003a  85 ff                    test edi, edi
;;=     003c  0f 84 26 00 00 00        je 0x68
;;=     0042  8b f7                    mov esi, edi
;;=     0044  d1 e6                    shl esi, 1
;;=     0046  85 f6                    test esi, esi
;;=     0048  0f 84 4a 00 00 00        je 0x98
;;=     004e  8b fe                    mov edi, esi
;;=     0050  d1 e7                    shl edi, 1
;;=     0052  85 ff                    test edi, edi
;;=     0054  0f 84 0e 00 00 00        je 0x68
;;=     005a  8b f7                    mov esi, edi
;;=     005c  d1 e6                    shl esi, 1
;;=     005e  85 f6                    test esi, esi
;;=     0060  0f 85 c2 ff ff ff        jne 0x28
;;=     0066  8b f7                    mov esi, edi
;;=   0x0000ba    local.tee $n
;;=   0x0000bc    br_if $next
;;=   0x0000be  end
;;=   0x0000bf  local.get $n
;;=   0x0000c1  end
;;=     0068: zero-extended esi
;;=     0068  d1 e6                    shl esi, 1
;;=     006a  48 89 75 80              mov [rbp - 128], rsi
;;=     006e  41 ff 36                 push qword [r14]
;;=     0071  49 83 c6 08              add r14, 8
;;=     0075  c3                       ret
;;=   0x00001a  no room for the frame
;;=     0076:
;;=     0076  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001a  stop at the entry
;;=     007c:
;;=     007c  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0082  e9 9e ff ff ff           jmp 0x25
;;=   0x0000b3  stop in the loop
;;=     0087:
;;=     0087  89 75 80                 mov [rbp - 128], esi
;;=     008a  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0090  8b 75 80                 mov esi, [rbp - 128]
;;=     0093  e9 9e ff ff ff           jmp 0x36
;;=   0x0000b9  values of another block
;;=     0098: zero-extended esi edi
;;=     0098  8b f7                    mov esi, edi
;;=     009a  e9 c9 ff ff ff           jmp 0x68
;;=
;;= 159 bytes of code, 0 behind it; a frame of 17 slots
