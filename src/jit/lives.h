// lives.h -- which values of a graph each block needs, and where each has its slot. See select.h.
#pragma once

#include "jit/select.h"

#include <stdlib.h>

static bool has_bit(const u64 *set, u32 i) { return set[i / 64] >> i % 64 & 1; }
static void set_bit(u64 *set, u32 i) { set[i / 64] |= (u64)1 << i % 64; }
static void clear_bit(u64 *set, u32 i) { set[i / 64] &= ~((u64)1 << i % 64); }
#define EACH_BIT(set, words, i)                                                                    \
    for (u32 w_ = 0; w_ < (words); w_++)                                                           \
        for (u64 bits_ = (set)[w_], i; bits_ && (i = w_ * 64 + (u64)__builtin_ctzll(bits_), true); \
             bits_ &= bits_ - 1)

static u64 *needs(const Select *s, BlockId b) { return s->live + (size_t)b * s->words; }

static bool number_values(Select *s)
{
    enum { WORDS_MOST = 8 << 20 };
    Graph *g = s->g;
    s->value = NEW_ARRAY(g->arena, NodeId, g->node_count);
    for (NodeId id = 1; id < g->node_count; id++)
        if (s->head[id]) {
            s->value[s->value_count] = id;
            s->index[id] = s->value_count++;
        }
    s->words = s->value_count / 64 + 1;
    if (((u64)g->block_count + g->region_count) * s->words > WORDS_MOST) return false;
    s->live = NEW_ARRAY(g->arena, u64, (size_t)g->block_count * s->words);
    s->loops = NEW_ARRAY(g->arena, u64, (size_t)g->region_count * s->words);
    s->out = NEW_ARRAY(g->arena, u64, s->words);
    return true;
}

static void need_inputs(Select *s, u64 *set, NodeId id)
{
    Node *n = node_of(s, id);
    for (u32 i = 0; !node_is_const(n) && i < node_count(n); i++) {
        NodeId in = node_inputs(s->g, n)[i];
        if (is_part(s, in)) need_inputs(s, set, in);
        else if (s->head[in]) set_bit(set, s->index[in]);
    }
}

static void made_here(Select *s, u64 *set, NodeId id)
{
    if (s->head[id]) clear_bit(set, s->index[id]);
    for (NodeId r = id + 1; r < s->g->node_count && node_of(s, r)->op == NODE_result &&
                            node_of(s, r)->in[0] == id; r++)
        if (s->head[r]) clear_bit(set, s->index[r]);
}

// Of a block, all of whose successors but headers are known.
static void find_needs(Select *s, BlockId b)
{
    Graph *g = s->g;
    const Block *block = &g->blocks[b];
    u64 *set = needs(s, b);
    graph_work(g, s->words);
    for (u32 i = 0; i < block->edge_count; i++) {
        BlockId to = block_edge(g, block, i)->to;
        for (u32 w = 0; to > b && w < s->words; w++) set[w] |= needs(s, to)[w];
        EACH_PHI(s, block, i, phi, input)
            if (s->head[input]) set_bit(set, s->index[input]);
    }
    if (block->go == GO_if || block->go == GO_table) {
        if (is_part(s, block->value)) need_inputs(s, set, block->value);
        else if (s->head[block->value]) set_bit(set, s->index[block->value]);
    }
    const u32 first = s->block_order[b], end = s->block_order[b + 1];
    for (u32 i = first; i < end; i++) need_inputs(s, set, s->order[i]);
    for (u32 i = first; i < end; i++) made_here(s, set, s->order[i]);
    for (u32 i = 0; i < block->phi_count; i++) made_here(s, set, g->skeleton[block->first + i]);
    for (u32 i = 0; i < block->given_count; i++) made_here(s, set, block->given + i);
}

// What a loop's header needs all of the loop does.
static void keep_in_loop(Select *s, BlockId b)
{
    const Graph *g = s->g;
    u32 loop = region_loop(g, g->blocks[b].region);
    if (block_is_header(g, b)) loop = region_loop(g, g->regions[loop].outer);
    if (loop == NO_REGION) return;
    const u64 *of = needs(s, g->regions[loop].entry);
    for (u32 w = 0; w < s->words; w++) needs(s, b)[w] |= of[w];
}

static void find_out(Select *s, BlockId b)
{
    const Block *block = &s->g->blocks[b];
    memset(s->out, 0, s->words * sizeof *s->out);
    for (u32 i = 0; i < block->edge_count; i++) {
        const u64 *to = needs(s, block_edge(s->g, block, i)->to);
        for (u32 w = 0; w < s->words; w++) s->out[w] |= to[w];
    }
}

