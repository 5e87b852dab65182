// build.c -- from a body to its graph, as the walk shows it. See builder.h.
//
// What needs no understanding goes through by its row of the table: its operands are inputs, its
// effects say whether it floats. What is left is control, locals and constants.

#include "opt/builder.h"
#include "opt/fold.h"
#include "opt/refs.h"
#include "opt/states.h"
#include "valid/observe.h"
#include "valid/walk_core.h"

#include <assert.h>

static NodeId pop(Builder *b) { return graph_at(b->g, b->stack[--b->height]); }
static void push(Builder *b, NodeId node)
{
    assert(node);
    ARENA_PUSH(b->arena, b->stack, b->height, b->stack_cap) = node;
}

// The newest so many operands, as they are now, which are popped.
static const NodeId *pop_list(Builder *b, u32 count)
{
    assert(count <= b->height);
    b->height -= count;
    NodeId *list = b->stack + b->height;
    graph_work(b->g, count);
    for (u32 i = 0; i < count; i++) list[i] = graph_at(b->g, list[i]);
    return list;
}

static Block *here(Builder *b) { return &b->g->blocks[b->at]; }

// ---- Instructions

static u32 imm_place(const WalkState *w, Op op)
{
    u32 at = w->pos + 1; // an opcode behind a prefix is one number
    if (op_prefix(op_info[op].opcode))
        while (w->m->bytes[at++] & 0x80) {}
    return at;
}

static bool is_const(const Builder *b, NodeId id, Op op) { return b->g->nodes[id].op == op; }

// Is it certain that it does not trap, which its row says it may?
static bool is_safe(const Builder *b, Op op, const NodeId *in)
{
    switch (op) {
    case OP_i32_div_u: case OP_i32_rem_u: case OP_i32_rem_s:
        return is_const(b, in[1], OP_i32_const) && b->g->nodes[in[1]].bits;
    case OP_i64_div_u: case OP_i64_rem_u: case OP_i64_rem_s:
        return is_const(b, in[1], OP_i64_const) && b->g->nodes[in[1]].bits;
    case OP_i32_div_s:
        return is_const(b, in[1], OP_i32_const) && b->g->nodes[in[1]].bits &&
               (u32)b->g->nodes[in[1]].bits != UINT32_MAX;
    case OP_i64_div_s:
        return is_const(b, in[1], OP_i64_const) && b->g->nodes[in[1]].bits &&
               b->g->nodes[in[1]].bits != UINT64_MAX;
    default: return false;
    }
}

static bool floats(const Builder *b, Op op, const Imm *imm, const NodeId *in)
{
    u32 effects = op_info[op].effects;
    if (op == OP_global_get) return !b->g->m->globals[imm->global].type.mutable;
    if (op == OP_ref_func && b->g->states) return false; // it is done by C
    if (effects == TRAPS && op_info[op].immediates == IMM_none && op_info[op].sig != SIG_any)
        return is_safe(b, op, in);
    return effects == NO_EFFECT && op != OP_nop;
}

// The block ends where something may be thrown to a try, and goes on in another.
void end_at_throw(Builder *b, Go go)
{
    BlockId from = b->at;
    here(b)->go = (u8)go;
    u32 edges = graph_edges(b->g, from, go == GO_throw ? 1 : 2);
    arrive_thrown(b, b->around, edges + (go == GO_call), from);
    if (go == GO_call) begin_at(b, edges, from);
    else b->live = false;
}

static void push_results(Builder *b, WalkState *w, NodeId node, u32 count)
{
    const Type *types = w->operands + w->operand_count - count;
    if (count == 1) push(b, node);
    for (u32 i = 0; count > 1 && i < count; i++)
        push(b, graph_pure(b->g, NODE_result, types[i], &node, 1, i));
}

