// runtime.c -- see runtime.h.

#include "jit/runtime.h"

#include "module/imm.h"
#include "op/eval_vector.h"
#include "run/frame.h"
#include "run/layout.h"
#include "run/slow.h"

#if NATIVE

const u32 native_overflow_trap = TRAP_call_stack_exhausted,
          native_fault_trap = TRAP_out_of_bounds_memory_access;

int native_c_poll(Exec *x)
{
    Trap trap = exec_poll(x);
    return LIKELY(trap || !native_down_due(x)) ? (int)trap : RUN_down;
}

int native_c_fuel(Exec *x, Instance *inst, u64 *frame, u32 units)
{
    x->fuel += units;
    x->resumable = true;
    return TRAP_out_of_fuel;
}

// ---- Calls --------------------------------------------------------------------------------------

// Behind a tail call the newest record, whoever's it is, is the callee's.
static __attribute__((noinline)) Trap tail_host(Exec *x, Instance *inst, u64 *frame, Record *rec,
                                                const Func *func)
{
    rec->callee = ref_of_func(exec_store(x), func);
    return slow_host(x, inst, rec, frame);
}

int native_c_host(Exec *x, Instance *inst, u64 *frame, u64 *top, const Func *func, u64 word)
{
    Record *rec = (Record *)top;
    Trap trap;
    if (UNLIKELY(word == (u64)(uintptr_t)native_return_far)) {
        trap = tail_host(x, inst, frame, rec, func);
    } else {
        *--top = word;
        rec = (Record *)top - 1;
        *rec = (Record){code_return_native, inst, 0, ref_of_func(exec_store(x), func)};
        trap = slow_host_of(x, inst, func, rec, frame, NULL);
    }
    if (LIKELY(!trap)) return TRAP_none;
    trap = slow_host_threw(x, inst, rec, frame, trap);
    return trap ? (int)trap : RUN_caught;
}

int native_c_callee_indirect(Exec *x, Instance *inst, Func **out, u64 index, u32 type, u32 table)
{
    return slow_callee(x, inst, (u64)table << 32 | type, index, out);
}

int native_c_callee_ref(Exec *x, Instance *inst, Func **out, u64 ref)
{
    *out = instance_entry(inst, (Ref)ref);
    return (*out)->type ? TRAP_none : slow_entry(x, (Ref)ref);
}

// ---- Numbers and vectors, by their meanings -----------------------------------------------------

typedef Trap Eval(u64 *v, u32 lane);

static inline V128 get_vector(const u64 *slot)
{
    V128 v;
    memcpy(&v, slot, sizeof v);
    return v;
}
static inline void put_vector(u64 *slot, V128 v) { memcpy(slot, &v, sizeof v); }

// Where operands stand: each behind the one before, a vector in two slots.
#define SIZE_i 1
#define SIZE_l 1
#define SIZE_f 1
#define SIZE_d 1
#define SIZE_v 2
#define FROM_i(at) EVAL_GET_i(v[at])
#define FROM_l(at) EVAL_GET_l(v[at])
#define FROM_f(at) EVAL_GET_f(v[at])
#define FROM_d(at) EVAL_GET_d(v[at])
#define FROM_v(at) get_vector(v + (at))
#define ARGS_1(x) FROM_##x(0)
#define ARGS_2(x, y) FROM_##x(0), FROM_##y(SIZE_##x)
#define ARGS_3(x, y, z) FROM_##x(0), FROM_##y(SIZE_##x), FROM_##z(SIZE_##x + SIZE_##y)
#define GIVE_i(value) v[0] = EVAL_PUT_i(value)
#define GIVE_l(value) v[0] = EVAL_PUT_l(value)
#define GIVE_f(value) v[0] = EVAL_PUT_f(value)
#define GIVE_d(value) v[0] = EVAL_PUT_d(value)
#define GIVE_v(value) put_vector(v, value)
#define GIVE(x) GIVE_##x

#define RUN_PURE(n, P, m, R, name)                                                                 \
    static Trap run_##name(u64 *v, u32 lane)                                                       \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        GIVE R(eval_##name(ARGS_##n P, &trap));                                                    \
        return trap;                                                                               \
    }
