;;! weft inspect --native main --tier=opt %
;; from the graph: a test is where the code goes on, a cast behind it is nothing, and a branch on a cast hands on what it looked at
(module
  (type $shape (sub (struct (field $id i32))))
  (type $round (sub final $shape (struct (field $id i32) (field $radius i32))))
  (func $main (param $any anyref) (result i32)
    (if (ref.test (ref $round) (local.get $any))
      (then (return (struct.get $round $radius (ref.cast (ref $round) (local.get $any))))))
    (block $shape (result (ref $shape))
      (br_on_cast $shape anyref (ref $shape) (local.get $any))
      (return (i31.get_s (ref.cast (ref i31)))))
    (struct.get $shape $id)))
;;=
;;= func $main (;0;) (type 2) (param $any anyref) (result i32)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d d8 ff ff ff     lea r11, [rbp - 40]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 c6 00 00 00        ja 0xdd
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 be 00 00 00        jne 0xe3
;;=     0025:
;;=     0025  8b 75 80                 mov esi, [rbp - 128]
;;=     0028  85 f6                    test esi, esi
;;=     002a  0f 84 3a 00 00 00        je 0x6a
;;=     0030  f7 c6 01 00 00 00        test esi, 1
;;=     0036  0f 85 2e 00 00 00        jne 0x6a
;;=     003c  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     0040  41 8b 3c 33              mov edi, [r11 + rsi]
;;=     0044  c1 ef 06                 shr edi, 6
;;=     0047  4d 8b 5f 48              mov r11, [r15 + 72]
;;=     004b  41 3b 7b 04              cmp edi, [r11 + 4]
;;=     004f  0f 85 15 00 00 00        jne 0x6a
;;=   0x000028  local.get $any
;;=   0x00002a  ref.test (ref $round)
;;=   0x00002d  if (;L1;)
;;=   0x00002f    local.get $any
;;=   0x000031    ref.cast (ref $round)
;;=   0x000034    struct.get $round $radius
;;=     0055  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     0059  41 8b 7c 33 08           mov edi, [r11 + rsi + 8]
;;=   0x000038    return
;;=     005e  48 89 7d 80              mov [rbp - 128], rdi
;;=     0062  41 ff 36                 push qword [r14]
;;=     0065  49 83 c6 08              add r14, 8
;;=     0069  c3                       ret
;;=   0x000039  end
;;=   0x00003a  block $shape (result (ref $shape))
;;=   0x00003d    local.get $any
;;=   0x00003f    br_on_cast $shape anyref (ref $shape)
;;=     006a: zero-extended esi
;;=     006a  85 f6                    test esi, esi
;;=     006c  0f 84 32 00 00 00        je 0xa4
;;=     0072  f7 c6 01 00 00 00        test esi, 1
;;=     0078  0f 85 26 00 00 00        jne 0xa4
;;=     007e  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     0082  41 8b 3c 33              mov edi, [r11 + rsi]
;;=     0086  c1 ef 06                 shr edi, 6
;;=     0089  8d 3c bf                 lea edi, [rdi + rdi*4]
;;=     008c  4d 8b 5f 30              mov r11, [r15 + 48]
;;=     0090  41 8b 3c fb              mov edi, [r11 + rdi*8]
;;=     0094  c1 ef 06                 shr edi, 6
;;=     0097  4d 8b 5f 48              mov r11, [r15 + 72]
;;=     009b  41 3b 3b                 cmp edi, [r11]
;;=     009e  0f 84 24 00 00 00        je 0xc8
;;=   0x000045    ref.cast (ref i31)
;;=     00a4: zero-extended esi
;;=     00a4  85 f6                    test esi, esi
;;=     00a6  0f 84 42 00 00 00        je 0xee
;;=     00ac  f7 c6 01 00 00 00        test esi, 1
;;=     00b2  0f 84 36 00 00 00        je 0xee
;;=   0x000048    i31.get_s
;;=     00b8  8b fe                    mov edi, esi
;;=     00ba  d1 ff                    sar edi, 1
;;=   0x00004a    return
;;=     00bc  48 89 7d 80              mov [rbp - 128], rdi
;;=     00c0  41 ff 36                 push qword [r14]
;;=     00c3  49 83 c6 08              add r14, 8
;;=     00c7  c3                       ret
;;=   0x00004b  end
;;=   0x00004c  struct.get $shape $id
;;=     00c8: zero-extended esi
;;=     00c8  4d 8b 5f 20              mov r11, [r15 + 32]
;;=     00cc  41 8b 7c 33 04           mov edi, [r11 + rsi + 4]
;;=   0x000050  end
;;=     00d1  48 89 7d 80              mov [rbp - 128], rdi
;;=     00d5  41 ff 36                 push qword [r14]
;;=     00d8  49 83 c6 08              add r14, 8
;;=     00dc  c3                       ret
;;=   0x000027  no room for the frame
;;=     00dd:
;;=     00dd  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000027  stop at the entry
;;=     00e3:
;;=     00e3  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00e9  e9 37 ff ff ff           jmp 0x25
;;=   0x000045  trap
;;=     00ee:
;;=     00ee  b8 15 00 00 00           mov eax, 21
;;=     00f3  ff 15 00 00 00 00        call qword [rip]   ; trap: cast failure
;;=
;;= 249 bytes of code, 0 behind it; a frame of 3 slots
