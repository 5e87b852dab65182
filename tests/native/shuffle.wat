;;! weft inspect --native shuffle %
;; lanes of one vector, or two, by an instruction where there is one
(module
  (func $shuffle (param $a v128) (param $b v128) (local $r v128)
    ;; of one: words, bytes, a byte everywhere, with zeros
    (local.set $r (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $a) (local.get $b)))
    (local.set $r (i8x16.shuffle 19 18 17 16 23 22 21 20 27 26 25 24 31 30 29 28 (local.get $a) (local.get $b)))
    (local.set $r (i8x16.shuffle 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 (local.get $a) (local.get $b)))
    (local.set $r (i8x16.shuffle 0 16 1 16 2 16 3 16 4 16 5 16 6 16 7 16 (local.get $a) (v128.const i64x2 0 0)))
    (local.set $r (i8x16.shuffle 16 16 0 0 16 16 1 1 16 16 2 2 16 16 3 3 (v128.const i64x2 0 0) (v128.const i64x2 0 0)))
    (local.set $r (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get $a) (local.get $a)))
    ;; of two: alternating, in their places, in a row, halves, and those with the second first
    (local.set $r (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $a) (local.get $b)))
    (local.set $r (i8x16.shuffle 28 29 30 31 12 13 14 15 24 25 26 27 8 9 10 11 (local.get $a) (local.get $b)))
    (local.set $r (i8x16.shuffle 24 25 8 9 26 27 10 11 28 29 12 13 30 31 14 15 (local.get $a) (local.get $b)))
    (local.set $r (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $a) (local.get $b)))
    (local.set $r (i8x16.shuffle 0 1 18 19 4 5 22 23 8 9 10 11 28 29 14 15 (local.get $a) (local.get $b)))
    (local.set $r (i8x16.shuffle 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 (local.get $a) (local.get $b)))
    (local.set $r (i8x16.shuffle 30 31 0 1 2 3 4 5 6 7 8 9 10 11 12 13 (local.get $a) (local.get $b)))
    (local.set $r (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $a) (local.get $b)))
    (local.set $r (i8x16.shuffle 20 21 22 23 28 29 30 31 4 5 6 7 12 13 14 15 (local.get $a) (local.get $b)))
    ;; anything else
    (local.set $r (i8x16.shuffle 31 0 30 1 29 2 28 3 27 4 26 5 25 6 24 7 (local.get $a) (local.get $b)))))
