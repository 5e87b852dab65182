# refused.s -- functions that are refused, and why: one at least for each reason that there is. See
# good.s.

== no_entry frame=32
refused: an entry without the template
    nop

== small_frame frame=32
refused: an entry without the template
|   sub r14, 8
|   pop qword ptr [r14]
    lea r11, [rbp + FRAME - 72]
    cmp r11, r14
    ja out
    mov r11, qword ptr [r15 + 16]
    cmp dword ptr [r11], 0
    jne out
out:
    ud2

== slot_by_register frame=64
refused: a slot is not found by a register
ENTER
    mov rax, qword ptr [rbp + rcx - 128]
LEAVE
PIECES

== slot_moved frame=64
refused: a slot is accessed while the frame is moved
ENTER
    add rbp, 16
    mov eax, dword ptr [rbp - 128]
    sub rbp, 16
LEAVE
PIECES

== outside_frame frame=64
refused: outside of the frame
ENTER
    mov rax, qword ptr [rbp - 68]
LEAVE
PIECES

== in_front_of_frame frame=64
refused: outside of the frame
ENTER
    vmovsd qword ptr [rbp - 136], xmm0
LEAVE
PIECES

== writes_constants frame=64
refused: constants are read
ENTER
    mov dword ptr [rip + number], eax
LEAVE
PIECES
data:
number:
    .quad 0

== reads_code frame=64
refused: outside of the constants
ENTER
    mov eax, dword ptr [rip + entered]
LEAVE
PIECES

== reads_slots frame=64
refused: outside of the constants
ENTER
    mov rax, qword ptr [rip + number + 12]
LEAVE
PIECES
data:
number:
    .quad 0, 0

== wide_access frame=64
refused: not inside what was checked
ENTER
    mov esi, dword ptr [rbp - 128]
CHECK r11 rsi 4 rdx oob
    mov rax, qword ptr [rbx + r11 - 4]
LEAVE
PIECES
oob: # outline
    call qword ptr [rip + SLOT(trap)]

== checked_of_another frame=48
refused: not inside what was checked
ENTER
    mov esi, dword ptr [rbp - 128]
    lea rdi, [rsi + 20]
    xor edx, edx
    mov r11, qword ptr [r15 + 112]
    mov r11, qword ptr [r11 + 8]
    cmp rdi, qword ptr [r11 + 8]
    ja oob
    cmova rdi, rdx
    mov r11, qword ptr [r11]
    mov eax, dword ptr [rbx + rdi - 4]
LEAVE
PIECES
oob: # outline
    call qword ptr [rip + SLOT(trap)]

== checked_scaled frame=48
refused: not inside what was checked
ENTER
    mov esi, dword ptr [rbp - 128]
CHECK rdi rsi 20 rdx oob
    mov eax, dword ptr [rbx + rdi*2 - 4]
LEAVE
PIECES
oob: # outline
    call qword ptr [rip + SLOT(trap)]

== in_front_of_check frame=64
refused: not inside what was checked
ENTER
    mov esi, dword ptr [rbp - 128]
CHECK r11 rsi 4 rdx oob
    mov rax, qword ptr [rbx + r11 - 8]
LEAVE
PIECES
oob: # outline
    call qword ptr [rip + SLOT(trap)]

== no_clamp frame=64
refused: not checked
ENTER
    mov esi, dword ptr [rbp - 128]
    lea r11, [rsi + 4]
    xor edx, edx
    cmp r11, qword ptr [r15 + 8]
    ja oob
    mov eax, dword ptr [rbx + r11 - 4]
LEAVE
PIECES
oob: # outline
    call qword ptr [rip + SLOT(trap)]

== wide_index frame=64
refused: not checked
ENTER
    mov rsi, qword ptr [rbp - 128]
    mov eax, dword ptr [rbx + rsi]
LEAVE
PIECES

== not_extended_sum frame=64
refused: not inside what was checked
ENTER
    mov rsi, qword ptr [rbp - 128]
CHECK r11 rsi 4 rdx oob
    mov eax, dword ptr [rbx + r11 - 4]
LEAVE
PIECES
oob: # outline
    call qword ptr [rip + SLOT(trap)]

