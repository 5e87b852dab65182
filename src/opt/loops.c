// loops.c -- see loops.h.

#include "opt/loops.h"

#include <string.h>

// ---- Which blocks

static bool may_be_copied(const Block *b)
{
    return b->go == GO_jump || b->go == GO_if || b->go == GO_table || b->go == GO_leave ||
           b->go == GO_branch;
}

// Where it ends: behind the last block that comes back. 0: it is none, or has what is not known.
static BlockId end_of(Loop *l)
{
    const Graph *g = l->g;
    BlockId last = l->header;
    u32 back = 0;
    for (BlockId id = l->header; id < g->block_count && block(l, id)->region == l->region; id++) {
        const Block *b = block(l, id);
        if (!may_be_copied(b)) return 0;
        graph_work(l->g, 1 + b->edge_count);
        for (u32 i = 0; i < b->edge_count; i++)
            if (block_edge(g, b, i)->to == l->header) last = id, back++;
    }
    return back && block(l, l->header)->pred_count == 1 + back ? last + 1 : 0;
}

// ---- What varies

static void mark_leaf(Loop *l, NodeId id)
{
    l->marks[id] |= MARK_seen | MARK_leaf | MARK_varies;
    ARENA_PUSH(l->g->arena, l->leaves, l->leaf_count, l->leaf_cap) = id;
}

static void mark_leaves(Loop *l)
{
    const Graph *g = l->g;
    for (BlockId id = l->header; id < l->leaves_end; id++) {
        const Block *b = block(l, id);
        for (u32 i = 0; i < b->given_count; i++) mark_leaf(l, b->given + i);
        for (u32 i = 0; i < b->count; i++) {
            NodeId n = g->skeleton[b->first + i];
            mark_leaf(l, n);
            for (NodeId r = n + 1; is_result_of(g, r, n); r++) mark_leaf(l, r);
        }
    }
}

static void enter(Loop *l, NodeId id)
{
    if (!id || !node_floats(node(l, id)) || l->marks[id] & MARK_seen) return;
    l->marks[id] |= MARK_seen;
    ARENA_PUSH(l->g->arena, l->visits, l->visit_count, l->visit_cap) = (LoopVisit){id, 0};
}

static void visit(Loop *l, NodeId root)
{
    enter(l, root);
    while (l->visit_count) {
        LoopVisit *v = &l->visits[l->visit_count - 1];
        Node *n = node(l, v->node);
        u32 count = node_is_const(n) ? 0 : node_count(n);
        if (v->next < count) {
            NodeId *in = &node_inputs(l->g, n)[v->next++];
            *in = graph_at(l->g, *in);
            enter(l, *in);
            continue;
        }
        NodeId id = v->node;
        l->visit_count--;
        graph_work(l->g, 1 + count);
        bool depends = false;
        for (u32 i = 0; i < count; i++) depends |= varies(l, node_inputs(l->g, n)[i]);
        if (!depends) continue;
        l->marks[id] |= MARK_varies;
        ARENA_PUSH(l->g->arena, l->order, l->order_count, l->order_cap) = id;
    }
}

static void visit_inputs(Loop *l, NodeId id)
{
    Node *n = node(l, id);
    graph_work(l->g, 1 + node_count(n));
    for (u32 i = 0; i < node_count(n); i++) {
        NodeId *in = &node_inputs(l->g, n)[i];
        *in = graph_at(l->g, *in);
        visit(l, *in);
    }
}

static void make_room(Loop *l)
{
    u32 count = l->g->node_count;
    l->leaf_count = l->order_count = l->exit_count = 0;
    l->known = count;
    graph_work(l->g, count / 8);
    if (count <= l->cap) {
        memset(l->marks, 0, count);
        return;
    }
    l->cap = count + count / 2;
    l->marks = NEW_ARRAY(l->g->arena, u8, l->cap);
    l->map = NEW_ARRAY(l->g->arena, NodeId, l->cap);
    l->before = NEW_ARRAY(l->g->arena, NodeId, l->cap);
}

static bool find_exits(Loop *l)
{
    const Graph *g = l->g;
    for (BlockId id = l->header; id < l->end; id++)
        for (u32 i = 0; i < block(l, id)->edge_count; i++) {
            BlockId to = block_edge(g, block(l, id), i)->to;
            u32 k = 0;
            while (k < l->exit_count && l->exits[k].at != to) k++;
            if (is_in(l, to) || k < l->exit_count) continue;
            if (l->exit_count == LOOP_EXITS) return false;
            l->exits[l->exit_count++] = (LoopExit){.at = to};
        }
    return true;
}

static void visit_block(Loop *l, BlockId id)
{
    const Graph *g = l->g;
    Block *b = block(l, id);
    for (u32 i = 0; i < b->count; i++) visit_inputs(l, g->skeleton[b->first + i]);
    if (b->go != GO_if && b->go != GO_table) return;
    b->value = graph_at(g, b->value);
    visit(l, b->value);
}

