// join.c -- stores side by side become stores of vectors, with what they store.
//
//     i32.store offset=0 %1 (i32.add (i32.load offset=0 %2) %3)
//     i32.store offset=4 %1 (i32.add (i32.load offset=4 %2) %3)      v128.store %1
//     i32.store offset=8 %1 (i32.add (i32.load offset=8 %2) %3)  ->    (i32x4.add (v128.load %2)
//     i32.store offset=12 %1 (i32.add (i32.load offset=12 %2) %3)                 (i32x4.splat %3))
//
// That is looked for in a run: loads and stores of one block with nothing in between that somebody
// could tell apart from them. Stores are grouped from their addresses, and their values made of
// constants, loads side by side, the same value, and what is done in each lane (join_packs.c). All
// from the first that goes to the last is done anew, loads first, if join_guard.c says that it may
// be; where that is only known when it is run, it is there twice, behind a comparison:
//
//     block                 block, guard: vectors else as it was
//       ...          ->     vectors
//       stores              as it was
//       ...                 the rest of the block
//
// It is done where it saves operations, what is compared counted.

#include "opt/join.h"
#include "opt/packs.h"
#include "opt/watch.h"

#include <string.h>

static Node *node(const Joiner *j, NodeId id) { return &j->g->nodes[id]; }
static NodeId input(const Joiner *j, NodeId id, u32 i)
{
    return graph_at(j->g, node_inputs(j->g, node(j, id))[i]);
}

JoinNode *join_node(Joiner *j, NodeId id)
{
    JoinNode *n = &j->nodes[id];
    if (!n->touched) ARENA_PUSH(j->g->arena, j->touched, j->touched_count, j->touched_cap) = id;
    n->touched = true;
    return n;
}

static void forget(Joiner *j)
{
    for (u32 i = 0; i < j->touched_count; i++) {
        JoinNode *n = &j->nodes[j->touched[i]];
        *n = (JoinNode){.uses = n->uses};
    }
    j->touched_count = j->access_count = j->read_count = j->pack_count = j->group_count = 0;
    j->why = NULL;
}

static void use(Joiner *j, NodeId id) { j->nodes[graph_at(j->g, id)].uses++; }

static void count_uses(Joiner *j)
{
    Graph *g = j->g;
    for (NodeId id = 1; id < j->known; id++) {
        Node *n = node(j, id);
        if (!(n->flags & NODE_used) || node_is_const(n)) continue;
        graph_work(g, node_count(n));
        for (u32 i = 0; i < node_count(n); i++) use(j, node_inputs(g, n)[i]);
    }
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        if (b->go == GO_if || b->go == GO_table) use(j, b->value);
    }
}

// ---- Groups

// The next in the run that is so far behind, of the same kind; JOIN_ACCESSES: there is none.
static u32 store_behind(Joiner *j, u32 first, u64 by)
{
    const Access *a = &j->accesses[first].a;
    graph_work(j->g, j->access_count);
    for (u32 i = 0; i < j->access_count; i++) {
        const Access *b = &j->accesses[i].a;
        if (b->store && !b->grouped && node(j, b->node)->op == node(j, a->node)->op &&
            distance_of(a, b) == by) return i;
    }
    return JOIN_ACCESSES;
}

static bool is_first(Joiner *j, u32 store)
{
    const Access *a = &j->accesses[store].a;
    graph_work(j->g, j->access_count);
    for (u32 i = 0; i < j->access_count; i++) {
        const Access *b = &j->accesses[i].a;
        if (b->store && node(j, b->node)->op == node(j, a->node)->op &&
            distance_of(b, a) == a->bytes) return false;
    }
    return true;
}

