;;! weft inspect --native STORE_LANE %
;; vectors: operands that are locals
(module
  (memory 1)
  (func $STORE_LANE (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
    (v128.store8_lane offset=16 1 (local.get $i0) (local.get $v0))
    (v128.store16_lane offset=16 1 (local.get $i0) (local.get $v0))
    (v128.store32_lane offset=16 1 (local.get $i0) (local.get $v0))
    (v128.store64_lane offset=16 1 (local.get $i0) (local.get $v0))))
;;=
;;= func $STORE_LANE (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 28 00 00 00     lea r11, [rbp + 40]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 3e 00 00 00        ja 0x55
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 36 00 00 00        jne 0x5b
;;=   0x000023  local.get $i0
;;=   0x000025  local.get $v0
;;=   0x000027  v128.store8_lane offset=16 1
;;=     0025:
;;=     0025  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     002a  8b 75 80                 mov esi, [rbp - 128]
;;=     002d  c4 e3 79 14 44 33 10 01  vpextrb byte [rbx + rsi + 16], xmm0, 1
;;=   0x00002c  local.get $i0
;;=   0x00002e  local.get $v0
;;=   0x000030  v128.store16_lane offset=16 1
;;=     0035  c4 e3 79 15 44 33 10 01  vpextrw word [rbx + rsi + 16], xmm0, 1
;;=   0x000035  local.get $i0
;;=   0x000037  local.get $v0
;;=   0x000039  v128.store32_lane offset=16 1
;;=     003d  c4 e3 79 16 44 33 10 01  vpextrd dword [rbx + rsi + 16], xmm0, 1
;;=   0x00003e  local.get $i0
;;=   0x000040  local.get $v0
;;=   0x000042  v128.store64_lane offset=16 1
;;=     0045  c4 e3 f9 16 44 33 10 01  vpextrq qword [rbx + rsi + 16], xmm0, 1
;;=   0x000047  end
;;=     004d  41 ff 36                 push qword [r14]
;;=     0050  49 83 c6 08              add r14, 8
;;=     0054  c3                       ret
;;=   0x000022  no room for the frame
;;=     0055:
;;=     0055  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000022  stop at the entry
;;=     005b:
;;=     005b  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0061  e9 bf ff ff ff           jmp 0x25
;;=
;;= 102 bytes of code, 0 behind it; a frame of 13 slots