// The same by its operands' types; 0: there is nothing like that.
static NodeId by_types(Builder *b, Op op, Type type, const NodeId *in, u32 count, u32 place)
{
    Node n = {.op = (u16)op, .type = type, .count = (u8)count, .imm = place};
    if (!b->g->rules || count > COUNT_OF(n.in)) return 0;
    for (u32 i = 0; i < count; i++) n.in[i] = in[i];
    return fold_reference(b->g, &n);
}

static void pay_call(Builder *b, Op op, const Imm *imm)
{
    bool direct = op == OP_call || op == OP_return_call;
    if (direct && imm->func < b->g->m->imported_funcs) pay_units(b, PRICE_import);
    if (op == OP_return_call || op == OP_return_call_indirect || op == OP_return_call_ref)
        pay_for(b, imm->def->params, imm->def->param_count);
}

static void instruction(Builder *b, WalkState *w, Op op, const Imm *imm)
{
    Imm direct;
    const Imm *said = imm;
    u32 place = imm_place(w, op);
    if (call_seen(b, imm, place)) return;
    bool own = call_direct(b, imm, &direct) || call_guarded(b, imm, place, &direct);
    if (own) {
        imm = &direct;
        op = imm->op;
        place = (u32)b->g->imms.len;
        buf_leb_u(&b->g->imms, imm->func);
    }
    const SigInfo *sig = &sig_info[op_info[op].sig];
    u32 count = op_info[op].sig == SIG_any ? operand_count(imm) : sig->param_count;
    u32 effects = op_effects(op);
    if (op == OP_call && inline_call(b, imm->func)) return;
    if (count == UINT32_MAX) {
        b->why = op_info[op].text;
        b->live = false;
        return;
    }
    pay_call(b, said->op, said); // an import costs more only where the code names it
    if (b->g->states && is_state_place(op) && b->args) b->why = "a function that was taken in";
    if (b->why) return;
    if (b->g->states && is_state_place(op))
        put_state(b, w->pos, count, effects & CALLS     ? STATE_call
                                    : is_new_object(op) ? STATE_new
                                                        : STATE_op);
    const NodeId *in = pop_list(b, count);
    bool ends = op_info[op].effects & ENDS;
    u32 results = ends ? 0 : w->operand_count - b->height;
    Type type = results == 1 ? w->operands[w->operand_count - 1] : TYPE_bottom;
    bool no_imm = op_info[op].immediates == IMM_none;
    if (floats(b, op, imm, in)) {
        NodeId node = graph_pure(b->g, op, type, in, count, no_imm ? 0 : place);
        push_results(b, w, node, results);
        return;
    }
    NodeId known = by_types(b, op, type, in, count, place);
    if (known) {
        push(b, known);
        return;
    }
    NodeId node = graph_add(b->g, op, type, in, count, no_imm ? 0 : place);
    if (own) b->g->nodes[node].flags |= NODE_own_imm;
    graph_append(b->g, b->at, node);
    bool leaves = op == OP_return_call || op == OP_return_call_indirect || op == OP_return_call_ref;
    if (effects & THROWS && !leaves && b->around != NO_FRAME) {
        end_at_throw(b, ends ? GO_throw : GO_call);
    } else if (ends) {
        here(b)->go = GO_leave;
        b->live = false;
    }
    if (!ends) push_results(b, w, node, results);
}

// ---- Blocks

static void begin_states(Builder *b, const WalkState *w)
{
    StateList *s = b->states;
    s->local_home = NEW_ARRAY(b->arena, u32, w->local_count);
    for (u32 i = 0; i < w->local_count; i++) {
        s->local_home[i] = s->local_slots;
        bool begins_null = type_is_ref(w->locals[i]) && i >= w->type->param_count;
        if (begins_null && !b->g->begins && !b->args)
            ARENA_PUSH(b->arena, s->nulls, s->null_count, s->null_cap) = s->local_slots;
        s->local_slots += type_slots(w->locals[i]);
    }
    s->most = s->local_slots;
    if (!states_find(s, b->g, b->func, w->local_count))
        b->why = "too many locals at too many places";
}

