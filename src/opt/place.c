// place.c -- where the blocks of a graph stand in a body. See to_wasm.c.

#include "opt/writer.h"

// Does it do nothing but go on, to what does not stand in its place?
static bool is_threaded(const Writer *w, BlockId id)
{
    const Block *b = block_at(w, id);
    return b->go == GO_jump && b->pred_count == 1 && !b->given_count && id &&
           !has_steps(w->s->blocks[id]) && entered(w->g, id) == NO_REGION &&
           block_at(w, w->g->edges[b->edges].to)->idom != id;
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

void place_blocks(Writer *w)
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
