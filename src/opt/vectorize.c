// vectorize.c -- loops that go along arrays do so many elements at a time.
//
//     before               before
//     loop header    ->    guard: are there enough turns?          else join
//                          ranges: is all of it in the memory,     else join
//                                  and what is stored apart?
//                          loop lanes: many elements
//                          after: sums
//                          join
//                          loop header
//
// The loop of lanes is entered only where each of its turns is one that the old loop would have
// made as well, to its end and to the next: nothing it does traps. At least one turn is left to the
// old loop, which so stays what it was, its exits too. Sums of integers are collected in lanes;
// those of floats are not, since another order gives other numbers.

#include "opt/vectorize.h"
#include "opt/states.h"
#include "opt/watch.h"

// What the header's phi is when the loop begins.
static inline NodeId before_of(const Vectorizer *v, NodeId phi)
{
    return graph_at(v->g, node_inputs(v->g, node(v, phi))[0]);
}

// ---- Lines --------------------------------------------------------------------------------------

// What lines are where their phis are as in the map.
static void map_lines(Vectorizer *v, NodeId *map)
{
    Graph *g = v->g;
    const Packer *p = &v->packs;
    for (u32 i = 0; i < p->line_count; i++) {
        NodeId id = p->lines[i];
        const Node n = g->nodes[id];
        NodeId in[2];
        if (n.op == NODE_phi) continue;
        for (u32 k = 0; k < 2; k++) {
            in[k] = graph_at(g, n.in[k]);
            if (in[k] < p->known && p->class[in[k]] == LINE_steps) in[k] = map[in[k]];
        }
        map[id] = pure_2(g, n.op, in[0], in[1]);
    }
}

static void enter_lines(Vectorizer *v)
{
    const Packer *p = &v->packs;
    for (u32 i = 0; i < p->line_count; i++)
        if (node(v, p->lines[i])->op == NODE_phi)
            v->entry[p->lines[i]] = before_of(v, p->lines[i]);
    map_lines(v, v->entry);
}

// Of the old loop, in one of lanes.
static u32 turns_at_a_time(const Vectorizer *v)
{
    return v->copies * v->packs.elements / v->packs.copies;
}

static NodeId phi_of(Vectorizer *v, NodeId like, Type type, NodeId first)
{
    NodeId in[] = {first, first};
    if (v->g->states) v->g->at = v->g->places[like];
    return graph_add(v->g, NODE_phi, type, in, 2, 0);
}

// ---- Blocks -------------------------------------------------------------------------------------

static Block *begin_block(Vectorizer *v, BlockId id, u32 region)
{
    Graph *g = v->g;
    g->blocks[id] = (Block){.first = g->skeleton_count, .region = region, .idom = NO_BLOCK};
    return &g->blocks[id];
}

// A way from the one to the other: its number among those that come there.
static void put_edge(Graph *g, BlockId from, u32 which, BlockId to, u32 input)
{
    *block_edge(g, &g->blocks[from], which) = (Edge){to, input};
}

static void set_preds(Graph *g, BlockId id, u32 count, const BlockId *from)
{
    g->blocks[id].pred_count = count;
    g->blocks[id].preds = g->word_count;
    for (u32 i = 0; i < count; i++) graph_word(g, from[i]);
}

static void go_if(Graph *g, BlockId id, NodeId value, BlockId yes, u32 yes_input, BlockId no,
                  u32 no_input)
{
    graph_edges(g, id, 2);
    g->blocks[id].go = GO_if;
    g->blocks[id].value = value;
    put_edge(g, id, 0, yes, yes_input);
    put_edge(g, id, 1, no, no_input);
}

static void go_on(Graph *g, BlockId id, BlockId to, u32 input)
{
    graph_edges(g, id, 1);
    g->blocks[id].go = GO_jump;
    put_edge(g, id, 0, to, input);
}

static void make_guards(Vectorizer *v, u32 outer)
{
    Graph *g = v->g;
    const Block *header = &g->blocks[v->header];
    BlockId before = g->words[header->preds];
    u32 edge = 0;
    while (block_edge(g, &g->blocks[before], edge)->to != v->header) edge++;
    u32 turns = turns_at_a_time(v);
    begin_block(v, v->guard, outer);
    NodeId enough = pure_2(g, OP_i64_ge_s, v->turns, number(v, turns));
    put_edge(g, before, edge, v->guard, 0);
    set_preds(g, v->guard, 1, &before);
    go_if(g, v->guard, and_also(v, v->known, enough), v->ranges, 0, v->join, 0);
    begin_block(v, v->ranges, outer);
    set_preds(g, v->ranges, 1, &v->guard);
    NodeId rounds = pure_2(g, OP_i64_div_u, v->turns, number(v, turns));
    v->rounds = pure_1(g, OP_i32_wrap_i64, rounds);
    // there may be 2^32, which is 0 then; of half as many none is
    if (turns == 1) be_sure(v, pure_2(g, OP_i64_le_u, rounds, number(v, UINT32_MAX)));
    check_ranges(v);
    check_orders(v);
    go_if(g, v->ranges, v->sure, v->lanes, 0, v->join, 1);
}

