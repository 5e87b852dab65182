// to_wasm.c -- a graph as a body of WebAssembly again.
//
// The tree of dominators becomes a tree of blocks. Where several edges meet, the block that they go
// to stands behind the `end` of a block around its dominator's code, and they are branches to that;
// what one edge goes to stands in that edge's place. What a loop or a try dominates and is not in
// it stands behind its end in the same way. So
//
//     block $b             (a, then what it dominates)
//       a ... br_if $b
//       c                  an edge of its own
//     end
//     b                    where edges meet
//
// Nothing recurses: what is left to do is a stack of tasks.

#include "opt/to_wasm.h"
#include "opt/writer.h"

#include <string.h>

// One that nothing branches to is left out the second time.
static bool is_left_out(const Writer *w, BlockId id) { return w->again && !w->needed[id]; }

static void open_block(Writer *w, BlockId id)
{
    w->frame_of[id] = w->open + 1;
    if (is_left_out(w, id)) return;
    put_op(w, OP_block);
    put_block_type(w, id);
    w->open++;
}

// Does nothing but leave the function, which has no results?
static bool is_exit(const Writer *w, u32 edge)
{
    BlockId to = resolved(w, edge);
    Range steps = w->s->blocks[to];
    return !has_steps(w->s->edges[edge]) && !w->g->type->result_count &&
           steps.end - steps.start == 1 && block_at(w, to)->pred_count == 1 &&
           step_kind(w->s->steps[steps.start]) == STEP_op &&
           w->g->nodes[step_node(w->s->steps[steps.start])].op == OP_return;
}

// May what arrives there come on the stack? It is one value, which both arms of an `if` end with.
static bool takes_stack(const Writer *w, BlockId id)
{
    const Graph *g = w->g;
    if (!w->again || id >= g->block_count || w->needed[id]) return false;
    const Block *b = &g->blocks[id];
    if (b->phi_count != 1 || b->pred_count != 2 || entered(g, id) != NO_REGION) return false;
    if (b->region != g->blocks[b->idom].region) return false; // an `end` stands in between
    u32 open = w->if_open[b->idom];
    for (u32 i = 0; i < 2; i++) {
        const Block *p = &g->blocks[g->words[b->preds + i]];
        u32 edge = p->edges;
        while (g->edges[edge].to != id) edge++;
        if (p->go > GO_if || !open || w->fall_open[edge] != open) return false;
    }
    return true;
}

// What is moved on the way to such a block: the last step, or two, which would set the phi. Where
// there are none it has its value already.
static void put_on_stack(Writer *w, Range range, BlockId to)
{
    const u32 *steps = w->s->steps;
    u32 end = range.end;
    NodeId phi = w->g->skeleton[block_at(w, to)->first];
    if (!has_steps(range)) {
        put_local(w, OP_local_get, phi);
        put_not_null(w, phi);
        return;
    }
    if (step_kind(steps[end - 1]) == STEP_set) {
        put_steps(w, (Range){range.start, end - 1});
        return;
    }
    put_steps(w, (Range){range.start, end - 2});
    if (step_kind(steps[end - 1]) == STEP_get) put_steps(w, (Range){end - 1, end});
    else put_node(w, step_node(steps[end - 1]));
}

// ---- Tasks

static void task(Writer *w, TaskKind kind, u32 at, BlockId falls)
{
    ARENA_PUSH(w->arena, w->tasks, w->task_count, w->task_cap) = (Task){(u8)kind, at, falls};
}

// Where the code in front of a block's `end` may go on: not where values are expected.
static BlockId falls_into(const Writer *w, BlockId id)
{
    return block_at(w, id)->given_count ? NO_BLOCK : id;
}

// The blocks of a list behind code that goes on at the first; they are opened here. Returns where
// that code may fall.
static BlockId put_behind(Writer *w, u32 first, BlockId falls)
{
    if (!first) return falls;
    u32 count = 0;
    for (u32 k = first; k; k = w->kid_next[k - 1]) count++;
    u32 *list = NEW_ARRAY(w->arena, u32, count), n = 0;
    graph_work(w->g, count);
    for (u32 k = first; k; k = w->kid_next[k - 1]) list[n++] = k - 1;
    for (u32 i = count; i-- > 0;) {
        open_block(w, list[i]);
        task(w, TASK_tree, list[i], i + 1 < count ? falls_into(w, list[i + 1]) : falls);
        task(w, TASK_end, list[i], NO_BLOCK);
    }
    return falls_into(w, list[0]);
}

