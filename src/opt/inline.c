// inline.c -- small functions where they are called.
//
// The walk over the callee fills the same graph, with arguments for its parameters; where it would
// return it goes on. Only what is small is taken in, and no more of it than the caller may grow by:
// a call is two bytes, and arguments have to be moved.

#include "binary/instr.h"
#include "opt/builder.h"
#include "opt/watch.h"

enum { LEVELS = 2, LOCALS = 16 };

// Does it stay in its place, and in what it was called by? One that calls in its own place, or has
// handlers, does not.
static bool is_simple(Op op)
{
    switch (op) {
    case OP_loop: case OP_br_table: case OP_return_call: case OP_return_call_indirect:
    case OP_return_call_ref: case OP_try: case OP_try_table: case OP_throw: case OP_throw_ref:
    case OP_rethrow: case OP_resume: case OP_resume_throw: case OP_resume_throw_ref:
    case OP_suspend: case OP_switch: case OP_memory_atomic_wait32: case OP_memory_atomic_wait64:
        return false;
    default: return true;
    }
}

// Why it is not taken in; NULL: it is.
static const char *obstacle(const Builder *b, u32 func)
{
    const Graph *g = b->g;
    Range body = g->m->funcs[func].body;
    InstrReader r;
    Instr now;
    Diag diag;
    if (func == g->func || func == b->func) return "it calls itself";
    if (b->level == LEVELS) return "it is called by one that was taken in, and so on";
    if (b->around != NO_FRAME) return "it is called in a try";
    if (body.end - body.start > g->inline_most) return "it is large";
    if (body.end - body.start > g->inline_left) return "enough was taken in";
    diag_init(&diag);
    instr_reader_init(&r, g->m, body, NULL, &diag);
    if (instr_skip_locals(&r) > LOCALS) return "it has many locals";
    while (instr_next(&r, &now))
        if (!is_simple(now.imm.op)) return op_info[now.imm.op].text;
    return diag.err == ERR_none ? NULL : "it is not valid";
}

bool inline_call(Builder *b, u32 func)
{
    Graph *g = b->g;
    if (!g->inline_most || func < g->m->imported_funcs) return false;
    const char *why_not = obstacle(b, func);
    if (why_not) {
        graph_note(g, "call of function %u not taken in: %s", func, why_not);
        return false;
    }
    const TypeDef *type = type_def(g->m->store, g->m->funcs[func].type);
    Builder in = {.g = g, .arena = b->arena, .func = func, .level = b->level + 1, .at = b->at,
                  .region = b->region, .around = NO_FRAME};
    Range body = g->m->funcs[func].body;
    g->inline_left -= body.end - body.start;
    g->inlined++;
    graph_note(g, "call of function %u taken in", func);
    NodeId *args = NEW_ARRAY(b->arena, NodeId, type->param_count + 1u);
    b->height -= type->param_count;
    for (u32 i = 0; i < type->param_count; i++) args[i] = graph_at(g, b->stack[b->height + i]);
    in.args = args;
    if (!build_body(&in)) b->why = in.why;
    b->at = in.at;
    b->live = in.live && !b->why;
    for (u32 i = 0; b->live && i < type->result_count; i++)
        ARENA_PUSH(b->arena, b->stack, b->height, b->stack_cap) = in.stack[i];
    return true;
}
