// invert.c -- the test that a loop begins with is made in front of it, and at its end. See loops.h.
//
//     header: test, else behind          test, else behind
//     body                        ->     body: phis of what the header had
//     back to the header                 test, and back to the body

#include "opt/loops.h"
#include "opt/states.h"

enum { READS = (1 << DOMAIN_COUNT) - 1 };

// Does the header decide whether to go in, and do nothing else that others see?
bool loop_has_test(const Loop *l)
{
    enum { STANDING = 4 };
    const Graph *g = l->g;
    const Block *b = block(l, l->header);
    BlockId body = l->header + 1;
    if (b->go != GO_if || body == l->end || b->count > b->phi_count + STANDING) return false;
    const Edge *yes = block_edge(g, b, 0), *no = block_edge(g, b, 1);
    bool in = yes->to == body && !is_in(l, no->to);
    if (!in && (no->to != body || is_in(l, yes->to))) return false;
    const Block *first = block(l, body);
    if (first->pred_count != 1 || first->given_count || first->phi_count) return false;
    for (u32 i = b->phi_count; i < b->count; i++) {
        NodeId id = g->skeleton[b->first + i];
        u32 effects = node_effects(g, &g->nodes[id]);
        if (!is_loop_state(g, id) && (effects & ~(READS | TRAPS) || !g->nodes[id].type))
            return false;
    }
    for (u32 k = 1; k < b->pred_count; k++)
        if (block(l, g->words[b->preds + k])->go != GO_jump) return false;
    return true;
}

// Everything that the block uses, and hands on.
static void map_block(Loop *l, BlockId id)
{
    Graph *g = l->g;
    Block *b = block(l, id);
    loop_set_inputs(l, id, b);
    if (b->go == GO_if || b->go == GO_table) b->value = mapped(l, b->value);
    for (u32 i = 0; i < b->edge_count; i++) {
        Edge e = *block_edge(g, b, i);
        const Block *to = block(l, e.to);
        for (u32 k = 0; e.to != l->header && k < to->phi_count; k++) {
            NodeId *in = &node_inputs(g, node(l, g->skeleton[to->first + k]))[e.input];
            *in = mapped(l, *in);
        }
    }
}

// The loop begins with its body, where phis are what the header had.
static u32 begin_body(Loop *l, NodeId *phis, NodeId *of)
{
    Graph *g = l->g;
    const Block header = *block(l, l->header);
    u32 count = 0;
    NodeId none[2] = {0, 0}, state = loop_state(g, &header);
    loop_need_nothing(l);
    for (BlockId id = l->header + 1; id < l->end; id++) loop_need_block(l, id, 0);
    for (u32 i = 0; state && i < node_count(node(l, state)); i++)
        loop_need(l, node_inputs(g, node(l, state))[i]);
    loop_need_inputs(l);
    for (u32 i = 0; i < l->leaf_count; i++) {
        NodeId leaf = l->leaves[i];
        if (!(l->marks[leaf] & MARK_needed)) continue;
        if (g->states) g->at = g->places[leaf];
        of[count] = leaf;
        phis[count++] = l->map[leaf] = graph_add(g, NODE_phi, node(l, leaf)->type, none, 2, 0);
    }
    loop_copy_floating(l);
    if (state) {
        phis[count] = loop_same_again(l, state);
        Node *n = node(l, phis[count]);
        for (u32 i = 0; i < node_count(n); i++)
            node_inputs(g, n)[i] = mapped(l, node_inputs(g, n)[i]);
    }
    for (BlockId id = l->header + 1; id < l->end; id++) map_block(l, id);
    graph_put_phis(g, l->header + 1, phis, count + (state != 0));
    block(l, l->header + 1)->phi_count = count;
    return count;
}

