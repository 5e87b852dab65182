// type.c -- the type store: equal recursion groups become one, which lives while somebody holds it.
//
//     records, by id --> TypeDef[count]        one block for a group: ids first .. first + count-1,
//        ^    | next     supers, words ...     behind the definitions, what they point to
//        |    v
//     buckets: a hash table of groups, each by the id of its first type
//
// A group is hashed and compared as it was given: members that it names itself by their place, all
// others by canonical id. That is exactly when the specification calls two rolled-up groups equal,
// and it takes time linear in the group. Records never move, and one is written before its id is
// given out and not again before its group went; whoever holds the group got the id after the first
// and gives it back before the second, so lookups take no lock.
// spec: valid/conventions, rolling and unrolling; valid/matching

#include "module/type.h"

#include "module/layout.h"
#include "plat/pages.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// What is reserved for records: where addresses are short less is better than none.
static const u32 ids_most = !TYPE_RECORD_SUPERS ? 1 << 16 : sizeof(void *) > 4 ? 1 << 26 : 1 << 21,
                 ids_least = 1 << 12, ids_commit = 1 << 12;
enum { ORDERS = 26 };

typedef struct {
    TypeStore open;
    // guards everything below, counts, and records whose ids are not given out
    pthread_mutex_t lock;
    u32 top, limit; // ids: that were ever given out, that may be
    u32 free[ORDERS];     // by log2 of their size: the first block of free ids, 0: there is none
    TypeId *buckets;      // a power of two, no fewer than there are groups; 0: empty
    u32 group_count, bucket_count;
    u64 seed; // so that nobody can prepare groups that collide
} Interner;

// There may be a million for 3 MB of module, within 10 times that and 64 MB.
_Static_assert(sizeof(TypeRecord) <= 40, "the bound on memory while loading");

// In the order of ids: of a group, or free, with no definition.
#define EACH_BLOCK(in, first)                                                                      \
    for (TypeId first = TYPE_ID_FIRST; first < (in)->top;                                          \
         first += 1u << (in)->open.records[first].order)

static Interner *lock(TypeStore *store)
{
    Interner *in = (Interner *)store;
    pthread_mutex_lock(&in->lock);
    return in;
}

static void unlock(Interner *in) { pthread_mutex_unlock(&in->lock); }

static bool try_records(Interner *in, u32 limit)
{
    in->limit = limit;
    in->open.records = pages_reserve((u64)limit * sizeof(TypeRecord));
    in->open.whole = limit == 1 << 26;
    return in->open.records != NULL;
}

// Where there are not addresses for all, others need some of those that there are.
static bool reserve_records(Interner *in)
{
    if (try_records(in, ids_most)) return true;
    u32 limit = ids_most / 4;
    while (limit >= ids_least && !try_records(in, limit)) limit /= 4;
    if (limit / 4 < ids_least) return limit >= ids_least;
    pages_free(in->open.records, (u64)limit * sizeof(TypeRecord));
    return try_records(in, limit / 4);
}

TypeStore *type_store_new(void)
{
    Interner *in = calloc(1, sizeof *in);
    if (!in) return NULL;
    bool reserved = reserve_records(in);
    if (!reserved || pthread_mutex_init(&in->lock, NULL)) {
        if (reserved) pages_free(in->open.records, (u64)in->limit * sizeof(TypeRecord));
        free(in);
        return NULL;
    }
    in->top = TYPE_ID_FIRST;
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    in->seed = ((u64)(uintptr_t)in << 20) ^ (u64)now.tv_nsec ^ (u64)now.tv_sec << 32;
    return &in->open;
}

TypeStore *type_store_new_distinct(void)
{
    TypeStore *store = type_store_new();
    if (store) store->distinct = true;
    return store;
}

void type_store_free(TypeStore *store)
{
    if (!store) return;
    Interner *in = (Interner *)store;
    EACH_BLOCK(in, first) free((void *)store->records[first].def);
    free(in->buckets);
    pages_free(store->records, (u64)in->limit * sizeof(TypeRecord));
    pthread_mutex_destroy(&in->lock);
    free(in);
}

// No tool has a store without a display.
static bool is_distinct(const Interner *in) { return type_display && in->open.distinct; }

