// select.h -- code from a graph (opt/graph.h): in which order its nodes are done, and what is known
// of their values.
//
//     graph --schedule.c--> the block of each node that floats
//           --here--------> in each block an order; what is used once, there, is done with its user
//           --lives.h-----> which values each block needs, and a slot for each
//           --colour.h----> registers, block after block; what is done on edges
//           --emit.h------> instructions, by the same functions as from the walk (x64/lower*.h)
//
// A value is a Local of the Jit: in its register (`copy`), in its slot, or in both. The same
// functions take operands from there that take them from the walk's locals; here a register may
// hold what its slot has not (`stored`), and is saved before it is taken.
//
// Positions number what is done, block after block; an edge is done at the end of its block.
//
// At a call, a loop's header and what C does, NODE_state says which locals and operands of the
// abstract machine are which values: they are written to their homes, if they have not been. Many a
// value has its slot there, so that saving it is that. Where an object is made, and where fuel is
// taken, late code does that: which finds all of them in registers and slots as they are there.
#pragma once

#include "jit/hooks_number.h"
#include "opt/fold.h"
#include "opt/schedule.h"
#include "opt/states.h"
#include "opt/watch.h"

typedef struct { u32 at, next; } ValueUse; // at: position, times 2, and 1 if for a state alone

// Where a block wants a value when it begins.
typedef struct {
    NodeId node;
    Reg reg;     // or REG_NONE
    bool stored; // in its slot
} Entry;
typedef struct { Entry *at; u32 count; bool known; } EntryList;

typedef enum { MOVE_reg, MOVE_load, MOVE_store, MOVE_copy, MOVE_const, MOVE_put } MoveKind;
typedef struct {
    u8 kind;
    Type type;
    u32 to, from;   // registers or slots
    NodeId constant;
} Move;
typedef struct { Move *at; u32 count; } MoveList;

typedef struct Select {
    Graph *g;
    StateList *states;
    const BlockId *place;   // of what floats
    u32 *uses;              // by node
    NodeId *user;           // likewise: one of them; NONE: the block's end
    u8 *part;               // by node: is it done with its user? Its depth
    bool *listed;           // by node: it has its place in the order
    u32 *block_order;       // of each block, and behind the last: where it begins in
    u32 order_count, order_cap; NodeId *order;
    u32 *starts, *ends;     // positions, by block
    u32 *def, *last;        // by node: positions from where to where it is needed
    u32 *head;              // by node: of what is left of its uses, plus 1
    u32 use_count, use_cap; ValueUse *use;
    u32 *weight;            // by node: of its uses, by loops
    u32 *index;             // by node: number among the values, plus 1
    NodeId *value;          // by that
    u32 value_count, words;
    u64 *live;              // by block: what it needs
    u64 *loops;             // by region: what is used in the loop
    u32 (*most)[2];         // by region: of each class, how many are needed at a time
    u64 *out;               // of the block at hand: what is needed behind it
    bool *stored;           // by node
    Reg *hint;              // by node
    EntryList *entries;     // by block
    u32 *places;            // likewise
    u32 *guards;            // of catch blocks
    struct { NodeId node; u32 since; } *homes; // by home: what it is known to hold, if that
    u32 homes_since;        // is not from before this: a block's beginning
    u32 *slot_written, stamp; // by slot: the edge that writes it
    u32 list_count, list_cap; MoveList *lists;
    BlockId at;
    u32 turning;            // registers of values that go round in the innermost loop
    u32 pos;
    Reg wanted;             // for the result at hand
    u32 home;               // of the operands of what C does next
    NodeId before;          // the state in front of what is at hand; 0: there is none
    NodeId late_state;      // that late code brings home; 0: none
    u32 base;               // slots from here on are for what is at hand
    WalkState walk;         // as the lowering functions want to see it
} Select;

// Is it entered by who unwinds?
static bool is_clause(const Select *s, BlockId id)
{
    const Block *b = &s->g->blocks[id];
    return b->pred_count && s->g->blocks[s->g->words[b->preds]].go == GO_catch;
}

