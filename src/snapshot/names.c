// names.c -- see names.h.

#include "snapshot/names.h"

#include "base/map.h"

#include <stdlib.h>

static int by_item(const void *left, const void *right)
{
    const NamedItem *a = left, *b = right;
    if (a->item != b->item) return a->item < b->item ? -1 : 1;
    if (a->name.inst != b->name.inst) return a->name.inst < b->name.inst ? -1 : 1;
    return a->name.index < b->name.index ? -1 : a->name.index > b->name.index;
}

static int by_type(const void *left, const void *right)
{
    const NamedType *a = left, *b = right;
    if (a->type != b->type) return a->type < b->type ? -1 : 1;
    if (a->name.inst != b->name.inst) return a->name.inst < b->name.inst ? -1 : 1;
    return a->name.index < b->name.index ? -1 : a->name.index > b->name.index;
}

typedef struct {
    StoreNames *names;
    Arena *arena;
    u32 item_cap, type_cap;
    Map modules;     // whose types have names
} Naming;

static void add(Naming *n, const void *item, u32 inst, u32 index)
{
    ARENA_PUSH(n->arena, n->names->items, n->names->item_count, n->item_cap) =
        (NamedItem){item, {inst, index}};
}

static void add_items(Naming *n, void *const *items, u32 first, u32 end, u32 inst)
{
    for (u32 i = first; i < end; i++) add(n, items[i], inst, i);
}

// Functions that are a guest's say themselves where they are.
static void add_host_funcs(Naming *n, const Instance *inst, u32 number)
{
    for (u32 i = 0; i < inst->imported_funcs; i++)
        if (!inst->imports[i]->code) add(n, inst->imports[i], number, i);
}

// What instances define first: so that is what an item is called, whoever imports it too.
static void add_all(Naming *n, bool own)
{
    for (u32 k = 0; k < n->names->instance_count; k++) {
        Instance *inst = n->names->instances[k];
        const Module *m = inst->module;
#define ITEMS_OF(all, imported, count)                                                             \
    add_items(n, (void *const *)(all), own ? (imported) : 0, own ? (count) : (imported), k)
        ITEMS_OF(inst->memories, m->imported_memories, m->memory_count);
        ITEMS_OF(inst->tables, m->imported_tables, m->table_count);
        ITEMS_OF(inst->globals, m->imported_globals, m->global_count);
        ITEMS_OF(inst->tags, m->imported_tags, m->tag_count);
#undef ITEMS_OF
        if (!own) add_host_funcs(n, inst, k);
        if (own) add(n, inst, k, 0);
        bool types = own && map_add(&n->modules, &inst->module, sizeof inst->module, k);
        for (u32 i = 0; types && i < m->type_count; i++)
            ARENA_PUSH(n->arena, n->names->types, n->names->type_count, n->type_cap) =
                (NamedType){m->types[i], {k, i}};
    }
}

// Of several names the first stays.
static u32 keep_first_items(NamedItem *items, u32 count)
{
    u32 kept = 0;
    for (u32 i = 0; i < count; i++)
        if (!kept || items[kept - 1].item != items[i].item) items[kept++] = items[i];
    return kept;
}

void names_of(Store *s, Arena *arena, StoreNames *out)
{
    *out = (StoreNames){0};
    Naming n = {.names = out, .arena = arena};
    map_init(&n.modules, arena);
    for (Instance *i = s->instances; i; i = i->next) out->instance_count++;
    out->instances = NEW_ARRAY(arena, Instance *, out->instance_count + 1);
    u32 k = out->instance_count;
    for (Instance *i = s->instances; i; i = i->next) out->instances[--k] = i;
    add_all(&n, true);
    if (out->item_count) qsort(out->items, out->item_count, sizeof *out->items, by_item);
    if (out->type_count) qsort(out->types, out->type_count, sizeof *out->types, by_type);
    StoreNames own = *out;
    add_all(&n, false);
    for (u32 i = own.item_count, end = out->item_count; i < end; i++) {
        ItemName known;
        if (!name_of(&own, out->items[i].item, &known)) continue;
        out->items[i].name = known; // which is the same then
    }
    if (out->item_count) qsort(out->items, out->item_count, sizeof *out->items, by_item);
    out->item_count = keep_first_items(out->items, out->item_count);
}

bool name_of(const StoreNames *names, const void *item, ItemName *out)
{
    u32 low = 0, high = names->item_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (names->items[middle].item < item) low = middle + 1;
        else high = middle;
    }
    if (low == names->item_count || names->items[low].item != item) return false;
    *out = names->items[low].name;
    return true;
}

bool name_of_type(const StoreNames *names, TypeId type, ItemName *out)
{
    u32 low = 0, high = names->type_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (names->types[middle].type < type) low = middle + 1;
        else high = middle;
    }
    if (low == names->type_count || names->types[low].type != type) return false;
    *out = names->types[low].name;
    return true;
}

u32 number_of(const StoreNames *names, const Instance *inst)
{
    ItemName name = {0};
    name_of(names, inst, &name);
    return name.inst;
}

bool name_is_first(const StoreNames *names, const void *item, ItemName name)
{
    ItemName known;
    return name_of(names, item, &known) && known.inst == name.inst && known.index == name.index;
}
