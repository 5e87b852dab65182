// handlers.h -- one handler per operation, dull from top to bottom. Included by interp.c, as functions
// or as labels of one function. Words after the first are named in the comment before each group.

#if TAIL_CALLS
#include "interp/slow.h"
#endif

#define NEXT(words)                                                                                \
    do {                                                                                           \
        ip += (words);                                                                             \
        DISPATCH();                                                                                \
    } while (0)
// A branch that is taken; any loop takes one. The distance is in the upper half of the first word, or in the lower
// half of the second.
#define LOOK_UP()                                                                                  \
    do {                                                                                           \
        u32 why_ = atomic_load_explicit(&x->interrupt, memory_order_relaxed);                      \
        if (UNLIKELY(why_)) TRAP_NOW((Trap)why_);                                                  \
    } while (0)
#if defined __OPTIMIZE_SIZE__ && !TAIL_CALLS // where size counts, one piece of code for all
#define JUMP() goto jump
#define JUMP_1() goto jump_1
jump:
    LOOK_UP();
    NEXT(IMM);
jump_1:
    LOOK_UP();
    NEXT(1 + (s32)ip[1]);
#define PUT_NEXT(value, words)                                                                     \
    do {                                                                                           \
        put = (value);                                                                             \
        goto put_##words;                                                                          \
    } while (0)
u64 put;
put_3:
    ip++;
put_2:
    ip++;
put_1:
    fp[DST] = put;
    NEXT(1);
#else
#define PUT_NEXT(value, words) /* a result, and on */                                              \
    do {                                                                                           \
        fp[DST] = (value);                                                                         \
        NEXT(words);                                                                               \
    } while (0)
#define JUMP()                                                                                     \
    do {                                                                                           \
        LOOK_UP();                                                                                 \
        NEXT(IMM);                                                                                 \
    } while (0)
#define JUMP_1()                                                                                   \
    do {                                                                                           \
        LOOK_UP();                                                                                 \
        NEXT(1 + (s32)ip[1]);                                                                      \
    } while (0)
#endif
#define TRAP_IF_ANY(trap)                                                                          \
    do {                                                                                           \
        Trap trap_ = (trap);                                                                       \
        if (UNLIKELY(trap_)) TRAP_NOW(trap_);                                                      \
    } while (0)

HANDLER(trap) // imm: which; traps know their reason
{
    TRAP_NOW((Trap)IMM);
}

// Numbers. _rk, _kr: word 1 is the constant.
#define UNARY(name, P, R)                                                                          \
    HANDLER(name##_r)                                                                              \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        u64 result = PUT_##R(eval_##name(GET_##P(fp[A]), &trap));                                  \
        if (UNLIKELY(trap)) TRAP_NOW(trap);                                                        \
        PUT_NEXT(result, 1);                                                                       \
    }
#define BINARY(name, P, R)                                                                         \
    HANDLER(name##_rr)                                                                             \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        u64 result = PUT_##R(eval_##name(GET_##P(fp[A]), GET_##P(fp[B]), &trap));                  \
        if (UNLIKELY(trap)) TRAP_NOW(trap);                                                        \
        PUT_NEXT(result, 1);                                                                       \
    }                                                                                              \
    HANDLER(name##_rk)                                                                             \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        u64 result = PUT_##R(eval_##name(GET_##P(fp[A]), GET_##P(ip[1]), &trap));                  \
        if (UNLIKELY(trap)) TRAP_NOW(trap);                                                        \
        PUT_NEXT(result, 2);                                                                       \
    }                                                                                              \
    HANDLER(name##_kr)                                                                             \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        u64 result = PUT_##R(eval_##name(GET_##P(ip[1]), GET_##P(fp[A]), &trap));                  \
        if (UNLIKELY(trap)) TRAP_NOW(trap);                                                        \
        PUT_NEXT(result, 2);                                                                       \
    }