// What equality goes by.
static TypeId canon_id(const Interner *in, TypeId id)
{
    // others are places in a group
    return is_distinct(in) && id < in->top ? in->open.records[id].canon : id;
}

static bool take_account(Interner *in, u32 count)
{
    return !in->open.account || account_take_shared(in->open.account, count);
}

static void give_account(Interner *in, u32 count)
{
    if (in->open.account) account_give_shared(in->open.account, count);
}

bool type_store_full(const TypeStore *store, u32 count)
{
    return store->account && account_left(store->account) < count;
}

// Ids
//
// They are given out in blocks of a power of two, each at a multiple of its size. A free block
// joins the other half of the block twice its size as soon as that is free too, and of those that
// are large enough a smallest is taken; new ids only when there is none.
//
// So they cannot fall into pieces without bound: if blocks in use never had more than R ids
// together, and none had more than 2^K, no more than (K + 1) R + 2^(K + 2) are ever given out. Let
// U_k be the most ids that blocks of 2^k had which were not all free, so U_0 <= R. Something
// smaller enters a free one only when no smaller block is free, that is, when each half of those in
// use is in use: they have U_(k-1) ids then at most. Those entered since are filled by who entered
// them, which is R at most. So U_k <= U_(k-1) + R + 2^k, and all that was given out is U_K + 2^K at
// most.

static void link_block(Interner *in, u32 start, u32 order)
{
    TypeRecord *records = in->open.records;
    u32 next = in->free[order];
    records[start] = (TypeRecord){.next_free = next, .order = (u8)order};
    if (next) records[next].prev_free = start;
    in->free[order] = start;
}

static void unlink_block(Interner *in, u32 start, u32 order)
{
    TypeRecord *records = in->open.records;
    u32 next = records[start].next_free, prev = records[start].prev_free;
    if (next) records[next].prev_free = prev;
    *(prev ? &records[prev].next_free : &in->free[order]) = next;
}

static void give_ids(Interner *in, u32 start, u32 order)
{
    for (; order + 1 < ORDERS; order++) {
        u32 size = 1u << order, other = start ^ size;
        const TypeRecord *r = &in->open.records[other];
        if (other < TYPE_ID_FIRST || other + size > in->top || r->def || r->order != order) break;
        unlink_block(in, other, order);
        start &= ~size;
    }
    link_block(in, start, order);
}

// 0: there are none, or no memory for their records.
static u32 new_ids(Interner *in, u32 order)
{
    u32 size = 1u << order, start = (in->top + size - 1) & ~(size - 1);
    if (size > in->limit || start > in->limit - size) return 0;
    if (start + size > in->open.committed) {
        u32 end = MIN((start + size + ids_commit - 1) & ~(ids_commit - 1), in->limit);
        if (!pages_commit(in->open.records + in->open.committed,
                          (u64)(end - in->open.committed) * sizeof(TypeRecord)))
            return 0;
        __atomic_store_n(&in->open.committed, end, __ATOMIC_RELEASE);
    }
    while (in->top < start) { // what is skipped
        u32 at = in->top, log2 = (u32)__builtin_ctz(at);
        in->top += 1u << log2;
        give_ids(in, at, log2);
    }
    in->top = start + size;
    return start;
}

static u32 take_ids(Interner *in, u32 order)
{
    u32 found = order;
    while (found < ORDERS && !in->free[found]) found++;
    if (found == ORDERS) return new_ids(in, order);
    u32 start = in->free[found];
    unlink_block(in, start, found);
    while (found-- > order) link_block(in, start + (1u << found), found);
    return start;
}

static u32 order_of(u32 count) { return count > 1 ? 32 - (u32)__builtin_clz(count - 1) : 0; }

TypeCounts type_store_counts(TypeStore *store)
{
    Interner *in = lock(store);
    TypeCounts counts = {.groups = in->group_count, .ids = in->top - TYPE_ID_FIRST};
    for (u32 order = 0; order < ORDERS; order++)
        for (u32 at = in->free[order]; at; at = store->records[at].next_free)
            counts.free += 1u << order;
    unlock(in);
    return counts;
}

// Hashing a group

static u64 mix(u64 h, u64 word)
{
    h = (h ^ word) * 0x9fb21c651e98df25u;
    return h ^ h >> 32;
}

