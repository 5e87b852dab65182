;;! weft inspect --native f %
;; locals that live in registers in loops, one in the other; a branch out of both; a call in the outer one
(module
  (func $f (param $p i32) (param $n i32) (result f64) (local $k i32) (local $s f64)
    (block $out
      (loop $outer
        (local.set $k (i32.const 100))
        (loop $inner
          (local.set $s (f64.add (local.get $s) (f64.convert_i32_u (local.get $k))))
          (br_if $out (f64.gt (local.get $s) (f64.const 1e6)))
          (br_if $inner (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
        (drop (call $f (local.get $p) (i32.const 0)))
        (br_if $outer (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
    (local.get $s)))
;;=
;;= func $f (;0;) (type 0) (param $p i32) (param $n i32) (result f64)
;;=     (local $k i32) (local $s f64)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d f0 ff ff ff     lea r11, [rbp - 16]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 bc 00 00 00        ja 0xd3
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 b4 00 00 00        jne 0xd9
;;=     0025:
;;=     0025  48 c7 45 90 00 00 00 00  mov qword [rbp - 112], 0
;;=     002d  48 c7 45 98 00 00 00 00  mov qword [rbp - 104], 0
;;=   0x00001e  block $out
;;=   0x000020    loop $outer
;;=     0035  8b 75 90                 mov esi, [rbp - 112]
;;=     0038  c5 fb 10 7d 98           vmovsd xmm7, qword [rbp - 104]
;;=     003d: zero-extended esi
;;=     003d  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     0041  41 83 3b 00              cmp dword [r11], 0
;;=     0045  0f 85 99 00 00 00        jne 0xe4
;;=   0x000022      i32.const 100
;;=   0x000025      local.set $k
;;=     004b: zero-extended esi
;;=     004b  be 64 00 00 00           mov esi, 100
;;=   0x000027      loop $inner
;;=     0050: zero-extended esi
;;=     0050  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     0054  41 83 3b 00              cmp dword [r11], 0
;;=     0058  0f 85 a1 00 00 00        jne 0xff
;;=   0x000029        local.get $s
;;=   0x00002b        local.get $k
;;=   0x00002d        f64.convert_i32_u
;;=     005e: zero-extended esi
;;=     005e  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     0063  c4 e1 83 2a c6           vcvtsi2sd xmm0, xmm15, rsi
;;=   0x00002e        f64.add
;;=     0068  c5 c3 58 f8              vaddsd xmm7, xmm7, xmm0
;;=   0x00002f        local.set $s
;;=   0x000031        local.get $s
;;=   0x000033        f64.const 100000e1
;;=   0x00003c        f64.gt
;;=     006c  c5 f9 2e 3d bc 00 00 00  vucomisd xmm7, qword [rip + 188]
;;=   0x00003d        br_if $out
;;=     0074  0f 87 a0 00 00 00        ja 0x11a
;;=   0x00003f        local.get $k
;;=   0x000041        i32.const 1
;;=   0x000043        i32.sub
;;=     007a  83 c6 ff                 add esi, -1
;;=   0x000044        local.tee $k
;;=   0x000046        br_if $inner
;;=     007d  85 f6                    test esi, esi
;;=     007f  0f 85 cb ff ff ff        jne 0x50
;;=   0x000048      end
;;=   0x000049      local.get $p
;;=   0x00004b      i32.const 0
;;=   0x00004d      call $f
;;=     0085  44 8b 5d 80              mov r11d, [rbp - 128]
;;=     0089  4c 89 5d a0              mov [rbp - 96], r11
;;=     008d  c7 45 a8 00 00 00 00     mov dword [rbp - 88], 0
;;=     0094  89 75 90                 mov [rbp - 112], esi
;;=     0097  c5 fb 11 7d 98           vmovsd qword [rbp - 104], xmm7
;;=     009c  48 83 c5 20              add rbp, 32
;;=     00a0  ff 15 00 00 00 00        call qword [rip]   ; func 0 f
;;=     00a6  48 83 c5 e0              add rbp, -32
;;=   0x00004f      drop
;;=   0x000050      local.get $n
;;=   0x000052      i32.const 1
;;=   0x000054      i32.sub
;;=     00aa  8b 7d 88                 mov edi, [rbp - 120]
;;=     00ad  83 c7 ff                 add edi, -1
;;=   0x000055      local.tee $n
;;=     00b0  89 7d 88                 mov [rbp - 120], edi
;;=   0x000057      br_if $outer
;;=     00b3  8b 75 90                 mov esi, [rbp - 112]
;;=     00b6  c5 fb 10 7d 98           vmovsd xmm7, qword [rbp - 104]
;;=     00bb  85 ff                    test edi, edi
;;=     00bd  0f 85 7a ff ff ff        jne 0x3d
;;=   0x000059    end
;;=   0x00005a  end
;;=   0x00005b  local.get $s
;;=   0x00005d  end
;;=     00c3:
;;=     00c3  4c 8b 5d 98              mov r11, [rbp - 104]
;;=     00c7  4c 89 5d 80              mov [rbp - 128], r11
;;=     00cb  41 ff 36                 push qword [r14]
;;=     00ce  49 83 c6 08              add r14, 8
;;=     00d2  c3                       ret
;;=   0x000019  no room for the frame
;;=     00d3:
;;=     00d3  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x000019  stop at the entry
;;=     00d9:
;;=     00d9  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00df  e9 41 ff ff ff           jmp 0x25
;;=   0x000020  stop in the loop
;;=     00e4: zero-extended esi
;;=     00e4  89 75 90                 mov [rbp - 112], esi
;;=     00e7  c5 fb 11 7d 98           vmovsd qword [rbp - 104], xmm7
;;=     00ec  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     00f2  8b 75 90                 mov esi, [rbp - 112]
;;=     00f5  c5 fb 10 7d 98           vmovsd xmm7, qword [rbp - 104]
;;=     00fa  e9 4c ff ff ff           jmp 0x4b
;;=   0x000027  stop in the loop
;;=     00ff: zero-extended esi
;;=     00ff  89 75 90                 mov [rbp - 112], esi
;;=     0102  c5 fb 11 7d 98           vmovsd qword [rbp - 104], xmm7
;;=     0107  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     010d  8b 75 90                 mov esi, [rbp - 112]
;;=     0110  c5 fb 10 7d 98           vmovsd xmm7, qword [rbp - 104]
;;=     0115  e9 44 ff ff ff           jmp 0x5e
;;=   0x00003d  locals of loops
;;=     011a: zero-extended esi
;;=     011a  89 75 90                 mov [rbp - 112], esi
;;=     011d  c5 fb 11 7d 98           vmovsd qword [rbp - 104], xmm7
;;=     0122  e9 9c ff ff ff           jmp 0xc3
;;=   constants
;;=     0130  00 00 00 00 80 84 2e 41
;;=
;;= 295 bytes of code, 17 behind it; a frame of 6 slots
