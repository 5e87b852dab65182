// collect.c -- see collect.h.
//
//     link   0: not reached     n + 2: reached, and n stands behind it in the list of its kind of
//                               what was not looked into yet; 1: nothing does
//
// So marking takes no memory and does not recurse. Afterwards the links of what is gone are the
// list of free places.

#include "formal/collect.h"
#include "formal/cont.h"

#include <stdlib.h>
#include <string.h>

enum { KINDS = VALUE_cont + 1, LAST = 1 };

typedef struct {
    FormalStore *store;
    u32 reached[KINDS];      // lists of what was not looked into yet, as links
    u64 work;
} Marking;

// NULL: it is not of what is collected.
static u32 *link_of(FormalStore *s, u32 kind, u64 address)
{
    switch (kind) {
    case VALUE_struct: return &s->structs.at[address].link;
    case VALUE_array: return &s->arrays.at[address].link;
    case VALUE_exn: return &s->exns.at[address].link;
    case VALUE_cont: return &s->conts.at[address].link;
    default: return NULL;
    }
}

static void reach(Marking *m, u32 kind, u64 address)
{
    u32 *link = link_of(m->store, kind, address);
    if (!link || *link) return;
    *link = m->reached[kind];
    m->reached[kind] = (u32)address + 2;
}

static void reach_all(Marking *m, const Val *values, u64 count)
{
    m->work += count;
    for (u64 k = 0; k < count; k++) reach(m, values[k].kind, values[k].bits);
}

static void reach_contexts(Marking *m, const Context *contexts, u32 count)
{
    m->work += count;
    for (u32 k = 0; k < count; k++)
        if (contexts[k].kind == CONTEXT_caught) reach(m, VALUE_exn, contexts[k].exn);
}

static void look_into(Marking *m, u32 kind, u32 address)
{
    const FormalStore *s = m->store;
    const ContInst *k = kind == VALUE_cont ? &s->conts.at[address] : NULL;
    switch (kind) {
    case VALUE_struct:
        reach_all(m, s->structs.at[address].fields, s->structs.at[address].count);
        break;
    case VALUE_array:
        reach_all(m, s->arrays.at[address].fields, s->arrays.at[address].count);
        break;
    case VALUE_exn: reach_all(m, s->exns.at[address].fields, s->exns.at[address].count); break;
    default:
        reach_contexts(m, k->contexts, k->context_count);
        if (k->local_count) reach_all(m, continuation_locals(k), k->local_count);
        if (k->value_count) reach_all(m, continuation_values(k), k->value_count);
    }
}

static void look_into_reached(Marking *m)
{
    for (u32 kind = VALUE_struct; kind < KINDS; kind++) {
        while (m->reached[kind] != LAST) {
            u32 address = m->reached[kind] - 2;
            m->reached[kind] = *link_of(m->store, kind, address);
            *link_of(m->store, kind, address) = LAST;
            look_into(m, kind, address);
            kind = VALUE_struct;
        }
    }
}

static void reach_config(Marking *m, const Config *c)
{
    reach_all(m, c->values, c->count);
    reach_all(m, c->locals, c->local_count);
    reach_all(m, c->held, c->held_count);
    reach_contexts(m, c->contexts, c->context_count);
    for (u32 k = 0; k < c->ahead_count; k++)
        if (c->ahead[k].redex == REDEX_value) reach_all(m, &c->ahead[k].value, 1);
}

static void reach_roots(Marking *m)
{
    const FormalStore *s = m->store;
    for (const Config *c = s->configs; c; c = c->older) reach_config(m, c);
    for (u32 a = 0; a < s->globals.count; a++) reach_all(m, &s->globals.at[a].value, 1);
    for (u32 a = 0; a < s->tables.count; a++)
        reach_all(m, s->tables.at[a].refs, s->tables.at[a].count);
    for (u32 a = 0; a < s->elems.count; a++)
        reach_all(m, s->elems.at[a].refs, s->elems.at[a].count);
}

// ---- What was not reached

static void drop_object(FormalStore *s, Val **fields, u32 count)
{
    formal_give(s, object_bytes(count));
    free(*fields);
    *fields = NULL;
}

static void sweep_objects(FormalStore *s, ObjectHeap *heap)
{
    for (u32 a = 0; a < heap->count; a++) {
        ObjectInst *o = &heap->at[a];
        u32 reached = o->link;
        if (!o->fields) continue;
        o->link = reached ? 0 : heap->free;
        if (reached) continue;
        drop_object(s, &o->fields, o->count);
        heap->free = a + 1;
    }
}

static void sweep_exns(FormalStore *s)
{
    for (u32 a = 0; a < s->exns.count; a++) {
        ExnInst *e = &s->exns.at[a];
        u32 reached = e->link;
        if (!e->fields) continue;
        e->link = reached ? 0 : s->exns.free;
        if (reached) continue;
        drop_object(s, &e->fields, e->count);
        s->exns.free = a + 1;
    }
}

static void sweep_conts(FormalStore *s)
{
    for (u32 a = 0; a < s->conts.count; a++) {
        ContInst *k = &s->conts.at[a];
        u32 reached = k->link;
        if (k->gone) continue;
        k->link = reached ? 0 : s->conts.free;
        if (reached) continue;
        continuation_drop(s, k);
        s->conts.free = a + 1;
    }
}

static void collect(Config *c)
{
    FormalStore *s = c->store;
    Marking m = {.store = s};
    for (u32 kind = 0; kind < KINDS; kind++) m.reached[kind] = LAST;
    reach_roots(&m);
    look_into_reached(&m);
    sweep_objects(s, &s->structs);
    sweep_objects(s, &s->arrays);
    sweep_exns(s);
    sweep_conts(s);
    worked(c, m.work + s->structs.count + s->arrays.count + s->exns.count + s->conts.count);
    s->collections++;
    if (c->watch) c->watch->collected(c->watch->env, c);
}

bool heap_room(Config *c, u64 bytes)
{
    FormalStore *s = c->store;
    u64 most = s->limits.heap_bytes;
    if (bytes <= most - s->used.heap_bytes && !s->stress) return true;
    if (bytes <= most && (!c->watch || c->watch->collected)) collect(c);
    u64 left = most - s->used.heap_bytes;
    return (bytes <= left && left >= most / 8) || !halts(c, TRAP_out_of_memory, "for an object");
}
