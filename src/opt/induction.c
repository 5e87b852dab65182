// induction.c -- products of what goes by a constant step are sums that go along with it.
//
//     i = phi 0, i + 1                i = phi 0, i + 1
//     ... i * n ...          ->       k = phi 0, k + n
//     ... (i + 2) * n ...             ... k ...  ... k + 2 * n ...

#include "opt/schedule.h"
#include "opt/watch.h"

enum { ADDED_MOST = 4, PHIS_MOST = 8, MADE_MOST = 32 };

typedef struct {
    Graph *g;
    const BlockId *place; // by node, of those there were
    u32 known;
    BlockId *header;      // by phi: of which loop, plus 1
    u32 *added;           // by block: phis that it got
    u32 made_count;
    struct { NodeId phi, by, sum; u32 op; } made[MADE_MOST];
    bool shifts;
} Reducer;

static Node *at(const Reducer *r, NodeId id) { return graph_node(r->g, id); }
static bool is_number(const Reducer *r, NodeId id)
{
    return at(r, id)->op == OP_i32_const || at(r, id)->op == OP_i64_const;
}
static bool is_sum(const Node *n) { return n->op == OP_i32_add || n->op == OP_i64_add; }

// What the phi of a header goes by each turn, a constant; 0: something else.
static NodeId step_of(const Reducer *r, NodeId phi)
{
    const NodeId *in = node_inputs(r->g, &r->g->nodes[phi]);
    for (u32 i = 2; i < node_count(&r->g->nodes[phi]); i++)
        if (graph_at(r->g, in[i]) != graph_at(r->g, in[1])) return 0;
    const Node *next = at(r, in[1]);
    bool goes = is_sum(next) && graph_at(r->g, next->in[0]) == phi && is_number(r, next->in[1]);
    return goes ? graph_at(r->g, next->in[1]) : 0;
}

static void find_phis(Reducer *r)
{
    Graph *g = r->g;
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        if (!block_is_header(g, id) || b->pred_count < 2) continue;
        graph_work(g, b->phi_count * b->pred_count);
        for (u32 i = 0; i < b->phi_count; i++) {
            NodeId phi = g->skeleton[b->first + i];
            if (step_of(r, phi)) r->header[phi] = id + 1;
        }
    }
}

// Is it in the loop? Nobody knows how deep.
static bool is_inside(const Reducer *r, BlockId place, BlockId header)
{
    Graph *g = r->g;
    u32 region = g->blocks[place].region, loop = g->blocks[header].region;
    for (; region != NO_REGION && g->regions[region].depth > g->regions[loop].depth;
         region = g->regions[region].outer)
        graph_work(g, 1);
    return region == loop;
}

// Was it there before the loop began?
static bool is_before(const Reducer *r, NodeId id, BlockId header)
{
    const Graph *g = r->g;
    if (node_is_const(at(r, id))) return true;
    id = graph_at(g, id);
    if (id >= r->known || r->place[id] == NO_BLOCK) return false;
    BlockId place = r->place[id];
    return !is_inside(r, place, header) && graph_common(g, place, header) == place;
}

static bool is_product(const Reducer *r, const Node *n)
{
    if (n->op == OP_i32_mul || n->op == OP_i64_mul) return true;
    return r->shifts && (n->op == OP_i32_shl || n->op == OP_i64_shl);
}

static NodeId operate(Reducer *r, u32 op, Type type, NodeId a, NodeId b)
{
    const NodeId in[2] = {a, b};
    return graph_pure(r->g, op, type, in, 2, 0);
}

// A phi that is what the operator gives of the other, which is of that header.
static NodeId new_phi(Reducer *r, BlockId header, NodeId phi, u32 op, NodeId by)
{
    Graph *g = r->g;
    u32 count = g->blocks[header].pred_count;
    Type type = g->nodes[phi].type;
    u32 sum = type == TYPE_i32 ? OP_i32_add : OP_i64_add;
    NodeId *in = NEW_ARRAY(g->arena, NodeId, count);
    if (g->states) g->at = g->places[phi];
    NodeId step = operate(r, op, type, step_of(r, phi), by);
    in[0] = operate(r, op, type, graph_at(g, node_inputs(g, &g->nodes[phi])[0]), by);
    NodeId made = graph_add(g, NODE_phi, type, in, count, 0);
    NodeId next = operate(r, sum, type, made, step);
    for (u32 i = 1; i < count; i++) node_inputs(g, &g->nodes[made])[i] = next;
    graph_put_phis(g, header, &made, 1);
    r->added[header]++;
    return made;
}

// The one that there is, or a new one; 0: there are too many.
static NodeId phi_for(Reducer *r, BlockId header, NodeId phi, u32 op, NodeId by)
{
    for (u32 i = 0; i < r->made_count; i++)
        if (r->made[i].phi == phi && r->made[i].by == by && r->made[i].op == op)
            return r->made[i].sum;
    bool many = r->added[header] == ADDED_MOST || r->g->blocks[header].phi_count >= PHIS_MOST;
    if (many || r->made_count == MADE_MOST) return 0;
    NodeId made = new_phi(r, header, phi, op, by);
    r->made[r->made_count].phi = phi;
    r->made[r->made_count].by = by;
    r->made[r->made_count].op = op;
    r->made[r->made_count++].sum = made;
    return made;
}

// Of a phi, or a sum of one and a number, and what it is multiplied by.
static bool reduce(Reducer *r, NodeId id, NodeId of, NodeId by)
{
    Graph *g = r->g;
    const Node n = g->nodes[id], *sum = at(r, of);
    NodeId phi = graph_at(g, of), more = 0;
    by = graph_at(g, by);
    if (is_sum(sum) && is_number(r, sum->in[1])) {
        phi = graph_at(g, sum->in[0]);
        more = graph_at(g, sum->in[1]);
    }
    if (phi >= r->known || !r->header[phi]) return false;
    BlockId header = r->header[phi] - 1;
    if (!is_inside(r, r->place[id], header) || !is_before(r, by, header)) return false;
    NodeId made = phi_for(r, header, phi, n.op, by);
    if (!made) return false;
    u32 op = n.type == TYPE_i32 ? OP_i32_add : OP_i64_add;
    if (more) made = operate(r, op, n.type, made, operate(r, n.op, n.type, more, by));
    graph_same(g, id, made);
    return true;
}

void graph_reduce(Graph *g)
{
    Reducer r = {.g = g, .known = g->node_count, .shifts = g->states != NULL};
    u32 reduced = 0;
    if (!g->region_count || !g->longer) return;
    graph_dominators(g);
    r.header = NEW_ARRAY(g->arena, BlockId, r.known);
    r.added = NEW_ARRAY(g->arena, u32, g->block_count);
    find_phis(&r);
    r.place = schedule_places(g);
    if (!r.place) return; // it stays as it is anyway
    u64 until = g->work + (g->work_most - g->work) / 8;
    for (NodeId id = 1; id < r.known && g->work < until; id++) {
        const Node *n = &g->nodes[id];
        if (!(n->flags & NODE_used) || !is_product(&r, n) || r.place[id] == NO_BLOCK) continue;
        NodeId a = n->in[0], b = n->in[1];
        bool mul = n->op == OP_i32_mul || n->op == OP_i64_mul;
        reduced += reduce(&r, id, a, b) || (mul && reduce(&r, id, b, a));
    }
    g->loops_changed |= reduced != 0;
    if (reduced) graph_note(g, "%u products that are sums, by %u steps", reduced, r.made_count);
}