static void body(Builder *b, WalkState *w)
{
    const TypeDef *type = w->type;
    WalkFrame f = w->frames[0];
    enum { FEW = 1024, LOCALS_A_BYTE = 64 }; // six bytes can declare 50,000
    Range range = b->g->m->funcs[b->func].body;
    if (w->local_count > FEW + (u64)LOCALS_A_BYTE * (range.end - range.start)) {
        b->why = "it has more locals than code";
        return;
    }
    walk_flatten_locals(w);
    b->local_count = w->local_count;
    b->local_types = w->locals;
    b->value = NEW_ARRAY(b->arena, NodeId, w->local_count);
    b->latest = NEW_ARRAY(b->arena, u32, w->local_count);
    b->row = NEW_ARRAY(b->arena, u32, w->local_count);
    graph_work(b->g, w->local_count);
    loop_sets(&b->sets, b->g, b->func, w->local_count);
    if (b->states) begin_states(b, w);
    const bool entered = b->g->begins && !b->args;
    b->live = !entered;
    open_frame(b, OP_block, &f);
    for (u32 i = 0; i < w->local_count; i++) {
        Type t = w->locals[i];
        if (i < type->param_count || entered)
            b->value[i] = b->args ? b->args[i] : graph_pure(b->g, NODE_arg, t, NULL, 0, i);
        else if (type_is_defaultable(t)) b->value[i] = graph_zero(b->g, t);
    }
    b->g->at = (GraphPlace){range.start, b->taken};
    begin_piece(b, range.start);
    if (w->local_count > type->param_count)
        pay_for(b, w->locals + type->param_count, w->local_count - type->param_count);
}

static void begin_loop_at(Builder *b, WalkState *w, const WalkFrame *f)
{
    if (b->g->begins == w->pos && !b->entered) enter_graph(b, w);
    if (!b->live) {
        open_frame(b, OP_loop, f)->place = w->pos;
        b->charge = 0;
        return;
    }
    begin_loop(b, w->pos, f->params, f->param_count);
    if (b->g->states) put_state(b, w->pos, 0, STATE_loop);
    begin_piece(b, w->pos);
}

// What is said of the branch at hand, of the first of its edges.
static u8 hint_here(const Builder *b, bool negated)
{
    const BranchHint *hint = b->g->hints ? branch_hint_at(b->g->hints, b->g->at.at) : NULL;
    if (!hint) return HINT_none;
    return hint->likely != negated ? HINT_likely : HINT_unlikely;
}

// Pops a condition. True: it is known whether it holds.
static bool pop_condition(Builder *b, bool *negated, bool *holds)
{
    NodeId id = pop(b);
    *negated = false;
    if (b->g->rules) id = fold_condition(b->g, id, negated);
    here(b)->value = id;
    here(b)->hint = hint_here(b, *negated);
    *holds = b->g->nodes[id].bits != 0;
    *holds ^= *negated;
    return b->g->rules && is_const(b, id, OP_i32_const);
}

static void begin_if(Builder *b, const WalkFrame *f)
{
    if (!b->live) {
        open_frame(b, OP_if, f);
        return;
    }
    BlockId from = b->at;
    bool negated, holds, known = pop_condition(b, &negated, &holds);
    u32 edges = NO_EDGE;
    if (!known) {
        here(b)->go = GO_if;
        edges = graph_edges(b->g, from, 2);
    }
    Frame *frame = open_frame(b, OP_if, f);
    frame->arms = !known || !holds;
    frame->otherwise.edge = known ? NO_EDGE : edges + !negated;
    frame->otherwise.from = from;
    frame->otherwise.params = b->value_count;
    for (u32 i = 0; i < f->param_count; i++)
        ARENA_PUSH(b->arena, b->values, b->value_count, b->value_cap) = b->stack[f->height + i];
    if (!known) begin_at(b, edges + negated, from);
    else b->live = holds;
}