== guarded_far frame=64 guarded
refused: the displacement is too large
ENTER
    mov esi, dword ptr [rbp - 128]
    mov rax, qword ptr [rbx + rsi + 2147483641]
LEAVE
PIECES

== guarded_moved frame=64 guarded
refused: what may fault stands where the frame is moved
ENTER
    mov esi, dword ptr [rbp - 128]
    add rbp, 16
    mov eax, dword ptr [rbx + rsi]
    sub rbp, 16
LEAVE
PIECES

== guarded_negative frame=64 guarded
refused: the displacement is too large
ENTER
    mov esi, dword ptr [rbp - 128]
    mov rax, qword ptr [rbx + rsi - 8]
LEAVE
PIECES

== guarded_wide frame=64 guarded
refused: an index is not zero-extended
ENTER
    mov rsi, qword ptr [rbp - 128]
    mov rax, qword ptr [rbx + rsi]
LEAVE
PIECES

== guarded_bits_16 frame=64 guarded
refused: an index is not zero-extended
ENTER
    mov rax, qword ptr [rbp - 128]
    mov ax, word ptr [rbp - 120]
    mov ecx, dword ptr [rbx + rax]
LEAVE
PIECES

== guarded_bits_8 frame=64 guarded
refused: an index is not zero-extended
ENTER
    mov rax, qword ptr [rbp - 128]
    mov al, byte ptr [rbp - 120]
    mov ecx, dword ptr [rbx + rax]
LEAVE
PIECES

== guarded_flag frame=64 guarded
refused: an index is not zero-extended
ENTER
    mov rax, qword ptr [rbp - 128]
    sete al
    mov ecx, dword ptr [rbx + rax]
LEAVE
PIECES

== guarded_scaled frame=64 guarded
refused: an index is not zero-extended
ENTER
    mov esi, dword ptr [rbp - 128]
    mov rax, qword ptr [rbx + rsi*2]
LEAVE
PIECES

== guarded_after_call frame=64 guarded
refused: an index is not zero-extended
ENTER
    mov esi, dword ptr [rbp - 128]
    call qword ptr [rip + SLOT(f2)]
    mov rax, qword ptr [rbx + rsi]
LEAVE
PIECES

== field_by_register frame=64
refused: a field is not found by a register
ENTER
    mov rax, qword ptr [r15 + rcx]
LEAVE
PIECES

== beyond_global frame=64
refused: outside of the global
ENTER
    mov r11, qword ptr [r15 + 120]
    mov r11, qword ptr [r11]
    mov qword ptr [r11 + 12], rax
LEAVE
PIECES

== beyond_own_global frame=64
refused: outside of the global
ENTER
    mov qword ptr [r15 + 244], rax
LEAVE
PIECES

== type_of_global frame=64
refused: outside of the global
ENTER
    mov dword ptr [r15 + 248], eax
LEAVE
PIECES

== behind_own_globals frame=64
refused: the module has no such number
ENTER
    mov eax, dword ptr [r15 + 280]
LEAVE
PIECES

== own_global_by_register frame=64
refused: a field is not found by a register
ENTER
    mov eax, dword ptr [r15 + rcx + 232]
LEAVE
PIECES

== no_field frame=64
refused: no such field
ENTER
    mov rax, qword ptr [r15 + 104]
LEAVE
PIECES

== field_narrow frame=64
refused: no such field
ENTER
    mov eax, dword ptr [r15 + 8]
LEAVE
PIECES

== field_written frame=64
refused: the field is not written
ENTER
    mov r11, qword ptr [r15 + 16]
    mov qword ptr [r11 + 40], rax
LEAVE
PIECES

== unknown_base frame=64
refused: a base that is not known
ENTER
    mov rax, qword ptr [rcx]
LEAVE
PIECES

== place_not_believed frame=64
refused: a base that is not known
ENTER
    mov rax, qword ptr [r15 + 16]
    mov rax, qword ptr [rax + 40]
    mov rax, qword ptr [rax]
LEAVE
PIECES

== type_beyond frame=64
refused: not one of the module's types
ENTER
    mov rax, qword ptr [r15 + 72]
    mov eax, dword ptr [rax + 16]
LEAVE
PIECES