// Of stores side by side as many as fill a vector.
static bool group(Joiner *j, const u32 *at, u32 bytes)
{
    NodeId of[JOIN_LANES];
    u32 packs = j->pack_count;
    if (j->group_count == JOIN_GROUPS) return false;
    for (u32 k = 0; k < join_lanes(bytes); k++)
        of[k] = join_like(j, input(j, j->accesses[at[k]].a.node, 1));
    JoinGroup *made = &j->groups[j->group_count];
    *made = (JoinGroup){at[0], at[0], join_pack(j, of, bytes), (u8)bytes};
    if (made->pack == NO_PACK) {
        j->pack_count = packs;
        return join_cannot(j, "what is stored");
    }
    for (u32 k = 0; k < join_lanes(bytes); k++) {
        made->first = MIN(made->first, at[k]);
        j->accesses[at[k]].a.grouped = true;
        j->accesses[at[k]].group = j->group_count;
    }
    j->group_count++;
    return true;
}

static void group_from(Joiner *j, u32 store)
{
    u32 at[JOIN_ACCESSES], count = 0, bytes = j->accesses[store].a.bytes;
    for (u32 next = store; next < JOIN_ACCESSES && count < JOIN_ACCESSES;) {
        at[count++] = next;
        next = store_behind(j, store, count * (u64)bytes);
    }
    for (u32 i = 0; i + join_lanes(bytes) <= count;)
        i += group(j, at + i, bytes) ? join_lanes(bytes) : 1;
}

static bool find_groups(Joiner *j)
{
    for (u32 i = 0; i < j->access_count; i++) {
        const Access *a = &j->accesses[i].a;
        if (a->store && !a->grouped && is_first(j, i)) group_from(j, i);
    }
    if (j->group_count) j->why = NULL;
    for (u32 i = 0; i < j->group_count; i++) j->packs[j->groups[i].pack].used = true;
    for (u32 i = j->pack_count; i-- > 0;) {
        const JoinPack *p = &j->packs[i];
        if (!p->used || p->kind != JOIN_row) continue;
        for (u32 k = 0; k < COUNT_OF(p->in); k++)
            if (p->in[k] != NO_PACK) j->packs[p->in[k]].used = true;
    }
    return j->group_count;
}

// From the first to the last that is part of a vector.
static void find_ends(Joiner *j)
{
    j->first = UINT32_MAX;
    j->last = 0;
    for (u32 i = 0; i < j->access_count; i++) {
        const JoinAccess *a = &j->accesses[i];
        if (!a->a.grouped) continue;
        j->first = MIN(j->first, a->at);
        j->last = MAX(j->last, a->at);
    }
    for (u32 i = 0; i < j->pack_count; i++) {
        const JoinPack *p = &j->packs[i];
        u32 load = p->kind == JOIN_same ? j->nodes[p->of[0]].load : 0;
        if (p->used && p->kind == JOIN_load) j->first = MIN(j->first, j->accesses[p->first].at);
        if (p->used && load) j->first = MIN(j->first, j->accesses[load - 1].at);
    }
}

// ---- Does it save anything?

static void kill(Joiner *j, NodeId id)
{
    if (id < j->known) join_node(j, id)->dead++;
}

// What is in lanes alone need not be there otherwise. Returns how many of that there are.
static u32 find_dead(Joiner *j)
{
    u32 died = 0;
    for (u32 i = 0; i < j->pack_count; i++) {
        const JoinPack *p = &j->packs[i];
        const Node *n = node(j, p->of[0]);
        if (!p->used) continue;
        if (p->kind == JOIN_same) join_node(j, p->of[0])->kept = true;
        else if (p->kind == JOIN_row && n->count == 2 && p->in[1] == NO_PACK)
            join_node(j, input(j, p->of[0], 1))->kept = true;
    }
    for (u32 i = 0; i < j->access_count; i++)
        if (j->accesses[i].a.grouped) kill(j, input(j, j->accesses[i].a.node, 1));
    for (u32 i = j->pack_count; i-- > 0;) {
        const JoinPack *p = &j->packs[i];
        if (!p->used || p->kind != JOIN_row) continue;
        graph_work(j->g, join_lanes(p->bytes));
        for (u32 k = 0; k < join_lanes(p->bytes); k++) {
            JoinNode *n = join_node(j, p->of[k]);
            if (n->kept || n->died || n->dead < n->uses) continue;
            n->died = true;
            died++;
            for (u32 m = 0; m < node(j, p->of[k])->count; m++) kill(j, input(j, p->of[k], m));
        }
    }
    for (u32 i = 0; i < j->access_count; i++) {
        JoinAccess *a = &j->accesses[i];
        const JoinNode *n = &j->nodes[a->a.node];
        if (a->a.store || !join_moves(j, a)) continue;
        a->dies = n->dead && n->dead == n->uses && !n->kept;
        died += a->dies;
    }
    return died;
}