// What falls off the end of an arm, or a frame, gets to the label too.
void fall_off(Builder *b, Frame *f)
{
    if (!b->live) return;
    u32 frame = (u32)(f - b->frames);
    jump_to(b, frame, pop_list(b, f->value_count));
}

// Into the other arm: where it is known that this is the one, the block goes on.
static void begin_other(Builder *b, Frame *f, u32 param_count)
{
    bool gone = !f->arms;
    f->arms = false;
    if (f->otherwise.edge != NO_EDGE) {
        begin_at(b, f->otherwise.edge, f->otherwise.from);
    } else {
        b->at = f->otherwise.from;
        b->live = !gone;
    }
    b->height = f->height;
    for (u32 i = 0; i < param_count; i++) push(b, b->values[f->otherwise.params + i]);
}

static void begin_else(Builder *b, const WalkFrame *wf)
{
    Frame *f = &b->frames[b->frame_count - 1];
    if (f->dead) return;
    fall_off(b, f);
    undo_to(b, f->changes);
    if (f->entered) { // by the other arm
        b->live = false;
        return;
    }
    begin_other(b, f, wf->param_count);
}

static void begin_try(Builder *b, WalkState *w, const Imm *imm)
{
    const WalkFrame *wf = imm->frame;
    Frame *f = open_frame(b, OP_try_table, wf);
    if (f->dead) return;
    u32 count = imm->block.count, region = enter_region(b, REGION_try);
    ImmClause *clauses = NEW_ARRAY(b->arena, ImmClause, count);
    GraphClause *kept = NEW_ARRAY(b->g->arena, GraphClause, count);
    graph_work(b->g, count);
    for (u32 i = 0; i < count; i++) {
        clauses[i] = imm->block.at[i];
        kept[i] = (GraphClause){clauses[i].kind, clauses[i].tag};
    }
    f->handler.region = region;
    f->handler.throws = (Arrivals){NO_ARRIVAL, NO_ARRIVAL, 0};
    f->handler.clauses = clauses;
    f->handler.count = count;
    b->around = b->frame_count - 1;
    b->g->regions[region].clauses = kept;
    b->g->regions[region].clause_count = count;
}

// ---- Branches

static u32 frame_at(const Builder *b, u32 depth)
{
    u32 frame = b->frame_count - 1 - depth;
    return frame - (b->skipped && frame <= b->skipped);
}

// The nodes that the block at hand is given.
NodeId give(Builder *b, const Type *types, u32 count)
{
    NodeId first = b->g->node_count;
    for (u32 i = 0; i < count; i++) graph_add(b->g, NODE_given, types[i], NULL, 0, i);
    here(b)->given = first;
    here(b)->given_count = count;
    return first;
}

// Along an edge to a block of its own that is given what the label takes last, and on to the label.
static void by_way(Builder *b, u32 edge, BlockId from, u32 frame, const NodeId *values, u32 given)
{
    const Frame *f = &b->frames[frame];
    u32 kept = f->value_count - given;
    begin_at(b, edge, from);
    NodeId first = give(b, given ? f->types + kept : NULL, given);
    NodeId *all = NEW_ARRAY(b->arena, NodeId, f->value_count);
    for (u32 i = 0; i < kept; i++) all[i] = values[i];
    for (u32 i = 0; i < given; i++) all[kept + i] = first + i;
    jump_to(b, frame, all);
}

static void branch(Builder *b, const Imm *imm)
{
    u32 frame = frame_at(b, imm->depth);
    pay_for(b, b->frames[frame].types, b->frames[frame].value_count);
    jump_to(b, frame, pop_list(b, b->frames[frame].value_count));
}

static void leave(Builder *b)
{
    pay_for(b, b->frames[0].types, b->frames[0].value_count);
    jump_to(b, 0, pop_list(b, b->frames[0].value_count));
}

