;;! weft inspect --native f %
;; globals, of each type that has a register
(module
  (global $i (mut i32) (i32.const 0)) (global $l (mut i64) (i64.const 0)) (global $d (mut f64) (f64.const 0))
  (func $f (param i64)
    (global.set $i (i32.add (global.get $i) (i32.const 1)))
    (global.set $l (local.get 0))
    (global.set $d (f64.add (global.get $d) (global.get $d)))))
;;=
;;= func $f (;0;) (type 0) (param i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d d8 ff ff ff     lea r11, [rbp - 40]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 67 00 00 00        ja 0x7e
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 5f 00 00 00        jne 0x84
;;=   0x000031  global.get $i
;;=     0025:
;;=     0025  4d 8b 5f 78              mov r11, [r15 + 120]
;;=     0029  4d 8b 1b                 mov r11, [r11]
;;=     002c  41 8b 33                 mov esi, [r11]
;;=   0x000033  i32.const 1
;;=   0x000035  i32.add
;;=     002f  83 c6 01                 add esi, 1
;;=   0x000036  global.set $i
;;=     0032  4d 8b 5f 78              mov r11, [r15 + 120]
;;=     0036  4d 8b 1b                 mov r11, [r11]
;;=     0039  41 89 33                 mov [r11], esi
;;=   0x000038  local.get 0
;;=   0x00003a  global.set $l
;;=     003c  48 8b 75 80              mov rsi, [rbp - 128]
;;=     0040  4d 8b 5f 78              mov r11, [r15 + 120]
;;=     0044  4d 8b 5b 08              mov r11, [r11 + 8]
;;=     0048  49 89 33                 mov [r11], rsi
;;=   0x00003c  global.get $d
;;=     004b  4d 8b 5f 78              mov r11, [r15 + 120]
;;=     004f  4d 8b 5b 10              mov r11, [r11 + 16]
;;=     0053  c4 c1 7b 10 03           vmovsd xmm0, qword [r11]
;;=   0x00003e  global.get $d
;;=     0058  4d 8b 5f 78              mov r11, [r15 + 120]
;;=     005c  4d 8b 5b 10              mov r11, [r11 + 16]
;;=     0060  c4 c1 7b 10 0b           vmovsd xmm1, qword [r11]
;;=   0x000040  f64.add
;;=     0065  c5 fb 58 c1              vaddsd xmm0, xmm0, xmm1
;;=   0x000041  global.set $d
;;=     0069  4d 8b 5f 78              mov r11, [r15 + 120]
;;=     006d  4d 8b 5b 10              mov r11, [r11 + 16]
;;=     0071  c4 c1 7b 11 03           vmovsd qword [r11], xmm0
;;=   0x000043  end
;;=     0076  41 ff 36                 push qword [r14]
;;=     0079  49 83 c6 08              add r14, 8
;;=     007d  c3                       ret
;;=   0x000030  no room for the frame
;;=     007e:
;;=     007e  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000030  stop at the entry
;;=     0084:
;;=     0084  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     008a  e9 96 ff ff ff           jmp 0x25
;;=
;;= 143 bytes of code, 0 behind it; a frame of 3 slots
