// inline.c -- whom a call calls, and functions where they are called.
//
// The walk over the callee fills the same graph, with arguments for its parameters; where it would
// return it goes on. What is small is taken in, and no more of it than the caller may grow by: a
// call is two bytes, and arguments have to be moved; more of it in loops. What nobody else calls is
// taken in even if it is large: it is gone then where it was.
//
// Where there are states, for machine code, whoever looks at a frame is to see both: Graph.taken
// says for each node in which call of which function it is, and the states of a loop name what all
// functions have that it is in. Only what traps, or asks at loops, is taken in, with those that it
// calls.

#include "binary/instr.h"
#include "opt/builder.h"
#include "opt/known.h"
#include "opt/watch.h"

enum { LEVELS = 2, LOCALS = 16, ONCE_LEVELS = 8, ONCE_LOCALS = 64,
       ONCE_BYTES = 1 << 16 };

// ---- Who is called

static void drop_target(Builder *b, Imm *direct, u32 func, bool tail)
{
    b->height--;
    graph_note(b->g, "an indirect call is one of function %u", func);
    *direct = (Imm){.op = tail ? OP_return_call : OP_call, .func = func,
                    .def = type_def(b->g->m->store, b->g->m->funcs[func].type)};
}

bool func_matches(const Module *m, u32 func, u32 type)
{
    return type_id_matches(m->store, m->funcs[func].type, m->types[type]);
}

bool call_direct(Builder *b, const Imm *imm, Imm *direct)
{
    const Graph *g = b->g;
    if (!g->rules || !b->height) return false;
    bool ref = imm->op == OP_call_ref || imm->op == OP_return_call_ref;
    bool indirect = imm->op == OP_call_indirect || imm->op == OP_return_call_indirect;
    if (!ref && !indirect) return false;
    bool tail = imm->op == OP_return_call_ref || imm->op == OP_return_call_indirect;
    const Node *target = &g->nodes[graph_at(g, b->stack[b->height - 1])];
    if (ref && target->op == OP_ref_func) {
        Imm named;
        Bytes bytes;
        node_read_imm(g, target, &named, &bytes);
        drop_target(b, direct, named.func, tail);
        return true;
    }
    if (ref || !g->known || (target->op != OP_i32_const && target->op != OP_i64_const))
        return false;
    const KnownTable *table = &g->known->tables[imm->type_table.table];
    u32 func = target->bits < table->size ? table->funcs[target->bits] : UINT32_MAX;
    if (func == UINT32_MAX || !func_matches(g->m, func, imm->type_table.type)) return false;
    drop_target(b, direct, func, tail);
    return true;
}

// ---- What is taken in

// Does it stay in its place, and in what it was called by? One that calls in its own place, or has
// handlers, does not.
static bool stays_inside(Op op)
{
    switch (op) {
    case OP_return_call: case OP_return_call_indirect: case OP_return_call_ref: case OP_try:
    case OP_try_table: case OP_throw: case OP_throw_ref: case OP_rethrow: case OP_resume:
    case OP_resume_throw: case OP_resume_throw_ref: case OP_suspend: case OP_switch:
    case OP_memory_atomic_wait32: case OP_memory_atomic_wait64: return false;
    default: return true;
    }
}

static bool is_simple(Op op) { return op != OP_loop && op != OP_br_table && stays_inside(op); }

static u32 size_of(const Graph *g, u32 func)
{
    return g->m->funcs[func].body.end - g->m->funcs[func].body.start;
}

// What is looked at in front: why it is not taken in; NULL: it is.
typedef struct {
    Graph *g;
    u32 locals;
    bool (*good)(Op op);
    u32 levels;       // of calls, in which good ones stand too; 0: a call is as `good` says
    u32 size, most;   // bytes of all of these, so far and at most
} Taking;
static const char *obstacle_of(Taking *t, u32 func);