// What is done in it, and what it hands to those that it leaves to.
static bool look_inside(Loop *l)
{
    const Graph *g = l->g;
    make_room(l);
    mark_leaves(l);
    for (BlockId id = l->header; id < l->end; id++) {
        visit_block(l, id);
        for (u32 i = 0; i < block(l, id)->edge_count; i++) {
            Edge e = *block_edge(g, block(l, id), i);
            const Block *to = block(l, e.to);
            for (u32 k = 0; !is_in(l, e.to) && k < to->phi_count; k++) {
                NodeId *in = &node_inputs(g, node(l, g->skeleton[to->first + k]))[e.input];
                *in = graph_at(g, *in);
                visit(l, *in);
            }
        }
    }
    return find_exits(l);
}

bool loop_open(Loop *l, Graph *g, u32 region)
{
    l->g = g;
    l->region = region;
    l->header = g->regions[region].entry;
    l->end = l->leaves_end = end_of(l);
    return l->end && look_inside(l);
}

void loop_open_header(Loop *l)
{
    l->leaves_end = l->header + 1;
    look_inside(l); // its exits are as many as they were
}

// ---- What is needed

void loop_need(Loop *l, NodeId id)
{
    if (varies(l, id)) l->marks[id] |= MARK_needed;
}

// The inputs of what is needed are.
void loop_need_inputs(Loop *l)
{
    for (u32 i = l->order_count; i-- > 0;) {
        Node *n = node(l, l->order[i]);
        if (!(l->marks[l->order[i]] & MARK_needed)) continue;
        for (u32 k = 0; k < node_count(n); k++) loop_need(l, node_inputs(l->g, n)[k]);
    }
}

void loop_need_nothing(Loop *l)
{
    graph_work(l->g, l->leaf_count + l->order_count);
    for (u32 i = 0; i < l->leaf_count; i++) l->marks[l->leaves[i]] &= (u8)~MARK_needed;
    for (u32 i = 0; i < l->order_count; i++) l->marks[l->order[i]] &= (u8)~MARK_needed;
}

// By what is done in the block, from its i-th node on, and by phis that it leads to.
void loop_need_block(Loop *l, BlockId id, u32 i)
{
    const Graph *g = l->g;
    const Block *b = block(l, id);
    for (; i < b->count; i++) {
        Node *n = node(l, g->skeleton[b->first + i]);
        for (u32 k = 0; k < node_count(n); k++) loop_need(l, node_inputs(g, n)[k]);
    }
    if (b->go == GO_if || b->go == GO_table) loop_need(l, b->value);
    for (i = 0; i < b->edge_count; i++) {
        Edge e = *block_edge(g, b, i);
        const Block *to = block(l, e.to);
        for (u32 k = 0; k < to->phi_count; k++)
            loop_need(l, node_inputs(g, node(l, g->skeleton[to->first + k]))[e.input]);
    }
}

void loop_need_inside(Loop *l)
{
    loop_need_nothing(l);
    for (BlockId id = l->header; id < l->end; id++) loop_need_block(l, id, 0);
    loop_need_inputs(l);
}

u32 loop_size(Loop *l)
{
    u32 size = 0;
    loop_need_inside(l);
    for (BlockId id = l->header; id < l->end; id++) size += block(l, id)->count -
                                                            block(l, id)->phi_count + 1;
    for (u32 i = 0; i < l->order_count; i++) size += (l->marks[l->order[i]] & MARK_needed) != 0;
    return size;
}

// ---- What is used behind it

// The exit that each way to a block leads through: its number; LOOP_EXITS: there is none.
static u32 exit_to(const Loop *l, BlockId at)
{
    const Graph *g = l->g;
    for (u32 i = 0; i < l->exit_count; i++) {
        BlockId x = l->exits[i].at;
        graph_work(l->g, 4);
        if (x >= l->end && g->blocks[x].depth <= g->blocks[at].depth && graph_common(g, x, at) == x)
            return i;
    }
    return LOOP_EXITS;
}

static NodeId *used_at(const Loop *l, const LoopUse *u)
{
    return u->user ? &node_inputs(l->g, node(l, u->user))[u->input] : &block(l, u->at)->value;
}

// False: it varies, and not all ways there lead through one exit.
static bool note_use(Loop *l, LoopUse u)
{
    if (u.at < l->end || !varies(l, *used_at(l, &u))) return true;
    u.exit = exit_to(l, u.at);
    ARENA_PUSH(l->g->arena, l->uses, l->use_count, l->use_cap) = u;
    return u.exit != LOOP_EXITS;
}

