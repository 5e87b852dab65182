// known.c -- see known.h.

#include "opt/known.h"

// ---- Tables
//
// One that is not imported or exported, and that no instruction changes, holds what its segments
// say, if these can be seen to fit.

enum { ROOM = 1 << 20 }; // entries of all tables; and so many more for each byte of the module

static void mark_changed(OptRound *r, u8 *changed)
{
    round_exported(r, EXTERN_table, changed);
    for (u32 i = 0; i < r->m->imported_tables; i++) changed[i] = true;
    for (Scan s = scan_all(r); scan_next(&s);) {
        const Imm *imm = &s.now.imm;
        switch (imm->op) {
        case OP_table_set: case OP_table_grow: case OP_table_fill:
            changed[imm->table] = true;
            break;
        case OP_table_init: changed[imm->elem_table.table] = true; break;
        case OP_table_copy: changed[imm->table_table.to] = true; break;
        default: break;
        }
    }
}

static void fill(OptRound *r, const ElemSegment *e, KnownTable *table, u8 *changed)
{
    const Module *m = r->m;
    u64 at;
    bool is64 = m->tables[e->table].type.limits.is64;
    if (changed[e->table]) return;
    if (!round_address(r, m->words[e->items - 1], is64, &at) || at > table->size ||
        e->count > table->size - at) {
        changed[e->table] = true;
        return;
    }
    for (u32 i = 0; i < e->count; i++) {
        Const item = m->words[e->items + i];
        bool func = const_kind(item) == CONST_func;
        table->funcs[at + i] = func ? const_index(item) : UINT32_MAX;
        table->others |= !func && item != CONST_NULL;
    }
}

const KnownTable *known_tables(OptRound *r)
{
    const Module *m = r->m;
    KnownTable *tables = NEW_ARRAY(r->arena, KnownTable, m->table_count);
    u8 *changed = NEW_ARRAY(r->arena, u8, m->table_count);
    u64 room = ROOM + m->size;
    mark_changed(r, changed);
    for (u32 i = 0; i < m->table_count; i++) {
        u64 size = m->tables[i].type.limits.min;
        if (changed[i] || size > room || const_kind(m->tables[i].value) != CONST_small) {
            changed[i] = true;
            continue;
        }
        room -= size;
        tables[i] = (KnownTable){(u32)size, NEW_ARRAY(r->arena, u32, (u32)size), false};
        for (u32 k = 0; k < size; k++) tables[i].funcs[k] = UINT32_MAX;
    }
    for (u32 i = 0; i < m->elem_count; i++)
        if (m->elems[i].mode == SEGMENT_active)
            fill(r, &m->elems[i], &tables[m->elems[i].table], changed);
    for (u32 i = 0; i < m->table_count; i++)
        if (changed[i]) tables[i] = (KnownTable){0};
    return tables;
}

// ---- What functions do

typedef struct { u32 caller, callee; } CallPair;

typedef struct {
    OptRound *r;
    OptKnown *out;
    u32 call_count, call_cap; CallPair *calls;
    u32 *first, *callers;  // by callee: where those who call it begin
    u32 *left;             // by function: its calls of those that are not known to end
    u32 wait_count, wait_cap; u32 *waiting;
    bool *turns;           // by function: it has a loop, or calls whom nobody knows
    bool shared;           // some memory is
} Finder;

enum { OWN = ENDS | READS_local | WRITES_local }; // what nobody else sees

static void look_at(Finder *f, u32 func, const Imm *imm)
{
    u32 effects = op_effects(imm->op);
    f->turns[func] |= imm->op == OP_loop;
    if (imm->op == OP_call || imm->op == OP_return_call) {
        ARENA_PUSH(f->r->arena, f->calls, f->call_count, f->call_cap) =
            (CallPair){func, imm->func};
        f->left[func]++;
        return;
    }
    f->turns[func] |= (effects & CALLS) != 0;
    if (effects & READS_memory && f->shared) effects |= WRITES_memory; // read each time
    f->out->effects[func] |= effects & ~(u32)OWN;
}