static void branch_if(Builder *b, const Imm *imm)
{
    BlockId from = b->at;
    u32 frame = frame_at(b, imm->depth), count = b->frames[frame].value_count;
    bool negated, holds;
    if (pop_condition(b, &negated, &holds)) {
        if (holds) branch(b, imm);
        else pay_for(b, b->frames[frame].types, count);
        return;
    }
    pay_for(b, b->frames[frame].types, count);
    here(b)->go = GO_if;
    u32 edges = graph_edges(b->g, from, 2);
    const NodeId *values = pop_list(b, count);
    b->height += count;
    if (frame) arrive(b, frame, edges + negated, from, values);
    else by_way(b, edges + negated, from, 0, values, 0);
    begin_at(b, edges + !negated, from);
}

// Each target once, by a block of its own: there phis get what they hold.
static void branch_table(Builder *b, const Imm *imm)
{
    BlockId from = b->at;
    u32 count = imm->labels.count, targets = 0;
    const Frame *any = &b->frames[frame_at(b, imm->labels.at[0])];
    pay_for(b, any->types, any->value_count); // the same for all
    NodeId value = pop(b);
    if (b->g->rules && is_const(b, value, OP_i32_const)) {
        u32 frame = frame_at(b, imm->labels.at[MIN(b->g->nodes[value].bits, count - 1)]);
        jump_to(b, frame, pop_list(b, b->frames[frame].value_count));
        return;
    }
    b->tables++;
    here(b)->value = value;
    here(b)->go = GO_table;
    here(b)->cases = b->g->word_count;
    here(b)->case_count = count;
    graph_work(b->g, count);
    for (u32 i = 0; i < count; i++) {
        Frame *f = &b->frames[frame_at(b, imm->labels.at[i])];
        if (f->seen != b->tables) {
            f->seen = b->tables;
            f->seen_as = targets++;
        }
        graph_word(b->g, f->seen_as);
    }
    u32 edges = graph_edges(b->g, from, targets), next = 0;
    u32 values = b->frames[frame_at(b, imm->labels.at[0])].value_count;
    const NodeId *list = pop_list(b, values);
    for (u32 i = 0; i < count && next < targets; i++) {
        u32 frame = frame_at(b, imm->labels.at[i]);
        if (b->frames[frame].seen_as != next) continue;
        by_way(b, edges + next++, from, frame, list, 0);
    }
    b->live = false;
}

// br_on_* of which it is known whether it branches, with its operand for last value where the
// label, or where it goes on, takes one.
static void branch_as_known(Builder *b, u32 frame, NodeId value, bool branches, u32 given, u32 left)
{
    if (branches ? given : left) push(b, value);
    if (branches) jump_to(b, frame, pop_list(b, b->frames[frame].value_count));
}

// br_on_*: the label may take a reference last, and where it goes on there may be one.
static void branch_on(Builder *b, WalkState *w, const Imm *imm, u32 given, u32 left)
{
    BlockId from = b->at;
    u32 frame = frame_at(b, imm->depth), kept = b->frames[frame].value_count - given;
    pay_for(b, b->frames[frame].types, b->frames[frame].value_count);
    u32 count = operand_count(imm);
    const NodeId *in = pop_list(b, count);
    int known = b->g->rules ? fold_branch(b->g, imm, in[0]) : -1;
    if (known >= 0) {
        branch_as_known(b, frame, in[0], known, given, left);
        begin_piece(b, b->g->at.at);
        return;
    }
    NodeId node = graph_add(b->g, imm->op, TYPE_bottom, in, count, imm_place(w, imm->op));
    graph_append(b->g, from, node);
    here(b)->go = GO_branch;
    u32 edges = graph_edges(b->g, from, 2);
    const NodeId *values = pop_list(b, kept);
    b->height += kept;
    by_way(b, edges + 1, from, frame, values, given);
    begin_at(b, edges, from);
    NodeId first = give(b, w->operands + w->operand_count - left, left);
    if (left) push(b, first);
    begin_piece(b, w->pos);
}

