;;! weft inspect --native f %
;; one of two: by a number, by a comparison, of floats
(module
  (func $f (param $a i32) (param $b i32) (param $x f64) (param $y f64) (result f64)
    (local.set $a (select (local.get $a) (local.get $b) (local.get $a)))
    (local.set $b (select (i32.const 1) (i32.const 2) (i32.gt_u (local.get $a) (local.get $b))))
    (local.set $a (select (local.get $a) (local.get $b) (f64.eq (local.get $x) (local.get $y))))
    (select (local.get $x) (local.get $y) (f64.lt (local.get $x) (local.get $y)))))
;;=
;;= func $f (;0;) (type 0) (param $a i32) (param $b i32) (param $x f64) (param $y f64) (result f64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 00 00 00 00     lea r11, [rbp]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 6b 00 00 00        ja 0x82
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 63 00 00 00        jne 0x88
;;=   0x00001c  local.get $a
;;=   0x00001e  local.get $b
;;=   0x000020  local.get $a
;;=   0x000022  select
;;=     0025:
;;=     0025  83 7d 80 00              cmp dword [rbp - 128], 0
;;=     0029  8b 75 80                 mov esi, [rbp - 128]
;;=     002c  8b 7d 88                 mov edi, [rbp - 120]
;;=     002f  0f 45 fe                 cmovne edi, esi
;;=   0x000023  local.set $a
;;=     0032  89 7d 80                 mov [rbp - 128], edi
;;=   0x000025  i32.const 1
;;=   0x000027  i32.const 2
;;=   0x000029  local.get $a
;;=   0x00002b  local.get $b
;;=   0x00002d  i32.gt_u
;;=     0035  3b 7d 88                 cmp edi, [rbp - 120]
;;=   0x00002e  select
;;=     0038  be 01 00 00 00           mov esi, 1
;;=     003d  41 b8 02 00 00 00        mov r8d, 2
;;=     0043  44 0f 47 c6              cmova r8d, esi
;;=   0x00002f  local.set $b
;;=     0047  44 89 45 88              mov [rbp - 120], r8d
;;=   0x000031  local.get $a
;;=   0x000033  local.get $b
;;=   0x000035  local.get $x
;;=   0x000037  local.get $y
;;=   0x000039  f64.eq
;;=     004b  c5 fb 10 45 90           vmovsd xmm0, qword [rbp - 112]
;;=     0050  c5 f9 2e 45 98           vucomisd xmm0, qword [rbp - 104]
;;=   0x00003a  select
;;=     0055  8b f7                    mov esi, edi
;;=     0057  41 0f 4a f0              cmovp esi, r8d
;;=     005b  41 0f 45 f0              cmovne esi, r8d
;;=   0x00003b  local.set $a
;;=     005f  89 75 80                 mov [rbp - 128], esi
;;=   0x00003d  local.get $x
;;=   0x00003f  local.get $y
;;=   0x000041  local.get $x
;;=   0x000043  local.get $y
;;=   0x000045  f64.lt
;;=     0062  c5 fb 10 4d 98           vmovsd xmm1, qword [rbp - 104]
;;=     0067  c5 f9 2e c8              vucomisd xmm1, xmm0
;;=   0x000046  select
;;=     006b  c5 f8 28 d1              vmovaps xmm2, xmm1
;;=     006f  76 04                    jbe 0x75
;;=     0071  c5 f8 28 d0              vmovaps xmm2, xmm0
;;=   0x000047  end
;;=     0075: zero-extended esi r8d
;;=     0075  c5 fb 11 55 80           vmovsd qword [rbp - 128], xmm2
;;=     007a  41 ff 36                 push qword [r14]
;;=     007d  49 83 c6 08              add r14, 8
;;=     0081  c3                       ret
;;=   0x00001b  no room for the frame
;;=     0082:
;;=     0082  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001b  stop at the entry
;;=     0088:
;;=     0088  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     008e  e9 92 ff ff ff           jmp 0x25
;;=
;;= 147 bytes of code, 0 behind it; a frame of 8 slots
