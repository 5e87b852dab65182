// schedule.c -- see schedule.h.
//
// First, what floats gets a block: the nearest that dominates all its uses, or, where that is in a
// loop which its inputs are not in, the one in front of the loop. Then each block is gone through
// from its end: an instruction takes its operands right to left, and one that stands just in front
// of it, or can be moved there, and has no other use, becomes a part of it (it is claimed). Then
// forwards, what was not claimed comes in its order, and what floats when it is first used.
//
// Nothing stands in a catch block: phis of it are set in front of whatever throws.

#include "opt/schedule.h"

#include <assert.h>

typedef struct { NodeId node; u32 next; } Visit;

typedef struct {
    Schedule *s;
    Graph *g;
    u32 *position;       // of what stands in a block: its place there
    u8 *state;           // by node
    u32 order_count, order_cap; NodeId *order; // of what floats: inputs first
    u32 visit_count, visit_cap; Visit *visits;
    u32 *in_block;       // where the nodes that float and are placed in a block begin in `placed`
    NodeId *placed;
    u32 *left;           // by node that floats: uses in its own block that were not come to yet
    BlockId at;
    bool apart;          // what is used elsewhere too is no part of what is gone through
    const NodeId *skeleton; // of the block at hand
    bool *made;          // by phi of an edge's end: its value is on the stack
} Scheduler;
enum {
    STATE_visited = 1,
    STATE_claimed = 2,
    STATE_done = 4,
    STATE_part = 8,    // something in its block uses it
    STATE_later = 16,  // it is computed on an edge
};

static Node *node(const Scheduler *d, NodeId id) { return &d->g->nodes[id]; }

// ---- Where what floats is computed

static void visit(Scheduler *d, NodeId id)
{
    if (!id || !node_floats(node(d, id)) || d->state[id] & STATE_visited) return;
    d->state[id] |= STATE_visited;
    ARENA_PUSH(d->g->arena, d->visits, d->visit_count, d->visit_cap) = (Visit){id, 0};
    while (d->visit_count) {
        Visit *v = &d->visits[d->visit_count - 1];
        Node *n = node(d, v->node);
        if (node_is_const(n) || v->next == node_count(n)) {
            ARENA_PUSH(d->g->arena, d->order, d->order_count, d->order_cap) = v->node;
            d->visit_count--;
            continue;
        }
        NodeId in = node_inputs(d->g, n)[v->next++];
        if (!node_floats(node(d, in)) || d->state[in] & STATE_visited) continue;
        d->state[in] |= STATE_visited;
        ARENA_PUSH(d->g->arena, d->visits, d->visit_count, d->visit_cap) = (Visit){in, 0};
    }
}

static void visit_inputs(Scheduler *d, NodeId id)
{
    Node *n = node(d, id);
    graph_work(d->g, 1 + node_count(n));
    for (u32 i = 0; i < node_count(n); i++) visit(d, node_inputs(d->g, n)[i]);
}

static BlockId out_of_catch(const Graph *g, BlockId b)
{
    while (g->blocks[b].go == GO_catch) b = g->blocks[b].idom;
    return b;
}

static void use_at(Scheduler *d, NodeId id, BlockId block)
{
    BlockId *place = &d->s->place[id];
    d->s->uses[id]++;
    if (!node_floats(node(d, id))) return;
    *place = *place == NO_BLOCK ? block : graph_common(d->g, *place, block);
}

static void use_inputs_at(Scheduler *d, NodeId id, BlockId block)
{
    Node *n = node(d, id);
    for (u32 i = 0; i < node_count(n); i++) use_at(d, node_inputs(d->g, n)[i], block);
}

static void use_phi(Scheduler *d, NodeId id, const Block *b)
{
    Node *n = node(d, id);
    for (u32 i = 0; i < node_count(n); i++)
        use_at(d, node_inputs(d->g, n)[i], d->g->words[b->preds + i]);
}

// Values that stand in a block; those of one that may throw to the try are in the block behind it.
static void place_skeleton(Scheduler *d, BlockId id)
{
    const Graph *g = d->g;
    const Block *b = &g->blocks[id];
    bool ends = b->go == GO_call || b->go == GO_resume;
    for (u32 i = 0; i < b->given_count; i++) d->s->place[b->given + i] = id;
    for (u32 i = 0; i < b->count; i++) {
        NodeId n = g->skeleton[b->first + i];
        d->position[n] = i;
        d->s->place[n] = ends && i == b->count - 1 ? g->edges[b->edges].to : id;
        visit_inputs(d, n);
    }
    if (b->go == GO_if || b->go == GO_table) visit(d, b->value);
}

