// seen.c -- calls by tables and references where one function was seen to be called.
//
//     own %index               which function of this module, if it is of this instance
//     if it is the one --------+
//        |                     |
//     its body              the call, as it was written
//        |                     |
//        +---------------------+ results meet
//
// What was seen is a guess, of whatever ran before: nothing depends on it but how long it takes.

#include "opt/builder.h"
#include "opt/watch.h"

static bool is_indirect(const Imm *imm)
{
    return imm->op == OP_call_indirect || imm->op == OP_call_ref;
}

// The one that would be taken in; SEEN_nobody: there is none.
static u32 target(const Builder *b, const Imm *imm)
{
    const Graph *g = b->g;
    if (!g->seen || b->args || !is_indirect(imm)) return SEEN_nobody;
    u32 func = g->seen(g->seen_by, b->func, g->at.at);
    u32 type = imm->op == OP_call_ref ? imm->type_index : imm->type_table.type;
    if (func == SEEN_several)
        graph_note(g, "%s not taken in: it is of several functions", op_info[imm->op].text);
    if (func < g->m->imported_funcs || func >= g->m->func_count || !func_matches(g->m, func, type))
        return SEEN_nobody;
    const char *why_not = inline_obstacle(b, func);
    if (!why_not) return func;
    graph_note(g, "%s of function %u not taken in: %s", op_info[imm->op].text, func, why_not);
    return SEEN_nobody;
}

// The newest operand is the function that is called; in the frame are its results.
static void go_on(Builder *b)
{
    u32 results = b->frames[b->frame_count - 1].value_count;
    if (!b->live) return;
    b->height -= results;
    jump_to(b, b->frame_count - 1, b->stack + b->height);
}

static void call_as_written(Builder *b, const Imm *imm, u32 place)
{
    Graph *g = b->g;
    u32 count = imm->def->param_count + 1u, results = imm->def->result_count;
    const Type *types = type_results(imm->def);
    put_state(b, g->at.at, count, STATE_call);
    if (b->why) return;
    b->height -= count;
    NodeId node = graph_add(g, imm->op, results == 1 ? types[0] : TYPE_bottom,
                            b->stack + b->height, count, place);
    graph_append(g, b->at, node);
    if (b->around != NO_FRAME) end_at_throw(b, GO_call);
    for (u32 i = 0; i < results; i++)
        ARENA_PUSH(b->arena, b->stack, b->height, b->stack_cap) =
            results == 1 ? node : graph_pure(g, NODE_result, types[i], &node, 1, i);
    go_on(b);
}

bool call_seen(Builder *b, const Imm *imm, u32 place)
{
    Graph *g = b->g;
    u32 func = target(b, imm);
    if (func == SEEN_nobody) return false;
    u32 count = imm->def->param_count + 1u, base = b->height - count;
    for (u32 i = base; i < b->height; i++) b->stack[i] = graph_at(g, b->stack[i]);
    const NodeId *in = arena_copy(b->arena, b->stack + base, count * sizeof *in);
    NodeId which = graph_add(g, NODE_own, TYPE_i32, &in[count - 1], 1,
                             imm->op == OP_call_ref ? UINT32_MAX : imm->type_table.table);
    graph_append(g, b->at, which);
    graph_note(g, "%s is of function %u, mostly", op_info[imm->op].text, func);
    NodeId is_it[] = {which, graph_const(g, TYPE_i32, func - g->m->imported_funcs)};
    BlockId from = b->at;
    g->blocks[from].value = graph_pure(g, OP_i32_eq, TYPE_i32, is_it, 2, 0);
    g->blocks[from].go = GO_if;
    g->blocks[from].hint = HINT_likely;
    u32 edges = graph_edges(g, from, 2);
    WalkFrame both = {.op = OP_block, .results = type_results(imm->def),
                      .result_count = imm->def->result_count, .height = base};
    open_frame(b, OP_block, &both);
    begin_at(b, edges, from);
    b->height--;
    inline_call(b, func);
    if (!b->why) go_on(b);
    b->height = base;
    for (u32 i = 0; i < count; i++)
        ARENA_PUSH(b->arena, b->stack, b->height, b->stack_cap) = in[i];
    if (b->why) return true;
    begin_at(b, edges + 1, from);
    call_as_written(b, imm, place);
    Frame ended = b->frames[--b->frame_count];
    b->height = base;
    b->live = false;
    if (!b->why) meet(b, &ended.arrivals, ended.region, both.results, both.result_count);
    return true;
}
