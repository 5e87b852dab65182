;;! weft inspect --native EXTRACT_FLOAT %
;; vectors: operands that are locals
(module
  (func $EXTRACT_FLOAT (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128) (local $rf f32) (local $rd f64)
    (local.set $rf (f32x4.extract_lane 1 (local.get $v0)))
    (local.set $rd (f64x2.extract_lane 1 (local.get $v0)))))
;;=
;;= func $EXTRACT_FLOAT (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (param $v0 v128) (param $v1 v128) (param $v2 v128)
;;=     (local $rf f32) (local $rd f64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 30 00 00 00     lea r11, [rbp + 48]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 3a 00 00 00        ja 0x51
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 32 00 00 00        jne 0x57
;;=     0025:
;;=     0025  48 c7 45 d0 00 00 00 00  mov qword [rbp - 48], 0
;;=     002d  48 c7 45 d8 00 00 00 00  mov qword [rbp - 40], 0
;;=   0x000022  local.get $v0
;;=   0x000024  f32x4.extract_lane 1
;;=     0035  c5 fa 10 45 a4           vmovss xmm0, dword [rbp - 92]
;;=   0x000027  local.set $rf
;;=     003a  c5 fa 11 45 d0           vmovss dword [rbp - 48], xmm0
;;=   0x000029  local.get $v0
;;=   0x00002b  f64x2.extract_lane 1
;;=     003f  c5 fb 10 4d a8           vmovsd xmm1, qword [rbp - 88]
;;=   0x00002e  local.set $rd
;;=     0044  c5 fb 11 4d d8           vmovsd qword [rbp - 40], xmm1
;;=   0x000030  end
;;=     0049  41 ff 36                 push qword [r14]
;;=     004c  49 83 c6 08              add r14, 8
;;=     0050  c3                       ret
;;=   0x00001d  no room for the frame
;;=     0051:
;;=     0051  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001d  stop at the entry
;;=     0057:
;;=     0057  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     005d  e9 c3 ff ff ff           jmp 0x25
;;=
;;= 98 bytes of code, 0 behind it; a frame of 14 slots
