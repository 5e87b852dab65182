// census.c -- see census.h.
//
//     seen      a bit for each 8 bytes: an object that was come to starts there
//     pending   likewise: what it refers to is still to be looked at
//     queue     blocks with such objects, each once, the one that waits longest first
//
// So nothing recurs, however objects refer to each other, and nothing grows with their number. Each
// time that a block's turn comes its bits are looked through, which is paid for by the object that
// put it there.

#include "run/gc/census.h"

#include "base/map.h"
#include "run/frame.h"
#include "run/gc/collect.h"
#include "run/object.h"
#include "run/park.h"
#include "run/store.h"

#include <stdlib.h>
#include <string.h>

const char *const root_text[ROOT_COUNT] = {"globals",    "tables", "segments", "handles",
                                           "exceptions", "frames", "parked"};

enum { BLOCK_WORDS = BLOCK_MARKS / 64 };

typedef struct { u32 root, type, holder; } RowKey; // no padding: it is hashed

typedef struct {
    Store *s;
    Census *out;
    RowKey from;       // who is looked at: its `type` is that of what it refers to
    u64 *seen, *pending;
    u32 *queue, first, waiting; // as many as there are blocks
    bool *queued;      // by block
    Map index;         // of rows
    CensusSum *last;   // of the row that was asked for last
    RowKey last_key;
    Arena arena;
} Counting;

// ---- Rows

static CensusSum *row_new(Counting *c, const RowKey *key)
{
    Census *out = c->out;
    if (out->count == CENSUS_ROWS) return &out->more;
    if (out->count == out->cap) {
        u32 cap = out->cap ? 2 * out->cap : 64;
        CensusRow *rows = realloc(out->rows, cap * sizeof *rows);
        if (!rows) arena_fail(&c->arena);
        out->rows = rows;
        out->cap = cap;
    }
    map_add(&c->index, arena_copy(&c->arena, key, sizeof *key), sizeof *key, out->count);
    out->rows[out->count] = (CensusRow){(RootKind)key->root, key->type, key->holder, {0, 0}};
    return &out->rows[out->count++].sum;
}

static CensusSum *row_of(Counting *c, TypeId type)
{
    RowKey key = c->from;
    key.type = type;
    if (c->last && !memcmp(&key, &c->last_key, sizeof key)) return c->last;
    const u32 *at = map_get(&c->index, &key, sizeof key);
    c->last_key = key;
    return c->last = at ? &c->out->rows[*at].sum : row_new(c, &key);
}

static void add(CensusSum *sum, u32 bytes)
{
    sum->objects++;
    sum->bytes += bytes;
}

// ---- Objects

static void find(void *env, Ref ref)
{
    Counting *c = env;
    u64 bit = (u64)1 << ref / 8 % 64;
    if (!ref_is_object(ref) || !heap_room(&c->s->heap, ref) || c->seen[ref / 512] & bit) return;
    c->seen[ref / 512] |= bit;
    u32 size, block = ref / BLOCK_BYTES;
    const TypeDef *type = object_def(c->s->types, &c->s->heap, ref, &size);
    bool cont = object_is_cont(c->s, ref);
    add(row_of(c, type || cont ? object_type(c->s, ref) : TYPE_ID_HOST), size);
    add(&c->out->sum, size);
    if (!cont && (!type || !type_has_refs(c->s->types, type))) return;
    c->pending[ref / 512] |= bit;
    if (c->queued[block]) return;
    c->queued[block] = true;
    c->queue[(c->first + c->waiting++) % c->s->heap.blocks] = block;
}

static void look_through(Counting *c, u32 block)
{
    c->queued[block] = false; // it comes again for what is found in front of where we are
    for (u32 word = block * BLOCK_WORDS; word < (block + 1) * BLOCK_WORDS; word++)
        while (c->pending[word]) {
            Ref ref = (64 * word + (u32)__builtin_ctzll(c->pending[word])) * 8;
            c->pending[word] &= c->pending[word] - 1;
            c->from.holder = object_type(c->s, ref);
            object_each_ref(c->s, ref, find, c);
        }
}

// What was found is looked through; from here on the next kind of root counts.
static void end_roots(Counting *c)
{
    while (c->waiting) {
        u32 block = c->queue[c->first];
        c->first = (c->first + 1) % c->s->heap.blocks;
        c->waiting--;
        look_through(c, block);
    }
    c->from.root++;
    c->from.holder = 0;
}