== element_other frame=48
refused: not the element that was checked
ENTER
    mov ecx, dword ptr [rbp - 128]
    xor edx, edx
    mov r11, qword ptr [r15 + 128]
    mov r11, qword ptr [r11]
    cmp rcx, qword ptr [r11 + 8]
    jae oob
    cmovae rcx, rdx
    mov r11, qword ptr [r11]
    mov eax, dword ptr [r11 + rcx*8]
LEAVE
PIECES
oob: # outline
    call qword ptr [rip + SLOT(trap)]

== global_beyond frame=48
refused: the module has no such number
ENTER
    mov r11, qword ptr [r15 + 120]
    mov r11, qword ptr [r11 + 24]
LEAVE
PIECES

== absolute frame=48
refused: a base that is none
ENTER
    mov eax, dword ptr [4096]
LEAVE
PIECES

== host_stack frame=48
refused: a base that is none
ENTER
    mov rax, qword ptr [rsp]
LEAVE
PIECES

== poll_not_made frame=48
refused: goes on without the call that is due
ENTER
LEAVE
overflow: # outline
    call qword ptr [rip + SLOT(overflow)]
entry_poll: # outline
    jmp entered

== no_room_to_write frame=48
refused: there is no room for the frame
ENTER
LEAVE
overflow: # outline
    mov qword ptr [rbp - 88], rax
    call qword ptr [rip + SLOT(overflow)]
entry_poll: # outline
    call qword ptr [rip + SLOT(poll)]
    jmp entered

== no_room_to_read frame=48
refused: there is no room for the frame
ENTER
LEAVE
overflow: # outline
    mov eax, dword ptr [rbp - 128]
    call qword ptr [rip + SLOT(trap)]
entry_poll: # outline
    call qword ptr [rip + SLOT(poll)]
    jmp entered

== no_room_to_throw frame=48
refused: another call is due
ENTER
LEAVE
overflow: # outline
    call qword ptr [rip + SLOT(throw)]
entry_poll: # outline
    call qword ptr [rip + SLOT(poll)]
    jmp entered

== to_entry frame=48
refused: an entry is for the runtime alone
ENTER
    jmp other
other: # entry
    ud2
PIECES

== not_implied frame=48
refused: not zero-extended as the label says
ENTER
    mov rax, qword ptr [rbp - 128]
here: # zext=rax
LEAVE
PIECES

== not_implied_by_branch frame=48
refused: not zero-extended as the label says
ENTER
    mov rax, qword ptr [rbp - 128]
    je here
    mov eax, ecx
here: # zext=rax
LEAVE
PIECES

== moved_at_label frame=48
refused: the frame is moved at a label
ENTER
    add rbp, 8
here:
    sub rbp, 8
LEAVE
PIECES

== no_func_at_label frame=48
refused: r11 is no function
ENTER
    jne here
LEAVE
PIECES
here: # away
    call qword ptr [rip + SLOT(call_far)]
    ud2

== far_without frame=48
refused: r11 is no function
ENTER
    call qword ptr [rip + SLOT(call_far)]
LEAVE
PIECES

== no_label frame=48
refused: a branch to no label
ENTER
    je entered + 1
LEAVE
PIECES

== poll_behind frame=48
refused: a call that is due stands behind
ENTER
    jmp loop
poll: # outline
    call qword ptr [rip + SLOT(poll)]
    ud2
loop:
POLL poll
LEAVE
PIECES

== no_poll frame=48
refused: a branch back without a poll
ENTER
loop:
    add eax, -1
    jne loop
LEAVE
PIECES

== outline_too_far_back frame=48
refused: a branch back without a poll
ENTER
here:
    add eax, -1
    jne rare
LEAVE
PIECES
rare: # outline
    jmp here

== stub frame=48
refused: the runtime is not entered there in this way
ENTER
    call qword ptr [rip + SLOT(enter_interp)]
LEAVE
PIECES

== tail_called frame=48
refused: the runtime is not entered there in this way
ENTER
    call qword ptr [rip + SLOT(tail_far)]
LEAVE
PIECES

== moved_at_call frame=48
refused: the frame is moved at a call
ENTER
    add rbp, 8
    call qword ptr [rip + SLOT(slow)]
    sub rbp, 8
LEAVE
PIECES