// Handlers with labels are as clauses of a try, and what is thrown may come out of it too.
static void resume(Builder *b, WalkState *w, const Imm *imm)
{
    const ImmClause *at = imm->resume.at;
    u32 count = imm->op == OP_resume          ? operand_count(imm)
                : imm->op == OP_resume_throw_ref ? 2
                : 1u + type_def(w->m->store, w->m->tags[imm->resume.tag].type)->param_count;
    u32 handlers = 0, place = imm_place(w, imm->op);
    BlockId from = b->at;
    for (u32 i = 0; i < imm->resume.count; i++) handlers += at[i].kind == 0;
    const NodeId *in = pop_list(b, count);
    u32 results = w->operand_count - b->height;
    Type type = results == 1 ? w->operands[w->operand_count - 1] : TYPE_bottom;
    NodeId node = graph_add(b->g, imm->op, type, in, count, place);
    graph_append(b->g, from, node);
    push_results(b, w, node, results);
    bool caught = b->around != NO_FRAME;
    here(b)->go = GO_resume;
    here(b)->outer_catch = caught;
    u32 edges = graph_edges(b->g, from, 1 + handlers + caught), next = 1;
    if (caught) arrive_thrown(b, b->around, edges + 1 + handlers, from);
    for (u32 i = 0; i < imm->resume.count; i++) {
        if (at[i].kind) continue;
        u32 frame = frame_at(b, at[i].label);
        by_way(b, edges + next++, from, frame, NULL, b->frames[frame].value_count);
    }
    begin_at(b, edges, from);
}

// What a binding leaves out is what it takes, and the continuation.
static void bind_cont(Builder *b, WalkState *w, const Imm *imm)
{
    TypeId to = type_def(w->m->store, w->m->types[imm->type_type.second])->cont;
    u32 count = 1u + imm->def->param_count - type_def(w->m->store, to)->param_count;
    const NodeId *in = pop_list(b, count);
    NodeId node = graph_add(b->g, imm->op, w->operands[w->operand_count - 1], in, count,
                            imm_place(w, imm->op));
    graph_append(b->g, b->at, node);
    push(b, node);
}

// ---- Ends

u32 begin_catches(Builder *b, const Frame *f, bool all)
{
    bool outer = !all && f->around != NO_FRAME;
    meet(b, &f->handler.throws, f->region, NULL, 0);
    b->g->regions[f->handler.region].catches = b->at;
    here(b)->go = GO_catch;
    here(b)->outer_catch = outer;
    u32 edges = graph_edges(b->g, b->at, f->handler.count + outer);
    if (outer) arrive_thrown(b, f->around, edges + f->handler.count, b->at);
    return edges;
}

// What is thrown in the try meets, and leaves by its clauses.
static void end_handler(Builder *b, const Frame *f)
{
    if (!f->handler.throws.count) return;
    bool all = false;
    for (u32 i = 0; i < f->handler.count; i++) all |= f->handler.clauses[i].kind >= 2;
    undo_to(b, f->changes);
    u32 edges = begin_catches(b, f, all);
    BlockId catches = b->at;
    for (u32 i = 0; i < f->handler.count; i++) {
        u32 target = frame_at(b, f->handler.clauses[i].label + 1);
        by_way(b, edges + i, catches, target, NULL, b->frames[target].value_count);
    }
}

// One that is taken in goes on at the caller: where it returns is where its arrivals meet.
static void end_body(Builder *b, Frame *f)
{
    bool only = b->args && !f->arrivals.count;
    if (b->live) pay_for(b, f->types, f->value_count);
    if (b->live && !only) jump_to(b, 0, pop_list(b, f->value_count));
    if (!b->args || only) return;
    b->height = 0;
    undo_to(b, 0);
    meet(b, &f->arrivals, b->region, f->types, f->value_count);
}

