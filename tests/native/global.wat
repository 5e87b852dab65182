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
;;=     0011  0f 87 51 00 00 00        ja 0x68
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 49 00 00 00        jne 0x6e
;;=   0x000031  global.get $i
;;=     0025:
;;=     0025  41 8b b7 e8 00 00 00     mov esi, [r15 + 232]
;;=   0x000033  i32.const 1
;;=   0x000035  i32.add
;;=     002c  83 c6 01                 add esi, 1
;;=   0x000036  global.set $i
;;=     002f  41 89 b7 e8 00 00 00     mov [r15 + 232], esi
;;=   0x000038  local.get 0
;;=   0x00003a  global.set $l
;;=     0036  48 8b 75 80              mov rsi, [rbp - 128]
;;=     003a  49 89 b7 00 01 00 00     mov [r15 + 256], rsi
;;=   0x00003c  global.get $d
;;=     0041  c4 c1 7b 10 87 18 01 00 00  vmovsd xmm0, qword [r15 + 280]
;;=   0x00003e  global.get $d
;;=     004a  c4 c1 7b 10 8f 18 01 00 00  vmovsd xmm1, qword [r15 + 280]
;;=   0x000040  f64.add
;;=     0053  c5 fb 58 c1              vaddsd xmm0, xmm0, xmm1
;;=   0x000041  global.set $d
;;=     0057  c4 c1 7b 11 87 18 01 00 00  vmovsd qword [r15 + 280], xmm0
;;=   0x000043  end
;;=     0060  41 ff 36                 push qword [r14]
;;=     0063  49 83 c6 08              add r14, 8
;;=     0067  c3                       ret
;;=   0x000030  no room for the frame
;;=     0068:
;;=     0068  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000030  stop at the entry
;;=     006e:
;;=     006e  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0074  e9 ac ff ff ff           jmp 0x25
;;=
;;= 121 bytes of code, 0 behind it; a frame of 3 slots
