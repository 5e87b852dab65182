// heap.c -- objects, and the tables beside them. See heap.h.

#include "run/heap.h"

#include "plat/pages.h"
#include "run/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const u64 heap_most = (u64)1 << 32, heap_least = 1 << 16, heap_chunk = 1 << 16;
static const u32 heap_first = 16; // no object is at 0: that is null

// Address space may be short (a limit of the process): a smaller heap is better than none.
static bool make_heap(Store *s)
{
    u64 wanted = s->limits.heap_bytes;
    for (u64 size = MIN(MAX(wanted, heap_least), heap_most); size >= heap_least && !s->heap; size /= 4) {
        s->heap = pages_reserve(size);
        s->heap_reserved = s->heap ? size : 0;
    }
    s->heap_used = heap_first;
    return s->heap != NULL;
}

void heap_free(Store *s)
{
    if (s->heap) pages_free(s->heap, s->heap_reserved);
    free(s->hosts.entries);
    free(s->hosts.buckets);
    free(s->tags);
}

// Objects that references point at: bumped, 8-byte aligned, never beyond the 32 bits of a Ref.
static void *heap_alloc(Store *s, u64 size)
{
    if (!s->heap && !make_heap(s)) return NULL;
    u64 end = s->heap_used + ((size + 7) & ~(u64)7);
    if (size > s->heap_reserved || end > s->heap_reserved) return NULL;
    if (end > s->heap_committed) {
        u64 commit = MIN((end + heap_chunk - 1) & ~(heap_chunk - 1), s->heap_reserved);
        if (!pages_commit(s->heap + s->heap_committed, commit - s->heap_committed)) return NULL;
        s->heap_committed = commit;
    }
    void *p = s->heap + s->heap_used;
    s->heap_used = (u32)MIN(end, UINT32_MAX & ~(u64)7); // the last bytes of a full heap stay unused
    return end > (UINT32_MAX & ~(u64)7) ? NULL : p;
}

static Ref ref_of(const Store *s, const void *object) { return (Ref)((const u8 *)object - s->heap); }

// ---- Exceptions

bool tags_number(Store *s, Tag *tags, u32 count)
{
    if (count > s->tag_cap - s->tag_count) {
        u64 cap = MAX((u64)s->tag_count + count, 2 * (u64)s->tag_cap);
        size_t bytes;
        const Tag **all = cap <= UINT32_MAX && size_fits(cap, sizeof *all, &bytes) ? realloc(s->tags, bytes) : NULL;
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
    for (u32 i = count; i-- > 0;) {
        if (tags[i].number + 1 == s->tag_count) s->tag_count--;
        else s->tags[tags[i].number] = NULL;
    }
}

Ref ref_new_exception(Store *s, const Tag *tag, const u64 *values)
{
    size_t size = type_def(s->types, tag->type)->param_slots * sizeof *values;
    Exception *e = heap_alloc(s, sizeof *e + size);
    if (!e) return REF_NULL;
    e->head = tag->type << HEAD_BITS;
    e->tag = tag->number;
    memcpy(e->values, values, size);
    return ref_of(s, e);
}

const Exception *ref_to_exception(const Store *s, Ref ref) { return (const Exception *)(s->heap + ref); }
const Tag *exception_tag(const Store *s, const Exception *e) { return s->tags[e->tag]; }
const TypeDef *exception_type(const Store *s, const Exception *e) { return type_def(s->types, e->head >> HEAD_BITS); }

// ---- Values of the host

static u32 *bucket_of(const HostTable *t, u64 value)
{
    return &t->buckets[(u32)(value * 0x9e3779b97f4a7c15u >> 32) & (t->cap - 1)];
}

static struct HostEntry *find(const HostTable *t, u64 value)
{
    u32 i = t->cap ? *bucket_of(t, value) : CODE_NONE;
    while (i != CODE_NONE && t->entries[i].value != value) i = t->entries[i].next;
    return i != CODE_NONE ? &t->entries[i] : NULL;
}

static void link_entry(HostTable *t, u32 i)
{
    u32 *bucket = bucket_of(t, t->entries[i].value);
    t->entries[i].next = *bucket;
    *bucket = i;
}

static bool grow(HostTable *t)
{
    u64 cap = t->cap ? 2 * (u64)t->cap : 16;
    size_t bytes;
    struct HostEntry *entries = cap < CODE_NONE && size_fits(cap, sizeof *entries, &bytes) ? realloc(t->entries, bytes) : NULL;
    if (!entries) return false;
    t->entries = entries;
    u32 *buckets = realloc(t->buckets, (size_t)cap * sizeof *buckets);
    if (!buckets) return false;
    memset(buckets, 0xff, (size_t)cap * sizeof *buckets);
    t->buckets = buckets;
    t->cap = (u32)cap;
    for (u32 i = 0; i < t->count; i++) link_entry(t, i);
    return true;
}

Ref ref_new_extern(Store *s, u64 value)
{
    HostTable *t = &s->hosts;
    const struct HostEntry *known = find(t, value);
    if (known) return known->ref;
    if (t->count == t->cap && !grow(t)) return REF_NULL;
    HostValue *object = heap_alloc(s, sizeof *object);
    if (!object) return REF_NULL;
    *object = (HostValue){TYPE_ID_HOST << HEAD_BITS, t->count};
    t->entries[t->count] = (struct HostEntry){.value = value, .ref = ref_of(s, object)};
    link_entry(t, t->count);
    return t->entries[t->count++].ref;
}

static const HostValue *ref_to_host(const Store *s, Ref ref) { return (const HostValue *)(s->heap + ref); }

bool ref_is_extern(const Store *s, Ref ref)
{
    bool inside = ref && ref % 8 == 0 && ref < s->heap_used;
    return inside && ref_to_host(s, ref)->head == TYPE_ID_HOST << HEAD_BITS;
}

u64 ref_extern_value(const Store *s, Ref ref)
{
    assert(ref_is_extern(s, ref));
    return s->hosts.entries[ref_to_host(s, ref)->index].value;
}