// No more loads and stores than before, either: they take the places of those.
static bool saves(Joiner *j)
{
    u32 before = find_dead(j), after = join_cost(j) + j->group_count;
    u32 old = 0, accesses = j->group_count;
    for (u32 i = 0; i < j->access_count; i++) {
        before += j->accesses[i].a.grouped;
        old += j->accesses[i].a.grouped || j->accesses[i].dies;
    }
    for (u32 i = 0; i < j->pack_count; i++) {
        after += j->packs[i].used;
        accesses += j->packs[i].used && j->packs[i].kind == JOIN_load;
    }
    return (after < before && accesses <= old) || join_cannot(j, "nothing is saved");
}

// ---- Who needs what is loaded there

// Those of nodes that stand between the first and the last count; and of what floats, if all of
// its own do.
static void use_inside(Joiner *j, NodeId id)
{
    id = graph_at(j->g, id);
    if (id >= j->known || node_is_const(node(j, id))) return;
    JoinNode *n = join_node(j, id);
    if (++n->inside == n->uses && node_floats(node(j, id)))
        ARENA_PUSH(j->g->arena, j->list, j->list_count, j->list_cap) = id;
}

static void use_inputs_inside(Joiner *j, NodeId id)
{
    Node *n = node(j, id);
    graph_work(j->g, 1 + node_count(n));
    for (u32 i = 0; i < node_count(n); i++) use_inside(j, node_inputs(j->g, n)[i]);
}

// Where all of it is there twice nothing of it may be used behind it, and what is used in vectors
// has to be made once more.
static bool may_be_twice(Joiner *j)
{
    j->list_count = 0;
    for (u32 i = 0; i < j->access_count; i++) {
        const JoinAccess *a = &j->accesses[i];
        if (a->a.store && join_moves(j, a)) use_inputs_inside(j, a->a.node);
    }
    while (j->list_count) use_inputs_inside(j, j->list[--j->list_count]);
    for (u32 i = 0; i < j->access_count; i++) {
        const JoinAccess *a = &j->accesses[i];
        const JoinNode *n = &j->nodes[a->a.node];
        if (!join_moves(j, a)) continue;
        if (!a->a.store && n->inside != n->uses)
            return join_cannot(j, "what is read for it is used behind it");
        if (a->a.store && !a->a.grouped && join_depends(j, input(j, a->a.node, 1)) == DEPENDS_deep)
            return join_cannot(j, "what is stored besides");
    }
    for (u32 i = 0; i < j->pack_count; i++) {
        const JoinPack *p = &j->packs[i];
        if (!p->used || (p->kind != JOIN_same && p->kind != JOIN_row)) continue;
        NodeId id = p->of[0];
        if (p->kind == JOIN_row && (node(j, id)->count != 2 || p->in[1] != NO_PACK)) continue;
        if (p->kind == JOIN_row) id = input(j, id, 1);
        if (join_depends(j, id) == DEPENDS_deep) return join_cannot(j, "what is in all lanes");
    }
    return true;
}

// ---- Making it

