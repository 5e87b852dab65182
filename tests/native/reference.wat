;;! weft inspect --native f %
;; references: is it null, are they the same, branches on that
(module
  (func $f (param $r funcref) (param $e externref) (result i32)
    (block $null
      (drop (br_on_null $null (local.get $r)))
      (drop (ref.as_non_null (local.get $e)))
      (return (ref.is_null (local.get $e))))
    (ref.is_null (ref.null func))))
;;=
;;= func $f (;0;) (type 0) (param $r funcref) (param $e externref) (result i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d d8 ff ff ff     lea r11, [rbp - 40]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 5c 00 00 00        ja 0x73
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 54 00 00 00        jne 0x79
;;=   0x00001a  block $null
;;=   0x00001c    local.get $r
;;=   0x00001e    br_on_null $null
;;=     0025:
;;=     0025  4c 8b 5d 80              mov r11, [rbp - 128]
;;=     0029  4c 89 5d 90              mov [rbp - 112], r11
;;=     002d  83 7d 90 00              cmp dword [rbp - 112], 0
;;=     0031  0f 84 21 00 00 00        je 0x58
;;=   0x000020    drop
;;=   0x000021    local.get $e
;;=   0x000023    ref.as_non_null
;;=     0037  8b 75 88                 mov esi, [rbp - 120]
;;=     003a  85 f6                    test esi, esi
;;=     003c  0f 84 42 00 00 00        je 0x84
;;=   0x000024    drop
;;=   0x000025    local.get $e
;;=   0x000027    ref.is_null
;;=     0042  85 f6                    test esi, esi
;;=     0044  40 0f 94 c7              sete dil
;;=     0048  40 0f b6 ff              movzx edi, dil
;;=   0x000028    return
;;=     004c  48 89 7d 80              mov [rbp - 128], rdi
;;=     0050  41 ff 36                 push qword [r14]
;;=     0053  49 83 c6 08              add r14, 8
;;=     0057  c3                       ret
;;=   0x000029  end
;;=   0x00002a  ref.null func
;;=   0x00002c  ref.is_null
;;=     0058:
;;=     0058  be 00 00 00 00           mov esi, 0
;;=     005d  85 f6                    test esi, esi
;;=     005f  40 0f 94 c7              sete dil
;;=     0063  40 0f b6 ff              movzx edi, dil
;;=   0x00002d  end
;;=     0067  48 89 7d 80              mov [rbp - 128], rdi
;;=     006b  41 ff 36                 push qword [r14]
;;=     006e  49 83 c6 08              add r14, 8
;;=     0072  c3                       ret
;;=   0x000019  no room for the frame
;;=     0073:
;;=     0073  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000019  stop at the entry
;;=     0079:
;;=     0079  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     007f  e9 a1 ff ff ff           jmp 0x25
;;=   0x000023  trap
;;=     0084:
;;=     0084  b8 0a 00 00 00           mov eax, 10
;;=     0089  ff 15 00 00 00 00        call qword [rip]   ; trap: null reference
;;=
;;= 143 bytes of code, 0 behind it; a frame of 3 slots
