;;! weft inspect --native EXTMUL_8 %
;; vectors: operands that are locals, or on the stack
(module
  (func $EXTMUL_8 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i16x8.extmul_low_i8x16_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.extmul_high_i8x16_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.extmul_low_i8x16_u (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.extmul_high_i8x16_u (local.get $v0) (local.get $v1)))
    (local.set $v0 (i16x8.extmul_low_i8x16_s (v128.not (local.get $v0)) (v128.not (local.get $v1))))))
;;=
;;= func $EXTMUL_8 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 40 00 00 00     lea r11, [rbp + 64]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 ba 00 00 00        ja 0xd1
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 b2 00 00 00        jne 0xd7
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $v1
;;=   0x000024  i16x8.extmul_low_i8x16_s
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 f8 10 4d b0           vmovups xmm1, [rbp - 80]
;;=     003f  c4 e2 79 20 d0           vpmovsxbw xmm2, xmm0
;;=     0044  c4 62 79 20 f9           vpmovsxbw xmm15, xmm1
;;=     0049  c4 c1 69 d5 df           vpmullw xmm3, xmm2, xmm15
;;=   0x000027  local.set $rv
;;=     004e  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000029  local.get $v0
;;=   0x00002b  local.get $v1
;;=   0x00002d  i16x8.extmul_high_i8x16_s
;;=     0053  c5 79 70 f8 ee           vpshufd xmm15, xmm0, 238
;;=     0058  c4 c2 79 20 d7           vpmovsxbw xmm2, xmm15
;;=     005d  c5 79 70 f9 ee           vpshufd xmm15, xmm1, 238
;;=     0062  c4 42 79 20 ff           vpmovsxbw xmm15, xmm15
;;=     0067  c4 c1 69 d5 e7           vpmullw xmm4, xmm2, xmm15
;;=   0x000030  local.set $rv
;;=     006c  c5 f8 11 65 d0           vmovups [rbp - 48], xmm4
;;=   0x000032  local.get $v0
;;=   0x000034  local.get $v1
;;=   0x000036  i16x8.extmul_low_i8x16_u
;;=     0071  c4 e2 79 30 d0           vpmovzxbw xmm2, xmm0
;;=     0076  c4 62 79 30 f9           vpmovzxbw xmm15, xmm1
;;=     007b  c4 c1 69 d5 df           vpmullw xmm3, xmm2, xmm15
;;=   0x000039  local.set $rv
;;=     0080  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x00003b  local.get $v0
;;=   0x00003d  local.get $v1
;;=   0x00003f  i16x8.extmul_high_i8x16_u
;;=     0085  c5 79 70 f8 ee           vpshufd xmm15, xmm0, 238
;;=     008a  c4 c2 79 30 d7           vpmovzxbw xmm2, xmm15
;;=     008f  c5 79 70 f9 ee           vpshufd xmm15, xmm1, 238
;;=     0094  c4 42 79 30 ff           vpmovzxbw xmm15, xmm15
;;=     0099  c4 c1 69 d5 e7           vpmullw xmm4, xmm2, xmm15
;;=   0x000042  local.set $rv
;;=     009e  c5 f8 11 65 d0           vmovups [rbp - 48], xmm4
;;=   0x000044  local.get $v0
;;=   0x000046  v128.not
;;=     00a3  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00a8  c5 81 ef d0              vpxor xmm2, xmm15, xmm0
;;=   0x000048  local.get $v1
;;=   0x00004a  v128.not
;;=     00ac  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00b1  c5 81 ef d9              vpxor xmm3, xmm15, xmm1
;;=   0x00004c  i16x8.extmul_low_i8x16_s
;;=     00b5  c4 e2 79 20 ea           vpmovsxbw xmm5, xmm2
;;=     00ba  c4 62 79 20 fb           vpmovsxbw xmm15, xmm3
;;=     00bf  c4 c1 51 d5 d7           vpmullw xmm2, xmm5, xmm15
;;=   0x00004f  local.set $v0
;;=     00c4  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x000051  end
;;=     00c9  41 ff 36                 push qword [r14]
;;=     00cc  49 83 c6 08              add r14, 8
;;=     00d0  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00d1:
;;=     00d1  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00d7:
;;=     00d7  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00dd  e9 43 ff ff ff           jmp 0x25
;;=
;;= 226 bytes of code, 0 behind it; a frame of 16 slots
