;;! weft inspect --native FROM_ONES %
;; vectors: operands that are locals, or on the stack
(module
  (func $FROM_ONES (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (v128.not (local.get $v0)))
    (local.set $v0 (v128.not (v128.not (local.get $v0))))))
;;=
;;= func $FROM_ONES (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 4d 00 00 00        ja 0x64
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 45 00 00 00        jne 0x6a
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $v0
;;=   0x000022  v128.not
;;=     0035  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     003a  c5 81 ef 45 a0           vpxor xmm0, xmm15, [rbp - 96]
;;=   0x000024  local.set $rv
;;=     003f  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000026  local.get $v0
;;=   0x000028  v128.not
;;=     0044  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0049  c5 81 ef 4d a0           vpxor xmm1, xmm15, [rbp - 96]
;;=   0x00002a  v128.not
;;=     004e  c4 41 01 76 ff           vpcmpeqd xmm15, xmm15, xmm15
;;=     0053  c5 81 ef c9              vpxor xmm1, xmm15, xmm1
;;=   0x00002c  local.set $v0
;;=     0057  c5 f8 11 4d a0           vmovups [rbp - 96], xmm1
;;=   0x00002e  end
;;=     005c  41 ff 36                 push qword [r14]
;;=     005f  49 83 c6 08              add r14, 8
;;=     0063  c3                       ret
;;=   0x00001d  no room for the frame
;;=     0064:
;;=     0064  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     006a:
;;=     006a  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0070  e9 b0 ff ff ff           jmp 0x25
;;=
;;= 117 bytes of code, 0 behind it; a frame of 14 slots