static void use_skeleton(Scheduler *d, BlockId id)
{
    const Block *b = &d->g->blocks[id];
    for (u32 i = 0; i < b->count; i++) {
        NodeId n = d->g->skeleton[b->first + i];
        if (i < b->phi_count) use_phi(d, n, b);
        else use_inputs_at(d, n, id);
    }
    if (b->go == GO_if || b->go == GO_table) use_at(d, b->value, id);
}

// Out of loops, as far as the inputs are there.
static BlockId hoisted(Scheduler *d, BlockId late, BlockId early)
{
    Graph *g = d->g;
    for (;;) {
        u32 loop = region_loop(g, g->blocks[late].region);
        if (loop == NO_REGION || region_is_in(g, g->blocks[early].region, loop)) break;
        BlockId before = out_of_catch(g, g->blocks[g->regions[loop].entry].idom);
        graph_work(g, 1);
        if (g->blocks[before].depth < g->blocks[early].depth) break;
        late = before;
    }
    return late;
}

static BlockId *early_places(Scheduler *d)
{
    const Graph *g = d->g;
    BlockId *early = NEW_ARRAY(g->arena, BlockId, g->node_count);
    for (u32 i = 0; i < d->order_count; i++) {
        Node *n = node(d, d->order[i]);
        BlockId deepest = 0;
        for (u32 k = 0; !node_is_const(n) && k < node_count(n); k++) {
            NodeId in = node_inputs(g, n)[k];
            BlockId at = node_floats(node(d, in)) ? early[in] : d->s->place[in];
            if (g->blocks[at].depth > g->blocks[deepest].depth) deepest = at;
        }
        early[d->order[i]] = deepest;
    }
    return early;
}

static void place_floating(Scheduler *d)
{
    Graph *g = d->g;
    const BlockId *early = early_places(d);
    for (u32 i = d->order_count; i-- > 0;) {
        NodeId id = d->order[i];
        Node *n = node(d, id);
        BlockId *place = &d->s->place[id];
        if (*place == NO_BLOCK) continue; // nobody uses it
        *place = out_of_catch(g, *place);
        if (g->blocks[early[id]].depth > g->blocks[*place].depth) d->s->torn = true;
        if (n->op == NODE_arg) *place = 0;
        else if (n->op != NODE_result) *place = hoisted(d, *place, early[id]);
        if (!node_is_const(n)) use_inputs_at(d, id, *place);
    }
    for (u32 i = 0; i < d->order_count; i++) {
        NodeId id = d->order[i];
        if (node(d, id)->op == NODE_result) d->s->place[id] = d->s->place[node(d, id)->in[0]];
    }
}

static bool is_computed(const Node *n)
{
    return node_floats(n) && n->op != NODE_arg && n->op != NODE_result && !node_is_remade(n);
}

// By block, and in each in an order in which they can be computed.
static void list_placed(Scheduler *d)
{
    Graph *g = d->g;
    d->in_block = NEW_ARRAY(g->arena, u32, g->block_count + 1);
    d->placed = NEW_ARRAY(g->arena, NodeId, d->order_count);
    for (u32 i = 0; i < d->order_count; i++) {
        NodeId id = d->order[i];
        if (is_computed(node(d, id)) && d->s->place[id] != NO_BLOCK)
            d->in_block[d->s->place[id] + 1]++;
    }
    for (BlockId b = 0; b < g->block_count; b++) d->in_block[b + 1] += d->in_block[b];
    u32 *next = arena_copy(g->arena, d->in_block, g->block_count * sizeof *next);
    for (u32 i = 0; i < d->order_count; i++) {
        NodeId id = d->order[i];
        if (is_computed(node(d, id)) && d->s->place[id] != NO_BLOCK)
            d->placed[next[d->s->place[id]]++] = id;
    }
}

static bool is_part(const Scheduler *d, NodeId id, BlockId block)
{
    return d->s->place[id] == block && is_computed(node(d, id)) && node(d, id)->type;
}

