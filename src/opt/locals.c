// locals.c -- see locals.h.
//
// Values that are needed at the same time have different locals: colours, while they are found.
// Blocks are gone through in their order, dominators first, so that what lives at the start of one
// has its colour, and all others are free. A phi, what goes to it, and what that goes to, are a
// family; they share a colour as far as they do not live at the same time, and then need no copies,
// so no other family takes it while there are few. What a phi of a catch block takes is written
// where the old values live on, so those have locals of their own.

#include "opt/locals.h"

#include <assert.h>

typedef struct {
    Schedule *s;
    Graph *g;
    BlockId *made;          // by node: the block with the step that sets it, NO_BLOCK: none
    u32 *colour;            // by node, plus 1
    NodeId *wants;          // by node: a phi it goes to
    NodeId *family;         // by node: another one of it, or the head
    bool *is_kin;           // by head: there are more
    u32 *first;             // by head: the first of its colours, plus 1
    u32 link_count, link_cap;
    struct Link { u32 what, next; } *links; // of lists; 0 ends one
    u32 *reads;             // by node: a list of blocks
    u32 life_count;
    struct Lives *lives, *last_lives; // as they are found
    u32 *live_first; NodeId *live; // by block: where those begin that live at its start
    u32 *seen, *out;        // by node: the block plus 1 in which it was read last, lives at the end
    u32 colour_count, colour_cap;
    // busy: in the block, plus 1; UINT32_MAX: everywhere
    struct Colour { Type type; u32 busy, next, kin; NodeId owner; } *colours;
    u32 type_count, type_cap;
    struct OfType { Type type; u32 first, last; } *types;
} Colourer;

// Nodes, each with the blocks at whose start it lives: there may be many, so nothing is copied.
enum { LIVES = 1000, LIVES_NODE = 1u << 31 };
typedef struct Lives {
    struct Lives *next;
    u32 count, at[LIVES];
} Lives;

static void add_word(Colourer *c, u32 word)
{
    if (!c->last_lives || c->last_lives->count == LIVES) {
        Lives *more = arena_alloc_rough(c->g->arena, sizeof *more);
        more->next = NULL;
        more->count = 0;
        *(c->last_lives ? &c->last_lives->next : &c->lives) = more;
        c->last_lives = more;
    }
    c->last_lives->at[c->last_lives->count++] = word;
}

static u32 add_link(Colourer *c, u32 what, u32 next)
{
    const struct Link none = {0};
    if (!c->link_count) ARENA_PUSH(c->g->arena, c->links, c->link_count, c->link_cap) = none;
    graph_work(c->g, 1);
    ARENA_PUSH(c->g->arena, c->links, c->link_count, c->link_cap) = (struct Link){what, next};
    return c->link_count - 1;
}

static bool is_catch_phi(const Colourer *c, NodeId id)
{
    return c->g->nodes[id].op == NODE_phi && c->g->blocks[c->s->place[id]].go == GO_catch;
}

// ---- Who lives where

static void find_reads(Colourer *c, BlockId block, Range range)
{
    for (u32 i = range.start; i < range.end; i++) {
        u32 step = c->s->steps[i];
        NodeId id = step_node(step);
        StepKind kind = step_kind(step);
        bool phi = c->g->nodes[id].op == NODE_phi;
        if ((kind == STEP_set || kind == STEP_tee) && !phi) c->made[id] = block;
        if (kind != STEP_get || is_catch_phi(c, id)) continue;
        u32 last = c->reads[id];
        if (!last || c->links[last].what != block) c->reads[id] = add_link(c, block, last);
    }
}

typedef struct { u32 count, cap; BlockId *at; } Way;

static void lives_at_end(Colourer *c, Way *way, NodeId id, BlockId block)
{
    if (block == c->made[id] || c->seen[block] == id) return;
    c->seen[block] = id;
    graph_work(c->g, 1);
    c->life_count++;
    add_word(c, block);
    ARENA_PUSH(c->g->arena, way->at, way->count, way->cap) = block;
}

