// needs.c -- see needs.h.
//
// Found by leaving features out: what loads without a set needs none of it. So there is no second
// list of what came with which proposal, and the answer is that of the decoder and the validator by
// construction.

#include "engine/needs.h"

#include "binary/decode.h"

typedef struct {
    const u8 *bytes;
    size_t size;
    Features rest; // loads under these
    bool starved;  // memory was short, so an answer was none
} Needs;

// In an engine of its own, since an engine keeps the types of all that it ever loaded.
static bool loads_under(Needs *n, Features features)
{
    Diag diag;
    diag_init(&diag);
    Engine *engine = engine_new(features);
    Module *m = engine ? engine_load(engine, n->bytes, n->size, &diag) : NULL;
    n->starved |= !engine || diag.err == ERR_out_of_memory;
    module_free(m);
    engine_free(engine);
    return m != NULL;
}

// Takes out what can go of the features from `first` to before `end`: all, or what can of each
// half.
static void leave_out(Needs *n, u32 first, u32 end)
{
    Features all = (FEATURE_BIT(end) - FEATURE_BIT(first)) & n->rest;
    if (!all || n->starved) return;
    if (loads_under(n, n->rest & ~all)) {
        n->rest &= ~all;
    } else if (end - first > 1) {
        u32 middle = first + (end - first) / 2;
        leave_out(n, middle, end);
        leave_out(n, first, middle);
    }
}

bool engine_needs(const Engine *engine, const u8 *bytes, size_t size, Features *needs)
{
    Needs n = {.bytes = bytes, .size = size, .rest = engine->features};
    if (!loads_under(&n, n.rest)) return false;
    leave_out(&n, FEATURE_core1 + 1, FEATURE_COUNT);
    *needs = n.rest & ~FEATURE_BIT(FEATURE_core1);
    return !n.starved;
}
