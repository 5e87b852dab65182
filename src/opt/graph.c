// graph.c -- nodes and blocks. See graph.h.

#include "opt/fold.h"
#include "opt/known.h"
#include "opt/refs.h"
#include "opt/watch.h"

#include <assert.h>
#include <string.h>

// Room for what most bodies of so many bytes become: what grows beyond it leaves copies behind.
static void make_room(Graph *g, u32 bytes)
{
    g->node_cap = 16 + bytes / 3;
    g->nodes = arena_alloc_rough(g->arena, g->node_cap * sizeof *g->nodes);
    g->skeleton_cap = g->edge_cap = g->word_cap = 16 + bytes / 8;
    g->skeleton = arena_alloc_rough(g->arena, g->skeleton_cap * sizeof *g->skeleton);
    g->edges = arena_alloc_rough(g->arena, g->edge_cap * sizeof *g->edges);
    g->words = arena_alloc_rough(g->arena, g->word_cap * sizeof *g->words);
    g->block_cap = 4 + bytes / 16;
    g->blocks = arena_alloc_rough(g->arena, g->block_cap * sizeof *g->blocks);
    g->input_cap = 4 + bytes / 4;
    g->inputs = arena_alloc_rough(g->arena, g->input_cap * sizeof *g->inputs);
}

Graph *graph_new(const Module *m, u32 func, Arena *arena, u64 work_most)
{
    Graph *g = NEW(arena, Graph);
    g->arena = arena;
    g->m = m;
    g->func = func;
    g->type = type_def(m->store, m->funcs[func].type);
    g->work_most = work_most;
    buf_init(&g->imms, arena);
    make_room(g, m->funcs[func].body.end - m->funcs[func].body.start);
    ARENA_PUSH(arena, g->nodes, g->node_count, g->node_cap) = (Node){0}; // no node
    return g;
}

void graph_allow(Graph *g, u32 bytes)
{
    g->work_most += (u64)g->work_a_byte * bytes;
    g->arena->limit += (size_t)g->memory_a_byte * bytes;
}

void graph_work(Graph *g, u64 units)
{
    enum { LOOK = 1 << 15 }; // is done in a fraction of a millisecond
    g->work += units;
    if (LIKELY(g->work < g->look)) return;
    g->look = MIN(g->work + LOOK, g->work_most + 1);
    if (g->work > g->work_most || halt_asked(g->halt)) arena_fail(g->arena);
}

// ---- Immediates

static u32 called(const Graph *g, const Node *n)
{
    Imm imm;
    Bytes bytes;
    node_read_imm(g, n, &imm, &bytes);
    return imm.func;
}

u32 node_effects(const Graph *g, const Node *n)
{
    if (n->op == NODE_state || n->op == NODE_charge) return THROWS; // nothing passes it
    if (n->op == OP_call && g->known) return g->known->effects[called(g, n)];
    return n->op < OP_COUNT ? op_effects((Op)n->op) : NO_EFFECT;
}

Bytes node_imm(const Graph *g, const Node *n)
{
    if (n->flags & NODE_own_imm) return (Bytes){g->imms.data + n->imm, g->imms.len - n->imm};
    return (Bytes){g->m->bytes + n->imm, g->m->size - n->imm};
}

void node_read_imm(const Graph *g, const Node *n, Imm *imm, Bytes *bytes)
{
    Diag diag;
    Bytes at = node_imm(g, n);
    diag_init(&diag);
    ImmReader r = {.m = g->m, .next = at.data, .end = at.data + at.len, .diag = &diag,
                   .arena = g->arena};
    imm->op = (Op)n->op;
    if (!imm_read(&r, imm->op, imm)) assert(!"it was validated");
    *bytes = (Bytes){at.data, (size_t)(r.next - at.data)};
}

// Of what floats, and is no constant: does it have any, in bytes?
static bool has_imm(u32 op)
{
    return op < OP_COUNT && op != OP_ref_null && op_info[op].immediates != IMM_none;
}