static void put(Joiner *j, NodeId id)
{
    ARENA_PUSH(j->g->arena, j->g->skeleton, j->g->skeleton_count, j->g->skeleton_cap) = id;
}

static void put_old(Joiner *j, const Block *old, u32 from, u32 to)
{
    graph_work(j->g, to - from);
    for (u32 i = from; i < to; i++) put(j, j->g->skeleton[old->first + i]);
}

// In vectors once more, if it is there twice.
static NodeId again(Joiner *j, NodeId id)
{
    NodeId in[2];
    if (!j->guarded) return id;
    u32 count = node_count(node(j, id));
    for (u32 i = 0; i < count; i++) in[i] = join_scalar(j, input(j, id, i));
    return graph_like(j->g, id, in);
}

static void put_loads(Joiner *j)
{
    for (u32 i = 0; i < j->access_count; i++) {
        const JoinAccess *a = &j->accesses[i];
        if (a->a.store || !join_moves(j, a)) continue;
        if (!a->dies) {
            NodeId made = again(j, a->a.node);
            join_node(j, a->a.node)->now = made;
            put(j, made);
        }
        graph_work(j->g, j->pack_count);
        for (u32 k = 0; k < j->pack_count; k++) {
            JoinPack *p = &j->packs[k];
            if (!p->used || p->kind != JOIN_load || p->first != i) continue;
            p->made = join_access(j, p->lowest, p->first, 0);
            put(j, p->made);
        }
    }
}

static void put_stores(Joiner *j)
{
    for (u32 i = 0; i < j->access_count; i++) {
        const JoinAccess *a = &j->accesses[i];
        if (!a->a.store || !join_moves(j, a)) continue;
        const JoinGroup *of = &j->groups[a->group];
        if (!a->a.grouped) put(j, again(j, a->a.node));
        else if (of->first == i) put(j, join_access(j, of->lowest, i, join_vector(j, of->pack)));
    }
}

// What is read of globals comes first: nothing here writes them.
static void put_reads(Joiner *j, const Block *old)
{
    for (u32 i = 0; i < j->read_count; i++)
        if (j->reads[i] > j->first && j->reads[i] < j->last)
            put(j, j->g->skeleton[old->first + j->reads[i]]);
}

// In its place. What is left over of that is nothing, which is left out when the graph is tidied.
static void replace(Joiner *j)
{
    Graph *g = j->g;
    const Block *b = &g->blocks[j->block];
    u32 start = g->skeleton_count, hole = 0;
    put_reads(j, b);
    put_loads(j);
    put_stores(j);
    u32 count = g->skeleton_count - start;
    NodeId *at = g->skeleton + b->first + j->first;
    memcpy(at, g->skeleton + start, count * sizeof *at);
    g->skeleton_count = start;
    for (u32 i = 0; i < j->access_count; i++) {
        const Access *a = &j->accesses[i].a;
        if (a->grouped) graph_same(g, hole = a->node, input(j, a->node, 1));
    }
    for (u32 i = count; i <= j->last - j->first; i++) at[i] = hole;
}

static void begin_block(Graph *g, BlockId id, u32 region, BlockId from)
{
    g->blocks[id] = (Block){.first = g->skeleton_count, .region = region, .idom = NO_BLOCK,
                            .preds = g->word_count, .pred_count = 1};
    graph_word(g, from);
}

static void end_block(Graph *g, BlockId id, BlockId to, u32 input)
{
    g->blocks[id].count = g->skeleton_count - g->blocks[id].first;
    graph_edges(g, id, 1);
    g->blocks[id].go = GO_jump;
    *block_edge(g, &g->blocks[id], 0) = (Edge){to, input};
}