static const char *obstacle_in(Taking *t, u32 func)
{
    const Module *m = t->g->m;
    InstrReader r;
    Instr now;
    Diag diag;
    diag_init(&diag);
    instr_reader_init(&r, m, m->funcs[func].body, NULL, &diag);
    if (instr_skip_locals(&r) > t->locals) return "it has many locals";
    while (instr_next(&r, &now)) {
        const char *why = t->good(now.imm.op) ? NULL : op_info[now.imm.op].text;
        if (now.imm.op == OP_call && t->levels) {
            t->levels--;
            why = obstacle_of(t, now.imm.func);
            t->levels++;
        }
        if (why) return why;
    }
    return diag.err == ERR_none ? NULL : "it is not valid";
}

static const char *obstacle_of(Taking *t, u32 func)
{
    const Module *m = t->g->m;
    if (func < m->imported_funcs) return "import";
    if (module_is_among(m, func) != module_is_among(m, t->g->func)) return "it runs otherwise";
    t->size += size_of(t->g, func);
    if (t->size > t->most) return "it is large";
    if (t->size > t->g->inline_left) return "enough was taken in";
    graph_work(t->g, size_of(t->g, func));
    return obstacle_in(t, func);
}

// Can nobody look at a frame there but behind a trap, or at a loop? Then there is no more to say of
// it but where it stands, and there what it has.
static bool only_traps(Op op)
{
    bool branches_on = op == OP_br_on_null || op == OP_br_on_non_null || op == OP_br_on_cast ||
                       op == OP_br_on_cast_fail;
    return stays_inside(op) && !branches_on && !is_state_place(op) &&
           op_info[op].since != FEATURE_custom_descriptors;
}

// For its size, whoever else calls it. *size is that of all that is taken in with it.
static const char *obstacle(const Builder *b, u32 func, u32 *size)
{
    Graph *g = b->g;
    u32 heat = g->longer || g->states ? MIN(loop_depth(g, b->region), 2) : 0;
    Taking t = {g, LOCALS, is_simple, .most = g->inline_most << heat};
    *size = 0;
    if (g->fueled) return "fuel is counted";
    if (g->states && g->m->fetch) return "bodies are read and validated when they are called";
    if (g->states && b->level) return NULL; // then it was looked at
    if (func == g->func || func == b->func) return "it calls itself";
    if (b->around != NO_FRAME && !g->states) return "it is called in a try";
    if (b->level >= LEVELS) return "it is called by one that was taken in, and so on";
    if (g->states) t.good = only_traps, t.levels = LEVELS;
    const char *why = obstacle_of(&t, func);
    *size = t.size;
    return why;
}

const char *inline_obstacle(const Builder *b, u32 func)
{
    u32 size;
    return obstacle(b, func, &size);
}

// Since nobody else does.
static bool is_called_once(const Builder *b, u32 func)
{
    const Graph *g = b->g;
    Taking t = {b->g, ONCE_LOCALS, stays_inside, .levels = 0};
    return g->known && g->known->calls[func] == 1 && b->level < ONCE_LEVELS && func != g->func &&
           func != b->func && b->around == NO_FRAME && size_of(g, func) <= g->once_most &&
           g->once_bytes <= ONCE_BYTES && !obstacle_in(&t, func);
}

// The only place of a table with a function of that type, which others than those trap for;
// UINT32_MAX: there are several, or it is not known whether there are.
static u32 only_place(const Builder *b, const Imm *imm)
{
    enum { ENTRIES = 256 };
    const KnownTable *table = &b->g->known->tables[imm->type_table.table];
    u32 only = UINT32_MAX;
    if (table->others || table->size > ENTRIES) return UINT32_MAX;
    graph_work(b->g, table->size / 4);
    for (u32 i = 0; i < table->size; i++) {
        if (table->funcs[i] == UINT32_MAX ||
            !func_matches(b->g->m, table->funcs[i], imm->type_table.type))
            continue;
        if (only != UINT32_MAX) return UINT32_MAX;
        only = i;
    }
    return only;
}

