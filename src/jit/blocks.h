// blocks.h -- a graph's blocks one after the other, what stands behind them, and all of it. See
// select.h.
#pragma once

#include "jit/objects.h"

// ---- Where it may stop --------------------------------------------------------------------------

// What is a local or an operand is in its slot, and goes to its home.
static void write_homes(Jit *j, u32 id)
{
    Select *s = j->select;
    Node *n = node_of(s, id);
    const State *state = state_of(s, id);
    Operand o;
    for (u32 i = 0; i < state->count; i++) {
        NodeId in = node_inputs(s->g, n)[i];
        u32 home = s->states->homes[state->first + i];
        asm_reserve(&j->a);
        if (is_remade(s, in)) {
            constant_operand(s, in, &o);
            m_put_const(j, home, &o);
        } else if (j->locals[in].slot != home) {
            m_copy_one(j, home, j->locals[in].slot, j->locals[in].type);
        }
    }
}

// The state is the node in front of it.
static void emit_charge(Jit *j, NodeId id)
{
    Select *s = j->select;
    u32 units = node_of(s, id)->imm, again = place_here(j), jump;
    if (!is_whole(j, id - 1)) give_up(j);
    s->late_state = id - 1;
    u32 field = m_charge(j, &jump);
    m_set_units(j, field, units);
    Late *late = push_late(j, LATE_graph_fuel, j->at);
    late->back = again;
    late->from = j->residents;
    late->number = units;
    u32 place = late->place;
    keep_copies(j, late);
    s->late_state = 0;
    forget_homes(s, id - 1);
    jumps_to(j, jump, place);
}

static void emit_late_charge(Jit *j, const Late *late)
{
    save_kept(j, late);
    m_call_fuel(j, late->number);
    mark(j, late->offset, SITE_place, 0);
    asm_reserve(&j->a);
    reload_kept(j, late);
}

// ---- Blocks -------------------------------------------------------------------------------------

static void emit_root(Jit *j, NodeId id)
{
    Select *s = j->select;
    const Node *n = node_of(s, id);
    asm_reserve(&j->a);
    j->locked = 0;
    s->pos = s->def[id];
    begin_instr(j, id);
    s->wanted = s->hint[id];
    say_what_follows(s, false);
    if (n->op == NODE_state) {
        emit_state(j, id);
        return;
    }
    if (n->op == NODE_charge) {
        emit_charge(j, id);
        return;
    }
    switch (n->op) {
    case OP_call: case OP_call_indirect: case OP_call_ref: emit_call(j, id); break;
    case OP_return_call: case OP_return_call_indirect: case OP_return_call_ref:
        emit_tail_call(j, id);
        break;
    case NODE_own: emit_own(j, id); break;
    case OP_return: emit_return_of(j, id); break;
    case OP_unreachable: emit_trap(j); break;
    default: {
        if (is_done_in_c(n->op)) {
            emit_done_in_c(j, id);
            break;
        }
        emit_node(j, id);
        if (j->failed) return;
        u32 results = op_info[n->op].sig == SIG_any ? n->type != TYPE_bottom
                                                    : sig_info[op_info[n->op].sig].result_count;
        if (n->type) define(j, id);
        for (u32 i = results; !n->type && i-- > 0;) {
            j->locked = 0;
            define(j, id + 1 + i);
        }
        break;
    }
    }
    if (!node_floats(n)) s->before = 0;
    release(j);
}

// Others keep out of these, so that what comes there in the end may be made there.
static void find_turning(Select *s, BlockId b)
{
    for (u32 i = 0; i < s->entries[b].count; i++) {
        const Entry *e = &s->entries[b].at[i];
        bool turns = node_of(s, e->node)->op == NODE_phi && s->def[e->node] == s->starts[b];
        if (turns && e->reg != REG_NONE) s->turning |= 1u << e->reg;
    }
}

// What it needs was saved in front of what threw, and what it is given is in its slots.
static void enter_clause(Jit *j, BlockId b)
{
    Select *s = j->select;
    const Block *block = &s->g->blocks[b];
    EACH_BIT(needs(s, b), s->words, v) s->stored[s->value[v]] = true;
    for (u32 i = 0; i < block->given_count; i++) s->stored[block->given + i] = true;
}

// As the block wants its values when it begins.
static void begin_block(Jit *j, BlockId b)
{
    Select *s = j->select;
    const EntryList *list = &s->entries[b];
    lose_all(j);
    assert(list->known || b == 0 || is_clause(s, b));
    if (is_clause(s, b)) enter_clause(j, b);
    for (u32 i = 0; i < list->count; i++) {
        const Entry *e = &list->at[i];
        s->stored[e->node] = e->stored;
        if (e->reg != REG_NONE) bind(j, e->node, e->reg);
    }
    s->at = b;
    s->pos = s->starts[b];
    u32 loop = region_loop(s->g, s->g->blocks[b].region);
    s->turning = 0;
    if (loop != NO_REGION) find_turning(s, s->g->regions[loop].entry);
    find_out(s, b);
    s->homes_since++;
    put_place(j, s->places[b]);
    j->places[s->places[b]].resume = is_clause(s, b);
}

