// gc.h -- the handlers of operations on structures and arrays that are not in gc_steps.h: vectors,
// what makes them, what takes long, casts. Included by handlers.h.

HANDLER(struct_get_128)
{
    if (UNLIKELY((Ref)fp[A] == REF_NULL)) TRAP_NOW(TRAP_null_structure_reference);
    memcpy(fp + DST, HEAP_AT((Ref)fp[A] + B), 16);
    NEXT(1);
}
HANDLER(struct_set_128)
{
    if (UNLIKELY((Ref)fp[DST] == REF_NULL)) TRAP_NOW(TRAP_null_structure_reference);
    memcpy(HEAP_AT((Ref)fp[DST] + B), fp + A, 16);
    NEXT(1);
}
// The usual ones go on here where the object is old.
RARE_HANDLER(struct_set_old)
{
    Ref ref = (Ref)fp[DST];
    heap_log(x, ref, 0, 0);
    memcpy(HEAP_AT(ref + B), fp + A, sizeof ref);
    NEXT(1);
}
HANDLER(struct_set_ref)
{
    u32 head;
    Ref ref = (Ref)fp[DST];
    if (UNLIKELY(ref == REF_NULL)) TRAP_NOW(TRAP_null_structure_reference);
    memcpy(&head, HEAP_AT(ref), sizeof head);
    if (UNLIKELY(head & HEAD_OLD)) GO_ON_IN(struct_set_old);
    memcpy(HEAP_AT(ref + B), fp + A, sizeof ref);
    NEXT(1);
}
HANDLER(array_get_128)
{
    u8 *at;
    Trap trap;
    if (!find_element(inst, (Ref)fp[A], (u32)fp[B], 16, &at, &trap)) TRAP_NOW(trap);
    memcpy(fp + DST, at, 16);
    NEXT(1);
}
HANDLER(array_set_128)
{
    u8 *at;
    Trap trap;
    if (!find_element(inst, (Ref)fp[DST], (u32)fp[A], 16, &at, &trap)) TRAP_NOW(trap);
    memcpy(at, fp + B, 16);
    NEXT(1);
}

RARE_HANDLER(array_set_old)
{
    Ref ref = (Ref)fp[DST];
    u32 index = (u32)fp[A];
    heap_log(x, ref, index, 1);
    memcpy(HEAP_AT(ref + (u32)offsetof(ArrayObject, items) + index * 4), fp + B, sizeof ref);
    NEXT(1);
}
HANDLER(array_set_ref)
{
    u8 *at;
    Trap trap;
    u32 head;
    Ref ref = (Ref)fp[DST];
    if (!find_element(inst, ref, (u32)fp[A], sizeof ref, &at, &trap)) TRAP_NOW(trap);
    memcpy(&head, HEAP_AT(ref), sizeof head);
    if (UNLIKELY(head & HEAD_OLD)) GO_ON_IN(array_set_old);
    memcpy(at, fp + B, sizeof ref);
    NEXT(1);
}

// A field beyond 64 KiB. b: which; word 1: type, of gets with the sign of what is packed above it
#define FAR_FIELD(ref)                                                                             \
    if (UNLIKELY((ref) == REF_NULL)) TRAP_NOW(TRAP_null_structure_reference);                      \
    TypeId id = inst->types[(u32)ip[1]];                                                           \
    const FieldType *field = &type_def(inst->store->types, id)->fields[B];                         \
    u8 *at = HEAP_AT((ref) + field->at)
HANDLER(struct_get_far)
{
    FAR_FIELD((Ref)fp[A]);
    object_get(at, field->type, ip[1] >> 32, fp + DST);
    NEXT(2);
}
HANDLER(struct_set_far)
{
    FAR_FIELD((Ref)fp[DST]);
    heap_barrier(x, (Ref)fp[DST], 0, 0);
    object_set(at, field->type, fp + A);
    NEXT(2);
}

// dst: where the operands begin, and the result; a: eighths of the size, b: fields; word 1: type,
// then 16 bits for each field: where it is, and in the lowest three log2 of its size.
RARE_HANDLER(struct_new_slow)
{
    SAVE();
    TRAP_IF_ANY(object_struct_new(x, inst, &x->at, (u32)ip[1], fp + DST));
    NEXT(2 + (B + 3) / 4);
}
#define BUMP(bytes, slow)                                                                          \
    u32 size = (bytes), ref = x->alloc;                                                            \
    if (UNLIKELY(x->alloc_end - ref < size)) GO_ON_IN(slow);                                       \
    x->alloc = ref + size;                                                                         \
    u8 *object = HEAP_AT(ref);                                                                     \
    u32 head = inst->types[(u32)ip[1]] << HEAD_BITS;                                               \
    memcpy(object, &head, sizeof head)