// ---- Nodes

static u32 mix(u32 hash, u32 word) { return (hash ^ word) * 0x9e3779b1u ^ hash >> 15; }

static u32 hash_node(const Graph *g, Node *n)
{
    u32 hash = mix(n->op, n->type);
    if (node_is_const(n)) {
        for (u32 i = 0; i < 3; i++) hash = mix(hash, n->in[i]);
        return mix(hash, n->imm);
    }
    const NodeId *in = node_inputs(g, n);
    bool turned = op_commutes((Op)n->op) && in[0] > in[1];
    for (u32 i = 0; i < node_count(n); i++) hash = mix(hash, in[turned ? 1 - i : i]);
    if (!has_imm(n->op)) return mix(hash, n->imm);
    Imm imm;
    Bytes bytes;
    node_read_imm(g, n, &imm, &bytes);
    for (size_t i = 0; i < bytes.len; i++) hash = mix(hash, bytes.data[i]);
    return hash;
}

// Either way round, where that is the same.
static bool same_inputs(const Graph *g, Node *a, Node *b)
{
    if (!memcmp(node_inputs(g, a), node_inputs(g, b), node_count(a) * sizeof(NodeId))) return true;
    return op_commutes((Op)a->op) && a->in[0] == b->in[1] && a->in[1] == b->in[0];
}

static bool same_node(const Graph *g, Node *a, Node *b)
{
    if (a->op != b->op || a->type != b->type || node_count(a) != node_count(b)) return false;
    if (node_is_const(a)) return !memcmp(a->bytes, b->bytes, sizeof a->bytes);
    if (!same_inputs(g, a, b)) return false;
    if (!has_imm(a->op)) return a->imm == b->imm;
    Imm imm;
    Bytes x, y;
    node_read_imm(g, a, &imm, &x);
    node_read_imm(g, b, &imm, &y);
    return bytes_same(x, y);
}

static void put_in_table(Graph *g, NodeId id)
{
    u32 mask = g->table_size - 1, at = hash_node(g, &g->nodes[id]) & mask;
    graph_work(g, 1);
    for (; g->table[at]; at = (at + 1) & mask) graph_work(g, 1);
    g->table[at] = id;
}

static void grow_table(Graph *g)
{
    enum { FIRST = 64 };
    const NodeId *old = g->table;
    u32 old_size = g->table_size;
    g->table_size = MAX(2 * old_size, FIRST);
    g->table = NEW_ARRAY(g->arena, NodeId, g->table_size);
    for (u32 i = 0; i < old_size; i++)
        if (old[i]) put_in_table(g, old[i]);
}

// One like it that is in the table; else it is now, and 0.
static NodeId find_or_put(Graph *g, NodeId id)
{
    if (2 * g->table_count >= g->table_size) grow_table(g);
    u32 mask = g->table_size - 1, at = hash_node(g, &g->nodes[id]) & mask;
    for (; g->table[at]; at = (at + 1) & mask) {
        graph_work(g, 1);
        if (same_node(g, &g->nodes[g->table[at]], &g->nodes[id])) return g->table[at];
    }
    g->table[at] = id;
    g->table_count++;
    return 0;
}

// The last that was pushed, or one like it that was there before.
static NodeId once(Graph *g)
{
    NodeId id = g->node_count - 1, other = find_or_put(g, id);
    if (!other) return id;
    g->node_count--;
    if (g->states) g->place_count--;
    return graph_at(g, other);
}

static NodeId push(Graph *g, u32 op, u32 flags, Type type)
{
    graph_work(g, 1);
    ARENA_PUSH(g->arena, g->nodes, g->node_count, g->node_cap) =
        (Node){.op = (u16)op, .flags = (u8)flags, .type = type};
    if (g->states) ARENA_PUSH(g->arena, g->places, g->place_count, g->place_cap) = g->at;
    return g->node_count - 1;
}