// The state that the loop's header has in front of all that is done.
static NodeId header_state(const Select *s, const Block *b)
{
    for (u32 i = b->phi_count; i < b->count; i++) {
        NodeId id = s->g->skeleton[b->first + i];
        if (is_loop_state(s->g, id)) return id;
    }
    return 0;
}

static void emit_poll(Jit *j, BlockId b)
{
    Select *s = j->select;
    NodeId state = header_state(s, &s->g->blocks[b]);
    assert(state);
    if (!is_whole(j, state)) give_up(j);
    j->site_taken = s->g->places[state].taken;
    Late *late = push_late(j, LATE_graph_poll, s->g->places[state].at);
    u32 at = j->late_count - 1;
    late->number = b;
    u32 place = late->place;
    jumps_to(j, m_poll(j), place);
    u32 back = place_here(j);
    j->late[at].back = back;
}

// Everything that is in a register goes to its slot, and what is a local to its home; and back.
static void emit_late_poll(Jit *j, const Late *late)
{
    Select *s = j->select;
    const EntryList *list = &s->entries[late->number];
    for (u32 i = 0; i < list->count; i++) {
        const Entry *e = &list->at[i];
        const Local *l = &j->locals[e->node];
        asm_reserve(&j->a);
        if (e->reg != REG_NONE && !e->stored) m_store(j, l->slot, e->reg, l->type);
    }
    write_homes(j, header_state(s, &s->g->blocks[late->number]));
    m_call_slot(j, RUNTIME_poll);
    mark(j, late->offset, SITE_place, 0);
    for (u32 i = 0; i < list->count; i++) {
        const Entry *e = &list->at[i];
        asm_reserve(&j->a);
        if (e->reg != REG_NONE) m_load(j, e->reg, j->locals[e->node].slot, j->locals[e->node].type);
    }
}

// ---- What may throw -----------------------------------------------------------------------------

// What a value that is caught will be, along a way from the block to its catch block, and from that
// to the one around it: what the block hands over, or was handed there before.
typedef struct { u32 count, cap; struct Caught { NodeId phi, value; } *at; } CaughtList;

static void find_caught(Select *s, CaughtList *list, const Edge *e)
{
    Graph *g = s->g;
    for (;;) {
        const Block *to = &g->blocks[e->to];
        u32 before = list->count;
        graph_work(g, to->phi_count + before + 1);
        for (u32 i = 0; i < to->phi_count; i++) {
            NodeId phi = g->skeleton[to->first + i], value = phi_input(s, phi, e->input);
            if (!s->head[phi]) continue;
            for (u32 k = 0; k < before; k++)
                if (list->at[k].phi == value) {
                    value = list->at[k].value;
                    break;
                }
            ARENA_PUSH(g->arena, list->at, list->count, list->cap) = (struct Caught){phi, value};
        }
        if (!to->outer_catch) return;
        e = block_edge(g, to, to->edge_count - 1u);
    }
}

// Each goes to its slot, which no other value has. What is read from one of these is read before.
static void set_caught(Jit *j, const Edge *e)
{
    Select *s = j->select;
    CaughtList list = {0};
    Operand o;
    find_caught(s, &list, e);
    u32 spare = s->base;
    u32 *from = NEW_ARRAY(s->g->arena, u32, list.count);
    s->stamp++;
    for (u32 i = 0; i < list.count; i++) s->slot_written[j->locals[list.at[i].phi].slot] = s->stamp;
    for (u32 i = 0; i < list.count; i++) {
        NodeId value = list.at[i].value;
        const Local *l = &j->locals[value];
        from[i] = l->slot;
        if (is_remade(s, value) || l->copy != REG_NONE || value == list.at[i].phi) continue;
        if (!s->stored[value]) give_up(j);
        if (s->slot_written[l->slot] != s->stamp) continue;
        from[i] = spare;
        spare += type_slots(l->type);
        reach_slot(j, spare);
        asm_reserve(&j->a);
        m_copy_one(j, from[i], l->slot, l->type);
    }
    for (u32 i = 0; i < list.count; i++) {
        NodeId value = list.at[i].value;
        const Local *l = &j->locals[value], *to = &j->locals[list.at[i].phi];
        asm_reserve(&j->a);
        if (is_remade(s, value)) {
            constant_operand(s, value, &o);
            m_put_const(j, to->slot, &o);
        } else if (l->copy != REG_NONE) {
            m_store(j, to->slot, l->copy, to->type);
        } else if (value != list.at[i].phi) {
            m_copy_one(j, to->slot, from[i], to->type);
        }
    }
}