== number_home frame=64
refused: numbers that C does not take
ENTER
SLOW zero 8 1 0
LEAVE
PIECES

== number_slots frame=64
refused: numbers that C does not take
ENTER
SLOW zero 0 9 0
LEAVE
PIECES

== number_from frame=64
refused: numbers that C does not take
ENTER
SLOW move 0 4 5
LEAVE
PIECES

== number_operands frame=64
refused: numbers that C does not take
ENTER
SLOW memory_fill 6 0 0
LEAVE
PIECES

== number_memory frame=64
refused: numbers that C does not take
ENTER
SLOW memory_grow 0 2 0
LEAVE
PIECES

== number_other_memory frame=64
refused: numbers that C does not take
ENTER
SLOW memory_copy 0 0 2
LEAVE
PIECES

== number_table frame=64
refused: numbers that C does not take
ENTER
SLOW table_copy 0 2 0
LEAVE
PIECES

== number_function frame=64
refused: numbers that C does not take
ENTER
SLOW ref_func 0 6 0
LEAVE
PIECES

== number_data frame=64
refused: numbers that C does not take
ENTER
SLOW data_drop 0 0 0
LEAVE
PIECES

== number_place frame=64
refused: numbers that C does not take
ENTER
SLOW access 0 0 0
LEAVE
PIECES

== number_tag frame=64
refused: numbers that C does not take
ENTER
THROW throw 0 1 0
LEAVE
PIECES

== number_throw_back frame=64
refused: numbers that C does not take
ENTER
THROW zero 0 0 0
LEAVE
PIECES

== number_slow_throw frame=64
refused: numbers that C does not take
ENTER
SLOW throw_ref 0 0 0
LEAVE
PIECES

== number_trap frame=64
refused: numbers that C does not take
ENTER
TRAP 0
LEAVE
PIECES

== number_pause frame=64
refused: numbers that C does not take
ENTER
TRAP 27
LEAVE
PIECES

== number_no_trap frame=64
refused: numbers that C does not take
ENTER
TRAP 1000
LEAVE
PIECES

== number_type frame=64
refused: numbers that C does not take
ENTER
CALLEE 4 0
LEAVE
PIECES

== number_callee_table frame=64
refused: numbers that C does not take
ENTER
CALLEE 0 2
LEAVE
PIECES

== number_missing frame=64
refused: C is called without numbers
ENTER
    mov eax, 1
    mov ecx, dword ptr [rbp - 128]
    call qword ptr [rip + SLOT(slow)]
LEAVE
PIECES

== number_by_label frame=64
refused: C is called without numbers
ENTER
    mov eax, dword ptr [rbp - 128]
    test eax, eax
    mov eax, 1
    je known
    mov eax, dword ptr [rbp - 120]
known:
    call qword ptr [rip + SLOT(trap)]
PIECES

== other_call_due frame=48
refused: another call is due
ENTER
LEAVE
overflow: # outline
    call qword ptr [rip + SLOT(overflow)]
entry_poll: # outline
    call qword ptr [rip + SLOT(slow)]
    jmp entered

== fuel_for_poll frame=48
refused: another call is due
ENTER
LEAVE
overflow: # outline
    call qword ptr [rip + SLOT(overflow)]
entry_poll: # outline
    call qword ptr [rip + SLOT(fuel)]
    jmp entered

== poll_for_fuel frame=48
refused: another call is due
ENTER
again:
    mov r11, qword ptr [r15 + 16]
    sub qword ptr [r11 + 8], 100
    js empty
LEAVE
PIECES
empty: # outline
    call qword ptr [rip + SLOT(poll)]
    jmp again

== fuel_for_both frame=48
refused: another call is due
ENTER
again:
    mov r11, qword ptr [r15 + 16]
    sub qword ptr [r11 + 8], 100
    js both
POLL both
LEAVE
PIECES
both: # outline
    call qword ptr [rip + SLOT(fuel)]
    jmp again

== fuel_other frame=48
refused: numbers that C does not take
ENTER
again:
    mov r11, qword ptr [r15 + 16]
    sub qword ptr [r11 + 8], 100
    js empty
LEAVE
PIECES
empty: # outline
FUEL 101
    jmp again

