// state.c -- locals and labels while a graph is built. See builder.h.

#include "opt/builder.h"

#include <assert.h>
#include <string.h>

// ---- Locals

void set_local(Builder *b, u32 local, NodeId node)
{
    NodeId old = b->value[local];
    if (old == node) return;
    b->value[local] = node;
    if (b->latest[local] > b->frames[b->frame_count - 1].since) return;
    graph_work(b->g, 1);
    ARENA_PUSH(b->arena, b->changes, b->change_count, b->change_cap) =
        (Change){local, old, b->latest[local]};
    b->latest[local] = b->change_count;
}

void undo_to(Builder *b, u32 changes)
{
    while (b->change_count > changes) {
        Change c = b->changes[--b->change_count];
        b->value[c.local] = c.old;
        b->latest[c.local] = c.below;
    }
}

// The frame around it has one of each local.
void keep_changes(Builder *b, u32 changes)
{
    u32 outer = b->frame_count ? b->frames[b->frame_count - 1].since : 0, kept = changes;
    graph_work(b->g, b->change_count - changes);
    for (u32 i = changes; i < b->change_count; i++) {
        Change c = b->changes[i];
        b->latest[c.local] = c.below;
        if (c.below > outer) continue;
        b->changes[kept++] = c;
        b->latest[c.local] = kept;
    }
    b->change_count = kept;
}

// ---- Frames and blocks

Frame *open_frame(Builder *b, u16 op, const WalkFrame *f)
{
    Frame *frame = &ARENA_PUSH(b->arena, b->frames, b->frame_count, b->frame_cap);
    *frame = (Frame){.op = op, .dead = !b->live, .changes = b->change_count,
                     .since = b->change_count, .region = b->region, .height = f->height,
                     .around = b->around,
                     .arrivals = {NO_ARRIVAL, NO_ARRIVAL, 0},
                     .value_count = (u16)walk_label_count(f), .types = walk_label_types(f)};
    graph_work(b->g, 1);
    return frame;
}

void begin_at(Builder *b, u32 edge, BlockId from)
{
    BlockId id = b->at = graph_block(b->g, b->region);
    b->g->blocks[id].preds = b->g->word_count;
    b->g->blocks[id].pred_count = 1;
    graph_word(b->g, from);
    b->g->edges[edge] = (Edge){id, 0};
    b->live = true;
}

void begin_next(Builder *b)
{
    BlockId from = b->at;
    b->g->blocks[from].go = GO_jump;
    begin_at(b, graph_edges(b->g, from, 1), from);
}

u32 enter_region(Builder *b, RegionKind kind)
{
    u32 region = b->region = graph_region(b->g, kind, b->region);
    begin_next(b);
    b->g->regions[region].entry = b->at;
    return region;
}

// ---- Arrivals

static Arrival *add_arrival(Builder *b, Arrivals *a, u32 edge, BlockId from)
{
    u32 id = b->arrival_count;
    ARENA_PUSH(b->arena, b->arrivals, b->arrival_count, b->arrival_cap) =
        (Arrival){.edge = edge, .from = from, .next = NO_ARRIVAL, .pairs = b->pair_count,
                  .values = b->value_count};
    if (a->count++) b->arrivals[a->last].next = id;
    else a->first = id;
    a->last = id;
    return &b->arrivals[id];
}

static void put_values(Builder *b, const NodeId *values, u32 count)
{
    graph_work(b->g, count);
    for (u32 i = 0; i < count; i++)
        ARENA_PUSH(b->arena, b->values, b->value_count, b->value_cap) = values[i];
}

// What was changed since then.
static void put_changed(Builder *b, Arrival *a, u32 changes)
{
    graph_work(b->g, b->change_count - changes);
    for (u32 i = changes; i < b->change_count; i++) {
        Change c = b->changes[i];
        NodeId now = b->value[c.local];
        if (c.below > changes || now == c.old) continue;
        ARENA_PUSH(b->arena, b->pairs, b->pair_count, b->pair_cap) = (Pair){c.local, now};
    }
    a->pair_count = b->pair_count - a->pairs;
}

