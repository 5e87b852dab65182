// body.c -- see body.h.

#include "opt/body.h"
#include "opt/fold.h"
#include "opt/to_wasm.h"
#include "opt/watch.h"

#include <stdio.h>

// What a body of so many bytes may take: in bytes, and in work, which is about a nanosecond each.
enum {
    MEMORY_TIMES = 200, MEMORY_LEAST = 4 << 20, MEMORY_MOST = 256 << 20,
    WORK_TIMES = 1000, WORK_LEAST = 1 << 14,
};
enum { INLINE_BYTES = 24, INLINE_LEAST = 64 };

typedef struct {
    const Module *m;
    u32 func;
    OptLevel level;
    u32 size;          // of the old body
    const char *why;   // it stays
} Task;

static bool rebuilt(Task *t, bool inlines, Arena *scratch, Buf *out)
{
    u64 memory = MEMORY_LEAST + MEMORY_TIMES * (u64)t->size;
    scratch->limit = scratch->total + (size_t)MIN(memory, MEMORY_MOST);
    Graph *g = graph_new(t->m, t->func, scratch, WORK_LEAST + WORK_TIMES * (u64)t->size);
    bool changes = t->level.speed || t->level.size;
    if (changes) g->rules = rule_index(scratch);
    if (inlines) {
        g->inline_most = INLINE_BYTES;
        g->inline_left = INLINE_LEAST + t->size / 2;
    }
    if (!graph_build(g, &t->why)) return false;
    graph_step(g, "build");
    graph_tidy(g);
    graph_step(g, "tidy");
    if (changes) graph_improve(g, t->level);
    if (!graph_to_wasm(g, out, &t->why)) return false;
    t->why = "nothing is gained";
    if (!changes || out->len <= t->size) return true;
    out->len = 0;
    return inlines && g->inlined && rebuilt(t, false, scratch, out); // then without
}

bool opt_body(const Module *m, u32 func, OptLevel level, Arena *arena, Bytes *out, Diag *diag)
{
    jmp_buf failed;
    Arena scratch;
    Buf buf;
    volatile bool good = false;
    Range body = m->funcs[func].body;
    Task task = {m, func, level, body.end - body.start, "it takes too much"};
    arena_init(&scratch);
    scratch.account = arena->account;
    scratch.on_failure = &failed;
    buf_init(&buf, &scratch);
    if (!setjmp(failed)) {
        good = rebuilt(&task, level.speed >= 2 && !level.size, &scratch, &buf);
    } else {
        task.why = "it takes too much";
    }
    jmp_buf *outer = arena->on_failure;
    if (good && !setjmp(failed)) {
        arena->on_failure = &failed;
        *out = (Bytes){arena_copy(arena, buf.data, buf.len), buf.len};
    } else if (good) {
        arena_free(&scratch); // and what is held by it
        arena->on_failure = outer;
        arena_fail(arena);
    }
    arena->on_failure = outer;
    arena_free(&scratch);
    diag_init(diag);
    diag->func = func;
    if (!good) snprintf(diag->detail, sizeof diag->detail, "%s", task.why);
    return good;
}