static NodeId put_size(Joiner *j)
{
    Graph *g = j->g;
    u32 imm = (u32)g->imms.len;
    buf_leb_u(&g->imms, j->memory);
    NodeId pages = graph_add(g, OP_memory_size, TYPE_i32, NULL, 0, imm);
    g->nodes[pages].flags |= NODE_own_imm;
    put(j, pages);
    u64 log = g->m->memories[j->memory].type.limits.page_log2;
    return pure_2(g, OP_i64_shl, pure_1(g, OP_i64_extend_i32_u, pages),
                  graph_const(g, TYPE_i64, log));
}

// Behind a comparison, and as it was. Returns the block that goes on.
static BlockId put_twice(Joiner *j)
{
    enum { MORE = 3 };
    Graph *g = j->g;
    BlockId guard = j->block, lanes = guard + 1, old = guard + 2, rest = guard + 3;
    bool size = false;
    graph_gap(g, lanes, MORE);
    const Block all = g->blocks[guard];
    for (u32 r = 0; r < j->range_count; r++) size |= !j->ranges[r].sure;

    Block *b = &g->blocks[guard];
    b->first = g->skeleton_count;
    put_old(j, &all, 0, j->first);
    put_reads(j, &all);
    b->value = join_condition(j, size ? put_size(j) : 0);
    b->count = g->skeleton_count - b->first;
    b->go = GO_if;
    b->hint = HINT_none;
    b->outer_catch = false;
    b->cases = b->case_count = 0;
    graph_edges(g, guard, 2);
    *block_edge(g, b, 0) = (Edge){lanes, 0};
    *block_edge(g, b, 1) = (Edge){old, 0};

    begin_block(g, lanes, all.region, guard);
    put_loads(j);
    put_stores(j);
    end_block(g, lanes, rest, 0);

    begin_block(g, old, all.region, guard);
    for (u32 i = 0; i < j->access_count; i++)
        if (join_moves(j, &j->accesses[i])) put(j, j->accesses[i].a.node);
    end_block(g, old, rest, 1);

    b = &g->blocks[rest];
    *b = all;
    b->first += j->last + 1;
    b->count -= j->last + 1;
    b->phi_count = b->given_count = 0;
    b->given = 0;
    b->idom = NO_BLOCK;
    b->pred_count = 2;
    b->preds = g->word_count;
    graph_word(g, lanes);
    graph_word(g, old);
    for (u32 i = 0; i < b->edge_count; i++) {
        Edge e = *block_edge(g, b, i);
        g->words[g->blocks[e.to].preds + e.input] = rest;
    }
    return rest;
}

// ---- Runs

// How much of what is there twice is more than before.
static u32 added(const Joiner *j)
{
    u32 count = join_cost(j) + j->access_count + j->group_count;
    for (u32 i = 0; i < j->pack_count; i++) count += j->packs[i].used;
    return count;
}

static bool may_join(Joiner *j)
{
    enum { TWICE_MOST = 16 };
    if (!find_groups(j)) return false;
    find_ends(j);
    if (!join_ranges(j) || !saves(j)) return false;
    if (!j->guarded) return true;
    if (added(j) > j->g->copies_left || j->twice == TWICE_MOST)
        return join_cannot(j, "it gets too long");
    return may_be_twice(j);
}

// Where the run ends; behind it, where the same block goes on, and *block is that one.
static u32 end_run(Joiner *j, BlockId *block, u32 at)
{
    if (j->access_count > 1 && j->g->work < j->until && may_join(j)) {
        u32 groups = j->group_count;
        if (j->guarded) {
            j->g->copies_left -= added(j);
            j->twice++;
            *block = put_twice(j);
            at -= j->last + 1;
        } else {
            replace(j);
        }
        j->g->vectorized++;
        j->g->loops_changed = true;
        graph_note(j->g, "stores: those side by side in block %u are %u vectors%s", j->block,
                   groups, j->guarded ? ", if they may be" : "");
    } else if (j->why) {
        graph_note(j->g, "stores: not those side by side in block %u: %s", j->block, j->why);
    }
    forget(j);
    return at;
}

