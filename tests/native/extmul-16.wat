;;! weft inspect --native EXTMUL_16 %
;; vectors: operands that are locals, or on the stack
(module
  (func $EXTMUL_16 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i32x4.extmul_low_i16x8_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.extmul_high_i16x8_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.extmul_low_i16x8_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i32x4.extmul_high_i16x8_u (local.get $v0) (local.get $v1)))
    (local.set $v0 (i32x4.extmul_low_i16x8_s (v128.not (local.get $v0)) (v128.not (local.get $v1))))))
;;=
;;= func $EXTMUL_16 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 40 00 00 00     lea r11, [rbp + 64]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 9b 00 00 00        ja 0xb2
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 93 00 00 00        jne 0xb8
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $v1
;;=   0x000024  i32x4.extmul_low_i16x8_s
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 79 d5 7d b0           vpmullw xmm15, xmm0, [rbp - 80]
;;=     003f  c5 f9 e5 4d b0           vpmulhw xmm1, xmm0, [rbp - 80]
;;=     0044  c5 81 61 d1              vpunpcklwd xmm2, xmm15, xmm1
;;=   0x000027  local.set $rv
;;=     0048  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000029  local.get $v0
;;=   0x00002b  local.get $v1
;;=   0x00002d  i32x4.extmul_high_i16x8_s
;;=     004d  c5 79 d5 7d b0           vpmullw xmm15, xmm0, [rbp - 80]
;;=     0052  c5 f9 e5 4d b0           vpmulhw xmm1, xmm0, [rbp - 80]
;;=     0057  c5 81 69 d9              vpunpckhwd xmm3, xmm15, xmm1
;;=   0x000030  local.set $rv
;;=     005b  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000032  local.get $v0
;;=   0x000034  local.get $v1
;;=   0x000036  i32x4.extmul_low_i16x8_u
;;=     0060  c5 79 d5 7d b0           vpmullw xmm15, xmm0, [rbp - 80]
;;=     0065  c5 f9 e4 4d b0           vpmulhuw xmm1, xmm0, [rbp - 80]
;;=     006a  c5 81 61 d1              vpunpcklwd xmm2, xmm15, xmm1
;;=   0x000039  local.set $rv
;;=     006e  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x00003b  local.get $v0
;;=   0x00003d  local.get $v1
;;=   0x00003f  i32x4.extmul_high_i16x8_u
;;=     0073  c5 79 d5 7d b0           vpmullw xmm15, xmm0, [rbp - 80]
;;=     0078  c5 f9 e4 4d b0           vpmulhuw xmm1, xmm0, [rbp - 80]
;;=     007d  c5 81 69 d9              vpunpckhwd xmm3, xmm15, xmm1
;;=   0x000042  local.set $rv
;;=     0081  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000044  local.get $v0
;;=   0x000046  v128.not
;;=     0086  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     008b  c5 81 ef c8              vpxor xmm1, xmm15, xmm0
;;=   0x000048  local.get $v1
;;=   0x00004a  v128.not
;;=     008f  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0094  c5 81 ef 55 b0           vpxor xmm2, xmm15, [rbp - 80]
;;=   0x00004c  i32x4.extmul_low_i16x8_s
;;=     0099  c5 71 d5 fa              vpmullw xmm15, xmm1, xmm2
;;=     009d  c5 f1 e5 e2              vpmulhw xmm4, xmm1, xmm2
;;=     00a1  c5 81 61 cc              vpunpcklwd xmm1, xmm15, xmm4
;;=   0x00004f  local.set $v0
;;=     00a5  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x000051  end
;;=     00aa  41 ff 36                 push qword [r14]
;;=     00ad  49 83 c6 08              add r14, 8
;;=     00b1  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00b2:
;;=     00b2  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00b8:
;;=     00b8  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00be  e9 62 ff ff ff           jmp 0x25
;;=
;;= 195 bytes of code, 0 behind it; a frame of 16 slots
