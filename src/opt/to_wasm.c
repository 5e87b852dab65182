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
#include "binary/encode.h"
#include "opt/locals.h"

#include <assert.h>
#include <string.h>

enum { FALLS_OFF = NO_BLOCK - 1 }; // at the end of the body

typedef enum { TASK_tree, TASK_body, TASK_code, TASK_edge, TASK_end, TASK_end_loop,
               TASK_else, TASK_clause, TASK_delegate } TaskKind;
typedef struct {
    u8 kind;
    u32 at;        // a block; of TASK_edge an edge, of TASK_clause and TASK_delegate a region
    BlockId falls; // where it goes on behind the code without a branch; of TASK_clause which
} Task;

typedef struct {
    Graph *g;
    Schedule *s;
    Locals *locals;
    Arena *arena;
    Buf *out;
    TypeIndexes types;
    bool types_known;
    const char *why;
    u8 *flags;           // by block
    u32 *kids, *kid_next;      // by block, plus 1: those behind its code; and the next of those
    u32 *kid_last;
    u32 *followers, *follower_last; // by region: what stands behind it
    u32 *frame_of;       // by block: the frame that branches to it name, plus 1
    u32 *try_frame;      // by region, likewise
    u32 open;            // frames
    u32 task_count, task_cap; Task *tasks;
    u32 loops;           // of those
    bool *written;       // by local: it may be other than it was at the start
    bool *needed;        // by block: the first time found out that something branches to it
    bool *early;         // by edge: what is moved on it was moved in front of the branch
    bool again;          // this is the second time
    bool dead;           // nobody gets behind what was written last
    size_t after_op;     // where one without immediates ends that was written last
    Op last_op;
    size_t after_set, set_at; // and local.set, and begins
    u32 last_set;        // its local
    BlockId at, falls;   // of the code at hand
} Writer;
enum { FLAG_labelled = 1, FLAG_threaded = 2 };

static Block *block_at(const Writer *w, BlockId id) { return &w->g->blocks[id]; }
static bool has_steps(Range r) { return r.start != r.end; }

// ---- Where blocks stand

static u32 entered(const Graph *g, BlockId id)
{
    u32 region = g->blocks[id].region;
    return region != NO_REGION && g->regions[region].entry == id ? region : NO_REGION;
}

static u32 forward_preds(const Graph *g, BlockId id)
{
    const Block *b = &g->blocks[id];
    u32 count = 0;
    for (u32 i = 0; i < b->pred_count; i++) count += g->words[b->preds + i] < id;
    return count;
}

// Does it do nothing but go on, to what does not stand in its place?
static bool is_threaded(const Writer *w, BlockId id)
{
    const Block *b = block_at(w, id);
    return b->go == GO_jump && b->pred_count == 1 && !b->given_count && id &&
           !has_steps(w->s->blocks[id]) && entered(w->g, id) == NO_REGION &&
           block_at(w, w->g->edges[b->edges].to)->idom != id;
}

static BlockId resolved(const Writer *w, u32 edge)
{
    BlockId to = w->g->edges[edge].to;
    while (w->flags[to] & FLAG_threaded) to = w->g->edges[block_at(w, to)->edges].to;
    return to;
}

// Is its only edge one behind which it cannot stand?
static bool is_far(const Graph *g, BlockId id)
{
    const Block *b = &g->blocks[id], *p = &g->blocks[g->words[b->preds]];
    if (p->go == GO_table || p->go == GO_catch) return true;
    return (p->go == GO_branch || p->go == GO_resume) && g->edges[p->edges].to != id;
}

static void add_to(Writer *w, u32 *first, u32 *last, u32 list, BlockId id)
{
    if (last[list]) w->kid_next[last[list] - 1] = id + 1;
    else first[list] = id + 1;
    last[list] = id + 1;
}

static void place(Writer *w, BlockId id, const u32 *try_of)
{
    Graph *g = w->g;
    BlockId idom = g->blocks[id].idom;
    u32 from = g->blocks[idom].region, to = g->blocks[id].region;
    if (entered(g, id) != NO_REGION) to = g->regions[to].outer;
    if (g->blocks[idom].go == GO_catch) from = try_of[idom];
    if (from != to) {
        for (; g->regions[from].outer != to; from = g->regions[from].outer) graph_work(g, 1);
        w->flags[id] |= FLAG_labelled;
        add_to(w, w->followers, w->follower_last, from, id);
    } else if (forward_preds(g, id) > 1 || is_far(g, id)) {
        w->flags[id] |= FLAG_labelled;
        add_to(w, w->kids, w->kid_last, idom, id);
    }
}