// Where what is thrown in the block gets to; NO_BLOCK: it leaves the function.
static BlockId catch_of(const Graph *g, const Block *b)
{
    bool throws = b->go == GO_call || b->go == GO_throw;
    return throws ? block_edge(g, b, b->edge_count - 1u)->to : NO_BLOCK;
}

// Nothing is done in such a block but to go on: who goes there goes on at once.
static bool is_passed(const Select *s, BlockId id)
{
    const Block *b = &s->g->blocks[id];
    return id && b->go == GO_jump && b->pred_count == 1 && !b->phi_count &&
           s->block_order[id] == s->block_order[id + 1] && !is_clause(s, id);
}
// The block that is emitted next. Of catch blocks there is no code.
static BlockId next_block(const Select *s, BlockId id)
{
    do id++;
    while (id < s->g->block_count && (is_passed(s, id) || s->g->blocks[id].go == GO_catch));
    return id;
}
static const Edge *edge_of(const Select *s, const Block *b, u32 i)
{
    const Edge *e = block_edge(s->g, b, i);
    while (is_passed(s, e->to)) e = block_edge(s->g, &s->g->blocks[e->to], 0);
    return e;
}

static Node *node_of(const Select *s, NodeId id) { return &s->g->nodes[id]; }
static bool is_remade(const Select *s, NodeId id)
{
    return node_is_const(node_of(s, id)) || node_of(s, id)->op == OP_ref_null;
}
static bool is_computed(const Select *s, NodeId id)
{
    const Node *n = node_of(s, id);
    return node_floats(n) && n->op != NODE_arg && n->op != NODE_result && !is_remade(s, id);
}
static bool is_part(const Select *s, NodeId id) { return s->part[id] != 0; }
static const State *state_of(const Select *s, NodeId id)
{
    return &s->states->states[node_of(s, id)->imm];
}
// Is it brought home where what is behind it is done, and out of line?
static bool is_late_state(const Select *s, NodeId id)
{
    if (node_of(s, id)->op != NODE_state) return false;
    StateUse use = state_of(s, id)->use;
    return use == STATE_new || use == STATE_charge;
}

// ---- What can be done ---------------------------------------------------------------------------

// Rows that are left to the baseline: what is about descriptors and continuations, legacy tries,
// and others that stand in no block's end here.
static bool is_done(const Graph *g, const Node *n)
{
    if (n->op >= OP_COUNT) return true;
    switch (n->op) {
    case OP_call: case OP_call_indirect: case OP_call_ref: case OP_return_call:
    case OP_return_call_indirect: case OP_return_call_ref: case OP_ref_null: case OP_ref_func:
    case OP_throw: case OP_throw_ref: case OP_ref_is_null: case OP_ref_eq:
    case OP_ref_as_non_null: case OP_any_convert_extern: case OP_extern_convert_any:
    case OP_br_on_null: case OP_br_on_non_null: case OP_table_get:
    case OP_table_set: case OP_table_grow: case OP_table_fill: case OP_select_t:
    case OP_return: case OP_unreachable: case OP_global_get: case OP_global_set:
    case OP_memory_size: case OP_memory_grow: case OP_memory_fill: case OP_memory_copy:
    case OP_memory_init: case OP_data_drop: case OP_memory_discard: case OP_table_size:
    case OP_table_copy: case OP_table_init: case OP_elem_drop: case OP_atomic_fence:
    case OP_memory_atomic_notify: case OP_memory_atomic_wait32: case OP_memory_atomic_wait64:
    case OP_select: return true;
    case OP_struct_new: case OP_struct_new_default: case OP_struct_get: case OP_struct_get_s:
    case OP_struct_get_u: case OP_struct_set: case OP_array_new: case OP_array_new_default:
    case OP_array_new_fixed: case OP_array_new_data: case OP_array_new_elem: case OP_array_get:
    case OP_array_get_s: case OP_array_get_u: case OP_array_set: case OP_array_len:
    case OP_array_fill: case OP_array_copy: case OP_array_init_data: case OP_array_init_elem:
    case OP_ref_i31: case OP_i31_get_s: case OP_i31_get_u: case OP_ref_test:
    case OP_ref_test_null: case OP_ref_cast: case OP_ref_cast_null: case OP_br_on_cast:
    case OP_br_on_cast_fail: return !g->fueled; // what they cost is not known to the graph
    default: break;
    }
    if (node_is_const(n) || n->op == OP_i8x16_shuffle) return true;
    if (lower_rows[n->op].family != LOWER_none) return true;
    return op_info[n->op].bits && op_info[n->op].sig != SIG_any; // an access
}

