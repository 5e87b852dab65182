# good.s -- functions as compilers are to make them: all are let pass, and no escape from them is.
#
#   == NAME frame=BYTES [guarded]
#   label:  # zext=REG,REG outline away resume entry
#   | line      part of a template: without it the code is refused
#   ! line      the same, and nothing may stand in front of it: no label, no other instruction
#   = line      only that
#   data:       constants and tables follow; `NAME: # table=COUNT`
#
# Capitals are macros of tests/checking.py; SLOT(x) is a row of run/native.def, or fN.

== add frame=32
ENTER
    mov eax, dword ptr [rbp - 128]
    add eax, dword ptr [rbp - 120]
    mov dword ptr [rbp - 128], eax
LEAVE
PIECES

== sum frame=64 guarded
ENTER
    mov eax, dword ptr [rbp - 128]
    mov ecx, dword ptr [rbp - 120]
    xor edx, edx
loop:  # zext=rax,rcx
POLL loop_poll
behind:  # zext=rax,rcx
    add edx, dword ptr [rbx + rax]
    add eax, 4
    add ecx, -1
    jne loop
    mov dword ptr [rbp - 128], edx
LEAVE
PIECES
loop_poll: # zext=rax,rcx outline
    mov dword ptr [rbp - 112], edx
    mov dword ptr [rbp - 104], eax
    mov dword ptr [rbp - 96], ecx
    call qword ptr [rip + SLOT(poll)]
    mov edx, dword ptr [rbp - 112]
    mov eax, dword ptr [rbp - 104]
    mov ecx, dword ptr [rbp - 96]
    jmp behind

== guarded_accesses frame=64 guarded
ENTER
    mov esi, dword ptr [rbp - 128]
    movzx edi, byte ptr [rbx + rsi + 1]
    movsx rdi, word ptr [rbx + rsi + 2147483640]
    mov r8d, esi
    vmovss xmm1, dword ptr [rbx + r8 + 16]
    vmovsd qword ptr [rbx + r8 + 24], xmm1
    mov byte ptr [rbx + rsi + 3], 7
    mov word ptr [rbx + rsi + 4], 7
    mov dword ptr [rbx + rsi + 128], 7
    mov qword ptr [rbx + rsi + 8], -7
    imul ecx, dword ptr [rbx + 65536], 100
    mov dword ptr [rbp - 128], ecx
    vmovups xmm2, xmmword ptr [rbx + rsi + 2147483632]
    vmovups xmmword ptr [rbx + rsi], xmm2
LEAVE
PIECES

== checked frame=48
ENTER
    mov esi, dword ptr [rbp - 128]
CHECK r11 rsi 8 rdx oob
    mov eax, dword ptr [rbx + r11 - 4]
CHECK rdi rsi 24 rcx oob
    vmovsd xmm0, qword ptr [rbx + rdi - 8]
    mov dword ptr [rbp - 120], eax
CHECK r8 rsi 1048578 r12 oob
    mov word ptr [rbx + r8 - 2], ax
LEAVE
PIECES
oob: # outline
TRAP 1

== memory64 frame=48
ENTER
    mov rdi, qword ptr [rbp - 128]
    mov rsi, rdi
|   add rsi, 16
!   jc oob
|   xor eax, eax
|   cmp rsi, qword ptr [r15 + 8]
!   ja oob
!   cmova rsi, rax
    mov rcx, qword ptr [rbx + rsi - 8]
    mov rsi, rdi
|   movabs r11, 12
|   add rsi, r11
!   jc oob
|   xor edx, edx
|   cmp rsi, qword ptr [r15 + 8]
!   ja oob
!   cmova rsi, rdx
    mov dword ptr [rbx + rsi - 4], ecx
LEAVE
PIECES
oob: # outline
TRAP 1

== other_memory frame=48
ENTER
    mov esi, dword ptr [rbp - 128]