== fuel_two frame=48
refused: another number of units is due
ENTER
again:
    mov r11, qword ptr [r15 + 16]
    sub qword ptr [r11 + 8], 100
    js empty
    mov r11, qword ptr [r15 + 16]
    sub qword ptr [r11 + 8], 101
    js empty
LEAVE
PIECES
empty: # outline
FUEL 100
    jmp again

== fuel_for_nothing frame=48
refused: numbers that C does not take
ENTER
FUEL 100
LEAVE
PIECES

== no_slot frame=48
refused: not through a slot
ENTER
    call qword ptr [rip + slots + 4]
LEAVE
PIECES

== beyond_slots frame=48
refused: not through a slot
ENTER
    call qword ptr [rip + slots + 128]
LEAVE
PIECES

== import_slot frame=48
refused: the slot of an import leads nowhere
ENTER
    call qword ptr [rip + SLOT(f1)]
LEAVE
PIECES

== import_tail frame=48
refused: the slot of an import leads nowhere
ENTER
    push qword ptr [r14]
    add r14, 8
    jmp qword ptr [rip + SLOT(f0)]
PIECES

== frame_far frame=48
refused: the frame is moved out of itself
ENTER
    add rbp, 56
LEAVE
PIECES

== frame_uneven frame=48
refused: the frame is moved out of itself
ENTER
    add rbp, 4
LEAVE
PIECES

== writes_base frame=48
refused: the register is not to be written
ENTER
    mov rbx, rax
LEAVE
PIECES

== writes_by_mul frame=48
refused: the register is not to be written
ENTER
    cmove r14, rax
LEAVE
PIECES

== pop frame=48
refused: part of a template, and alone
ENTER
    pop qword ptr [rbp - 128]
LEAVE
PIECES

== jump_anywhere frame=48
refused: part of a template, and alone
ENTER
    jmp rax
LEAVE
PIECES

== inside_template frame=48
refused: a label inside of something
ENTER
    .byte 0xb8, 0
x:
    .byte 0, 0, 0
LEAVE
PIECES

== nobody frame=48
refused: nobody comes here
ENTER
LEAVE
    nop
PIECES

== unknown frame=48
refused: no instruction that there is
ENTER
    movaps xmm0, xmm1
LEAVE
PIECES

== falls_out frame=48
refused: control leaves at the end
ENTER
LEAVE
PIECES
out: # outline
    nop

== return_moved frame=48
refused: leaves with the frame moved
ENTER
    add rbp, 8
LEAVE
PIECES

== no_return frame=48
refused: no return as it should be
ENTER
    push qword ptr [r14]
    add r14, 16
    ret
PIECES

== no_table frame=48
refused: no table is declared
ENTER
    mov r11d, 0
    cmp eax, r11d
    cmovb r11d, eax
    lea rcx, [rip + table]
    movsxd r11, dword ptr [rcx + r11*4]
    add r11, rcx
    jmp r11
PIECES
data:
table:
    .long entered - table

== other_table frame=48
refused: not the table that is declared
ENTER
    mov r11d, 1
    cmp eax, r11d
    cmovb r11d, eax
    lea rcx, [rip + table]
    movsxd r11, dword ptr [rcx + r11*4]
    add r11, rcx
    jmp r11
PIECES
data:
table: # table=1
    .long entered - table

== vector_beyond_frame frame=64
refused: outside of the frame
ENTER
    vpaddd xmm0, xmm0, xmmword ptr [rbp - 72]
LEAVE
PIECES

== vector_writes_base frame=64
refused: the register is not to be written
ENTER
    vpmovmskb ebx, xmm0
LEAVE
PIECES

== vector_extracts_to_base frame=64
refused: the register is not to be written
ENTER
    vpextrq r15, xmm0, 1
LEAVE
PIECES

== vector_of_256_bits frame=64
refused: no instruction that there is
ENTER
    vpaddd ymm0, ymm0, ymm1
LEAVE
PIECES

== heap_of_none frame=64 plain
refused: there is no heap
ENTER
    mov esi, dword ptr [rbp - 128]
    mov r11, qword ptr [r15 + 32]
    mov eax, dword ptr [r11 + rsi]
LEAVE
PIECES

== heap_wide frame=64
refused: a reference is not zero-extended
ENTER
    mov rsi, qword ptr [rbp - 128]
    mov r11, qword ptr [r15 + 32]
    mov eax, dword ptr [r11 + rsi]
