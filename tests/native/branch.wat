;;! weft inspect --native f %
;; branches: with and without values, out of blocks and of the function; both parts of an if
(module
  (func $f (param $a i32) (param $b i64) (result i64)
    (block $out
      (br_if $out (local.get $a))
      (br_if $out (i32.lt_s (local.get $a) (i32.const 3)))
      (if (i64.eqz (local.get $b)) (then (br $out)) (else (local.set $a (i32.const 1)))))
    (drop (block $one (result i64)
      (br_if $one (i64.const 5) (local.get $a))
      (drop) (local.get $b)))
    (drop (i32.add (i32.const 1) (block $two (result i32)
      (drop (i64.const 9))
      (i32.const 7) (i32.const 8)
      (br_if $two (local.get $a))
      (drop))))
    (drop (br_if 0 (local.get $b) (local.get $a)))
    (if (result i64) (local.get $a) (then (local.get $b)) (else (i64.const -1)))))
;;=
;;= func $f (;0;) (type 0) (param $a i32) (param $b i64) (result i64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d f0 ff ff ff     lea r11, [rbp - 16]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 d6 00 00 00        ja 0xed
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 ce 00 00 00        jne 0xf3
;;=   0x00001a  block $out
;;=   0x00001c    local.get $a
;;=   0x00001e    br_if $out
;;=     0025:
;;=     0025  83 7d 80 00              cmp dword [rbp - 128], 0
;;=     0029  0f 85 21 00 00 00        jne 0x50
;;=   0x000020    local.get $a
;;=   0x000022    i32.const 3
;;=   0x000024    i32.lt_s
;;=     002f  83 7d 80 03              cmp dword [rbp - 128], 3
;;=   0x000025    br_if $out
;;=     0033  0f 8c 17 00 00 00        jl 0x50
;;=   0x000027    local.get $b
;;=   0x000029    i64.eqz
;;=     0039  48 83 7d 88 00           cmp qword [rbp - 120], 0
;;=   0x00002a    if (;L2;)
;;=     003e  0f 85 05 00 00 00        jne 0x49
;;=   0x00002c      br $out
;;=     0044  e9 07 00 00 00           jmp 0x50
;;=   0x00002e    else
;;=   0x00002f      i32.const 1
;;=   0x000031      local.set $a
;;=     0049:
;;=     0049  c7 45 80 01 00 00 00     mov dword [rbp - 128], 1
;;=   0x000033    end
;;=   0x000034  end
;;=   0x000035  block $one (result i64)
;;=   0x000037    i64.const 5
;;=   0x000039    local.get $a
;;=   0x00003b    br_if $one
;;=     0050:
;;=     0050  48 c7 45 90 05 00 00 00  mov qword [rbp - 112], 5
;;=     0058  83 7d 80 00              cmp dword [rbp - 128], 0
;;=     005c  0f 85 08 00 00 00        jne 0x6a
;;=   0x00003d    drop
;;=   0x00003e    local.get $b
;;=   0x000040  end
;;=     0062  4c 8b 5d 88              mov r11, [rbp - 120]
;;=     0066  4c 89 5d 90              mov [rbp - 112], r11
;;=   0x000041  drop
;;=   0x000042  i32.const 1
;;=   0x000044  block $two (result i32)
;;=     006a:
;;=     006a  c7 45 90 01 00 00 00     mov dword [rbp - 112], 1
;;=   0x000046    i64.const 9
;;=   0x000048    drop
;;=   0x000049    i32.const 7
;;=   0x00004b    i32.const 8
;;=   0x00004d    local.get $a
;;=   0x00004f    br_if $two
;;=     0071  c7 45 98 07 00 00 00     mov dword [rbp - 104], 7
;;=     0078  c7 45 a0 08 00 00 00     mov dword [rbp - 96], 8
;;=     007f  83 7d 80 00              cmp dword [rbp - 128], 0
;;=     0083  0f 84 0d 00 00 00        je 0x96
;;=     0089  4c 8b 5d a0              mov r11, [rbp - 96]
;;=     008d  4c 89 5d 98              mov [rbp - 104], r11
;;=     0091  e9 00 00 00 00           jmp 0x96
;;=   0x000051    drop
;;=   0x000052  end
;;=   0x000053  i32.add
;;=     0096:
;;=     0096  8b 75 98                 mov esi, [rbp - 104]
;;=     0099  03 75 90                 add esi, [rbp - 112]
;;=   0x000054  drop
;;=   0x000055  local.get $b
;;=   0x000057  local.get $a
;;=   0x000059  br_if 0
;;=     009c  4c 8b 5d 88              mov r11, [rbp - 120]
;;=     00a0  4c 89 5d 90              mov [rbp - 112], r11
;;=     00a4  83 7d 80 00              cmp dword [rbp - 128], 0
;;=     00a8  0f 84 10 00 00 00        je 0xbe
;;=     00ae  4c 8b 5d 90              mov r11, [rbp - 112]
;;=     00b2  4c 89 5d 80              mov [rbp - 128], r11
;;=     00b6  41 ff 36                 push qword [r14]
;;=     00b9  49 83 c6 08              add r14, 8
;;=     00bd  c3                       ret
;;=   0x00005b  drop
;;=   0x00005c  local.get $a
;;=   0x00005e  if (;L1;) (result i64)
;;=     00be:
;;=     00be  83 7d 80 00              cmp dword [rbp - 128], 0
;;=     00c2  0f 84 0d 00 00 00        je 0xd5
;;=   0x000060    local.get $b
;;=   0x000062  else
;;=     00c8  4c 8b 5d 88              mov r11, [rbp - 120]
;;=     00cc  4c 89 5d 90              mov [rbp - 112], r11
;;=     00d0  e9 08 00 00 00           jmp 0xdd
;;=   0x000063    i64.const -1
;;=   0x000065  end
;;=     00d5:
;;=     00d5  48 c7 45 90 ff ff ff ff  mov qword [rbp - 112], -1
;;=   0x000066  end
;;=     00dd:
;;=     00dd  4c 8b 5d 90              mov r11, [rbp - 112]
;;=     00e1  4c 89 5d 80              mov [rbp - 128], r11
;;=     00e5  41 ff 36                 push qword [r14]
;;=     00e8  49 83 c6 08              add r14, 8
;;=     00ec  c3                       ret
;;=   0x000019  no room for the frame
;;=     00ed:
;;=     00ed  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000019  stop at the entry
;;=     00f3:
;;=     00f3  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00f9  e9 27 ff ff ff           jmp 0x25
;;=
;;= 254 bytes of code, 0 behind it; a frame of 6 slots