|   lea rdi, [rsi + 20]
|   xor edx, edx
|   mov r11, qword ptr [r15 + 112]
|   mov r11, qword ptr [r11 + 8]
|   cmp rdi, qword ptr [r11 + 8]
!   ja oob
!   cmova rdi, rdx
!   mov r11, qword ptr [r11]
    mov eax, dword ptr [r11 + rdi - 4]
    mov dword ptr [rbp - 128], eax
LEAVE
PIECES
oob: # outline
TRAP 1

== calls frame=64
ENTER
    mov eax, dword ptr [rbp - 128]
    mov dword ptr [rbp - 112], eax
    add rbp, 16
    call qword ptr [rip + SLOT(f3)]
    sub rbp, 16
    call qword ptr [rip + SLOT(f2)]
|   mov r11, qword ptr [r15 + 96]
|   mov r11, qword ptr [r11 + 8]
    add rbp, 24
    call qword ptr [rip + SLOT(call_far)]
    sub rbp, 24
    mov esi, dword ptr [rbp - 128]
CHECK r11 rsi 4 rdx oob
    mov eax, dword ptr [rbx + r11 - 4]
    mov dword ptr [rbp - 128], eax
LEAVE
PIECES
oob: # outline
TRAP 1

== tail frame=32
ENTER
    mov eax, dword ptr [rbp - 128]
    test eax, eax
    je other
|   push qword ptr [r14]
!   add r14, 8
!   jmp qword ptr [rip + SLOT(f4)]
other:
|   mov r11, qword ptr [r15 + 96]
|   mov r11, qword ptr [r11]
|   push qword ptr [r14]
!   add r14, 8
!   jmp qword ptr [rip + SLOT(tail_far)]
PIECES

== indirect frame=96
ENTER
    mov eax, dword ptr [rbp - 96]
INDIRECT 1 8 8 slow
!   cmp rcx, qword ptr [r15 + 56]
!   jne away
!   mov rcx, qword ptr [r11]
!   add rbp, 16
=   call qword ptr [rcx]
    sub rbp, 16
back:
    mov eax, dword ptr [rbp - 112]
    mov dword ptr [rbp - 128], eax
LEAVE
PIECES
slow: # outline
CALLEE 2 1
away: # away
    add rbp, 16
    call qword ptr [rip + SLOT(call_far)]
    sub rbp, 16
    jmp back

== indirect_tail frame=96
ENTER
    mov eax, dword ptr [rbp - 96]
INDIRECT 0 0 0 slow
!   cmp rcx, qword ptr [r15 + 56]
!   jne away
!   mov rcx, qword ptr [r11]
!   push qword ptr [r14]
!   add r14, 8
!   jmp qword ptr [rcx]
PIECES
slow: # outline
CALLEE 2 1
away: # away
|   push qword ptr [r14]
!   add r14, 8
!   jmp qword ptr [rip + SLOT(tail_far)]

== ref frame=64
ENTER
    mov eax, dword ptr [rbp - 96]
    mov r11d, eax
    test eax, eax
    je null
FUNC
|   mov rcx, qword ptr [r11 + 8]
!   cmp rcx, qword ptr [r15 + 56]
!   jne slow
!   mov rcx, qword ptr [r11]
=   call qword ptr [rcx]
back:
    mov eax, dword ptr [rbp - 128]
    mov dword ptr [rbp - 120], eax
LEAVE
PIECES
null: # outline
    xor r11d, r11d
slow: # outline
    call qword ptr [rip + SLOT(callee_ref)]
    call qword ptr [rip + SLOT(call_far)]
    jmp back

== switch frame=32
ENTER
    mov eax, dword ptr [rbp - 128]
|   mov r11d, 2
|   cmp eax, r11d
!   cmovb r11d, eax
!   lea rcx, [rip + table]
!   movsxd r11, dword ptr [rcx + r11*4]
!   add r11, rcx
!   jmp r11
one:
    mov dword ptr [rbp - 128], 1
    jmp out