static void place_blocks(Writer *w)
{
    Graph *g = w->g;
    u32 *try_of = NEW_ARRAY(w->arena, u32, g->block_count);
    for (u32 r = 0; r < g->region_count; r++)
        if (g->regions[r].catches != NO_BLOCK) try_of[g->regions[r].catches] = r;
    for (BlockId id = 1; id < g->block_count; id++) {
        graph_work(g, 1 + g->blocks[id].pred_count);
        BlockId idom = g->blocks[id].idom;
        bool caught = g->blocks[idom].go == GO_catch && g->words[g->blocks[id].preds] == idom;
        if (is_threaded(w, id)) w->flags[id] |= FLAG_threaded;
        else if (caught && g->regions[try_of[idom]].legacy) continue; // it stands in the try
        else if (g->blocks[id].go != GO_catch) place(w, id, try_of);
    }
}

// ---- Bytes

static void known_types(Writer *w)
{
    if (!w->types_known) type_indexes_init(&w->types, w->g->m, w->arena);
    w->types_known = true;
}

static void put_value_type(Writer *w, Type type)
{
    if (type_is_ref(type)) known_types(w);
    encode_value_type(w->out, &w->types, type);
}

// Of what may go on elsewhere: may it go on behind it too?
static bool goes_on(Op op)
{
    switch (op) {
    case OP_br_if: case OP_if: case OP_else: case OP_end: case OP_catch: case OP_catch_all:
    case OP_delegate: case OP_br_on_null: case OP_br_on_non_null: return true;
    default: return op_info[op].immediates == IMM_cast;
    }
}

static void put_op(Writer *w, Op op)
{
    encode_op(w->out, op);
    w->dead = op_info[op].effects & ENDS && !goes_on(op);
}

// A function type of the module with these results and no parameters. UINT32_MAX: there is none.
static u32 type_of_results(Writer *w, BlockId id)
{
    const Graph *g = w->g;
    const Block *b = &g->blocks[id];
    graph_work(w->g, g->m->type_count);
    for (u32 i = 0; i < g->m->type_count; i++) {
        const TypeDef *def = type_def(g->m->store, g->m->types[i]);
        if (def->kind != COMP_func || def->param_count || def->result_count != b->given_count)
            continue;
        u32 same = 0;
        while (same < b->given_count && type_results(def)[same] == g->nodes[b->given + same].type)
            same++;
        if (same == b->given_count) return i;
    }
    return UINT32_MAX;
}

