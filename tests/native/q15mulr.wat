;;! weft inspect --native Q15MULR %
;; vectors: operands that are locals, or on the stack
(module
  (func $Q15MULR (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i16x8.q15mulr_sat_s (local.get $v0) (local.get $v1)))
    (local.set $rv (i16x8.relaxed_q15mulr_s (local.get $v0) (local.get $v1)))
    (local.set $v0 (i16x8.q15mulr_sat_s (v128.not (local.get $v0)) (v128.not (local.get $v1))))))
;;=
;;= func $Q15MULR (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 40 00 00 00     lea r11, [rbp + 64]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 85 00 00 00        ja 0x9c
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 7d 00 00 00        jne 0xa2
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $v1
;;=   0x000024  i16x8.q15mulr_sat_s
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c4 62 79 0b 7d b0        vpmulhrsw xmm15, xmm0, [rbp - 80]
;;=     0040  c5 81 75 0d 68 00 00 00  vpcmpeqw xmm1, xmm15, [rip + 104]
;;=     0048  c4 c1 71 ef cf           vpxor xmm1, xmm1, xmm15
;;=   0x000027  local.set $rv
;;=     004d  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000029  local.get $v0
;;=   0x00002b  local.get $v1
;;=   0x00002d  i16x8.relaxed_q15mulr_s
;;=     0052  c4 62 79 0b 7d b0        vpmulhrsw xmm15, xmm0, [rbp - 80]
;;=     0058  c5 81 75 15 50 00 00 00  vpcmpeqw xmm2, xmm15, [rip + 80]
;;=     0060  c4 c1 69 ef d7           vpxor xmm2, xmm2, xmm15
;;=   0x000030  local.set $rv
;;=     0065  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000032  local.get $v0
;;=   0x000034  v128.not
;;=     006a  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     006f  c5 81 ef c8              vpxor xmm1, xmm15, xmm0
;;=   0x000036  local.get $v1
;;=   0x000038  v128.not
;;=     0073  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0078  c5 81 ef 5d b0           vpxor xmm3, xmm15, [rbp - 80]
;;=   0x00003a  i16x8.q15mulr_sat_s
;;=     007d  c4 62 71 0b fb           vpmulhrsw xmm15, xmm1, xmm3
;;=     0082  c5 81 75 0d 26 00 00 00  vpcmpeqw xmm1, xmm15, [rip + 38]
;;=     008a  c4 c1 71 ef cf           vpxor xmm1, xmm1, xmm15
;;=   0x00003d  local.set $v0
;;=     008f  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x00003f  end
;;=     0094  41 ff 36                 push qword [r14]
;;=     0097  49 83 c6 08              add r14, 8
;;=     009b  c3                       ret
;;=   0x00001d  no room for the frame
;;=     009c:
;;=     009c  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00a2:
;;=     00a2  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00a8  e9 78 ff ff ff           jmp 0x25
;;=   constants
;;=     00b0  00 80 00 80 00 80 00 80
;;=     00b8  00 80 00 80 00 80 00 80
;;=
;;= 173 bytes of code, 19 behind it; a frame of 16 slots