// By block.
static void sort_lives(Colourer *c)
{
    u32 blocks = c->g->block_count;
    c->live_first = NEW_ARRAY(c->g->arena, u32, blocks + 2);
    c->live = arena_alloc_rough(c->g->arena, (c->life_count + 1) * sizeof *c->live);
    u32 *next = c->live_first + 1; // in the end it is one block further
    NodeId node = 0;
    for (const Lives *l = c->lives; l; l = l->next)
        for (u32 i = 0; i < l->count; i++)
            if (!(l->at[i] & LIVES_NODE)) next[l->at[i] + 1]++;
    for (BlockId b = 0; b < blocks; b++) next[b + 1] += next[b];
    for (const Lives *l = c->lives; l; l = l->next)
        for (u32 i = 0; i < l->count; i++) {
            if (l->at[i] & LIVES_NODE) node = l->at[i] & ~LIVES_NODE;
            else c->live[next[l->at[i]]++] = node;
        }
}

// From each use up to where it is made.
static void find_lives(Colourer *c)
{
    Way way = {0};
    c->seen = NEW_ARRAY(c->g->arena, u32, c->g->block_count);
    for (NodeId id = 1; id < c->g->node_count; id++) {
        assert(!c->reads[id] || c->made[id] != NO_BLOCK);
        if (c->reads[id]) add_word(c, id | LIVES_NODE);
        for (u32 r = c->reads[id]; r; r = c->links[r].next)
            lives_at_end(c, &way, id, c->links[r].what);
        while (way.count) {
            const Block *b = &c->g->blocks[way.at[--way.count]];
            graph_work(c->g, b->pred_count);
            for (u32 i = 0; i < b->pred_count; i++)
                lives_at_end(c, &way, id, c->g->words[b->preds + i]);
        }
    }
    sort_lives(c);
}

// ---- Colours

static Type type_kept(Type type) { return type_is_ref(type) ? type | TYPE_NULL : type; }

static struct OfType *of_type(Colourer *c, Type type)
{
    for (u32 i = 0; i < c->type_count; i++)
        if (c->types[i].type == type) return &c->types[i];
    graph_work(c->g, c->type_count);
    struct OfType *new = &ARENA_PUSH(c->g->arena, c->types, c->type_count, c->type_cap);
    *new = (struct OfType){.type = type};
    return new;
}

static u32 new_colour(Colourer *c, Type type)
{
    struct OfType *t = of_type(c, type);
    ARENA_PUSH(c->g->arena, c->colours, c->colour_count, c->colour_cap) =
        (struct Colour){.type = type};
    u32 colour = c->colour_count;
    if (t->last) c->colours[t->last - 1].next = colour;
    else t->first = colour;
    t->last = colour;
    return colour - 1;
}

static NodeId head_of(const Colourer *c, NodeId id)
{
    while (c->family[id] != id) id = c->family[id] = c->family[c->family[id]];
    return id;
}

static void join(Colourer *c, NodeId a, NodeId b)
{
    a = head_of(c, a);
    b = head_of(c, b);
    if (a < b) c->family[b] = a;
    else c->family[a] = b;
}

static bool is_free(const Colourer *c, u32 colour, Type type, BlockId block)
{
    const struct Colour *at = &c->colours[colour];
    return at->type == type && at->busy != block + 1 && at->busy != UINT32_MAX;
}

// The family has one colour more.
static void own(Colourer *c, NodeId head, u32 colour)
{
    c->colours[colour - 1].owner = head;
    c->colours[colour - 1].kin = c->first[head];
    c->first[head] = colour;
}

static bool suits(Colourer *c, u32 colour, Type type, BlockId block)
{
    graph_work(c->g, 1);
    return is_free(c, colour, type, block);
}