static bool is_ref_to(Type t)
{
    return (t & (TYPE_REF | TYPE_CONCRETE)) == (TYPE_REF | TYPE_CONCRETE);
}

static Type canon_type(const Interner *in, Type t)
{
    return is_ref_to(t) ? (t & ~TYPE_HEAP_BITS) | canon_id(in, type_id(t)) : t;
}

static u64 hash_types(const Interner *in, u64 h, const Type *types, u32 count)
{
    h = mix(h, count);
    for (u32 i = 0; i < count; i++) h = mix(h, canon_type(in, types[i]));
    return h;
}

static u32 hash_group(const Interner *in, const TypeDraft *group)
{
    u64 h = in->seed;
    for (u32 i = 0; i < group->count; i++) {
        const TypeDef *d = type_draft_at(group, i);
        h = mix(h, (u64)d->kind | (u64)d->final << 8 | (u64)canon_id(in, d->super) << 32);
        h = mix(h, (u64)canon_id(in, d->describes) | (u64)canon_id(in, d->descriptor) << 32);
        h = hash_types(in, h, d->params, d->param_count);
        h = hash_types(in, h, type_results(d), d->result_count);
        h = mix(h, (u64)d->field_count | (u64)(d->kind == COMP_cont ? canon_id(in, d->cont) : 0)
                                             << 32);
        for (u32 f = 0; f < d->field_count; f++)
            h = mix(h, canon_type(in, d->fields[f].type) | (u64)d->fields[f].mutable << 32);
    }
    return (u32)mix(h, group->count);
}

// Comparing a group with one that is stored

typedef struct { TypeId first; u32 count; } Span; // the ids of a group

static Span span_of(const Interner *in, TypeId id)
{
    return (Span){type_group_first(&in->open, id), type_group_count(&in->open, id)};
}

// A group that names a stored group from outside differs from that group, even where the ids agree.
static bool same_id(const Interner *in, const Span *g, TypeId stored, TypeId given)
{
    if (stored == TYPE_NONE || given == TYPE_NONE) return stored == given;
    u32 place = stored - g->first;
    bool own = place < g->count;
    if (given & TYPE_ID_REC) return own && place == (given ^ TYPE_ID_REC);
    return !own && canon_id(in, stored) == canon_id(in, given);
}

static bool same_type(const Interner *in, const Span *g, Type stored, Type given)
{
    if (!is_ref_to(stored) || !is_ref_to(given)) return stored == given;
    return (stored & ~TYPE_HEAP_BITS) == (given & ~TYPE_HEAP_BITS) &&
           same_id(in, g, type_id(stored), type_id(given));
}

static bool same_types(const Interner *in, const Span *g, const Type *stored,
                       const Type *given, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (!same_type(in, g, stored[i], given[i])) return false;
    return true;
}

static bool same_def(const Interner *in, const Span *g, const TypeDef *s, const TypeDef *d)
{
    if (s->kind != d->kind || s->final != d->final || s->param_count != d->param_count ||
        s->result_count != d->result_count || s->field_count != d->field_count ||
        !same_id(in, g, s->super, d->super) || !same_id(in, g, s->describes, d->describes) ||
        !same_id(in, g, s->descriptor, d->descriptor))
        return false;
    if (s->kind == COMP_cont && !same_id(in, g, s->cont, d->cont)) return false;
    for (u32 i = 0; i < s->field_count; i++)
        if (s->fields[i].mutable != d->fields[i].mutable ||
            !same_type(in, g, s->fields[i].type, d->fields[i].type))
            return false;
    return same_types(in, g, s->params, d->params, s->param_count) &&
           same_types(in, g, type_results(s), type_results(d), s->result_count);
}

static bool same_group(const Interner *in, TypeId first, const TypeDraft *group)
{
    Span g = span_of(in, first);
    const TypeDef *defs = type_def(&in->open, first);
    if (g.count != group->count) return false;
    for (u32 i = 0; i < g.count; i++)
        if (!same_def(in, &g, &defs[i], type_draft_at(group, i))) return false;
    return true;
}

static TypeId *bucket_of(const Interner *in, u32 hash)
{
    return &in->buckets[hash & (in->bucket_count - 1)];
}