// A value of an instruction that stands in the block, and does not end it.
static bool stands_in(const Scheduler *d, NodeId id, BlockId block)
{
    const Node *n = node(d, id);
    const Block *b = &d->g->blocks[block];
    u32 at = d->position[id];
    return !node_floats(n) && n->op < OP_COUNT && n->type && d->s->place[id] == block &&
           at < b->count && d->g->skeleton[b->first + at] == id;
}

static void count_inputs(Scheduler *d, NodeId id, BlockId block)
{
    Node *n = node(d, id);
    for (u32 i = 0; i < node_count(n); i++) {
        NodeId in = node_inputs(d->g, n)[i];
        d->left[in] += is_part(d, in, block) || stands_in(d, in, block);
    }
}

static bool moves_here(const Graph *g, const Block *b)
{
    return b->go == GO_jump && g->blocks[g->edges[b->edges].to].phi_count;
}

static NodeId phi_input(const Scheduler *d, NodeId phi, u32 input)
{
    return node_inputs(d->g, node(d, phi))[input];
}

// Not those on edges; a phi is a use where what it takes has no other.
static void count_uses(Scheduler *d, BlockId id)
{
    const Block *b = &d->g->blocks[id];
    for (u32 i = b->phi_count; i < b->count; i++)
        count_inputs(d, d->g->skeleton[b->first + i], id);
    for (u32 i = d->in_block[id]; i < d->in_block[id + 1]; i++) count_inputs(d, d->placed[i], id);
    if (b->go == GO_if || b->go == GO_table)
        d->left[b->value] += is_part(d, b->value, id) || stands_in(d, b->value, id);
    if (!moves_here(d->g, b)) return;
    Edge e = d->g->edges[b->edges];
    const Block *to = &d->g->blocks[e.to];
    for (u32 i = 0; i < to->phi_count; i++) {
        NodeId in = phi_input(d, d->g->skeleton[to->first + i], e.input);
        d->left[in] += is_part(d, in, id) && d->s->uses[in] == 1;
    }
}

// ---- What becomes a part of what

// May what stands at one position be done behind what stands at the other, later one?
static bool may_pass(const Scheduler *d, NodeId early, NodeId late)
{
    enum { READS = (1 << DOMAIN_COUNT) - 1 };
    const Node *x = node(d, early), *y = node(d, late);
    u32 a = node_effects(d->g, x), b = node_effects(d->g, y);
    u32 reads_a = a & READS, writes_a = a >> 8 & READS, reads_b = b & READS,
        writes_b = b >> 8 & READS;
    if ((a | b) & ~(READS | READS << 8 | TRAPS)) return false;
    if (reads_a & writes_b || writes_a & reads_b || writes_a & writes_b) return false;
    if ((a & TRAPS && writes_b) || (b & TRAPS && writes_a)) return false; // what is left is seen
    bool loads = op_info[x->op].bits && op_info[y->op].bits && !writes_a && !writes_b;
    return !(a & b & TRAPS) || loads;
}

// In front of the cursor: all behind that are parts of something.
static bool may_claim(Scheduler *d, NodeId id, u32 *cursor)
{
    enum { FAR = 8 };
    u32 at = d->position[id];
    if (at >= *cursor || *cursor - at > FAR) return false;
    for (u32 i = at + 1; i < *cursor; i++)
        if (!(d->state[d->skeleton[i]] & STATE_claimed) && !may_pass(d, id, d->skeleton[i]))
            return false;
    return true;
}

static void move_cursor(const Scheduler *d, u32 *cursor)
{
    while (*cursor && d->state[d->skeleton[*cursor - 1]] & STATE_claimed) --*cursor;
}

static bool is_inner(const Scheduler *d, NodeId id)
{
    return is_part(d, id, d->at) && d->s->uses[id] == 1;
}

// Is this the first of its uses, in the order in which they are done? Going backwards it is the
// last that we come to.
static bool comes_first(Scheduler *d, NodeId id)
{
    if (!is_part(d, id, d->at) || (d->apart && d->s->uses[id] > 1)) return false;
    return --d->left[id] == 0;
}

// The same of what stands in the block; one that has other uses is kept in a local too.
static bool claims(Scheduler *d, NodeId id, u32 *cursor)
{
    if (!stands_in(d, id, d->at)) return false;
    if (d->s->uses[id] > 1 && (d->apart || --d->left[id])) return false;
    if (!may_claim(d, id, cursor)) return false;
    d->state[id] |= STATE_claimed;
    move_cursor(d, cursor);
    return true;
}