static void note_load(Joiner *j, u32 access)
{
    const Access *a = &j->accesses[access].a;
    JoinNode *n = join_node(j, a->node);
    n->load = access + 1;
    n->like = a->node;
    graph_work(j->g, access);
    for (u32 i = 0; i < access; i++) {
        const Access *b = &j->accesses[i].a;
        if (b->store || node(j, b->node)->op != node(j, a->node)->op || distance_of(b, a)) continue;
        n->like = b->node;
        return;
    }
}

// Is it one of a run, or its first?
static bool put_access(Joiner *j, NodeId id, u32 at)
{
    const Node *n = node(j, id);
    if (n->op == OP_global_get && j->read_count < JOIN_READS) {
        j->reads[j->read_count++] = at;
        return true;
    }
    if (n->op >= OP_COUNT || !is_plain_access(n->op) || j->access_count == JOIN_ACCESSES)
        return false;
    Access a = access_at(j->g, id, n->type == TYPE_bottom);
    const Limits *limits = &j->g->m->memories[a.memory].type.limits;
    if (limits->shared || limits->is64 || (j->access_count && a.memory != j->memory)) return false;
    if (node(j, a.core)->op == OP_i32_const) {
        a.offset += (u32)(node(j, a.core)->bits + a.more);
        a.core = a.more = 0;
    }
    j->memory = a.memory;
    j->accesses[j->access_count++] = (JoinAccess){.a = a, .at = at};
    if (!a.store) note_load(j, j->access_count - 1);
    return true;
}

// Returns the last block that it became.
static BlockId join_block(Joiner *j, BlockId block)
{
    Graph *g = j->g;
    for (u32 i = g->blocks[block].phi_count; i < g->blocks[block].count; i++) {
        NodeId id = g->skeleton[g->blocks[block].first + i];
        j->block = block;
        if (id < j->known && put_access(j, id, i)) continue;
        i = end_run(j, &block, i);
        // what ended it may begin another
        j->block = block;
        if (id < j->known) put_access(j, id, i);
    }
    j->block = block;
    end_run(j, &block, g->blocks[block].count);
    return block;
}

static bool has_stores(const Graph *g)
{
    u32 count = 0;
    for (NodeId id = 1; id < g->node_count; id++)
        count += g->nodes[id].op < OP_COUNT && is_plain_access(g->nodes[id].op) &&
                 g->nodes[id].type == TYPE_bottom;
    return count > 1;
}

// Does somebody look at the memory's size to get here? Then it is what vectors were left.
static bool is_left(const Graph *g, BlockId id)
{
    const Block *b = &g->blocks[id];
    if (b->region != NO_REGION && g->regions[b->region].vectors) return true;
    if (b->pred_count != 1 || g->blocks[g->words[b->preds]].go != GO_if) return false;
    const Node *n = graph_node(g, g->blocks[g->words[b->preds]].value);
    while (n->op == OP_i32_and) n = graph_node(g, n->in[0]);
    if (n->op != OP_i64_le_u) return false;
    n = graph_node(g, n->in[1]);
    if (n->op != OP_i64_shl) return false;
    n = graph_node(g, n->in[0]);
    return n->op == OP_i64_extend_i32_u && graph_node(g, n->in[0])->op == OP_memory_size;
}

void graph_join(Graph *g)
{
    if (!g->vectors || !has_stores(g)) return;
    Joiner *j = NEW(g->arena, Joiner);
    j->g = g;
    j->known = g->node_count;
    j->nodes = NEW_ARRAY(g->arena, JoinNode, j->known);
    graph_work(g, j->known);
    count_uses(j);
    j->until = g->work + (g->work_most - g->work) / 4;
    for (BlockId id = 0; id < g->block_count && g->work < j->until; id++) {
        graph_work(g, 1 + g->blocks[id].count);
        if (g->blocks[id].count && !is_left(g, id)) id = join_block(j, id);
    }
    if (j->twice) graph_dominators(g);
}
