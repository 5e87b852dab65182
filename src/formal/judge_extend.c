// judge_extend.c -- what of a store may change, and what may not. See judge.h.
//
// The store that was is not kept, but of each instance how much there was, and a hash of all that
// may never change: its type, and what does not vary in it.
// spec: appendix/properties, store extension

#include "formal/judge.h"

#include <string.h>

// ---- What stays the same

static u64 mix(u64 hash, u64 x)
{
    hash = (hash ^ x) * 0x9e3779b97f4a7c15;
    return hash ^ hash >> 29;
}

static u64 mix_value(u64 hash, Val v)
{
    return mix(mix(mix(hash, (u64)v.kind << 1 | v.external), v.lanes[0]),
               v.kind == TYPE_v128 ? v.lanes[1] : 0);
}

static u64 mix_values(u64 hash, const Val *values, u64 count)
{
    for (u64 k = 0; k < count; k++) hash = mix_value(hash, values[k]);
    return hash;
}

static u64 mix_limits(u64 hash, const Limits *l)
{
    u64 flags = l->is64 | l->shared << 1 | l->has_max << 2 | (u64)l->page_log2 << 8;
    return mix(mix(hash, flags), l->has_max ? l->max : 0);
}

static u64 mix_bytes(u64 hash, const u8 *bytes, u64 count)
{
    u64 word = 0;
    for (; count >= 8; bytes += 8, count -= 8) {
        memcpy(&word, bytes, 8);
        hash = mix(hash, word);
    }
    word = 0;
    if (count) memcpy(&word, bytes, (size_t)count);
    return mix(hash, word);
}

static Kept keep_object(Judge *j, const ObjectInst *o)
{
    const TypeDef *def = type_def(j->s->types, o->type);
    Kept kept = {o->count, mix(0, o->type)};
    bool array = def->kind == COMP_array;
    if (array && def->fields[0].mutable) return kept;
    for (u32 k = 0; k < o->count; k++)
        if (array || k >= def->field_count || !def->fields[k].mutable)
            kept.fixed = mix_value(kept.fixed, o->fields[k]);
    return kept;
}

static Kept keep_global(const GlobalInst *g)
{
    u64 fixed = mix(g->type.mutable, g->type.type);
    return (Kept){1, g->type.mutable ? fixed : mix_value(fixed, g->value)};
}

static Kept keep_func(const FuncInst *f)
{
    u64 fixed = mix(mix(f->type, (uintptr_t)f->module), f->index);
    return (Kept){1, mix(mix(fixed, (uintptr_t)f->host), (uintptr_t)f->env)};
}

bool judge_nothing(const FormalStore *s, StoreKind kind, u32 a)
{
    switch (kind) {
    case STORE_elems: return s->elems.at[a].growing;
    case STORE_structs: return !s->structs.at[a].fields;
    case STORE_arrays: return !s->arrays.at[a].fields;
    case STORE_exns: return !s->exns.at[a].fields;
    default: return false;
    }
}

static Kept kept_now(Judge *j, StoreKind kind, u32 a)
{
    const FormalStore *s = j->s;
    if (judge_nothing(s, kind, a)) return (Kept){KEPT_NOTHING, 0};
    switch (kind) {
    case STORE_tags: return (Kept){1, s->tags.at[a].type};
    case STORE_globals: return keep_global(&s->globals.at[a]);
    case STORE_mems: return (Kept){s->mems.at[a].count, mix_limits(0, &s->mems.at[a].type.limits)};
    case STORE_tables: {
        const TableInst *t = &s->tables.at[a];
        return (Kept){t->count, mix_limits(t->type.elem, &t->type.limits)};
    }
    case STORE_funcs: return keep_func(&s->funcs.at[a]);
    case STORE_datas:
        return (Kept){s->datas.at[a].count,
                      mix_bytes(0, s->datas.at[a].bytes, s->datas.at[a].count)};
    case STORE_elems: {
        const ElemInst *e = &s->elems.at[a];
        return (Kept){e->count, mix_values(e->type, e->refs, e->count)};
    }
    case STORE_structs: return keep_object(j, &s->structs.at[a]);
    case STORE_arrays: return keep_object(j, &s->arrays.at[a]);
    case STORE_exns: {
        const ExnInst *e = &s->exns.at[a];
        return (Kept){e->count, mix_values(e->tag, e->fields, e->count)};
    }
    case STORE_KINDS: break;
    }
    return (Kept){0, 0};
}