static void end_frame(Builder *b, const WalkFrame *wf)
{
    Frame *f = &b->frames[b->frame_count - 1];
    if (b->frame_count == 1) {
        end_body(b, f);
        return;
    }
    if (f->dead) {
        b->frame_count--;
        return;
    }
    b->region = f->region;
    b->around = f->around;
    if (f->op == OP_loop && f->entered) {
        end_entered(b, wf);
        return;
    }
    bool falls = b->live && !f->arrivals.count && !f->arms && f->op != OP_try_table &&
                 f->op != OP_try;
    if (f->op == OP_loop || falls) { // nothing meets here
        if (f->op == OP_loop) end_loop(b, f);
        u32 changes = f->changes;
        bool in_loop = f->op == OP_loop;
        b->frame_count--;
        if (b->live) keep_changes(b, changes);
        else undo_to(b, changes);
        if (in_loop && b->live) begin_next(b); // what follows is not in the loop
        return;
    }
    fall_off(b, f);
    f = &b->frames[b->frame_count - 1];
    if (f->op == OP_try_table) end_handler(b, f);
    f->since = f->changes;
    undo_to(b, f->changes);
    if (f->arms && f->otherwise.edge == NO_EDGE) {
        begin_other(b, f, f->value_count);
        fall_off(b, f);
    } else if (f->arms) { // an if without else leaves what it takes
        const NodeId *from = b->values + f->otherwise.params;
        const NodeId *params = arena_copy(b->arena, from, f->value_count * sizeof *params);
        arrive(b, b->frame_count - 1, f->otherwise.edge, f->otherwise.from, params);
    }
    Frame ended = b->frames[--b->frame_count];
    b->height = ended.height;
    b->live = false;
    if (ended.arrivals.count)
        meet(b, &ended.arrivals, ended.region, wf->results, wf->result_count);
}

// ---- The walk

static void vector_const(Builder *b, const Imm *imm) { push(b, graph_v128(b->g, imm->bytes)); }

static void select_one(Builder *b, WalkState *w)
{
    Type type = w->operands[w->operand_count - 1];
    const NodeId *in = pop_list(b, 3);
    Op op = type_is_ref(type) ? OP_select_t : OP_select;
    push(b, graph_pure(b->g, op, type, in, 3, 0));
}

// Behind it another piece of code begins; but for a loop that is walked once more, where who comes
// from there meets who has left it before (enter.c).
static void next_piece(Builder *b, u32 at)
{
    b->charge = 0;
    if (!b->skipped || b->frame_count > b->skipped + 1) begin_piece(b, at);
}

static bool is_about_objects(Op op)
{
    u8 since = op_info[op].since;
    return since == FEATURE_gc || since == FEATURE_custom_descriptors;
}

static void frame_hook(Builder *b, WalkState *w, Op op, const Imm *imm)
{
    switch (op) {
    case OP_block: open_frame(b, OP_block, imm->frame); break;
    case OP_loop: begin_loop_at(b, w, imm->frame); break;
    case OP_if: begin_if(b, imm->frame); break;
    case OP_try_table: begin_try(b, w, imm); break;
    case OP_else: begin_else(b, imm->frame); break;
    case OP_try:
        if (b->g->fueled) b->why = "a try of old"; // which costs who unwinds, if it catches or not
        begin_legacy_try(b, w, imm->frame);
        break;
    case OP_catch: case OP_catch_all: begin_legacy_catch(b, imm); break;
    default: end_frame(b, imm->frame); break;
    }
    if (op != OP_block && op != OP_loop && op != OP_try && op != OP_try_table)
        next_piece(b, w->pos);
}

static void local_hook(Builder *b, Op op, const Imm *imm)
{
    if (op == OP_local_get) {
        push(b, graph_at(b->g, b->value[imm->local]));
        return;
    }
    NodeId node = pop(b);
    set_local(b, imm->local, node);
    if (op == OP_local_tee) push(b, node);
}