static void put_clauses(Writer *w, const Region *r)
{
    const Block *catches = block_at(w, r->catches);
    buf_byte(w->out, 0x40);
    buf_leb_u(w->out, r->clause_count);
    for (u32 i = 0; i < r->clause_count; i++) {
        buf_byte(w->out, r->clauses[i].kind);
        if (r->clauses[i].kind < 2) buf_leb_u(w->out, r->clauses[i].tag);
        buf_leb_u(w->out, depth_of(w, resolved(w, catches->edges + i)));
    }
}

// Its clauses are in it: each is an edge of the catch block.
static void put_legacy(Writer *w, u32 region, BlockId falls)
{
    const Region *r = &w->g->regions[region];
    put_op(w, OP_try);
    buf_byte(w->out, 0x40);
    w->try_frame[region] = ++w->open;
    if (r->delegates) {
        task(w, TASK_delegate, region, NO_BLOCK);
        return;
    }
    task(w, TASK_end, NO_BLOCK, NO_BLOCK);
    for (u32 i = r->clause_count; i-- > 0;) {
        task(w, TASK_edge, block_at(w, r->catches)->edges + i, falls);
        task(w, TASK_clause, region, i);
    }
}

static void put_clause(Writer *w, u32 region, u32 which)
{
    const GraphClause *c = &w->g->regions[region].clauses[which];
    put_op(w, c->kind ? OP_catch_all : OP_catch);
    if (!c->kind) buf_leb_u(w->out, c->tag);
}

// The label does not count the try that ends here; that of the function is the outermost.
static void put_delegate(Writer *w, u32 region)
{
    u32 to = w->g->regions[region].delegates_to;
    put_op(w, OP_delegate);
    w->open--;
    buf_leb_u(w->out, to == NO_REGION ? w->open : w->open - w->try_frame[to]);
}

static void put_tree(Writer *w, BlockId id, BlockId falls)
{
    const Graph *g = w->g;
    u32 region = entered(g, id), start = w->s->blocks[id].start;
    put_steps(w, (Range){start, start + block_at(w, id)->given_count}); // off the stack first
    if (takes_stack(w, id)) put_local(w, OP_local_set, g->skeleton[block_at(w, id)->first]);
    if (region != NO_REGION) {
        const Region *r = &g->regions[region];
        falls = put_behind(w, w->followers[region], falls);
        if (r->kind == REGION_loop && block_at(w, id)->pred_count > forward_preds(g, id)) {
            put_op(w, OP_loop);
            buf_byte(w->out, 0x40);
            w->frame_of[id] = ++w->open;
            w->loops++;
            task(w, TASK_end_loop, id, NO_BLOCK);
        } else if (r->kind == REGION_try && r->legacy) {
            if (r->catches != NO_BLOCK || r->delegates) put_legacy(w, region, falls);
        } else if (r->kind == REGION_try && r->catches != NO_BLOCK) {
            put_op(w, OP_try_table);
            put_clauses(w, r);
            w->try_frame[region] = ++w->open;
            task(w, TASK_end, NO_BLOCK, NO_BLOCK);
        }
    }
    task(w, TASK_body, id, falls);
}

static void put_end(Writer *w, BlockId id, bool loop)
{
    if (id != NO_BLOCK) w->frame_of[id] = 0;
    if (id != NO_BLOCK && !loop && is_left_out(w, id)) return;
    if (id != NO_BLOCK && block_at(w, id)->given_count && !w->dead) put_op(w, OP_unreachable);
    put_op(w, OP_end);
    w->open--;
    w->loops -= loop;
}

// ---- How blocks end

static void put_br(Writer *w, Op op, BlockId to)
{
    put_op(w, op);
    buf_leb_u(w->out, depth_of(w, to));
}