void judge_collected(Judge *j)
{
    static const StoreKind kinds[] = {STORE_structs, STORE_arrays, STORE_exns};
    for (u32 k = 0; k < COUNT_OF(kinds); k++)
        for (u32 a = 0; a < j->kept->of[kinds[k]].count; a++)
            if (judge_nothing(j->s, kinds[k], a))
                j->kept->of[kinds[k]].at[a] = (Kept){KEPT_NOTHING, 0};
}

void judge_keep(Judge *j, StoreKind kind, u32 a)
{
    Kept now = kept_now(j, kind, a);
    j->work += now.count == KEPT_NOTHING ? 0 : 4 * now.count;
    StoreKept *k = j->kept;
    if (a < k->of[kind].count) k->of[kind].at[a] = now;
    else ARENA_PUSH(&k->arena, k->of[kind].at, k->of[kind].count, k->of[kind].cap) = now;
}

// ---- s <= s', of each kind

typedef struct { Kept was, now; } Both;

static Both both(Judge *j, StoreKind kind, u32 a)
{
    Both b = {j->kept->of[kind].at[a], kept_now(j, kind, a)};
    j->work += b.now.count == KEPT_NOTHING ? 0 : 4 * b.now.count;
    return b;
}

static bool same(Both b)
{
    if (b.was.count == KEPT_NOTHING) return true;
    return b.was.count == b.now.count && b.was.fixed == b.now.fixed;
}

bool Extend_taginst(Judge *j, u32 a)
{
    if (!same(both(j, STORE_tags, a)))
        return refuted(j, JUDGEMENT_Extend_taginst, "s.TAGS[%u] has changed", a);
    return judged(j, JUDGEMENT_Extend_taginst);
}

bool Extend_globalinst(Judge *j, u32 a)
{
    if (!same(both(j, STORE_globals, a)))
        return refuted(j, JUDGEMENT_Extend_globalinst, "s.GLOBALS[%u], or its type, has changed, "
                       "and is not mutable", a);
    return judged(j, JUDGEMENT_Extend_globalinst);
}

static bool grows(Both b) { return b.was.count <= b.now.count && b.was.fixed == b.now.fixed; }

bool Extend_meminst(Judge *j, u32 a)
{
    Both b = both(j, STORE_mems, a);
    if (!grows(b))
        return refuted(j, JUDGEMENT_Extend_meminst, "s.MEMS[%u] had %llu bytes, and has %llu", a,
                       (unsigned long long)b.was.count, (unsigned long long)b.now.count);
    return judged(j, JUDGEMENT_Extend_meminst);
}

bool Extend_tableinst(Judge *j, u32 a)
{
    Both b = both(j, STORE_tables, a);
    if (!grows(b))
        return refuted(j, JUDGEMENT_Extend_tableinst, "s.TABLES[%u] had %llu elements, and has "
                       "%llu", a, (unsigned long long)b.was.count, (unsigned long long)b.now.count);
    return judged(j, JUDGEMENT_Extend_tableinst);
}

bool Extend_funcinst(Judge *j, u32 a)
{
    if (!same(both(j, STORE_funcs, a)))
        return refuted(j, JUDGEMENT_Extend_funcinst, "s.FUNCS[%u] has changed", a);
    return judged(j, JUDGEMENT_Extend_funcinst);
}

bool Extend_datainst(Judge *j, u32 a)
{
    if (j->s->datas.at[a].count && !same(both(j, STORE_datas, a)))
        return refuted(j, JUDGEMENT_Extend_datainst, "s.DATAS[%u] is neither as it was nor empty",
                       a);
    return judged(j, JUDGEMENT_Extend_datainst);
}

bool Extend_eleminst(Judge *j, u32 a)
{
    if (j->s->elems.at[a].count && !same(both(j, STORE_elems, a)))
        return refuted(j, JUDGEMENT_Extend_eleminst, "s.ELEMS[%u] is neither as it was nor empty",
                       a);
    return judged(j, JUDGEMENT_Extend_eleminst);
}

bool Extend_structinst(Judge *j, u32 a)
{
    if (!same(both(j, STORE_structs, a)))
        return refuted(j, JUDGEMENT_Extend_structinst, "s.STRUCTS[%u] has another type, or a field "
                       "has changed that is not mutable", a);
    return judged(j, JUDGEMENT_Extend_structinst);
}

bool Extend_arrayinst(Judge *j, u32 a)
{
    if (!same(both(j, STORE_arrays, a)))
        return refuted(j, JUDGEMENT_Extend_arrayinst, "s.ARRAYS[%u] has another type or length, or "
                       "an element has changed that is not mutable", a);
    return judged(j, JUDGEMENT_Extend_arrayinst);
}

bool Extend_exninst(Judge *j, u32 a)
{
    if (!same(both(j, STORE_exns, a)))
        return refuted(j, JUDGEMENT_Extend_exninst, "s.EXNS[%u] has changed", a);
    return judged(j, JUDGEMENT_Extend_exninst);
}