LEAVE
PIECES

== heap_scaled frame=64
refused: a reference is not zero-extended
ENTER
    mov esi, dword ptr [rbp - 128]
    mov r11, qword ptr [r15 + 32]
    mov eax, dword ptr [r11 + rsi*2]
LEAVE
PIECES

== heap_far frame=64
refused: the displacement is too large
ENTER
    mov esi, dword ptr [rbp - 128]
    mov r11, qword ptr [r15 + 32]
    mov eax, dword ptr [r11 + rsi + 65533]
LEAVE
PIECES

== heap_furthest frame=64
refused: the displacement is too large
ENTER
    mov esi, dword ptr [rbp - 128]
    mov r11, qword ptr [r15 + 32]
    mov eax, dword ptr [r11 + rsi + 0x7ffffffe]
LEAVE
PIECES

== heap_in_front frame=64
refused: the displacement is too large
ENTER
    mov esi, dword ptr [rbp - 128]
    mov r11, qword ptr [r15 + 32]
    mov eax, dword ptr [r11 + rsi - 4]
LEAVE
PIECES

== record_of_anything frame=64
refused: no field of a type's record
ENTER
    mov esi, dword ptr [rbp - 128]
    mov r11, qword ptr [r15 + 48]
    mov eax, dword ptr [r11 + rsi*8]
LEAVE
PIECES

== record_definition frame=64
refused: no field of a type's record
ENTER
    mov ecx, dword ptr [rbp - 128]
    shr ecx, 6
    lea ecx, [rcx + rcx*4]
    mov r11, qword ptr [r15 + 48]
    mov rax, qword ptr [r11 + rcx*8 + 16]
LEAVE
PIECES

== record_written frame=64
refused: no field of a type's record
ENTER
    mov ecx, dword ptr [rbp - 128]
    shr ecx, 6
    lea ecx, [rcx + rcx*4]
    mov r11, qword ptr [r15 + 48]
    mov dword ptr [r11 + rcx*8], eax
LEAVE
PIECES

== record_base frame=64
refused: a base that is not known
ENTER
    mov ecx, dword ptr [rbp - 128]
    shr ecx, 6
    lea ecx, [rcx + rcx*4]
    mov eax, dword ptr [rcx]
LEAVE
PIECES

== record_moved frame=64
refused: no field of a type's record
ENTER
    mov ecx, dword ptr [rbp - 128]
    shr ecx, 6
    lea ecx, [rcx + rcx*4]
    add ecx, 1
    mov r11, qword ptr [r15 + 48]
    mov eax, dword ptr [r11 + rcx*8]
LEAVE
PIECES

== new_of_nothing frame=64
refused: the field is not written
ENTER
    mov r11, qword ptr [r15 + 16]
    mov edi, dword ptr [r11 + 16]
    lea ecx, [rdi + 0]
    cmp ecx, dword ptr [r11 + 20]
    ja no_room
    mov dword ptr [r11 + 16], ecx
LEAVE
PIECES
no_room: # outline
TRAP 1

== new_back frame=64
refused: the field is not written
ENTER
    mov r11, qword ptr [r15 + 16]
    mov edi, dword ptr [r11 + 16]
    lea ecx, [rdi + -8]
    cmp ecx, dword ptr [r11 + 20]
    ja no_room
    mov dword ptr [r11 + 16], ecx
LEAVE
PIECES
no_room: # outline
TRAP 1

== new_odd frame=64
refused: the field is not written
ENTER
    mov r11, qword ptr [r15 + 16]
    mov edi, dword ptr [r11 + 16]
    lea ecx, [rdi + 12]
    cmp ecx, dword ptr [r11 + 20]
    ja no_room
    mov dword ptr [r11 + 16], ecx
LEAVE
PIECES
no_room: # outline
TRAP 1

== new_large frame=64
refused: the field is not written
ENTER
    mov r11, qword ptr [r15 + 16]
    mov edi, dword ptr [r11 + 16]
    lea ecx, [rdi + 16392]
    cmp ecx, dword ptr [r11 + 20]
    ja no_room
    mov dword ptr [r11 + 16], ecx