static void put_edge(Writer *w, u32 edge, BlockId falls)
{
    BlockId to = resolved(w, edge);
    const Edge *e = &w->g->edges[edge];
    BlockId from = w->g->words[block_at(w, e->to)->preds + e->input];
    Range range = w->early[edge] ? (Range){0, 0} : w->s->edges[edge];
    if (to == falls && !w->again) w->fall_open[edge] = w->open;
    if (block_at(w, from)->go != GO_jump) { // else its code ended with that
        if (to == falls && takes_stack(w, to)) put_on_stack(w, range, to);
        else put_steps(w, range);
    }
    if (!w->frame_of[to]) task(w, TASK_tree, to, falls);
    else if (to != falls) put_br(w, OP_br, to);
}

// Is it no more than a branch?
static bool is_branch(const Writer *w, u32 edge)
{
    return !has_steps(w->s->edges[edge]) && w->frame_of[resolved(w, edge)];
}

// Does what stands in its place certainly not go on behind it?
static bool is_closed(const Writer *w, u32 edge, BlockId falls)
{
    BlockId to = resolved(w, edge);
    if (w->frame_of[to]) return to != falls;
    const Block *b = block_at(w, to);
    if (b->go == GO_jump) return w->frame_of[resolved(w, b->edges)] &&
                                 resolved(w, b->edges) != falls;
    return b->go == GO_leave || b->go == GO_throw;
}