// One more way to a block, which its phis have nothing for yet. Returns which.
static u32 add_pred(Graph *g, BlockId to, BlockId from)
{
    Block *b = &g->blocks[to];
    u32 old = b->preds, count = b->pred_count;
    b->preds = g->word_count;
    for (u32 i = 0; i < count; i++) graph_word(g, g->words[old + i]);
    graph_word(g, from);
    b->pred_count++;
    for (u32 k = 0; k < b->phi_count; k++) {
        NodeId phi = g->skeleton[b->first + k];
        const Node n = g->nodes[phi];
        u32 first = g->input_count;
        for (u32 i = 0; i <= count; i++) {
            NodeId in = i == count ? 0 : n.flags & NODE_many ? g->inputs[n.in[0] + i] : n.in[i];
            ARENA_PUSH(g->arena, g->inputs, g->input_count, g->input_cap) = in;
        }
        g->nodes[phi].flags |= NODE_many;
        g->nodes[phi].in[0] = first;
        g->nodes[phi].in[1] = count + 1;
    }
    return count;
}

// The header once more, where its body ends.
static void put_test(Loop *l, BlockId at, const NodeId *phis, const NodeId *of, u32 count)
{
    Graph *g = l->g;
    Block header = *block(l, l->header), b = header;
    NodeId *before = l->before;
    l->before = l->map;
    l->map = before;
    b.idom = NO_BLOCK;
    loop_copy_skeleton(l, l->header, &b);
    b.preds = g->word_count;
    b.pred_count = header.pred_count - 1;
    for (u32 k = 1; k < header.pred_count; k++) {
        BlockId from = g->words[header.preds + k];
        graph_word(g, from);
        *block_edge(g, block(l, from), 0) = (Edge){at, k - 1};
    }
    loop_copy_floating(l);
    loop_set_inputs(l, l->header, &b);
    b.value = mapped(l, b.value);
    b.edges = g->edge_count;
    for (u32 i = 0; i < 2; i++) {
        Edge e = *block_edge(g, &header, i);
        u32 old = e.input;
        e.input = add_pred(g, e.to, at);
        const Block *to = block(l, e.to);
        for (u32 k = 0; e.to != l->header + 1 && k < to->phi_count; k++) {
            NodeId *in = node_inputs(g, node(l, g->skeleton[to->first + k]));
            in[e.input] = mapped(l, in[old]);
        }
        ARENA_PUSH(g->arena, g->edges, g->edge_count, g->edge_cap) = e;
    }
    *block(l, at) = b;
    for (u32 i = 0; i < count; i++) node_inputs(g, node(l, phis[i]))[1] = l->map[of[i]];
}

// And in front of it: there its phis are what comes from before the loop.
static void put_guard(Loop *l, const NodeId *phis, const NodeId *of, u32 count)
{
    Graph *g = l->g;
    Block *header = block(l, l->header);
    for (u32 i = 0; i < l->leaf_count; i++) l->map[l->leaves[i]] = l->leaves[i];
    for (u32 i = 0; i < header->phi_count; i++) {
        NodeId phi = g->skeleton[header->first + i];
        l->map[phi] = node_inputs(g, node(l, phi))[0];
    }
    loop_copy_floating(l);
    header->first += header->phi_count;
    header->count -= header->phi_count;
    header->phi_count = 0;
    header->pred_count = 1;
    if (header->count && is_loop_state(g, g->skeleton[header->first])) {
        header->first++;
        header->count--;
    }
    map_block(l, l->header);
    for (u32 i = 0; i < count; i++) node_inputs(g, node(l, phis[i]))[0] = l->map[of[i]];
    header->region = g->regions[l->region].outer;
    g->regions[l->region].entry = l->header + 1;
}

void loop_invert(Loop *l)
{
    Graph *g = l->g;
    loop_open_header(l);
    NodeId *phis = NEW_ARRAY(g->arena, NodeId, l->leaf_count + 1);
    NodeId *of = NEW_ARRAY(g->arena, NodeId, l->leaf_count + 1);
    u32 count = begin_body(l, phis, of);
    loop_need_nothing(l);
    loop_need_block(l, l->header, block(l, l->header)->phi_count);
    loop_need_inputs(l);
    loop_gap(l, 1);
    put_test(l, l->end, phis, of, count);
    put_guard(l, phis, of, count);
}