static void note_operands(const Builder *b, const WalkState *w)
{
    StateList *s = b->states, *all = b->g->states;
    s->operands = MAX(s->operands, w->operand_count);
    all->vectors |= w->operand_count && w->operands[w->operand_count - 1] == TYPE_v128;
}

void build_each(void *env, WalkState *w, Op op, const Imm *imm)
{
    Builder *b = env;
    Imm none = {.op = op};
    if (!imm) imm = &none;
    if (b->why) return;
    b->g->at = (GraphPlace){w->pos, b->taken};
    pay_units(b, 1 + op_dear[op]);
    if (b->states) note_operands(b, w);
    switch (op) {
    case OP_block: case OP_loop: case OP_if: case OP_else: case OP_end: case OP_try_table:
    case OP_try: case OP_catch: case OP_catch_all: case OP_delegate:
        frame_hook(b, w, op, imm);
        return;
    default: break;
    }
    if (!b->live) return;
    if (b->g->fueled && is_about_objects(op)) { // casts take fuel when they are done, others not
        b->why = op_info[op].text;
        return;
    }
    switch (op) {
    case OP_nop: break;
    case OP_drop: b->height--; break;
    case OP_local_get: case OP_local_set: case OP_local_tee: local_hook(b, op, imm); break;
    case OP_i32_const: push(b, graph_const(b->g, TYPE_i32, imm->bits)); break;
    case OP_i64_const: push(b, graph_const(b->g, TYPE_i64, imm->bits)); break;
    case OP_f32_const: push(b, graph_const(b->g, TYPE_f32, imm->bits)); break;
    case OP_f64_const: push(b, graph_const(b->g, TYPE_f64, imm->bits)); break;
    case OP_v128_const: vector_const(b, imm); break;
    case OP_ref_null: push(b, graph_zero(b->g, imm->type)); break;
    case OP_select: case OP_select_t: select_one(b, w); break;
    case OP_br: branch(b, imm); break;
    case OP_br_if:
        branch_if(b, imm);
        begin_piece(b, w->pos);
        break;
    case OP_br_table: branch_table(b, imm); break;
    case OP_return: leave(b); break;
    case OP_br_on_null: branch_on(b, w, imm, 0, 1); break;
    case OP_br_on_non_null: branch_on(b, w, imm, 1, 0); break;
    case OP_br_on_cast: case OP_br_on_cast_fail: case OP_br_on_cast_desc_eq:
    case OP_br_on_cast_desc_eq_fail: branch_on(b, w, imm, 1, 1); break;
    case OP_resume: case OP_resume_throw: case OP_resume_throw_ref: resume(b, w, imm); break;
    case OP_cont_bind: bind_cont(b, w, imm); break;
    case OP_rethrow: rethrow(b, frame_at(b, imm->depth)); break;
    default: instruction(b, w, op, imm); break;
    }
}

static void begin(void *env, WalkState *w) { body(env, w); }
static bool goes_on(void *env, WalkState *w) { return !((Builder *)env)->why; }

bool build_body(Builder *b)
{
    Diag diag;
    WalkState w;
    const Observer observer = {b, begin, goes_on, build_each};
    enum { FIRST = 16 };
    b->stack_cap = b->value_cap = FIRST;
    b->stack = NEW_ARRAY(b->arena, NodeId, FIRST);
    b->values = NEW_ARRAY(b->arena, NodeId, FIRST);
    diag_init(&diag);
    walk_init(&w, b->g->m, b->arena, &diag);
    bool good = walk_observe(&observer, &w, b->func);
    if (!good && !b->why) b->why = "it is not valid";
    return good && !b->why;
}

bool graph_build(Graph *g, const char **why)
{
    Builder b = {.g = g, .arena = g->arena, .func = g->func, .region = NO_REGION,
                 .around = NO_FRAME, .at = graph_block(g, NO_REGION), .states = g->states};
    bool good = build_body(&b);
    *why = b.why;
    return good && (!g->begins || b.entered);
}
