;;! weft inspect --native CMP %
;; comparisons of integers: as a number, and for a branch
(module
  (func $CMP (param $i0 i32) (param $i1 i32) (param $l0 i64) (param $l1 i64) (local $ri i32)
    (local.set $ri (i32.eq (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.ne (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.lt_s (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.lt_u (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.gt_s (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.gt_u (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.le_s (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.le_u (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.ge_s (local.get $i0) (local.get $i1)))
    (local.set $ri (i32.ge_u (local.get $i0) (local.get $i1)))
    (local.set $ri (i64.eq (local.get $l0) (local.get $l1)))
    (local.set $ri (i64.ne (local.get $l0) (local.get $l1)))
    (local.set $ri (i64.lt_s (local.get $l0) (local.get $l1)))
    (local.set $ri (i64.lt_u (local.get $l0) (local.get $l1)))
    (local.set $ri (i64.gt_s (local.get $l0) (local.get $l1)))
    (local.set $ri (i64.gt_u (local.get $l0) (local.get $l1)))
    (local.set $ri (i64.le_s (local.get $l0) (local.get $l1)))
    (local.set $ri (i64.le_u (local.get $l0) (local.get $l1)))
    (local.set $ri (i64.ge_s (local.get $l0) (local.get $l1)))
    (local.set $ri (i64.ge_u (local.get $l0) (local.get $l1)))
    (local.set $ri (i32.eq (local.get $i0) (i32.const 12345)))
    (local.set $ri (i32.eq (i32.const 8) (local.get $i1)))
    (local.set $i0 (i32.eq (i32.eq (local.get $i0) (local.get $i1)) (i32.eq (local.get $i1) (local.get $i1))))
    (if (i32.eq (local.get $i0) (local.get $i1)) (then (local.set $ri (i32.const 1))))
    (local.set $ri (i64.eq (local.get $l0) (i64.const 0x123456789a)))
    (local.set $ri (i64.eq (i64.const 8) (local.get $l1)))
    (if (i64.eq (local.get $l0) (local.get $l1)) (then (local.set $ri (i32.const 1))))))
;;=
;;= func $CMP (;0;) (type 0) (param $i0 i32) (param $i1 i32) (param $l0 i64) (param $l1 i64)
;;=     (local $ri i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 00 00 00 00     lea r11, [rbp]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 ef 01 00 00        ja 0x206
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 e7 01 00 00        jne 0x20c
;;=     0025:
;;=     0025  48 c7 45 a0 00 00 00 00  mov qword [rbp - 96], 0
;;=   0x00001f  local.get $i0
;;=   0x000021  local.get $i1
;;=   0x000023  i32.eq
;;=     002d  8b 75 80                 mov esi, [rbp - 128]
;;=     0030  3b 75 88                 cmp esi, [rbp - 120]
;;=     0033  40 0f 94 c7              sete dil
;;=     0037  40 0f b6 ff              movzx edi, dil
;;=   0x000024  local.set $ri
;;=     003b  89 7d a0                 mov [rbp - 96], edi
;;=   0x000026  local.get $i0
;;=   0x000028  local.get $i1
;;=   0x00002a  i32.ne
;;=     003e  3b 75 88                 cmp esi, [rbp - 120]
;;=     0041  41 0f 95 c0              setne r8b
;;=     0045  45 0f b6 c0              movzx r8d, r8b
;;=   0x00002b  local.set $ri
;;=     0049  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x00002d  local.get $i0
;;=   0x00002f  local.get $i1
;;=   0x000031  i32.lt_s
;;=     004d  3b 75 88                 cmp esi, [rbp - 120]
;;=     0050  40 0f 9c c7              setl dil
;;=     0054  40 0f b6 ff              movzx edi, dil
;;=   0x000032  local.set $ri
;;=     0058  89 7d a0                 mov [rbp - 96], edi
;;=   0x000034  local.get $i0
;;=   0x000036  local.get $i1
;;=   0x000038  i32.lt_u
;;=     005b  3b 75 88                 cmp esi, [rbp - 120]
;;=     005e  41 0f 92 c0              setb r8b
;;=     0062  45 0f b6 c0              movzx r8d, r8b
;;=   0x000039  local.set $ri
;;=     0066  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x00003b  local.get $i0
;;=   0x00003d  local.get $i1
;;=   0x00003f  i32.gt_s
;;=     006a  3b 75 88                 cmp esi, [rbp - 120]
;;=     006d  40 0f 9f c7              setg dil
;;=     0071  40 0f b6 ff              movzx edi, dil
;;=   0x000040  local.set $ri
;;=     0075  89 7d a0                 mov [rbp - 96], edi
;;=   0x000042  local.get $i0
;;=   0x000044  local.get $i1
;;=   0x000046  i32.gt_u
;;=     0078  3b 75 88                 cmp esi, [rbp - 120]
;;=     007b  41 0f 97 c0              seta r8b
;;=     007f  45 0f b6 c0              movzx r8d, r8b
;;=   0x000047  local.set $ri
;;=     0083  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x000049  local.get $i0
;;=   0x00004b  local.get $i1
;;=   0x00004d  i32.le_s
;;=     0087  3b 75 88                 cmp esi, [rbp - 120]
;;=     008a  40 0f 9e c7              setle dil
;;=     008e  40 0f b6 ff              movzx edi, dil
;;=   0x00004e  local.set $ri
;;=     0092  89 7d a0                 mov [rbp - 96], edi
;;=   0x000050  local.get $i0
;;=   0x000052  local.get $i1
;;=   0x000054  i32.le_u
;;=     0095  3b 75 88                 cmp esi, [rbp - 120]
;;=     0098  41 0f 96 c0              setbe r8b
;;=     009c  45 0f b6 c0              movzx r8d, r8b
;;=   0x000055  local.set $ri
;;=     00a0  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x000057  local.get $i0
;;=   0x000059  local.get $i1
;;=   0x00005b  i32.ge_s
;;=     00a4  3b 75 88                 cmp esi, [rbp - 120]
;;=     00a7  40 0f 9d c7              setge dil
;;=     00ab  40 0f b6 ff              movzx edi, dil
;;=   0x00005c  local.set $ri
;;=     00af  89 7d a0                 mov [rbp - 96], edi
;;=   0x00005e  local.get $i0
;;=   0x000060  local.get $i1
;;=   0x000062  i32.ge_u
;;=     00b2  3b 75 88                 cmp esi, [rbp - 120]
;;=     00b5  41 0f 93 c0              setae r8b
;;=     00b9  45 0f b6 c0              movzx r8d, r8b
;;=   0x000063  local.set $ri
;;=     00bd  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x000065  local.get $l0
;;=   0x000067  local.get $l1
;;=   0x000069  i64.eq
;;=     00c1  48 8b 7d 90              mov rdi, [rbp - 112]
;;=     00c5  48 3b 7d 98              cmp rdi, [rbp - 104]
;;=     00c9  41 0f 94 c1              sete r9b
;;=     00cd  45 0f b6 c9              movzx r9d, r9b
;;=   0x00006a  local.set $ri
;;=     00d1  44 89 4d a0              mov [rbp - 96], r9d
;;=   0x00006c  local.get $l0
;;=   0x00006e  local.get $l1
;;=   0x000070  i64.ne
;;=     00d5  48 3b 7d 98              cmp rdi, [rbp - 104]
;;=     00d9  41 0f 95 c0              setne r8b
;;=     00dd  45 0f b6 c0              movzx r8d, r8b
;;=   0x000071  local.set $ri
;;=     00e1  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x000073  local.get $l0
;;=   0x000075  local.get $l1
;;=   0x000077  i64.lt_s
;;=     00e5  48 3b 7d 98              cmp rdi, [rbp - 104]
;;=     00e9  41 0f 9c c1              setl r9b
;;=     00ed  45 0f b6 c9              movzx r9d, r9b
;;=   0x000078  local.set $ri
;;=     00f1  44 89 4d a0              mov [rbp - 96], r9d
;;=   0x00007a  local.get $l0
;;=   0x00007c  local.get $l1
;;=   0x00007e  i64.lt_u
;;=     00f5  48 3b 7d 98              cmp rdi, [rbp - 104]
;;=     00f9  41 0f 92 c0              setb r8b
;;=     00fd  45 0f b6 c0              movzx r8d, r8b
;;=   0x00007f  local.set $ri
;;=     0101  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x000081  local.get $l0
;;=   0x000083  local.get $l1
;;=   0x000085  i64.gt_s
;;=     0105  48 3b 7d 98              cmp rdi, [rbp - 104]
;;=     0109  41 0f 9f c1              setg r9b
;;=     010d  45 0f b6 c9              movzx r9d, r9b
;;=   0x000086  local.set $ri
;;=     0111  44 89 4d a0              mov [rbp - 96], r9d
;;=   0x000088  local.get $l0
;;=   0x00008a  local.get $l1
;;=   0x00008c  i64.gt_u
;;=     0115  48 3b 7d 98              cmp rdi, [rbp - 104]
;;=     0119  41 0f 97 c0              seta r8b
;;=     011d  45 0f b6 c0              movzx r8d, r8b
;;=   0x00008d  local.set $ri
;;=     0121  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x00008f  local.get $l0
;;=   0x000091  local.get $l1
;;=   0x000093  i64.le_s
;;=     0125  48 3b 7d 98              cmp rdi, [rbp - 104]
;;=     0129  41 0f 9e c1              setle r9b
;;=     012d  45 0f b6 c9              movzx r9d, r9b
;;=   0x000094  local.set $ri
;;=     0131  44 89 4d a0              mov [rbp - 96], r9d
;;=   0x000096  local.get $l0
;;=   0x000098  local.get $l1
;;=   0x00009a  i64.le_u
;;=     0135  48 3b 7d 98              cmp rdi, [rbp - 104]
;;=     0139  41 0f 96 c0              setbe r8b
;;=     013d  45 0f b6 c0              movzx r8d, r8b
;;=   0x00009b  local.set $ri
;;=     0141  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x00009d  local.get $l0
;;=   0x00009f  local.get $l1
;;=   0x0000a1  i64.ge_s
;;=     0145  48 3b 7d 98              cmp rdi, [rbp - 104]
;;=     0149  41 0f 9d c1              setge r9b
;;=     014d  45 0f b6 c9              movzx r9d, r9b
;;=   0x0000a2  local.set $ri
;;=     0151  44 89 4d a0              mov [rbp - 96], r9d
;;=   0x0000a4  local.get $l0
;;=   0x0000a6  local.get $l1
;;=   0x0000a8  i64.ge_u
;;=     0155  48 3b 7d 98              cmp rdi, [rbp - 104]
;;=     0159  41 0f 93 c0              setae r8b
;;=     015d  45 0f b6 c0              movzx r8d, r8b
;;=   0x0000a9  local.set $ri
;;=     0161  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x0000ab  local.get $i0
;;=   0x0000ad  i32.const 12345
;;=   0x0000b1  i32.eq
;;=     0165  81 fe 39 30 00 00        cmp esi, 12345
;;=     016b  41 0f 94 c1              sete r9b
;;=     016f  45 0f b6 c9              movzx r9d, r9b
;;=   0x0000b2  local.set $ri
;;=     0173  44 89 4d a0              mov [rbp - 96], r9d
;;=   0x0000b4  i32.const 8
;;=   0x0000b6  local.get $i1
;;=   0x0000b8  i32.eq
;;=     0177  83 7d 88 08              cmp dword [rbp - 120], 8
;;=     017b  41 0f 94 c0              sete r8b
;;=     017f  45 0f b6 c0              movzx r8d, r8b
;;=   0x0000b9  local.set $ri
;;=     0183  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x0000bb  local.get $i0
;;=   0x0000bd  local.get $i1
;;=   0x0000bf  i32.eq
;;=     0187  3b 75 88                 cmp esi, [rbp - 120]
;;=     018a  41 0f 94 c1              sete r9b
;;=     018e  45 0f b6 c9              movzx r9d, r9b
;;=   0x0000c0  local.get $i1
;;=   0x0000c2  local.get $i1
;;=   0x0000c4  i32.eq
;;=     0192  44 8b 55 88              mov r10d, [rbp - 120]
;;=     0196  45 3b d2                 cmp r10d, r10d
;;=     0199  41 0f 94 c4              sete r12b
;;=     019d  45 0f b6 e4              movzx r12d, r12b
;;=   0x0000c5  i32.eq
;;=     01a1  45 3b cc                 cmp r9d, r12d
;;=     01a4  41 0f 94 c5              sete r13b
;;=     01a8  45 0f b6 ed              movzx r13d, r13b
;;=   0x0000c6  local.set $i0
;;=     01ac  44 89 6d 80              mov [rbp - 128], r13d
;;=   0x0000c8  local.get $i0
;;=   0x0000ca  local.get $i1
;;=   0x0000cc  i32.eq
;;=     01b0  45 3b ea                 cmp r13d, r10d
;;=   0x0000cd  if (;L1;)
;;=     01b3  0f 85 07 00 00 00        jne 0x1c0
;;=   0x0000cf    i32.const 1
;;=   0x0000d1    local.set $ri
;;=     01b9  c7 45 a0 01 00 00 00     mov dword [rbp - 96], 1
;;=   0x0000d3  end
;;=   0x0000d4  local.get $l0
;;=   0x0000d6  i64.const 78187493530
;;=   0x0000dd  i64.eq
;;=     01c0:
;;=     01c0  48 8b 75 90              mov rsi, [rbp - 112]
;;=     01c4  48 bf 9a 78 56 34 12 00 00 00  mov rdi, 0x123456789a
;;=     01ce  48 3b f7                 cmp rsi, rdi
;;=     01d1  41 0f 94 c0              sete r8b
;;=     01d5  45 0f b6 c0              movzx r8d, r8b
;;=   0x0000de  local.set $ri
;;=     01d9  44 89 45 a0              mov [rbp - 96], r8d
;;=   0x0000e0  i64.const 8
;;=   0x0000e2  local.get $l1
;;=   0x0000e4  i64.eq
;;=     01dd  48 83 7d 98 08           cmp qword [rbp - 104], 8
;;=     01e2  40 0f 94 c7              sete dil
;;=     01e6  40 0f b6 ff              movzx edi, dil
;;=   0x0000e5  local.set $ri
;;=     01ea  89 7d a0                 mov [rbp - 96], edi
;;=   0x0000e7  local.get $l0
;;=   0x0000e9  local.get $l1
;;=   0x0000eb  i64.eq
;;=     01ed  48 3b 75 98              cmp rsi, [rbp - 104]
;;=   0x0000ec  if (;L1;)
;;=     01f1  0f 85 07 00 00 00        jne 0x1fe
;;=   0x0000ee    i32.const 1
;;=   0x0000f0    local.set $ri
;;=     01f7  c7 45 a0 01 00 00 00     mov dword [rbp - 96], 1
;;=   0x0000f2  end
;;=   0x0000f3  end
;;=     01fe:
;;=     01fe  41 ff 36                 push qword [r14]
;;=     0201  49 83 c6 08              add r14, 8
;;=     0205  c3                       ret
;;=   0x00001c  no room for the frame
;;=     0206:
;;=     0206  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001c  stop at the entry
;;=     020c:
;;=     020c  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0212  e9 0e fe ff ff           jmp 0x25
;;=
;;= 535 bytes of code, 0 behind it; a frame of 8 slots