// The comparison that holds where this one does not; OP_COUNT: there is none.
static Op inverse_of(Op op)
{
#define PAIR(a, b) case OP_##a: return OP_##b; case OP_##b: return OP_##a;
#define PAIRS(type)                                                                                \
    PAIR(type##_eq, type##_ne) PAIR(type##_lt_s, type##_ge_s) PAIR(type##_lt_u, type##_ge_u)       \
    PAIR(type##_gt_s, type##_le_s) PAIR(type##_gt_u, type##_le_u)
    switch (op) {
    PAIRS(i32)
    PAIRS(i64)
    PAIR(f32_eq, f32_ne)
    PAIR(f64_eq, f64_ne)
    default: return OP_COUNT;
    }
}

// Turns what is on the stack round.
static void put_eqz(Writer *w)
{
    bool last = w->out->len == w->after_op;
    Op inverse = last ? inverse_of(w->last_op) : OP_COUNT;
    if (last && w->last_op == OP_i32_eqz) w->out->len--;
    else if (inverse != OP_COUNT) w->out->data[w->out->len - 1] = (u8)op_info[inverse].opcode;
    else put_op(w, OP_i32_eqz);
    w->after_op = 0;
}

// The `if` or br_if that comes next goes the way of this edge, if what it takes is not 0.
static void put_hint(Writer *w, u32 edge)
{
    const Block *b = block_at(w, w->at);
    if (!b->hint) return;
    bool likely = (b->hint == HINT_likely) == (edge == b->edges);
    ARENA_PUSH(w->arena, w->hints, w->hint_count, w->hint_cap) =
        (BranchHint){(u32)(w->out->len - w->start), likely};
}

// Both arms leave a value if that is what the block behind them takes, of which this is the
// dominator.
static void put_if(Writer *w, u32 edge, BlockId behind)
{
    put_hint(w, edge);
    put_op(w, OP_if);
    if (takes_stack(w, behind) && block_at(w, behind)->idom == w->at)
        put_value_type(w, w->g->nodes[w->g->skeleton[block_at(w, behind)->first]].type);
    else buf_byte(w->out, 0x40);
    w->open++;
    w->dead = false;
}

// One arm, behind which it goes on along the other edge.
static void put_arm(Writer *w, u32 arm, BlockId arm_falls, u32 other, BlockId falls)
{
    put_if(w, arm, NO_BLOCK);
    task(w, TASK_edge, other, falls);
    task(w, TASK_end, NO_BLOCK, NO_BLOCK);
    task(w, TASK_edge, arm, arm_falls);
}

// Does the block begin with something in it? What comes to a phi may stand there already.
static bool lives_in(const Writer *w, BlockId id, u32 local)
{
    const Locals *l = w->locals;
    const Block *b = block_at(w, id);
    graph_work(w->g, l->live_first[id + 1] - l->live_first[id] + b->phi_count);
    for (u32 i = l->live_first[id]; i < l->live_first[id + 1]; i++)
        if (l->of[l->live[i]] == local) return true;
    for (u32 i = 0; i < b->phi_count; i++)
        if (l->of[w->g->skeleton[b->first + i]] == local) return true;
    return false;
}

// May what is moved on an edge be moved in front of the branch? Where the other one goes nobody
// needs what it overwrites.
static bool moves_early(const Writer *w, u32 edge, u32 other)
{
    Range range = w->s->edges[edge];
    if (has_steps(w->s->edges[other]) || !w->frame_of[resolved(w, edge)]) return false;
    for (u32 i = range.start; i < range.end; i++) {
        StepKind kind = step_kind(w->s->steps[i]);
        bool sets = kind == STEP_set || kind == STEP_copy;
        if (sets && lives_in(w, w->g->edges[other].to, w->locals->of[step_node(w->s->steps[i])]))
            return false;
    }
    return true;
}

// Where an `if` would do as well, it takes more than one branch for a block to be smaller.
static bool is_worth_a_label(const Writer *w, u32 edge, BlockId falls)
{
    BlockId to = resolved(w, edge);
    return to != falls || forward_preds(w->g, to) > 2;
}

static void put_early(Writer *w, u32 edge)
{
    put_steps(w, w->s->edges[edge]);
    w->early[edge] = true;
}

static void end_if(Writer *w, const Block *b, BlockId falls)
{
    u32 yes = b->edges, no = b->edges + 1;
    bool yes_branch = is_branch(w, yes), no_branch = is_branch(w, no);
    if (!yes_branch && moves_early(w, yes, no)) {
        put_early(w, yes);
        yes_branch = true;
    } else if (!no_branch && moves_early(w, no, yes)) {
        put_early(w, no);
        no_branch = true;
    }
    bool yes_far = yes_branch && is_worth_a_label(w, yes, falls);
    bool no_far = no_branch && is_worth_a_label(w, no, falls);
    if (is_exit(w, yes) || is_exit(w, no)) {
        bool first = is_exit(w, yes);
        if (!first) put_eqz(w);
        put_hint(w, first ? yes : no);
        put_op(w, OP_br_if);
        buf_leb_u(w->out, w->open);
        task(w, TASK_edge, first ? no : yes, falls);
    } else if (yes_far) {
        put_hint(w, yes);
        put_br(w, OP_br_if, resolved(w, yes));
        task(w, TASK_edge, no, falls);
    } else if (no_far) {
        put_eqz(w);
        put_hint(w, no);
        put_br(w, OP_br_if, resolved(w, no));
        task(w, TASK_edge, yes, falls);
    } else if (no_branch || is_closed(w, yes, falls)) {
        put_arm(w, yes, no_branch ? falls : NO_BLOCK, no, falls);
    } else if (yes_branch || is_closed(w, no, falls)) {
        put_eqz(w);
        put_arm(w, no, yes_branch ? falls : NO_BLOCK, yes, falls);
    } else {
        put_if(w, yes, falls);
        if (!w->again) w->if_open[w->at] = w->open;
        task(w, TASK_end, NO_BLOCK, NO_BLOCK);
        task(w, TASK_edge, no, falls);
        task(w, TASK_else, 0, NO_BLOCK);
        task(w, TASK_edge, yes, falls);
    }
}

static void end_table(Writer *w, const Block *b)
{
    put_op(w, OP_br_table);
    buf_leb_u(w->out, b->case_count - 1);
    for (u32 i = 0; i < b->case_count; i++)
        buf_leb_u(w->out, depth_of(w, resolved(w, b->edges + w->g->words[b->cases + i])));
}

static void put_code(Writer *w, BlockId id, BlockId falls)
{
    const Block *b = block_at(w, id);
    w->at = id;
    w->falls = falls;
    graph_work(w->g, 1 + w->s->blocks[id].end - w->s->blocks[id].start);
    Range range = w->s->blocks[id];
    range.start += b->given_count;
    BlockId next = b->go == GO_jump ? w->g->edges[b->edges].to : NO_BLOCK;
    if (takes_stack(w, next)) put_on_stack(w, range, next);
    else put_steps(w, range);
    switch ((Go)b->go) {
    case GO_jump: case GO_branch: case GO_call: case GO_resume:
        task(w, TASK_edge, b->edges, falls);
        break;
    case GO_if: end_if(w, b, falls); break;
    case GO_table: end_table(w, b); break;
    case GO_leave: case GO_throw: case GO_catch: break;
    }
}

static void do_task(Writer *w, Task t)
{
    switch ((TaskKind)t.kind) {
    case TASK_tree: put_tree(w, t.at, t.falls); break;
    case TASK_body: task(w, TASK_code, t.at, put_behind(w, w->kids[t.at], t.falls)); break;
    case TASK_code: put_code(w, t.at, t.falls); break;
    case TASK_edge: put_edge(w, t.at, t.falls); break;
    case TASK_end: put_end(w, t.at, false); break;
    case TASK_end_loop: put_end(w, t.at, true); break;
    case TASK_clause: put_clause(w, t.at, t.falls); break;
    case TASK_delegate: put_delegate(w, t.at); break;
    case TASK_else:
        put_op(w, OP_else);
        w->dead = false;
        break;
    }
}

static void put_locals(Writer *w)
{
    const Locals *l = w->locals;
    u32 params = w->g->type->param_count, groups = 0;
    for (u32 i = params; i < l->count; i++)
        groups += i == params || l->types[i] != l->types[i - 1];
    buf_leb_u(w->out, groups);
    for (u32 i = params, k; i < l->count; i = k) {
        for (k = i; k < l->count && l->types[k] == l->types[i];) k++;
        buf_leb_u(w->out, k - i);
        put_value_type(w, l->types[i]);
    }
}

static void put_body(Writer *w)
{
    memset(w->written, 0, w->locals->count * sizeof *w->written);
    w->after_op = w->after_set = 0;
    w->dead = false;
    w->hint_count = 0;
    put_locals(w);
    task(w, TASK_tree, 0, FALLS_OFF);
    while (w->task_count && !w->why) do_task(w, w->tasks[--w->task_count]);
    if (!w->dead && w->g->type->result_count) put_op(w, OP_unreachable);
    put_op(w, OP_end);
}

bool graph_to_wasm(Graph *g, Buf *out, BranchHints *hints, const char **why)
{
    Writer w = {.g = g, .arena = g->arena, .out = out, .start = out->len};
    graph_dominators(g);
    w.s = schedule_new(g);
    if (w.s->torn) {
        *why = "clauses share what depends on where it was thrown";
        return false;
    }
    w.locals = locals_new(w.s);
    w.flags = NEW_ARRAY(g->arena, u8, g->block_count);
    w.kids = NEW_ARRAY(g->arena, u32, g->block_count);
    w.kid_last = NEW_ARRAY(g->arena, u32, g->block_count);
    w.kid_next = NEW_ARRAY(g->arena, u32, g->block_count);
    w.frame_of = NEW_ARRAY(g->arena, u32, g->block_count);
    w.needed = NEW_ARRAY(g->arena, bool, g->block_count);
    w.early = NEW_ARRAY(g->arena, bool, g->edge_count);
    w.if_open = NEW_ARRAY(g->arena, u32, g->block_count);
    w.fall_open = NEW_ARRAY(g->arena, u32, g->edge_count);
    w.written = NEW_ARRAY(g->arena, bool, w.locals->count);
    w.try_frame = NEW_ARRAY(g->arena, u32, g->region_count);
    w.followers = NEW_ARRAY(g->arena, u32, g->region_count);
    w.follower_last = NEW_ARRAY(g->arena, u32, g->region_count);
    trim_steps(&w);
    place_blocks(&w);
    put_body(&w); // to find out which blocks are needed
    out->len = w.start;
    w.again = true;
    if (!w.why) put_body(&w);
    *hints = (BranchHints){w.hint_count, w.hints};
    *why = w.why;
    return !w.why;
}