// Goes through what computes a node, right to left.
static void claim_from(Scheduler *d, NodeId root, u32 *cursor)
{
    u32 bottom = d->visit_count;
    ARENA_PUSH(d->g->arena, d->visits, d->visit_count, d->visit_cap) =
        (Visit){root, node_count(node(d, root))};
    while (d->visit_count > bottom) {
        Visit *v = &d->visits[d->visit_count - 1];
        if (!v->next) {
            d->visit_count--;
            continue;
        }
        NodeId in = node_inputs(d->g, node(d, v->node))[--v->next];
        if (comes_first(d, in) || claims(d, in, cursor))
            ARENA_PUSH(d->g->arena, d->visits, d->visit_count, d->visit_cap) =
                (Visit){in, node_count(node(d, in))};
    }
}

// The same of one that is used by the end of the block.
static void claim_value(Scheduler *d, NodeId id, u32 *cursor)
{
    if (node_is_remade(node(d, id))) return;
    if (comes_first(d, id) || claims(d, id, cursor)) claim_from(d, id, cursor);
}

// Is it computed on the way along an edge, and nothing else there?
static bool is_light(const Scheduler *d, NodeId id)
{
    if (!is_inner(d, id)) return false;
    Node *n = node(d, id);
    for (u32 i = 0; i < node_count(n); i++)
        if (is_part(d, node_inputs(d->g, n)[i], d->at)) return false;
    return true;
}

static void mark_later(Scheduler *d, const Edge *e)
{
    const Block *to = &d->g->blocks[e->to];
    for (u32 i = 0; i < to->phi_count; i++) {
        NodeId id = phi_input(d, d->g->skeleton[to->first + i], e->input);
        if (is_light(d, id)) d->state[id] |= STATE_later;
    }
}

static void claim_rest(Scheduler *d, u32 *cursor)
{
    for (u32 i = d->in_block[d->at + 1]; i-- > d->in_block[d->at];) {
        NodeId id = d->placed[i];
        if (!d->left[id] && !(d->state[id] & STATE_later) && !(d->state[id] & STATE_part))
            claim_from(d, id, cursor);
    }
}

static void claim_block(Scheduler *d, const Block *b)
{
    u32 cursor = b->count;
    bool here = moves_here(d->g, b), last = block_ends_by_last(b);
    for (u32 i = 0; i < b->edge_count && !here; i++) mark_later(d, block_edge(d->g, b, i));
    for (u32 i = d->in_block[d->at]; i < d->in_block[d->at + 1]; i++)
        if (d->left[d->placed[i]]) d->state[d->placed[i]] |= STATE_part;
    if (last) {
        d->apart = true;
        cursor--;
        claim_from(d, d->skeleton[cursor], &cursor);
        d->apart = false;
        move_cursor(d, &cursor);
    }
    if (b->go == GO_if || b->go == GO_table) claim_value(d, b->value, &cursor);
    if (here) {
        Edge e = d->g->edges[b->edges];
        const Block *to = &d->g->blocks[e.to];
        for (u32 i = to->phi_count; i-- > 0;) {
            NodeId in = phi_input(d, d->g->skeleton[to->first + i], e.input);
            if (d->s->uses[in] == 1) claim_value(d, in, &cursor);
        }
    }
    claim_rest(d, &cursor);
    move_cursor(d, &cursor);
    while (cursor > b->phi_count) {
        cursor--;
        claim_from(d, d->skeleton[cursor], &cursor);
        move_cursor(d, &cursor);
    }
}

// ---- Steps

static void step(Scheduler *d, StepKind kind, NodeId id)
{
    Schedule *s = d->s;
    graph_work(d->g, 1);
    ARENA_PUSH(d->g->arena, s->steps, s->step_count, s->step_cap) = (u32)kind << 29 | id;
}

static bool is_used(const Scheduler *d, NodeId id) { return d->s->uses[id] != 0; }

