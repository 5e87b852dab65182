// type.c -- the type store: equal recursion groups become one.
//
//     groups (hash table) { hash, start }
//                                   |
//     chunks[k] --> TypeDef[64 << k]       ids start .. start + rec_count - 1
//                      |
//     blocks --> supers, params, results, fields, one group after the other
//
// A group is hashed and compared as it was given: members that it names itself by their place, all
// others by canonical id. That is exactly when the specification calls two rolled-up groups equal,
// and it takes time linear in the group. A chunk never moves, and its pointer is set before the
// first of its ids is given out; whoever has an id got it after that, so lookups take no lock.
// spec: valid/conventions, rolling and unrolling; valid/matching

#include "module/type.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHUNK_LOG2 = 6, CHUNK_COUNT = 26 - CHUNK_LOG2 + 1, ID_LIMIT = (1 << 26) - (1 << CHUNK_LOG2) };

typedef struct { u32 start, count; } Group;
typedef struct { u32 hash, end; } GroupSlot; // end: start + 1; 0: there is none

// What the members of groups point to, word by word. Never moved, freed with the store. Blocks grow
// with it.
enum { BLOCK_LEAST = 64, BLOCK_MOST = 16 << 10 };
typedef struct Block {
    struct Block *next;
    u32 words[];
} Block;

struct TypeStore {
    TypeDef *chunks[CHUNK_COUNT];
    pthread_mutex_t lock; // guards everything below, and ids that are not given out yet
    u32 count;
    bool distinct;
    TypeId *canon;  // of a distinct store, by id: the first that is equal; else NULL
    u32 canon_cap;
    GroupSlot *groups; // open addressing, at most three quarters full
    u32 group_count, group_cap;
    Block *blocks;
    u32 *room;      // what is left of the one that is being filled
    size_t room_words;
    u64 seed; // so that nobody can prepare groups that collide
};

static TypeDef *type_slot(const TypeStore *store, TypeId id)
{
    u32 at = id + (1u << CHUNK_LOG2);
    u32 log2 = 31 - (u32)__builtin_clz(at);
    return &store->chunks[log2 - CHUNK_LOG2][at - (1u << log2)];
}

const TypeDef *type_def(const TypeStore *store, TypeId id) { return type_slot(store, id); }

TypeStore *type_store_new(void)
{
    TypeStore *store = calloc(1, sizeof *store);
    if (!store) return NULL;
    if (pthread_mutex_init(&store->lock, NULL)) {
        free(store);
        return NULL;
    }
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    store->seed = ((u64)(uintptr_t)store << 20) ^ (u64)now.tv_nsec ^ (u64)now.tv_sec << 32;
    return store;
}

TypeStore *type_store_new_distinct(void)
{
    TypeStore *store = type_store_new();
    if (store) store->distinct = true;
    return store;
}

// What equality goes by.
static TypeId canon_id(const TypeStore *store, TypeId id)
{
    return store->canon && id < store->count ? store->canon[id] : id; // others are places in a group, or none
}

