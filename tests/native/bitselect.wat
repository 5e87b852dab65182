;;! weft inspect --native BITSELECT %
;; vectors: operands that are locals, or on the stack
(module
  (func $BITSELECT (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (v128.bitselect (local.get $v0) (local.get $v1) (local.get $v2)))
    (local.set $rv (i8x16.relaxed_laneselect (local.get $v0) (local.get $v1) (local.get $v2)))
    (local.set $rv (i16x8.relaxed_laneselect (local.get $v0) (local.get $v1) (local.get $v2)))
    (local.set $rv (i32x4.relaxed_laneselect (local.get $v0) (local.get $v1) (local.get $v2)))
    (local.set $rv (i64x2.relaxed_laneselect (local.get $v0) (local.get $v1) (local.get $v2)))
    (local.set $v0 (v128.bitselect (v128.not (local.get $v0)) (v128.not (local.get $v1)) (v128.not (local.get $v2))))))
;;=
;;= func $BITSELECT (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 50 00 00 00     lea r11, [rbp + 80]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 be 00 00 00        ja 0xd5
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 b6 00 00 00        jne 0xdb
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $v1
;;=   0x000024  local.get $v2
;;=   0x000026  v128.bitselect
;;=     0035  c5 f8 10 45 c0           vmovups xmm0, [rbp - 64]
;;=     003a  c5 79 db 7d a0           vpand xmm15, xmm0, [rbp - 96]
;;=     003f  c5 f9 df 4d b0           vpandn xmm1, xmm0, [rbp - 80]
;;=     0044  c4 c1 71 eb cf           vpor xmm1, xmm1, xmm15
;;=   0x000028  local.set $rv
;;=     0049  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00002a  local.get $v0
;;=   0x00002c  local.get $v1
;;=   0x00002e  local.get $v2
;;=   0x000030  i8x16.relaxed_laneselect
;;=     004e  c5 79 db 7d a0           vpand xmm15, xmm0, [rbp - 96]
;;=     0053  c5 f9 df 55 b0           vpandn xmm2, xmm0, [rbp - 80]
;;=     0058  c4 c1 69 eb d7           vpor xmm2, xmm2, xmm15
;;=   0x000033  local.set $rv
;;=     005d  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000035  local.get $v0
;;=   0x000037  local.get $v1
;;=   0x000039  local.get $v2
;;=   0x00003b  i16x8.relaxed_laneselect
;;=     0062  c5 79 db 7d a0           vpand xmm15, xmm0, [rbp - 96]
;;=     0067  c5 f9 df 4d b0           vpandn xmm1, xmm0, [rbp - 80]
;;=     006c  c4 c1 71 eb cf           vpor xmm1, xmm1, xmm15
;;=   0x00003e  local.set $rv
;;=     0071  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000040  local.get $v0
;;=   0x000042  local.get $v1
;;=   0x000044  local.get $v2
;;=   0x000046  i32x4.relaxed_laneselect
;;=     0076  c5 79 db 7d a0           vpand xmm15, xmm0, [rbp - 96]
;;=     007b  c5 f9 df 55 b0           vpandn xmm2, xmm0, [rbp - 80]
;;=     0080  c4 c1 69 eb d7           vpor xmm2, xmm2, xmm15
;;=   0x000049  local.set $rv
;;=     0085  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x00004b  local.get $v0
;;=   0x00004d  local.get $v1
;;=   0x00004f  local.get $v2
;;=   0x000051  i64x2.relaxed_laneselect
;;=     008a  c5 79 db 7d a0           vpand xmm15, xmm0, [rbp - 96]
;;=     008f  c5 f9 df 4d b0           vpandn xmm1, xmm0, [rbp - 80]
;;=     0094  c4 c1 71 eb cf           vpor xmm1, xmm1, xmm15
;;=   0x000054  local.set $rv
;;=     0099  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000056  local.get $v0
;;=   0x000058  v128.not
;;=     009e  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00a3  c5 81 ef 55 a0           vpxor xmm2, xmm15, [rbp - 96]
;;=   0x00005a  local.get $v1
;;=   0x00005c  v128.not
;;=     00a8  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00ad  c5 81 ef 5d b0           vpxor xmm3, xmm15, [rbp - 80]
;;=   0x00005e  local.get $v2
;;=   0x000060  v128.not
;;=     00b2  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00b7  c5 81 ef e0              vpxor xmm4, xmm15, xmm0
;;=   0x000062  v128.bitselect
;;=     00bb  c5 59 db fa              vpand xmm15, xmm4, xmm2
;;=     00bf  c5 d9 df e3              vpandn xmm4, xmm4, xmm3
;;=     00c3  c4 c1 59 eb e7           vpor xmm4, xmm4, xmm15
;;=   0x000064  local.set $v0
;;=     00c8  c5 f8 11 65 a0           vmovups [rbp - 96], xmm4
;;=   0x000066  end
;;=     00cd  41 ff 36                 push qword [r14]
;;=     00d0  49 83 c6 08              add r14, 8
;;=     00d4  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00d5:
;;=     00d5  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00db:
;;=     00db  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00e1  e9 3f ff ff ff           jmp 0x25
;;=
;;= 230 bytes of code, 0 behind it; a frame of 18 slots