// What a block leaves that ends where another one begins.
static void put_block_type(Writer *w, BlockId id)
{
    const Block *b = block_at(w, id);
    if (!b->given_count) {
        buf_byte(w->out, 0x40);
    } else if (b->given_count == 1) {
        put_value_type(w, w->g->nodes[b->given].type);
    } else {
        u32 type = type_of_results(w, id);
        if (type == UINT32_MAX) w->why = "no type for what a handler takes";
        buf_leb_s(w->out, type == UINT32_MAX ? 0 : type);
    }
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

static u32 depth_of(const Writer *w, BlockId id)
{
    assert(w->frame_of[id]);
    w->needed[id] = true;
    return w->open - w->frame_of[id];
}

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

static void put_local(Writer *w, Op op, NodeId id)
{
    if (op == OP_local_get && w->after_set == w->out->len && w->last_set == w->locals->of[id]) {
        w->out->data[w->set_at] = (u8)op_info[OP_local_tee].opcode;
        w->after_set = 0;
        return;
    }
    w->set_at = w->out->len;
    put_op(w, op);
    buf_leb_u(w->out, w->locals->of[id]);
    if (op == OP_local_set) {
        w->after_set = w->out->len;
        w->last_set = w->locals->of[id];
    }
    w->written[w->locals->of[id]] |= op != OP_local_get;
}

// A local of what is never null may be null for the validator.
static void put_not_null(Writer *w, NodeId id)
{
    Type type = w->g->nodes[id].type, kept = w->locals->types[w->locals->of[id]];
    if (type_is_ref(type) && !type_is_null(type) && type_is_null(kept))
        put_op(w, OP_ref_as_non_null);
}

static void put_const(Writer *w, const Node *n)
{
    put_op(w, (Op)n->op);
    switch (n->op) {
    case OP_i32_const: buf_leb_s(w->out, (s32)n->bits); break;
    case OP_i64_const: buf_leb_s(w->out, (s64)n->bits); break;
    case OP_f32_const: buf_u32le(w->out, (u32)n->bits); break;
    case OP_f64_const: buf_u64le(w->out, n->bits); break;
    default: buf_bytes(w->out, n->bytes, sizeof n->bytes); break;
    }
}

static u32 leb_size(const u8 *at)
{
    u32 size = 1;
    while (*at++ & 0x80) size++;
    return size;
}

// The label of a br_on_* is the second edge's.
static void put_branch(Writer *w, const Node *n)
{
    Imm imm;
    Bytes bytes;
    BlockId to = resolved(w, block_at(w, w->at)->edges + 1);
    node_read_imm(w->g, n, &imm, &bytes);
    u32 at = op_info[n->op].immediates == IMM_cast;
    if (at) buf_byte(w->out, bytes.data[0]);
    buf_leb_u(w->out, depth_of(w, to));
    at += leb_size(bytes.data + at);
    buf_bytes(w->out, bytes.data + at, bytes.len - at);
}

static void put_resume(Writer *w, const Node *n)
{
    Imm imm;
    Bytes bytes;
    u32 edge = block_at(w, w->at)->edges + 1;
    node_read_imm(w->g, n, &imm, &bytes);
    buf_leb_u(w->out, imm.resume.type);
    if (n->op == OP_resume_throw) buf_leb_u(w->out, imm.resume.tag);
    buf_leb_u(w->out, imm.resume.count);
    for (u32 i = 0; i < imm.resume.count; i++) {
        buf_byte(w->out, imm.resume.at[i].kind);
        buf_leb_u(w->out, imm.resume.at[i].tag);
        if (!imm.resume.at[i].kind) buf_leb_u(w->out, depth_of(w, resolved(w, edge++)));
    }
}

static void put_return(Writer *w)
{
    bool last = w->falls == FALLS_OFF && (!w->open || !w->g->type->result_count);
    if (!last) put_op(w, OP_return);
    w->dead = !w->open || !last;
}

static void put_node(Writer *w, NodeId id)
{
    Node *n = &w->g->nodes[id];
    Imm imm;
    Bytes bytes;
    if (n->op == OP_return) {
        put_return(w);
        return;
    }
    if (node_is_const(n)) {
        put_const(w, n);
        return;
    }
    if (n->op == OP_ref_null) {
        known_types(w);
        encode_default(w->out, &w->types, n->type);
        w->dead = false;
        return;
    }
    put_op(w, (Op)n->op);
    w->last_op = (Op)n->op;
    w->after_op = w->out->len;
    switch (op_info[n->op].immediates) {
    case IMM_none: return;
    case IMM_types:
        buf_byte(w->out, 1);
        put_value_type(w, n->type);
        return;
    case IMM_label: case IMM_cast:
        if (n->op == OP_rethrow) buf_leb_u(w->out, w->open - w->try_frame[n->imm]);
        else put_branch(w, n);
        return;
    case IMM_resume: case IMM_resume_throw: put_resume(w, n); return;
    default:
        node_read_imm(w->g, n, &imm, &bytes);
        buf_bytes(w->out, bytes.data, bytes.len);
    }
}

// Is what is copied there already? A local begins as zero.
static bool is_there(const Writer *w, u32 to, u32 from)
{
    const u32 *of = w->locals->of;
    NodeId id = step_node(from);
    u32 local = of[step_node(to)];
    if (step_kind(from) == STEP_get) return of[id] == local;
    const Node *n = &w->g->nodes[id];
    if (w->loops || w->written[local] || local < w->g->type->param_count) return false;
    return n->op == OP_ref_null ||
           (node_is_const(n) && !n->in[0] && !n->in[1] && !n->in[2] && !n->imm);
}

// Copies in a row are one: all that are not in place already. Returns where the row ends.
static u32 put_copies(Writer *w, u32 first, u32 end)
{
    const u32 *steps = w->s->steps;
    u32 i = first, last;
    for (; i < end && step_kind(steps[i]) == STEP_copy; i += 2) {
        NodeId from = step_node(steps[i + 1]);
        if (is_there(w, steps[i], steps[i + 1])) continue;
        if (step_kind(steps[i + 1]) == STEP_get) put_local(w, OP_local_get, from);
        else put_node(w, from);
    }
    last = i;
    for (; i > first; i -= 2) {
        if (is_there(w, steps[i - 2], steps[i - 1])) continue;
        put_local(w, OP_local_set, step_node(steps[i - 2]));
    }
    return last;
}

// Nothing is done where all copies are of locals to themselves.
static void trim(Writer *w, Range *range)
{
    const u32 *steps = w->s->steps, *of = w->locals->of;
    for (u32 i = range->start; i < range->end; i += 2)
        if (step_kind(steps[i]) != STEP_copy || step_kind(steps[i + 1]) != STEP_get ||
            of[step_node(steps[i])] != of[step_node(steps[i + 1])])
            return;
    range->end = range->start;
}

static void put_steps(Writer *w, Range range)
{
    for (u32 i = range.start; i < range.end;) {
        u32 step = w->s->steps[i];
        NodeId id = step_node(step);
        switch (step_kind(step)) {
        case STEP_op: put_node(w, id); break;
        case STEP_get:
            put_local(w, OP_local_get, id);
            put_not_null(w, id);
            break;
        case STEP_set: put_local(w, OP_local_set, id); break;
        case STEP_tee:
            put_local(w, OP_local_tee, id);
            put_not_null(w, id);
            break;
        case STEP_drop: put_op(w, OP_drop); break;
        case STEP_copy: i = put_copies(w, i, range.end); continue;
        }
        i++;
    }
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
    if (!w->early[edge]) put_steps(w, w->s->edges[edge]);
    BlockId to = resolved(w, edge);
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

static void put_if(Writer *w)
{
    put_op(w, OP_if);
    buf_byte(w->out, 0x40);
    w->open++;
    w->dead = false;
}

// One arm, behind which it goes on along the other edge.
static void put_arm(Writer *w, u32 arm, BlockId arm_falls, u32 other, BlockId falls)
{
    put_if(w);
    task(w, TASK_edge, other, falls);
    task(w, TASK_end, NO_BLOCK, NO_BLOCK);
    task(w, TASK_edge, arm, arm_falls);
}

static bool lives_in(const Writer *w, BlockId id, u32 local)
{
    const Locals *l = w->locals;
    for (u32 i = l->lives[id]; i; i = l->links[i].next) {
        graph_work(w->g, 1);
        if (l->of[l->links[i].what] == local) return true;
    }
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
        put_op(w, OP_br_if);
        buf_leb_u(w->out, w->open);
        task(w, TASK_edge, first ? no : yes, falls);
    } else if (yes_far) {
        put_br(w, OP_br_if, resolved(w, yes));
        task(w, TASK_edge, no, falls);
    } else if (no_far) {
        put_eqz(w);
        put_br(w, OP_br_if, resolved(w, no));
        task(w, TASK_edge, yes, falls);
    } else if (no_branch || is_closed(w, yes, falls)) {
        put_arm(w, yes, no_branch ? falls : NO_BLOCK, no, falls);
    } else if (yes_branch || is_closed(w, no, falls)) {
        put_eqz(w);
        put_arm(w, no, yes_branch ? falls : NO_BLOCK, yes, falls);
    } else {
        put_if(w);
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
    put_steps(w, (Range){range.start + b->given_count, range.end});
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
    put_locals(w);
    task(w, TASK_tree, 0, FALLS_OFF);
    while (w->task_count && !w->why) do_task(w, w->tasks[--w->task_count]);
    if (!w->dead && w->g->type->result_count) put_op(w, OP_unreachable);
    put_op(w, OP_end);
}

bool graph_to_wasm(Graph *g, Buf *out, const char **why)
{
    Writer w = {.g = g, .arena = g->arena, .out = out};
    size_t start = out->len;
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
    w.written = NEW_ARRAY(g->arena, bool, w.locals->count);
    w.try_frame = NEW_ARRAY(g->arena, u32, g->region_count);
    w.followers = NEW_ARRAY(g->arena, u32, g->region_count);
    w.follower_last = NEW_ARRAY(g->arena, u32, g->region_count);
    for (BlockId id = 0; id < g->block_count; id++) trim(&w, &w.s->blocks[id]);
    for (u32 i = 0; i < g->edge_count; i++) trim(&w, &w.s->edges[i]);
    place_blocks(&w);
    put_body(&w); // to find out which blocks are needed
    out->len = start;
    w.again = true;
    if (!w.why) put_body(&w);
    *why = w.why;
    return !w.why;
}