// What is used in each loop, not counting states.
static void find_loops(Select *s)
{
    Graph *g = s->g;
    for (u32 v = 0; v < s->value_count; v++) {
        BlockId b = 0;
        for (u32 u = s->head[s->value[v]]; u; u = s->use[u - 1].next) {
            u32 at = s->use[u - 1].at;
            if (at & 1) continue;
            // the block of a position: uses ascend
            if (s->ends[b] < at / 2) {
                u32 low = b, high = g->block_count - 1;
                while (low < high) {
                    u32 middle = low + (high - low) / 2;
                    if (s->ends[middle] < at / 2) low = middle + 1;
                    else high = middle;
                }
                b = low;
            }
            u32 loop = region_loop(g, g->blocks[b].region);
            if (loop != NO_REGION) set_bit(s->loops + (size_t)loop * s->words, v);
        }
    }
    for (u32 r = g->region_count; r-- > 0;) {
        u32 outer = region_loop(g, g->regions[r].outer);
        if (g->regions[r].kind != REGION_loop || outer == NO_REGION) continue;
        for (u32 w = 0; w < s->words; w++)
            s->loops[(size_t)outer * s->words + w] |= s->loops[(size_t)r * s->words + w];
    }
}

// ---- How many at a time -------------------------------------------------------------------------

typedef struct { u64 *set; u32 count[2]; } Alive;

static void comes_alive(const Select *s, Alive *a, NodeId id)
{
    if (!s->head[id] || has_bit(a->set, s->index[id])) return;
    set_bit(a->set, s->index[id]);
    a->count[class_of(s->g->nodes[id].type)]++;
}

static void inputs_alive(const Select *s, Alive *a, NodeId id)
{
    Node *n = node_of(s, id);
    if (node_is_const(n) || n->op == NODE_state) return;
    for (u32 i = 0; i < node_count(n); i++) {
        NodeId in = node_inputs(s->g, n)[i];
        if (is_part(s, in)) inputs_alive(s, a, in);
        else comes_alive(s, a, in);
    }
}

static void note_most(Select *s, const Alive *a, u32 loop)
{
    for (u32 class = 0; loop != NO_REGION && class < 2; class++)
        s->most[loop][class] = MAX(s->most[loop][class], a->count[class]);
}

// Of a block in a loop, from its end.
static void find_most(Select *s, Alive *a, BlockId b, u32 loop)
{
    const Block *block = &s->g->blocks[b];
    a->count[0] = a->count[1] = 0;
    memset(a->set, 0, s->words * sizeof *a->set);
    find_out(s, b);
    EACH_BIT(s->out, s->words, v) comes_alive(s, a, s->value[v]);
    for (u32 i = 0; i < block->edge_count; i++)
        EACH_PHI(s, block, i, phi, input) comes_alive(s, a, input);
    if (block->go == GO_if || block->go == GO_table) {
        if (is_part(s, block->value)) inputs_alive(s, a, block->value);
        else comes_alive(s, a, block->value);
    }
    note_most(s, a, loop);
    for (u32 i = s->block_order[b + 1]; i-- > s->block_order[b];) {
        NodeId id = s->order[i];
        bool alive = s->head[id] && has_bit(a->set, s->index[id]);
        if (alive) {
            clear_bit(a->set, s->index[id]);
            a->count[class_of(s->g->nodes[id].type)]--;
        }
        inputs_alive(s, a, id);
        note_most(s, a, loop);
    }
}

static void find_pressure(Select *s)
{
    Graph *g = s->g;
    Alive a = {NEW_ARRAY(g->arena, u64, s->words), {0, 0}};
    s->most = arena_alloc(g->arena, (g->region_count + 1) * sizeof *s->most);
    for (BlockId b = 0; b < g->block_count; b++) {
        u32 loop = region_loop(g, g->blocks[b].region);
        if (loop != NO_REGION) find_most(s, &a, b, loop);
    }
    for (u32 r = g->region_count; r-- > 0;) {
        u32 outer = region_loop(g, g->regions[r].outer);
        for (u32 class = 0; outer != NO_REGION && class < 2; class++)
            s->most[outer][class] = MAX(s->most[outer][class], s->most[r][class]);
    }
}

static bool find_lives(Select *s)
{
    Graph *g = s->g;
    if (!number_values(s)) return false;
    for (BlockId b = g->block_count; b-- > 0;) find_needs(s, b);
    for (BlockId b = 0; b < g->block_count; b++) keep_in_loop(s, b);
    for (BlockId b = 0; b < g->block_count; b++) {
        find_out(s, b);
        graph_work(g, 2 * s->words);
        EACH_BIT(s->out, s->words, v) s->last[s->value[v]] = MAX(s->last[s->value[v]], s->ends[b]);
    }
    find_loops(s);
    find_pressure(s);
    return true;
}

// ---- Slots --------------------------------------------------------------------------------------
//
// A value that is some local of the abstract machine has its slot in that one's home, if nothing
// else is ever written there while it is needed.

