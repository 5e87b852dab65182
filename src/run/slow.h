// slow.h -- what instructions do by a call, because it is rare or long: the same in every tier.
// Operands stand in slots, and `word` holds two indices.
#pragma once

#include "run/exec.h"
#include "run/instance.h"

// Builds that leave exceptions out have nobody to look for.
enum { SLOW_UNWINDS = !(FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_exceptions)) };

static inline u64 width_of(bool is64, u64 v) { return is64 ? v : (u32)v; }
static inline u64 mem_width(const Memory *m, u64 v) { return width_of(m->type.limits.is64, v); }
static inline u64 table_width(const Table *t, u64 v) { return width_of(t->type.limits.is64, v); }

// Calls a function of the host, of `inst`, that the newest record is of, with its slots at fp. What
// it calls may use the stack from `end` on; NULL: frame_top finds it.
static inline Trap slow_host_of(Exec *x, Instance *inst, const Func *func, Record *rec, u64 *fp,
                                u64 *end)
{
    const HostFunc *host = func->host;
    const Position outer = x->host;
    // What it leaves alone of its results is 0, and nothing that somebody else left on this stack.
    for (u32 i = host->param_slots; i < host->result_slots; i++) fp[i] = 0;
    x->top = end;
    x->bottom = (u64 *)(void *)rec;
    const Position here = {code_host, fp, rec, inst};
    // not one from the other: what was just stored in parts is slow to read as a whole
    x->at = here;
    x->host = here;
    HostCall call = {x, func, inst, host->env, fp};
    Trap trap = host->fn(&call);
    x->host = outer;
    return trap;
}
Trap slow_host(Exec *x, Instance *inst, Record *rec, u64 *fp);
Trap slow_host_threw(Exec *x, Instance *inst, Record *rec, u64 *fp, Trap trap);
Trap slow_address(Memory *m, u64 base, u64 offset, u64 bytes, u8 **out);
// The same of an atomic access, which must be aligned.
Trap slow_atomic_address(Memory *m, u64 base, u64 offset, u64 bytes, u8 **out);
Trap slow_entry(Exec *x, Ref ref);
Trap slow_callee(Exec *x, const Instance *inst, u64 word, u64 i, Func **out);
Trap slow_memory_copy(Exec *x, const Instance *inst, u64 word, u64 *v);
Trap slow_memory_fill(Exec *x, const Instance *inst, u64 word, u64 *v);
Trap slow_memory_init(Exec *x, Instance *inst, u64 word, u64 *v);
Trap slow_memory_discard(Exec *x, const Instance *inst, u64 word, u64 *v);
Trap slow_table_copy(Exec *x, const Instance *inst, u64 word, u64 *v);
Trap slow_table_fill(Exec *x, const Instance *inst, u64 word, u64 *v);
Trap slow_table_init(Exec *x, Instance *inst, u64 word, u64 *v);
