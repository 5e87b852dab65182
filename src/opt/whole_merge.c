// whole_merge.c -- what is there several times is there once: types, imports, merge.

#include "base/map.h"
#include "opt/round.h"

// The second goes, and the first stands for it.
static void becomes(OptRound *r, ItemKind kind, u32 second, u32 first)
{
    round_instead(r, kind)[second] = first;
    round_gone(r, kind)[second] = true;
    if (kind == ITEM_func)
        watch_note(r->m, second, "left out: it is the same as function %u", first);
    r->found++;
}

// The store knows of each type the first that is equal, also within recursion groups.
void opt_pass_types(OptRound *r)
{
    const Module *m = r->m;
    for (u32 i = 0; i < m->type_count; i++) {
        u32 first = type_index_of(&r->types, m->store->records[m->types[i]].canon);
        if (first < i) becomes(r, ITEM_type, i, first);
    }
}

// All that a key says, one thing behind the other.
typedef struct {
    Map map;
    Buf keys;
} Known;

static void known_init(Known *k, OptRound *r)
{
    map_init(&k->map, r->arena);
    buf_init(&k->keys, r->arena);
}

// Its key is what was written to `keys` from there on. Returns who had it first.
static u32 known_first(Known *k, size_t from, u32 index)
{
    size_t size = k->keys.len - from;
    const u8 *key = arena_copy(k->keys.arena, k->keys.data + from, size);
    const u32 *first = map_get(&k->map, key, size);
    k->keys.len = from;
    if (first) return *first;
    map_add(&k->map, key, size, index);
    return index;
}

static TypeId canon(const OptRound *r, u32 func)
{
    return r->m->store->records[r->m->funcs[func].type].canon;
}

void opt_pass_imports(OptRound *r)
{
    Known known;
    known_init(&known, r);
    for (u32 i = 0; i < r->m->import_count; i++) {
        const Import *import = &r->m->imports[i];
        if (import->kind != EXTERN_func) continue;
        buf_u32le(&known.keys, canon(r, import->index));
        buf_byte(&known.keys, r->m->funcs[import->index].exact);
        buf_name(&known.keys, import->module.data, import->module.len);
        buf_name(&known.keys, import->name.data, import->name.len);
        u32 first = known_first(&known, 0, import->index);
        if (first != import->index) becomes(r, ITEM_func, import->index, first);
    }
}

// Of the same type with the same bytes: these are in their shortest form.
void opt_pass_merge(OptRound *r)
{
    Known known;
    known_init(&known, r);
    for (u32 i = r->m->imported_funcs; i < r->m->func_count; i++) {
        Range body = r->m->funcs[i].body;
        buf_u32le(&known.keys, canon(r, i));
        buf_bytes(&known.keys, r->m->bytes + body.start, body.end - body.start);
        u32 first = known_first(&known, 0, i);
        if (first != i) becomes(r, ITEM_func, i, first);
    }
}
