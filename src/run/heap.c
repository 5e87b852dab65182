// heap.c -- objects, and the tables beside them. See heap.h.

#include "run/heap.h"

#include "run/exec.h"
#include "run/gc/collect.h"
#include "run/object.h"
#include "run/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static u8 *at(const Store *s, Ref ref) { return s->heap.base + ref; }

// What a guest may have made look like one is none: the table has to know of it.
static bool is_host(const Store *s, Ref ref)
{
    const HostValue *v = (const HostValue *)at(s, ref);
    return v->head >> HEAD_BITS == TYPE_ID_HOST && v->index < s->hosts.cap &&
           s->hosts.entries[v->index].ref == ref;
}

// ---- Exceptions

// A build that leaves exceptions out has none to name.
static const bool names_tags = !(FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_exceptions));

bool tags_number(Store *s, Tag *tags, u32 count)
{
    if (!names_tags) return true;
    if (count > s->tag_cap - s->tag_count) {
        u64 cap = MAX((u64)s->tag_count + count, 2 * (u64)s->tag_cap);
        size_t bytes;
        const Tag **all = cap <= UINT32_MAX && size_fits(cap, sizeof *all, &bytes)
                              ? realloc(s->tags, bytes)
                              : NULL;
        if (!all) return false;
        s->tags = all;
        s->tag_cap = (u32)cap;
    }
    for (u32 i = 0; i < count; i++) {
        tags[i].number = s->tag_count;
        s->tags[s->tag_count++] = &tags[i];
    }
    return true;
}

// Others may have got numbers since; then these are not used again.
void tags_drop(Store *s, const Tag *tags, u32 count)
{
    for (u32 i = names_tags ? count : 0; i-- > 0;) {
        if (tags[i].number + 1 == s->tag_count) s->tag_count--;
        else s->tags[tags[i].number] = NULL;
    }
}

Ref ref_new_exception(Store *s, const Position *from, const Tag *tag, const u64 *values)
{
    u32 size = exception_size(type_def(s->types, tag->type));
    Ref ref = heap_alloc(s, from, size);
    if (!ref) return REF_NULL;
    Exception *e = (Exception *)at(s, ref);
    e->head = tag->type << HEAD_BITS;
    e->tag = tag->number;
    memcpy(e->values, values, size - sizeof *e);
    return ref;
}

const Exception *ref_to_exception(const Store *s, Ref ref) { return (const Exception *)at(s, ref); }

const Exception *ref_find_exception(const Store *s, Ref ref)
{
    u32 size;
    if (!heap_room(&s->heap, ref) || !object_def(s->types, &s->heap, ref, &size)) return NULL;
    const Exception *e = ref_to_exception(s, ref);
    const Tag *tag = e->tag < s->tag_count ? s->tags[e->tag] : NULL;
    return tag && tag->type == e->head >> HEAD_BITS ? e : NULL;
}

const Tag *exception_tag(const Store *s, const Exception *e) { return s->tags[e->tag]; }
const TypeDef *exception_type(const Store *s, const Exception *e)
{
    return type_def(s->types, e->head >> HEAD_BITS);
}

// ---- Values of the host

static u32 *bucket_of(const HostTable *t, u64 value)
{
    return &t->buckets[(u32)(value * 0x9e3779b97f4a7c15u >> 32) & (t->cap - 1)];
}

static struct HostEntry *find(const HostTable *t, u64 value)
{
    u32 i = t->cap ? *bucket_of(t, value) : HOST_NONE;
    while (i != HOST_NONE && t->entries[i].value != value) i = t->entries[i].next;
    return i != HOST_NONE ? &t->entries[i] : NULL;
}

static void link_entry(HostTable *t, u32 i)
{
    u32 *bucket = bucket_of(t, t->entries[i].value);
    t->entries[i].next = *bucket;
    *bucket = i;
}

// Chains them all anew: those in use by their values, the others to be used.
static void link_all(HostTable *t)
{
    memset(t->buckets, 0xff, t->cap * sizeof *t->buckets);
    t->free = HOST_NONE;
    for (u32 i = t->cap; i-- > 0;) {
        if (t->entries[i].ref) link_entry(t, i);
        else {
            t->entries[i].next = t->free;
            t->free = i;
        }
    }
}