LEAVE
PIECES
no_room: # outline
TRAP 1

== new_more frame=64
refused: the field is not written
ENTER
    mov r11, qword ptr [r15 + 16]
    mov edi, dword ptr [r11 + 16]
    lea ecx, [rdi + 16]
    add ecx, 8
    cmp ecx, dword ptr [r11 + 20]
    ja no_room
    mov dword ptr [r11 + 16], ecx
LEAVE
PIECES
no_room: # outline
TRAP 1

== number_struct frame=64
refused: numbers that C does not take
ENTER
SLOW struct_new 0 2 0
LEAVE
PIECES

== number_struct_func frame=64
refused: numbers that C does not take
ENTER
SLOW struct_new 0 0 0
LEAVE
PIECES

== number_struct_none frame=64
refused: numbers that C does not take
ENTER
SLOW struct_new 0 4 0
LEAVE
PIECES

== number_fields frame=64
refused: numbers that C does not take
ENTER
SLOW struct_new 5 1 0
LEAVE
PIECES

== number_default frame=64
refused: numbers that C does not take
ENTER
SLOW struct_new_default 8 1 0
LEAVE
PIECES

== number_array frame=64
refused: numbers that C does not take
ENTER
SLOW array_new_default 0 1 0
LEAVE
PIECES

== number_value frame=64
refused: numbers that C does not take
ENTER
SLOW array_new 6 2 0
LEAVE
PIECES

== number_items frame=64
refused: numbers that C does not take
ENTER
SLOW array_new_fixed 0 2 5
LEAVE
PIECES

== number_items_none frame=64
refused: numbers that C does not take
ENTER
SLOW array_new_fixed 8 3 0
LEAVE
PIECES

== number_refs frame=64
refused: numbers that C does not take
ENTER
SLOW array_new_elem 0 2 0
LEAVE
PIECES

== number_refs_elem frame=64
refused: numbers that C does not take
ENTER
SLOW array_init_elem 0 3 1
LEAVE
PIECES

== number_array_data frame=64
refused: numbers that C does not take
ENTER
SLOW array_new_data 0 2 0
LEAVE
PIECES

== number_cast frame=64
refused: numbers that C does not take
ENTER
SLOW cast 7 1 0
LEAVE
PIECES

== atomic_slot frame=64
refused: an atomic access of what is no memory
ENTER
    lock xadd qword ptr [rbp - 128], rax
LEAVE
PIECES

== atomic_unaligned frame=64 guarded
refused: not known to be aligned
ENTER
    mov esi, dword ptr [rbp - 128]
    xchg dword ptr [rbx + rsi], eax
LEAVE
PIECES

== atomic_displaced frame=64 guarded
refused: not known to be aligned
ENTER
    mov esi, dword ptr [rbp - 128]
    test esi, 3
    jne unaligned
    xchg dword ptr [rbx + rsi + 2], eax
LEAVE
PIECES
unaligned: # outline
TRAP 18

== atomic_wider frame=64 guarded
refused: not known to be aligned
ENTER
    mov esi, dword ptr [rbp - 128]
    test esi, 3
    jne unaligned
    lock cmpxchg qword ptr [rbx + rsi], rcx
LEAVE
PIECES
unaligned: # outline
TRAP 18

== atomic_sum frame=64 guarded
refused: not known to be aligned
ENTER
    mov esi, dword ptr [rbp - 128]
    test esi, 7
    jne unaligned
    add esi, 4
    lock cmpxchg qword ptr [rbx + rsi], rcx
LEAVE
PIECES
unaligned: # outline
TRAP 18

== atomic_unchecked frame=64
refused: not checked
ENTER
    mov esi, dword ptr [rbp - 128]
    test esi, 7
    jne unaligned
    lock cmpxchg qword ptr [rbx + rsi], rcx
LEAVE
PIECES
unaligned: # outline
TRAP 18

== atomic_endless frame=64 guarded
refused: a branch to no label
ENTER
    mov esi, dword ptr [rbp - 128]
    test esi, 7
    jne unaligned
    mov r8, rax
    or rdi, r8
    lock cmpxchg qword ptr [rbx + rsi], r8
    .byte 0x75, 0xf2
LEAVE
PIECES
unaligned: # outline
TRAP 18
