// assigned.c -- see assigned.h.
//
// One list serves all loops that are open, and the innermost has its end. An entry knows where the
// same local is below it, so whether a loop has it already is a comparison.

#include "opt/assigned.h"

#include "binary/instr.h"

typedef struct { u32 local, below; } Entry; // below: the place of the one before, plus 1

typedef struct {
    Graph *g;
    LoopSets *out;
    u32 entry_count, entry_cap; Entry *entries;
    u32 *latest;                // by local: the place of its newest entry, plus 1; 0: none
    u32 open_count, open_cap;
    struct Open { u32 set, depth, start; } *open;
    u32 try_count, try_cap;
    struct OpenTry { u32 which, depth; } *tries; // legacy ones
    u32 depth;
} Scan;

static void open_loop(Scan *s, u32 at)
{
    u32 set = s->out->set_count;
    ARENA_PUSH(s->g->arena, s->out->sets, s->out->set_count, s->out->set_cap) = (LoopSet){.at = at};
    ARENA_PUSH(s->g->arena, s->open, s->open_count, s->open_cap) =
        (struct Open){set, s->depth, s->entry_count};
}

static void assign(Scan *s, u32 local)
{
    if (!s->open_count || s->latest[local] > s->open[s->open_count - 1].start) return;
    ARENA_PUSH(s->g->arena, s->entries, s->entry_count, s->entry_cap) =
        (Entry){local, s->latest[local]};
    s->latest[local] = s->entry_count;
}

// What it assigns is assigned in the one around it.
static void close_loop(Scan *s)
{
    struct Open *o = &s->open[--s->open_count];
    u32 outer = s->open_count ? s->open[s->open_count - 1].start : UINT32_MAX, kept = o->start;
    LoopSet *set = &s->out->sets[o->set];
    graph_work(s->g, s->entry_count - o->start);
    set->first = s->out->local_count;
    set->count = s->entry_count - o->start;
    for (u32 i = o->start; i < s->entry_count; i++) {
        Entry e = s->entries[i];
        ARENA_PUSH(s->g->arena, s->out->locals, s->out->local_count, s->out->local_cap) = e.local;
        s->latest[e.local] = e.below;
        if (outer == UINT32_MAX || e.below > outer) continue;
        s->entries[kept++] = e;
        s->latest[e.local] = kept;
    }
    s->entry_count = kept;
}

static void open_try(Scan *s, u32 at)
{
    u32 which = s->out->try_count;
    ARENA_PUSH(s->g->arena, s->out->tries, s->out->try_count, s->out->try_cap) =
        (LegacyTry){.at = at};
    ARENA_PUSH(s->g->arena, s->tries, s->try_count, s->try_cap) =
        (struct OpenTry){which, s->depth};
}

// The one that is open innermost: of valid code it is the innermost frame.
static LegacyTry *this_try(Scan *s)
{
    if (!s->try_count) arena_fail(s->g->arena);
    return &s->out->tries[s->tries[s->try_count - 1].which];
}

static void close_frame(Scan *s)
{
    if (s->try_count && s->tries[s->try_count - 1].depth == s->depth) s->try_count--;
    if (s->open_count && s->open[s->open_count - 1].depth == s->depth) close_loop(s);
    s->depth--;
}

static void look_at(Scan *s, const Instr *now)
{
    switch (now->imm.op) {
    case OP_local_set: case OP_local_tee: assign(s, now->imm.local); break;
    case OP_loop:
        s->depth++;
        open_loop(s, now->at);
        break;
    case OP_try:
        s->depth++;
        open_try(s, now->at);
        break;
    case OP_catch: this_try(s)->clauses++; break;
    case OP_catch_all:
        this_try(s)->clauses++;
        this_try(s)->all = true;
        break;
    case OP_block: case OP_if: case OP_try_table: s->depth++; break;
    case OP_delegate:
        this_try(s)->delegates = true;
        this_try(s)->label = now->imm.label;
        close_frame(s);
        break;
    case OP_end: close_frame(s); break;
    default: break;
    }
}

void loop_sets(LoopSets *out, Graph *g, u32 func, u32 locals)
{
    InstrReader r;
    Instr now;
    Diag diag;
    Scan s = {.g = g, .out = out, .latest = NEW_ARRAY(g->arena, u32, locals)};
    diag_init(&diag);
    instr_reader_init(&r, g->m, g->m->funcs[func].body, NULL, &diag);
    instr_skip_locals(&r);
    while (instr_next(&r, &now)) look_at(&s, &now);
    if (diag.err != ERR_none) arena_fail(g->arena); // it was not validated
}