typedef struct { u32 pos; NodeId node; u32 next; } Written;
typedef struct {
    u32 *wanted;       // by node: a home, plus 1
    u32 *free_at;      // by home: from which position on
    u32 *written;      // by home: the first in
    u32 count, cap; Written *list; // states that name something for it, the last first
} HomeChoice;

static void note_states(Select *s, HomeChoice *c)
{
    Graph *g = s->g;
    for (u32 i = 0; i < s->order_count; i++) {
        NodeId id = s->order[i];
        Node *n = node_of(s, id);
        if (n->op != NODE_state) continue;
        const State *state = state_of(s, id);
        for (u32 k = 0; k < state->count; k++) {
            u32 home = s->states->homes[state->first + k];
            NodeId in = node_inputs(g, n)[k];
            if (home >= s->states->local_slots) continue;
            if (!c->wanted[in]) c->wanted[in] = home + 1;
            ARENA_PUSH(g->arena, c->list, c->count, c->cap) =
                (Written){s->def[id], in, c->written[home]};
            c->written[home] = c->count;
        }
    }
}

// May the value have its slot there?
static bool may_be_home(Select *s, const HomeChoice *c, NodeId id, u32 home)
{
    enum { FAR = 64 };
    if (s->def[id] < c->free_at[home]) return false;
    u32 steps = 0;
    for (u32 i = c->written[home]; i; i = c->list[i - 1].next) {
        const Written *w = &c->list[i - 1];
        if (w->pos <= s->def[id]) break; // or in front of what gives it
        if (++steps > FAR) return false;
        if (w->pos <= s->last[id] && w->node != id) return false;
    }
    return true;
}

typedef struct { u32 slot, until; } FreeSlot;
typedef struct { u32 count, cap; FreeSlot *at; } FreeSlots;

// A slot, or two, that nobody needs any more; else a new one.
static u32 free_slot(Select *s, FreeSlots *open, NodeId id, u32 slots)
{
    enum { LOOK = 32 };
    u32 found = NONE;
    for (u32 i = open->count, n = 0; i-- > 0 && n < LOOK; n++)
        if (open->at[i].until <= s->def[id]) {
            found = i;
            break;
        }
    if (found == NONE) {
        ARENA_PUSH(s->g->arena, open->at, open->count, open->cap) = (FreeSlot){s->base, 0};
        s->base += slots;
        found = open->count - 1;
    }
    open->at[found].until = s->last[id];
    return open->at[found].slot;
}

// Slots of their own have what is handed to clauses, in a row, and what is set before somebody
// throws, wherever that is.
static void choose_caught(Jit *j, Select *s, bool *chosen)
{
    const Graph *g = s->g;
    for (BlockId b = 0; b < g->block_count; b++) {
        const Block *block = &g->blocks[b];
        bool clause = is_clause(s, b);
        u32 phis = block->go == GO_catch ? block->phi_count : 0;
        for (u32 i = 0; i < phis + (clause ? block->given_count : 0); i++) {
            NodeId id = i < phis ? g->skeleton[block->first + i] : block->given + i - phis;
            j->locals[id].type = node_of(s, id)->type;
            j->locals[id].slot = s->base;
            s->base += type_slots(node_of(s, id)->type);
            chosen[id] = true;
        }
    }
}

static int by_def(const void *a, const void *b)
{
    const u64 *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void choose_slots(Jit *j, Select *s)
{
    Graph *g = s->g;
    HomeChoice c = {.wanted = NEW_ARRAY(g->arena, u32, g->node_count),
                    .free_at = NEW_ARRAY(g->arena, u32, s->states->most),
                    .written = NEW_ARRAY(g->arena, u32, s->states->most)};
    FreeSlots open[2] = {{0}};
    u64 *order = NEW_ARRAY(g->arena, u64, s->value_count);
    bool *chosen = NEW_ARRAY(g->arena, bool, g->node_count);
    choose_caught(j, s, chosen);
    note_states(s, &c);
    for (u32 v = 0; v < s->value_count; v++)
        order[v] = (u64)s->def[s->value[v]] << 32 | s->value[v];
    qsort(order, s->value_count, sizeof *order, by_def);
    for (u32 v = 0; v < s->value_count; v++) {
        NodeId id = (NodeId)order[v];
        if (chosen[id]) continue;
        const Node *n = node_of(s, id);
        u32 slots = type_slots(n->type), home = c.wanted[id] - 1;
        Local *l = &j->locals[id];
        l->type = n->type;
        if (n->op == NODE_arg) home = s->states->local_home[n->imm];
        bool is_home = home < s->states->local_slots; // else there is none, or it is an operand's
        bool fits = is_home && may_be_home(s, &c, id, home);
        if (fits) c.free_at[home] = s->last[id];
        l->slot = fits ? home : free_slot(s, &open[slots - 1], id, slots);
    }
}