// Plus 1; 0: none is free.
static u32 any_free(Colourer *c, Type type, BlockId block, bool unowned)
{
    u32 colour = of_type(c, type)->first;
    for (; colour; colour = c->colours[colour - 1].next) {
        graph_work(c->g, 1);
        if (unowned && c->colours[colour - 1].owner) continue;
        if (is_free(c, colour - 1, type, block)) break;
    }
    return colour;
}

// That of one that it takes, or goes to.
static u32 of_kin(Colourer *c, NodeId id, Type type, BlockId block)
{
    enum { FEW = 8 };
    Node *n = &c->g->nodes[id];
    u32 colour = c->wants[id] ? c->colour[c->wants[id]] : 0;
    if (colour && suits(c, colour - 1, type, block)) return colour;
    if (n->op != NODE_phi) return 0;
    for (u32 i = 0; i < MIN(node_count(n), FEW); i++) {
        colour = c->colour[node_inputs(c->g, n)[i]];
        if (colour && suits(c, colour - 1, type, block)) return colour;
    }
    return 0;
}

static void take(Colourer *c, NodeId id, BlockId block)
{
    enum { FEW = 100 };
    Type type = type_kept(c->g->nodes[id].type);
    NodeId head = head_of(c, id);
    u32 colour = of_kin(c, id, type, block);
    if (!colour) colour = c->first[head];
    while (colour && !suits(c, colour - 1, type, block)) colour = c->colours[colour - 1].kin;
    if (!colour) {
        colour = any_free(c, type, block, true);
        if (!colour && c->colour_count < FEW) colour = new_colour(c, type) + 1;
        if (!colour) colour = any_free(c, type, block, false);
        if (!colour) colour = new_colour(c, type) + 1;
        if (c->is_kin[head] && !c->colours[colour - 1].owner) own(c, head, colour);
    }
    c->colour[id] = colour;
    c->colours[colour - 1].busy = block + 1;
}

// Which reads are the last in the block.
static void find_deaths(Colourer *c, const Block *b, BlockId id)
{
    for (u32 i = 0; i < b->edge_count; i++) {
        BlockId to = block_edge(c->g, b, i)->to;
        graph_work(c->g, c->live_first[to + 1] - c->live_first[to]);
        for (u32 k = c->live_first[to]; k < c->live_first[to + 1]; k++)
            c->out[c->live[k]] = id + 1;
        Range range = c->s->edges[b->edges + i];
        for (u32 k = range.start; k < range.end; k++)
            if (step_kind(c->s->steps[k]) == STEP_get)
                c->out[step_node(c->s->steps[k])] = id + 1;
    }
    Range range = c->s->blocks[id];
    for (u32 i = range.end; i-- > range.start;) {
        NodeId node = step_node(c->s->steps[i]);
        if (step_kind(c->s->steps[i]) != STEP_get) continue;
        if (c->out[node] != id + 1) c->s->steps[i] |= STEP_dies;
        c->out[node] = id + 1;
    }
}

static void colour_block(Colourer *c, BlockId id)
{
    const Block *b = &c->g->blocks[id];
    graph_work(c->g, c->live_first[id + 1] - c->live_first[id]);
    for (u32 k = c->live_first[id]; k < c->live_first[id + 1]; k++)
        c->colours[c->colour[c->live[k]] - 1].busy = id + 1;
    for (u32 i = 0; i < b->phi_count && b->go != GO_catch; i++)
        take(c, c->g->skeleton[b->first + i], id);
    find_deaths(c, b, id);
    Range range = c->s->blocks[id];
    for (u32 i = range.start; i < range.end; i++) {
        u32 step = c->s->steps[i];
        NodeId node = step_node(step);
        StepKind kind = step_kind(step);
        bool phi = c->g->nodes[node].op == NODE_phi;
        if (kind == STEP_get && step & STEP_dies && !is_catch_phi(c, node))
            c->colours[c->colour[node] - 1].busy = 0;
        if ((kind == STEP_set || kind == STEP_tee) && !phi) take(c, node, id);
    }
}