static NodeId push_inputs(Graph *g, u32 op, u32 flags, Type type, const NodeId *in, u32 count,
                          u32 imm)
{
    NodeId id = push(g, op, flags, type);
    Node *n = &g->nodes[id];
    n->imm = imm;
    n->count = (u8)MIN(count, COUNT_OF(n->in));
    if (count <= COUNT_OF(n->in)) {
        for (u32 i = 0; i < count; i++) n->in[i] = in[i];
        return id;
    }
    graph_work(g, count);
    n->flags |= NODE_many;
    n->in[0] = g->input_count;
    n->in[1] = count;
    for (u32 i = 0; i < count; i++)
        ARENA_PUSH(g->arena, g->inputs, g->input_count, g->input_cap) = in[i];
    return id;
}

NodeId graph_add(Graph *g, u32 op, Type type, const NodeId *in, u32 count, u32 imm)
{
    return push_inputs(g, op, 0, type, in, count, imm);
}

// What one that floats and has few inputs may be instead; 0: nothing else. These may change places.
static NodeId simpler(Graph *g, Node *n)
{
    switch (n->op) {
    case OP_ref_is_null: case OP_ref_test: case OP_ref_test_null: case OP_ref_eq:
    case OP_any_convert_extern: case OP_extern_convert_any: return fold_reference(g, n);
    default: return fold(g, (Op)n->op, n->type, n->in, n->count);
    }
}

static NodeId pure(Graph *g, u32 op, u32 flags, Type type, const NodeId *in, u32 count, u32 imm)
{
    Node n = {.op = (u16)op, .type = type, .flags = (u8)flags, .count = (u8)count, .imm = imm};
    if (g->rules && op < OP_COUNT && count <= COUNT_OF(n.in)) {
        for (u32 i = 0; i < count; i++) n.in[i] = in[i];
        NodeId other = simpler(g, &n);
        if (other) return other;
        in = n.in;
    }
    push_inputs(g, op, flags, type, in, count, imm);
    return once(g);
}

NodeId graph_pure(Graph *g, u32 op, Type type, const NodeId *in, u32 count, u32 imm)
{
    return pure(g, op, NODE_floats, type, in, count, imm);
}

NodeId graph_like(Graph *g, NodeId id, const NodeId *in)
{
    const Node n = g->nodes[id];
    u32 flags = n.flags & (NODE_floats | NODE_own_imm);
    if (g->states) g->at = g->places[id];
    if (node_floats(&n)) return pure(g, n.op, flags, n.type, in, node_count(&n), n.imm);
    return push_inputs(g, n.op, flags, n.type, in, node_count(&n), n.imm);
}

NodeId graph_pure_with(Graph *g, u32 op, Type type, const NodeId *in, u32 count, Bytes imm)
{
    u32 at = (u32)g->imms.len;
    buf_bytes(&g->imms, imm.data, imm.len);
    return pure(g, op, NODE_floats | NODE_own_imm, type, in, count, at);
}

NodeId graph_const(Graph *g, Type type, u64 bits)
{
    static const u16 ops[] = {[TYPE_i32] = OP_i32_const, [TYPE_i64] = OP_i64_const,
                              [TYPE_f32] = OP_f32_const, [TYPE_f64] = OP_f64_const};
    NodeId id = push(g, ops[type], NODE_floats, type);
    g->nodes[id].bits = type == TYPE_i32 || type == TYPE_f32 ? (u32)bits : bits;
    return once(g);
}

NodeId graph_v128(Graph *g, const u8 bytes[16])
{
    NodeId id = push(g, OP_v128_const, NODE_floats, TYPE_v128);
    memcpy(g->nodes[id].bytes, bytes, 16);
    return once(g);
}