// All its results are on the stack: the last first.
static void take_results(Scheduler *d, NodeId id)
{
    u32 count = 0;
    for (NodeId r = id + 1; r < d->g->node_count && node(d, r)->op == NODE_result &&
                            node(d, r)->in[0] == id; r++) count++;
    for (; count; count--)
        step(d, is_used(d, id + count) ? STEP_set : STEP_drop,
             is_used(d, id + count) ? id + count : 0);
}

// Must it be computed here, when it is used?
static bool is_due(const Scheduler *d, NodeId id)
{
    if (d->state[id] & STATE_claimed) return !(d->state[id] & STATE_done);
    const Node *n = node(d, id);
    return is_computed(n) && !(d->state[id] & STATE_done) && d->s->place[id] == d->at;
}

static void enter(Scheduler *d, NodeId id)
{
    ARENA_PUSH(d->g->arena, d->visits, d->visit_count, d->visit_cap) = (Visit){id, 0};
}

// Behind the instruction: what is used again, or has several results, is kept.
static void leave(Scheduler *d, NodeId id)
{
    Node *n = node(d, id);
    step(d, STEP_op, id);
    if (!node_floats(n) && !(d->state[id] & STATE_claimed)) return;
    d->state[id] |= STATE_done;
    if (!n->type) take_results(d, id);
    else if (d->s->uses[id] > 1) step(d, STEP_tee, id);
}

// Operands and instruction; then its value is on the stack.
static void steps_of(Scheduler *d, NodeId root)
{
    u32 bottom = d->visit_count;
    enter(d, root);
    while (d->visit_count > bottom) {
        Visit *v = &d->visits[d->visit_count - 1];
        Node *n = node(d, v->node);
        if (v->next == node_count(n)) {
            d->visit_count--;
            leave(d, v->node);
            continue;
        }
        NodeId in = node_inputs(d->g, n)[v->next];
        NodeId made = node(d, in)->op == NODE_result ? node(d, in)->in[0] : in;
        if (node_is_remade(node(d, in))) step(d, STEP_op, in), v->next++;
        else if (made != in && is_due(d, made) && node_floats(node(d, made))) enter(d, made);
        else if (v->next++, is_due(d, in)) enter(d, in);
        else step(d, STEP_get, in);
    }
}

static void value(Scheduler *d, NodeId id)
{
    Node *n = node(d, id);
    if (n->op == NODE_result && node_floats(node(d, n->in[0])) && is_due(d, n->in[0]))
        steps_of(d, n->in[0]);
    if (node_is_remade(n)) step(d, STEP_op, id);
    else if (is_due(d, id)) steps_of(d, id);
    else step(d, STEP_get, id);
}

// What is used in other blocks alone.
static void the_rest(Scheduler *d)
{
    for (u32 i = d->in_block[d->at]; i < d->in_block[d->at + 1]; i++) {
        NodeId id = d->placed[i];
        if (d->state[id] & (STATE_done | STATE_later | STATE_part)) continue;
        steps_of(d, id);
        if (!node(d, id)->type) continue;
        u32 *last = &d->s->steps[d->s->step_count - 1];
        if (step_kind(*last) == STEP_tee) *last = (u32)STEP_set << 29 | id;
        else step(d, STEP_set, id);
    }
}

static void copy(Scheduler *d, NodeId phi, NodeId from)
{
    step(d, STEP_copy, phi);
    step(d, node_is_remade(node(d, from)) ? STEP_op : STEP_get, from);
}

// Phis at the edge's end get their values: all at once.
static void moves(Scheduler *d, const Edge *e, bool to_catch)
{
    const Block *to = &d->g->blocks[e->to];
    const NodeId *phis = d->g->skeleton + to->first;
    graph_work(d->g, to->phi_count);
    for (u32 i = 0; i < to->phi_count; i++) {
        NodeId in = phi_input(d, phis[i], e->input);
        d->made[i] = is_due(d, in) && (to_catch || d->s->uses[in] == 1);
        if (d->made[i]) value(d, in);
    }
    for (u32 i = 0; i < to->phi_count; i++) {
        NodeId in = phi_input(d, phis[i], e->input);
        if (!d->made[i]) copy(d, phis[i], in); // also to itself: it lives on
    }
    for (u32 i = to->phi_count; i-- > 0;)
        if (d->made[i]) step(d, STEP_set, phis[i]);
}

