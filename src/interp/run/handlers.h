// handlers.h -- one handler per operation, dull from top to bottom. Included by interp.c, as
// functions or as labels of one function. What has one result, stores, or branches is in steps.h;
// the rest is here, with words after the first named in the comment before each group.

#define NEXT(words)                                                                                \
    do {                                                                                           \
        ip += (words);                                                                             \
        DISPATCH();                                                                                \
    } while (0)
// What is rare or takes a call is in handlers that no operation names (RARE_HANDLER); the usual
// ones go on there, and so need no stack.
//
// Is the fiber to stop? Asked at a function's entry, and behind each jump to a loop, where
// everything is home.
#define ASKED() UNLIKELY(exec_stop_word(x))
// A branch that is taken. The distance is in the upper half of its only word, or in the lower half
// of the second.
#define TAKE_1()                                                                                   \
    do {                                                                                           \
        if (ASKED()) GO_ON_IN(take_upper);                                                         \
        ip += IMM;                                                                                 \
        DISPATCH();                                                                                \
    } while (0)
#define TAKE_LOWER()                                                                               \
    do {                                                                                           \
        if (ASKED()) GO_ON_IN(take_lower);                                                         \
        ip += (s32)*ip;                                                                            \
        DISPATCH();                                                                                \
    } while (0)
#define TAKE_2()                                                                                   \
    do {                                                                                           \
        ip++;                                                                                      \
        TAKE_LOWER();                                                                              \
    } while (0)
#ifdef ONE_PIECE // of code for all
#define JUMP_1() goto jump_1
#define JUMP_2() goto jump_2
#define PUT_NEXT(value, words)                                                                     \
    do {                                                                                           \
        put = (value);                                                                             \
        goto put_##words;                                                                          \
    } while (0)
#else
#define JUMP_1() TAKE_1()
#define JUMP_2() TAKE_2()
#define PUT_NEXT(value, words) /* a result, and on */                                              \
    do {                                                                                           \
        fp[DST] = (value);                                                                         \
        NEXT(words);                                                                               \
    } while (0)
#endif
#define TRAP_IF_ANY(trap)                                                                          \
    do {                                                                                           \
        Trap trap_ = (trap);                                                                       \
        if (UNLIKELY(trap_)) TRAP_NOW(trap_);                                                      \
    } while (0)

#define TAKE_AND_ASK(distance)                                                                     \
    do {                                                                                           \
        s32 distance_ = (s32)(distance);                                                           \
        ip += distance_;                                                                           \
        if (distance_ <= 0) TRAP_IF_ANY(exec_poll(x));                                             \
        DISPATCH();                                                                                \
    } while (0)
RARE_HANDLER(take_upper)
{
    TAKE_AND_ASK(IMM);
}
RARE_HANDLER(take_lower)
{
    TAKE_AND_ASK(*ip);
}

#ifdef ONE_PIECE
u64 put;
jump_1:
    TAKE_1();
jump_2:
    TAKE_2();
put_3:
    fp[DST] = put;
    NEXT(3);
put_2:
    fp[DST] = put;
    NEXT(2);
put_1:
    fp[DST] = put;
    NEXT(1);
#endif

HANDLER(trap) // imm: which; traps know their reason
{
    TRAP_NOW((Trap)IMM);
}

// What is in steps.h
#define IOP(name)
#define IOP_VALUE(name, words)                                                                     \
    HANDLER(name)                                                                                  \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        u64 result = value_##name(STEP_STATE, NOT_FED, &trap);                                     \
        if (UNLIKELY(trap)) TRAP_NOW(trap);                                                        \
        PUT_NEXT(result, words);                                                                   \
    }
