// spare.c -- see spare.h.

#include "run/spare.h"

#include "plat/pages.h"
#include "plat/thread.h"
#include "run/guard.h"

THREAD_LOCAL Spares spares;

static void unmap(SpareKind kind, void *start, size_t size)
{
    if (GUARD_POSSIBLE && kind == SPARE_guarded) guard_unmap(start);
    else pages_free(start, size);
}

// Small devices have no bodies of megabytes.
#ifdef WEFT_MICRO
static const bool in_pieces = false;
#else
static const bool in_pieces = true;
#endif

void spare_drop(void)
{
    for (u32 i = 0; i < SPARE_COUNT; i++) {
        unmap((SpareKind)i, spares.kept[i].start, spares.kept[i].size);
        spares.kept[i].start = NULL;
    }
    for (u32 i = 0; i < SPARE_APART; i++) {
        pages_free(spares.apart[i].start, spares.apart[i].size);
        spares.apart[i].start = NULL;
    }
    if (in_pieces) arena_free(&spares.scratch);
}

// What comes later, from another destructor of the thread's, is told of the end once more.
static void end_thread(void)
{
    spare_drop();
    spares.ends_with_thread = false;
}

void *spare_make(SpareKind kind, size_t *size)
{
    if (GUARD_POSSIBLE && kind == SPARE_guarded) return guard_map();
    if (kind != SPARE_funcs) return pages_map(*size);
    u64 writable, wanted = MIN(*size, (u64)SPARE_WRITABLE);
    void *start = pages_map_sparse(*size, &writable);
    if (!start || writable >= wanted || pages_commit(start, wanted)) return start;
    pages_free(start, *size);
    return NULL;
}

static bool ends_with_thread(void)
{
    static THREAD_LOCAL ThreadEnding ending = {.work = end_thread};
    if (!spares.ends_with_thread) spares.ends_with_thread = thread_at_end(&ending);
    return spares.ends_with_thread;
}

void *spare_take_apart(size_t of, size_t *size)
{
    u32 found = SPARE_APART, kept = 0;
    for (u32 i = 0; i < SPARE_APART; i++) {
        kept += spares.apart[i].start != NULL;
        if (spares.apart[i].start && spares.apart[i].of == of) found = i;
    }
    bool own = found < SPARE_APART;
    if (!own && kept < SPARE_APART) return spare_make(SPARE_stack, size);
    if (!own) found = spares.oldest++ % SPARE_APART;
    void *start = spares.apart[found].start;
    bool fits = spares.apart[found].size >= *size;
    spares.apart[found].start = NULL;
    if (fits && (own || pages_discard(start, spares.apart[found].size))) {
        *size = spares.apart[found].size;
        return start;
    }
    pages_free(start, spares.apart[found].size);
    return spare_make(SPARE_stack, size);
}

void spare_give_apart(size_t of, void *start, size_t size)
{
    u32 i = 0;
    while (i < SPARE_APART && spares.apart[i].start) i++;
    if (i == SPARE_APART || !start || !ends_with_thread()) {
        pages_free(start, size);
        return;
    }
    spares.apart[i].start = start;
    spares.apart[i].size = size;
    spares.apart[i].of = of;
}

// False: an end was asked for before all was given back.
static bool free_in_pieces(Arena *arena, Halt halt)
{
    enum { PIECE = 8 << 20 }; // a fraction of a millisecond
    while (!arena_free_some(arena, PIECE))
        if (halt_asked(halt)) return false;
    return true;
}

bool spare_begin_scratch(Arena *scratch, Halt halt)
{
    bool left = in_pieces && UNLIKELY(spares.scratch.block != NULL);
    if (left && !free_in_pieces(&spares.scratch, halt)) return false;
    arena_init(scratch);
    return true;
}

// Nobody who counts it need be there by then.
static void keep_scratch(Arena *scratch)
{
    if (scratch->account) account_give_shared(scratch->account, scratch->total);
    scratch->account = NULL;
    if (ends_with_thread()) spares.scratch = *scratch;
    else arena_free(scratch);
}

void spare_end_scratch(Arena *scratch, Halt halt)
{
    if (!in_pieces) arena_free(scratch);
    else if (!free_in_pieces(scratch, halt)) keep_scratch(scratch);
}

void spare_keep(SpareKind kind, void *start, size_t size)
{
    if (!start) return;
    bool may_keep = ends_with_thread();
    // One of a kind: the larger, or those who need that would make it anew each time.
    bool better = !spares.kept[kind].start || spares.kept[kind].size < size;
    if (!better || !may_keep) {
        unmap(kind, start, size);
        return;
    }
    unmap(kind, spares.kept[kind].start, spares.kept[kind].size);
    spares.kept[kind].start = start;
    spares.kept[kind].size = size;
}