static bool note_uses(Loop *l, BlockId id, u32 count)
{
    const Graph *g = l->g;
    for (u32 i = 0; i < count; i++) {
        const Block *b = block(l, id);
        NodeId user = g->skeleton[b->first + i];
        visit_inputs(l, user);
        for (u32 k = 0; k < node_count(node(l, user)); k++) {
            BlockId at = i < b->phi_count ? g->words[b->preds + k] : id;
            if (!note_use(l, (LoopUse){.user = user, .input = k, .at = at})) return false;
        }
    }
    return true;
}

// Also phis of loops around it get what it made, along edges behind it.
static bool find_uses(Loop *l)
{
    const Graph *g = l->g;
    u32 region = region_loop(g, g->regions[l->region].outer);
    l->use_count = 0;
    for (; region != NO_REGION; region = region_loop(g, g->regions[region].outer)) {
        BlockId id = g->regions[region].entry;
        graph_work(l->g, 1);
        if (!note_uses(l, id, block(l, id)->phi_count)) return false;
    }
    for (BlockId id = l->end; id < g->block_count; id++) {
        const Block *b = block(l, id);
        if (!note_uses(l, id, b->count)) return false;
        if (b->go != GO_if && b->go != GO_table) continue;
        block(l, id)->value = graph_at(g, b->value);
        visit(l, b->value);
        if (!note_use(l, (LoopUse){.at = id})) return false;
    }
    return true;
}

NodeId *loop_list_of(Loop *l, u32 count)
{
    if (count > l->list_cap) {
        l->list_cap = count + count / 2;
        l->list = NEW_ARRAY(l->g->arena, NodeId, l->list_cap);
    }
    return l->list;
}

// Phis for the leaves that are needed.
static void put_phis(Loop *l, BlockId at)
{
    Graph *g = l->g;
    u32 preds = block(l, at)->pred_count, count = 0;
    NodeId *phis = NEW_ARRAY(g->arena, NodeId, l->leaf_count), *list = loop_list_of(l, preds);
    for (u32 i = 0; i < l->leaf_count; i++) {
        NodeId leaf = l->leaves[i];
        if (!(l->marks[leaf] & MARK_needed)) continue;
        for (u32 k = 0; k < preds; k++) list[k] = leaf;
        if (g->states) g->at = g->places[leaf];
        phis[count++] = l->map[leaf] = graph_add(g, NODE_phi, node(l, leaf)->type, list, preds, 0);
    }
    graph_put_phis(g, at, phis, count);
}

// With the inputs that it has in the copy at hand.
static NodeId copy_of(Loop *l, NodeId id)
{
    Graph *g = l->g;
    u32 count = node_count(node(l, id));
    NodeId *list = loop_list_of(l, count);
    for (u32 i = 0; i < count; i++) {
        NodeId in = node_inputs(g, node(l, id))[i];
        list[i] = mapped(l, in);
    }
    return graph_like(g, id, list);
}

void loop_copy_floating(Loop *l)
{
    Graph *g = l->g;
    for (u32 i = 0; i < l->order_count; i++) {
        NodeId id = l->order[i];
        if (!(l->marks[id] & MARK_needed)) continue;
        NodeId copy = l->map[id] = copy_of(l, id);
        for (NodeId r = id + 1; is_result_of(g, r, id); r++) graph_like(g, r, &copy);
    }
}

static bool close_exit(Loop *l, u32 exit)
{
    enum { PREDS = 64, INPUTS = 1024 }; // other loops leave to it too, and widen it again
    const Block *b = block(l, l->exits[exit].at);
    bool some = false;
    if (b->pred_count > PREDS || b->pred_count * b->phi_count > INPUTS) return false;
    loop_need_nothing(l);
    for (u32 i = 0; i < l->use_count; i++)
        if (l->uses[i].exit == exit) loop_need(l, *used_at(l, &l->uses[i]));
    loop_need_inputs(l);
    for (u32 i = 0; i < l->leaf_count; i++) some |= (l->marks[l->leaves[i]] & MARK_needed) != 0;
    if (!some) return true;
    for (u32 i = 0; i < b->pred_count; i++)
        if (!is_in(l, l->g->words[b->preds + i])) return false;
    put_phis(l, l->exits[exit].at);
    loop_copy_floating(l);
    for (u32 i = 0; i < l->use_count; i++) {
        NodeId *use = used_at(l, &l->uses[i]);
        if (l->uses[i].exit == exit) *use = l->map[*use];
    }
    return true;
}

bool loop_close(Loop *l)
{
    const Graph *g = l->g;
    u32 outer = g->regions[l->region].outer;
    for (BlockId id = l->end; id < g->block_count && block(l, id)->region == l->region; id++)
        block(l, id)->region = outer;
    if (!find_uses(l)) return false;
    for (u32 i = 0; i < l->exit_count; i++)
        if (!close_exit(l, i)) return false;
    return true;
}
