;;! weft inspect --native MUL_64 %
;; vectors: operands that are locals, or on the stack
(module
  (func $MUL_64 (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i64x2.mul (local.get $v0) (local.get $v1)))
    (local.set $v0 (i64x2.mul (v128.not (local.get $v0)) (v128.not (local.get $v1))))))
;;=
;;= func $MUL_64 (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 40 00 00 00     lea r11, [rbp + 64]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 96 00 00 00        ja 0xad
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 8e 00 00 00        jne 0xb3
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $v1
;;=   0x000024  i64x2.mul
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 f8 10 4d b0           vmovups xmm1, [rbp - 80]
;;=     003f  c5 81 73 d0 20           vpsrlq xmm15, xmm0, 32
;;=     0044  c5 01 f4 f9              vpmuludq xmm15, xmm15, xmm1
;;=     0048  c5 e9 73 d1 20           vpsrlq xmm2, xmm1, 32
;;=     004d  c5 e9 f4 d0              vpmuludq xmm2, xmm2, xmm0
;;=     0051  c5 01 d4 fa              vpaddq xmm15, xmm15, xmm2
;;=     0055  c4 c1 01 73 f7 20        vpsllq xmm15, xmm15, 32
;;=     005b  c5 f9 f4 d9              vpmuludq xmm3, xmm0, xmm1
;;=     005f  c4 c1 61 d4 df           vpaddq xmm3, xmm3, xmm15
;;=   0x000027  local.set $rv
;;=     0064  c5 f8 11 5d d0           vmovups [rbp - 48], xmm3
;;=   0x000029  local.get $v0
;;=   0x00002b  v128.not
;;=     0069  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     006e  c5 81 ef d0              vpxor xmm2, xmm15, xmm0
;;=   0x00002d  local.get $v1
;;=   0x00002f  v128.not
;;=     0072  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0077  c5 81 ef e1              vpxor xmm4, xmm15, xmm1
;;=   0x000031  i64x2.mul
;;=     007b  c5 81 73 d2 20           vpsrlq xmm15, xmm2, 32
;;=     0080  c5 01 f4 fc              vpmuludq xmm15, xmm15, xmm4
;;=     0084  c5 d1 73 d4 20           vpsrlq xmm5, xmm4, 32
;;=     0089  c5 d1 f4 ea              vpmuludq xmm5, xmm5, xmm2
;;=     008d  c5 01 d4 fd              vpaddq xmm15, xmm15, xmm5
;;=     0091  c4 c1 01 73 f7 20        vpsllq xmm15, xmm15, 32
;;=     0097  c5 e9 f4 d4              vpmuludq xmm2, xmm2, xmm4
;;=     009b  c4 c1 69 d4 d7           vpaddq xmm2, xmm2, xmm15
;;=   0x000034  local.set $v0
;;=     00a0  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x000036  end
;;=     00a5  41 ff 36                 push qword [r14]
;;=     00a8  49 83 c6 08              add r14, 8
;;=     00ac  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00ad:
;;=     00ad  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00b3:
;;=     00b3  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00b9  e9 67 ff ff ff           jmp 0x25
;;=
;;= 190 bytes of code, 0 behind it; a frame of 16 slots
