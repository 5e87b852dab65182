// names.h -- what the things of a store are called in a snapshot: instances by their number, oldest
// first, and all else by an instance's number and an index there.
#pragma once

#include "base/arena.h"
#include "run/store.h"

typedef struct { u32 inst, index; } ItemName;

typedef struct {
    const void *item;
    ItemName name;
} NamedItem;
typedef struct {
    TypeId type;
    ItemName name;
} NamedType;

typedef struct {
    Instance **instances;
    u32 instance_count;
    // The host's too, by where they are imported first.
    NamedItem *items;
    NamedType *types;
    u32 item_count, type_count;
} StoreNames;

// In `arena`, which is armed.
void names_of(Store *store, Arena *arena, StoreNames *out);
// False: nobody imports or defines it.
bool name_of(const StoreNames *names, const void *item, ItemName *out);
bool name_of_type(const StoreNames *names, TypeId type, ItemName *out);
// Is that what it is called? Of the host's, whether it is imported there first.
bool name_is_first(const StoreNames *names, const void *item, ItemName name);
u32 number_of(const StoreNames *names, const Instance *inst);
// Is it an instance's own?
static inline bool name_is_own(const StoreNames *names, ExternKind kind, ItemName name)
{
    const Module *m = names->instances[name.inst]->module;
    const u32 imported[] = {[EXTERN_func] = m->imported_funcs, [EXTERN_table] = m->imported_tables,
                            [EXTERN_memory] = m->imported_memories,
                            [EXTERN_global] = m->imported_globals,
                            [EXTERN_tag] = m->imported_tags};
    return name.index >= imported[kind];
}