;;=
;;= func $shuffle (;0;) (type 0) (param $a v128) (param $b v128)
;;=     (local $r v128)
;;=     0000  49 83 ee 08              sub r14, 8
;;=     0004  41 8f 06                 pop qword [r14]
;;=     0007  4c 8d 9d 10 00 00 00     lea r11, [rbp + 16]
;;=     000e  4d 3b de                 cmp r11, r14
;;=     0011  0f 87 fd 00 00 00        ja 0x114
;;=     0017  4d 8b 5f 10              mov r11, [r15 + 16]
;;=     001b  41 83 3b 00              cmp dword [r11], 0
;;=     001f  0f 85 f5 00 00 00        jne 0x11a
;;=     0025:
;;=     0025  48 c7 45 a0 00 00 00 00  mov qword [rbp - 96], 0
;;=     002d  48 c7 45 a8 00 00 00 00  mov qword [rbp - 88], 0
;;=   0x00001d  local.get $a
;;=   0x00001f  local.get $b
;;=   0x000021  i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11
;;=     0035  c5 f9 70 45 80 b1        vpshufd xmm0, [rbp - 128], 177
;;=   0x000033  local.set $r
;;=     003b  c5 f8 11 45 a0           vmovups [rbp - 96], xmm0
;;=   0x000035  local.get $a
;;=   0x000037  local.get $b
;;=   0x000039  i8x16.shuffle 19 18 17 16 23 22 21 20 27 26 25 24 31 30 29 28
;;=     0040  c5 f8 10 4d 90           vmovups xmm1, [rbp - 112]
;;=     0045  c4 e2 71 00 15 e2 00 00 00  vpshufb xmm2, xmm1, [rip + 226]
;;=   0x00004b  local.set $r
;;=     004e  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x00004d  local.get $a
;;=   0x00004f  local.get $b
;;=   0x000051  i8x16.shuffle 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
;;=     0053  c5 f8 10 45 80           vmovups xmm0, [rbp - 128]
;;=     0058  c4 e2 79 78 d8           vpbroadcastb xmm3, xmm0
;;=   0x000063  local.set $r
;;=     005d  c5 f8 11 5d a0           vmovups [rbp - 96], xmm3
;;=   0x000065  local.get $a
;;=   0x000067  v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
;;=   0x000079  i8x16.shuffle 0 16 1 16 2 16 3 16 4 16 5 16 6 16 7 16
;;=     0062  c4 e2 79 00 15 d5 00 00 00  vpshufb xmm2, xmm0, [rip + 213]
;;=   0x00008b  local.set $r
;;=     006b  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x00008d  v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
;;=   0x00009f  v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
;;=   0x0000b1  i8x16.shuffle 16 16 0 0 16 16 1 1 16 16 2 2 16 16 3 3
;;=   0x0000c3  local.set $r
;;=     0070  c4 41 00 57 ff           vxorps xmm15, xmm15, xmm15
;;=     0075  c5 78 11 7d a0           vmovups [rbp - 96], xmm15
;;=   0x0000c5  local.get $a
;;=   0x0000c7  local.get $a
;;=   0x0000c9  i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31
;;=     007a  c5 f9 70 d0 e4           vpshufd xmm2, xmm0, 228
;;=   0x0000db  local.set $r
;;=     007f  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x0000dd  local.get $a
;;=   0x0000df  local.get $b
;;=   0x0000e1  i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23
;;=     0084  c5 f9 60 d9              vpunpcklbw xmm3, xmm0, xmm1
;;=   0x0000f3  local.set $r
;;=     0088  c5 f8 11 5d a0           vmovups [rbp - 96], xmm3
;;=   0x0000f5  local.get $a
;;=   0x0000f7  local.get $b
;;=   0x0000f9  i8x16.shuffle 28 29 30 31 12 13 14 15 24 25 26 27 8 9 10 11
;;=     008d  c4 62 79 00 3d ba 00 00 00  vpshufb xmm15, xmm0, [rip + 186]
;;=     0096  c4 e2 71 00 15 c1 00 00 00  vpshufb xmm2, xmm1, [rip + 193]
;;=     009f  c4 c1 69 eb d7           vpor xmm2, xmm2, xmm15
;;=   0x00010b  local.set $r
;;=     00a4  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x00010d  local.get $a
;;=   0x00010f  local.get $b
;;=   0x000111  i8x16.shuffle 24 25 8 9 26 27 10 11 28 29 12 13 30 31 14 15
;;=     00a9  c5 f1 69 d8              vpunpckhwd xmm3, xmm1, xmm0
;;=   0x000123  local.set $r
;;=     00ad  c5 f8 11 5d a0           vmovups [rbp - 96], xmm3
;;=   0x000125  local.get $a
;;=   0x000127  local.get $b
;;=   0x000129  i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
;;=     00b2  c5 f9 6c d1              vpunpcklqdq xmm2, xmm0, xmm1
;;=   0x00013b  local.set $r
;;=     00b6  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x00013d  local.get $a
;;=   0x00013f  local.get $b
;;=   0x000141  i8x16.shuffle 0 1 18 19 4 5 22 23 8 9 10 11 28 29 14 15
;;=     00bb  c4 e3 79 0e d9 4a        vpblendw xmm3, xmm0, xmm1, 74
;;=   0x000153  local.set $r
;;=     00c1  c5 f8 11 5d a0           vmovups [rbp - 96], xmm3
;;=   0x000155  local.get $a
;;=   0x000157  local.get $b
;;=   0x000159  i8x16.shuffle 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
;;=     00c6  c4 e3 71 0f d0 05        vpalignr xmm2, xmm1, xmm0, 5
;;=   0x00016b  local.set $r
;;=     00cc  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x00016d  local.get $a
;;=   0x00016f  local.get $b
;;=   0x000171  i8x16.shuffle 30 31 0 1 2 3 4 5 6 7 8 9 10 11 12 13
;;=     00d1  c4 e3 79 0f d9 0e        vpalignr xmm3, xmm0, xmm1, 14
;;=   0x000183  local.set $r
;;=     00d7  c5 f8 11 5d a0           vmovups [rbp - 96], xmm3
;;=   0x000185  local.get $a
;;=   0x000187  local.get $b
;;=   0x000189  i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27
;;=     00dc  c5 f8 c6 d1 88           vshufps xmm2, xmm0, xmm1, 136
;;=   0x00019b  local.set $r
;;=     00e1  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x00019d  local.get $a
;;=   0x00019f  local.get $b
;;=   0x0001a1  i8x16.shuffle 20 21 22 23 28 29 30 31 4 5 6 7 12 13 14 15
;;=     00e6  c5 f0 c6 d8 dd           vshufps xmm3, xmm1, xmm0, 221
;;=   0x0001b3  local.set $r
;;=     00eb  c5 f8 11 5d a0           vmovups [rbp - 96], xmm3
;;=   0x0001b5  local.get $a
;;=   0x0001b7  local.get $b
;;=   0x0001b9  i8x16.shuffle 31 0 30 1 29 2 28 3 27 4 26 5 25 6 24 7
;;=     00f0  c4 62 79 00 3d 77 00 00 00  vpshufb xmm15, xmm0, [rip + 119]
;;=     00f9  c4 e2 71 00 15 7e 00 00 00  vpshufb xmm2, xmm1, [rip + 126]
;;=     0102  c4 c1 69 eb d7           vpor xmm2, xmm2, xmm15
;;=   0x0001cb  local.set $r
;;=     0107  c5 f8 11 55 a0           vmovups [rbp - 96], xmm2
;;=   0x0001cd  end
;;=     010c  41 ff 36                 push qword [r14]
;;=     010f  49 83 c6 08              add r14, 8
;;=     0113  c3                       ret
;;=   0x00001a  no room for the frame
;;=     0114:
;;=     0114  ff 15 00 00 00 00        call qword [rip]   ; overflow
;;=   0x00001a  stop at the entry
;;=     011a:
;;=     011a  ff 15 00 00 00 00        call qword [rip]   ; poll
;;=     0120  e9 00 ff ff ff           jmp 0x25
;;=   constants
;;=     0130  03 02 01 00 07 06 05 04
;;=     0138  0b 0a 09 08 0f 0e 0d 0c
;;=     0140  00 80 01 80 02 80 03 80
;;=     0148  04 80 05 80 06 80 07 80
;;=     0150  80 80 80 80 0c 0d 0e 0f
;;=     0158  80 80 80 80 08 09 0a 0b
;;=     0160  0c 0d 0e 0f 80 80 80 80
;;=     0168  08 09 0a 0b 80 80 80 80
;;=     0170  80 00 80 01 80 02 80 03
;;=     0178  80 04 80 05 80 06 80 07
;;=     0180  0f 80 0e 80 0d 80 0c 80
;;=     0188  0b 80 0a 80 09 80 08 80
;;=
;;= 293 bytes of code, 107 behind it; a frame of 10 slots
