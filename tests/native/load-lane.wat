;;! weft inspect --native LOAD_LANE %
;; vectors: operands that are locals
(module
  (memory 1)
  (func $LOAD_LANE (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rv v128)
    (local.set $rv (v128.load8_lane offset=16 1 (local.get $i0) (local.get $v0)))
    (local.set $rv (v128.load16_lane offset=16 1 (local.get $i0) (local.get $v0)))
    (local.set $rv (v128.load32_lane offset=16 1 (local.get $i0) (local.get $v0)))
    (local.set $rv (v128.load64_lane offset=16 1 (local.get $i0) (local.get $v0)))))
;;=
;;= func $LOAD_LANE (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rv v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 38 00 00 00     lea r11, [rbp + 56]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 61 00 00 00        ja 0x78
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 59 00 00 00        jne 0x7e
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000025  local.get $i0
;;=   0x000027  local.get $v0
;;=   0x000029  v128.load8_lane offset=16 1
;;=     0035  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     003a  8b 75 80                 mov esi, [rbp - 128]
;;=     003d  c4 e3 79 20 4c 33 10 01  vpinsrb xmm1, xmm0, byte [rbx + rsi + 16], 1
;;=   0x00002e  local.set $rv
;;=     0045  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000030  local.get $i0
;;=   0x000032  local.get $v0
;;=   0x000034  v128.load16_lane offset=16 1
;;=     004a  c5 f9 c4 54 33 10 01     vpinsrw xmm2, xmm0, word [rbx + rsi + 16], 1
;;=   0x000039  local.set $rv
;;=     0051  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x00003b  local.get $i0
;;=   0x00003d  local.get $v0
;;=   0x00003f  v128.load32_lane offset=16 1
;;=     0056  c4 e3 79 22 4c 33 10 01  vpinsrd xmm1, xmm0, dword [rbx + rsi + 16], 1
;;=   0x000044  local.set $rv
;;=     005e  c5 f8 11 4d d0           vmovups [rbp - 48], xmm1
;;=   0x000046  local.get $i0
;;=   0x000048  local.get $v0
;;=   0x00004a  v128.load64_lane offset=16 1
;;=     0063  c4 e3 f9 22 54 33 10 01  vpinsrq xmm2, xmm0, qword [rbx + rsi + 16], 1
;;=   0x00004f  local.set $rv
;;=     006b  c5 f8 11 55 d0           vmovups [rbp - 48], xmm2
;;=   0x000051  end
;;=     0070  41 ff 36                 push qword [r14]
;;=     0073  49 83 c6 08              add r14, 8
;;=     0077  c3                       ret
;;=   0x000022  no room for the frame
;;=     0078:
;;=     0078  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000022  stop at the entry
;;=     007e:
;;=     007e  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0084  e9 9c ff ff ff           jmp 0x25
;;=
;;= 137 bytes of code, 0 behind it; a frame of 15 slots