// The state that the old loop would have where it is as far as this one.
static void put_state_of(Vectorizer *v, NodeId state)
{
    Graph *g = v->g;
    const Packer *p = &v->packs;
    u32 count = node_count(node(v, state));
    NodeId *in = NEW_ARRAY(g->arena, NodeId, count);
    for (u32 i = 0; i < count; i++) {
        in[i] = graph_at(g, node_inputs(g, node(v, state))[i]);
        for (u32 k = 0; k < p->sum_count; k++)
            if (p->sums[k].phi == in[i]) in[i] = v->sum_now[k];
        if (in[i] < p->known && p->class[in[i]] == LINE_steps) in[i] = v->now[in[i]];
    }
    g->at = g->places[state];
    NodeId made = graph_add(g, NODE_state, TYPE_bottom, in, count, node(v, state)->imm);
    graph_append(g, v->lanes, made);
}

static bool is_in_state(const Vectorizer *v, NodeId state, NodeId phi)
{
    if (!state) return false;
    for (u32 i = 0; i < node_count(node(v, state)); i++)
        if (graph_at(v->g, node_inputs(v->g, node(v, state))[i]) == phi) return true;
    return false;
}

static void put_phis(Vectorizer *v, NodeId state)
{
    Graph *g = v->g;
    const Packer *p = &v->packs;
    const Block header = g->blocks[v->header];
    u32 sums = 0;
    for (u32 i = 0; i < header.phi_count; i++) {
        NodeId phi = g->skeleton[header.first + i], before = before_of(v, phi);
        Type type = node(v, phi)->type;
        if (p->class[phi] == LINE_steps) {
            graph_append(g, v->lanes, v->now[phi] = phi_of(v, phi, type, before));
            continue;
        }
        const Sum *s = &p->sums[sums];
        v->sum_phis[sums] = phi_of(v, phi, TYPE_v128, first_of_sum(g, s));
        graph_append(g, v->lanes, v->sum_phis[sums]);
        v->sum_now[sums] = is_in_state(v, state, phi) ? phi_of(v, phi, type, before) : 0;
        if (v->sum_now[sums]) graph_append(g, v->lanes, v->sum_now[sums]);
        sums++;
    }
    g->blocks[v->lanes].phi_count = g->blocks[v->lanes].count;
}

// All phis of the old loop, as they are behind this one. Returns one that tells when it ends.
static NodeId end_round(Vectorizer *v, const NodeId *sums, NodeId *results)
{
    Graph *g = v->g;
    const Packer *p = &v->packs;
    const Block header = g->blocks[v->header];
    NodeId going = 0;
    u32 sum = 0;
    for (u32 i = 0; i < header.phi_count; i++) {
        NodeId phi = g->skeleton[header.first + i], before = before_of(v, phi);
        Type type = node(v, phi)->type;
        if (p->class[phi] == LINE_steps) {
            u32 add = type == TYPE_i32 ? OP_i32_add : OP_i64_add;
            u64 step = p->step[phi] * turns_at_a_time(v);
            results[i] = pure_2(g, add, v->now[phi], graph_const(g, type, step));
            node(v, v->now[phi])->in[1] = results[i];
            if (going || type != TYPE_i32) continue;
            NodeId end = pure_2(g, OP_i32_add, before,
                                pure_2(g, OP_i32_mul, v->rounds, word(v, step)));
            going = pure_2(g, OP_i32_ne, results[i], end);
        } else {
            results[i] = result_of_sum(g, &p->sums[sum], sums[sum], before);
            node(v, v->sum_phis[sum])->in[1] = sums[sum];
            if (v->sum_now[sum]) node(v, v->sum_now[sum])->in[1] = results[i];
            sum++;
        }
    }
    return going;
}

static void make_lanes(Vectorizer *v, u32 outer, NodeId *results)
{
    Graph *g = v->g;
    NodeId sums[SUMS_MOST], state = loop_state(v->g, &v->g->blocks[v->header]);
    u32 region = graph_region(g, REGION_loop, outer);
    g->regions[region].entry = v->lanes;
    g->regions[region].vectors = g->regions[g->blocks[v->header].region].vectors = true;
    begin_block(v, v->lanes, region);
    const BlockId preds[] = {v->ranges, v->lanes};
    set_preds(g, v->lanes, 2, preds);
    put_phis(v, state);
    if (state) put_state_of(v, state);
    map_lines(v, v->now);
    for (u32 i = 0; i < v->packs.sum_count; i++) sums[i] = v->sum_phis[i];
    Lanes l = {.p = &v->packs, .block = v->lanes, .now = v->now};
    for (; l.copy < v->copies; l.copy++) do_lanes(&l, sums);
    NodeId going = end_round(v, sums, results);
    go_if(g, v->lanes, going, v->lanes, 1, v->after, 0);
    begin_block(v, v->after, outer);
    set_preds(g, v->after, 1, &v->lanes);
    go_on(g, v->after, v->join, 2);
}