// 0: there is none that is equal.
static TypeId find_group(const Interner *in, u32 hash, const TypeDraft *group)
{
    const TypeRecord *records = in->open.records;
    TypeId g = *bucket_of(in, hash);
    while (g && (records[g].hash != hash || !same_group(in, g, group))) g = records[g].next;
    return g;
}

static void hook(Interner *in, TypeId first)
{
    TypeRecord *r = &in->open.records[first];
    TypeId *bucket = bucket_of(in, r->hash);
    r->next = *bucket;
    *bucket = first;
}

static bool reserve_bucket(Interner *in)
{
    u32 count = in->bucket_count, more = count ? 2 * count : 64;
    if (in->group_count < count) return true;
    TypeId *buckets = calloc(more, sizeof *buckets);
    if (!buckets) return false;
    free(in->buckets);
    in->buckets = buckets;
    in->bucket_count = more;
    EACH_BLOCK(in, first)
        if (in->open.records[first].def) hook(in, first);
    return true;
}

// Counting

static u32 *refs_of(const Interner *in, TypeId id)
{
    return &in->open.records[type_group_first(&in->open, id)].refs;
}

// A count that is full stays so, and the group too.
static void add_count(Interner *in, TypeId id)
{
    u32 *refs = refs_of(in, id);
    *refs += *refs < UINT32_MAX;
}

static void drop_count(Interner *in, TypeId id, TypeId *unheld)
{
    u32 *refs = refs_of(in, id);
    if (*refs == UINT32_MAX || --*refs) return;
    TypeRecord *records = in->open.records;
    TypeId first = type_group_first(&in->open, id), *at = bucket_of(in, records[first].hash);
    while (*at != first) at = &records[*at].next;
    *at = records[first].next;
    in->group_count--;
    records[first].next = *unheld;
    *unheld = first;
}

// A type that a group names, unless it is its own: held from now on, or, with a list for the groups
// that nobody holds then, no more.
static void count_id(Interner *in, const Span *g, TypeId id, TypeId *unheld)
{
    if (id == TYPE_NONE || id - g->first < g->count) return;
    if (unheld) drop_count(in, id, unheld);
    else add_count(in, id);
}

static void count_type(Interner *in, const Span *g, Type t, TypeId *unheld)
{
    if (is_ref_to(t)) count_id(in, g, type_id(t), unheld);
}

static void count_named(Interner *in, const Span *g, TypeId *unheld)
{
    for (const TypeDef *d = type_def(&in->open, g->first), *end = d + g->count; d < end; d++) {
        count_id(in, g, d->super, unheld);
        count_id(in, g, d->describes, unheld);
        count_id(in, g, d->descriptor, unheld);
        count_id(in, g, d->cont, unheld);
        for (u32 i = 0; i < (u32)d->param_count + d->result_count; i++)
            count_type(in, g, d->params[i], unheld);
        for (u32 i = 0; i < d->field_count; i++) count_type(in, g, d->fields[i].type, unheld);
    }
}

// Dropping one may leave others unheld: they form a list, not a recursion.
static void drop_groups(Interner *in, TypeId unheld)
{
    while (unheld) {
        TypeRecord *r = &in->open.records[unheld];
        Span g = span_of(in, unheld);
        unheld = r->next;
        count_named(in, &g, &unheld);
        free((void *)r->def);
        // for who asks for any number
        for (u32 i = 0; i < g.count; i++) in->open.records[g.first + i].def = NULL;
        give_ids(in, g.first, r->order);
        give_account(in, g.count);
    }
}

void type_hold(TypeStore *store, TypeId id)
{
    if (is_distinct((Interner *)store)) return;
    Interner *in = lock(store);
    add_count(in, id);
    unlock(in);
}

// Only a block's first record says how large it is, and no block begins within another one: so it
// is the largest that says so.
static TypeId block_start(const Interner *in, TypeId id)
{
    for (u32 order = ORDERS; order-- > 0;) {
        TypeId start = id & -(1u << order);
        if (start >= TYPE_ID_FIRST && in->open.records[start].order == order) return start;
    }
    return id;
}

bool type_known(TypeStore *store, TypeId id)
{
    Interner *in = lock(store);
    bool known = id >= TYPE_ID_FIRST && id < in->top;
    if (known && !is_distinct(in)) {
        TypeId start = block_start(in, id);
        known = in->open.records[start].def && id - start < type_group_count(store, start);
    }
    unlock(in);
    return known;
}