void type_store_free(TypeStore *store)
{
    if (!store) return;
    for (Block *b = store->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(store->canon);
    for (u32 i = 0; i < CHUNK_COUNT; i++) free(store->chunks[i]);
    free(store->groups);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

// Hashing a group

static u64 mix(u64 h, u64 word)
{
    h = (h ^ word) * 0x9fb21c651e98df25u;
    return h ^ h >> 32;
}

static bool is_ref_to(Type t) { return (t & (TYPE_REF | TYPE_CONCRETE)) == (TYPE_REF | TYPE_CONCRETE); }

static Type canon_type(const TypeStore *store, Type t)
{
    return is_ref_to(t) ? (t & ~TYPE_HEAP_BITS) | canon_id(store, type_id(t)) : t;
}

static u64 hash_types(const TypeStore *store, u64 h, const Type *types, u32 count)
{
    h = mix(h, count);
    for (u32 i = 0; i < count; i++) h = mix(h, canon_type(store, types[i]));
    return h;
}

static u32 hash_group(const TypeStore *store, const TypeDraft *group)
{
    u64 h = store->seed;
    for (u32 i = 0; i < group->count; i++) {
        const TypeDef *d = type_draft_at(group, i);
        h = mix(h, (u64)d->kind | (u64)d->final << 8 | (u64)canon_id(store, d->super) << 32);
        h = mix(h, (u64)canon_id(store, d->describes) | (u64)canon_id(store, d->descriptor) << 32);
        h = hash_types(store, h, d->params, d->param_count);
        h = hash_types(store, h, d->results, d->result_count);
        h = mix(h, (u64)d->field_count | (u64)(d->kind == COMP_cont ? canon_id(store, d->cont) : 0)
                                             << 32);
        for (u32 f = 0; f < d->field_count; f++)
            h = mix(h, canon_type(store, d->fields[f].type) | (u64)d->fields[f].mutable << 32);
    }
    return (u32)mix(h, group->count);
}

// Comparing a group with one that is stored

// A group that names a stored group from outside differs from that group, even where the ids agree.
static bool same_id(const TypeStore *store, const Group *g, TypeId stored, TypeId given)
{
    if (stored == TYPE_NONE || given == TYPE_NONE) return stored == given;
    bool own = stored - g->start < g->count;
    if (given & TYPE_ID_REC) return own && stored - g->start == (given ^ TYPE_ID_REC);
    return !own && canon_id(store, stored) == canon_id(store, given);
}

static bool same_type(const TypeStore *store, const Group *g, Type stored, Type given)
{
    if (!is_ref_to(stored) || !is_ref_to(given)) return stored == given;
    return (stored & ~TYPE_HEAP_BITS) == (given & ~TYPE_HEAP_BITS) &&
           same_id(store, g, type_id(stored), type_id(given));
}

static bool same_types(const TypeStore *store, const Group *g, const Type *stored,
                       const Type *given, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (!same_type(store, g, stored[i], given[i])) return false;
    return true;
}

static bool same_def(const TypeStore *store, const Group *g, const TypeDef *s, const TypeDef *d)
{
    if (s->kind != d->kind || s->final != d->final || s->param_count != d->param_count ||
        s->result_count != d->result_count || s->field_count != d->field_count ||
        !same_id(store, g, s->super, d->super) || !same_id(store, g, s->describes, d->describes) ||
        !same_id(store, g, s->descriptor, d->descriptor))
        return false;
    if (s->kind == COMP_cont && !same_id(store, g, s->cont, d->cont)) return false;
    for (u32 i = 0; i < s->field_count; i++)
        if (s->fields[i].mutable != d->fields[i].mutable ||
            !same_type(store, g, s->fields[i].type, d->fields[i].type))
            return false;
    return same_types(store, g, s->params, d->params, s->param_count) &&
           same_types(store, g, s->results, d->results, s->result_count);
}

static bool same_group(const TypeStore *store, const Group *g, const TypeDraft *group)
{
    if (g->count != group->count) return false;
    for (u32 i = 0; i < g->count; i++)
        if (!same_def(store, g, type_slot(store, g->start + i), type_draft_at(group, i)))
            return false;
    return true;
}

static Group group_of(const TypeStore *store, const GroupSlot *slot)
{
    return (Group){slot->end - 1, type_slot(store, slot->end - 1)->rec_count};
}

// The place of the group in the table, or the free one where it belongs.
static GroupSlot *find_group(const TypeStore *store, u32 hash, const TypeDraft *group)
{
    u32 mask = store->group_cap - 1;
    for (u32 i = hash & mask;; i = (i + 1) & mask) {
        GroupSlot *slot = &store->groups[i];
        if (!slot->end) return slot;
        if (slot->hash != hash) continue;
        Group g = group_of(store, slot);
        if (same_group(store, &g, group)) return slot;
    }
}

// Storing a new one

static bool reserve_table(TypeStore *store)
{
    if ((u64)store->group_count * 4 < (u64)store->group_cap * 3) return true;
    u32 cap = store->group_cap ? 2 * store->group_cap : 64;
    GroupSlot *groups = calloc(cap, sizeof *groups);
    if (!groups) return false;
    for (u32 i = 0; i < store->group_cap; i++) {
        if (!store->groups[i].end) continue;
        u32 at = store->groups[i].hash & (cap - 1);
        while (groups[at].end) at = (at + 1) & (cap - 1);
        groups[at] = store->groups[i];
    }
    free(store->groups);
    store->groups = groups;
    store->group_cap = cap;
    return true;
}

// NULL: out of memory. What is large gets a block of its own.
static u32 *take_words(TypeStore *store, u64 words)
{
    size_t bytes;
    if (words > store->room_words || !store->room) {
        u32 size = MIN(BLOCK_LEAST + 4 * store->count, BLOCK_MOST);
        bool own = words > size / 4;
        if (!size_fits(own ? words : size, sizeof(u32), &bytes)) return NULL;
        Block *b = malloc(sizeof *b + bytes);
        if (!b) return NULL;
        b->next = store->blocks;
        store->blocks = b;
        if (own) return b->words;
        store->room = b->words;
        store->room_words = size;
    }
    u32 *taken = store->room;
    store->room += words;
    store->room_words -= (size_t)words;
    return taken;
}

static bool reserve_ids(TypeStore *store, u32 count)
{
    if (count > ID_LIMIT - store->count) return false;
    u32 end = store->count + count;
    for (u32 k = 0; k < CHUNK_COUNT && (((u32)1 << (k + CHUNK_LOG2)) - (1u << CHUNK_LOG2)) < end;
         k++) {
        if (!store->chunks[k])
            store->chunks[k] = calloc((size_t)1 << (k + CHUNK_LOG2), sizeof(TypeDef));
        if (!store->chunks[k]) return false;
    }
    return true;
}

static TypeId resolve_id(TypeId id, u32 start)
{
    return id == TYPE_NONE || !(id & TYPE_ID_REC) ? id : start + (id ^ TYPE_ID_REC);
}

static Type resolve(Type t, u32 start)
{
    return is_ref_to(t) ? (t & ~TYPE_HEAP_BITS) | resolve_id(type_id(t), start) : t;
}

static const Type *store_types(u32 **room, const Type *types, u32 count, u32 start, u16 *slots)
{
    Type *out = *room;
    *room += count;
    *slots = 0;
    for (u32 i = 0; i < count; i++) {
        out[i] = resolve(types[i], start);
        *slots = (u16)(*slots + type_slots(out[i]));
    }
    return out;
}

static const FieldType *store_fields(u32 **room, const FieldType *fields, u32 count, u32 start)
{
    FieldType *out = (FieldType *)*room;
    *room += (size_t)count * (sizeof(FieldType) / sizeof(u32));
    for (u32 i = 0; i < count; i++)
        out[i] = (FieldType){.type = resolve(fields[i].type, start), .mutable = fields[i].mutable};
    return out;
}

// Supertypes go by stretches of STRETCH. A type names those above it in its own stretch, but the
// first of one names the last of each stretch above. So any is two steps away, and the deepest type
// keeps no more than STRETCH - 1 words.
enum { STRETCH = 8 };

static u32 super_words(const TypeDef *def)
{
    return def->depth % STRETCH ? def->depth % STRETCH : def->depth / STRETCH;
}

static const TypeId *store_supers(const TypeStore *store, u32 **room, const TypeDef *def)
{
    TypeId *out = *room;
    u32 count = super_words(def);
    *room += count;
    if (!count) return out;
    const TypeDef *above = type_slot(store, def->super); // has one less
    if (def->depth % STRETCH == 0) above = type_slot(store, above->supers[0]);
    if (count > 1) memcpy(out, above->supers, (count - 1) * sizeof *out);
    out[count - 1] = def->super;
    return out;
}

// Fills what has no pointers in it, and adds up the words that the rest needs.
static u64 store_plain(TypeStore *store, const TypeDraft *group, u32 start)
{
    u64 words = 0;
    for (u32 i = 0; i < group->count; i++) {
        TypeDef *d = type_slot(store, start + i);
        if (group->members) *d = group->members[i];
        d->super = resolve_id(d->super, start);
        d->describes = resolve_id(d->describes, start);
        d->descriptor = resolve_id(d->descriptor, start);
        d->cont = d->kind == COMP_cont ? resolve_id(d->cont, start) : TYPE_NONE;
        assert(d->super == TYPE_NONE || d->super < start + i);
        d->depth = d->super == TYPE_NONE ? 0 : type_slot(store, d->super)->depth + 1;
        assert(d->depth <= 63);
        d->rec_start = start;
        d->rec_count = group->count;
        d->defaultable = true;
        for (u32 f = 0; f < d->field_count; f++)
            d->defaultable &= type_is_defaultable(d->fields[f].type);
        words += (u64)super_words(d) + d->param_count + d->result_count +
                 (u64)d->field_count * (sizeof(FieldType) / sizeof(u32));
    }
    return words;
}

static bool store_group(TypeStore *store, const TypeDraft *group, u32 *first)
{
    u32 start = group->members ? store->count : group->start, count = group->count;
    if (group->members && !reserve_ids(store, count)) return false;
    u32 *room = take_words(store, store_plain(store, group, start));
    if (!room) return false;
    for (u32 i = 0; i < count; i++) {
        TypeDef *d = type_slot(store, start + i);
        d->supers = store_supers(store, &room, d);
        d->params = store_types(&room, d->params, d->param_count, start, &d->param_slots);
        d->results = store_types(&room, d->results, d->result_count, start, &d->result_slots);
        d->fields = store_fields(&room, d->fields, d->field_count, start);
    }
    if (group->members) store->count += count;
    *first = start;
    return true;
}

static bool reserve_canon(TypeStore *store, u32 count)
{
    if (store->count + count <= store->canon_cap) return true;
    u32 cap = MAX(store->count + count, 2 * store->canon_cap);
    TypeId *canon = realloc(store->canon, cap * sizeof *canon);
    if (!canon) return false;
    store->canon = canon;
    store->canon_cap = cap;
    return true;
}

// A distinct store keeps it in any case, and remembers an equal one that is there.
static bool intern_locked(TypeStore *store, const TypeDraft *group, u32 hash, TypeId *first)
{
    if (!reserve_table(store) || (store->distinct && !reserve_canon(store, group->count)))
        return false;
    GroupSlot *slot = find_group(store, hash, group);
    bool found = slot->end;
    if (!found || store->distinct) {
        if (!store_group(store, group, first)) return false;
        if (!found) *slot = (GroupSlot){hash, *first + 1};
        store->group_count += !found;
    }
    for (u32 i = 0; store->distinct && i < group->count; i++)
        store->canon[*first + i] = slot->end - 1 + i;
    if (!store->distinct) *first = slot->end - 1;
    return true;
}

TypeDef *type_draft_at(const TypeDraft *draft, u32 place)
{
    return draft->members ? &draft->members[place] : type_slot(draft->store, draft->start + place);
}

bool type_draft_begin(TypeDraft *draft, TypeStore *store, TypeDef *members, u32 count)
{
    *draft = (TypeDraft){.store = store, .members = members, .count = count};
    if (members) return true;
    pthread_mutex_lock(&store->lock);
    bool good = reserve_ids(store, count);
    draft->start = store->count;
    if (good) store->count += count;
    pthread_mutex_unlock(&store->lock);
    for (u32 i = 0; good && i < count; i++) *type_slot(store, draft->start + i) = (TypeDef){0};
    return good;
}

// Ids that nobody took after are free again; others stay unused.
static void give_back(const TypeDraft *draft)
{
    TypeStore *store = draft->store;
    if (!draft->members && store->count == draft->start + draft->count) store->count = draft->start;
}

void type_draft_drop(TypeDraft *draft)
{
    pthread_mutex_lock(&draft->store->lock);
    give_back(draft);
    pthread_mutex_unlock(&draft->store->lock);
}

bool type_draft_intern(TypeDraft *draft, TypeId *first)
{
    TypeStore *store = draft->store;
    u32 hash = hash_group(store, draft);
    pthread_mutex_lock(&store->lock);
    bool done = intern_locked(store, draft, hash, first);
    if (!done || *first != draft->start) give_back(draft);
    pthread_mutex_unlock(&store->lock);
    return done;
}

bool type_store_intern(TypeStore *store, const TypeDef *group, u32 count, TypeId *first)
{
    TypeDraft draft = {.store = store, .members = (TypeDef *)group, .count = count}; // it is only read
    return type_draft_intern(&draft, first);
}

// Matching

#define BELOW(heap) (1u << HEAP_##heap)
// For each abstract heap type, those it matches.
static const u32 heap_supers[HEAP_COUNT] = {
    [HEAP_func] = BELOW(func),
    [HEAP_extern] = BELOW(extern),
    [HEAP_any] = BELOW(any),
    [HEAP_eq] = BELOW(eq) | BELOW(any),
    [HEAP_i31] = BELOW(i31) | BELOW(eq) | BELOW(any),
    [HEAP_struct] = BELOW(struct) | BELOW(eq) | BELOW(any),
    [HEAP_array] = BELOW(array) | BELOW(eq) | BELOW(any),
    [HEAP_exn] = BELOW(exn),
    [HEAP_cont] = BELOW(cont),
    [HEAP_none] = BELOW(none) | BELOW(struct) | BELOW(array) | BELOW(i31) | BELOW(eq) | BELOW(any),
    [HEAP_noextern] = BELOW(noextern) | BELOW(extern),
    [HEAP_nofunc] = BELOW(nofunc) | BELOW(func),
    [HEAP_noexn] = BELOW(noexn) | BELOW(exn),
    [HEAP_nocont] = BELOW(nocont) | BELOW(cont),
};

static const u8 comp_heap[] = {
    [COMP_func] = HEAP_func, [COMP_struct] = HEAP_struct, [COMP_array] = HEAP_array, [COMP_cont] = HEAP_cont,
};

// The least abstract heap type above a reference type.
static Heap type_abstract(const TypeStore *store, Type ref)
{
    return type_is_concrete(ref) ? (Heap)comp_heap[type_def(store, type_id(ref))->kind]
                                 : type_heap(ref);
}

Heap type_top(const TypeStore *store, Type ref)
{
    static const u8 tops[] = {HEAP_any, HEAP_extern, HEAP_func, HEAP_exn, HEAP_cont};
    u32 supers = heap_supers[type_abstract(store, ref)];
    u32 i = 0;
    while (!(supers >> tops[i] & 1)) i++;
    return (Heap)tops[i];
}

Heap type_bottom_heap(const TypeStore *store, Type ref)
{
    switch (type_top(store, ref)) {
    case HEAP_extern: return HEAP_noextern;
    case HEAP_func: return HEAP_nofunc;
    case HEAP_exn: return HEAP_noexn;
    case HEAP_cont: return HEAP_nocont;
    default: return HEAP_none;
    }
}

bool heap_matches_top(const TypeStore *store, Type ref, Heap top) { return type_top(store, ref) == top; }

TypeId type_super_at(const TypeStore *store, TypeId id, u32 depth)
{
    const TypeDef *d = type_def(store, id);
    if (depth == d->depth) return id;
    if (depth / STRETCH < d->depth / STRETCH) {
        if (d->depth % STRETCH) d = type_def(store, d->supers[0]);
        id = d->supers[depth / STRETCH];
        if (depth % STRETCH == STRETCH - 1) return id;
        d = type_def(store, id);
    }
    return d->supers[depth % STRETCH];
}

bool type_id_matches(const TypeStore *store, TypeId sub, TypeId super)
{
    if (sub == super) return true;
    u32 depth = type_def(store, super)->depth, own = type_def(store, sub)->depth;
    if (store->canon)
        return depth <= own &&
               canon_id(store, type_super_at(store, sub, depth)) == canon_id(store, super);
    return depth < own && type_super_at(store, sub, depth) == super;
}

static bool heap_matches(const TypeStore *store, Type sub, Type super)
{
    if (!type_is_concrete(super))
        return heap_supers[type_abstract(store, sub)] >> type_heap(super) & 1;
    if (!type_is_concrete(sub)) return type_heap(sub) == type_bottom_heap(store, super);
    if (super & TYPE_EXACT)
        return (sub & TYPE_EXACT) &&
               canon_id(store, type_id(sub)) == canon_id(store, type_id(super));
    return type_id_matches(store, type_id(sub), type_id(super));
}

bool type_matches(const TypeStore *store, Type sub, Type super)
{
    if (sub == super || sub == TYPE_bottom) return true;
    if (!type_is_ref(sub) || !type_is_ref(super)) return false;
    if (type_is_null(sub) && !type_is_null(super)) return false;
    return heap_matches(store, sub, super);
}

// Text

const char *const type_number_text[TYPE_NUMBER_COUNT] = {
    [TYPE_bottom] = "bottom",
#define NUMBER(name, text, code) [TYPE_##name] = text,
#define PACKED(name, text, code) [TYPE_##name] = text,
#include "op/type.def"
};

const char *const type_heap_text[HEAP_COUNT] = {
#define HEAP(name, text, ref, code, since) [HEAP_##name] = text,
#include "op/type.def"
};

const char *const type_ref_text[HEAP_COUNT] = {
#define HEAP(name, text, ref, code, since) [HEAP_##name] = ref,
#include "op/type.def"
};

char *type_text(char *out, size_t size, Type type, const TypeId *ids, u32 count)
{
    if (!size) return out;
    if (!type_is_ref(type)) {
        snprintf(out, size, "%s", type < TYPE_NUMBER_COUNT ? type_number_text[type] : "?");
        return out;
    }
    const char *null = type_is_null(type) ? "null " : "";
    if (!type_is_concrete(type)) {
        snprintf(out, size, "(ref %s%s)", null,
                 type_heap(type) < HEAP_COUNT ? type_heap_text[type_heap(type)] : "?");
        return out;
    }
    u32 at = 0;
    while (ids && at < count && ids[at] != type_id(type)) at++;
    bool exact = type & TYPE_EXACT;
    // A type that the module does not name is shown by its id, marked as such.
    bool named = ids && at < count;
    snprintf(out, size, "(ref %s%s%s%u%s)", null, exact ? "(exact " : "", named ? "" : "#",
             named ? at : type_id(type), exact ? ")" : "");
    return out;
}