two:
    mov dword ptr [rbp - 128], 2
three:
    mov dword ptr [rbp - 120], 2
out:
LEAVE
PIECES
data:
    .byte 1, 2, 3, 4
    .balign 4
table: # table=3
    .long one - table
    .long two - table
    .long three - table

== globals_tables frame=48
ENTER
|   mov r11, qword ptr [r15 + 120]
|   mov r11, qword ptr [r11 + 16]
    mov rax, qword ptr [r11]
    add rax, 1
    mov qword ptr [r11], rax
    vmovups xmmword ptr [r11], xmm3
    mov ecx, dword ptr [r15 + 232]
    mov dword ptr [r15 + 256], ecx
    vmovups xmmword ptr [r15 + 256], xmm3
    mov esi, dword ptr [rbp - 128]
    mov rcx, rsi
|   xor edx, edx
|   mov r11, qword ptr [r15 + 128]
|   mov r11, qword ptr [r11 + 8]
|   cmp rcx, qword ptr [r11 + 8]
!   jae oob
!   cmovae rcx, rdx
!   mov r11, qword ptr [r11]
    mov eax, dword ptr [r11 + rcx*4]
    mov dword ptr [r11 + rcx*4], edx
    mov dword ptr [rbp - 128], eax
LEAVE
PIECES
oob: # outline
TRAP 2

== floats frame=64
ENTER
    vmovsd xmm0, qword ptr [rbp - 128]
    vmovss xmm1, dword ptr [rbp - 120]
    vcvtss2sd xmm1, xmm1, xmm1
    vaddsd xmm2, xmm0, xmm1
    vmulsd xmm2, xmm2, qword ptr [rip + half]
    vsqrtsd xmm2, xmm2, xmm2
    vandpd xmm3, xmm2, xmmword ptr [rip + mask]
    vucomisd xmm3, xmm2
    jp nan
    vcvttsd2si eax, xmm3
    vcvtsi2sd xmm4, xmm4, rax
    vroundsd xmm4, xmm4, xmm4, 3
    vblendvpd xmm5, xmm4, xmm3, xmm2
    vmovq rdx, xmm5
    vmovd xmm6, eax
    mov qword ptr [rbp - 128], rdx
    vmovsd qword ptr [rbp - 112], xmm6
nan:
    setp al
    movzx eax, al
    mov dword ptr [rbp - 104], eax
LEAVE
PIECES
data:
    .balign 16
mask:
    .quad 0x7fffffffffffffff, 0
half:
    .quad 0x3fe0000000000000

== numbers frame=64
ENTER
    mov rax, qword ptr [rbp - 128]
    mov rcx, qword ptr [rbp - 120]
    xor edx, edx
    div rcx
    imul rax, rcx, 77
    cqo
    idiv rcx
    cdq
    shlx eax, eax, ecx
    rorx r8, rcx, 13
    lzcnt r10, rcx
    tzcnt r10d, ecx
    popcnt r12d, dword ptr [rbp - 112]
    adc rax, rdx
    sbb r8, r9
    sar r8, cl
    rol r9d, 5
    neg r9
    not r12d
    cmp r8, r9
    setl sil
    cmovge rax, r12
    lea rdi, [rax + r8*8 + 77]
    mov qword ptr [rbp - 128], rdi
    nop
    nop dword ptr [rax]
LEAVE
PIECES

== fuel frame=64
ENTER
    xor edx, edx
again:
|   mov r11, qword ptr [r15 + 16]
=   sub qword ptr [r11 + 8], 100
!   js empty
    mov eax, dword ptr [rbp - 128]
    test eax, eax
    jne again2
LEAVE
again2:
    mov dword ptr [rbp - 128], 0
LEAVE
PIECES
empty: # outline
FUEL 100
    jmp again

== entries frame=64 guarded
ENTER
    mov eax, dword ptr [rbp - 128]
