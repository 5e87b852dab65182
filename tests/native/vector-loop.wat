;;! weft inspect --native saxpy %
;; vectors that live in registers in a loop
(module
  (memory 1)
  (func $saxpy (param $x i32) (param $y i32) (param $n i32) (param $a f32) (result f32) (local $factor v128) (local $sum v128)
    (local.set $factor (f32x4.splat (local.get $a)))
    (loop $on
      (local.set $sum
        (f32x4.add (local.get $sum) (f32x4.mul (local.get $factor) (v128.load (local.get $x)))))
      (v128.store (local.get $y) (local.get $sum))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $y (i32.add (local.get $y) (i32.const 16)))
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (f32x4.extract_lane 3 (local.get $sum))))
;;=
;;= func $saxpy (;0;) (type 0) (param $x i32) (param $y i32) (param $n i32) (param $a f32) (result f32)
;;=     (local $factor v128) (local $sum v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 a1 00 00 00        ja 0xb8
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 99 00 00 00        jne 0xbe
;;=     0025:
;;=     0025  48 c7 45 a0 00 00 00 00  mov qword [rbp - 96], 0
;;=     002d  48 c7 45 a8 00 00 00 00  mov qword [rbp - 88], 0
;;=     0035  48 c7 45 b0 00 00 00 00  mov qword [rbp - 80], 0
;;=     003d  48 c7 45 b8 00 00 00 00  mov qword [rbp - 72], 0
;;=   0x000023  local.get $a
;;=   0x000025  f32x4.splat
;;=     0045  c4 e2 79 18 45 98        vbroadcastss xmm0, dword [rbp - 104]
;;=   0x000027  local.set $factor
;;=     004b  c5 f8 11 45 a0           vmovups [rbp - 96], xmm0
;;=   0x000029  loop $on
;;=     0050  8b 75 80                 mov esi, [rbp - 128]
;;=     0053  8b 7d 88                 mov edi, [rbp - 120]
;;=     0056  c5 f8 10 7d b0           vmovups xmm7, [rbp - 80]
;;=     005b  44 8b 45 90              mov r8d, [rbp - 112]
;;=     005f  c5 78 10 45 a0           vmovups xmm8, [rbp - 96]
;;=     0064: zero-extended esi edi r8d
;;=     0064  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     0068  41 83 3b 00              cmp dword [r11], 0
;;=     006c  0f 85 57 00 00 00        jne 0xc9
;;=   0x00002b    local.get $sum
;;=   0x00002d    local.get $factor
;;=   0x00002f    local.get $x
;;=   0x000031    v128.load
;;=     0072: zero-extended esi edi r8d
;;=     0072  c5 f8 10 04 33           vmovups xmm0, [rbx + rsi]
;;=   0x000035    f32x4.mul
;;=     0077  c5 b8 59 c8              vmulps xmm1, xmm8, xmm0
;;=   0x000038    f32x4.add
;;=     007b  c5 c0 58 f9              vaddps xmm7, xmm7, xmm1
;;=   0x00003b    local.set $sum
;;=   0x00003d    local.get $y
;;=   0x00003f    local.get $sum
;;=   0x000041    v128.store
;;=     007f  c5 f8 11 3c 3b           vmovups [rbx + rdi], xmm7
;;=   0x000045    local.get $x
;;=   0x000047    i32.const 16
;;=   0x000049    i32.add
;;=     0084  83 c6 10                 add esi, 16
;;=   0x00004a    local.set $x
;;=   0x00004c    local.get $y
;;=   0x00004e    i32.const 16
;;=   0x000050    i32.add
;;=     0087  83 c7 10                 add edi, 16
;;=   0x000051    local.set $y
;;=   0x000053    local.get $n
;;=   0x000055    i32.const 1
;;=   0x000057    i32.sub
;;=     008a  41 83 c0 ff              add r8d, -1
;;=   0x000058    local.tee $n
;;=   0x00005a    br_if $on
;;=     008e  45 85 c0                 test r8d, r8d
;;=     0091  0f 85 cd ff ff ff        jne 0x64
;;=   0x00005c  end
;;=     0097  89 75 80                 mov [rbp - 128], esi
;;=     009a  89 7d 88                 mov [rbp - 120], edi
;;=     009d  c5 f8 11 7d b0           vmovups [rbp - 80], xmm7
;;=     00a2  44 89 45 90              mov [rbp - 112], r8d
;;=   0x00005d  local.get $sum
;;=   0x00005f  f32x4.extract_lane 3
;;=     00a6  c5 fa 10 45 bc           vmovss xmm0, dword [rbp - 68]
;;=   0x000062  end
;;=     00ab  c5 fb 11 45 80           vmovsd qword [rbp - 128], xmm0
;;=     00b0  41 ff 36                 push qword [r14]
;;=     00b3  49 83 c6 08              add r14, 8
;;=     00b7  c3                       ret
;;=   0x000020  no room for the frame
;;=     00b8:
;;=     00b8  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000020  stop at the entry
;;=     00be:
;;=     00be  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00c4  e9 5c ff ff ff           jmp 0x25
;;=   0x000029  stop in the loop
;;=     00c9: zero-extended esi edi r8d
;;=     00c9  89 75 80                 mov [rbp - 128], esi
;;=     00cc  89 7d 88                 mov [rbp - 120], edi
;;=     00cf  c5 f8 11 7d b0           vmovups [rbp - 80], xmm7
;;=     00d4  44 89 45 90              mov [rbp - 112], r8d
;;=     00d8  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00de  8b 75 80                 mov esi, [rbp - 128]
;;=     00e1  8b 7d 88                 mov edi, [rbp - 120]
;;=     00e4  c5 f8 10 7d b0           vmovups xmm7, [rbp - 80]
;;=     00e9  44 8b 45 90              mov r8d, [rbp - 112]
;;=     00ed  c5 78 10 45 a0           vmovups xmm8, [rbp - 96]
;;=     00f2  e9 7b ff ff ff           jmp 0x72
;;=
;;= 247 bytes of code, 0 behind it; a frame of 14 slots