void arrive(Builder *b, u32 frame, u32 edge, BlockId from, const NodeId *values)
{
    Frame *f = &b->frames[frame];
    Arrival *a = add_arrival(b, &f->arrivals, edge, from);
    if (f->op == OP_loop && !f->entered) {
        graph_work(b->g, f->loop.local_count);
        for (u32 i = 0; i < f->loop.local_count; i++) {
            u32 local = b->loop_locals[f->loop.locals + i];
            ARENA_PUSH(b->arena, b->pairs, b->pair_count, b->pair_cap) =
                (Pair){local, b->value[local]};
        }
        a->pair_count = f->loop.local_count;
    } else {
        put_changed(b, a, f->changes);
    }
    put_values(b, values, f->value_count);
}

void arrive_thrown(Builder *b, u32 frame, u32 edge, BlockId from)
{
    Frame *f = &b->frames[frame];
    put_changed(b, add_arrival(b, &f->handler.throws, edge, from), f->changes);
}

void jump_to(Builder *b, u32 frame, const NodeId *values)
{
    Block *block = &b->g->blocks[b->at];
    if (!frame && !b->args) {
        block->go = GO_leave;
        graph_append(b->g, b->at, graph_add(b->g, OP_return, TYPE_bottom, values,
                                            b->frames[0].value_count, 0));
    } else {
        block->go = GO_jump;
        arrive(b, frame, graph_edges(b->g, b->at, 1), b->at, values);
    }
    b->live = false;
}

// ---- Where arrivals meet

static void put_preds(Builder *b, BlockId id, const Arrivals *a)
{
    Block *block = &b->g->blocks[id];
    block->preds = b->g->word_count;
    block->pred_count = a->count;
    graph_work(b->g, a->count);
    for (u32 i = a->first, n = 0; i != NO_ARRIVAL; i = b->arrivals[i].next, n++) {
        graph_word(b->g, b->arrivals[i].from);
        b->g->edges[b->arrivals[i].edge] = (Edge){id, n};
    }
}

// One node for what is the same from everywhere, else a phi; none where there is none from one.
static NodeId merge(Builder *b, Type type, const NodeId *from, u32 count)
{
    bool same = true;
    graph_work(b->g, count);
    for (u32 i = 0; i < count; i++) {
        if (!from[i]) return 0;
        same &= graph_at(b->g, from[i]) == graph_at(b->g, from[0]);
    }
    if (same) return graph_at(b->g, from[0]);
    NodeId phi = graph_add(b->g, NODE_phi, type, from, count, 0);
    graph_append(b->g, b->at, phi);
    b->g->blocks[b->at].phi_count++;
    return phi;
}

// A row for each local that changed on the way from somewhere, all one after the other.
typedef struct {
    u32 count, cap;
    u32 *locals;
    NodeId *from;
} Rows;

static void find_rows(Builder *b, const Arrivals *a, Rows *rows)
{
    for (u32 i = a->first; i != NO_ARRIVAL; i = b->arrivals[i].next) {
        const Arrival *one = &b->arrivals[i];
        for (u32 k = 0; k < one->pair_count; k++) {
            u32 local = b->pairs[one->pairs + k].local;
            if (b->row[local]) continue;
            ARENA_PUSH(b->arena, rows->locals, rows->count, rows->cap) = local;
            b->row[local] = rows->count;
        }
    }
    graph_work(b->g, (u64)rows->count * a->count);
    rows->from = NEW_ARRAY(b->arena, NodeId, (size_t)rows->count * a->count);
    for (u32 r = 0; r < rows->count; r++)
        for (u32 n = 0; n < a->count; n++)
            rows->from[r * a->count + n] = b->value[rows->locals[r]];
    for (u32 i = a->first, n = 0; i != NO_ARRIVAL; i = b->arrivals[i].next, n++)
        for (u32 k = 0; k < b->arrivals[i].pair_count; k++) {
            Pair p = b->pairs[b->arrivals[i].pairs + k];
            rows->from[(b->row[p.local] - 1) * a->count + n] = p.node;
        }
}

static void push_values(Builder *b, const Arrivals *a, const Type *types, u32 count)
{
    NodeId *from = NEW_ARRAY(b->arena, NodeId, count ? a->count : 0);
    for (u32 v = 0; v < count; v++) {
        for (u32 i = a->first, n = 0; i != NO_ARRIVAL; i = b->arrivals[i].next, n++)
            from[n] = b->values[b->arrivals[i].values + v];
        NodeId node = merge(b, types[v], from, a->count);
        ARENA_PUSH(b->arena, b->stack, b->height, b->stack_cap) = node;
    }
}

