;;! weft inspect --native VSTORE %
;; vectors: operands that are locals
(module
  (memory 1)
  (func $VSTORE (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
    (v128.store offset=16 (local.get $i0) (local.get $v0))))
;;=
;;= func $VSTORE (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 28 00 00 00     lea r11, [rbp + 40]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 24 00 00 00        ja 0x3b
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 1c 00 00 00        jne 0x41
;;=   0x000023  local.get $i0
;;=   0x000025  local.get $v0
;;=   0x000027  v128.store offset=16
;;=     0025:
;;=     0025  c5 f8 10 45 a0           vmovups xmm0, [rbp - 96]
;;=     002a  8b 75 80                 mov esi, [rbp - 128]
;;=     002d  c5 f8 11 44 33 10        vmovups [rbx + rsi + 16], xmm0
;;=   0x00002b  end
;;=     0033  41 ff 36                 push qword [r14]
;;=     0036  49 83 c6 08              add r14, 8
;;=     003a  c3                       ret
;;=   0x000022  no room for the frame
;;=     003b:
;;=     003b  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000022  stop at the entry
;;=     0041:
;;=     0041  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0047  e9 d9 ff ff ff           jmp 0x25
;;=
;;= 76 bytes of code, 0 behind it; a frame of 13 slots
