// store.c -- see store.h.

#include "formal/store.h"

#include "plat/pages.h"

#include <stdlib.h>
#include <string.h>

enum { LARGE = 1 << 20 }; // a memory for which so many bytes are had has pages of its own

static void free_bytes(const MemInst *mem)
{
    if (mem->cap < LARGE) free(mem->bytes);
    else pages_free(mem->bytes, mem->cap);
}

void formal_store_init(FormalStore *s, TypeStore *types, const FormalLimits *limits)
{
    *s = (FormalStore){.types = types, .limits = *limits};
    s->code.limit = (size_t)MIN(limits->code_bytes, SIZE_MOST);
    arena_init(&s->arena);
    s->arena.account = &s->code;
}

void formal_store_free(FormalStore *s)
{
    for (u32 i = 0; i < s->tables.count; i++) free(s->tables.at[i].refs);
    for (u32 i = 0; i < s->mems.count; i++) free_bytes(&s->mems.at[i]);
    for (u32 i = 0; i < s->elems.count; i++) free(s->elems.at[i].refs);
    for (u32 i = 0; i < s->structs.count; i++) free(s->structs.at[i].fields);
    for (u32 i = 0; i < s->arrays.count; i++) free(s->arrays.at[i].fields);
    for (u32 i = 0; i < s->exns.count; i++) free(s->exns.at[i].fields);
    for (u32 i = 0; i < s->conts.count; i++) free(s->conts.at[i].contexts);
    for (ModuleInst *m = s->modules, *older; m; m = older) {
        older = m->older;
        free(m);
    }
    free(s->funcs.at), free(s->tables.at), free(s->mems.at), free(s->globals.at);
    free(s->tags.at), free(s->elems.at), free(s->datas.at);
    free(s->structs.at), free(s->arrays.at), free(s->exns.at), free(s->conts.at);
    arena_free(&s->arena);
}

bool formal_room(void **at, u32 count, u32 *cap, size_t size)
{
    if (count < *cap) return true;
    u32 more = *cap ? *cap * 2 : 16;
    size_t bytes;
    if (more <= *cap || !size_fits(more, size, &bytes)) return false;
    void *grown = realloc(*at, bytes);
    if (!grown) return false;
    *at = grown;
    *cap = more;
    return true;
}
#define ADD(list, ...) ((list).at[(list).count] = (__VA_ARGS__), (list).count++)
// Of what is collected: one more, or in a place that has become free.
#define HEAP_ROOM(heap) ((heap).free || FORMAL_ROOM(heap))
#define PLACE(heap)                                                                                \
    next_place(&(heap).free, &(heap).count, (heap).free ? (heap).at[(heap).free - 1].link : 0)

static u32 next_place(u32 *free_place, u32 *count, u32 next_free)
{
    if (!*free_place) return (*count)++;
    u32 place = *free_place - 1;
    *free_place = next_free;
    return place;
}

static bool take(FormalStore *s, u64 *used, u64 limit, u64 amount)
{
    s->met_limit = amount > limit || *used > limit - amount;
    if (!s->met_limit) *used += amount;
    return !s->met_limit;
}

bool formal_take(FormalStore *s, u64 bytes)
{
    return take(s, &s->used.heap_bytes, s->limits.heap_bytes, bytes);
}
void formal_give(FormalStore *s, u64 bytes) { s->used.heap_bytes -= bytes; }

bool formal_take_memory(FormalStore *s, u64 bytes)
{
    return take(s, &s->used.memory_bytes, s->limits.memory_bytes, bytes);
}
void formal_give_memory(FormalStore *s, u64 bytes) { s->used.memory_bytes -= bytes; }

u32 alloc_func(FormalStore *s, FuncInst func)
{
    if (!take(s, &s->used.functions, s->limits.functions, 1) || !FORMAL_ROOM(s->funcs))
        return NO_ADDRESS;
    return ADD(s->funcs, func);
}

u32 alloc_table(FormalStore *s, const TableType *type, Val init)
{
    TableInst table = {.type = *type};
    if (!grow_table(s, &table, type->limits.min, init)) return NO_ADDRESS;
    if (!FORMAL_ROOM(s->tables)) return free(table.refs), NO_ADDRESS;
    return ADD(s->tables, table);
}

u32 alloc_mem(FormalStore *s, const MemType *type)
{
    MemInst mem = {.type = *type};
    if (!grow_mem(s, &mem, type->limits.min)) return NO_ADDRESS;
    if (!FORMAL_ROOM(s->mems)) return free_bytes(&mem), NO_ADDRESS;
    return ADD(s->mems, mem);
}

u32 alloc_global(FormalStore *s, GlobalType type, Val value)
{
    return FORMAL_ROOM(s->globals) ? ADD(s->globals, (GlobalInst){type, value}) : NO_ADDRESS;
}

u32 alloc_tag(FormalStore *s, TypeId type)
{
    return FORMAL_ROOM(s->tags) ? ADD(s->tags, (TagInst){type}) : NO_ADDRESS;
}

u32 alloc_elem(FormalStore *s, Type type, Val *refs, u32 count)
{
    if (FORMAL_ROOM(s->elems)) return ADD(s->elems, (ElemInst){type, refs, count, false});
    free(refs);
    return NO_ADDRESS;
}

u32 alloc_data(FormalStore *s, const u8 *bytes, u32 count)
{
    return FORMAL_ROOM(s->datas) ? ADD(s->datas, (DataInst){bytes, count}) : NO_ADDRESS;
}

