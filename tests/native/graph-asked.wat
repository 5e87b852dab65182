;;! weft inspect --native main --tier=opt %
;; from the graph: a cast that C answers, with what else has a value in its slot
(module
  (type $f (func (result i32)))
  (func $main (param $any funcref) (param $n i32) (result i32)
    (local.set $n (i32.mul (local.get $n) (local.get $n)))
    (i32.add (local.get $n) (i32.mul (ref.test (ref $f) (local.get $any)) (local.get $n)))))
;;=
;;= func $main (;0;) (type 1) (param $any funcref) (param $n i32) (result i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d f0 ff ff ff     lea r11, [rbp - 16]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 53 00 00 00        ja 0x6a
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 4b 00 00 00        jne 0x70
;;=   0x00001e  local.get $n
;;=   0x000020  local.get $n
;;=   0x000022  i32.mul
;;=     0025:
;;=     0025  8b 75 88                 mov esi, [rbp - 120]
;;=     0028  0f af 75 88              imul esi, [rbp - 120]
;;=   0x000023  local.set $n
;;=   0x000025  local.get $n
;;=   0x000027  local.get $any
;;=   0x000029  ref.test (ref $f)
;;=   0x00002c  local.get $n
;;=   0x00002e  i32.mul
;;=   0x00002f  i32.add
;;=   0x000030  end
;;=     002c  89 75 98                 mov [rbp - 104], esi
;;=     002f  4c 8b 5d 80              mov r11, [rbp - 128]
;;=     0033  4c 89 5d a0              mov [rbp - 96], r11
;;=     0037  89 75 90                 mov [rbp - 112], esi
;;=     003a  b8 1d 00 00 00           mov eax, 29
;;=     003f  b9 04 00 00 00           mov ecx, 4
;;=     0044  ba 00 00 00 00           mov edx, 0
;;=     0049  be 00 00 00 00           mov esi, 0
;;=     004e  ff 15 00 00 00 00        call qword [rip]   ; slow: cast
;;=     0054  8b 75 a8                 mov esi, [rbp - 88]
;;=     0057  0f af 75 90              imul esi, [rbp - 112]
;;=     005b  03 75 98                 add esi, [rbp - 104]
;;=     005e  48 89 75 80              mov [rbp - 128], rsi
;;=     0062  41 ff 36                 push qword [r14]
;;=     0065  49 83 c6 08              add r14, 8
;;=     0069  c3                       ret
;;=   0x00001d  no room for the frame
;;=     006a:
;;=     006a  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0070:
;;=     0070  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0076  e9 aa ff ff ff           jmp 0x25
;;=
;;= 123 bytes of code, 0 behind it; a frame of 6 slots