NodeId graph_zero(Graph *g, Type type)
{
    static const u8 zeros[16];
    if (type_is_ref(type)) return graph_pure(g, OP_ref_null, type, NULL, 0, 0);
    return type == TYPE_v128 ? graph_v128(g, zeros) : graph_const(g, type, 0);
}

void graph_same(Graph *g, NodeId id, NodeId as)
{
    as = graph_at(g, as);
    if (id == as) return;
    Node *n = &g->nodes[id];
    n->op = NODE_same;
    n->flags = 0;
    n->count = 1;
    n->in[0] = as;
}

// What it is instead; 0: it stays.
static NodeId renewed(Graph *g, NodeId id)
{
    Node n = g->nodes[id]; // a copy: more may be made
    if (!node_is_const(&n) && g->rules && n.op < OP_COUNT && !(n.flags & NODE_many)) {
        NodeId other = simpler(g, &n);
        if (other) return other;
        memcpy(g->nodes[id].in, n.in, sizeof n.in);
    }
    return find_or_put(g, id);
}

void graph_renew(Graph *g)
{
    u32 count = g->node_count;
    if (!g->table_size) grow_table(g);
    memset(g->table, 0, g->table_size * sizeof *g->table);
    g->table_count = 0;
    u32 found = 0;
    graph_work(g, count);
    for (NodeId id = 1; id < count; id++) {
        Node *n = &g->nodes[id];
        if (!node_floats(n) || !(n->flags & NODE_used)) continue;
        NodeId *in = node_inputs(g, n);
        for (u32 i = 0; !node_is_const(n) && i < node_count(n); i++) in[i] = graph_at(g, in[i]);
        NodeId other = renewed(g, id);
        if (!other || other == id) continue;
        graph_same(g, id, other);
        found++;
    }
    if (found) graph_note(g, "simpler by rules, or there already: %u", found);
}

// ---- Blocks

BlockId graph_block(Graph *g, u32 region)
{
    graph_work(g, 4);
    ARENA_PUSH(g->arena, g->blocks, g->block_count, g->block_cap) =
        (Block){.first = g->skeleton_count, .region = region, .idom = NO_BLOCK};
    return g->block_count - 1;
}

void graph_append(Graph *g, BlockId block, NodeId node)
{
    Block *b = &g->blocks[block];
    assert(b->first + b->count == g->skeleton_count);
    ARENA_PUSH(g->arena, g->skeleton, g->skeleton_count, g->skeleton_cap) = node;
    b->count++;
}

// What it has gets a new place, with those in between.
static void put_among(Graph *g, BlockId id, u32 at, const NodeId *nodes, u32 count)
{
    Block *b = &g->blocks[id];
    u32 first = g->skeleton_count;
    graph_work(g, b->count + count);
    for (u32 i = 0; i < b->count + count; i++) {
        NodeId node = i < at ? g->skeleton[b->first + i]
                      : i < at + count ? nodes[i - at]
                                       : g->skeleton[b->first + i - count];
        ARENA_PUSH(g->arena, g->skeleton, g->skeleton_count, g->skeleton_cap) = node;
    }
    b->first = first;
    b->count += count;
}

void graph_put_phis(Graph *g, BlockId block, const NodeId *phis, u32 count)
{
    put_among(g, block, g->blocks[block].phi_count, phis, count);
    g->blocks[block].phi_count += count;
}

void graph_put_last(Graph *g, BlockId block, const NodeId *nodes, u32 count)
{
    put_among(g, block, g->blocks[block].count, nodes, count);
}

static void shift(BlockId *id, BlockId at, u32 by)
{
    if (*id != NO_BLOCK && *id >= at) *id += by;
}