// ---- All of it

static void find_families(Colourer *c)
{
    for (BlockId id = 0; id < c->g->block_count; id++) {
        const Block *b = &c->g->blocks[id];
        for (u32 i = 0; i < b->phi_count; i++) {
            NodeId phi = c->g->skeleton[b->first + i];
            Node *n = &c->g->nodes[phi];
            c->made[phi] = id;
            if (b->go == GO_catch) {
                c->colour[phi] = new_colour(c, type_kept(n->type)) + 1;
                // Nobody else gets it.
                c->colours[c->colour[phi] - 1].busy = UINT32_MAX;
                continue;
            }
            for (u32 k = 0; k < node_count(n); k++) {
                NodeId in = node_inputs(c->g, n)[k];
                if (node_is_remade(&c->g->nodes[in])) continue;
                c->wants[in] = phi;
                join(c, phi, in);
            }
            c->is_kin[head_of(c, phi)] = true;
        }
    }
}

static void colour_params(Colourer *c)
{
    for (NodeId id = 1; id < c->g->node_count; id++) {
        const Node *n = &c->g->nodes[id];
        if (n->op != NODE_arg) continue;
        c->colour[id] = n->imm + 1;
        c->made[id] = 0;
        c->colours[n->imm].busy = c->reads[id] ? 1 : 0;
        NodeId head = head_of(c, id);
        if (c->is_kin[head] && c->reads[id]) own(c, head, n->imm + 1);
    }
}

// Those of a type together.
static Locals *number(Colourer *c)
{
    Graph *g = c->g;
    Locals *l = NEW(g->arena, Locals);
    u32 params = g->type->param_count;
    u32 *at = NEW_ARRAY(g->arena, u32, c->colour_count);
    l->of = NEW_ARRAY(g->arena, u32, g->node_count);
    l->types = NEW_ARRAY(g->arena, Type, c->colour_count);
    for (u32 i = 0; i < params; i++) {
        at[i] = i;
        l->types[i] = c->colours[i].type;
    }
    l->count = params;
    for (u32 t = 0; t < c->type_count; t++)
        for (u32 k = c->types[t].first; k; k = c->colours[k - 1].next) {
            if (k <= params) continue;
            at[k - 1] = l->count;
            l->types[l->count++] = c->types[t].type;
        }
    for (NodeId id = 0; id < g->node_count; id++)
        if (c->colour[id]) l->of[id] = at[c->colour[id] - 1];
    return l;
}

Locals *locals_new(Schedule *s)
{
    Graph *g = s->g;
    Colourer c = {.s = s, .g = g};
    graph_work(g, g->node_count);
    c.made = NEW_ARRAY(g->arena, BlockId, g->node_count);
    c.colour = NEW_ARRAY(g->arena, u32, g->node_count);
    c.wants = NEW_ARRAY(g->arena, NodeId, g->node_count);
    c.family = NEW_ARRAY(g->arena, NodeId, g->node_count);
    c.is_kin = NEW_ARRAY(g->arena, bool, g->node_count);
    c.first = NEW_ARRAY(g->arena, u32, g->node_count);
    c.out = NEW_ARRAY(g->arena, u32, g->node_count);
    c.reads = NEW_ARRAY(g->arena, u32, g->node_count);
    for (NodeId id = 0; id < g->node_count; id++) c.made[id] = NO_BLOCK, c.family[id] = id;
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        find_reads(&c, id, s->blocks[id]);
        for (u32 i = 0; i < b->edge_count; i++) find_reads(&c, id, s->edges[b->edges + i]);
    }
    for (u32 i = 0; i < g->type->param_count; i++) new_colour(&c, g->type->params[i]);
    find_families(&c);
    colour_params(&c);
    find_lives(&c);
    for (BlockId id = 0; id < g->block_count; id++) colour_block(&c, id);
    Locals *l = number(&c);
    l->live_first = c.live_first;
    l->live = c.live;
    return l;
}
