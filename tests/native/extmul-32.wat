;;! weft inspect --native EXTMUL_32 %
;; vectors: operands that are locals, or on the stack
(module
  (func $EXTMUL_32 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i64x2.extmul_low_i32x4_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i64x2.extmul_high_i32x4_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i64x2.extmul_low_i32x4_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i64x2.extmul_high_i32x4_u (local.get $v0) (local.get $v1)))
    (local.set $v0 (i64x2.extmul_low_i32x4_s (v128.not (local.get $v0)) (v128.not (local.get $v1))))))
;;=
;;= func $EXTMUL_32 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 40 00 00 00     lea r11, [rbp + 64]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 a6 00 00 00        ja 0xbd
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 9e 00 00 00        jne 0xc3
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $v1
;;=   0x000024  i64x2.extmul_low_i32x4_s
;;=     0035  c5 79 70 7d a0 50        vpshufd xmm15, [rbp - 96], 80
;;=     003b  c5 f9 70 45 b0 50        vpshufd xmm0, [rbp - 80], 80
;;=     0041  c4 c2 79 28 cf           vpmuldq xmm1, xmm0, xmm15
;;=   0x000027  local.set $rv
;;=     0046  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000029  local.get $v0
;;=   0x00002b  local.get $v1
;;=   0x00002d  i64x2.extmul_high_i32x4_s
;;=     004b  c5 79 70 7d a0 fa        vpshufd xmm15, [rbp - 96], 250
;;=     0051  c5 f9 70 45 b0 fa        vpshufd xmm0, [rbp - 80], 250
;;=     0057  c4 c2 79 28 d7           vpmuldq xmm2, xmm0, xmm15
;;=   0x000030  local.set $rv
;;=     005c  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000032  local.get $v0
;;=   0x000034  local.get $v1
;;=   0x000036  i64x2.extmul_low_i32x4_u
;;=     0061  c5 79 70 7d a0 50        vpshufd xmm15, [rbp - 96], 80
;;=     0067  c5 f9 70 45 b0 50        vpshufd xmm0, [rbp - 80], 80
;;=     006d  c4 c1 79 f4 cf           vpmuludq xmm1, xmm0, xmm15
;;=   0x000039  local.set $rv
;;=     0072  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00003b  local.get $v0
;;=   0x00003d  local.get $v1
;;=   0x00003f  i64x2.extmul_high_i32x4_u
;;=     0077  c5 79 70 7d a0 fa        vpshufd xmm15, [rbp - 96], 250
;;=     007d  c5 f9 70 45 b0 fa        vpshufd xmm0, [rbp - 80], 250
;;=     0083  c4 c1 79 f4 d7           vpmuludq xmm2, xmm0, xmm15
;;=   0x000042  local.set $rv
;;=     0088  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000044  local.get $v0
;;=   0x000046  v128.not
;;=     008d  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0092  c5 81 ef 45 a0           vpxor xmm0, xmm15, [rbp - 96]
;;=   0x000048  local.get $v1
;;=   0x00004a  v128.not
;;=     0097  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     009c  c5 81 ef 4d b0           vpxor xmm1, xmm15, [rbp - 80]
;;=   0x00004c  i64x2.extmul_low_i32x4_s
;;=     00a1  c5 79 70 f8 50           vpshufd xmm15, xmm0, 80
;;=     00a6  c5 f9 70 d9 50           vpshufd xmm3, xmm1, 80
;;=     00ab  c4 c2 61 28 c7           vpmuldq xmm0, xmm3, xmm15
;;=   0x00004f  local.set $v0
;;=     00b0  c5 f8 11 45 a0           vmovups [rbp - 96], xmm0
;;=   0x000051  end
;;=     00b5  41 ff 36                 push qword [r14]
;;=     00b8  49 83 c6 08              add r14, 8
;;=     00bc  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00bd:
;;=     00bd  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00c3:
;;=     00c3  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00c9  e9 57 ff ff ff           jmp 0x25
;;=
;;= 206 bytes of code, 0 behind it; a frame of 16 slots
