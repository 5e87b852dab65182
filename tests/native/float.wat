;;! weft inspect --native FLOAT %
;; sums, products and quotients of floats, and constants of them
(module
  (func $FLOAT (param $f0 f32) (param $f1 f32) (param $d0 f64) (param $d1 f64) (local $rf f32) (local $rd f64)
    (local.set $rf (f32.add (local.get $f0) (local.get $f1)))
    (local.set $rf (f32.mul (local.get $f0) (local.get $f1)))
    (local.set $rf (f32.sub (local.get $f0) (local.get $f1)))
    (local.set $rf (f32.div (local.get $f0) (local.get $f1)))
    (local.set $rd (f64.add (local.get $d0) (local.get $d1)))
    (local.set $rd (f64.mul (local.get $d0) (local.get $d1)))
    (local.set $rd (f64.sub (local.get $d0) (local.get $d1)))
    (local.set $rd (f64.div (local.get $d0) (local.get $d1)))
    (local.set $rf (f32.add (local.get $f0) (f32.const 1.5)))
    (local.set $rf (f32.add (f32.const 0) (local.get $f1)))
    (local.set $f0 (f32.add (f32.add (local.get $f0) (local.get $f1)) (f32.add (local.get $f1) (local.get $f1))))
    (local.set $rd (f64.add (local.get $d0) (f64.const -2.5)))
    (local.set $rd (f64.add (f64.const 0) (local.get $d1)))
    (local.set $d0 (f64.add (f64.add (local.get $d0) (local.get $d1)) (f64.add (local.get $d1) (local.get $d1))))))