// Only where it is that function, the code goes on; else the call traps, as it would have.
bool call_guarded(Builder *b, const Imm *imm, u32 place, Imm *direct)
{
    Graph *g = b->g;
    u32 results = imm->op == OP_call_indirect ? imm->def->result_count : 0;
    if (imm->op != OP_call_indirect || !g->known || !g->longer || b->around != NO_FRAME ||
        results > 1)
        return false;
    u32 at = only_place(b, imm), count = imm->def->param_count + 1u, size;
    if (at == UINT32_MAX) return false;
    u32 func = g->known->tables[imm->type_table.table].funcs[at];
    if (func < g->m->imported_funcs || obstacle(b, func, &size)) return false;
    NodeId index = graph_at(g, b->stack[b->height - 1]);
    Type type = g->nodes[index].type;
    NodeId in[] = {index, graph_const(g, type, at)};
    NodeId is_it = graph_pure(g, type == TYPE_i64 ? OP_i64_eq : OP_i32_eq, TYPE_i32, in, 2, 0);
    if (node_is_const(&g->nodes[is_it])) return false;
    BlockId from = b->at;
    g->blocks[from].value = is_it;
    g->blocks[from].go = GO_if;
    u32 edges = graph_edges(g, from, 2);
    begin_at(b, edges + 1, from);
    graph_append(g, b->at, graph_add(g, OP_call_indirect, results ? type_results(imm->def)[0]
                                                                  : TYPE_bottom,
                                     b->stack + b->height - count, count, place));
    graph_append(g, b->at, graph_add(g, OP_unreachable, TYPE_bottom, NULL, 0, 0));
    g->blocks[b->at].go = GO_leave;
    begin_at(b, edges, from);
    drop_target(b, direct, func, false);
    return true;
}

// Its frame is where the interpreter would have it, so that it can go on there.
static void begin_frame(Builder *b, Builder *in)
{
    Graph *g = b->g;
    u32 first = b->states->local_slots;
    for (u32 i = 0; i < b->height; i++)
        first += type_slots(g->nodes[graph_at(g, b->stack[i])].type);
    graph_work(g, b->height);
    ARENA_PUSH(g->arena, g->taken, g->taken_count, g->taken_cap) =
        (GraphTaken){in->func, g->at.at, b->taken, first};
    in->taken = g->taken_count;
    in->outer = b;
    in->base = b->base + first;
    in->states = NEW(g->arena, StateList);
    b->call = g->at.at;
}
static void end_frame(const Builder *in)
{
    const StateList *own = in->states;
    StateList *all = in->g->states;
    all->inner = MAX(all->inner, in->base + own->local_slots + 2 * own->operands);
    if (!in->sets.set_count) return;
    all->deep = MAX(all->deep, in->level);
    all->most = MAX(all->most, in->base + own->local_slots);
}

bool inline_call(Builder *b, u32 func)
{
    Graph *g = b->g;
    if (!g->inline_most || func < g->m->imported_funcs) return false;
    u32 size;
    const char *why_not = obstacle(b, func, &size);
    if (!why_not) {
        g->inline_left -= size;
    } else if (is_called_once(b, func)) {
        g->once_bytes += size_of(g, func);
        graph_allow(g, size_of(g, func));
    } else {
        graph_note(g, "call of function %u not taken in: %s", func, why_not);
        return false;
    }
    const TypeDef *type = type_def(g->m->store, g->m->funcs[func].type);
    Builder in = {.g = g, .arena = b->arena, .func = func, .level = b->level + 1, .at = b->at,
                  .region = b->region, .around = NO_FRAME};
    g->inlined++;
    graph_note(g, "call of function %u taken in", func);
    const GraphPlace place = g->at;
    NodeId *args = NEW_ARRAY(b->arena, NodeId, type->param_count + 1u);
    b->height -= type->param_count;
    for (u32 i = 0; i < type->param_count; i++) args[i] = graph_at(g, b->stack[b->height + i]);
    in.args = args;
    if (g->states) begin_frame(b, &in);
    if (!build_body(&in)) b->why = in.why;
    if (g->states) end_frame(&in);
    g->at = place;
    b->at = in.at;
    b->live = in.live && !b->why;
    for (u32 i = 0; b->live && i < type->result_count; i++)
        ARENA_PUSH(b->arena, b->stack, b->height, b->stack_cap) = in.stack[i];
    return true;
}
