// shape.c -- bodies as trees of what may be taken out of them. See round.h. A consumer of the walk.
//
//     local.get 0  i32.const 1  i32.add   local.set 0
//     |            |            |
//     +------------+------------+-- operands: each entry of the shadow stack says where its
//                                   bytes are, so that the add is known to begin at the get
//
// The shadow stack has an entry for each operand. What a block is given, and all but the first of
// several results, have no place of their own: what takes such a thing is not `whole`.

#include "reduce/round.h"

#include "module/arity.h"
#include "valid/observe.h"
#include "valid/walk_core.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    Operand made;
    bool first;       // of its instruction's results
} Shadow;

typedef struct {
    u32 node;         // NODE_NONE: the function
    u32 base;         // how many operands are below it
    u32 begun;        // nodes from here on stand in the part of it that is being read
} Open;

typedef struct {
    Round *r;
    u32 func, end;    // offset behind the body
    Shadow *stack;
    u32 height, stack_cap;
    Open *open;
    u32 depth, open_cap;
    u32 dead;         // where code began that cannot be reached, or 0
    bool broken;
} Shaper;

enum { NODE_NONE = UINT32_MAX };

static Node *add_node(Shaper *s, const WalkState *w, Op op)
{
    Round *r = s->r;
    Node *n = &ARENA_PUSH(&r->arena, r->nodes, r->node_count, r->node_cap);
    u32 end = (u32)(w->in.next - w->m->bytes);
    *n = (Node){.func = s->func, .start = w->pos, .at = w->pos, .end = end, .op = (u16)op};
    n->body = end;
    return n;
}

static void push(Shaper *s, Operand made, bool first)
{
    ARENA_PUSH(&s->r->arena, s->stack, s->height, s->stack_cap) = (Shadow){made, first};
}

static void take(Shaper *s, Node *n, u32 count)
{
    n->whole = count <= s->height;
    if (!n->whole) {
        s->broken = true;
        return;
    }
    Operand *pops = NEW_ARRAY(&s->r->arena, Operand, count);
    s->height -= count;
    for (u32 i = 0; i < count; i++) {
        const Shadow *from = &s->stack[s->height + i];
        pops[i] = from->made;
        if (from->made.start == from->made.end || (i == 0 && !from->first)) n->whole = false;
        if (i == 0 && n->whole) n->start = from->made.start;
    }
    if (!n->whole) n->start = n->at;
    n->pops = pops;
    n->pop_count = (u16)count;
}

// What is on top of the walk's operands.
static void leave(Shaper *s, const WalkState *w, u32 node, u32 count)
{
    Node *n = &s->r->nodes[node];
    if (w->operand_count < count) {
        s->broken = true;
        return;
    }
    const Type *types = w->operands + w->operand_count - count;
    n->pushes = count ? arena_copy(&s->r->arena, types, count * sizeof *types) : NULL;
    n->push_count = (u16)count;
    for (u32 i = 0; i < count; i++) {
        Operand made = {n->whole ? n->start : 0, n->whole ? n->end : 0, types[i]};
        if (i) made.start = made.end = 0;
        push(s, made, i == 0);
    }
}

static void mark_label(Shaper *s, u32 label)
{
    u32 node = label < s->depth ? s->open[s->depth - 1 - label].node : NODE_NONE;
    if (node != NODE_NONE) s->r->nodes[node].named = true;
}

// A block's own clauses do not count it, nor does the label of a delegate: both come before it is
// opened or after it was closed.
static void mark_labels(Shaper *s, const Imm *imm)
{
    switch ((ImmKind)op_info[imm->op].immediates) {
    case IMM_label: mark_label(s, imm->label); break;
    case IMM_labels:
        for (u32 i = 0; i < imm->labels.count; i++) mark_label(s, imm->labels.at[i]);
        break;
    case IMM_cast: mark_label(s, imm->cast.label); break;
    case IMM_try_table:
        for (u32 i = 0; i < imm->block.count; i++) mark_label(s, imm->block.at[i].label);
        break;
    case IMM_resume: case IMM_resume_throw:
        for (u32 i = 0; i < imm->resume.count; i++) mark_label(s, imm->resume.at[i].label);
        break;
    default: break;
    }
}

// Of all that stands in the part of a block that ends here.
static void close_part(Shaper *s, Open *o, u32 at)
{
    for (u32 i = o->begun; i < s->r->node_count; i++)
        if (!s->r->nodes[i].close) s->r->nodes[i].close = at;
    o->begun = s->r->node_count;
}

// What the walk passed over before this instruction.
static void note_dead(Shaper *s, const WalkState *w)
{
    u32 from = s->dead;
    s->dead = 0;
    if (!from || from == w->pos) return;
    Node *n = add_node(s, w, OP_nop);
    n->start = n->at = from;
    n->end = n->body = w->pos;
    n->dead = n->whole = true;
}

static void open_part(Shaper *s, const Type *types, u32 count)
{
    for (u32 i = 0; i < count; i++) push(s, (Operand){0, 0, types[i]}, false);
}