void graph_gap(Graph *g, BlockId at, u32 count)
{
    Block *blocks = NEW_ARRAY(g->arena, Block, (size_t)g->block_count + count);
    graph_work(g, g->block_count + count + g->edge_count);
    for (u32 i = 0; i < g->edge_count; i++) shift(&g->edges[i].to, at, count);
    for (BlockId id = 0; id < g->block_count; id++) {
        Block b = g->blocks[id];
        for (u32 i = 0; i < b.pred_count; i++) shift(&g->words[b.preds + i], at, count);
        graph_work(g, b.pred_count);
        blocks[id < at ? id : id + count] = b;
    }
    for (u32 r = 0; r < g->region_count; r++) {
        shift(&g->regions[r].entry, at, count);
        shift(&g->regions[r].catches, at, count);
    }
    g->blocks = blocks;
    g->block_count += count;
    g->block_cap = g->block_count;
}

u32 graph_edges(Graph *g, BlockId block, u32 count)
{
    Block *b = &g->blocks[block];
    b->edges = g->edge_count;
    b->edge_count = count;
    graph_work(g, count);
    for (u32 i = 0; i < count; i++)
        ARENA_PUSH(g->arena, g->edges, g->edge_count, g->edge_cap) = (Edge){NO_BLOCK, 0};
    return b->edges;
}

void region_nest(Graph *g, u32 id)
{
    Region *region = &g->regions[id];
    const Region *o = region->outer == NO_REGION ? NULL : &g->regions[region->outer];
    bool loops = region->kind == REGION_loop;
    region->depth = (o ? o->depth : 0) + 1;
    region->loop_depth = (o ? o->loop_depth : 0) + loops;
    region->loop = loops ? id : o ? o->loop : NO_REGION;
}

u32 graph_region(Graph *g, RegionKind kind, u32 outer)
{
    Region region = {.kind = (u8)kind, .outer = outer, .entry = NO_BLOCK, .catches = NO_BLOCK};
    ARENA_PUSH(g->arena, g->regions, g->region_count, g->region_cap) = region;
    region_nest(g, g->region_count - 1);
    return g->region_count - 1;
}

// ---- Dominators
//
// Blocks come behind their predecessors but for edges back to headers, which change nothing: so
// one pass will do. A block's `skip` is its parent, or, where two skips in a row are as long, what
// both reach: any dominator is a logarithm of skips away.

static BlockId at_depth(const Graph *g, BlockId b, u32 depth)
{
    while (g->blocks[b].depth > depth) {
        BlockId skip = g->blocks[b].skip;
        b = g->blocks[skip].depth >= depth ? skip : g->blocks[b].idom;
    }
    return b;
}

BlockId graph_common(const Graph *g, BlockId a, BlockId b)
{
    u32 depth = MIN(g->blocks[a].depth, g->blocks[b].depth);
    a = at_depth(g, a, depth);
    b = at_depth(g, b, depth);
    while (a != b) {
        const Block *x = &g->blocks[a], *y = &g->blocks[b];
        bool far = x->skip != y->skip;
        a = far ? x->skip : x->idom;
        b = far ? y->skip : y->idom;
    }
    return a;
}

static void set_idom(Graph *g, BlockId id, BlockId idom)
{
    Block *b = &g->blocks[id], *p = &g->blocks[idom], *s = &g->blocks[p->skip];
    b->idom = idom;
    b->depth = p->depth + 1;
    b->skip = p->depth - s->depth == s->depth - g->blocks[s->skip].depth ? s->skip : idom;
}

void graph_dominators(Graph *g)
{
    if (!g->block_count) return;
    g->blocks[0].idom = g->blocks[0].skip = 0;
    g->blocks[0].depth = 0;
    for (BlockId id = 1; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        BlockId idom = NO_BLOCK;
        graph_work(g, 1 + b->pred_count);
        for (u32 i = 0; i < b->pred_count; i++) {
            BlockId pred = g->words[b->preds + i];
            if (pred >= id) continue;
            idom = idom == NO_BLOCK ? pred : graph_common(g, idom, pred);
        }
        if (idom != NO_BLOCK) set_idom(g, id, idom);
    }
}
