// body.c -- see body.h.

#include "opt/body.h"
#include "opt/fold.h"
#include "opt/to_wasm.h"

#include <stdio.h>

// What a body of so many bytes may take: in bytes, and in work, which is about a nanosecond each.
enum { MEMORY_TIMES = 200, MEMORY_LEAST = 1 << 20, WORK_TIMES = 1000, WORK_LEAST = 1 << 20 };

static bool rebuilt(const Module *m, u32 func, OptLevel level, Arena *scratch, Buf *out,
                    const char **why)
{
    Range body = m->funcs[func].body;
    u64 size = body.end - body.start;
    scratch->limit = MEMORY_LEAST + MEMORY_TIMES * size;
    Graph *g = graph_new(m, func, scratch, WORK_LEAST + WORK_TIMES * size);
    if (level.speed || level.size) g->rules = rule_index(scratch);
    if (!graph_build(g, why)) return false;
    graph_tidy(g);
    if (g->rules) {
        graph_renew(g);
        graph_dominators(g);
        graph_remember(g);
        graph_tidy(g);
        graph_renew(g);
        graph_tidy(g);
    }
    if (!graph_to_wasm(g, out, why)) return false;
    *why = "nothing is gained";
    return !g->rules || out->len <= size;
}

bool opt_body(const Module *m, u32 func, OptLevel level, Arena *arena, Bytes *out, Diag *diag)
{
    jmp_buf failed;
    Arena scratch;
    Buf buf;
    const char *volatile why = "it takes too much";
    volatile bool good = false;
    arena_init(&scratch);
    scratch.account = arena->account;
    scratch.on_failure = &failed;
    buf_init(&buf, &scratch);
    if (!setjmp(failed)) {
        const char *cannot = NULL;
        good = rebuilt(m, func, level, &scratch, &buf, &cannot);
        why = cannot;
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
    if (!good) snprintf(diag->detail, sizeof diag->detail, "%s", why);
    return good;
}