#define RUN_i_i(name) UNARY(name, i, i)
#define RUN_i_l(name) UNARY(name, i, l)
#define RUN_i_f(name) UNARY(name, i, f)
#define RUN_i_d(name) UNARY(name, i, d)
#define RUN_l_i(name) UNARY(name, l, i)
#define RUN_l_l(name) UNARY(name, l, l)
#define RUN_l_f(name) UNARY(name, l, f)
#define RUN_l_d(name) UNARY(name, l, d)
#define RUN_f_i(name) UNARY(name, f, i)
#define RUN_f_l(name) UNARY(name, f, l)
#define RUN_f_f(name) UNARY(name, f, f)
#define RUN_f_d(name) UNARY(name, f, d)
#define RUN_d_i(name) UNARY(name, d, i)
#define RUN_d_l(name) UNARY(name, d, l)
#define RUN_d_f(name) UNARY(name, d, f)
#define RUN_d_d(name) UNARY(name, d, d)
#define RUN_ii_i(name) BINARY(name, i, i)
#define RUN_ll_i(name) BINARY(name, l, i)
#define RUN_ff_i(name) BINARY(name, f, i)
#define RUN_dd_i(name) BINARY(name, d, i)
#define RUN_ll_l(name) BINARY(name, l, l)
#define RUN_ff_f(name) BINARY(name, f, f)
#define RUN_dd_d(name) BINARY(name, d, d)
#define PURE(name, text, opcode, sig, since, ...) RUN_##sig(name)
#include "op/op.def"

// Compare and branch. _r: imm is the distance. _rr: sources are dst and a. _rk: source is dst.
// _rr, _rk: word 1 is the distance in its lower half and the constant, sign-extended, in its upper.
#define BRANCH_1(name, variant, P, taken)                                                          \
    HANDLER(name##_##variant##_r)                                                                  \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        if (taken(eval_##name(GET_##P(fp[DST]), &trap))) JUMP();                                   \
        NEXT(1);                                                                                   \
    }
#define BRANCH_2(name, variant, P, taken)                                                          \
    HANDLER(name##_##variant##_rr)                                                                 \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        if (taken(eval_##name(GET_##P(fp[DST]), GET_##P(fp[A]), &trap))) JUMP_1();                 \
        NEXT(2);                                                                                   \
    }                                                                                              \
    HANDLER(name##_##variant##_rk)                                                                 \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        if (taken(eval_##name(GET_##P(fp[DST]), GET_##P((u64)((s64)ip[1] >> 32)), &trap))) JUMP_1(); \
        NEXT(2);                                                                                   \
    }
#define IF_TRUE(v) (v)
#define IF_FALSE(v) !(v)
#define BRANCH1(name, P) BRANCH_1(name, br, P, IF_TRUE) BRANCH_1(name, no, P, IF_FALSE)
#define BRANCH2(name, P) BRANCH_2(name, br, P, IF_TRUE) BRANCH_2(name, no, P, IF_FALSE)
#include "interp/branch.def"

// Loads and stores in memory 0 with 32-bit addresses. _r: dst, a: address, b: offset. _k: dst, a, and in word 1
// what is added to the address, modulo 2^32, with the offset in the upper half. _c: dst, imm: address.
// _x: any memory; dst, a: address; word 1 is the offset, word 2 the memory.
#define ACCESS(bytes, where)                                                                       \
    u64 address = (where);                                                                         \
    if (UNLIKELY(address + (bytes) > mem_size)) TRAP_NOW(TRAP_out_of_bounds_memory_access);        \
    u8 *at = mem + address
#define ACCESS_X(bytes, address_slot)                                                              \
    u8 *at;                                                                                        \
    TRAP_IF_ANY(slow_address(func->instance->memories[ip[2]], fp[address_slot], ip[1], bytes, &at))