// What is thrown here may be for a try further out.
static void moves_to_catch(Scheduler *d, const Block *b)
{
    if (!b->edge_count || !goes_to_catch(b, b->edge_count - 1u)) return;
    for (const Block *at = b;;) {
        const Edge *e = block_edge(d->g, at, at->edge_count - 1u);
        moves(d, e, true);
        at = &d->g->blocks[e->to];
        if (!at->outer_catch) return;
    }
}

static void keep(Scheduler *d, NodeId id)
{
    if (!node(d, id)->type) take_results(d, id);
    else if (is_used(d, id)) step(d, STEP_set, id);
    else step(d, STEP_drop, 0);
}

static void steps_of_block(Scheduler *d, const Block *b)
{
    bool ends = block_ends_by_last(b);
    for (u32 i = b->given_count; i-- > 0;)
        step(d, is_used(d, b->given + i) ? STEP_set : STEP_drop,
             is_used(d, b->given + i) ? b->given + i : 0);
    for (u32 i = b->phi_count; i < b->count; i++) {
        NodeId id = d->skeleton[i];
        if (d->state[id] & STATE_claimed) continue;
        if (ends && i == b->count - 1) {
            the_rest(d);
            moves_to_catch(d, b);
        }
        steps_of(d, id);
        keep(d, id);
    }
    if (!ends) the_rest(d);
    if (b->go == GO_if || b->go == GO_table) value(d, b->value);
    if (moves_here(d->g, b)) moves(d, block_edge(d->g, b, 0), false);
}

static void steps_of_edges(Scheduler *d, const Block *b)
{
    for (u32 i = 0; i < b->edge_count; i++) {
        Range *range = &d->s->edges[b->edges + i];
        range->start = d->s->step_count;
        if (b->edge_count > 1 && !goes_to_catch(b, i)) moves(d, block_edge(d->g, b, i), false);
        range->end = d->s->step_count;
    }
}

static void steps_in(Scheduler *d, BlockId id)
{
    const Block *b = &d->g->blocks[id];
    Range *range = &d->s->blocks[id];
    d->at = id;
    d->skeleton = d->g->skeleton + b->first;
    range->start = d->s->step_count;
    if (b->go != GO_catch) {
        claim_block(d, b);
        steps_of_block(d, b);
    }
    range->end = d->s->step_count;
    if (b->go != GO_catch) steps_of_edges(d, b);
}

// Where everything is computed.
static void find_places(Scheduler *d, Schedule *s, Graph *g)
{
    s->g = g;
    s->uses = NEW_ARRAY(g->arena, u32, g->node_count);
    s->place = NEW_ARRAY(g->arena, BlockId, g->node_count);
    graph_work(g, g->node_count);
    if (g->node_count > STEP_node) arena_fail(g->arena);
    for (NodeId id = 0; id < g->node_count; id++) s->place[id] = NO_BLOCK;
    *d = (Scheduler){.s = s, .g = g, .position = NEW_ARRAY(g->arena, u32, g->node_count),
                     .state = NEW_ARRAY(g->arena, u8, g->node_count)};
    for (BlockId b = 0; b < g->block_count; b++) place_skeleton(d, b);
    for (BlockId b = 0; b < g->block_count; b++) use_skeleton(d, b);
    place_floating(d);
}

const BlockId *schedule_places(Graph *g)
{
    Scheduler d;
    Schedule s = {0};
    find_places(&d, &s, g);
    return s.torn ? NULL : s.place;
}

Schedule *schedule_new(Graph *g)
{
    Scheduler d;
    Schedule *s = NEW(g->arena, Schedule);
    find_places(&d, s, g);
    s->blocks = NEW_ARRAY(g->arena, Range, g->block_count);
    s->edges = NEW_ARRAY(g->arena, Range, g->edge_count);
    s->step_cap = 16 + 2 * g->node_count;
    s->steps = arena_alloc_rough(g->arena, s->step_cap * sizeof *s->steps);
    u32 phis = 0;
    for (BlockId b = 0; b < g->block_count; b++) phis = MAX(phis, g->blocks[b].phi_count);
    d.made = NEW_ARRAY(g->arena, bool, phis);
    list_placed(&d);
    d.left = NEW_ARRAY(g->arena, u32, g->node_count);
    for (BlockId b = 0; b < g->block_count; b++) count_uses(&d, b);
    for (BlockId b = 0; b < g->block_count; b++) steps_in(&d, b);
    return s;
}
