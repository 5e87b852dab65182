// stubs.S -- how native code is entered and left, and what it calls: the rows of run/native.def. All
// else in the engine is C, or code that was checked.
//
// What holds in all of it is in ../README.md: r14 is the newest record, rbp the frame and 128, r15 the
// instance, rbx memory 0. Where code has called, its return address is at rsp, and rsp has the one
// value that it had when native code was entered, less 8.

#if defined __x86_64__ && defined __LP64__ && !defined WEFT_MICRO

#include "jit/x64/stubs.h"

    .text
    .intel_syntax noprefix

    .macro entry name
    .globl \name
    .hidden \name
    .type \name, @function
    .p2align 4
\name:
    .cfi_startproc
    .endm
    .macro done name
    .cfi_endproc
    .size \name, . - \name
    .endm

    // In: rax: where it stands, rdi: the Exec. The frame is rbp's.
    .macro save_place
    mov [rdi + EXEC_AT_IP], rax
    lea rax, [rbp - FRAME_BIAS]
    mov [rdi + EXEC_AT_FRAME], rax
    mov [rdi + EXEC_AT_RECORD], r14
    mov [rdi + EXEC_AT_INST], r15
    .endm

    // Strangers' code finds nothing in registers that others left there, host functions say. In: rdi:
    // the Exec. rax, r12 and r13 stay.
    .macro forget_others
    cmp qword ptr [rdi + EXEC_STRANGERS], 0
    je 9f
    vzeroall
    xor ecx, ecx
    xor edx, edx
    xor esi, esi
    xor edi, edi
    xor r8d, r8d
    xor r9d, r9d
    xor r10d, r10d
    xor r11d, r11d
9:
    .endm

// int native_enter(Exec *x, const void *to, u64 *frame, Record *record, Instance *inst, NativeEntry how)
entry native_enter
    push rbp
    push rbx
    push r12
    push r13
    push r14
    push r15
    sub rsp, 8
    .cfi_def_cfa_offset 64
    .cfi_offset rbp, -16
    .cfi_offset rbx, -24
    .cfi_offset r12, -32
    .cfi_offset r13, -40
    .cfi_offset r14, -48
    .cfi_offset r15, -56
    lea rbp, [rdx + FRAME_BIAS]
    mov r14, rcx
    mov r15, r8
    mov rbx, [r8 + INSTANCE_MEM]
    mov rax, rsi
    mov r12d, r9d
    forget_others
    xor r13d, r13d
    cmp r12d, ENTER_CALL
    mov r12d, 0
    je .Lenter_far
    jb 1f
    push [r14]
    add r14, 8
1:  jmp rax

// In: rax: native code of a function whose arguments are at the frame; what it returns through is the
// newest record.
.Lenter_far:
    call rax
    .globl native_return_far
    .hidden native_return_far
native_return_far:
    mov rax, [r14 + RECORD_IP]
    lea r11, [rip + code_return_native]
    cmp rax, r11
    jne .Lreturn_away
    mov r15, [r14 + RECORD_INST]
    add r14, RECORD_SIZE
    mov rbx, [r15 + INSTANCE_MEM]
    push [r14]
    add r14, 8
    ret

// In: rax: the ip of the newest record, which is the interpreter's or the host's.
.Lreturn_away:
    lea r11, [rip + code_exit]
    cmp rax, r11
    je .Lreturn_host
    mov rdi, [r15 + INSTANCE_EXEC]
    mov ecx, [r14 + RECORD_DELTA]
    lea rdx, [rbp - FRAME_BIAS]
    shl rcx, 3
    sub rdx, rcx
    mov rsi, [r14 + RECORD_INST]
    add r14, RECORD_SIZE
    mov [rdi + EXEC_AT_IP], rax
    mov [rdi + EXEC_AT_FRAME], rdx
    mov [rdi + EXEC_AT_RECORD], r14
    mov [rdi + EXEC_AT_INST], rsi
    mov eax, RUN_INTERP
    jmp .Lleave

.Lreturn_host: // to who called the guest
    xor eax, eax

// In: eax: what native_enter answers.
.Lleave:
    add rsp, 8
    .cfi_remember_state
    .cfi_def_cfa_offset 56
    pop r15
    .cfi_def_cfa_offset 48
    pop r14
    .cfi_def_cfa_offset 40
    pop r13
    .cfi_def_cfa_offset 32
    pop r12
    .cfi_def_cfa_offset 24
    pop rbx
    .cfi_def_cfa_offset 16
    pop rbp
    .cfi_def_cfa_offset 8
    ret
    .cfi_restore_state
done native_enter

// ---- What stops a guest -------------------------------------------------------------------------

// eax: the trap
entry native_trap
    mov ecx, eax
    pop rax
    mov rdi, [r15 + INSTANCE_EXEC]
    save_place
    mov eax, ecx
    jmp .Lleave
done native_trap

// r11: the place, ecx: the trap. No return address is on the host's stack.
entry native_fault
    mov rax, r11
    mov rdi, [r15 + INSTANCE_EXEC]
    save_place
    mov eax, ecx
    jmp .Lleave
done native_fault

entry native_overflow
    mov eax, [rip + native_overflow_trap]
    jmp native_trap
done native_overflow

// Calls C with the Exec, the instance, the frame, and three numbers from eax, ecx and edx. What it
// answers is how to leave, or 0.
    .macro call_c function
    mov r8d, ecx
    mov ecx, eax
    mov r9d, edx
    mov rax, [rsp]
    mov rdi, [r15 + INSTANCE_EXEC]
    save_place
    mov rsi, r15
    mov rdx, [rdi + EXEC_AT_FRAME]
    sub rsp, 8
    call \function
    add rsp, 8
    test eax, eax
    jnz .Labandon
    mov rdi, [r15 + INSTANCE_EXEC]
    mov rbx, [r15 + INSTANCE_MEM]
    forget_others
    ret
    .endm