// The block's last, which what is caught depends on: that is guarded, and nothing else is.
static void emit_throwing(Jit *j, BlockId b, NodeId id, BlockId caught)
{
    Select *s = j->select;
    const Block *block = &s->g->blocks[b];
    Label *l = label_of(j, 0);
    s->pos = s->def[id];
    set_caught(j, block_edge(s->g, block, block->edge_count - 1u));
    l->guard = s->guards[caught];
    guard_range(j, l);
    emit_root(j, id);
    l->guard = NONE;
    guard_range(j, l);
}

// Those of tries around come first.
static void make_guards(Jit *j, Select *s)
{
    const Graph *g = s->g;
    s->guards = NEW_ARRAY(g->arena, u32, g->block_count);
    for (u32 r = 0; r < g->region_count; r++) {
        const Region *try = &g->regions[r];
        if (try->kind != REGION_try || try->catches == NO_BLOCK) continue;
        const Block *block = &g->blocks[try->catches];
        u32 first = NONE, before = NONE, next = NONE;
        for (u32 i = 0; i < try->clause_count; i++) {
            BlockId to = block_edge(g, block, i)->to;
            const Block *clause = &g->blocks[to];
            u32 home = clause->given_count ? j->locals[clause->given].slot : 0;
            before = add_clause(j, &first, before, (ClauseKind)try->clauses[i].kind, home,
                                try->clauses[i].tag, s->places[to]);
        }
        if (block->outer_catch) next = s->guards[block_edge(g, block, block->edge_count - 1u)->to];
        ARENA_PUSH(j->arena, j->guards, j->guard_count, j->guard_cap) =
            (Guard){.next = next, .clauses = first};
        s->guards[try->catches] = j->guard_count - 1;
    }
}

static void emit_block(Jit *j, BlockId b)
{
    Select *s = j->select;
    const Block *block = &s->g->blocks[b];
    begin_block(j, b);
    if (block_is_header(s->g, b)) emit_poll(j, b);
    BlockId caught = catch_of(s->g, block);
    // which is done in the end
    u32 end = s->block_order[b + 1] - (block->go == GO_branch || caught != NO_BLOCK);
    for (u32 i = s->block_order[b]; i < end && !j->failed; i++) emit_root(j, s->order[i]);
    if (caught != NO_BLOCK && !j->failed) emit_throwing(j, b, s->order[end], caught);
    if (!j->failed) emit_end(j, block);
}

// ---- All of it ----------------------------------------------------------------------------------

static void emit_entry(Jit *j, Select *s)
{
    if (j->begins) {
        u32 place = place_here(j);
        j->places[place].entry = true;
        ARENA_PUSH(j->arena, j->loops, j->loop_count, j->loop_cap) = (NativeLoop){j->begins, place};
    }
    m_enter(j, j->begins ? j->begins : j->start, j->begins ? SITE_place : SITE_entry);
    for (u32 i = 0; i < s->states->null_count; i++) {
        asm_reserve(&j->a);
        m_store_const(j, s->states->nulls[i], TYPE_i64, REF_NULL);
    }
    for (u32 v = 0; v < s->value_count; v++) {
        NodeId id = s->value[v];
        const Node *n = node_of(s, id);
        if (n->op != NODE_arg) continue;
        u32 home = s->states->local_home[n->imm];
        asm_reserve(&j->a);
        if (j->locals[id].slot != home) m_copy_one(j, j->locals[id].slot, home, n->type);
        s->stored[id] = true;
    }
}

static bool prepare(Jit *j, Select *s)
{
    Graph *g = s->g;
    u32 nodes = g->node_count, blocks = g->block_count;
    s->uses = NEW_ARRAY(g->arena, u32, nodes);
    s->user = NEW_ARRAY(g->arena, NodeId, nodes);
    s->part = NEW_ARRAY(g->arena, u8, nodes);
    s->listed = NEW_ARRAY(g->arena, bool, nodes);
    s->block_order = NEW_ARRAY(g->arena, u32, blocks + 1);
    s->starts = NEW_ARRAY(g->arena, u32, blocks);
    s->ends = NEW_ARRAY(g->arena, u32, blocks);
    s->def = NEW_ARRAY(g->arena, u32, nodes);
    s->last = NEW_ARRAY(g->arena, u32, nodes);
    s->head = NEW_ARRAY(g->arena, u32, nodes);
    s->weight = NEW_ARRAY(g->arena, u32, nodes);
    s->index = NEW_ARRAY(g->arena, u32, nodes);
    s->stored = NEW_ARRAY(g->arena, bool, nodes);
    s->hint = NEW_ARRAY(g->arena, Reg, nodes);
    s->entries = NEW_ARRAY(g->arena, EntryList, blocks);
    s->places = NEW_ARRAY(g->arena, u32, blocks);
    s->homes = arena_alloc(g->arena, s->states->local_slots * sizeof *s->homes);
    j->locals = NEW_ARRAY(g->arena, Local, nodes);
    memset(s->hint, REG_NONE, nodes);
    for (NodeId id = 0; id < nodes; id++)
        j->locals[id] = (Local){0, TYPE_i32, NONE, REG_NONE, REG_NONE};
    count_uses(s);
    order_all(s);
    find_uses(s);
    if (!find_lives(s)) return false;
    s->base = s->states->most;
    choose_slots(j, s);
    s->slot_written = NEW_ARRAY(g->arena, u32, s->base);
    for (BlockId b = 0; b < blocks; b++) s->places[b] = new_place(j);
    return true;
}