void type_give_back(TypeStore *store, const TypeId *ids, u32 count)
{
    if (is_distinct((Interner *)store)) return;
    Interner *in = lock(store);
    for (u32 i = 0, members; i < count; i += members) {
        TypeId unheld = 0;
        members = type_group_count(store, ids[i]);
        drop_count(in, ids[i], &unheld);
        drop_groups(in, unheld);
    }
    unlock(in);
}

// Storing a new one

static TypeId resolve_id(TypeId id, u32 start)
{
    return id == TYPE_NONE || !(id & TYPE_ID_REC) ? id : start + (id ^ TYPE_ID_REC);
}

static Type resolve(Type t, u32 start)
{
    return is_ref_to(t) ? (t & ~TYPE_HEAP_BITS) | resolve_id(type_id(t), start) : t;
}

static void store_types(u32 **room, const Type *types, u32 count, u32 start, u16 *slots)
{
    *slots = 0;
    for (u32 i = 0; i < count; i++) {
        Type t = resolve(types[i], start);
        *slots = (u16)(*slots + type_slots(t));
        *(*room)++ = t;
    }
}

// And the descriptor, if there is one.
static void store_fields(u32 **room, const TypeDef *d, const FieldType *fields, u32 start)
{
    FieldType *out = (FieldType *)*room;
    *room += (size_t)type_stored_fields(d) * (sizeof(FieldType) / sizeof(u32));
    for (u32 i = 0; i < d->field_count; i++)
        out[i] = (FieldType){.type = resolve(fields[i].type, start), .mutable = fields[i].mutable};
    if (d->descriptor != TYPE_NONE)
        out[d->field_count] = (FieldType){.type = type_ref_to(false, d->descriptor) | TYPE_EXACT};
}

// Supertypes go by stretches of four, of which the display has the first. A type names those above
// it in its own stretch, but the first of one names the last of each stretch above. So any is two
// steps away, and the deepest type keeps no more than fifteen words, in front of what it points to.
// Without a display there are none of these either: supertypes are gone through one by one.
enum { STRETCH = TYPE_DISPLAY };

static u32 super_words(const TypeDef *def)
{
    if (!type_display || def->depth < STRETCH) return 0;
    return def->depth % STRETCH ? def->depth % STRETCH : def->depth / STRETCH;
}

static const TypeId *supers_of(const TypeDef *def) { return def->params - super_words(def); }

static void store_supers(const Interner *in, u32 **room, const TypeDef *def)
{
    u32 count = super_words(def);
    if (!count) return;
    const TypeDef *above = type_def(&in->open, def->super);
    if (count > 1) {
        if (def->depth % STRETCH == 0) above = type_def(&in->open, supers_of(above)[0]);
        memcpy(*room, supers_of(above), (count - 1) * sizeof **room); // has one less
    }
    *room += count;
    (*room)[-1] = def->super;
}

// Who names a supertype of another kind is refused.
static u32 plain_fields(const TypeDef *d, const TypeDef *super)
{
    if (d->descriptor == TYPE_NONE || !super || super->kind != COMP_struct) return 0;
    return super->descriptor == TYPE_NONE ? super->field_count : super->plain_fields;
}

// Fills what has no pointers in it, and adds up the words that the rest needs.
static u64 store_plain(const Interner *in, TypeDef *defs, u32 start, u32 count)
{
    u64 words = 0;
    for (u32 i = 0; i < count; i++) {
        TypeDef *d = &defs[i];
        d->super = resolve_id(d->super, start);
        d->describes = resolve_id(d->describes, start);
        d->descriptor = resolve_id(d->descriptor, start);
        d->cont = d->kind == COMP_cont ? resolve_id(d->cont, start) : TYPE_NONE;
        bool own = d->super - start < count;
        assert(!own || d->super < start + i);
        const TypeDef *super = d->super == TYPE_NONE ? NULL
                               : own ? &defs[d->super - start] : type_def(&in->open, d->super);
        d->depth = super ? super->depth + 1 : 0;
        assert(d->depth <= 63);
        if (d->kind == COMP_struct) d->plain_fields = plain_fields(d, super);
        d->defaultable = true;
        for (u32 f = 0; f < d->field_count; f++)
            d->defaultable &= type_is_defaultable(d->fields[f].type);
        words += (u64)super_words(d) + d->param_count + d->result_count +
                 (u64)type_stored_fields(d) * (sizeof(FieldType) / sizeof(u32)) + layout_words(d);
    }
    return words;
}

