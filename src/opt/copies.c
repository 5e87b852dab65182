// copies.c -- blocks of loops once more. See loops.h.

#include "opt/loops.h"
#include "opt/states.h"

static void put(Graph *g, NodeId id)
{
    ARENA_PUSH(g->arena, g->skeleton, g->skeleton_count, g->skeleton_cap) = id;
}

// Room for so many blocks where the loop ends.
void loop_gap(Loop *l, u32 count)
{
    graph_gap(l->g, l->end, count);
    for (u32 i = 0; i < l->exit_count; i++)
        if (l->exits[i].at >= l->end) l->exits[i].at += count;
}

// More ways come there: those of the loop once more from each copy.
static void widen(Loop *l, LoopExit *x, u32 times)
{
    Graph *g = l->g;
    Block *b = block(l, x->at);
    u32 old = b->preds, size = l->end - l->header;
    x->preds = b->pred_count;
    x->ranks = 0;
    x->rank = NEW_ARRAY(g->arena, u32, x->preds);
    b->preds = g->word_count;
    for (u32 i = 0; i < x->preds; i++) {
        if (is_in(l, g->words[old + i])) x->rank[i] = ++x->ranks;
        graph_word(g, g->words[old + i]);
    }
    for (u32 copy = 1; copy < times; copy++)
        for (u32 i = 0; i < x->preds; i++)
            if (x->rank[i]) graph_word(g, g->words[old + i] + copy * size);
    b->pred_count = g->word_count - b->preds;
    for (u32 k = 0; k < b->phi_count; k++) {
        Node *phi = node(l, g->skeleton[b->first + k]);
        const NodeId *in = node_inputs(g, phi);
        u32 first = g->input_count;
        graph_work(g, b->pred_count);
        NodeId few[3] = {0};
        for (u32 i = 0; i < x->preds && !(phi->flags & NODE_many); i++) few[i] = in[i];
        for (u32 i = 0; i < b->pred_count; i++) {
            NodeId from = i >= x->preds ? 0 : phi->flags & NODE_many ? g->inputs[phi->in[0] + i]
                                                                     : few[i];
            ARENA_PUSH(g->arena, g->inputs, g->input_count, g->input_cap) = from;
        }
        phi->flags |= NODE_many;
        phi->in[0] = first;
        phi->in[1] = b->pred_count;
    }
}

static LoopExit *exit_at(Loop *l, BlockId at)
{
    for (u32 i = 0; i < l->exit_count; i++)
        if (l->exits[i].at == at) return &l->exits[i];
    return NULL;
}

static NodeId mapped_before(const Loop *l, NodeId id)
{
    return varies(l, id) ? l->before[id] : id;
}

// What the copy begins with: what the one before came back with.
static void begin_copy(Loop *l, Block *b)
{
    Graph *g = l->g;
    const Block old = *block(l, l->header);
    u32 ways = old.pred_count - 1;
    for (u32 i = 0; i < old.phi_count; i++) {
        NodeId id = g->skeleton[old.first + i], *list = loop_list_of(l, ways);
        for (u32 k = 0; k < ways; k++)
            list[k] = mapped_before(l, node_inputs(g, node(l, id))[k + 1]);
        l->map[id] = list[0];
        if (ways == 1) continue;
        if (g->states) g->at = g->places[id];
        l->map[id] = graph_add(g, NODE_phi, node(l, id)->type, list, ways, 0);
        put(g, l->map[id]);
        b->phi_count++;
    }
}

// As it is, for now.
NodeId loop_same_again(Loop *l, NodeId id)
{
    Graph *g = l->g;
    u32 count = node_count(node(l, id));
    NodeId *list = loop_list_of(l, count);
    for (u32 i = 0; i < count; i++) list[i] = node_inputs(g, node(l, id))[i];
    return graph_like(g, id, list);
}

void loop_copy_skeleton(Loop *l, BlockId from, Block *b)
{
    Graph *g = l->g;
    const Block old = *block(l, from);
    b->first = g->skeleton_count;
    b->phi_count = 0;
    if (old.given_count) b->given = g->node_count;
    for (u32 i = 0; i < old.given_count; i++)
        l->map[old.given + i] = loop_same_again(l, old.given + i);
    if (from == l->header) begin_copy(l, b);
    else b->phi_count = old.phi_count;
    for (u32 i = from == l->header ? old.phi_count : 0; i < old.count; i++) {
        NodeId id = g->skeleton[old.first + i];
        if (from == l->header && is_loop_state(g, id)) continue;
        l->map[id] = loop_same_again(l, id);
        put(g, l->map[id]);
        for (NodeId r = id + 1; is_result_of(g, r, id); r++) {
            NodeId of = l->map[id];
            l->map[r] = graph_like(g, r, &of);
        }
    }
    b->count = g->skeleton_count - b->first;
}

void loop_set_inputs(Loop *l, BlockId from, const Block *b)
{
    Graph *g = l->g;
    for (u32 i = from == l->header ? b->phi_count : 0; i < b->count; i++) {
        Node *n = node(l, g->skeleton[b->first + i]);
        NodeId *in = node_inputs(g, n);
        graph_work(g, node_count(n));
        for (u32 k = 0; k < node_count(n); k++) in[k] = mapped(l, in[k]);
    }
}

