;;! weft inspect --native f %
;; locals: what is read stays in its register, what still stands for an old value is copied; many that begin as 0
(module
  (func $f (param $a i32) (result i32) (local $b i32) (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (local.get $a)
    (local.set $b (local.get $a))
    (local.set $a (local.tee $b (i32.mul (local.get $b) (local.get $b))))
    (i32.sub (i32.add (local.get $a) (local.get $b)))))
;;=
;;= func $f (;0;) (type 0) (param $a i32) (result i32)
;;=     (local $b i32) (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 70 00 00 00     lea r11, [rbp + 112]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 51 00 00 00        ja 0x68
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 49 00 00 00        jne 0x6e
;;=     0025:
;;=     0025  b8 00 00 00 00           mov eax, 0
;;=     002a  b9 01 00 00 00           mov ecx, 1
;;=     002f  ba 12 00 00 00           mov edx, 18
;;=     0034  be 00 00 00 00           mov esi, 0
;;=     0039  ff 15 00 00 00 00        call qword [rip]   ; slow: zero
;;=   0x00001d  local.get $a
;;=   0x00001f  local.get $a
;;=   0x000021  local.set $b
;;=     003f  8b 75 80                 mov esi, [rbp - 128]
;;=     0042  89 75 88                 mov [rbp - 120], esi
;;=   0x000023  local.get $b
;;=   0x000025  local.get $b
;;=   0x000027  i32.mul
;;=     0045  8b 7d 88                 mov edi, [rbp - 120]
;;=     0048  0f af 7d 88              imul edi, [rbp - 120]
;;=   0x000028  local.tee $b
;;=     004c  89 7d 88                 mov [rbp - 120], edi
;;=   0x00002a  local.set $a
;;=     004f  89 7d 80                 mov [rbp - 128], edi
;;=   0x00002c  local.get $a
;;=   0x00002e  local.get $b
;;=   0x000030  i32.add
;;=     0052  44 8b 45 80              mov r8d, [rbp - 128]
;;=     0056  44 03 c7                 add r8d, edi
;;=   0x000031  i32.sub
;;=     0059  41 2b f0                 sub esi, r8d
;;=   0x000032  end
;;=     005c  48 89 75 80              mov [rbp - 128], rsi
;;=     0060  41 ff 36                 push qword [r14]
;;=     0063  49 83 c6 08              add r14, 8
;;=     0067  c3                       ret
;;=   0x000018  no room for the frame
;;=     0068:
;;=     0068  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000018  stop at the entry
;;=     006e:
;;=     006e  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0074  e9 ac ff ff ff           jmp 0x25
;;=
;;= 121 bytes of code, 0 behind it; a frame of 22 slots