static void begin_block(Shaper *s, WalkState *w, Op op, const Imm *imm)
{
    const WalkFrame *f = imm->frame;
    Node *n = add_node(s, w, op);
    n->block = true;
    mark_labels(s, imm);
    take(s, n, f->param_count + (op == OP_if));
    u32 node = (u32)(n - s->r->nodes), base = s->height;
    ARENA_PUSH(&s->r->arena, s->open, s->depth, s->open_cap) = (Open){node, base, node + 1};
    open_part(s, f->params, f->param_count);
}

// `else` and clauses of a legacy try.
static void divide_block(Shaper *s, WalkState *w, const Imm *imm)
{
    Open *o = &s->open[s->depth - 1];
    close_part(s, o, w->pos);
    Node *n = &s->r->nodes[o->node];
    if (!n->other) {
        n->other = w->pos;
        n->other_body = (u32)(w->in.next - w->m->bytes);
    }
    s->height = o->base;
    if (imm->op == OP_else) open_part(s, imm->frame->params, imm->frame->param_count);
    else if (imm->op == OP_catch) open_part(s, imm->def->params, imm->def->param_count);
}

static void end_block(Shaper *s, WalkState *w, const Imm *imm)
{
    Open o = s->open[s->depth - 1];
    close_part(s, &o, w->pos);
    s->depth--;
    s->height = o.base;
    if (imm->op == OP_delegate) mark_labels(s, imm);
    if (o.node == NODE_NONE) return;
    Node *n = &s->r->nodes[o.node];
    n->last = w->pos;
    n->end = (u32)(w->in.next - w->m->bytes);
    leave(s, w, o.node, imm->frame->result_count);
}

static u32 label_count(const void *env, u32 depth)
{
    WalkState *w = (WalkState *)env;
    return depth < w->frame_count ? walk_label_count(walk_frame(w, depth)) : 0;
}

static void plain(Shaper *s, WalkState *w, Op op, const Imm *imm)
{
    u32 pops, pushes;
    Node *n = add_node(s, w, op);
    Imm none = {.op = op};
    if (imm) mark_labels(s, imm);
    imm_arity(w->m, imm ? imm : &none, w->type->result_count, label_count, w, &pops, &pushes);
    take(s, n, pops);
    if (op == OP_call || op == OP_return_call) n->callee = imm->func;
    n->ends = !w->reachable;
    if (n->ends) {
        s->dead = n->end;
        s->height = s->open[s->depth - 1].base;
    } else {
        leave(s, w, (u32)(n - s->r->nodes), pushes);
    }
}

static void shape_begin(void *env, WalkState *w)
{
    Shaper *s = env;
    s->height = s->depth = 0;
    s->dead = 0;
    ARENA_PUSH(&s->r->arena, s->open, s->depth, s->open_cap) =
        (Open){NODE_NONE, 0, s->r->node_count};
}

static void shape_each(void *env, WalkState *w, Op op, const Imm *imm)
{
    Shaper *s = env;
    if (s->broken) return;
    note_dead(s, w);
    switch (op) {
    case OP_block: case OP_loop: case OP_if: case OP_try_table: case OP_try:
        begin_block(s, w, op, imm);
        break;
    case OP_else: case OP_catch: case OP_catch_all: divide_block(s, w, imm); break;
    case OP_end: case OP_delegate: end_block(s, w, imm); break;
    default: plain(s, w, op, imm);
    }
    if (w->frame_count && w->reachable && s->height != w->operand_count) s->broken = true;
}

// ---- How deep they are

static int outermost_first(const void *a, const void *b)
{
    const Node *x = *(const Node *const *)a, *y = *(const Node *const *)b;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return x->end > y->end ? -1 : x->end < y->end;
}

static void find_depths(Round *r, u32 first)
{
    u32 count = r->node_count - first, open = 0;
    Node **order = NEW_ARRAY(&r->arena, Node *, count);
    Node **around = NEW_ARRAY(&r->arena, Node *, count);
    for (u32 i = 0; i < count; i++) order[i] = &r->nodes[first + i];
    qsort(order, count, sizeof *order, outermost_first);
    for (u32 i = 0; i < count; i++) {
        while (open && around[open - 1]->end <= order[i]->start) open--;
        order[i]->depth = open;
        around[open++] = order[i];
    }
}

// A body that is not valid has no nodes.
static void shape_func(Shaper *s, WalkState *w, u32 func)
{
    u32 first = s->r->node_count;
    s->func = func;
    s->broken = false;
    diag_init(w->diag);
    const Observer observer = {.env = s, .begin = shape_begin, .each = shape_each};
    if (!walk_observe(&observer, w, func) || s->broken) s->r->node_count = first;
    else find_depths(s->r, first);
}

void round_shape(Round *r)
{
    Diag diag;
    WalkState w;
    Shaper s = {.r = r};
    if (r->shaped) return;
    r->shaped = true;
    walk_init(&w, r->m, &r->scratch, &diag);
    for (u32 i = r->m->imported_funcs; i < r->m->func_count; i++) {
        shape_func(&s, &w, i);
        arena_reset(&r->scratch);
    }
}