static bool grow(HostTable *t)
{
    u64 cap = t->cap ? 2 * (u64)t->cap : 16;
    size_t bytes;
    if (cap >= HOST_NONE || !size_fits(cap, sizeof *t->entries, &bytes)) return false;
    struct HostEntry *entries = realloc(t->entries, bytes);
    if (!entries) return false;
    t->entries = entries;
    u32 *buckets = realloc(t->buckets, (size_t)cap * sizeof *buckets);
    if (!buckets) return false;
    t->buckets = buckets;
    memset(entries + t->cap, 0, (size_t)(cap - t->cap) * sizeof *entries);
    t->cap = (u32)cap;
    link_all(t);
    return true;
}

static void drop_entry(Store *s)
{
    s->hosts.count--;
    store_give(s, STORE_handles, 1);
}

void hosts_swept(Store *s, bool major)
{
    HostTable *t = &s->hosts;
    if (!major && !t->fresh) return; // what is old has its mark still
    u32 count = t->count;
    for (u32 i = 0; i < t->cap; i++) {
        Ref *ref = &t->entries[i].ref;
        if (!*ref || *ref == HOST_ENDED || heap_marked(&s->heap, *ref)) continue;
        *ref = t->tells_ends ? HOST_ENDED : REF_NULL;
        if (t->tells_ends) t->ended++;
        else drop_entry(s);
    }
    t->look = 0;
    t->fresh = false;
    if (t->count != count) link_all(t);
}

void hosts_free(Store *s)
{
    free(s->hosts.entries);
    free(s->hosts.buckets);
}

bool hosts_take_ended(Store *s, u64 *value)
{
    HostTable *t = &s->hosts;
    if (!t->ended) return false;
    while (t->entries[t->look].ref != HOST_ENDED) t->look++;
    u32 i = t->look++, *link = bucket_of(t, t->entries[i].value);
    while (*link != i) link = &t->entries[*link].next;
    *link = t->entries[i].next;
    *value = t->entries[i].value;
    t->entries[i] = (struct HostEntry){.next = t->free};
    t->free = i;
    t->ended--;
    drop_entry(s);
    return true;
}

bool heap_worth(Store *s, StoreLimit which, u64 wanted)
{
    u64 limit = s->accounts[which].limit, made = s->made[which];
    s->made[which] = limit;
    return wanted >= limit / HEAP_WORTH || made >= limit / HEAP_WORTH - wanted;
}

bool handles_take(Store *s, u32 count)
{
    if (store_take(s, STORE_handles, count)) return true;
    if (!heap_worth(s, STORE_handles, count)) return false;
    if (!heap_collect(s, exec_alive(&s->exec))) return false;
    s->met = STORE_LIMIT_COUNT; // what stood in the way then
    return store_take(s, STORE_handles, count);
}

// An entry for it, of the one that ended or a free one, of which there is one.
static u32 new_entry(Store *s, u64 value)
{
    HostTable *t = &s->hosts;
    const struct HostEntry *ended = find(t, value);
    t->fresh = true;
    if (ended) {
        t->ended--;
        return (u32)(ended - t->entries);
    }
    u32 i = t->free;
    t->free = t->entries[i].next;
    t->count++;
    s->made[STORE_handles]++;
    t->entries[i].value = value;
    link_entry(t, i);
    return i;
}

Ref ref_new_extern(Store *s, u64 value)
{
    HostTable *t = &s->hosts;
    const struct HostEntry *known = find(t, value);
    if (known && known->ref != HOST_ENDED) {
        heap_found_again(s, known->ref);
        return known->ref;
    }
    bool fresh = !known; // one that ended has a place and a handle still
    if (fresh && ((t->count == t->cap && !grow(t)) || !handles_take(s, 1))) return REF_NULL;
    Ref ref = heap_alloc(s, exec_alive(&s->exec), sizeof(HostValue));
    if (!ref) {
        if (fresh) store_give(s, STORE_handles, 1);
        return REF_NULL;
    }
    u32 i = new_entry(s, value);
    t->entries[i].ref = ref;
    *(HostValue *)at(s, ref) = (HostValue){TYPE_ID_HOST << HEAD_BITS, i};
    return ref;
}

bool ref_is_extern(const Store *s, Ref ref)
{
    return heap_room(&s->heap, ref) && is_host(s, ref);
}

u64 ref_extern_value(const Store *s, Ref ref)
{
    assert(ref_is_extern(s, ref));
    return s->hosts.entries[((const HostValue *)at(s, ref))->index].value;
}