#define RAW_8 u8
#define RAW_16 u16
#define RAW_32 u32
#define RAW_64 u64
#define WIDEN_N(bits, R, v) ((u64)(v))
#define WIDEN_U(bits, R, v) ((u64)(v))
#define WIDEN_S(bits, R, v) WIDEN_S_##R(bits, v)
#define WIDEN_S_i_i(bits, v) ((u64)(u32)(s32)(s##bits)(v))
#define WIDEN_S_i_l(bits, v) ((u64)(s64)(s##bits)(v))
#define WITH_OFFSET(slot) ((u64)(u32)fp[slot] + B)
#define WITH_SUM(slot) ((u64)((u32)fp[slot] + (u32)ip[1]) + (ip[1] >> 32))
#define LOAD_AT(access, bits, extend, sig, words)                                                  \
    {                                                                                              \
        access;                                                                                    \
        RAW_##bits raw;                                                                            \
        memcpy(&raw, at, sizeof raw);                                                              \
        PUT_NEXT(WIDEN_##extend(bits, sig, raw), words);                                           \
    }
#define LOAD(name, text, opcode, sig, since, bits, extend)                                         \
    HANDLER(name##_r) LOAD_AT(ACCESS(bits / 8, WITH_OFFSET(A)), bits, extend, sig, 1)              \
    HANDLER(name##_k) LOAD_AT(ACCESS(bits / 8, WITH_SUM(A)), bits, extend, sig, 2)                 \
    HANDLER(name##_c) LOAD_AT(ACCESS(bits / 8, (u32)IMM), bits, extend, sig, 1)                    \
    HANDLER(name##_x) LOAD_AT(ACCESS_X(bits / 8, A), bits, extend, sig, 3)
// Stores: dst is the address, a the value, b the offset. _c: dst is the value. _v: a is the value itself, signed.
#define STORE(name, text, opcode, sig, since, bits) STORE_##bits(name)
#define STORE_128(name)
#define STORE_8(name) STORE_OF(name, 8)
#define STORE_16(name) STORE_OF(name, 16)
#define STORE_32(name) STORE_OF(name, 32)
#define STORE_64(name) STORE_OF(name, 64)
#define STORE_AT(access, bits, value, words)                                                       \
    {                                                                                              \
        access;                                                                                    \
        RAW_##bits raw = (RAW_##bits)(value);                                                      \
        memcpy(at, &raw, sizeof raw);                                                              \
        NEXT(words);                                                                               \
    }
#define STORE_OF(name, bits)                                                                       \
    HANDLER(name##_r) STORE_AT(ACCESS(bits / 8, WITH_OFFSET(DST)), bits, fp[A], 1)                 \
    HANDLER(name##_k) STORE_AT(ACCESS(bits / 8, WITH_SUM(DST)), bits, fp[A], 2)                    \
    HANDLER(name##_c) STORE_AT(ACCESS(bits / 8, (u32)IMM), bits, fp[DST], 1)                       \
    HANDLER(name##_v) STORE_AT(ACCESS(bits / 8, WITH_OFFSET(DST)), bits, (u64)(s64)(s16)A, 1)      \
    HANDLER(name##_x) STORE_AT(ACCESS_X(bits / 8, DST), bits, fp[A], 3)
#include "op/op.def"

#ifndef WEFT_MICRO
#include "interp/vector.h"
#endif

// Entry of a translated function. dst: first slot to zero, imm: one past the last; word 1: slots of the
// frame, and of a record more, so that the next call can always be written down.
HANDLER(enter)
{
    u32 end = (u32)IMM;
    if (UNLIKELY((u8 *)rec - (u8 *)fp < (s64)ip[1] * 8)) TRAP_NOW(TRAP_call_stack_exhausted);
    LOOK_UP();
    for (u32 i = DST; i < end; i++) fp[i] = 0;
    NEXT(2);
}

HANDLER(translate)
{
    SAVE();
    TRAP_IF_ANY(interp_translate(x, func));
    ip = func->entry;
    DISPATCH();
}

#define RETURN()                                                                                   \
    do {                                                                                           \
        Func *from = func;                                                                         \
        ip = rec->ip;                                                                              \
        fp = rec->frame;                                                                           \
        func = rec->func;                                                                          \
        rec++;                                                                                     \
        if (UNLIKELY(func->instance != from->instance) && func->instance) LOAD_MEMORY();           \
        DISPATCH();                                                                                \
    } while (0)

// Behind interp_unwind, which found who catches it.
#define GO_ON_CAUGHT()                                                                             \
    do {                                                                                           \
        ip = x->ip;                                                                                \
        fp = x->frame;                                                                             \
        func = x->func;                                                                            \
        rec = x->record;                                                                           \
        LOAD_MEMORY();                                                                             \
        DISPATCH();                                                                                \
    } while (0)

HANDLER(host)
{
    Trap trap = slow_host(x, func, rec, fp);
    if (interp_unwinds && UNLIKELY(trap == TRAP_uncaught_exception)) {
        trap = interp_unwind_call(x, rec, x->exception);
        if (!trap) GO_ON_CAUGHT();
    }
    if (UNLIKELY(trap)) STOP(trap); // the state stays the caller's
    ip = rec->ip;
    fp = rec->frame;
    func = rec->func;
    rec++;
    if (func->instance) LOAD_MEMORY(); // the host may have grown it
    DISPATCH();
}

HANDLER(exit)
{
    STOP(TRAP_none);
}

HANDLER(charge) // imm: fuel for the code up to the next one
{
    u32 units = (u32)IMM;
    if (UNLIKELY(x->fuel < units)) TRAP_NOW(TRAP_out_of_fuel);
    x->fuel -= units;
    NEXT(1);
}

HANDLER(br)
{
    JUMP();
}
HANDLER(br_if)
{
    if ((u32)fp[DST]) JUMP();
    NEXT(1);
}
HANDLER(add_br_if) // dst = a + b, signed, and a branch if it is not zero; word 1: distance
{
    u32 sum = (u32)fp[A] + (u32)(s32)(s16)B;
    fp[DST] = sum;
    if (sum) JUMP_1();
    NEXT(2);
}
HANDLER(br_unless)
{
    if (!(u32)fp[DST]) JUMP();
    NEXT(1);
}
HANDLER(br_null)
{
    if (fp[DST] == REF_NULL) JUMP();
    NEXT(1);
}
HANDLER(br_non_null)
{
    if (fp[DST] != REF_NULL) JUMP();
    NEXT(1);
}
HANDLER(br_table) // dst: index, imm: how many before the default; a word of distance for each
{
    u32 i = (u32)fp[DST], count = (u32)IMM;
    LOOK_UP();
    ip += 1 + MIN(i, count);
    NEXT((s32)*ip);
}

HANDLER(return_0)
{
    RETURN();
}
HANDLER(return_1) // dst: the result
{
    fp[0] = fp[DST];
    RETURN();
}
HANDLER(return_n) // dst: first of imm slots
{
    memmove(fp, fp + DST, (size_t)(u32)IMM * 8);
    RETURN();
}

// Calls. dst: the first argument, where the callee's frame starts.
#define PUSH_RECORD(words) (*--rec = (Record){ip + (words), fp, func})
#define CALL(callee, words)                                                                        \
    do {                                                                                           \
        Func *callee_ = (callee);                                                                  \
        PUSH_RECORD(words);                                                                        \
        fp += DST;                                                                                 \
        ip = callee_->entry;                                                                       \
        bool far_ = callee_->instance != func->instance;                                           \
        func = callee_;                                                                            \
        if (UNLIKELY(far_) && func->instance) LOAD_MEMORY();                                       \
        DISPATCH();                                                                                \
    } while (0)
// A tail call moves its arguments (word 1: slots) to the frame's start and leaves no record.
#define TAIL_CALL(callee)                                                                          \
    do {                                                                                           \
        Func *callee_ = (callee);                                                                  \
        memmove(fp, fp + DST, (size_t)ip[1] * 8);                                                  \
        ip = callee_->entry;                                                                       \
        bool far_ = callee_->instance != func->instance;                                           \
        func = callee_;                                                                            \
        if (UNLIKELY(far_) && func->instance) LOAD_MEMORY();                                       \
        DISPATCH();                                                                                \
    } while (0)

HANDLER(call) // imm: index of a function defined in this module
{
    Func *callee = func->instance->own_funcs + (u32)IMM;
    PUSH_RECORD(1);
    fp += DST;
    func = callee;
    ip = callee->entry;
    DISPATCH();
}
HANDLER(call_import) // imm: function index
{
    CALL(func->instance->funcs[(u32)IMM], 1);
}
HANDLER(call_indirect) // a: index; word 1: type, and table in the upper half
{
    Func *callee;
    const Instance *inst = func->instance;
    TRAP_IF_ANY(slow_callee(inst, inst->tables[(u32)(ip[1] >> 32)], fp[A], (TypeId)ip[1], &callee));
    CALL(callee, 2);
}
HANDLER(call_ref) // a: the reference
{
    if (fp[A] == REF_NULL) TRAP_NOW(TRAP_null_function_reference);
    CALL(ref_to_func(x->store, (Ref)fp[A]), 1);
}
HANDLER(return_call) // imm: function index
{
    TAIL_CALL(func->instance->funcs[(u32)IMM]);
}
HANDLER(return_call_indirect) // word 2: type and table
{
    Func *callee;
    const Instance *inst = func->instance;
    TRAP_IF_ANY(slow_callee(inst, inst->tables[(u32)(ip[2] >> 32)], fp[A], (TypeId)ip[2], &callee));
    TAIL_CALL(callee);
}
HANDLER(return_call_ref)
{
    if (fp[A] == REF_NULL) TRAP_NOW(TRAP_null_function_reference);
    TAIL_CALL(ref_to_func(x->store, (Ref)fp[A]));
}

HANDLER(throw) // dst: the first value; imm: tag
{
    if (!interp_unwinds) TRAP_NOW(TRAP_not_executable);
    SAVE();
    Trap trap = interp_unwind(x, func->instance->tags[(u32)IMM], fp + DST, REF_NULL);
    if (trap) STOP(trap);
    GO_ON_CAUGHT();
}
HANDLER(throw_ref) // dst: the exception
{
    Ref ref = (Ref)fp[DST];
    if (!interp_unwinds) TRAP_NOW(TRAP_not_executable);
    if (ref == REF_NULL) TRAP_NOW(TRAP_null_exception_reference);
    SAVE();
    const Exception *exception = ref_to_exception(x->store, ref);
    Trap trap = interp_unwind(x, exception->tag, exception->values, ref);
    if (trap) STOP(trap);
    GO_ON_CAUGHT();
}

// Moves
HANDLER(copy)
{
    fp[DST] = fp[A];
    NEXT(1);
}
HANDLER(copy_2)
{
    u64 low = fp[A], high = fp[A + 1];
    fp[DST] = low;
    fp[DST + 1] = high;
    NEXT(1);
}
HANDLER(copy_n) // b: slots
{
    memmove(fp + DST, fp + A, (size_t)B * 8);
    NEXT(1);
}
HANDLER(const_32) // imm: sign-extended
{
    fp[DST] = (u64)(s64)IMM;
    NEXT(1);
}
HANDLER(const_64) // word 1
{
    fp[DST] = ip[1];
    NEXT(2);
}
HANDLER(select) // a, b; word 1: the condition's slot
{
    fp[DST] = (u32)fp[ip[1]] ? fp[A] : fp[B];
    NEXT(2);
}
HANDLER(select_2)
{
    u32 from = (u32)fp[ip[1]] ? A : B;
    u64 low = fp[from], high = fp[from + 1];
    fp[DST] = low;
    fp[DST + 1] = high;
    NEXT(2);
}

// Globals: dst or source, imm: index
HANDLER(global_get)
{
    fp[DST] = func->instance->globals[(u32)IMM]->value[0];
    NEXT(1);
}
HANDLER(global_set)
{
    func->instance->globals[(u32)IMM]->value[0] = fp[DST];
    NEXT(1);
}
HANDLER(global_get_2)
{
    memcpy(&fp[DST], func->instance->globals[(u32)IMM]->value, 16);
    NEXT(1);
}
HANDLER(global_set_2)
{
    memcpy(func->instance->globals[(u32)IMM]->value, &fp[DST], 16);
    NEXT(1);
}

// Tables. Operands of those with several are in a row from dst on; word 1 holds the index or indices.
HANDLER(table_get) // a: index
{
    const Table *t = func->instance->tables[ip[1]];
    u64 i = table_width(t, fp[A]);
    if (UNLIKELY(i >= t->size)) TRAP_NOW(TRAP_out_of_bounds_table_access);
    fp[DST] = t->elems[i];
    NEXT(2);
}
HANDLER(table_set)
{
    Table *t = func->instance->tables[ip[1]];
    u64 i = table_width(t, fp[DST]);
    if (UNLIKELY(i >= t->size)) TRAP_NOW(TRAP_out_of_bounds_table_access);
    t->elems[i] = (Ref)fp[DST + 1];
    NEXT(2);
}
HANDLER(table_init)
{
    Instance *inst = func->instance;
    Table *t = inst->tables[ip[1] >> 32];
    const u64 *v = fp + DST;
    TRAP_IF_ANY(table_init(x, inst, t, (u32)ip[1], table_width(t, v[0]), (u32)v[1], (u32)v[2]));
    NEXT(2);
}
HANDLER(elem_drop)
{
    func->instance->elem_dropped[ip[1]] = true;
    NEXT(2);
}
HANDLER(table_copy)
{
    TRAP_IF_ANY(slow_table_copy(x, func->instance, (u32)ip[1], (u32)(ip[1] >> 32), fp + DST));
    NEXT(2);
}
HANDLER(table_grow)
{
    Table *t = func->instance->tables[ip[1]];
    s64 old;
    TRAP_IF_ANY(exec_table_grow(x, t, table_width(t, fp[DST + 1]), (Ref)fp[DST], &old));
    fp[DST] = table_width(t, (u64)old);
    NEXT(2);
}
HANDLER(table_size)
{
    fp[DST] = func->instance->tables[ip[1]]->size;
    NEXT(2);
}
HANDLER(table_fill)
{
    Table *t = func->instance->tables[ip[1]];
    const u64 *v = fp + DST;
    TRAP_IF_ANY(table_fill(x, t, table_width(t, v[0]), (Ref)v[1], table_width(t, v[2])));
    NEXT(2);
}

// Memories, likewise
HANDLER(memory_size)
{
    fp[DST] = func->instance->memories[ip[1]]->pages;
    NEXT(2);
}
HANDLER(memory_grow)
{
    Memory *m = func->instance->memories[ip[1]];
    s64 old;
    TRAP_IF_ANY(exec_memory_grow(x, m, mem_width(m, fp[DST]), &old));
    fp[DST] = mem_width(m, (u64)old);
    LOAD_MEMORY();
    NEXT(2);
}
HANDLER(memory_init)
{
    Instance *inst = func->instance;
    Memory *m = inst->memories[ip[1] >> 32];
    const u64 *v = fp + DST;
    TRAP_IF_ANY(memory_init(x, inst, m, (u32)ip[1], mem_width(m, v[0]), (u32)v[1], (u32)v[2]));
    NEXT(2);
}
HANDLER(data_drop)
{
    func->instance->data_dropped[ip[1]] = true;
    NEXT(2);
}
HANDLER(memory_copy)
{
    TRAP_IF_ANY(slow_memory_copy(x, func->instance, (u32)ip[1], (u32)(ip[1] >> 32), fp + DST));
    NEXT(2);
}
HANDLER(memory_fill)
{
    Memory *m = func->instance->memories[ip[1]];
    const u64 *v = fp + DST;
    TRAP_IF_ANY(memory_fill(x, m, mem_width(m, v[0]), (u8)v[1], mem_width(m, v[2])));
    NEXT(2);
}

// References
HANDLER(ref_func) // imm: function index
{
    fp[DST] = ref_of_func(x->store, func->instance->funcs[(u32)IMM]);
    NEXT(1);
}
HANDLER(ref_is_null)
{
    fp[DST] = fp[A] == REF_NULL;
    NEXT(1);
}
HANDLER(ref_eq)
{
    fp[DST] = fp[A] == fp[B];
    NEXT(1);
}
HANDLER(ref_as_non_null) // checks in place
{
    if (UNLIKELY(fp[DST] == REF_NULL)) TRAP_NOW(TRAP_null_reference);
    NEXT(1);
}

// Wide arithmetic: operands and results in place from dst on
#define WIDE(name, ...)                                                                            \
    HANDLER(name)                                                                                  \
    {                                                                                              \
        u64 *v = fp + DST, out[2];                                                                 \
        eval_##name(__VA_ARGS__, out);                                                             \
        v[0] = out[0];                                                                             \
        v[1] = out[1];                                                                             \
        NEXT(1);                                                                                   \
    }
WIDE(i64_add128, v[0], v[1], v[2], v[3])
WIDE(i64_sub128, v[0], v[1], v[2], v[3])
WIDE(i64_mul_wide_s, v[0], v[1])
WIDE(i64_mul_wide_u, v[0], v[1])
