// slow.c -- see slow.h.

#include "run/slow.h"

#include "run/frame.h"
#include "run/store.h"

Trap slow_host(Exec *x, Instance *inst, Record *rec, u64 *fp)
{
    const Func *func = ref_to_func(exec_store(x), rec->callee);
    const HostFunc *host = func->host;
    // What it calls may use the stack behind its slots, and behind those of the frame that it
    // returns to. Of a native frame it takes time to find, and few host functions call anybody.
    u64 *end = fp + MAX(host->param_slots, host->result_slots);
    if (rec->ip == code_return_native || (has_conts && rec->ip == code_return_cont)) {
        end = NULL;
    } else if (rec->ip != code_exit) {
        const Code *code = code_body(&rec->inst->code[rec[1].callee]);
        end = MAX(end, fp - rec->delta + code->frame_slots);
    }
    return slow_host_of(x, inst, func, rec, fp, end);
}

// Is what a host function that ended so threw caught? Then the fiber stands where that goes on.
Trap slow_host_threw(Exec *x, Instance *inst, Record *rec, u64 *fp, Trap trap)
{
    if (SLOW_UNWINDS && trap == TRAP_uncaught_exception)
        trap = frame_unwind_ref(x, &(Position){code_host, fp, rec, inst}, x->thrown);
    if (trap == TRAP_waits) { // which exec_may_wait has allowed
        x->at = (Position){code_host, fp, rec, inst};
        x->resumable = true;
        return trap;
    }
    if (trap) x->resumable = false; // the place stays the host's, or where its own call trapped
    return trap;
}

// A 64-bit effective address: base + offset, where the sum may wrap.
Trap slow_address(Memory *m, u64 base, u64 offset, u64 bytes, u8 **out)
{
    u64 address;
    if (__builtin_add_overflow(mem_width(m, base), offset, &address) ||
        !memory_holds(m, address, bytes))
        return TRAP_out_of_bounds_memory_access;
    *out = m->base + address;
    return TRAP_none;
}

Trap slow_atomic_address(Memory *m, u64 base, u64 offset, u64 bytes, u8 **out)
{
    // it is or is not, whether the sum wraps or not
    if ((base + offset) % bytes) return TRAP_unaligned_atomic;
    return slow_address(m, base, offset, bytes, out);
}

// An entry of the function space that is empty: of null, or of a function that is first called now.
Trap slow_entry(Exec *x, Ref ref)
{
    return func_fill(exec_store(x), ref) ? TRAP_none : TRAP_null_function_reference;
}

// Which function call_indirect means, by the type and table in its word. spec: exec/call_indirect
Trap slow_callee(Exec *x, const Instance *inst, u64 word, u64 i, Func **out)
{
    const Table *t = inst->tables[word >> 32];
    TypeId type = inst->types[(u32)word];
    i = table_width(t, i);
    if (i >= t->size) return TRAP_undefined_element;
    Func *f = instance_entry(inst, t->elems[i]);
    if (!f->type && slow_entry(x, t->elems[i])) return TRAP_uninitialized_element;
    if (f->type != type && !type_id_matches(exec_store(x)->types, f->type, type))
        return TRAP_indirect_call_type_mismatch;
    *out = f;
    return TRAP_none;
}

// Bulk operations have their operands at `v`: where to write, where to read or what, how much. A
// stop leaves there what is left of them, and the instruction is executed again.
static Trap leave(u64 *v, const Bulk *left, Trap trap)
{
    if (trap) {
        v[0] = left->to;
        v[2] = left->count;
    }
    return trap;
}

static Trap leave_both(u64 *v, const Bulk *left, Trap trap)
{
    if (trap) v[1] = left->from;
    return leave(v, left, trap);
}

static Bulk bulk_of(const u64 *v, bool to64, bool from64)
{
    return (Bulk){width_of(to64, v[0]), width_of(from64, v[1]), width_of(to64 && from64, v[2])};
}

Trap slow_memory_copy(Exec *x, const Instance *inst, u64 word, u64 *v)
{
    Memory *d = inst->memories[(u32)word], *s = inst->memories[word >> 32];
    Bulk left = bulk_of(v, d->type.limits.is64, s->type.limits.is64);
    return leave_both(v, &left, memory_copy(x, d, s, &left));
}

Trap slow_memory_fill(Exec *x, const Instance *inst, u64 word, u64 *v)
{
    Memory *m = inst->memories[word];
    Bulk left = bulk_of(v, m->type.limits.is64, m->type.limits.is64);
    return leave(v, &left, memory_fill(x, m, (u8)v[1], &left));
}

Trap slow_memory_init(Exec *x, Instance *inst, u64 word, u64 *v)
{
    Memory *m = inst->memories[word >> 32];
    Bulk left = bulk_of(v, m->type.limits.is64, false);
    return leave_both(v, &left, memory_init(x, inst, m, (u32)word, &left));
}

Trap slow_memory_discard(Exec *x, const Instance *inst, u64 word, u64 *v)
{
    Memory *m = inst->memories[word];
    Bulk left = {mem_width(m, v[0]), 0, mem_width(m, v[1])};
    Trap trap = memory_discard(x, m, &left);
    if (trap) {
        v[0] = left.to;
        v[1] = left.count;
    }
    return trap;
}

Trap slow_table_copy(Exec *x, const Instance *inst, u64 word, u64 *v)
{
    Table *d = inst->tables[(u32)word], *s = inst->tables[word >> 32];
    Bulk left = bulk_of(v, d->type.limits.is64, s->type.limits.is64);
    return leave_both(v, &left, table_copy(x, d, s, &left));
}

Trap slow_table_fill(Exec *x, const Instance *inst, u64 word, u64 *v)
{
    Table *t = inst->tables[word];
    Bulk left = bulk_of(v, t->type.limits.is64, t->type.limits.is64);
    return leave(v, &left, table_fill(x, t, (Ref)v[1], &left));
}

Trap slow_table_init(Exec *x, Instance *inst, u64 word, u64 *v)
{
    Table *t = inst->tables[word >> 32];
    Bulk left = bulk_of(v, t->type.limits.is64, false);
    return leave_both(v, &left, table_init(x, inst, t, (u32)word, &left));
}