static void copy_edges(Loop *l, BlockId from, Block *b, u32 copy, u32 times)
{
    Graph *g = l->g;
    const Block old = *block(l, from);
    u32 size = l->end - l->header;
    b->edges = g->edge_count;
    for (u32 i = 0; i < old.edge_count; i++) {
        Edge e = *block_edge(g, &old, i);
        if (e.to == l->header) {
            if (copy < times - 1) e = (Edge){l->header + (copy + 1) * size, e.input - 1};
        } else if (is_in(l, e.to)) {
            e.to += copy * size;
        } else {
            const LoopExit *x = exit_at(l, e.to);
            const Block *to = block(l, e.to);
            u32 input = x->preds + (copy - 1) * x->ranks + x->rank[e.input] - 1;
            for (u32 k = 0; k < to->phi_count; k++) {
                NodeId *in = node_inputs(g, node(l, g->skeleton[to->first + k]));
                in[input] = mapped(l, in[e.input]);
            }
            e.input = input;
        }
        ARENA_PUSH(g->arena, g->edges, g->edge_count, g->edge_cap) = e;
    }
}

static void copy_preds(Loop *l, BlockId from, Block *b, u32 copy)
{
    Graph *g = l->g;
    const Block old = *block(l, from);
    bool header = from == l->header;
    u32 size = l->end - l->header;
    b->preds = g->word_count;
    b->pred_count = old.pred_count - header;
    for (u32 i = header; i < old.pred_count; i++)
        graph_word(g, g->words[old.preds + i] + (copy - header) * size);
}

static void copy_blocks(Loop *l, u32 copy, u32 times)
{
    Graph *g = l->g;
    u32 size = l->end - l->header;
    NodeId *before = l->before;
    l->before = l->map;
    l->map = before;
    for (BlockId id = l->header; id < l->end; id++) {
        Block b = *block(l, id);
        graph_work(g, 4 + b.count);
        b.idom = NO_BLOCK;
        loop_copy_skeleton(l, id, &b);
        copy_preds(l, id, &b, copy);
        *block(l, id + copy * size) = b;
    }
    loop_copy_floating(l);
    for (BlockId id = l->header; id < l->end; id++) {
        Block *b = block(l, id + copy * size);
        loop_set_inputs(l, id, b);
        if (b->go == GO_if || b->go == GO_table) b->value = mapped(l, b->value);
        copy_edges(l, id, b, copy, times);
    }
}

// Back to the header from the last copy, and from the first to the second.
static void close_ring(Loop *l, u32 times)
{
    Graph *g = l->g;
    Block *header = block(l, l->header);
    u32 size = l->end - l->header;
    for (u32 k = 1; k < header->pred_count; k++) {
        g->words[header->preds + k] += (times - 1) * size;
        for (u32 i = 0; i < header->phi_count; i++) {
            NodeId *in = &node_inputs(g, node(l, g->skeleton[header->first + i]))[k];
            *in = mapped(l, *in);
        }
    }
    for (BlockId id = l->header; id < l->end; id++)
        for (u32 i = 0; i < block(l, id)->edge_count; i++) {
            Edge *e = block_edge(g, block(l, id), i);
            if (e->to == l->header) *e = (Edge){l->header + size, e->input - 1};
        }
}

void loop_repeat(Loop *l, u32 times)
{
    if (times < 2) return;
    loop_need_inside(l);
    for (u32 i = 0; i < l->leaf_count; i++) l->map[l->leaves[i]] = l->leaves[i];
    for (u32 i = 0; i < l->order_count; i++) l->map[l->order[i]] = l->order[i];
    loop_gap(l, (times - 1) * (l->end - l->header));
    for (u32 i = 0; i < l->exit_count; i++) widen(l, &l->exits[i], times);
    for (u32 copy = 1; copy < times; copy++) copy_blocks(l, copy, times);
    close_ring(l, times);
}

// ---- Once, and no more

static void cut_edge(Loop *l, BlockId from)
{
    Graph *g = l->g;
    Block *b = block(l, from);
    if (b->go == GO_if) {
        b->edges += block_edge(g, b, 0)->to == l->header;
        b->edge_count = 1;
        b->go = GO_jump;
        b->value = 0;
        b->hint = HINT_none;
        return;
    }
    NodeId end = graph_add(g, OP_unreachable, TYPE_bottom, NULL, 0, 0);
    graph_put_last(g, from, &end, 1);
    b->edge_count = 0;
    b->go = GO_leave;
}

void loop_cut(Loop *l)
{
    Graph *g = l->g;
    Block *header = block(l, l->header);
    for (u32 k = 1; k < header->pred_count; k++) cut_edge(l, g->words[header->preds + k]);
    header->pred_count = 1;
    for (u32 i = 0; i < header->phi_count; i++) {
        NodeId phi = g->skeleton[header->first + i];
        graph_same(g, phi, node_inputs(g, node(l, phi))[0]);
    }
    header->first += header->phi_count;
    header->count -= header->phi_count;
    header->phi_count = 0;
}
