;;! weft inspect --native walk --tier=opt --features=-simd %
;; from the graph: what does not change in a loop is in front of it, the turn needs no move, and a call is told of the locals
;; that are read later
(module
  (memory 1)
  (func $twice (param i32) (result i32)
    (atomic.fence) ;; which is not taken in
    (i32.shl (local.get 0) (i32.const 1)))
  (func $walk (param $at i32) (param $count i32) (param $by i32) (result i32) (local $sum i32) (local $spare i32)
    (loop $turn
      (local.set $spare (i32.load (local.get $at)))
      (local.set $sum (i32.add (local.get $sum)
        (i32.mul (local.get $spare) (i32.sub (local.get $by) (i32.const 3)))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $turn (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (local.set $spare (call $twice (local.get $sum)))
    (i32.add (local.get $spare) (select (local.get $at) (local.get $sum) (i32.lt_u (local.get $at) (local.get $by))))))
;;=
;;= func $walk (;1;) (type 1) (param $at i32) (param $count i32) (param $by i32) (result i32)
;;=     (local $sum i32) (local $spare i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 50 00 00 00     lea r11, [rbp + 80]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 ed 00 00 00        ja 0x104
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 e5 00 00 00        jne 0x10a
;;=   0x000033  loop $turn
;;=   0x000035    local.get $at
;;=   0x000037    i32.load
;;=   0x00003a    local.set $spare
;;=   0x00003c    local.get $sum
;;=   0x00003e    local.get $spare
;;=   0x000040    local.get $by
;;=   0x000042    i32.const 3
;;=   0x000044    i32.sub
;;=     0025:
;;=     0025  8b 75 90                 mov esi, [rbp - 112]
;;=     0028  83 c6 fd                 add esi, -3
;;=     002b  bf 00 00 00 00           mov edi, 0
;;=     0030  44 8b 45 80              mov r8d, [rbp - 128]
;;=     0034  44 8b 4d 88              mov r9d, [rbp - 120]
;;=     0038: zero-extended esi edi r8d r9d
;;=     0038  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     003c  41 83 3b 00              cmp dword [r11], 0
;;=     0040  0f 85 cf 00 00 00        jne 0x115
;;=     0046: zero-extended esi edi r8d r9d
;;=     0046  46 8b 14 03              mov r10d, [rbx + r8]
;;=     004a  45 8d 61 ff              lea r12d, [r9 - 1]
;;=     004e  45 85 e4                 test r12d, r12d
;;=     0051  0f 84 6a 00 00 00        je 0xc1
;;=   0x000045    i32.mul
;;=   0x000046    i32.add
;;=   0x000047    local.set $sum
;;=   0x000049    local.get $at
;;=   0x00004b    i32.const 4
;;=   0x00004d    i32.add
;;=     0057  45 8d 60 04              lea r12d, [r8 + 4]
;;=     005b  46 8b 2c 23              mov r13d, [rbx + r12]
;;=     005f  44 0f af d6              imul r10d, esi
;;=     0063  41 03 fa                 add edi, r10d
;;=     0066  45 8d 51 fe              lea r10d, [r9 - 2]
;;=     006a  45 85 d2                 test r10d, r10d
;;=     006d  0f 84 c9 00 00 00        je 0x13c
;;=     0073  45 8d 50 08              lea r10d, [r8 + 8]
;;=     0077  46 8b 24 13              mov r12d, [rbx + r10]
;;=     007b  44 0f af ee              imul r13d, esi
;;=     007f  41 03 fd                 add edi, r13d
;;=     0082  45 8d 69 fd              lea r13d, [r9 - 3]
;;=     0086  45 85 ed                 test r13d, r13d
;;=     0089  0f 84 b8 00 00 00        je 0x147
;;=     008f  45 8d 50 0c              lea r10d, [r8 + 12]
;;=     0093  46 8b 2c 13              mov r13d, [rbx + r10]
;;=   0x00004e    local.set $at
;;=   0x000050    local.get $count
;;=   0x000052    i32.const 1
;;=   0x000054    i32.sub
;;=     0097  41 83 c1 fc              add r9d, -4
;;=     009b  44 0f af e6              imul r12d, esi
;;=     009f  41 03 fc                 add edi, r12d
;;=     00a2  45 8b e5                 mov r12d, r13d
;;=     00a5  44 0f af e6              imul r12d, esi
;;=     00a9  44 03 e7                 add r12d, edi
;;=     00ac  41 83 c0 10              add r8d, 16
;;=     00b0  45 85 c9                 test r9d, r9d
;;=     00b3  0f 84 99 00 00 00        je 0x152
;;=     00b9  41 8b fc                 mov edi, r12d
;;=     00bc  e9 77 ff ff ff           jmp 0x38
;;=     00c1: zero-extended esi edi r8d r10d
;;=     00c1  41 83 c0 04              add r8d, 4
;;=     00c5  44 0f af d6              imul r10d, esi
;;=     00c9  41 03 fa                 add edi, r10d
;;=   0x000055    local.tee $count
;;=   0x000057    br_if $turn
;;=   0x000059  end
;;=   0x00005a  local.get $sum
;;=   0x00005c  call $twice
;;=     00cc  44 89 45 80              mov [rbp - 128], r8d
;;=     00d0  89 7d 98                 mov [rbp - 104], edi
;;=     00d3  89 7d e8                 mov [rbp - 24], edi
;;=     00d6  48 83 c5 68              add rbp, 104
;;=     00da  ff 15 00 00 00 00        call qword [rip]   ; func 0 twice
;;=     00e0  48 83 c5 98              add rbp, -104
;;=     00e4  8b 75 e8                 mov esi, [rbp - 24]
;;=   0x00005e  local.set $spare
;;=   0x000060  local.get $spare
;;=   0x000062  local.get $at
;;=   0x000064  local.get $sum
;;=   0x000066  local.get $at
;;=   0x000068  local.get $by
;;=   0x00006a  i32.lt_u
;;=   0x00006b  select
;;=   0x00006c  i32.add
;;=   0x00006d  end
;;=     00e7  8b 7d 80                 mov edi, [rbp - 128]
;;=     00ea  3b 7d 90                 cmp edi, [rbp - 112]
;;=     00ed  44 8b 45 98              mov r8d, [rbp - 104]
;;=     00f1  44 0f 42 c7              cmovb r8d, edi
;;=     00f5  41 03 f0                 add esi, r8d
;;=     00f8  48 89 75 80              mov [rbp - 128], rsi
;;=     00fc  41 ff 36                 push qword [r14]
;;=     00ff  49 83 c6 08              add r14, 8
;;=     0103  c3                       ret
;;=   0x000030  no room for the frame
;;=     0104:
;;=     0104  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000030  stop at the entry
;;=     010a:
;;=     010a  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0110  e9 10 ff ff ff           jmp 0x25
;;=   0x000033  stop in the loop
;;=     0115:
;;=     0115  89 7d 98                 mov [rbp - 104], edi
;;=     0118  44 89 45 80              mov [rbp - 128], r8d
;;=     011c  44 89 4d 88              mov [rbp - 120], r9d
;;=     0120  89 75 b0                 mov [rbp - 80], esi
;;=     0123  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0129  8b 7d 98                 mov edi, [rbp - 104]
;;=     012c  44 8b 45 80              mov r8d, [rbp - 128]
;;=     0130  44 8b 4d 88              mov r9d, [rbp - 120]
;;=     0134  8b 75 b0                 mov esi, [rbp - 80]
;;=     0137  e9 0a ff ff ff           jmp 0x46
;;=   0x000046  values of another block
;;=     013c: zero-extended esi edi r8d r9d r12d r13d
;;=     013c  45 8b c4                 mov r8d, r12d
;;=     013f  45 8b d5                 mov r10d, r13d
;;=     0142  e9 7a ff ff ff           jmp 0xc1
;;=   0x000046  values of another block
;;=     0147: zero-extended esi edi r8d r9d r10d r12d
;;=     0147  45 8b c2                 mov r8d, r10d
;;=     014a  45 8b d4                 mov r10d, r12d
;;=     014d  e9 6f ff ff ff           jmp 0xc1
;;=   0x00004d  values of another block
;;=     0152: zero-extended esi edi r8d r9d r10d r12d r13d
;;=     0152  45 8b c2                 mov r8d, r10d
;;=     0155  45 8b d5                 mov r10d, r13d
;;=     0158  e9 64 ff ff ff           jmp 0xc1
;;=
;;= 349 bytes of code, 0 behind it; a frame of 18 slots