head: # zext=rax
POLL head_poll
inside: # zext=rax
    add eax, dword ptr [rbx + rax]
    jne head
SLOW zero 5 3 0
caught: # resume
    mov eax, dword ptr [rbp - 128]
    mov dword ptr [rbp - 120], eax
LEAVE
PIECES
head_poll: # outline zext=rax
    mov dword ptr [rbp - 128], eax
    call qword ptr [rip + SLOT(poll)]
    mov eax, dword ptr [rbp - 128]
    jmp inside
osr: # entry outline
|   sub r14, 8
!   pop qword ptr [r14]
!   lea r11, [rbp + FRAME - 64]
!   cmp r11, r14
!   ja osr_overflow
!   mov r11, qword ptr [r15 + 16]
!   cmp dword ptr [r11], 0
!   jne osr_poll
osr_entered: # outline
    mov eax, dword ptr [rbp - 128]
    jmp inside
osr_poll: # outline
|   call qword ptr [rip + SLOT(poll)]
    jmp osr_entered
osr_overflow: # outline
|   call qword ptr [rip + SLOT(overflow)]
clause: # outline resume
    mov eax, dword ptr [rbp - 112]
    jmp head

== vectors frame=96 guarded
ENTER
    mov esi, dword ptr [rbp - 128]
    vmovups xmm0, xmmword ptr [rbx + rsi + 32]
    vpaddd xmm1, xmm0, xmmword ptr [rbp - 120]
    vpshufb xmm1, xmm1, xmmword ptr [rip + mask]
    vpmovsxbw xmm2, qword ptr [rbx + rsi]
    vpinsrb xmm2, xmm2, byte ptr [rbx + rsi + 7], 3
    vpextrw word ptr [rbx + rsi + 9], xmm2, 3
    vpextrb eax, xmm2, 5
    vpmovmskb ecx, xmm2
    vpextrd edx, xmm1, 1
    add edx, dword ptr [rbx + rcx]
    add edx, dword ptr [rbx + rax]
    mov r8d, dword ptr [rbx + rdx]
    vpbroadcastw xmm3, word ptr [rbx + r8]
    vpsrlw xmm4, xmm3, 5
    vpcmpeqq xmm5, xmm4, xmm3
    vptest xmm5, xmm5
    sete al
    vmovups xmmword ptr [rbp - 120], xmm4
    vmovups xmmword ptr [rbx + rsi], xmm4
LEAVE
PIECES
data:
    .balign 16
mask:
    .quad 0, 0

== called_for frame=64
ENTER
SLOW zero 3 5 0
SLOW move 0 2 6
SLOW memory_copy 5 1 0
SLOW memory_grow 7 1 0
SLOW table_init 5 0 1
SLOW ref_func 7 5 0
LEAVE
PIECES
thrown: # resume
THROW throw_ref 7 0 0

== objects frame=96
ENTER
    mov esi, dword ptr [rbp - 128]
|   mov r11, qword ptr [r15 + 32]
    mov eax, dword ptr [r11 + rsi + 4]
    movzx edx, word ptr [r11 + rsi + 8]
    mov byte ptr [r11 + rsi + 65535], al
    vmovups xmmword ptr [r11 + rsi + 65520], xmm3
    mov qword ptr [r11 + rsi + 16], -1
    cmp edx, dword ptr [r11 + rsi + 4]
    jae out
    lea edi, [rsi + rdx*8]
    vmovsd xmm1, qword ptr [r11 + rdi + 8]
    mov dword ptr [r11 + rdi + 8], eax
    test byte ptr [r11 + rsi], 1
    jne out
out: # zext=rsi
|   mov r11, qword ptr [r15 + 32]
    mov ecx, dword ptr [r11 + rsi]
