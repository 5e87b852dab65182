// body.c -- see body.h.

#include "opt/body.h"
#include "opt/fold.h"
#include "opt/known.h"
#include "opt/to_wasm.h"
#include "opt/watch.h"

#include <stdio.h>

// What a body of so many bytes may take: in bytes, and in work, which is about a nanosecond each.
enum {
    MEMORY_TIMES = 100, MEMORY_LEAST = 4 << 20, MEMORY_MOST = 256 << 20,
    WORK_TIMES = 1000, WORK_LEAST = 1 << 14,
};
enum { INLINE_BYTES = 24, INLINE_LEAST = 64, ONCE_BYTES = 1000 };
enum { LONGER = 256, VECTORS = 1024, GAIN_BYTES = 4 };

typedef struct {
    const Module *m;
    const BranchHints *hints;
    u32 func;
    OptLevel level;
    OptKnown *known;
    Arena *arena;
    u32 size, room;    // of the old body; by how much the new one may be longer
    const char *why;   // it stays
    const Graph *graph;
    bool longer, inlined; // so it came out; something was taken in
    bool vectorized;      // so were loops
    Buf code;
    BranchHints made;
} Task;

typedef struct { bool inlines, loops, vectors; } How; // what makes it longer

// By so many bytes it may become longer for faster loops.
static u32 room_for(const Task *t, How how)
{
    return how.loops ? MIN(t->room, t->size + LONGER + (how.vectors ? VECTORS : 0)) : 0;
}

static bool rebuilt(Task *t, How how, Arena *scratch)
{
    enum { BYTES = 3 }; // of a node, about
    u64 memory = MEMORY_LEAST + MEMORY_TIMES * (u64)t->size;
    scratch->limit = (size_t)MIN(memory, MEMORY_MOST);
    Graph *g = graph_new(t->m, t->func, scratch, WORK_LEAST + WORK_TIMES * (u64)t->size);
    t->graph = g;
    g->hints = t->hints;
    bool changes = t->level.speed || t->level.size;
    g->work_a_byte = WORK_TIMES;
    g->memory_a_byte = MEMORY_TIMES;
    g->known = t->known;
    if (changes) g->rules = rule_index(scratch);
    if (how.inlines) {
        g->inline_most = INLINE_BYTES;
        g->inline_left = INLINE_LEAST + t->size / 2;
        g->once_most = ONCE_BYTES;
    }
    g->longer = how.loops;
    g->vectors = how.vectors;
    g->copies_left = room_for(t, (How){.loops = how.loops}) / BYTES;
    buf_init(&t->code, scratch);
    bool built = graph_build(g, &t->why);
    t->inlined = g->inlined;
    if (!built) return false;
    graph_step(g, "build");
    graph_tidy(g);
    graph_step(g, "tidy");
    if (changes) graph_improve(g, t->level);
    t->vectorized = g->vectorized;
    if (changes && t->known && graph_keeps_globals(g))
        t->known->effects[t->func] &= ~(u32)WRITES_global;
    if (!graph_to_wasm(g, &t->code, &t->made, &t->why)) return false;
    t->why = "nothing is gained";
    if (t->known) t->known->taken = g->once_bytes;
    u32 room = room_for(t, how);
    if (!g->inlined && !g->loops_were) room = MIN(room, g->gains * GAIN_BYTES);
    t->longer = changes && t->code.len > t->size + room + g->once_bytes;
    return !t->longer;
}

// False: it takes too much, or as *t says. Nothing that was set before the jump is read after it.
static bool try_to(Task *t, How how, Arena *scratch)
{
    jmp_buf failed;
    scratch->on_failure = &failed;
    t->longer = t->inlined = t->vectorized = false;
    t->graph = NULL;
    if (!setjmp(failed)) return rebuilt(t, how, scratch);
    if (scratch->refused) { // else what comes of it would be a matter of luck
        arena_free(scratch);
        arena_fail(t->arena);
    }
    t->vectorized = t->graph && t->graph->vectorized;
    bool slow = t->graph && t->graph->work > t->graph->work_most;
    t->why = slow ? "it takes too much work" : "it takes too much memory";
    return false;
}

static void keep(Arena *arena, const Task *t, OptBody *out)
{
    const BranchHints *made = &t->made;
    out->code = (Bytes){arena_copy(arena, t->code.data, t->code.len), t->code.len};
    out->hints = (BranchHints){made->count,
                               arena_copy(arena, made->at, made->count * sizeof *made->at)};
}

bool opt_body(const Module *m, const BranchHints *hints, u32 func, OptLevel level,
              OptKnown *known, u32 longer, Arena *arena, OptBody *out, Diag *diag)
{
    jmp_buf failed, *outer = arena->on_failure;
    Arena scratch;
    Range body = m->funcs[func].body;
    u32 size = body.end - body.start;
    Task task = {m, hints, func, level, known, arena, size, longer, .why = NULL};
    bool loops = level.speed >= 3 && !level.size && longer;
    How how = {level.speed >= 2 && !level.size, loops, loops && module_has(m, FEATURE_simd)};
    arena_init(&scratch);
    scratch.account = arena->account;
    bool good = try_to(&task, how, &scratch);
    if (!good && task.vectorized) { // then without
        watch_note(m, func, "once more: no vectors");
        arena_reset(&scratch);
        how.vectors = false;
        good = try_to(&task, how, &scratch);
    }
    if (!good && how.loops) {
        watch_note(m, func, "once more: loops are not to be longer");
        arena_reset(&scratch);
        how.loops = how.vectors = false;
        good = try_to(&task, how, &scratch);
    }
    if (!good && task.inlined) {
        watch_note(m, func, "once more, since %s: nothing is taken in",
                   task.longer ? "it got longer" : task.why);
        arena_reset(&scratch);
        how.inlines = false;
        good = try_to(&task, how, &scratch);
    }
    arena->on_failure = &failed;
    if (setjmp(failed)) {
        arena_free(&scratch); // and what is held by it
        arena->on_failure = outer;
        arena_fail(arena);
    }
    if (good) keep(arena, &task, out);
    arena->on_failure = outer;
    arena_free(&scratch);
    diag_init(diag);
    diag->func = func;
    if (!good) snprintf(diag->detail, sizeof diag->detail, "%s", task.why);
    return good;
}
