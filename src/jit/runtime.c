// runtime.c -- see runtime.h.

#include "jit/runtime.h"

#include "module/imm.h"
#include "op/eval_vector.h"
#include "run/atomic.h"
#include "run/cont.h"
#include "run/frame.h"
#include "run/gc/collect.h"
#include "run/layout.h"
#include "run/mapped.h"
#include "run/object.h"
#include "run/shared.h"
#include "run/slow.h"
#include "run/warm.h"

#if NATIVE

const u32 native_overflow_trap = TRAP_call_stack_exhausted;

int native_c_poll(Exec *x)
{
    Trap trap = exec_poll(x);
    if (trap) return (int)trap;
    if (native_down_due(x)) return RUN_down;
    bool looks = x->unwatched || x->up_every;
    return looks && warm_look(x) ? RUN_up : TRAP_none;
}

int native_c_fuel(Exec *x, Instance *inst, u64 *frame, u32 units)
{
    x->fuel += units;
    if (exec_more_fuel(x, units)) return TRAP_none; // it is charged once more
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

// Nothing is known of whom checked code calls. A guest's function sees to its own room; what the
// host's is given and gives must not lie over records. Where it would, or there is no function, who
// made the code was wrong.
static bool is_room_for(const Func *func, const Record *rec, const u64 *frame)
{
    s64 room = (const u8 *)rec - (const u8 *)frame;
    return func->host && room >= 8 * (s64)MAX(func->host->param_slots, func->host->result_slots);
}

static __attribute__((noinline)) int refuse_host(Exec *x, Instance *inst, u64 *frame, Record *rec)
{
    x->at = (Position){code_host, frame, rec, inst};
    x->resumable = false;
    return TRAP_call_stack_exhausted;
}

int native_c_host(Exec *x, Instance *inst, u64 *frame, u64 *top, const Func *func, u64 word)
{
    Record *rec = (Record *)top;
    Trap trap;
    if (UNLIKELY(word == (u64)(uintptr_t)native_return_far)) {
        if (UNLIKELY(!is_room_for(func, rec, frame))) return refuse_host(x, inst, frame, rec);
        trap = tail_host(x, inst, frame, rec, func);
    } else {
        *--top = word;
        rec = (Record *)top - 1;
        *rec = (Record){code_return_native, inst, 0, ref_of_func(exec_store(x), func)};
        if (UNLIKELY(!is_room_for(func, rec, frame))) return refuse_host(x, inst, frame, rec);
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

// ---- Accesses of any memory, by any row ---------------------------------------------------------

static inline V128 get_vector(const u64 *slot)
{
    V128 v;
    memcpy(&v, slot, sizeof v);
    return v;
}
static inline void put_vector(u64 *slot, V128 v) { memcpy(slot, &v, sizeof v); }

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

// What a store leaves there nobody reads.
#define RUN_ATOMIC(n, P, m, R, name) v[0] = atomic_##name(at, ATOMIC_ARGS_##n)
#define ATOMIC_ARGS_1 0, 0
#define ATOMIC_ARGS_2 v[1], 0
#define ATOMIC_ARGS_3 v[1], v[2]

// v[0] is the address. What is stored stands behind it, as the vector whose lane is loaded does.
MAY_RACE static Trap access_at(u8 *at, u64 *v, const Imm *imm)
{
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
#define ATOMIC(name, text, opcode, sig, since, bits, ...)                                          \
    case OP_##name: SHAPE_##sig(RUN_ATOMIC, name); break;
#include "op/op.def"
    default: return TRAP_not_executable;
    }
    return TRAP_none;
}

static Trap access_memory(const Instance *inst, u64 *v, const Imm *imm)
{
    const OpInfo *info = &op_info[imm->op];
    Memory *m = inst->memories[imm->memarg.memory];
    bool atomic = info->effects == ATOMICS, // of which only loads have one operand
         writes = atomic ? sig_info[info->sig].param_count > 1 : info->effects & WRITES_memory;
    u32 bytes = info->bits / 8;
    u8 *at;
    Trap trap = (atomic ? slow_atomic_address : slow_address)(m, v[0], imm->memarg.offset, bytes,
                                                              &at);
    if (trap) return trap;
    const u64 address = (u64)(at - m->base);
    if ((trap = memory_look(m, address, bytes, writes)) != TRAP_none) return trap;
    trap = access_at(at, v, imm);
    return trap ? trap : memory_look(m, address, bytes, writes);
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
    // Whoever made the code may have named a place in the middle of something.
    const u32 lanes = op_info[imm.op].lanes;
    if (imm.memarg.memory >= m->memory_count || (lanes && imm.memarg.lane >= lanes))
        return TRAP_not_executable;
    return access_memory(inst, v, &imm);
}

// ---- All of slow.def ----------------------------------------------------------------------------

static int caught(Trap trap) { return trap ? (int)trap : RUN_caught; }

static bool switches(u32 which)
{
    return which == SLOW_suspend || which == SLOW_resume || which == SLOW_resume_throw ||
           which == SLOW_resume_throw_ref || which == SLOW_switch;
}

// What is in native code needs nobody between.
static int switch_slow(Exec *x, const Instance *inst, const u64 *v, u32 which, u32 a, u32 b)
{
    const u32 first = (u32)(v - x->at.frame);
    int next;
    switch (which) {
    case SLOW_suspend: next = cont_suspend(x, true, first, b, inst->tags[a]); break;
    case SLOW_resume: next = cont_resume(x, true, first, b); break;
    case SLOW_resume_throw: next = cont_resume_throw(x, true, first, inst->tags[b]); break;
    case SLOW_resume_throw_ref: next = cont_resume_throw_ref(x, true, first); break;
    default: next = cont_switch(x, true, first, inst->types[a], inst->tags[b]);
    }
    return next == RUN_native && x->at.ip != code_native ? RUN_there : next;
}

static __attribute__((noinline)) int stays_slow(Exec *x, Instance *inst, u64 *v, u32 which, u32 a,
                                                u32 b)
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
    case SLOW_notify: return memory_notify(x, inst->memories[a], b, v);
    case SLOW_wait32: return exec_wait(x, inst->memories[a], b, 4, v);
    case SLOW_wait64: return exec_wait(x, inst->memories[a], b, 8, v);
    case SLOW_fence: __atomic_thread_fence(__ATOMIC_SEQ_CST); break;
    case SLOW_memory_init: return slow_memory_init(x, inst, both, v);
    case SLOW_data_drop: inst->data_dropped[a] = true; break;
    case SLOW_memory_copy: return slow_memory_copy(x, inst, both, v);
    case SLOW_memory_fill: return slow_memory_fill(x, inst, a, v);
    case SLOW_memory_discard: return slow_memory_discard(x, inst, a, v);
    case SLOW_table_init: return slow_table_init(x, inst, both, v);
    case SLOW_elem_drop: instance_drop_elem(inst, a); break;
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
    case SLOW_access: return read_and_access(inst, v, a);
    case SLOW_struct_new: return object_struct_new(x, inst, &x->at, a, v);
    case SLOW_struct_new_default: return object_struct_new_default(x, inst, &x->at, a, v);
    case SLOW_array_new: return object_array_new(x, inst, &x->at, a, v);
    case SLOW_array_new_default: return object_array_new_default(x, inst, &x->at, a, v);
    case SLOW_array_new_fixed: return object_array_new_fixed(x, inst, &x->at, a, b, v);
    case SLOW_array_new_data: return object_array_new_data(x, inst, &x->at, a, b, v);
    case SLOW_array_new_elem: return object_array_new_elem(x, inst, &x->at, a, b, v);
    case SLOW_array_len:
        if ((Ref)v[0] == REF_NULL) return TRAP_null_array_reference;
        if (!heap_room(&exec_store(x)->heap, (Ref)v[0])) return TRAP_out_of_bounds_array_access;
        v[0] = array_length(exec_store(x), (Ref)v[0]);
        break;
    case SLOW_array_fill: return object_array_fill(x, inst, a, v);
    case SLOW_array_copy: return object_array_copy(x, inst, a, v);
    case SLOW_array_init_data: return object_array_init_data(x, inst, a, b, v);
    case SLOW_array_init_elem: return object_array_init_elem(x, inst, a, b, v);
    case SLOW_log: heap_log(x, (Ref)v[0], (u32)v[1], a); break;
    case SLOW_cast: v[1] = ref_accepted(inst, (Ref)v[0], a, b); break;
    case SLOW_cast_desc:
        if ((Ref)v[1] == REF_NULL) return TRAP_null_descriptor_reference;
        v[1] = ref_described(inst, (Ref)v[0], (Ref)v[1], a, b);
        break;
    case SLOW_cont_new: return cont_new(x, &x->at, v);
    case SLOW_cont_bind: return cont_bind(x, &x->at, inst->types[a], inst->types[b], v);
    default: break;
    }
    return TRAP_none;
}

int native_c_slow(Exec *x, Instance *inst, u64 *v, u32 which, u32 a, u32 b)
{
    return switches(which) ? switch_slow(x, inst, v, which, a, b)
                           : stays_slow(x, inst, v, which, a, b);
}

#endif
