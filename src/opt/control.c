// control.c -- branches that are decided, and what nobody gets to then, are left out of a graph.
//
// Blocks get new numbers in their old order. One that only follows another becomes a part of it,
// and a loop that nothing comes back to is none.

#include "opt/states.h"

typedef struct {
    Graph *g;
    bool *alive;     // by block
    bool *taken;     // by word, of predecessors: does it still come from there?
    u32 *input;      // likewise: which it is then
    u32 *become;     // by region: itself, or what is around it
    BlockId *head;   // by block: whose part it is
    BlockId *next;   // by block: the part behind it; 0: there is none
    BlockId *number; // by block: its new one
} Pruner;

static Block *block(const Pruner *p, BlockId id) { return &p->g->blocks[id]; }

// ---- Who is left

static void decide(const Graph *g, Block *b)
{
    if (b->go != GO_if && b->go != GO_table) return;
    const Node *n = graph_node(g, b->value);
    if (n->op != OP_i32_const) return;
    u32 last = b->case_count - 1;
    b->edges += b->go == GO_if ? !n->bits : g->words[b->cases + MIN(n->bits, last)];
    b->edge_count = 1;
    b->case_count = 0;
    b->value = 0;
    b->hint = HINT_none;
    b->go = GO_jump;
}

static void find_alive(Pruner *p)
{
    const Graph *g = p->g;
    p->alive[0] = true;
    for (BlockId id = 0; id < g->block_count; id++) {
        Block *b = block(p, id);
        if (!p->alive[id]) continue;
        decide(g, b);
        for (u32 i = 0; i < b->edge_count; i++) {
            Edge e = *block_edge(g, b, i);
            p->alive[e.to] = true;
            p->taken[block(p, e.to)->preds + e.input] = true;
        }
    }
}

static void keep_input(Graph *g, const Block *b, u32 from, u32 to)
{
    for (u32 k = 0; k < b->phi_count; k++) {
        NodeId *in = node_inputs(g, &g->nodes[g->skeleton[b->first + k]]);
        in[to] = in[from];
    }
}

static void set_inputs(Graph *g, Block *b, u32 count)
{
    for (u32 k = 0; k < b->phi_count; k++) {
        Node *phi = &g->nodes[g->skeleton[b->first + k]];
        if (phi->flags & NODE_many) phi->in[1] = count;
        else phi->count = (u8)count;
        if (count == 1) graph_same(g, g->skeleton[b->first + k], node_inputs(g, phi)[0]);
    }
    if (count != 1) return;
    b->first += b->phi_count;
    b->count -= b->phi_count;
    b->phi_count = 0;
}

static void drop_preds(Pruner *p, Block *b)
{
    Graph *g = p->g;
    u32 kept = 0;
    for (u32 i = 0; i < b->pred_count; i++) {
        u32 word = b->preds + i;
        if (!p->taken[word]) continue;
        p->input[word] = kept;
        g->words[b->preds + kept] = g->words[word];
        keep_input(g, b, i, kept++);
    }
    b->pred_count = kept;
    set_inputs(g, b, kept);
}

static void drop_edges(Pruner *p)
{
    Graph *g = p->g;
    for (BlockId id = 0; id < g->block_count; id++)
        if (p->alive[id]) drop_preds(p, block(p, id));
    for (BlockId id = 0; id < g->block_count; id++)
        for (u32 i = 0; p->alive[id] && i < block(p, id)->edge_count; i++) {
            Edge *e = block_edge(g, block(p, id), i);
            e->input = p->input[block(p, e->to)->preds + e->input];
        }
}

// ---- Regions

// Nobody stops there any more.
static void drop_loop_state(Graph *g, Block *b)
{
    u32 kept = 0;
    for (u32 i = 0; i < b->count; i++)
        if (!is_loop_state(g, g->skeleton[b->first + i]))
            g->skeleton[b->first + kept++] = g->skeleton[b->first + i];
    b->count = kept;
}