static void sort_calls(Finder *f)
{
    u32 funcs = f->r->m->func_count;
    f->first = NEW_ARRAY(f->r->arena, u32, funcs + 2);
    f->callers = NEW_ARRAY(f->r->arena, u32, f->call_count);
    u32 *next = f->first + 1; // in the end it is one further
    for (u32 i = 0; i < f->call_count; i++) next[f->calls[i].callee + 1]++;
    for (u32 i = 0; i < funcs; i++) next[i + 1] += next[i];
    for (u32 i = 0; i < f->call_count; i++)
        f->callers[next[f->calls[i].callee]++] = f->calls[i].caller;
}

// Calls stand by caller.
static void find_order(Finder *f)
{
    u32 funcs = f->r->m->func_count, count = 0;
    u32 *next = NEW_ARRAY(f->r->arena, u32, funcs + 1), *way = NEW_ARRAY(f->r->arena, u32, funcs);
    bool *seen = NEW_ARRAY(f->r->arena, bool, funcs);
    f->out->order = NEW_ARRAY(f->r->arena, u32, funcs);
    u32 *end = NEW_ARRAY(f->r->arena, u32, funcs);
    for (u32 i = 0; i < f->call_count; i++) end[f->calls[i].caller] = i + 1;
    for (u32 i = f->call_count; i-- > 0;) next[f->calls[i].caller] = i;
    for (u32 i = 0, depth = 0; i < funcs; i++) {
        if (seen[i]) continue;
        seen[i] = true;
        way[depth++] = i;
        while (depth) {
            u32 func = way[depth - 1];
            if (next[func] >= end[func]) {
                f->out->order[count++] = func;
                depth--;
                continue;
            }
            u32 callee = f->calls[next[func]++].callee;
            if (seen[callee]) continue;
            seen[callee] = true;
            way[depth++] = callee;
        }
    }
}

static void wait(Finder *f, u32 func)
{
    ARENA_PUSH(f->r->arena, f->waiting, f->wait_count, f->wait_cap) = func;
}

// Who calls does what is called, however far away.
static void spread(Finder *f)
{
    u32 *effects = f->out->effects;
    for (u32 i = f->r->m->func_count; i-- > 0;) wait(f, i);
    while (f->wait_count) {
        u32 func = f->waiting[--f->wait_count];
        for (u32 i = f->first[func]; i < f->first[func + 1]; i++) {
            u32 caller = f->callers[i], all = effects[caller] | effects[func];
            if (all == effects[caller]) continue;
            effects[caller] = all;
            wait(f, caller);
        }
    }
}

// One without loops ends if all do that it calls; not in a ring of calls.
static void find_ends(Finder *f)
{
    const Module *m = f->r->m;
    for (u32 i = m->imported_funcs; i < m->func_count; i++)
        if (!f->left[i] && !f->turns[i]) wait(f, i);
    for (u32 i = 0; i < m->func_count; i++) f->out->effects[i] |= CALLS;
    while (f->wait_count) {
        u32 func = f->waiting[--f->wait_count];
        f->out->effects[func] &= ~(u32)CALLS;
        for (u32 i = f->first[func]; i < f->first[func + 1]; i++)
            if (!--f->left[f->callers[i]] && !f->turns[f->callers[i]]) wait(f, f->callers[i]);
    }
}

static void count_calls(Finder *f)
{
    u32 *calls = f->out->calls;
    for (u32 i = 0; i < f->call_count; i++) calls[f->calls[i].callee]++;
    for (u32 i = 0; i < f->r->m->func_count; i++)
        if (round_escapes(f->r, i)) calls[i] = UINT32_MAX;
}

OptKnown *known_of(OptRound *r)
{
    const Module *m = r->m;
    OptKnown *out = NEW(r->arena, OptKnown);
    Finder f = {.r = r, .out = out};
    out->tables = known_tables(r);
    out->effects = NEW_ARRAY(r->arena, u32, m->func_count);
    out->calls = NEW_ARRAY(r->arena, u32, m->func_count);
    f.left = NEW_ARRAY(r->arena, u32, m->func_count);
    f.turns = NEW_ARRAY(r->arena, bool, m->func_count);
    for (u32 i = 0; i < m->imported_funcs; i++) out->effects[i] = op_effects(OP_call);
    for (u32 i = 0; i < m->memory_count; i++) f.shared |= m->memories[i].type.limits.shared;
    for (Scan s = scan_all(r); scan_next(&s);) look_at(&f, s.func, &s.now.imm);
    sort_calls(&f);
    find_order(&f);
    spread(&f);
    find_ends(&f);
    count_calls(&f);
    return out;
}