static void store_record(Interner *in, TypeId id, const TypeDef *d, u32 order, TypeId canon)
{
    TypeRecord *r = &in->open.records[id];
    r->def = d;
    r->canon = canon;
    r->kind = d->kind;
    r->depth = d->depth;
    r->order = (u8)order;
    if (!type_display) return;
    memset(r->supers, 0xff, sizeof r->supers);
    if (d->super != TYPE_NONE)
        memcpy(r->supers, in->open.records[d->super].supers, sizeof r->supers);
    if (d->depth < TYPE_DISPLAY) r->supers[d->depth] = canon << 6;
}

// 0: out of memory, or of ids.
static TypeId store_group(Interner *in, TypeDraft *draft, TypeId equal)
{
    u32 count = draft->count, order = order_of(count), start = 0;
    if (!take_account(in, count)) return 0;
    if (!(start = take_ids(in, order))) {
        give_account(in, count);
        return 0;
    }
    u64 words = store_plain(in, draft->defs, start, count) +
                (u64)count * (sizeof(TypeDef) / sizeof(u32));
    size_t bytes;
    TypeDef *defs = size_fits(words, sizeof(u32), &bytes) ? realloc(draft->defs, bytes) : NULL;
    if (!defs) {
        give_ids(in, start, order);
        give_account(in, count);
        return 0;
    }
    u32 *room = (u32 *)&defs[count];
    for (u32 i = 0; i < count; i++) {
        TypeDef *d = &defs[i];
        const Type *params = d->params, *results = type_results(d);
        const FieldType *fields = d->fields;
        store_supers(in, &room, d);
        d->params = room;
        if (d->kind == COMP_func) {
            store_types(&room, params, d->param_count, start, &d->param_slots);
            store_types(&room, results, d->result_count, start, &d->result_slots);
        } else {
            store_fields(&room, d, fields, start);
            room += layout_words(d);
        }
        store_record(in, start + i, d, order, equal ? canon_id(in, equal + i) : start + i);
    }
    for (u32 i = 0; i < count; i++) layout_fill(&in->open, &defs[i]);
    draft->defs = NULL;
    if (order) in->open.records[start + 1].next = count;
    return start;
}

// A distinct store keeps it in any case, and remembers an equal one that is there.
static TypeId intern_locked(Interner *in, TypeDraft *draft, u32 hash)
{
    if (!reserve_bucket(in)) return 0;
    TypeId first = find_group(in, hash, draft); // rule: Deftype_sub/refl
    if (!first || is_distinct(in)) {
        first = store_group(in, draft, first);
        if (!first) return 0;
        TypeRecord *r = &in->open.records[first];
        Span g = {first, draft->count};
        r->hash = hash;
        hook(in, first);
        in->group_count++;
        if (is_distinct(in)) return first;
        r->refs = 0;
        count_named(in, &g, NULL);
    }
    add_count(in, first);
    return first;
}

bool type_draft_begin(TypeDraft *draft, TypeStore *store, u32 count)
{
    *draft = (TypeDraft){store, calloc(count, sizeof *draft->defs), count};
    return draft->defs != NULL;
}

void type_draft_drop(TypeDraft *draft) { free(draft->defs); }

bool type_draft_intern(TypeDraft *draft, TypeId *first)
{
    u32 hash = hash_group((Interner *)draft->store, draft);
    Interner *in = lock(draft->store);
    TypeId id = intern_locked(in, draft, hash);
    unlock(in);
    type_draft_drop(draft);
    if (id) *first = id;
    return id != 0;
}

bool type_store_intern(TypeStore *store, const TypeDef *group, u32 count, TypeId *first)
{
    TypeDraft draft;
    if (!type_draft_begin(&draft, store, count)) return false;
    memcpy(draft.defs, group, count * sizeof *group);
    return type_draft_intern(&draft, first);
}

// Matching