typedef bool Extends(Judge *j, u32 a);
static Extends *const extends[STORE_KINDS] = {
    [STORE_tags] = Extend_taginst, [STORE_globals] = Extend_globalinst,
    [STORE_mems] = Extend_meminst, [STORE_tables] = Extend_tableinst,
    [STORE_funcs] = Extend_funcinst, [STORE_datas] = Extend_datainst,
    [STORE_elems] = Extend_eleminst, [STORE_structs] = Extend_structinst,
    [STORE_arrays] = Extend_arrayinst, [STORE_exns] = Extend_exninst,
};

static bool none_is_gone(Judge *j)
{
    for (u32 kind = 0; kind < STORE_KINDS; kind++)
        if (judge_count(j->s, kind) < j->kept->of[kind].count)
            return refuted(j, JUDGEMENT_Extend_store, "instances of the store have gone");
    return true;
}

bool Extend_store(Judge *j)
{
    if (!none_is_gone(j)) return false;
    for (u32 kind = 0; kind < STORE_KINDS; kind++)
        for (u32 a = 0; a < j->kept->of[kind].count; a++) {
            if (!extends[kind](j, a)) return within(j, JUDGEMENT_Extend_store);
            judge_keep(j, kind, a);
        }
    return judged(j, JUDGEMENT_Extend_store);
}

// ---- One step's share of it

enum { FEW = 8 };

// What is told is a part; but memories and tables are few, and looked at in any case.
static bool sizes_ok(Judge *j)
{
    const FormalStore *s = j->s;
    const Kept *mems = j->kept->of[STORE_mems].at, *tables = j->kept->of[STORE_tables].at;
    for (u32 a = 0; a < MIN(j->kept->of[STORE_mems].count, (u32)FEW); a++)
        if (s->mems.at[a].count != mems[a].count && !Extend_meminst(j, a)) return false;
    for (u32 a = 0; a < MIN(j->kept->of[STORE_tables].count, (u32)FEW); a++)
        if (s->tables.at[a].count != tables[a].count && !Extend_tableinst(j, a)) return false;
    return true;
}

static bool same_counts(const Judge *j)
{
    const FormalStore *s = j->s;
    return s->tags.count == j->kept->of[STORE_tags].count &&
           s->globals.count == j->kept->of[STORE_globals].count &&
           s->mems.count == j->kept->of[STORE_mems].count &&
           s->tables.count == j->kept->of[STORE_tables].count &&
           s->funcs.count == j->kept->of[STORE_funcs].count &&
           s->datas.count == j->kept->of[STORE_datas].count &&
           s->elems.count == j->kept->of[STORE_elems].count &&
           s->structs.count == j->kept->of[STORE_structs].count &&
           s->arrays.count == j->kept->of[STORE_arrays].count &&
           s->exns.count == j->kept->of[STORE_exns].count;
}

bool judge_instances(Judge *j)
{
    return sizes_ok(j) && (same_counts(j) || (none_is_gone(j) && judge_new(j)));
}

bool judge_part(Judge *j, Part p)
{
    static const StoreKind kinds[] = {
        [PART_global] = STORE_globals, [PART_table] = STORE_tables, [PART_mem] = STORE_mems,
        [PART_elem] = STORE_elems, [PART_data] = STORE_datas, [PART_struct] = STORE_structs,
        [PART_array] = STORE_arrays, [PART_exn] = STORE_exns};
    if (p.kind == PART_cont) return true; // judged when it is put on
    StoreKind kind = kinds[p.kind];
    if (p.address >= j->kept->of[kind].count)
        return refuted(j, JUDGEMENT_Extend_store, "what is not there has changed");
    if (j->kept->of[kind].at[p.address].count == KEPT_NOTHING) // in place of what was collected
        return judge_instance(j, kind, p.address);
    if (!extends[kind](j, p.address)) return false;
    judge_keep(j, kind, p.address);
    switch (p.kind) {
    case PART_global: return Globalinst_ok(j, p.address);
    case PART_table: return Tableinst_ok(j, p.address, p.from, p.count);
    case PART_mem: return Meminst_ok(j, p.address);
    case PART_elem: return Eleminst_ok(j, p.address);
    case PART_data: return Datainst_ok(j, p.address);
    case PART_struct: return Structinst_ok(j, p.address, p.from, p.count);
    case PART_array: return Arrayinst_ok(j, p.address, p.from, p.count);
    case PART_exn: return Exninst_ok(j, p.address);
    case PART_cont: break;
    }
    return true;
}