static void make_join(Vectorizer *v, u32 outer, const NodeId *results)
{
    Graph *g = v->g;
    Block *header = &g->blocks[v->header];
    begin_block(v, v->join, outer);
    const BlockId preds[] = {v->guard, v->ranges, v->after};
    set_preds(g, v->join, 3, preds);
    for (u32 i = 0; i < header->phi_count; i++) {
        NodeId phi = g->skeleton[header->first + i], before = before_of(v, phi);
        const NodeId in[] = {before, before, results[i]};
        if (g->states) g->at = g->places[phi];
        NodeId made = graph_add(g, NODE_phi, node(v, phi)->type, in, 3, 0);
        graph_append(g, v->join, made);
        node_inputs(g, node(v, phi))[0] = made;
    }
    g->blocks[v->join].phi_count = g->blocks[v->join].count;
    go_on(g, v->join, v->header, 0);
    g->words[header->preds] = v->join;
}

// ---- Which loops --------------------------------------------------------------------------------

static bool is_of_one_block(const Graph *g, BlockId id)
{
    const Block *b = &g->blocks[id];
    if (!block_is_header(g, id) || b->pred_count != 2 || g->words[b->preds + 1] != id) return false;
    return b->go == GO_if && !b->given_count &&
           block_edge(g, b, 0)->to != block_edge(g, b, 1)->to;
}

// How much of it in a turn: more saves looks at whether to stop, and sums for who looks at frames;
// but what is left over takes longer, and nobody knows how much there is, mostly.
static u32 choose_copies(const Vectorizer *v)
{
    enum { ROUNDS = 6, PACKS = 32, MOST = 4 };
    const Node *turns = node(v, v->turns);
    bool known = turns->op == OP_i64_const;
    u32 one = v->packs.elements / v->packs.copies, copies = 1;
    u32 most = !v->g->states ? 1 : known ? MOST : MOST / 2;
    while (copies < most && 2 * copies * v->packs.pack_count <= PACKS) {
        if (known && turns->bits / (2 * copies * one) < ROUNDS) break;
        copies *= 2;
    }
    return copies;
}

// Of what varies it says only what phis are.
static bool has_plain_state(Vectorizer *v)
{
    NodeId state = loop_state(v->g, &v->g->blocks[v->header]);
    for (u32 i = 0; state && i < node_count(node(v, state)); i++) {
        NodeId in = graph_at(v->g, node_inputs(v->g, node(v, state))[i]);
        if (class_of(&v->packs, in) != LINE_same && node(v, in)->op != NODE_phi) return false;
    }
    return true;
}

static bool vectorize(Vectorizer *v, BlockId header)
{
    Graph *g = v->g;
    Packer *p = &v->packs;
    Test test;
    v->header = header;
    v->known = v->sure = 0;
    if (!find_packs(p, header)) return false;
    if (!find_test(v, &test)) {
        p->why = "how often it goes round";
        return false;
    }
    if (!has_plain_state(v)) {
        p->why = "what it is when somebody looks";
        return false;
    }
    enter_lines(v);
    count_turns(v, &test);
    v->copies = choose_copies(v);
    u32 turns = turns_at_a_time(v);
    if (node(v, v->turns)->op == OP_i64_const && node(v, v->turns)->bits < turns) {
        p->why = "it turns too few times";
        return false;
    }
    enum { BLOCKS = 5 };
    u32 outer = g->regions[g->blocks[header].region].outer;
    graph_gap(g, header, BLOCKS);
    v->guard = header;
    v->ranges = header + 1;
    v->lanes = header + 2;
    v->after = header + 3;
    v->join = header + 4;
    v->header = header + BLOCKS;
    NodeId *results = NEW_ARRAY(g->arena, NodeId, g->blocks[v->header].phi_count);
    make_guards(v, outer);
    make_lanes(v, outer, results);
    make_join(v, outer, results);
    return true;
}

void graph_vectorize(Graph *g)
{
    enum { LOOPS_MOST = 16 };
    u32 known = g->node_count;
    if (!g->vectors || !g->region_count) return;
    Vectorizer *v = NEW(g->arena, Vectorizer);
    v->g = v->packs.g = g;
    v->packs.known = known;
    v->packs.class = NEW_ARRAY(g->arena, u8, known);
    v->packs.step = NEW_ARRAY(g->arena, u64, known);
    v->entry = NEW_ARRAY(g->arena, NodeId, known);
    v->now = NEW_ARRAY(g->arena, NodeId, known);
    graph_work(g, known / 4);
    u64 until = g->work + (g->work_most - g->work) / 4;
    for (BlockId id = 0; id < g->block_count && g->vectorized < LOOPS_MOST; id++) {
        if (!is_of_one_block(g, id) || g->work > until) continue;
        if (vectorize(v, id)) {
            graph_note(g, "vectors: the loop in block %u does %u elements at a time", id,
                       v->packs.elements * v->copies);
            g->vectorized++;
            g->loops_changed = true;
            id = v->header;
        } else {
            graph_note(g, "vectors: not the loop in block %u: %s", id, v->packs.why);
        }
        forget_packs(&v->packs);
    }
    if (g->vectorized) graph_dominators(g);
}