entry native_poll
    call_c native_c_poll
.Labandon: // the return address is of no use any more
    add rsp, 8
    jmp .Lleave
done native_poll

// eax: units that were taken, and were too many
entry native_fuel
    call_c native_c_fuel
done native_fuel

// eax: SLOW_, ecx: the slot of the first operand, edx and esi: numbers. What throws has a slot of its
// own, since it does not come back.
    .globl native_throw
    .hidden native_throw
    .set native_throw, native_slow
entry native_slow
    mov r8d, edx
    mov r9d, esi
    mov edx, ecx
    mov ecx, eax
    mov rax, [rsp]
    mov rdi, [r15 + INSTANCE_EXEC]
    save_place
    mov rsi, r15
    mov rax, [rdi + EXEC_AT_FRAME]
    lea rdx, [rax + rdx*8]
    sub rsp, 8
    call native_c_slow
    add rsp, 8
    mov rdi, [r15 + INSTANCE_EXEC]
    test eax, eax
    jnz 1f
    mov rbx, [r15 + INSTANCE_MEM]
    forget_others
    ret
1:  cmp eax, RUN_THERE
    jne .Labandon
    add rsp, 8
    mov r15, [rdi + EXEC_AT_INST]
    mov rbp, [rdi + EXEC_AT_FRAME]
    mov r14, [rdi + EXEC_AT_RECORD]
    mov rbx, [r15 + INSTANCE_MEM]
    add rbp, FRAME_BIAS
    mov rax, [rdi + EXEC_AT_IP]
    forget_others
    jmp rax
done native_slow

// ---- Calls --------------------------------------------------------------------------------------

    // The caller's return address, in rcx, and a record of its instance; eax: the callee's number.
    .macro push_far
    sub r14, RECORD_SIZE + 8
    lea r10, [rip + code_return_native]
    mov [r14 + RECORD_SIZE], rcx
    mov [r14 + RECORD_IP], r10
    mov [r14 + RECORD_INST], r15
    mov dword ptr [r14 + RECORD_DELTA], 0
    mov [r14 + RECORD_CALLEE], eax
    .endm

// r11: the Func
entry native_call_far
    mov rdx, [r11 + FUNC_CODE]
    mov eax, [r11 + FUNC_INDEX]
    test rdx, rdx
    jz .Lhost
    pop rcx
    push_far
.Lgo_far: // rdx: its FuncCode
    mov r15, [r15 + INSTANCE_EXEC]
    add r15, [r11 + FUNC_INSTANCE]
    mov rbx, [r15 + INSTANCE_MEM]
    mov rax, [rdx + FUNC_CODE_NATIVE]
    jmp .Lenter_far
.Lhost:
    mov rdi, [r15 + INSTANCE_EXEC]
    mov rsi, r15
    lea rdx, [rbp - FRAME_BIAS]
    mov rcx, r14
    mov r8, r11
    mov r9, [rsp]
    sub rsp, 8
    call native_c_host
    add rsp, 8
    test eax, eax
    jnz .Labandon
    mov rdi, [r15 + INSTANCE_EXEC]
    mov rbx, [r15 + INSTANCE_MEM]
    forget_others
    ret
done native_call_far

// r11: the Func. The caller has gone; its own return address is at rsp.
entry native_tail_far
    mov rdx, [r11 + FUNC_CODE]
    mov eax, [r11 + FUNC_INDEX]
    test rdx, rdx
    jz .Lhost
    pop rcx
    lea r10, [rip + native_return_far]
    cmp rcx, r10
    je 1f
    push_far
    jmp .Lgo_far
1:  mov [r14 + RECORD_CALLEE], eax
    jmp .Lgo_far
done native_tail_far

entry native_none
    mov eax, [r11 + FUNC_INDEX]
    // falls through
done native_none
// eax: the index of a function of this instance that has no native code
entry native_enter_interp
    pop rcx
    lea r10, [rip + native_return_far]
    cmp rcx, r10
    je 1f
    push_far
1:  mov [r14 + RECORD_CALLEE], eax
    mov rdi, [r15 + INSTANCE_EXEC]
    shl rax, FUNC_CODE_LOG2
    add rax, [r15 + INSTANCE_CODE]
    mov rax, [rax + FUNC_CODE_INTERP]
    save_place
    mov eax, RUN_INTERP
    jmp .Lleave
done native_enter_interp

    // Finds a function in C: eax, ecx, edx as there. It is in r11 then.
    .macro find_callee function
    mov r8d, ecx
    mov rcx, rax
    mov r9d, edx
    mov rax, [rsp]
    mov rdi, [r15 + INSTANCE_EXEC]
    save_place
    mov rsi, r15
    sub rsp, 24
    lea rdx, [rsp + 8]
    call \function
    mov r10, [rsp + 8]
    add rsp, 24
    test eax, eax
    jnz .Labandon
    mov rdi, [r15 + INSTANCE_EXEC]
    mov rax, r10
    forget_others
    mov r11, rax
    ret
    .endm

// rax: the index in the table, ecx: the type's, edx: the table's index
entry native_callee_indirect
    find_callee native_c_callee_indirect
done native_callee_indirect

// eax: the reference
entry native_callee_ref
    find_callee native_c_callee_ref
done native_callee_ref

#endif
    .section .note.GNU-stack, "", %progbits