HANDLER(struct_new)
{
    BUMP(A * 8u, struct_new_slow);
    u64 *slot = fp + DST;
    const u16 *field = (const u16 *)(ip + 2);
    for (u32 i = B; i; i--, field++) {
        u8 *at = object + (*field >> 3);
        switch (*field & 7) {
        case 0: *at = (u8)*slot++; break;
        case 1: memcpy(at, slot++, 2); break;
        case 2: memcpy(at, slot++, 4); break;
        case 3: memcpy(at, slot++, 8); break;
        default: memcpy(at, slot, 16); slot += 2; break;
        }
    }
    fp[DST] = ref;
    NEXT(2 + (B + 3) / 4);
}
HANDLER(struct_new_any) // word 1: type
{
    SAVE();
    TRAP_IF_ANY(object_struct_new(x, inst, &x->at, (u32)ip[1], fp + DST));
    NEXT(2);
}
RARE_HANDLER(struct_new_default_slow)
{
    SAVE();
    TRAP_IF_ANY(object_struct_new_default(x, inst, &x->at, (u32)ip[1], fp + DST));
    NEXT(2);
}
// a: eighths of the size; b: where the descriptor, which is at dst, goes, in words of 4 bytes, or
// 0; word 1: type
HANDLER(struct_new_default)
{
    BUMP(A * 8u, struct_new_default_slow);
    const u64 none = 0;
    memcpy(object + sizeof head, &none, 4);
    for (u32 i = 8; i < size; i += 8) memcpy(object + i, &none, 8);
    if (B) memcpy(object + B * 4u, fp + DST, sizeof(Ref));
    fp[DST] = ref;
    NEXT(2);
}

// Operands in a row from dst on; word 1: type, and in the upper half what else is named
#define OF_ARRAY(name, ...)                                                                        \
    HANDLER(array_##name)                                                                          \
    {                                                                                              \
        SAVE();                                                                                    \
        TRAP_IF_ANY(object_array_##name(x, inst, __VA_ARGS__, fp + DST));                          \
        NEXT(2);                                                                                   \
    }
#define TYPE_IN_WORD (u32)ip[1]
#define OTHER_IN_WORD (u32)(ip[1] >> 32)
OF_ARRAY(new, &x->at, TYPE_IN_WORD)
OF_ARRAY(new_default, &x->at, TYPE_IN_WORD)
OF_ARRAY(new_fixed, &x->at, TYPE_IN_WORD, OTHER_IN_WORD)
OF_ARRAY(new_data, &x->at, TYPE_IN_WORD, OTHER_IN_WORD)
OF_ARRAY(new_elem, &x->at, TYPE_IN_WORD, OTHER_IN_WORD)
OF_ARRAY(fill, TYPE_IN_WORD)
OF_ARRAY(copy, TYPE_IN_WORD)
OF_ARRAY(init_data, TYPE_IN_WORD, OTHER_IN_WORD)
OF_ARRAY(init_elem, TYPE_IN_WORD, OTHER_IN_WORD)

// Casts. dst, a; b: ACCEPT_. Branches: dst: the reference, a: ACCEPT_, and in word 1 the distance.
// The target's type, where it has one, is in the upper half of word 1.
#define TYPE_OF_CAST (u32)(ip[1] >> 32)
#define CASTS(how)                                                                                 \
    HANDLER(ref_test_##how)                                                                        \
    {                                                                                              \
        Cast is = cast_##how(inst, (Ref)fp[A], B, TYPE_OF_CAST);                                   \
        if (UNLIKELY(is == CAST_unknown)) GO_ON_IN(ref_test_any);                                  \
        PUT_NEXT((u64)is, 2);                                                                      \
    }                                                                                              \
    HANDLER(ref_cast_##how)                                                                        \
    {                                                                                              \
        Cast is = cast_##how(inst, (Ref)fp[A], B, TYPE_OF_CAST);                                   \
        if (UNLIKELY(is == CAST_unknown)) GO_ON_IN(ref_cast_any);                                  \
        if (UNLIKELY(!is)) TRAP_NOW(TRAP_cast_failure);                                            \
        PUT_NEXT(fp[A], 2);                                                                        \
    }                                                                                              \
    HANDLER(br_cast_##how)                                                                         \
    {                                                                                              \
        Cast is = cast_##how(inst, (Ref)fp[DST], A, TYPE_OF_CAST);                                 \
        if (UNLIKELY(is == CAST_unknown)) GO_ON_IN(br_cast_any);                                   \
        if (is) JUMP_2();                                                                          \
        NEXT(2);                                                                                   \
    }                                                                                              \
    HANDLER(br_no_cast_##how)                                                                      \
    {                                                                                              \
        Cast is = cast_##how(inst, (Ref)fp[DST], A, TYPE_OF_CAST);                                 \
        if (UNLIKELY(is == CAST_unknown)) GO_ON_IN(br_no_cast_any);                                \
        if (!is) JUMP_2();                                                                         \
        NEXT(2);                                                                                   \
    }
CASTS(any)
CASTS(data)
CASTS(kind)

// The same with a descriptor. dst, a; b: that; word 1: ACCEPT_, and the type. Branches: dst; a:
// that; b: ACCEPT_.
#define IS_DESCRIBED(ref, descriptor, accept)                                                      \
    if (UNLIKELY((Ref)fp[descriptor] == REF_NULL)) TRAP_NOW(TRAP_null_descriptor_reference);       \
    bool is = ref_described(inst, (Ref)fp[ref], (Ref)fp[descriptor], TYPE_OF_CAST, accept)
HANDLER(ref_cast_desc)
{
    IS_DESCRIBED(A, B, (u32)ip[1]);
    if (UNLIKELY(!is)) TRAP_NOW(TRAP_descriptor_cast_failure);
    PUT_NEXT(fp[A], 2);
}
HANDLER(br_cast_desc)
{
    IS_DESCRIBED(DST, A, B);
    if (is) JUMP_2();
    NEXT(2);
}
HANDLER(br_no_cast_desc)
{
    IS_DESCRIBED(DST, A, B);
    if (!is) JUMP_2();
    NEXT(2);
}