// ---- Roots

static void find_values(Counting *c, const Type *types, u32 count, const u64 *slots)
{
    for (u32 i = 0; i < count; slots += type_slots(types[i++]))
        if (type_is_collected(c->s->types, types[i])) find(c, (Ref)*slots);
}

static void find_refs(Counting *c, const Ref *refs, u64 count)
{
    for (u64 i = 0; i < count; i++) find(c, refs[i]);
}

static void find_globals(Counting *c)
{
    for (const Instance *i = c->s->rooted; i; i = i->next_rooted) {
        const Module *m = i->module;
        for (u32 k = m->imported_globals; k < m->global_count; k++)
            find_values(c, &m->globals[k].type.type, 1, i->globals[k]->value);
    }
    for (const HostGlobal *g = c->s->globals; g; g = g->next)
        find_values(c, &g->global.type.type, 1, g->global.value);
}

static void find_slot(void *env, u64 *slot) { find(env, (Ref)*slot); }

static void find_frames(Counting *c, const Position *from, bool ended)
{
    if (from && ended) frame_roots_ended(&c->s->exec, from, find_slot, c);
    else if (from) frame_roots(&c->s->exec, from, find_slot, c);
}

static void find_all(Counting *c, const Position *from, bool ended)
{
    Store *s = c->s;
    find_globals(c);
    end_roots(c);
    for (const Table *t = s->tables; t; t = t->next)
        if (type_is_collected(s->types, t->type.elem)) find_refs(c, t->elems, t->size);
    end_roots(c);
    for (const Instance *i = s->rooted; i; i = i->next_rooted)
        find_refs(c, i->items, i->module->computed_items);
    end_roots(c);
    for (const HeldRefs *r = s->exec.held; r; r = r->next)
        find_values(c, r->types, r->count, r->slots);
    end_roots(c);
    find(c, s->exec.exception);
    find(c, s->exec.thrown);
    end_roots(c);
    find_frames(c, from, ended);
    end_roots(c);
    for (Parked *p = s->exec.parked; p; p = p->next) {
        Position place = park_place(p);
        find_frames(c, &place, false);
    }
    end_roots(c);
}

// ---- All of it

static int by_bytes(const void *a, const void *b)
{
    const CensusRow *x = a, *y = b;
    if (x->sum.bytes != y->sum.bytes) return x->sum.bytes < y->sum.bytes ? 1 : -1;
    if (x->type != y->type) return x->type < y->type ? -1 : 1;
    if (x->root != y->root) return x->root < y->root ? -1 : 1;
    return (x->holder > y->holder) - (x->holder < y->holder);
}

// Nothing that was set before the jump is read after it.
static bool find_guarded(Counting *c, const Position *from, bool ended)
{
    jmp_buf failure;
    c->arena.on_failure = &failure;
    if (setjmp(failure)) return false;
    find_all(c, from, ended);
    return true;
}

static bool count(Store *s, const Position *from, bool ended, Census *out)
{
    size_t blocks = s->heap.blocks, words = blocks * BLOCK_WORDS;
    Counting c = {.s = s, .out = out, .seen = calloc(2 * words, sizeof(u64)),
                  .queue = calloc(blocks, sizeof(u32)), .queued = calloc(blocks, 1)};
    arena_init(&c.arena);
    map_init(&c.index, &c.arena);
    bool good = c.seen && c.queue && c.queued;
    if (good) c.pending = c.seen + words;
    if (good) good = find_guarded(&c, from, ended);
    if (good && out->count) qsort(out->rows, out->count, sizeof *out->rows, by_bytes);
    arena_free(&c.arena);
    free(c.queued);
    free(c.queue);
    free(c.seen);
    return good;
}

bool heap_census(Store *s, bool ended, Census *out)
{
    Exec *x = &s->exec;
    const Position *from = exec_alive(x);
    *out = (Census){0};
    if (!s->heap.base) return true;
    bool known = heap_can_look(s, from);
    if (!known && !ended) return false;
    if (!known || !from) {
        from = ended && !x->depth && x->stack && x->at.record ? &x->at : NULL;
        if (!heap_can_look(s, NULL) || (from && !frame_maps(from))) return false;
    } else ended = false;
    if (count(s, from, ended, out)) return true;
    census_free(out);
    return false;
}

void census_free(Census *census)
{
    free(census->rows);
    *census = (Census){0};
}