void meet(Builder *b, const Arrivals *a, u32 region, const Type *types, u32 count)
{
    Rows rows = {0};
    b->at = graph_block(b->g, region);
    put_preds(b, b->at, a);
    find_rows(b, a, &rows);
    for (u32 r = 0; r < rows.count; r++) {
        u32 local = rows.locals[r];
        b->row[local] = 0;
        set_local(b, local, merge(b, b->local_types[local], rows.from + r * a->count, a->count));
    }
    push_values(b, a, types, count);
    b->live = true;
}

// ---- Loops

static NodeId header_phi(Builder *b, Type type)
{
    NodeId phi = graph_add(b->g, NODE_phi, type, NULL, 0, 0);
    graph_append(b->g, b->at, phi);
    b->g->blocks[b->at].phi_count++;
    return phi;
}

static void remember_entry(Builder *b, u32 local, NodeId node)
{
    u32 cap = b->loop_cap;
    if (b->loop_count == cap) {
        b->loop_cap = arena_more(cap, sizeof *b->loop_locals);
        b->loop_locals = arena_grow(b->arena, b->loop_locals, cap, b->loop_cap, sizeof(u32));
        b->loop_entries = arena_grow(b->arena, b->loop_entries, cap, b->loop_cap, sizeof(u32));
    }
    b->loop_locals[b->loop_count] = local;
    b->loop_entries[b->loop_count++] = node;
}

// Its phis are changes of the frame around it.
void begin_loop(Builder *b, u32 at, const Type *params, u32 param_count)
{
    u32 first = b->loop_count;
    while (b->sets.sets[b->next_set].at < at) b->next_set++;
    LoopSet set = b->sets.sets[b->next_set];
    assert(set.at == at);
    u32 region = enter_region(b, REGION_loop);
    NodeId phis = b->g->node_count;
    for (u32 i = 0; i < set.count; i++) {
        u32 local = b->sets.locals[set.first + i];
        if (!b->value[local]) continue; // it has none yet, and gets one before it is read
        remember_entry(b, local, b->value[local]);
        set_local(b, local, header_phi(b, b->local_types[local]));
    }
    u32 local_count = b->loop_count - first;
    for (u32 i = 0; i < param_count; i++) {
        NodeId *operand = &b->stack[b->height - param_count + i];
        remember_entry(b, UINT32_MAX, *operand);
        *operand = header_phi(b, params[i]);
    }
    WalkFrame f = {.op = OP_loop, .params = params, .param_count = (u16)param_count,
                   .height = b->height - param_count};
    Frame *frame = open_frame(b, OP_loop, &f);
    frame->region = b->g->regions[region].outer;
    frame->loop.header = b->at;
    frame->loop.phis = phis;
    frame->loop.locals = first;
    frame->loop.local_count = local_count;
}

// Now the edges back to it are known.
void end_loop(Builder *b, Frame *f)
{
    Graph *g = b->g;
    Block *header = &g->blocks[f->loop.header];
    u32 preds = 1 + f->arrivals.count, phis = f->loop.local_count + f->value_count;
    BlockId entry = g->words[header->preds];
    header->preds = g->word_count;
    header->pred_count = preds;
    graph_word(b->g, entry);
    for (u32 i = f->arrivals.first, n = 1; i != NO_ARRIVAL; i = b->arrivals[i].next, n++) {
        graph_word(b->g, b->arrivals[i].from);
        g->edges[b->arrivals[i].edge] = (Edge){f->loop.header, n};
    }
    graph_work(g, (u64)phis * preds);
    for (u32 p = 0; p < phis; p++) {
        Node *phi = &g->nodes[f->loop.phis + p];
        phi->flags |= NODE_many;
        phi->in[0] = g->input_count;
        phi->in[1] = preds;
        ARENA_PUSH(g->arena, g->inputs, g->input_count, g->input_cap) =
            b->loop_entries[f->loop.locals + p];
        for (u32 i = f->arrivals.first; i != NO_ARRIVAL; i = b->arrivals[i].next) {
            const Arrival *a = &b->arrivals[i];
            bool local = p < f->loop.local_count;
            ARENA_PUSH(g->arena, g->inputs, g->input_count, g->input_cap) =
                local ? b->pairs[a->pairs + p].node
                      : b->values[a->values + p - f->loop.local_count];
        }
    }
}
