;;! weft inspect --native f %
;; references are compared as the numbers that they are: one in a register with one in a slot, and null with one in a slot
(module
  (func $f (param $a eqref) (param $b eqref) (result i32)
    (if (ref.eq (local.get $a) (local.get $b)) (then (return (i32.const 2))))
    (ref.eq (ref.null none) (local.get $b))))
;;=
;;= func $f (;0;) (type 0) (param $a eqref) (param $b eqref) (result i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d e0 ff ff ff     lea r11, [rbp - 32]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 41 00 00 00        ja 0x58
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 39 00 00 00        jne 0x5e
;;=   0x00001a  local.get $a
;;=   0x00001c  local.get $b
;;=   0x00001e  ref.eq
;;=     0025:
;;=     0025  8b 75 80                 mov esi, [rbp - 128]
;;=     0028  3b 75 88                 cmp esi, [rbp - 120]
;;=   0x00001f  if (;L1;)
;;=     002b  0f 85 0f 00 00 00        jne 0x40
;;=   0x000021    i32.const 2
;;=   0x000023    return
;;=     0031  c7 45 80 02 00 00 00     mov dword [rbp - 128], 2
;;=     0038  41 ff 36                 push qword [r14]
;;=     003b  49 83 c6 08              add r14, 8
;;=     003f  c3                       ret
;;=   0x000024  end
;;=   0x000025  ref.null none
;;=   0x000027  local.get $b
;;=   0x000029  ref.eq
;;=     0040:
;;=     0040  83 7d 88 00              cmp dword [rbp - 120], 0
;;=     0044  40 0f 94 c6              sete sil
;;=     0048  40 0f b6 f6              movzx esi, sil
;;=   0x00002a  end
;;=     004c  48 89 75 80              mov [rbp - 128], rsi
;;=     0050  41 ff 36                 push qword [r14]
;;=     0053  49 83 c6 08              add r14, 8
;;=     0057  c3                       ret
;;=   0x000019  no room for the frame
;;=     0058:
;;=     0058  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000019  stop at the entry
;;=     005e:
;;=     005e  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0064  e9 bc ff ff ff           jmp 0x25
;;=
;;= 105 bytes of code, 0 behind it; a frame of 4 slots