// NULL: there is no room.
static Val *copy_fields(FormalStore *s, const Val *fields, u32 count)
{
    size_t bytes;
    if (!size_fits((u64)count + 1, sizeof *fields, &bytes)) return NULL;
    if (!formal_take(s, object_bytes(count))) return NULL;
    Val *copy = malloc(bytes);
    if (!copy) return formal_give(s, object_bytes(count)), NULL;
    if (count) memcpy(copy, fields, bytes - sizeof *fields);
    return copy;
}

static u32 alloc_object(FormalStore *s, ObjectHeap *heap, TypeId type, const Val *fields, u32 count)
{
    Val *copy = HEAP_ROOM(*heap) ? copy_fields(s, fields, count) : NULL;
    if (!copy) return NO_ADDRESS;
    u32 a = PLACE(*heap);
    heap->at[a] = (ObjectInst){.type = type, .count = count, .fields = copy};
    return a;
}

u32 alloc_struct(FormalStore *s, TypeId type, const Val *fields, u32 count)
{
    return alloc_object(s, &s->structs, type, fields, count);
}

u32 alloc_array(FormalStore *s, TypeId type, const Val *fields, u32 count)
{
    return alloc_object(s, &s->arrays, type, fields, count);
}

u32 alloc_exn(FormalStore *s, u32 tag, const Val *fields, u32 count)
{
    Val *copy = HEAP_ROOM(s->exns) ? copy_fields(s, fields, count) : NULL;
    if (!copy) return NO_ADDRESS;
    u32 a = PLACE(s->exns);
    s->exns.at[a] = (ExnInst){.tag = tag, .count = count, .fields = copy};
    return a;
}

u32 alloc_cont(FormalStore *s, ContInst cont)
{
    if (!HEAP_ROOM(s->conts) || !formal_take(s, OBJECT_ITSELF)) return NO_ADDRESS;
    u32 a = PLACE(s->conts);
    s->conts.at[a] = cont;
    return a;
}

// ---- Growing

bool grow_table(FormalStore *s, TableInst *table, u64 more, Val init)
{
    const Limits *l = &table->type.limits;
    u64 most = l->is64 ? UINT64_MAX : UINT32_MAX, count;
    if (__builtin_add_overflow(table->count, more, &count) || count > most) return false;
    s->met_limit = (l->has_max && count > l->max) || count > s->limits.table_entries;
    if (s->met_limit) return false;
    size_t bytes;
    if (!size_fits(count + 1, sizeof *table->refs, &bytes)) return false;
    if (!take(s, &s->used.table_total, s->limits.table_total, more)) return false;
    Val *refs = realloc(table->refs, bytes);
    if (!refs) return s->used.table_total -= more, false;
    for (u64 i = table->count; i < count; i++) refs[i] = init;
    table->refs = refs;
    table->count = count;
    return true;
}

// Zeros, which are the system's until somebody writes there. NULL: there is no room.
static u8 *zeros(u64 bytes)
{
    return bytes < LARGE ? calloc(MAX((size_t)bytes, (size_t)1), 1) : pages_map(bytes);
}

// A large one is moved, and not copied: that would take long, and as much memory as it is large.
static bool grow_to(MemInst *mem, u64 cap)
{
    bool large = mem->cap >= LARGE;
    void *grown = large ? mem->bytes : zeros(cap);
    if (!grown || (large && !pages_resize(&grown, mem->cap, cap))) return false;
    if (!large && mem->count) memcpy(grown, mem->bytes, (size_t)mem->count);
    if (!large) free(mem->bytes);
    mem->bytes = grown;
    mem->cap = cap;
    return true;
}

// What grows again and again gets more than it asks for.
static bool grow_bytes(MemInst *mem, u64 count)
{
    if (mem->bytes && count <= mem->cap) return true;
    return grow_to(mem, MAX(count, mem->cap * 2)) || grow_to(mem, count);
}

bool grow_mem(FormalStore *s, MemInst *mem, u64 more_pages)
{
    const Limits *l = &mem->type.limits;
    u64 pages = mem->count >> l->page_log2, most = (u64)1 << ((l->is64 ? 63 : 32) - l->page_log2);
    if (more_pages > most || pages + more_pages > most) return false;
    if (l->has_max && pages + more_pages > l->max) return false;
    u64 more = more_pages << l->page_log2, count = mem->count + more;
    if (!formal_take_memory(s, more)) return false;
    if (!grow_bytes(mem, count)) return formal_give_memory(s, more), false;
    mem->count = count;
    return true;
}

// ---- Types of references

Type ref_type(const FormalStore *s, Val ref)
{
    if (ref.external) return type_ref(false, HEAP_extern);
    switch (ref.kind) {
    case VALUE_i31: return type_ref(false, HEAP_i31);
    case VALUE_struct: return type_ref_to(false, s->structs.at[ref.bits].type) | TYPE_EXACT;
    case VALUE_array: return type_ref_to(false, s->arrays.at[ref.bits].type) | TYPE_EXACT;
    case VALUE_func: return type_ref_to(false, s->funcs.at[ref.bits].type) | TYPE_EXACT;
    case VALUE_exn: return type_ref(false, HEAP_exn);
    case VALUE_cont: return type_ref(false, HEAP_cont);
    default: return type_ref(false, HEAP_any);
    }
}

// That they are of one hierarchy was validated.
bool ref_ok(const FormalStore *s, Val ref, Type type)
{
    if (value_is_null(ref)) return type_is_null(type);
    return type_matches(s->types, ref_type(s, ref), type);
}