// Always false, after who watches was told why.
static bool leave(const Graph *g, const char *why)
{
    graph_note(g, "left to the baseline: %s", why);
    return false;
}

static bool is_supported(Graph *g)
{
    for (NodeId id = 1; id < g->node_count; id++) {
        Node *n = &g->nodes[id];
        if (!(n->flags & NODE_used)) continue;
        if (!is_done(g, n)) return leave(g, node_text(n));
    }
    for (u32 r = 0; r < g->region_count; r++)
        if (g->regions[r].legacy) return leave(g, "a try of old");
    for (BlockId b = 0; b < g->block_count; b++) {
        u8 go = g->blocks[b].go;
        if (go == GO_resume) return leave(g, "a continuation is resumed");
    }
    return true;
}

// What a branching instruction hands over is the reference that it looks at.
static void name_given(Graph *g)
{
    for (BlockId b = 0; b < g->block_count; b++) {
        const Block *block = &g->blocks[b];
        if (!block->given_count || !block->pred_count) continue;
        const Block *from = &g->blocks[g->words[block->preds]];
        if (from->go != GO_branch) continue;
        Node *last = &g->nodes[g->skeleton[from->first + from->count - 1]];
        for (u32 i = 0; i < block->given_count; i++)
            graph_same(g, block->given + i, node_inputs(g, last)[0]);
    }
}

// ---- Loops --------------------------------------------------------------------------------------
//
// A block that was written in a loop, and does not come back to its header, is none of its blocks:
// what is done there is done once.

static void leave_loops(Graph *g)
{
    for (BlockId id = g->block_count; id-- > 0;) {
        Block *b = &g->blocks[id];
        u32 best = NO_REGION, own = b->region;
        for (u32 i = 0; i < b->edge_count; i++) {
            BlockId to = block_edge(g, b, i)->to;
            u32 region = g->blocks[to].region;
            if (block_is_header(g, to) && to > id) // it comes into that
                region = g->regions[region].outer;
            for (; region != NO_REGION && !region_is_in(g, own, region);
                 region = g->regions[region].outer)
                graph_work(g, 1);
            if (region == NO_REGION) continue;
            if (best == NO_REGION || g->regions[region].depth > g->regions[best].depth)
                best = region;
        }
        b->region = best;
    }
}

// ---- Order --------------------------------------------------------------------------------------

static void count_uses(Select *s)
{
    Graph *g = s->g;
    for (NodeId id = 1; id < g->node_count; id++) {
        Node *n = node_of(s, id);
        if (!(n->flags & NODE_used) || node_is_const(n)) continue;
        for (u32 i = 0; i < node_count(n); i++) {
            NodeId in = node_inputs(g, n)[i];
            s->uses[in]++;
            s->user[in] = id;
        }
    }
    for (BlockId b = 0; b < g->block_count; b++)
        if (g->blocks[b].go == GO_if || g->blocks[b].go == GO_table) {
            s->uses[g->blocks[b].value]++;
            s->user[g->blocks[b].value] = NONE; // the block's end
        }
}

static bool is_condition(const Node *n)
{
    Family family = n->op < OP_COUNT ? (Family)lower_rows[n->op].family : LOWER_none;
    return family == LOWER_CMP || family == LOWER_EQZ || family == LOWER_FLOAT_CMP;
}

// Is it done where its only user is? That must come behind it with no other instruction in between
// that stands where it is: what was computed early may have been so that less is kept. A condition
// that is used in the flags may wait.
static bool wants_part(const Select *s, NodeId id, NodeId next)
{
    NodeId user = s->user[id];
    const Node *n = node_of(s, id);
    if (s->uses[id] != 1 || !n->type) return false;
    if (user == NONE) return is_condition(n) || next == NONE;
    const Node *u = node_of(s, user);
    if (u->op == NODE_phi || u->op == NODE_state || u->op == NODE_result) return false;
    if (s->place[user] != s->at) return false;
    bool waits = is_condition(n) && (u->op == OP_select || u->op == OP_i32_eqz);
    return waits || user <= next;
}