#define RUN_VECTOR(n, P, m, R, name)                                                               \
    static Trap run_##name(u64 *v, u32 lane)                                                       \
    {                                                                                              \
        GIVE R(eval_##name(ARGS_##n P));                                                           \
        return TRAP_none;                                                                          \
    }
#define RUN_LANE(n, P, m, R, name, lanes)                                                          \
    static Trap run_##name(u64 *v, u32 lane)                                                       \
    {                                                                                              \
        GIVE R(eval_##name(ARGS_##n P, lane % (lanes)));                                           \
        return TRAP_none;                                                                          \
    }
#define OPERANDS(n, P, m, R) OPERANDS_##n
#define OPERANDS_2 v[0], v[1]
#define OPERANDS_4 v[0], v[1], v[2], v[3]
#define PURE(name, text, opcode, sig, since, ...) SHAPE_##sig(RUN_PURE, name)
#define VECTOR(name, text, opcode, sig, since, ...) SHAPE_##sig(RUN_VECTOR, name)
#define LANE(name, text, opcode, sig, since, lanes, ...) SHAPE_##sig(RUN_LANE, name, lanes)
#define PURE2(name, text, opcode, sig, since, ...)                                                 \
    static Trap run_##name(u64 *v, u32 lane)                                                       \
    {                                                                                              \
        u64 out[2];                                                                                \
        eval_##name(SHAPE_##sig(OPERANDS), out);                                                   \
        v[0] = out[0];                                                                             \
        v[1] = out[1];                                                                             \
        return TRAP_none;                                                                          \
    }
#include "op/op.def"

static Eval *const evals[OP_COUNT] = {
#define EVALS(name) [OP_##name] = run_##name,
#define PURE(name, ...) EVALS(name)
#define PURE2(name, ...) EVALS(name)
#define VECTOR(name, ...) EVALS(name)
#define LANE(name, ...) EVALS(name)
#include "op/op.def"
};

static void make_canonical(u64 *v, Nans how)
{
    switch (how) {
    case NANS_none: break;
    case NANS_32: v[0] = EVAL_PUT_f(eval_canon32(EVAL_GET_f(v[0]))); break;
    case NANS_64: v[0] = EVAL_PUT_d(eval_canon64(EVAL_GET_d(v[0]))); break;
    case NANS_lanes_32: put_vector(v, eval_canon_lanes32(get_vector(v))); break;
    case NANS_lanes_64: put_vector(v, eval_canon_lanes64(get_vector(v))); break;
    }
}

// ---- Accesses of any memory, by any row ---------------------------------------------------------

#define RAW_8 u8
#define RAW_16 u16
#define RAW_32 u32
#define RAW_64 u64
#define RAW_128 V128
#define WIDEN_N(bits, R, x) ((u64)(x))
#define WIDEN_U(bits, R, x) ((u64)(x))
#define WIDEN_S(bits, R, x) WIDEN_S_##R(bits, x)
#define WIDEN_S_i_i(bits, x) ((u64)(u32)(s32)(s##bits)(x))
#define WIDEN_S_i_l(bits, x) ((u64)(s64)(s##bits)(x))

// v[0] is the address. What is stored stands behind it, as the vector whose lane is loaded does.
static Trap access_memory(const Instance *inst, u64 *v, const Imm *imm)
{
    const OpInfo *info = &op_info[imm->op];
    u8 *at;
    Trap trap = slow_address(inst->memories[imm->memarg.memory], v[0], imm->memarg.offset,
                             info->bits / 8, &at);
    if (trap) return trap;
    u32 lane = imm->memarg.lane;
    switch ((int)imm->op) {
#define LOAD(name, text, opcode, sig, since, bits, extend)                                         \
    case OP_##name: {                                                                              \
        RAW_##bits raw;                                                                            \
        memcpy(&raw, at, sizeof raw);                                                              \
        v[0] = WIDEN_##extend(bits, sig, raw);                                                     \
        break;                                                                                     \
    }
#define STORE(name, text, opcode, sig, since, bits)                                                \
    case OP_##name: memcpy(at, v + 1, bits / 8); break;
#define VSTORE STORE
#define VLOAD(name, text, opcode, sig, since, bits, ...)                                           \
    case OP_##name: {                                                                              \
        V128 raw = {0};                                                                            \
        memcpy(&raw, at, bits / 8);                                                                \
        put_vector(v, eval_##name(raw));                                                           \
        break;                                                                                     \
    }
#define LOAD_LANE(name, text, opcode, sig, since, bits)                                            \
    case OP_##name: {                                                                              \
        RAW_##bits raw;                                                                            \
        memcpy(&raw, at, sizeof raw);                                                              \
        put_vector(v, WITH_LANE(bits, get_vector(v + 1), lane, raw));                              \
        break;                                                                                     \
    }
#define STORE_LANE(name, text, opcode, sig, since, bits)                                           \
    case OP_##name: {                                                                              \
        RAW_##bits raw = LANE_OF(bits, get_vector(v + 1), lane);                                   \
        memcpy(at, &raw, sizeof raw);                                                              \
        break;                                                                                     \
    }
#include "op/op.def"
    default: return TRAP_not_executable;
    }
    return TRAP_none;
}

