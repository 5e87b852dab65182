;;! weft inspect --native walk --tier=opt %
;; from the graph: what does not change in a loop is in front of it, the turn needs no move, and a call is told of the locals
;; that are read later
(module
  (memory 1)
  (func $twice (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1)))
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
;;=     0007  4c 8d 9d 28 00 00 00     lea r11, [rbp + 40]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 83 00 00 00        ja 0x9a
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 7b 00 00 00        jne 0xa0
;;=   0x000030  loop $turn
;;=   0x000032    local.get $at
;;=   0x000034    i32.load
;;=   0x000037    local.set $spare
;;=   0x000039    local.get $sum
;;=   0x00003b    local.get $spare
;;=   0x00003d    local.get $by
;;=   0x00003f    i32.const 3
;;=   0x000041    i32.sub
;;=     0025:
;;=     0025  8b 75 90                 mov esi, [rbp - 112]
;;=     0028  83 c6 fd                 add esi, -3
;;=     002b  bf 00 00 00 00           mov edi, 0
;;=     0030  44 8b 45 80              mov r8d, [rbp - 128]
;;=     0034  44 8b 4d 88              mov r9d, [rbp - 120]
;;=     0038: zero-extended esi edi r8d r9d
;;=     0038  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     003c  41 83 3b 00              cmp dword [r11], 0
;;=     0040  0f 85 65 00 00 00        jne 0xab
;;=     0046: zero-extended esi edi r8d r9d
;;=     0046  46 8b 14 03              mov r10d, [rbx + r8]
;;=   0x000042    i32.mul
;;=   0x000043    i32.add
;;=     004a  44 0f af d6              imul r10d, esi
;;=     004e  41 03 fa                 add edi, r10d
;;=   0x000044    local.set $sum
;;=   0x000046    local.get $at
;;=   0x000048    i32.const 4
;;=   0x00004a    i32.add
;;=     0051  41 83 c0 04              add r8d, 4
;;=   0x00004b    local.set $at
;;=   0x00004d    local.get $count
;;=   0x00004f    i32.const 1
;;=   0x000051    i32.sub
;;=     0055  41 83 c1 ff              add r9d, -1
;;=     0059  45 85 c9                 test r9d, r9d
;;=     005c  0f 85 d6 ff ff ff        jne 0x38
;;=   0x000052    local.tee $count
;;=   0x000054    br_if $turn
;;=   0x000056  end
;;=   0x000057  local.get $sum
;;=   0x000059  call $twice
;;=     0062  44 89 45 80              mov [rbp - 128], r8d
;;=     0066  89 7d 98                 mov [rbp - 104], edi
;;=     0069  89 7d c0                 mov [rbp - 64], edi
;;=     006c  48 83 c5 40              add rbp, 64
;;=     0070  ff 15 00 00 00 00        call qword [rip]   ; func 0 twice
;;=     0076  48 83 c5 c0              add rbp, -64
;;=     007a  8b 75 c0                 mov esi, [rbp - 64]
;;=   0x00005b  local.set $spare
;;=   0x00005d  local.get $spare
;;=   0x00005f  local.get $at
;;=   0x000061  local.get $sum
;;=   0x000063  local.get $at
;;=   0x000065  local.get $by
;;=   0x000067  i32.lt_u
;;=   0x000068  select
;;=   0x000069  i32.add
;;=   0x00006a  end
;;=     007d  8b 7d 80                 mov edi, [rbp - 128]
;;=     0080  3b 7d 90                 cmp edi, [rbp - 112]
;;=     0083  44 8b 45 98              mov r8d, [rbp - 104]
;;=     0087  44 0f 42 c7              cmovb r8d, edi
;;=     008b  41 03 f0                 add esi, r8d
;;=     008e  48 89 75 80              mov [rbp - 128], rsi
;;=     0092  41 ff 36                 push qword [r14]
;;=     0095  49 83 c6 08              add r14, 8
;;=     0099  c3                       ret
;;=   0x00002d  no room for the frame
;;=     009a:
;;=     009a  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00002d  stop at the entry
;;=     00a0:
;;=     00a0  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00a6  e9 7a ff ff ff           jmp 0x25
;;=   0x000030  stop in the loop
;;=     00ab:
;;=     00ab  89 7d 98                 mov [rbp - 104], edi
;;=     00ae  44 89 45 80              mov [rbp - 128], r8d
;;=     00b2  44 89 4d 88              mov [rbp - 120], r9d
;;=     00b6  89 75 b0                 mov [rbp - 80], esi
;;=     00b9  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00bf  8b 7d 98                 mov edi, [rbp - 104]
;;=     00c2  44 8b 45 80              mov r8d, [rbp - 128]
;;=     00c6  44 8b 4d 88              mov r9d, [rbp - 120]
;;=     00ca  8b 75 b0                 mov esi, [rbp - 80]
;;=     00cd  e9 74 ff ff ff           jmp 0x46
;;=
;;= 210 bytes of code, 0 behind it; a frame of 13 slots
