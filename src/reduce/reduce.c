// reduce.c -- see reduce.h: pass after pass, until none of them finds anything to take away.

#include "reduce/raw.h"
#include "reduce/round.h"
#include "reduce/search.h"

#include <string.h>

static bool encode_units(void *env, const u8 *chosen, Buf *out)
{
    return draft_encode(env, chosen, out);
}

static void covered_units(void *env, const u8 *chosen, u8 *covered)
{
    draft_covered(env, chosen, covered);
}

typedef struct {
    Search search;
    Round round;
    Bytes bytes;      // what the round is about
    Arena copy;       // and where that is
    Features features;
    jmp_buf failed;
    bool open, as_bytes;
} Reducer;

static void end_round(Reducer *d)
{
    if (d->open) round_close(&d->round);
    d->open = false;
    arena_reset(&d->copy);
}

// About the best so far.
static bool begin_round(Reducer *d)
{
    end_round(d);
    const Buf *best = &d->search.best;
    d->bytes = (Bytes){arena_copy(&d->copy, best->data, best->len), best->len};
    d->open = true;
    return round_open(&d->round, d->bytes, d->features, &d->failed);
}

static bool run_pass(Reducer *d, const Pass *pass)
{
    Round *r = &d->round;
    r->unit_count = r->cut_count = 0;
    pass->find(r);
    draft_begin(r);
    const Choice choice = {r, r->unit_count, encode_units, covered_units, pass->grows};
    return search(&d->search, &choice, pass->name);
}

// The module in the canonical encoding, as all candidates are from now on.
static bool encode_whole(void *env, const u8 *chosen, Buf *out)
{
    const Edit nothing = {0};
    Round *r = env;
    Diag diag;
    out->len = 0;
    return module_encode(r->m, &nothing, out, &diag) && !bytes_same(buf_view(out), r->bytes);
}

// Can it be written anew and stays interesting?
static bool rewrite(Reducer *d)
{
    const Choice whole = {&d->round, 1, encode_whole, NULL, true};
    Buf same;
    buf_init(&same, &d->round.arena);
    if (!encode_whole(&d->round, NULL, &same)) return true; // it is as it would be written
    return search(&d->search, &whole, "encoding") && begin_round(d);
}

static bool run_passes(Reducer *d)
{
    bool some = false;
    for (u32 i = 0; i < pass_count && !d->search.stopped; i++) {
        if (!run_pass(d, &passes[i])) continue;
        some = true;
        if (!begin_round(d)) break;
    }
    return some;
}

// What is valid and may be written anew needs no more than the passes over modules.
static bool run_all(Reducer *d)
{
    bool module = !d->as_bytes && begin_round(d), valid = module && d->round.valid;
    bool anew = module && rewrite(d), some = module && run_passes(d);
    end_round(d);
    if (valid && anew) return some;
    return raw_reduce(&d->search, d->features, valid, &d->failed) || some;
}

bool reduce(Bytes bytes, Features features, bool as_bytes, const Trials *trials, Buf *out)
{
    Reducer d = {.features = features, .as_bytes = as_bytes};
    arena_init(&d.copy);
    d.copy.on_failure = out->arena->on_failure = &d.failed;
    bool good = !setjmp(d.failed);
    if (good) {
        search_init(&d.search, trials, bytes, &d.failed);
        while (run_all(&d) && !d.search.stopped) continue;
        buf_bytes(out, d.search.smallest.data, d.search.smallest.len);
    }
    end_round(&d);
    search_free(&d.search);
    arena_free(&d.copy);
    return good;
}
