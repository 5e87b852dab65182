;;! weft inspect --native SPLAT %
;; vectors: operands that are locals
(module
  (func $SPLAT (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (i8x16.splat (local.get $i0)))
    (local.set $rv (i16x8.splat (local.get $i0)))
    (local.set $rv (i32x4.splat (local.get $i0)))
    (local.set $rv (i64x2.splat (local.get $l0)))
    (local.set $rv (f32x4.splat (local.get $f0)))
    (local.set $rv (f64x2.splat (local.get $d0)))))
;;=
;;= func $SPLAT (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 67 00 00 00        ja 0x7e
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 5f 00 00 00        jne 0x84
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000020  local.get $i0
;;=   0x000022  i8x16.splat
;;=     0035  c4 e2 79 78 45 80        vpbroadcastb xmm0, byte [rbp - 128]
;;=   0x000024  local.set $rv
;;=     003b  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000026  local.get $i0
;;=   0x000028  i16x8.splat
;;=     0040  c4 e2 79 79 4d 80        vpbroadcastw xmm1, word [rbp - 128]
;;=   0x00002a  local.set $rv
;;=     0046  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x00002c  local.get $i0
;;=   0x00002e  i32x4.splat
;;=     004b  c4 e2 79 58 45 80        vpbroadcastd xmm0, dword [rbp - 128]
;;=   0x000030  local.set $rv
;;=     0051  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x000032  local.get $l0
;;=   0x000034  i64x2.splat
;;=     0056  c4 e2 79 59 4d 88        vpbroadcastq xmm1, qword [rbp - 120]
;;=   0x000036  local.set $rv
;;=     005c  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000038  local.get $f0
;;=   0x00003a  f32x4.splat
;;=     0061  c4 e2 79 18 45 90        vbroadcastss xmm0, dword [rbp - 112]
;;=   0x00003c  local.set $rv
;;=     0067  c5 f8 11 45 d0           vmovups [rbp - 48], xmm0
;;=   0x00003e  local.get $d0
;;=   0x000040  f64x2.splat
;;=     006c  c5 fb 12 4d 98           vmovddup xmm1, qword [rbp - 104]
;;=   0x000042  local.set $rv
;;=     0071  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000044  end
;;=     0076  41 ff 36                 push qword [r14]
;;=     0079  49 83 c6 08              add r14, 8
;;=     007d  c3                       ret
;;=   0x00001d  no room for the frame
;;=     007e:
;;=     007e  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0084:
;;=     0084  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     008a  e9 96 ff ff ff           jmp 0x25
;;=
;;= 143 bytes of code, 0 behind it; a frame of 14 slots