;;=
;;= func $FLOAT (;0;) (type 0) (param $f0 f32) (param $f1 f32) (param $d0 f64) (param $d1 f64)
;;=     (local $rf f32) (local $rd f64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 08 00 00 00     lea r11, [rbp + 8]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 e4 00 00 00        ja 0xfb
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 dc 00 00 00        jne 0x101
;;=     0025:
;;=     0025  48 c7 45 a0 00 00 00 00  mov qword [rbp - 96], 0
;;=     002d  48 c7 45 a8 00 00 00 00  mov qword [rbp - 88], 0
;;=   0x000021  local.get $f0
;;=   0x000023  local.get $f1
;;=   0x000025  f32.add
;;=     0035  c5 fa 10 45 80           vmovss xmm0, dword [rbp - 128]
;;=     003a  c5 fa 58 4d 88           vaddss xmm1, xmm0, dword [rbp - 120]
;;=   0x000026  local.set $rf
;;=     003f  c5 fa 11 4d a0           vmovss dword [rbp - 96], xmm1
;;=   0x000028  local.get $f0
;;=   0x00002a  local.get $f1
;;=   0x00002c  f32.mul
;;=     0044  c5 fa 59 55 88           vmulss xmm2, xmm0, dword [rbp - 120]
;;=   0x00002d  local.set $rf
;;=     0049  c5 fa 11 55 a0           vmovss dword [rbp - 96], xmm2
;;=   0x00002f  local.get $f0
;;=   0x000031  local.get $f1
;;=   0x000033  f32.sub
;;=     004e  c5 fa 5c 4d 88           vsubss xmm1, xmm0, dword [rbp - 120]
;;=   0x000034  local.set $rf
;;=     0053  c5 fa 11 4d a0           vmovss dword [rbp - 96], xmm1
;;=   0x000036  local.get $f0
;;=   0x000038  local.get $f1
;;=   0x00003a  f32.div
;;=     0058  c5 fa 5e 55 88           vdivss xmm2, xmm0, dword [rbp - 120]
;;=   0x00003b  local.set $rf
;;=     005d  c5 fa 11 55 a0           vmovss dword [rbp - 96], xmm2
;;=   0x00003d  local.get $d0
;;=   0x00003f  local.get $d1
;;=   0x000041  f64.add
;;=     0062  c5 fb 10 4d 90           vmovsd xmm1, qword [rbp - 112]
;;=     0067  c5 f3 58 5d 98           vaddsd xmm3, xmm1, qword [rbp - 104]
;;=   0x000042  local.set $rd
;;=     006c  c5 fb 11 5d a8           vmovsd qword [rbp - 88], xmm3
;;=   0x000044  local.get $d0
;;=   0x000046  local.get $d1
;;=   0x000048  f64.mul
;;=     0071  c5 f3 59 65 98           vmulsd xmm4, xmm1, qword [rbp - 104]
;;=   0x000049  local.set $rd
;;=     0076  c5 fb 11 65 a8           vmovsd qword [rbp - 88], xmm4
;;=   0x00004b  local.get $d0
;;=   0x00004d  local.get $d1
;;=   0x00004f  f64.sub
;;=     007b  c5 f3 5c 5d 98           vsubsd xmm3, xmm1, qword [rbp - 104]
;;=   0x000050  local.set $rd
;;=     0080  c5 fb 11 5d a8           vmovsd qword [rbp - 88], xmm3
;;=   0x000052  local.get $d0
;;=   0x000054  local.get $d1
;;=   0x000056  f64.div
;;=     0085  c5 f3 5e 65 98           vdivsd xmm4, xmm1, qword [rbp - 104]
;;=   0x000057  local.set $rd
;;=     008a  c5 fb 11 65 a8           vmovsd qword [rbp - 88], xmm4
;;=   0x000059  local.get $f0
;;=   0x00005b  f32.const 1.5
;;=   0x000060  f32.add
;;=     008f  c5 fa 58 1d 79 00 00 00  vaddss xmm3, xmm0, dword [rip + 121]
;;=   0x000061  local.set $rf
;;=     0097  c5 fa 11 5d a0           vmovss dword [rbp - 96], xmm3
;;=   0x000063  f32.const 0
;;=   0x000068  local.get $f1
;;=   0x00006a  f32.add
;;=     009c  c5 e8 57 d2              vxorps xmm2, xmm2, xmm2
;;=     00a0  c5 ea 58 55 88           vaddss xmm2, xmm2, dword [rbp - 120]
;;=   0x00006b  local.set $rf
;;=     00a5  c5 fa 11 55 a0           vmovss dword [rbp - 96], xmm2
;;=   0x00006d  local.get $f0
;;=   0x00006f  local.get $f1
;;=   0x000071  f32.add
;;=     00aa  c5 fa 58 5d 88           vaddss xmm3, xmm0, dword [rbp - 120]
;;=   0x000072  local.get $f1
;;=   0x000074  local.get $f1
;;=   0x000076  f32.add
;;=     00af  c5 fa 10 6d 88           vmovss xmm5, dword [rbp - 120]
;;=     00b4  c5 d2 58 f5              vaddss xmm6, xmm5, xmm5
;;=   0x000077  f32.add
;;=     00b8  c5 e2 58 de              vaddss xmm3, xmm3, xmm6
;;=   0x000078  local.set $f0
;;=     00bc  c5 fa 11 5d 80           vmovss dword [rbp - 128], xmm3
;;=   0x00007a  local.get $d0
;;=   0x00007c  f64.const -2.5
;;=   0x000085  f64.add
;;=     00c1  c5 f3 58 05 4f 00 00 00  vaddsd xmm0, xmm1, qword [rip + 79]
;;=   0x000086  local.set $rd
;;=     00c9  c5 fb 11 45 a8           vmovsd qword [rbp - 88], xmm0
;;=   0x000088  f64.const 0
;;=   0x000091  local.get $d1
;;=   0x000093  f64.add
;;=     00ce  c5 d8 57 e4              vxorps xmm4, xmm4, xmm4
;;=     00d2  c5 db 58 65 98           vaddsd xmm4, xmm4, qword [rbp - 104]
;;=   0x000094  local.set $rd
;;=     00d7  c5 fb 11 65 a8           vmovsd qword [rbp - 88], xmm4
;;=   0x000096  local.get $d0
;;=   0x000098  local.get $d1
;;=   0x00009a  f64.add
;;=     00dc  c5 f3 58 45 98           vaddsd xmm0, xmm1, qword [rbp - 104]
;;=   0x00009b  local.get $d1
;;=   0x00009d  local.get $d1
;;=   0x00009f  f64.add
;;=     00e1  c5 fb 10 75 98           vmovsd xmm6, qword [rbp - 104]
;;=     00e6  c5 cb 58 fe              vaddsd xmm7, xmm6, xmm6
;;=   0x0000a0  f64.add
;;=     00ea  c5 fb 58 c7              vaddsd xmm0, xmm0, xmm7
;;=   0x0000a1  local.set $d0
;;=     00ee  c5 fb 11 45 90           vmovsd qword [rbp - 112], xmm0
;;=   0x0000a3  end
;;=     00f3  41 ff 36                 push qword [r14]
;;=     00f6  49 83 c6 08              add r14, 8
;;=     00fa  c3                       ret
;;=   0x00001c  no room for the frame
;;=     00fb:
;;=     00fb  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001c  stop at the entry
;;=     0101:
;;=     0101  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0107  e9 19 ff ff ff           jmp 0x25
;;=   constants
;;=     0110  00 00 c0 3f 00 00 00 00
;;=     0118  00 00 00 00 00 00 04 c0
;;=
;;= 268 bytes of code, 20 behind it; a frame of 9 slots