#define BELOW(heap) (1u << HEAP_##heap)
// For each abstract heap type, those it matches.
static const u32 heap_supers[HEAP_COUNT] = { // rule: Heaptype_sub/trans
    [HEAP_func] = BELOW(func),
    [HEAP_extern] = BELOW(extern),
    [HEAP_any] = BELOW(any),
    [HEAP_eq] = BELOW(eq) | BELOW(any), // rule: Heaptype_sub/eq-any
    [HEAP_i31] = BELOW(i31) | BELOW(eq) | BELOW(any), // rule: Heaptype_sub/i31-eq
    [HEAP_struct] = BELOW(struct) | BELOW(eq) | BELOW(any), // rule: Heaptype_sub/struct-eq
    [HEAP_array] = BELOW(array) | BELOW(eq) | BELOW(any), // rule: Heaptype_sub/array-eq
    [HEAP_exn] = BELOW(exn),
    [HEAP_cont] = BELOW(cont),
    [HEAP_none] = BELOW(none) | BELOW(struct) | BELOW(array) | BELOW(i31) | BELOW(eq) | BELOW(any), // rule: Heaptype_sub/none
    [HEAP_noextern] = BELOW(noextern) | BELOW(extern), // rule: Heaptype_sub/noextern
    [HEAP_nofunc] = BELOW(nofunc) | BELOW(func), // rule: Heaptype_sub/nofunc
    [HEAP_noexn] = BELOW(noexn) | BELOW(exn), // rule: Heaptype_sub/noexn
    [HEAP_nocont] = BELOW(nocont) | BELOW(cont),
};

static const u8 comp_heap[] = {
    [COMP_func] = HEAP_func, [COMP_struct] = HEAP_struct, [COMP_array] = HEAP_array, [COMP_cont] = HEAP_cont, // rules: Heaptype_sub/struct, Heaptype_sub/array, Heaptype_sub/func
};

// The least abstract heap type above a reference type.
static Heap type_abstract(const TypeStore *store, Type ref)
{
    return type_is_concrete(ref) ? (Heap)comp_heap[store->records[type_id(ref)].kind]
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

bool heap_matches_top(const TypeStore *store, Type ref, Heap top)
{
    return type_top(store, ref) == top;
}

TypeId type_super_at(const TypeStore *store, TypeId id, u32 depth)
{
    const TypeRecord *r = &store->records[id];
    if (!type_display) {
        while (store->records[id].depth > depth) id = type_def(store, id)->super;
        return id;
    }
    if (depth == r->depth) return id;
    if (depth < STRETCH) return r->supers[depth] >> 6;
    const TypeDef *d = r->def;
    if (depth / STRETCH < d->depth / STRETCH) {
        if (d->depth % STRETCH) d = type_def(store, supers_of(d)[0]);
        id = supers_of(d)[depth / STRETCH];
        if (depth % STRETCH == STRETCH - 1) return id;
        d = type_def(store, id);
    }
    return supers_of(d)[depth % STRETCH];
}

// rule: Deftype_sub/super
bool type_id_matches_deep(const TypeStore *store, TypeId sub, TypeId super)
{
    const Interner *in = (const Interner *)store;
    u32 depth = store->records[super].depth;
    return depth <= store->records[sub].depth &&
           canon_id(in, type_super_at(store, sub, depth)) == canon_id(in, super);
}

static bool heap_matches(const TypeStore *store, Type sub, Type super)
{
    if (!type_is_concrete(super))
        return heap_supers[type_abstract(store, sub)] >> type_heap(super) & 1;
    // rules: Heaptype_sub/none, Heaptype_sub/nofunc
    if (!type_is_concrete(sub)) return type_heap(sub) == type_bottom_heap(store, super);
    const Interner *in = (const Interner *)store;
    if (super & TYPE_EXACT)
        return (sub & TYPE_EXACT) && canon_id(in, type_id(sub)) == canon_id(in, type_id(super));
    return type_id_matches(store, type_id(sub), type_id(super)); // rule: Heaptype_sub/def
}

bool type_matches(const TypeStore *store, Type sub, Type super)
{
    // rules: Valtype_sub/num, Valtype_sub/vec, Numtype_sub, Vectype_sub, Packtype_sub
    if (sub == super || sub == TYPE_bottom) return true; // rule: Heaptype_sub/refl
    if (!type_is_ref(sub) || !type_is_ref(super)) return false;
    // rules: Valtype_sub/ref, Reftype_sub/nonnull, Reftype_sub/null
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