#define IOP_STEP(name, words)                                                                      \
    HANDLER(name)                                                                                  \
    {                                                                                              \
        TRAP_IF_ANY(step_##name(STEP_STATE, NOT_FED));                                             \
        NEXT(words);                                                                               \
    }
#define IOP_BRANCH(name, words)                                                                    \
    HANDLER(name)                                                                                  \
    {                                                                                              \
        if (takes_##name(ip, fp, NOT_FED)) JUMP_##words();                                         \
        NEXT(words);                                                                               \
    }
#include "interp/iop.def"

#define FAIL(why) TRAP_NOW(why)
#ifndef WEFT_MICRO
#include "interp/run/vector.h"
#endif

// Two instructions. The state is between them as it would be.
#define FIRST(name)                                                                                \
    u64 result = 0;                                                                                \
    TRAP_IF_ANY(first_##name(STEP_STATE, &result));                                                \
    ip += WORDS_##name;
#define PAIR(first, second, fed)                                                                   \
    HANDLER(first##__##second##__##fed)                                                            \
    {                                                                                              \
        FIRST(first)                                                                               \
        TRAP_IF_ANY(step_##second(STEP_STATE, FED_##fed, result));                                 \
        NEXT(WORDS_##second);                                                                      \
    }
#define PAIR_BRANCH(first, second, fed)                                                            \
    HANDLER(first##__##second##__##fed)                                                            \
    {                                                                                              \
        FIRST(first)                                                                               \
        if (takes_##second(ip, fp, FED_##fed, result)) {                                           \
            if (WORDS_##second == 1) JUMP_1();                                                     \
            JUMP_2();                                                                              \
        }                                                                                          \
        NEXT(WORDS_##second);                                                                      \
    }
#include "interp/pair.def"

// Entry of a translated function. dst: first slot to zero, imm: one past the last; word 1: bytes of
// the frame, and of a record more, so that the next call can always be written down.
RARE_HANDLER(enter_asked)
{
    if (ASKED()) TRAP_IF_ANY(exec_poll(x));
    memset(fp + DST, 0, (size_t)((u32)IMM - DST) * 8);
    NEXT(2);
}
#ifdef ONE_PIECE
HANDLER(enter_zeroing)
{
    GO_ON_IN(enter);
}
HANDLER(enter)
{
    if (UNLIKELY((u8 *)rec - (u8 *)fp < (s64)ip[1])) TRAP_NOW(TRAP_call_stack_exhausted);
    GO_ON_IN(enter_asked);
}
#else
HANDLER(enter) // nothing is to be zeroed
{
    if (UNLIKELY((u8 *)rec - (u8 *)fp < (s64)ip[1])) TRAP_NOW(TRAP_call_stack_exhausted);
    if (ASKED()) GO_ON_IN(enter_asked);
    NEXT(2);
}
HANDLER(enter_zeroing)
{
    if (UNLIKELY((u8 *)rec - (u8 *)fp < (s64)ip[1])) TRAP_NOW(TRAP_call_stack_exhausted);
    u64 *end = fp + (u32)IMM, *slot = fp + DST;
    if (ASKED() || UNLIKELY(end - slot > 16)) GO_ON_IN(enter_asked);
    while (slot < end) {
        *slot++ = 0;
        __asm__ volatile(""); // or compilers make a call of it, which costs more than it saves
    }
    NEXT(2);
}
#endif

// Goes on in native code: into a function that has it, or back to one that made this call.
HANDLER(native)
{
    SAVE();
    STOP((Trap)RUN_native);
}

// Until a function is called so often, or goes round its loops, that it is compiled. It goes on in
// that code from its beginning, where nothing was done yet, or from the loop at imm.
#define IS_HOT(units)                                                                              \
    ({                                                                                             \
        _Atomic s32 *heat_ = &inst->made->heat[rec->callee];                                       \
        s32 left_ = atomic_load_explicit(heat_, memory_order_relaxed) - (units);                   \
        atomic_store_explicit(heat_, left_, memory_order_relaxed);                                 \
        left_ <= 0;                                                                                \
    })
// From 0 on again, so that who is hot for long, and finds no room in a loop's code, never gets
// to the end of the numbers.
#define COUNT_ANEW()                                                                               \
    atomic_store_explicit(&inst->made->heat[rec->callee], 0, memory_order_relaxed)
RARE_HANDLER(count_call_hot)
{
    COUNT_ANEW();
    Compiled made = native_make(inst, rec->callee);
    if (made == COMPILED) {
        ip = code_native;
        DISPATCH();
    }
    if (made == COMPILED_stopped) {
        // as at the entry, which is done again
        ip -= ENTER_WORDS;
        TRAP_IF_ANY(exec_poll(x));
        ip += ENTER_WORDS;
    }
    NEXT(1);
}
RARE_HANDLER(count_loop_hot)
{
    COUNT_ANEW();
    Compiled made = native_make(inst, rec->callee);
    if (made == COMPILED_stopped) TRAP_IF_ANY(exec_poll(x));
    if (made == COMPILED) {
        const void *to = native_loop(inst, rec->callee, (u32)IMM, fp, rec, false);
        if (to) {
            ip = to;
            SAVE();
            STOP((Trap)RUN_loop);
        }
    }
    NEXT(1);
}
HANDLER(count_call)
{
    if (NATIVE && UNLIKELY(IS_HOT(HOT_CALL))) GO_ON_IN(count_call_hot);
    NEXT(1);
}
HANDLER(count_loop)
{
    if (NATIVE && UNLIKELY(IS_HOT(1))) GO_ON_IN(count_loop_hot);
    NEXT(1);
}

HANDLER(translate)
{
    SAVE();
    const FuncCode *callee = &inst->code[rec->callee];
    // Who looks at the frame meanwhile finds all parameters in it, also where somebody else's code
    // called by another type.
    if (UNLIKELY((u8 *)rec - (u8 *)fp < (s64)callee->param_slots * 8))
        TRAP_NOW(TRAP_call_stack_exhausted);
    if (NATIVE && inst->made->heat && !inst->made->hot) {
        Compiled made = native_make(inst, rec->callee);
        if (made == COMPILED) {
            ip = code_native;
            DISPATCH();
        }
        if (made == COMPILED_stopped) TRAP_IF_ANY(exec_poll(x));
    }
    TRAP_IF_ANY(interp_translate(x, inst, rec->callee));
    ip = code_body(callee)->words;
    DISPATCH();
}

// Goes back through the newest record, to another instance or the host.
RARE_HANDLER(go_back)
{
    ip = rec->ip;
    fp -= rec->delta;
    inst = rec->inst;
    rec++;
    if (inst) LOAD_MEMORY();
    DISPATCH();
}
// Within an instance that stays in its register as it is: what comes next need not wait until the
// record is read.
#ifdef ONE_PIECE
#define RETURN() GO_ON_IN(go_back)
#else
#define RETURN()                                                                                   \
    do {                                                                                           \
        if (UNLIKELY(rec->inst != inst)) GO_ON_IN(go_back);                                        \
        ip = rec->ip;                                                                              \
        fp -= rec->delta;                                                                          \
        rec++;                                                                                     \
        DISPATCH();                                                                                \
    } while (0)
#endif

// Where x->at says, which is in this code.
#define GO_ON_THERE()                                                                              \
    do {                                                                                           \
        ip = x->at.ip;                                                                             \
        fp = x->at.frame;                                                                          \
        inst = x->at.inst;                                                                         \
        rec = x->at.record;                                                                        \
        LOAD_MEMORY();                                                                             \
        DISPATCH();                                                                                \
    } while (0)
// Behind frame_unwind, which found who catches it.
#define GO_ON_CAUGHT()                                                                             \
    do {                                                                                           \
        if (native_at(x->at.inst, x->at.ip)) STOP((Trap)RUN_native);                               \
        GO_ON_THERE();                                                                             \
    } while (0)

HANDLER(host) // in its caller's instance; the newest record has its number
{
    Trap trap = slow_host(x, inst, rec, fp);
    if (UNLIKELY(trap)) {
        trap = slow_host_threw(x, inst, rec, fp, trap);
        if (trap) STOP(trap);
        GO_ON_CAUGHT();
    }
    ip = rec->ip;
    fp -= rec->delta;
    inst = rec->inst;
    rec++;
    if (inst) LOAD_MEMORY(); // the host may have grown it
    DISPATCH();
}

HANDLER(exit)
{
    STOP(TRAP_none);
}

HANDLER(charge) // imm: fuel for the code up to the next one
{
    u32 units = (u32)IMM;
    if (UNLIKELY(x->fuel < (s64)units) && !exec_more_fuel(x, units)) {
        x->resumable = true;
        TRAP_NOW(TRAP_out_of_fuel);
    }
    x->fuel -= units;
    NEXT(1);
}

HANDLER(br_table) // dst: index, imm: how many before the default; a word of distance for each
{
    u32 i = (u32)fp[DST], count = (u32)IMM;
    ip += 1 + MIN(i, count);
    TAKE_LOWER();
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
#define PUSH_RECORD(words, callee) (*--rec = (Record){ip + (words), inst, DST, (callee)})
// Enters a function by its Func: one of another instance brings that and its memory; a host
// function runs in the instance that calls it.
#define ENTER_FUNC(func)                                                                           \
    do {                                                                                           \
        const Func *func_ = (func);                                                                \
        if (LIKELY(func_->code)) {                                                                 \
            Instance *from_ = inst;                                                                \
            inst = func_instance(x, func_);                                                        \
            rec->callee = func_->index;                                                            \
            ip = code_entry(func_->code);                                                          \
            if (UNLIKELY(inst != from_)) LOAD_MEMORY();                                            \
        } else {                                                                                   \
            rec->callee = ref_of_func(exec_store(x), func_);                                       \
            ip = code_host;                                                                        \
        }                                                                                          \
        DISPATCH();                                                                                \
    } while (0)
#ifdef ONE_PIECE
#define ENTER(func)                                                                                \
    do {                                                                                           \
        entered = (func);                                                                          \
        goto enter_func;                                                                           \
    } while (0)
const Func *entered;
enter_func:
    ENTER_FUNC(entered);
#else
#define ENTER(func) ENTER_FUNC(func)
#endif
#define CALL(func, words)                                                                          \
    do {                                                                                           \
        const Func *callee_ = (func);                                                              \
        PUSH_RECORD(words, 0);                                                                     \
        fp += DST;                                                                                 \
        ENTER(callee_);                                                                            \
    } while (0)
// A tail call moves its arguments (word 1: slots) to the frame's start and keeps the record.
#define MOVE_ARGUMENTS() memmove(fp, fp + DST, (size_t)ip[1] * 8)
#define TAIL_CALL(func)                                                                            \
    do {                                                                                           \
        const Func *callee_ = (func);                                                              \
        MOVE_ARGUMENTS();                                                                          \
        ENTER(callee_);                                                                            \
    } while (0)

HANDLER(call) // imm: index of a function defined in this module
{
    const FuncCode *callee = &inst->code[(u32)IMM];
    PUSH_RECORD(1, (u32)IMM);
    fp += DST;
    ip = code_entry(callee);
    DISPATCH();
}
HANDLER(call_import) // imm: function index
{
    CALL(inst->imports[(u32)IMM], 1);
}
#define FIND_ENTRY(callee)                                                                         \
    Func *callee = instance_entry(inst, (Ref)fp[A]);                                               \
    if (UNLIKELY(!callee->type)) TRAP_IF_ANY(slow_entry(x, (Ref)fp[A]))
// b: 0, or the number of the call, plus 1, for who wants to know whom it calls
#define SEE(callee)                                                                                \
    do {                                                                                           \
        if (B && instance_owns(inst, callee))                                                      \
            code_saw(&code_body(&inst->code[rec->callee])->calls[B - 1], (callee)->index);         \
    } while (0)
HANDLER(call_indirect_any) // any function in any table
{
    Func *callee;
    TRAP_IF_ANY(slow_callee(x, inst, ip[1], fp[A], &callee));
    SEE(callee);
    CALL(callee, 2);
}
RARE_HANDLER(call_ref_any)
{
    FIND_ENTRY(callee);
    SEE(callee);
    CALL(callee, 1);
}
#ifdef ONE_PIECE
HANDLER(call_indirect)
{
    GO_ON_IN(call_indirect_any);
}
HANDLER(call_ref)
{
    GO_ON_IN(call_ref_any);
}
#else
// A function of this instance: which one is read, but not waited for. Empty entries are of none.
#define CALL_WITHIN(func, words)                                                                   \
    do {                                                                                           \
        const Func *callee_ = (func);                                                              \
        PUSH_RECORD(words, callee_->index);                                                        \
        fp += DST;                                                                                 \
        ip = code_entry(callee_->code);                                                            \
        DISPATCH();                                                                                \
    } while (0)
RARE_HANDLER(call_indirect_far) // of the very type, but not of this instance
{
    CALL(instance_entry(inst, inst->tables[ip[1] >> 32]->elems[(u32)fp[A]]), 2);
}
HANDLER(call_indirect) // a: index, of 32 bits; word 1: type's index, and table in the upper half
{
    const Table *table = inst->tables[ip[1] >> 32];
    u32 at = (u32)fp[A];
    if (UNLIKELY(at >= table->size)) GO_ON_IN(call_indirect_any);
    const Func *callee = instance_entry(inst, table->elems[at]);
    if (UNLIKELY(callee->type != inst->types[(u32)ip[1]])) GO_ON_IN(call_indirect_any);
    if (UNLIKELY(!instance_owns(inst, callee))) GO_ON_IN(call_indirect_far);
    CALL_WITHIN(callee, 2);
}
HANDLER(call_ref) // a: the reference
{
    const Func *callee = instance_entry(inst, (Ref)fp[A]);
    if (UNLIKELY(B) || UNLIKELY(!instance_owns(inst, callee))) GO_ON_IN(call_ref_any);
    CALL_WITHIN(callee, 1);
}
#endif
HANDLER(return_call) // imm: index of a function defined in this module
{
    const FuncCode *callee = &inst->code[(u32)IMM];
    rec->callee = (u32)IMM;
    MOVE_ARGUMENTS();
    ip = code_entry(callee);
    DISPATCH();
}
HANDLER(return_call_import) // imm: function index
{
    TAIL_CALL(inst->imports[(u32)IMM]);
}
HANDLER(return_call_indirect) // word 2: type and table
{
    Func *callee;
    TRAP_IF_ANY(slow_callee(x, inst, ip[2], fp[A], &callee));
    TAIL_CALL(callee);
}
HANDLER(return_call_ref)
{
    FIND_ENTRY(callee);
    TAIL_CALL(callee);
}

HANDLER(throw) // dst: the first value; imm: tag
{
    if (!SLOW_UNWINDS) TRAP_NOW(TRAP_not_executable);
    SAVE();
    Trap trap = frame_unwind(x, &x->at, inst->tags[(u32)IMM], fp + DST);
    if (trap) STOP(trap);
    GO_ON_CAUGHT();
}
HANDLER(throw_ref) // dst: the exception
{
    Ref ref = (Ref)fp[DST];
    if (!SLOW_UNWINDS) TRAP_NOW(TRAP_not_executable);
    if (ref == REF_NULL) TRAP_NOW(TRAP_null_exception_reference);
    SAVE();
    Trap trap = frame_unwind_ref(x, &x->at, ref);
    if (trap) STOP(trap);
    GO_ON_CAUGHT();
}

// Moves
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
HANDLER(select_2)
{
    u32 from = (u32)fp[ip[1]] ? A : B;
    u64 low = fp[from], high = fp[from + 1];
    fp[DST] = low;
    fp[DST + 1] = high;
    NEXT(2);
}

// Globals: dst or source, imm: index
HANDLER(global_get_2)
{
    memcpy(&fp[DST], inst->globals[(u32)IMM]->value, 16);
    NEXT(1);
}
HANDLER(global_set_2)
{
    memcpy(inst->globals[(u32)IMM]->value, &fp[DST], 16);
    NEXT(1);
}

// Tables. Operands of those with several are in a row from dst on; word 1 holds the index or
// indices.
HANDLER(table_get) // a: index
{
    const Table *t = inst->tables[ip[1]];
    u64 i = table_width(t, fp[A]);
    if (UNLIKELY(i >= t->size)) TRAP_NOW(TRAP_out_of_bounds_table_access);
    fp[DST] = t->elems[i];
    NEXT(2);
}
HANDLER(table_set)
{
    Table *t = inst->tables[ip[1]];
    u64 i = table_width(t, fp[DST]);
    if (UNLIKELY(i >= t->size)) TRAP_NOW(TRAP_out_of_bounds_table_access);
    t->elems[i] = (Ref)fp[DST + 1];
    NEXT(2);
}
HANDLER(table_init)
{
    TRAP_IF_ANY(slow_table_init(x, inst, ip[1], fp + DST));
    NEXT(2);
}
HANDLER(elem_drop)
{
    instance_drop_elem(inst, (u32)ip[1]);
    NEXT(2);
}
HANDLER(table_copy)
{
    TRAP_IF_ANY(slow_table_copy(x, inst, ip[1], fp + DST));
    NEXT(2);
}
HANDLER(table_grow)
{
    Table *t = inst->tables[ip[1]];
    s64 old;
    TRAP_IF_ANY(exec_table_grow(x, t, table_width(t, fp[DST + 1]), (Ref)fp[DST], &old));
    fp[DST] = table_width(t, (u64)old);
    NEXT(2);
}
HANDLER(table_size)
{
    fp[DST] = inst->tables[ip[1]]->size;
    NEXT(2);
}
HANDLER(table_fill)
{
    TRAP_IF_ANY(slow_table_fill(x, inst, ip[1], fp + DST));
    NEXT(2);
}

// Memories, likewise
HANDLER(memory_size)
{
    Memory *m = inst->memories[ip[1]];
    memory_refresh(m);
    fp[DST] = m->pages;
    NEXT(2);
}
HANDLER(memory_grow)
{
    Memory *m = inst->memories[ip[1]];
    s64 old;
    TRAP_IF_ANY(exec_memory_grow(x, m, mem_width(m, fp[DST]), &old));
    fp[DST] = mem_width(m, (u64)old);
    LOAD_MEMORY();
    NEXT(2);
}
HANDLER(memory_init)
{
    TRAP_IF_ANY(slow_memory_init(x, inst, ip[1], fp + DST));
    NEXT(2);
}
HANDLER(data_drop)
{
    inst->data_dropped[ip[1]] = true;
    NEXT(2);
}
HANDLER(memory_copy)
{
    TRAP_IF_ANY(slow_memory_copy(x, inst, ip[1], fp + DST));
    NEXT(2);
}
HANDLER(memory_fill)
{
    TRAP_IF_ANY(slow_memory_fill(x, inst, ip[1], fp + DST));
    NEXT(2);
}

// References, of which the lower half of a slot is read
HANDLER(ref_func) // imm: function index
{
    fp[DST] = ref_of_func(exec_store(x), instance_func(inst, (u32)IMM));
    NEXT(1);
}
HANDLER(ref_is_null)
{
    fp[DST] = (Ref)fp[A] == REF_NULL;
    NEXT(1);
}
HANDLER(ref_eq)
{
    fp[DST] = (Ref)fp[A] == (Ref)fp[B];
    NEXT(1);
}
HANDLER(ref_as_non_null) // checks in place
{
    if (UNLIKELY((Ref)fp[DST] == REF_NULL)) TRAP_NOW(TRAP_null_reference);
    NEXT(1);
}

#ifndef WEFT_MICRO
HANDLER(memory_discard)
{
    TRAP_IF_ANY(slow_memory_discard(x, inst, ip[1], fp + DST));
    NEXT(2);
}
#include "interp/run/atomics.h"
#include "interp/run/conts.h"
#include "interp/run/gc.h"
#endif

// Two results: operands and results in place from dst on
#define OPERANDS(n, P, m, R) OPERANDS_##n
#define OPERANDS_2 v[0], v[1]
#define OPERANDS_4 v[0], v[1], v[2], v[3]
#define PURE2(name, text, opcode, sig, since, ...)                                                 \
    HANDLER(name)                                                                                  \
    {                                                                                              \
        u64 *v = fp + DST, out[2];                                                                 \
        eval_##name(SHAPE_##sig(OPERANDS), out);                                                   \
        v[0] = out[0];                                                                             \
        v[1] = out[1];                                                                             \
        NEXT(1);                                                                                   \
    }
#include "op/op.def"
