;;! weft inspect --native REINTERPRET %
;; the same bits as another type
(module
  (func $REINTERPRET (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64) (local $ri i32) (local $rl i64) (local $rf f32) (local $rd f64)
    (local.set $ri (i32.reinterpret_f32 (local.get $f0)))
    (local.set $rl (i64.reinterpret_f64 (local.get $d0)))
    (local.set $rf (f32.reinterpret_i32 (local.get $i0)))
    (local.set $rd (f64.reinterpret_i64 (local.get $l0)))))
;;=
;;= func $REINTERPRET (;0;) (type 0) (param $i0 i32) (param $l0 i64) (param $f0 f32) (param $d0 f64)
;;=     (local $ri i32) (local $rl i64) (local $rf f32) (local $rd f64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 08 00 00 00     lea r11, [rbp + 8]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 58 00 00 00        ja 0x6f
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 50 00 00 00        jne 0x75
;;=     0025:
;;=     0025  48 c7 45 a0 00 00 00 00  mov qword [rbp - 96], 0
;;=     002d  48 c7 45 a8 00 00 00 00  mov qword [rbp - 88], 0
;;=     0035  48 c7 45 b0 00 00 00 00  mov qword [rbp - 80], 0
;;=     003d  48 c7 45 b8 00 00 00 00  mov qword [rbp - 72], 0
;;=   0x000023  local.get $f0
;;=   0x000025  i32.reinterpret_f32
;;=     0045  8b 75 90                 mov esi, [rbp - 112]
;;=   0x000026  local.set $ri
;;=     0048  89 75 a0                 mov [rbp - 96], esi
;;=   0x000028  local.get $d0
;;=   0x00002a  i64.reinterpret_f64
;;=     004b  48 8b 7d 98              mov rdi, [rbp - 104]
;;=   0x00002b  local.set $rl
;;=     004f  48 89 7d a8              mov [rbp - 88], rdi
;;=   0x00002d  local.get $i0
;;=   0x00002f  f32.reinterpret_i32
;;=     0053  c5 fa 10 45 80           vmovss xmm0, dword [rbp - 128]
;;=   0x000030  local.set $rf
;;=     0058  c5 fa 11 45 b0           vmovss dword [rbp - 80], xmm0
;;=   0x000032  local.get $l0
;;=   0x000034  f64.reinterpret_i64
;;=     005d  c5 fb 10 4d 88           vmovsd xmm1, qword [rbp - 120]
;;=   0x000035  local.set $rd
;;=     0062  c5 fb 11 4d b8           vmovsd qword [rbp - 72], xmm1
;;=   0x000037  end
;;=     0067  41 ff 36                 push qword [r14]
;;=     006a  49 83 c6 08              add r14, 8
;;=     006e  c3                       ret
;;=   0x00001a  no room for the frame
;;=     006f:
;;=     006f  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001a  stop at the entry
;;=     0075:
;;=     0075  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     007b  e9 a5 ff ff ff           jmp 0x25
;;=
;;= 128 bytes of code, 0 behind it; a frame of 9 slots