static bool has_vectors(const Graph *g)
{
    for (NodeId id = 1; id < g->node_count; id++)
        if (g->nodes[id].type == TYPE_v128) return true;
    return false;
}

// May its loops become others? Where fuel is taken, or what is thrown is caught, they stay.
static bool is_plain(const Graph *g)
{
    bool plain = !g->fueled;
    for (BlockId b = 0; b < g->block_count; b++) plain &= g->blocks[b].go <= GO_leave;
    return plain;
}

static u32 seen_at(const void *code, u32 func, u32 at)
{
    const CallSeen *call = code_call(code, func, at);
    u32 seen = call ? atomic_load_explicit(&call->func, memory_order_relaxed) : 0;
    return !seen ? SEEN_nobody : seen == CODE_NONE ? SEEN_several : seen - 1;
}

// Code of all that the function does in its order; false: it is left to the baseline.
static bool emit_graph(Jit *j)
{
    // work is about a nanosecond a unit
    enum { WORK_PER_BYTE = 2000, WORK_LEAST = 1 << 20, WORK_MOST = 1000000000, COPIES = 192,
           INLINE_BYTES = 64, INLINE_LEAST = 512 };
    Range body = j->m->funcs[j->func].body;
    const char *why;
    u64 work = WORK_LEAST + (u64)WORK_PER_BYTE * (body.end - body.start);
    Graph *g = graph_new(j->m, j->func, j->arena, MIN(work, (u64)WORK_MOST));
    g->halt = j->halt;
    g->begins = j->begins;
    g->fueled = j->fueled;
    g->rules = rule_index(j->arena);
    g->vectors = module_has(j->m, FEATURE_simd);
    if (!j->alone) {
        g->seen = seen_at;
        g->seen_by = j->code;
    }
    g->states = NEW(j->arena, StateList);
    ARENA_PUSH(j->arena, g->places, g->place_count, g->place_cap) =
        (GraphPlace){0}; // of no node
    if (!j->alone) {
        g->inline_most = INLINE_BYTES;
        g->inline_left = INLINE_LEAST + (body.end - body.start);
    }
    if (!j->alone) *j->took_in = true; // perhaps, if it takes too much
    bool built = graph_build(g, &why);
    if (!j->alone) *j->took_in = g->inlined;
    if (!built) return leave(g, why);
    bool vectors = g->states->vectors || has_vectors(g); // also such as nobody needs
    name_given(g);
    graph_step(g, "build");
    graph_tidy(g);
    graph_step(g, "tidy");
    if (!is_supported(g)) return false; // before it takes more time
    bool plain = is_plain(g);
    g->longer = plain;
    g->copies_left = COPIES + g->node_count / 8;
    graph_improve(g, (OptLevel){.speed = plain ? 3 : 1});
    if (!is_supported(g)) return false;
    graph_dominators(g); // the last step may have left blocks out
    leave_loops(g);
    Select *s = NEW(j->arena, Select);
    s->g = g;
    s->states = g->states;
    s->place = schedule_places(g);
    if (!s->place) return leave(g, "clauses of a try share a value");
    s->walk.m = j->m;
    if (!prepare(j, s)) return leave(g, "too many values at too many places");
    j->next_home = s->base;
    reach_slot(j, s->base);
    reach_slot(j, g->type->result_slots);
    // the interpreter may go on in this frame
    reach_slot(j, g->states->local_slots + g->states->operands * (vectors ? 2 : 1));
    // or in several, each with a record
    if (g->states->deep) reach_slot(j, g->states->inner + g->states->deep * RECORD_SLOTS);
    make_guards(j, s);
    emit_entry(j, s);
    open_label(j, 0, 0, 0);
    j->select = s;
    for (BlockId b = 0; b < g->block_count && !j->failed; b = next_block(s, b)) {
        if (here(j) > j->limit) return leave(g, "its code gets too long");
        if (b % 64 == 0 && halt_asked(j->halt)) return false;
        emit_block(j, b);
    }
    lose_all(j);
    return !j->failed || leave(g, "too many operands at once");
}