static Trap read_and_access(const Instance *inst, u64 *v, u32 offset)
{
    const Module *m = inst->module;
    Diag diag;
    diag_init(&diag);
    ImmReader r = {.m = m, .next = m->bytes + offset, .end = m->bytes + m->size, .diag = &diag};
    Imm imm;
    imm.op = imm_op(&r);
    if (imm.op == OP_COUNT || !imm_read(&r, imm.op, &imm)) return TRAP_not_executable;
    if (imm.memarg.memory >= m->memory_count) return TRAP_not_executable; // a place that is none
    return access_memory(inst, v, &imm);
}

// ---- All of slow.def ----------------------------------------------------------------------------

static int caught(Trap trap) { return trap ? (int)trap : RUN_caught; }

int native_c_slow(Exec *x, Instance *inst, u64 *v, u32 which, u32 a, u32 b)
{
    const u64 both = (u64)b << 32 | a;
    s64 old;
    Trap trap;
    switch ((Slow)which) {
    case SLOW_zero: memset(v, 0, (size_t)a * sizeof *v); break;
    case SLOW_move: memmove(v, v + (s32)a, (size_t)b * sizeof *v); break;
    case SLOW_memory_grow:
        trap = exec_memory_grow(x, inst->memories[a], mem_width(inst->memories[a], v[0]), &old);
        if (!trap) v[0] = mem_width(inst->memories[a], (u64)old);
        return trap;
    case SLOW_memory_init: return slow_memory_init(x, inst, both, v);
    case SLOW_data_drop: inst->data_dropped[a] = true; break;
    case SLOW_memory_copy: return slow_memory_copy(x, inst, both, v);
    case SLOW_memory_fill: return slow_memory_fill(x, inst, a, v);
    case SLOW_table_init: return slow_table_init(x, inst, both, v);
    case SLOW_elem_drop: inst->elem_dropped[a] = true; break;
    case SLOW_table_copy: return slow_table_copy(x, inst, both, v);
    case SLOW_table_grow:
        trap = exec_table_grow(x, inst->tables[a], table_width(inst->tables[a], v[1]), (Ref)v[0],
                               &old);
        if (!trap) v[0] = table_width(inst->tables[a], (u64)old);
        return trap;
    case SLOW_table_fill: return slow_table_fill(x, inst, a, v);
    case SLOW_ref_func: v[0] = ref_of_func(exec_store(x), instance_func(inst, a)); break;
    case SLOW_throw: return caught(frame_unwind(x, &x->at, inst->tags[a], v));
    case SLOW_throw_ref:
        if ((Ref)v[0] == REF_NULL) return TRAP_null_exception_reference;
        return caught(frame_unwind_ref(x, &x->at, (Ref)v[0]));
    case SLOW_eval:
        trap = evals[a](v, 0);
        if (!trap && b) make_canonical(v, (Nans)op_nan[a]);
        return trap;
    case SLOW_lane: return evals[a](v, b);
    case SLOW_access: return read_and_access(inst, v, a);
    case SLOW_COUNT: break;
    }
    return TRAP_none;
}

#endif
