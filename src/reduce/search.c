// search.c -- see search.h.
//
//     units   a b c d e f g h        all; then halves, quarters, ... and each alone. What went
//             |-----| |-----|        stays away; a sweep goes on behind it.
//
// While one candidate is tried, those are begun that follow if it is not interesting. The first in
// this order that is interesting is taken, and what was begun behind it is dropped: it is as if one
// were tried after the other, only sooner.

#include "reduce/search.h"

#include <string.h>

// ---- What is known

static u64 hash_of(Bytes bytes)
{
    u64 h = 0xcbf29ce484222325 ^ bytes.len;
    for (size_t i = 0; i < bytes.len; i++) h = (h ^ bytes.data[i]) * 0x100000001b3;
    return h | 1; // 0 is a free place
}

static u64 *place_of(const Known *k, u64 hash)
{
    u32 at = (u32)(hash >> 20) & (k->cap - 1);
    while (k->hashes[at] && k->hashes[at] != hash) at = (at + 1) & (k->cap - 1);
    return &k->hashes[at];
}

static bool is_known(const Search *s, u64 hash)
{
    for (u32 i = 0; i < s->begun; i++)
        if (s->slots[(s->first + i) % s->trials->slots].hash == hash) return true; // under way
    return s->known.cap && *place_of(&s->known, hash) == hash;
}

static void make_known(Search *s, u64 hash)
{
    Known *k = &s->known;
    if (2 * k->count >= k->cap) {
        Known more = {.cap = k->cap ? 2 * k->cap : 256};
        more.hashes = NEW_ARRAY(&s->arena, u64, more.cap);
        for (u32 i = 0; i < k->cap; i++)
            if (k->hashes[i]) *place_of(&more, k->hashes[i]) = k->hashes[i];
        more.count = k->count;
        *k = more;
    }
    u64 *place = place_of(k, hash);
    k->count += !*place;
    *place = hash;
}

// ---- Slots

void search_init(Search *s, const Trials *trials, Bytes bytes, jmp_buf *failed)
{
    *s = (Search){.trials = trials};
    arena_init(&s->arena);
    s->arena.on_failure = failed;
    for (u32 i = 0; i < REDUCE_SLOTS; i++) {
        arena_init(&s->slots[i].arena);
        s->slots[i].arena.on_failure = failed;
        buf_init(&s->slots[i].bytes, &s->slots[i].arena);
    }
    buf_init(&s->best, &s->arena);
    buf_init(&s->smallest, &s->arena);
    buf_bytes(&s->best, bytes.data, bytes.len);
    buf_bytes(&s->smallest, bytes.data, bytes.len);
}

void search_free(Search *s)
{
    for (u32 i = 0; i < REDUCE_SLOTS; i++) arena_free(&s->slots[i].arena);
    arena_free(&s->arena);
}

static u32 slot_at(const Search *s, u32 place) { return (s->first + place) % s->trials->slots; }

static void drop_all(Search *s)
{
    for (; s->begun; s->begun--) s->trials->drop(s->trials->env, slot_at(s, s->begun - 1));
}

static void take(Search *s, const Candidate *c, const char *doing)
{
    s->best.len = 0;
    buf_bytes(&s->best, c->bytes.data, c->bytes.len);
    if (s->best.len > s->smallest.len) return;
    s->smallest.len = 0;
    buf_bytes(&s->smallest, c->bytes.data, c->bytes.len);
    s->trials->took(s->trials->env, buf_view(&s->smallest), doing);
}

// ---- A sweep

typedef struct {
    Search *s;
    const Choice *choice;
    const char *doing;
    u8 *gone, *covered, *chosen;
    u32 at, size;     // where the next candidate begins, and of how many units it is
    bool done;
} Sweep;

static bool is_left(const Sweep *w, u32 unit) { return !w->gone[unit] && !w->covered[unit]; }

// Moves over the next units that are left, as many as are to go at a time, or shortens the step.
// False: all was tried.
static bool next_units(Sweep *w, u32 *from, u32 *end)
{
    while (!w->done) {
        u32 count = 0, i = w->at;
        while (i < w->choice->count && !is_left(w, i)) i++;
        for (*from = i; i < w->choice->count && count < w->size; i++) count += is_left(w, i);
        *end = w->at = i;
        if (count) return true;
        w->done = w->size == 1;
        w->size = (w->size + 1) / 2;
        w->at = 0;
    }
    return false;
}

static void choose(Sweep *w, const Candidate *c)
{
    memcpy(w->chosen, w->gone, w->choice->count);
    for (u32 i = c->from; i < c->end; i++)
        if (is_left(w, i)) w->chosen[i] = true;
}

// Begins candidates until all slots are in use, or nothing is left to try.
static void begin(Sweep *w)
{
    Search *s = w->s;
    while (s->begun < s->trials->slots) {
        u32 slot = slot_at(s, s->begun);
        Candidate *c = &s->slots[slot];
        if (!next_units(w, &c->from, &c->end)) return;
        c->size = w->size;
        choose(w, c);
        c->bytes.len = 0;
        if (!w->choice->encode(w->choice->env, w->chosen, &c->bytes)) continue;
        if (c->bytes.len > s->best.len && !w->choice->grows) continue;
        c->hash = hash_of(buf_view(&c->bytes));
        if (is_known(s, c->hash)) continue;
        s->begun++;
        s->trials->begin(s->trials->env, slot, buf_view(&c->bytes));
    }
}

static void accept(Sweep *w, const Candidate *c)
{
    take(w->s, c, w->doing);
    choose(w, c);
    memcpy(w->gone, w->chosen, w->choice->count);
    if (w->choice->covered) w->choice->covered(w->choice->env, w->gone, w->covered);
    w->at = c->end;
    w->size = c->size;
    w->done = false;
}

bool search(Search *s, const Choice *choice, const char *doing)
{
    bool some = false;
    Arena arena;
    if (!choice->count || s->stopped) return false;
    arena_init(&arena);
    arena.on_failure = s->arena.on_failure;
    Sweep w = {s, choice, doing, .size = choice->count};
    w.gone = NEW_ARRAY(&arena, u8, choice->count);
    w.covered = NEW_ARRAY(&arena, u8, choice->count);
    w.chosen = NEW_ARRAY(&arena, u8, choice->count);
    for (;;) {
        s->stopped = s->stopped || s->trials->stops(s->trials->env);
        if (s->stopped) break;
        begin(&w);
        if (!s->begun) break;
        Candidate *c = &s->slots[s->first];
        bool good = s->trials->wait(s->trials->env, s->first);
        s->first = slot_at(s, 1);
        s->begun--;
        if (s->trials->stops(s->trials->env)) break; // then nobody knows
        make_known(s, c->hash); // never twice, so there is an end
        if (!good) continue;
        drop_all(s);
        accept(&w, c);
        some = true;
    }
    drop_all(s);
    s->stopped = s->stopped || s->trials->stops(s->trials->env);
    arena_free(&arena);
    return some;
}
