// whole_order.c -- short numbers for what is named often: locals, order. See round.h.

#include "opt/round.h"

#include <stdlib.h>

enum { SHORT = 128, SHORT_TYPE = 64 }; // numbers below take a byte; as reference types

// Sorted by how often they are named, and else as they were.
typedef struct { u32 index, uses; } Rank;

static int by_uses(const void *a, const void *b)
{
    const Rank *x = a, *y = b;
    if (x->uses != y->uses) return x->uses > y->uses ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static Rank *ranked(OptRound *r, const u32 *uses, u32 first, u32 count)
{
    Rank *ranks = NEW_ARRAY(r->arena, Rank, count - first);
    for (u32 i = first; i < count; i++) ranks[i - first] = (Rank){i, uses[i]};
    if (count > first) qsort(ranks, count - first, sizeof *ranks, by_uses);
    return ranks;
}

// ---- Functions, globals, types

// Imports stay where they are, so that who counts them is not astray.
static void order_items(OptRound *r, ItemKind kind, const u32 *uses, u32 imported)
{
    u32 count = module_item_count(r->m, kind), *order = NEW_ARRAY(r->arena, u32, count);
    if (count <= SHORT) return;
    const Rank *ranks = ranked(r, uses, imported, count);
    for (u32 i = 0; i < count; i++) {
        order[i] = i < imported ? i : ranks[i - imported].index;
        r->found += order[i] != i;
    }
    r->edit.order[kind] = order;
}

// The value of a global may be that of one before it.
static bool global_names_global(const OptRound *r)
{
    const Module *m = r->m;
    for (u32 i = m->imported_globals; i < m->global_count; i++) {
        ConstKind kind = const_kind(m->globals[i].value);
        if (kind == CONST_global || kind == CONST_steps) return true;
    }
    return false;
}

// Groups, each behind those that it names.
typedef struct {
    OptRound *r;
    u32 *order, count;
    u8 *placed;       // by the group's first type: 1: it is under way
    u32 *waiting, waiting_count, waiting_cap;
} TypeOrder;

static u32 group_of(const OptRound *r, u32 type)
{
    const Module *m = r->m;
    return type - (m->types[type] - type_group_first(m->store, m->types[type]));
}

static u32 group_size(const OptRound *r, u32 first)
{
    return type_group_count(r->m->store, r->m->types[first]);
}

static void wait_for(TypeOrder *t, TypeId id)
{
    if (id == TYPE_NONE) return;
    u32 index = type_index_of(&t->r->types, id), first = group_of(t->r, index);
    if (!t->placed[first])
        ARENA_PUSH(t->r->arena, t->waiting, t->waiting_count, t->waiting_cap) = first;
}

static void wait_for_type(TypeOrder *t, Type type)
{
    if (type_is_ref(type) && type_is_concrete(type)) wait_for(t, type_id(type));
}

static void wait_for_all(TypeOrder *t, const TypeDef *def)
{
    wait_for(t, def->super);
    wait_for(t, def->describes);
    wait_for(t, def->descriptor);
    if (def->kind == COMP_cont) wait_for(t, def->cont);
    for (u32 i = 0; def->kind == COMP_func && i < (u32)def->param_count + def->result_count; i++)
        wait_for_type(t, def->params[i]);
    for (u32 i = 0; def->kind != COMP_func && def->kind != COMP_cont && i < def->field_count; i++)
        wait_for_type(t, def->fields[i].type);
}

// Without recursion: a group is met twice, the second time behind all that it waited for.
static void place_group(TypeOrder *t, u32 first)
{
    const Module *m = t->r->m;
    enum { UNDER_WAY = 1, DONE };
    ARENA_PUSH(t->r->arena, t->waiting, t->waiting_count, t->waiting_cap) = first;
    while (t->waiting_count) {
        u32 group = t->waiting[t->waiting_count - 1], size = group_size(t->r, group);
        if (!t->placed[group]) {
            t->placed[group] = UNDER_WAY;
            for (u32 i = 0; i < size; i++)
                wait_for_all(t, type_def(m->store, m->types[group + i]));
            continue;
        }
        t->waiting_count--;
        if (t->placed[group] == DONE) continue;
        t->placed[group] = DONE;
        for (u32 i = 0; i < size; i++) t->order[t->count++] = group + i;
    }
}

static void order_types(OptRound *r, const u32 *uses)
{
    const Module *m = r->m;
    if (m->type_count <= SHORT_TYPE) return;
    TypeOrder t = {.r = r, .order = NEW_ARRAY(r->arena, u32, m->type_count),
                   .placed = NEW_ARRAY(r->arena, u8, m->type_count)};
    u32 *sums = NEW_ARRAY(r->arena, u32, m->type_count); // of a group, at its first
    for (u32 i = 0; i < m->type_count; i++) sums[group_of(r, i)] += uses[i];
    const Rank *ranks = ranked(r, sums, 0, m->type_count);
    for (u32 i = 0; i < m->type_count; i++) {
        u32 group = group_of(r, ranks[i].index);
        if (!t.placed[group]) place_group(&t, group);
    }
    for (u32 i = 0; i < m->type_count; i++) r->found += t.order[i] != i;
    r->edit.order[ITEM_type] = t.order;
}

void opt_pass_order(OptRound *r)
{
    const Module *m = r->m;
    u32 *uses[ITEM_COUNT];
    round_uses(r, uses);
    order_items(r, ITEM_func, uses[ITEM_func], m->imported_funcs);
    if (!global_names_global(r))
        order_items(r, ITEM_global, uses[ITEM_global], m->imported_globals);
    order_types(r, uses[ITEM_type]);
}

// ---- Locals

typedef struct {
    u32 index, uses, kind; // kind: which type it is of, in the order in which these first come up
} Local;

static int by_kind(const void *a, const void *b)
{
    const Local *x = a, *y = b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->uses != y->uses) return x->uses > y->uses ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static int by_local_uses(const void *a, const void *b)
{
    const Local *x = a, *y = b;
    if (x->uses != y->uses) return x->uses > y->uses ? -1 : 1;
    return by_kind(a, b);
}

// All types of a body's groups, each with its first number.
typedef struct {
    Type *types;
    u32 count, cap;
} Kinds;

enum { KINDS_MOST = 64 }; // that are looked for: of more the rest is taken for new ones

static u32 kind_of(OptRound *r, Kinds *k, Type type)
{
    for (u32 i = 0; i < k->count && i < KINDS_MOST; i++)
        if (k->types[i] == type) return i;
    ARENA_PUSH(r->arena, k->types, k->count, k->cap) = type;
    return k->count - 1;
}

// Those that are declared; params: how many stand in front. Returns how many groups there are.
static u32 read_locals(OptRound *r, u32 func, u32 params, Local **locals, u32 *count)
{
    InstrReader in;
    Diag diag;
    Type type;
    Kinds kinds = {0};
    u32 more, cap = 0, groups;
    diag_init(&diag);
    instr_reader_init(&in, r->m, r->m->funcs[func].body, r->scratch, &diag);
    groups = instr_local_groups(&in);
    *locals = NULL;
    *count = 0;
    for (u32 i = 0; i < groups; i++) {
        instr_local_group(&in, &more, &type);
        u32 kind = kind_of(r, &kinds, type);
        for (; more; more--) {
            u32 index = params + *count;
            ARENA_PUSH(r->scratch, *locals, *count, cap) = (Local){index, 0, kind};
        }
    }
    return groups;
}

typedef struct {
    u8 **fates;
    const u32 **order;
} LocalEdit;

static u32 groups_of(const Local *locals, u32 count)
{
    u32 groups = 0;
    for (u32 i = 0; i < count; i++) groups += !i || locals[i].kind != locals[i - 1].kind;
    return groups;
}

static void order_locals(OptRound *r, LocalEdit *edit, u32 func)
{
    u32 params = type_def(r->m->store, r->m->funcs[func].type)->param_count, count, left = 0;
    Local *locals;
    u32 groups = read_locals(r, func, params, &locals, &count);
    if (!count) return;
    for (Scan s = scan_func(r, func); scan_next_in(&s);)
        if (op_info[s.now.imm.op].immediates == IMM_local && s.now.imm.local >= params)
            locals[s.now.imm.local - params].uses++;
    u8 *fates = NEW_ARRAY(r->arena, u8, params + count);
    for (u32 i = 0; i < count; i++)
        if (locals[i].uses) locals[left++] = locals[i];
        else fates[params + i] = LOCAL_goes;
    if (left) qsort(locals, left, sizeof *locals, params + left > SHORT ? by_local_uses : by_kind);
    if (left == count && params + left <= SHORT && groups_of(locals, left) >= groups) return;
    u32 *order = NEW_ARRAY(r->arena, u32, left), moved = count - left;
    for (u32 i = 0; i < left; i++) {
        order[i] = locals[i].index;
        moved += order[i] != params + i;
    }
    if (!moved) return;
    edit->fates[func] = fates;
    edit->order[func] = order;
    r->found++;
}

void opt_pass_locals(OptRound *r)
{
    const Module *m = r->m;
    LocalEdit edit = {NEW_ARRAY(r->arena, u8 *, m->func_count),
                      NEW_ARRAY(r->arena, const u32 *, m->func_count)};
    for (u32 i = m->imported_funcs; i < m->func_count; i++) {
        order_locals(r, &edit, i);
        arena_reset(r->scratch);
    }
    if (!r->found) return;
    r->edit.locals = (const u8 *const *)edit.fates;
    r->edit.local_order = (const u32 *const *)edit.order;
}
