;;! weft inspect --native LANES_CMP %
;; vectors: operands that are locals, or on the stack
(module
  (func $LANES_CMP (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (f32x4.eq (local.get $v0) (local.get $v1)))
    (local.set $rv (f32x4.ne (local.get $v0) (local.get $v1)))
    (local.set $rv (f32x4.lt (local.get $v0) (local.get $v1)))
    (local.set $rv (f32x4.gt (local.get $v0) (local.get $v1)))
    (local.set $rv (f32x4.le (local.get $v0) (local.get $v1)))
    (local.set $rv (f32x4.ge (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.eq (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.ne (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.lt (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.gt (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.le (local.get $v0) (local.get $v1)))
    (local.set $rv (f64x2.ge (local.get $v0) (local.get $v1)))
    (local.set $v0 (f32x4.eq (v128.not (local.get $v0)) (v128.not (local.get $v1))))))
;;=
;;= func $LANES_CMP (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 40 00 00 00     lea r11, [rbp + 64]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 cc 00 00 00        ja 0xe3
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 c4 00 00 00        jne 0xe9
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  local.get $v1
;;=   0x000024  f32x4.eq
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  c5 f8 c2 4d b0 00        vcmpps xmm1, xmm0, [rbp - 80], 0
;;=   0x000026  local.set $rv
;;=     0040  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000028  local.get $v0
;;=   0x00002a  local.get $v1
;;=   0x00002c  f32x4.ne
;;=     0045  c5 f8 c2 55 b0 04        vcmpps xmm2, xmm0, [rbp - 80], 4
;;=   0x00002e  local.set $rv
;;=     004b  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000030  local.get $v0
;;=   0x000032  local.get $v1
;;=   0x000034  f32x4.lt
;;=     0050  c5 f8 c2 4d b0 11        vcmpps xmm1, xmm0, [rbp - 80], 17
;;=   0x000036  local.set $rv
;;=     0056  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000038  local.get $v0
;;=   0x00003a  local.get $v1
;;=   0x00003c  f32x4.gt
;;=     005b  c5 f8 c2 55 b0 1e        vcmpps xmm2, xmm0, [rbp - 80], 30
;;=   0x00003e  local.set $rv
;;=     0061  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000040  local.get $v0
;;=   0x000042  local.get $v1
;;=   0x000044  f32x4.le
;;=     0066  c5 f8 c2 4d b0 12        vcmpps xmm1, xmm0, [rbp - 80], 18
;;=   0x000046  local.set $rv
;;=     006c  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000048  local.get $v0
;;=   0x00004a  local.get $v1
;;=   0x00004c  f32x4.ge
;;=     0071  c5 f8 c2 55 b0 1d        vcmpps xmm2, xmm0, [rbp - 80], 29
;;=   0x00004e  local.set $rv
;;=     0077  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000050  local.get $v0
;;=   0x000052  local.get $v1
;;=   0x000054  f64x2.eq
;;=     007c  c5 f9 c2 4d b0 00        vcmppd xmm1, xmm0, [rbp - 80], 0
;;=   0x000056  local.set $rv
;;=     0082  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000058  local.get $v0
;;=   0x00005a  local.get $v1
;;=   0x00005c  f64x2.ne
;;=     0087  c5 f9 c2 55 b0 04        vcmppd xmm2, xmm0, [rbp - 80], 4
;;=   0x00005e  local.set $rv
;;=     008d  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000060  local.get $v0
;;=   0x000062  local.get $v1
;;=   0x000064  f64x2.lt
;;=     0092  c5 f9 c2 4d b0 11        vcmppd xmm1, xmm0, [rbp - 80], 17
;;=   0x000066  local.set $rv
;;=     0098  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000068  local.get $v0
;;=   0x00006a  local.get $v1
;;=   0x00006c  f64x2.gt
;;=     009d  c5 f9 c2 55 b0 1e        vcmppd xmm2, xmm0, [rbp - 80], 30
;;=   0x00006e  local.set $rv
;;=     00a3  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000070  local.get $v0
;;=   0x000072  local.get $v1
;;=   0x000074  f64x2.le
;;=     00a8  c5 f9 c2 4d b0 12        vcmppd xmm1, xmm0, [rbp - 80], 18
;;=   0x000076  local.set $rv
;;=     00ae  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000078  local.get $v0
;;=   0x00007a  local.get $v1
;;=   0x00007c  f64x2.ge
;;=     00b3  c5 f9 c2 55 b0 1d        vcmppd xmm2, xmm0, [rbp - 80], 29
;;=   0x00007e  local.set $rv
;;=     00b9  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000080  local.get $v0
;;=   0x000082  v128.not
;;=     00be  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00c3  c5 81 ef c8              vpxor xmm1, xmm15, xmm0
;;=   0x000084  local.get $v1
;;=   0x000086  v128.not
;;=     00c7  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     00cc  c5 81 ef 5d b0           vpxor xmm3, xmm15, [rbp - 80]
;;=   0x000088  f32x4.eq
;;=     00d1  c5 f0 c2 cb 00           vcmpps xmm1, xmm1, xmm3, 0
;;=   0x00008a  local.set $v0
;;=     00d6  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x00008c  end
;;=     00db  41 ff 36                 push qword [r14]
;;=     00de  49 83 c6 08              add r14, 8
;;=     00e2  c3                       ret
;;=   0x00001d  no room for the frame
;;=     00e3:
;;=     00e3  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     00e9:
;;=     00e9  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00ef  e9 31 ff ff ff           jmp 0x25
;;=
;;= 244 bytes of code, 0 behind it; a frame of 16 slots