static void drop_regions(Pruner *p)
{
    Graph *g = p->g;
    for (u32 r = 0; r < g->region_count; r++) {
        Region *region = &g->regions[r];
        if (region->outer != NO_REGION) region->outer = p->become[region->outer];
        region_nest(g, r);
        p->become[r] = r;
        if (region->entry == NO_BLOCK || !p->alive[region->entry]) {
            region->entry = NO_BLOCK;
        } else if (region->kind == REGION_loop && block(p, region->entry)->pred_count == 1) {
            drop_loop_state(g, block(p, region->entry));
            region->entry = NO_BLOCK;
            p->become[r] = region->outer;
        }
    }
    for (BlockId id = 0; id < g->block_count; id++)
        if (block(p, id)->region != NO_REGION)
            block(p, id)->region = p->become[block(p, id)->region];
}

// ---- New numbers

static bool is_entry(const Graph *g, BlockId id)
{
    u32 region = g->blocks[id].region;
    return region != NO_REGION && g->regions[region].entry == id;
}

static void find_heads(Pruner *p)
{
    const Graph *g = p->g;
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = block(p, id);
        p->head[id] = id;
        if (!p->alive[id] || b->pred_count != 1 || b->given_count || is_entry(g, id)) continue;
        BlockId before = g->words[b->preds];
        const Block *a = block(p, before);
        if (a->go != GO_jump || a->region != b->region) continue;
        p->head[id] = p->head[before];
        p->next[before] = id;
    }
}

// A block with all its parts.
static Block joined(Pruner *p, BlockId id)
{
    Graph *g = p->g;
    Block b = *block(p, id);
    if (!p->next[id]) return b;
    u32 first = g->skeleton_count;
    for (BlockId at = id;; at = p->next[at]) {
        Block part = *block(p, at);
        graph_work(g, part.count);
        for (u32 i = 0; i < part.count; i++) {
            NodeId root = g->skeleton[part.first + i];
            ARENA_PUSH(g->arena, g->skeleton, g->skeleton_count, g->skeleton_cap) = root;
        }
        if (p->next[at]) continue;
        part.preds = b.preds;
        part.pred_count = b.pred_count;
        part.phi_count = b.phi_count;
        part.given = b.given;
        part.given_count = b.given_count;
        part.first = first;
        part.count = g->skeleton_count - first;
        return part;
    }
}

static void renumber(Pruner *p)
{
    Graph *g = p->g;
    Block *blocks = NEW_ARRAY(g->arena, Block, g->block_count);
    u32 count = 0;
    for (BlockId id = 0; id < g->block_count; id++) {
        if (!p->alive[id]) continue;
        p->number[id] = p->head[id] == id ? count : p->number[p->head[id]];
        if (p->head[id] == id) blocks[count++] = joined(p, id);
    }
    for (BlockId id = 0; id < count; id++) {
        const Block *b = &blocks[id];
        for (u32 i = 0; i < b->pred_count; i++)
            g->words[b->preds + i] = p->number[g->words[b->preds + i]];
        for (u32 i = 0; i < b->edge_count; i++)
            block_edge(g, b, i)->to = p->number[block_edge(g, b, i)->to];
    }
    for (u32 r = 0; r < g->region_count; r++) {
        Region *region = &g->regions[r];
        if (region->entry != NO_BLOCK) region->entry = p->number[region->entry];
        if (region->catches == NO_BLOCK) continue;
        bool alive = p->alive[region->catches];
        region->catches = alive ? p->number[region->catches] : NO_BLOCK;
    }
    g->blocks = blocks;
    g->block_cap = g->block_count;
    g->block_count = count;
}

void graph_prune(Graph *g)
{
    Pruner p = {.g = g, .alive = NEW_ARRAY(g->arena, bool, g->block_count),
                .taken = NEW_ARRAY(g->arena, bool, g->word_count),
                .input = NEW_ARRAY(g->arena, u32, g->word_count),
                .become = NEW_ARRAY(g->arena, u32, g->region_count),
                .head = NEW_ARRAY(g->arena, BlockId, g->block_count),
                .next = NEW_ARRAY(g->arena, BlockId, g->block_count),
                .number = NEW_ARRAY(g->arena, BlockId, g->block_count)};
    graph_work(g, 4 * (u64)g->block_count + g->word_count);
    find_alive(&p);
    drop_edges(&p);
    drop_regions(&p);
    find_heads(&p);
    renumber(&p);
}