typedef struct { NodeId node; u32 next; } Visit;
typedef struct { u32 count, cap; Visit *at; NodeId next; } Visits;

static void put_in_order(Select *s, NodeId id)
{
    s->listed[id] = true;
    ARENA_PUSH(s->g->arena, s->order, s->order_count, s->order_cap) = id;
}

static void visit(Select *s, Visits *v, NodeId id)
{
    const Node *n = node_of(s, id);
    if (n->op == NODE_result) id = n->in[0];
    if (!is_computed(s, id) || s->place[id] != s->at || s->listed[id] || s->part[id]) return;
    ARENA_PUSH(s->g->arena, v->at, v->count, v->cap) = (Visit){id, 0};
}

// What floats and is done in this block, with its inputs first.
static void order_from(Select *s, Visits *v, NodeId id)
{
    enum { DEEP = 6 };
    u32 bottom = v->count;
    visit(s, v, id);
    while (v->count > bottom) {
        Visit *at = &v->at[v->count - 1];
        Node *n = node_of(s, at->node);
        if (at->next < node_count(n)) {
            visit(s, v, node_inputs(s->g, n)[at->next++]);
            continue;
        }
        NodeId done = at->node;
        v->count--;
        if (s->listed[done] || s->part[done]) continue;
        u32 depth = 1;
        for (u32 i = 0; i < node_count(n); i++)
            depth = MAX(depth, s->part[node_inputs(s->g, n)[i]] + 1u);
        if (depth < DEEP && wants_part(s, done, v->next)) s->part[done] = (u8)depth;
        else put_in_order(s, done);
    }
}

static NodeId phi_input(const Select *s, NodeId phi, u32 input)
{
    return node_inputs(s->g, node_of(s, phi))[input];
}

// As they were written, as far as that can be: who wrote it thought of registers too. `placed`:
// what floats, by block, from in_block[b] on.
static void order_block(Select *s, Visits *v, const u32 *in_block, const NodeId *placed)
{
    Graph *g = s->g;
    const Block *b = &g->blocks[s->at];
    u32 k = in_block[s->at], end = in_block[s->at + 1];
    s->block_order[s->at] = s->order_count;
    for (u32 i = b->phi_count; i < b->count; i++) {
        NodeId id = g->skeleton[b->first + i];
        Node *n = node_of(s, id);
        // all else comes before what ends the block
        bool ends = i == b->count - 1u && (catch_of(g, b) != NO_BLOCK || b->go == GO_branch);
        if (n->op != NODE_state) {
            v->next = id;
            for (; k < end && (ends || placed[k] < id); k++) order_from(s, v, placed[k]);
        }
        for (u32 in = 0; in < node_count(n); in++) order_from(s, v, node_inputs(g, n)[in]);
        put_in_order(s, id);
    }
    v->next = NONE;
    for (; k < end; k++) order_from(s, v, placed[k]);
    if (b->go == GO_if || b->go == GO_table) order_from(s, v, b->value);
}

static void order_all(Select *s)
{
    Graph *g = s->g;
    u32 *in_block = NEW_ARRAY(g->arena, u32, g->block_count + 2), total = 0;
    for (NodeId id = 1; id < g->node_count; id++)
        if (node_of(s, id)->flags & NODE_used && is_computed(s, id) && s->place[id] != NO_BLOCK)
            in_block[s->place[id] + 1]++, total++;
    for (BlockId b = 0; b < g->block_count; b++) in_block[b + 1] += in_block[b];
    NodeId *placed = NEW_ARRAY(g->arena, NodeId, total);
    u32 *next = arena_copy(g->arena, in_block, g->block_count * sizeof *next);
    for (NodeId id = 1; id < g->node_count; id++)
        if (node_of(s, id)->flags & NODE_used && is_computed(s, id) && s->place[id] != NO_BLOCK)
            placed[next[s->place[id]]++] = id;
    Visits v = {0};
    for (s->at = 0; s->at < g->block_count; s->at++) order_block(s, &v, in_block, placed);
    s->block_order[g->block_count] = s->order_count;
    graph_work(g, 4 * (u64)g->node_count);
}

