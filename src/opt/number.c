// number.c -- nodes get numbers in the order in which they can be computed, and those that nobody
// uses none, after copies were made. Who makes code goes by these numbers.

#include "opt/graph.h"

#include <string.h>

typedef struct { NodeId node; u32 next; } Visit;
typedef struct {
    Graph *g;
    NodeId *number;      // by node: its new one; 0: it has none yet
    u32 count; NodeId *order; // by new number: the old one
    u32 visit_count, visit_cap; Visit *visits;
} Numberer;

static void put_one(Numberer *n, NodeId id)
{
    n->number[id] = n->count;
    n->order[n->count++] = id;
}

// With its results, which stand behind it.
static void put(Numberer *n, NodeId id)
{
    const Graph *g = n->g;
    put_one(n, id);
    for (NodeId r = id + 1; r < g->node_count && g->nodes[r].op == NODE_result &&
                            g->nodes[r].in[0] == id; r++)
        put_one(n, r);
}

static u32 input_count(Node *n) { return node_is_const(n) ? 0 : node_count(n); }

// What floats and has no number yet, inputs first.
static void visit(Numberer *n, NodeId root)
{
    Graph *g = n->g;
    if (!root || n->number[root]) return;
    ARENA_PUSH(g->arena, n->visits, n->visit_count, n->visit_cap) = (Visit){root, 0};
    while (n->visit_count) {
        Visit *v = &n->visits[n->visit_count - 1];
        Node *node = &g->nodes[v->node];
        if (n->number[v->node] || v->next == input_count(node)) {
            if (!n->number[v->node]) put(n, v->node);
            n->visit_count--;
            continue;
        }
        NodeId in = node_inputs(g, node)[v->next++];
        if (n->number[in] || !node_floats(&g->nodes[in])) continue;
        ARENA_PUSH(g->arena, n->visits, n->visit_count, n->visit_cap) = (Visit){in, 0};
    }
}

static void number_block(Numberer *n, const Block *b)
{
    Graph *g = n->g;
    for (u32 i = 0; i < b->given_count; i++) put(n, b->given + i);
    for (u32 i = 0; i < b->count; i++) {
        NodeId id = g->skeleton[b->first + i];
        Node *node = &g->nodes[id];
        graph_work(g, 1 + node_count(node));
        for (u32 k = 0; i >= b->phi_count && k < node_count(node); k++)
            visit(n, node_inputs(g, node)[k]);
        put(n, id);
    }
    if (b->go == GO_if || b->go == GO_table) visit(n, b->value);
    for (u32 i = 0; i < b->edge_count; i++) {
        Edge e = *block_edge(g, b, i);
        const Block *to = &g->blocks[e.to];
        for (u32 k = 0; k < to->phi_count; k++)
            visit(n, node_inputs(g, &g->nodes[g->skeleton[to->first + k]])[e.input]);
    }
}

static void use_numbers(Numberer *n)
{
    Graph *g = n->g;
    const u32 room = n->count + n->count / 4;
    Node *nodes = NEW_ARRAY(g->arena, Node, room);
    GraphPlace *places = g->states ? NEW_ARRAY(g->arena, GraphPlace, room) : NULL;
    for (NodeId id = 1; id < n->count; id++) {
        nodes[id] = g->nodes[n->order[id]];
        if (places) places[id] = g->places[n->order[id]];
        if (node_is_const(&nodes[id])) continue;
        NodeId *in = nodes[id].flags & NODE_many ? g->inputs + nodes[id].in[0] : nodes[id].in;
        for (u32 i = 0; i < node_count(&nodes[id]); i++) in[i] = n->number[in[i]];
    }
    for (BlockId id = 0; id < g->block_count; id++) {
        Block *b = &g->blocks[id];
        for (u32 i = 0; i < b->count; i++)
            g->skeleton[b->first + i] = n->number[g->skeleton[b->first + i]];
        if (b->given_count) b->given = n->number[b->given];
        if (b->go == GO_if || b->go == GO_table) b->value = n->number[b->value];
    }
    g->nodes = nodes;
    g->node_count = n->count;
    g->node_cap = room;
    if (!places) return;
    g->places = places;
    g->place_count = n->count;
    g->place_cap = g->node_cap;
}

void graph_number(Graph *g)
{
    Numberer n = {.g = g, .number = NEW_ARRAY(g->arena, NodeId, g->node_count), .count = 1,
                  .order = NEW_ARRAY(g->arena, NodeId, g->node_count)};
    graph_work(g, g->node_count);
    for (BlockId id = 0; id < g->block_count; id++) number_block(&n, &g->blocks[id]);
    use_numbers(&n);
    memset(g->table, 0, g->table_size * sizeof *g->table); // until they are renewed
    g->table_count = 0;
}