|   shr ecx, 6
!   lea ecx, [rcx + rcx*4]
|   mov r11, qword ptr [r15 + 48]
    mov edx, dword ptr [r11 + rcx*8 + 12]
    movzx edi, byte ptr [r11 + rcx*8 + 36]
    shr edx, 6
|   mov r11, qword ptr [r15 + 72]
    cmp edx, dword ptr [r11 + 12]
    sete dl
LEAVE
PIECES

== made frame=96
ENTER
|   mov r11, qword ptr [r15 + 16]
|   mov edi, dword ptr [r11 + 16]
!   lea ecx, [rdi + 32]
!   cmp ecx, dword ptr [r11 + 20]
!   ja no_room
=   mov dword ptr [r11 + 16], ecx
|   mov r11, qword ptr [r15 + 72]
    mov ecx, dword ptr [r11 + 12]
    shl ecx, 6
|   mov r11, qword ptr [r15 + 32]
    mov dword ptr [r11 + rdi], ecx
    vmovups xmmword ptr [r11 + rdi + 16], xmm3
made: # zext=rdi
    mov dword ptr [rbp - 128], edi
LEAVE
PIECES
no_room: # outline
SLOW struct_new 5 1 0
    mov edi, dword ptr [rbp - 88]
    jmp made

== objects_called_for frame=96
ENTER
SLOW struct_new 8 1 0
SLOW struct_new_default 11 1 0
SLOW array_new 9 2 0
SLOW array_new 10 3 0
SLOW array_new_default 11 2 0
SLOW array_new_fixed 0 2 6
SLOW array_new_fixed 0 3 12
SLOW array_new_elem 10 3 0
SLOW array_fill 7 2 0
SLOW array_copy 7 2 0
SLOW array_init_elem 8 3 0
SLOW array_len 11 0 0
SLOW log 10 1 0
SLOW cast 10 7 7
LEAVE
PIECES

== atomics frame=64 guarded
ENTER
    mov esi, dword ptr [rbp - 128]
    mov rdi, qword ptr [rbp - 120]
|   test esi, 7
!   jne unaligned
    xchg qword ptr [rbx + rsi], rdi
    lock xadd dword ptr [rbx + rsi + 4], edi
    xchg word ptr [rbx + rsi + 2], di
    lock cmpxchg word ptr [rbx + rsi + 6], di
    mov rax, qword ptr [rbx + rsi]
# a move of rax to r8 in the encoding that is made, and behind the exchange a jump back to it
|   .byte 0x4c, 0x8b, 0xc0
    or r8, rdi
    lock cmpxchg qword ptr [rbx + rsi], r8
=   .byte 0x75, 0xf2
    mov r9d, dword ptr [rbp - 112]
    xchg byte ptr [rbx + r9 + 3], dil
    lock cmpxchg byte ptr [rbx + r9], dl
SLOW notify 3 0 8
SLOW wait32 3 0 8
SLOW wait64 3 0 8
SLOW fence 0 0 0
LEAVE
PIECES
unaligned: # outline
TRAP 18

== atomics_checked frame=64
ENTER
    mov esi, dword ptr [rbp - 128]
|   test esi, 3
!   jne oob
|   lea r11, [rsi + 8]
|   xor edx, edx
|   cmp r11, qword ptr [r15 + 8]
!   ja oob
!   cmova r11, rdx
    lock xadd dword ptr [rbx + r11 - 4], edx
    mov rcx, qword ptr [rbp - 120]
|   test ecx, 7
!   jne oob
    lea rdi, [rcx]
|   add rdi, 16
!   jc oob
|   xor edx, edx
|   mov r11, qword ptr [r15 + 112]
|   mov r11, qword ptr [r11 + 8]
    mov r11, qword ptr [r11 + 16]
|   cmp rdi, qword ptr [r11 + 8]
!   ja oob
!   cmova rdi, rdx
!   mov r11, qword ptr [r11]
    xchg qword ptr [r11 + rdi - 8], rax
LEAVE
PIECES
oob: # outline
TRAP 1