// ---- Uses ---------------------------------------------------------------------------------------

static void add_use(Select *s, NodeId id, u32 pos, bool state)
{
    if (is_remade(s, id)) return;
    ARENA_PUSH(s->g->arena, s->use, s->use_count, s->use_cap) =
        (ValueUse){pos * 2 + state, s->head[id]};
    s->head[id] = s->use_count;
    s->last[id] = MAX(s->last[id], pos);
    if (state) return;
    const Graph *g = s->g;
    u32 depth = MIN(loop_depth(g, g->blocks[s->at].region), 7);
    s->weight[id] = (u32)MIN((u64)s->weight[id] + (1u << 3 * depth), UINT32_MAX);
}

// What is read where something is done: by it, and by its parts.
static void add_uses(Select *s, NodeId id, u32 pos)
{
    Node *n = node_of(s, id);
    if (node_is_const(n)) return;
    for (u32 i = node_count(n); i-- > 0;) {
        NodeId in = node_inputs(s->g, n)[i];
        if (is_part(s, in)) add_uses(s, in, pos);
        else add_use(s, in, pos, n->op == NODE_state);
    }
}

// Calls `each` with all values that an edge hands to phis.
#define EACH_PHI(s, b, i, phi, input)                                                              \
    for (const Edge *e_ = block_edge((s)->g, b, i); e_; e_ = NULL)                                 \
        for (u32 k_ = 0, phi, input; k_ < (s)->g->blocks[e_->to].phi_count &&                      \
                         (phi = (s)->g->skeleton[(s)->g->blocks[e_->to].first + k_],               \
                         input = phi_input(s, phi, e_->input), true);                              \
             k_++)

// Of what stands there in the order: only what floats may come in between. 0: it has none.
static NodeId late_state_of(const Select *s, u32 i)
{
    u32 first = s->block_order[s->at], op = node_of(s, s->order[i])->op;
    if (op != NODE_charge && !(op < OP_COUNT && is_new_object(op))) return 0;
    while (i > first && node_floats(node_of(s, s->order[i - 1]))) i--;
    return i > first && is_late_state(s, s->order[i - 1]) ? s->order[i - 1] : 0;
}

static void find_uses(Select *s)
{
    Graph *g = s->g;
    u32 pos = 1;
    for (BlockId b = 0; b < g->block_count; b++) {
        const Block *block = &g->blocks[b];
        s->starts[b] = pos++;
        for (u32 i = 0; i < block->phi_count; i++)
            s->def[g->skeleton[block->first + i]] = s->starts[b];
        for (u32 i = 0; i < block->given_count; i++) s->def[block->given + i] = s->starts[b];
        for (u32 i = s->block_order[b]; i < s->block_order[b + 1]; i++) s->def[s->order[i]] = pos++;
        s->ends[b] = pos++;
    }
    for (s->at = g->block_count; s->at-- > 0;) {
        const Block *b = &g->blocks[s->at];
        for (u32 i = 0; i < b->edge_count; i++)
            EACH_PHI(s, b, i, phi, input) add_use(s, input, s->ends[s->at], false);
        if (b->go == GO_if || b->go == GO_table) {
            if (is_part(s, b->value)) add_uses(s, b->value, s->ends[s->at]);
            else add_use(s, b->value, s->ends[s->at], false);
        }
        for (u32 i = s->block_order[s->at + 1]; i-- > s->block_order[s->at];) {
            NodeId id = s->order[i], state = late_state_of(s, i);
            if (!is_late_state(s, id)) add_uses(s, id, s->def[id]);
            if (!state) continue;
            s->def[state] = s->def[id];
            add_uses(s, state, s->def[id]);
        }
    }
    for (NodeId id = 1; id < g->node_count; id++)
        if (node_of(s, id)->op == NODE_result && node_of(s, id)->flags & NODE_used)
            s->def[id] = s->def[node_of(s, id)->in[0]];
}
