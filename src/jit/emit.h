// emit.h -- instructions for the nodes of a graph. See select.h.
#pragma once

#include "jit/colour.h"

// ---- Operands -----------------------------------------------------------------------------------

static void emit_node(Jit *j, NodeId id);

// The lowering functions look at what comes behind an instruction.
static void say_what_follows(Select *s, bool flags)
{
    static const u8 none[2] = {0, 0}, branch[2] = {0x0d, 0};
    s->walk.in.next = flags ? branch : none;
    s->walk.in.end = s->walk.in.next + 2;
}

// Read here for the last time, and once?
static bool ends_here(Select *s, NodeId id)
{
    if (lives_behind(s, id, s->pos)) return false;
    const ValueUse *u = use_behind(s, id, s->pos - 1);
    return u && u->at / 2 == s->pos && !(u->next && s->use[u->next - 1].at / 2 == s->pos);
}

// `flags`: if it is a comparison it may stay in the flags, as it is used by the instruction behind.
static void push_node(Jit *j, NodeId id, bool flags)
{
    Select *s = j->select;
    if (is_remade(s, id)) {
        Operand o;
        constant_operand(s, id, &o);
        push_same_const(j, &o);
    } else if (is_part(s, id)) {
        say_what_follows(s, flags);
        Reg wanted = s->wanted;
        s->wanted = REG_NONE;
        emit_node(j, id);
        s->wanted = wanted;
    } else {
        Local *l = &j->locals[id];
        if (l->copy != REG_NONE && ends_here(s, id)) {
            Reg reg = l->copy;
            let_go(j, reg);
            push_reg(j, l->type, reg);
        } else {
            push_local(j, id);
        }
    }
}

// `first`: in the place of the first; or 0.
static void push_inputs_from(Jit *j, NodeId id, NodeId first)
{
    Select *s = j->select;
    Node *n = node_of(s, id);
    u32 count = node_count(n);
    bool takes_flags = n->op == OP_select || n->op == OP_i32_eqz;
    for (u32 i = 0; i < count; i++) {
        asm_reserve(&j->a);
        u32 locked = j->locked;
        NodeId in = first && !i ? first : node_inputs(s->g, n)[i];
        push_node(j, in, takes_flags && i == count - 1);
        j->locked = locked;
    }
    say_what_follows(s, false);
}

static void push_inputs(Jit *j, NodeId id) { push_inputs_from(j, id, 0); }

// What is not needed behind this loses its register.
static void release(Jit *j)
{
    Select *s = j->select;
    for (u32 bits = j->copies; bits; bits &= bits - 1) {
        Reg reg = (Reg)__builtin_ctz(bits);
        if (!lives_behind(s, j->copy_of[reg], s->pos)) let_go(j, reg);
    }
}

// The newest operand is the node's value.
static void define(Jit *j, NodeId id)
{
    Select *s = j->select;
    Type type = node_of(s, id)->type;
    Operand o = pop_of(j, type);
    if (!s->head[id]) return;
    Reg reg = o.at == AT_reg ? o.reg : REG_NONE;
    s->wanted = s->hint[id];
    if (reg == REG_NONE) {
        reg = take_result(j, class_of(type));
        into_reg(j, reg, &o);
    }
    bind(j, id, reg);
    s->stored[id] = false;
}

// ---- Instructions -------------------------------------------------------------------------------

static void read_imm(Select *s, NodeId id, Imm *imm)
{
    Bytes bytes;
    *imm = (Imm){0};
    node_read_imm(s->g, node_of(s, id), imm, &bytes);
}

static bool is_atomic(u32 op) { return op_prefix(op_info[op].opcode) == 0xfe; }

// An i32 is no larger than this.
static u64 largest(const Select *s, NodeId id, u32 deep)
{
    enum { DEEP = 6 };
    const Node *n = node_of(s, id);
    if (n->op == OP_i32_const) return n->bits;
    if (n->op == OP_i32_load8_u) return UINT8_MAX;
    if (n->op == OP_i32_load16_u) return UINT16_MAX;
    if (deep == DEEP || n->count != 2 || n->flags & NODE_many || n->op >= OP_COUNT)
        return UINT32_MAX;
    u64 sum, a = UINT32_MAX, b = UINT32_MAX;
    bool known = node_of(s, n->in[1])->op == OP_i32_const;
    if (n->op == OP_i32_and || n->op == OP_i32_add || n->op == OP_i32_shl) {
        a = largest(s, n->in[0], deep + 1);
        b = largest(s, n->in[1], deep + 1);
    }
    switch (n->op) {
    case OP_i32_and: return MIN(a, b);
    case OP_i32_add: sum = a + b; break;
    case OP_i32_shl: sum = known ? a << (node_of(s, n->in[1])->bits & 31) : UINT32_MAX; break;
    case OP_i32_shr_u:
        return known ? UINT32_MAX >> (node_of(s, n->in[1])->bits & 31) : UINT32_MAX;
    default: return UINT32_MAX;
    }
    return MIN(sum, (u64)UINT32_MAX); // larger ones wrap
}

// The address is a sum that does not wrap, and is made for this access alone: the number is the
// offset's, and what it is added to is the address. NODE 0: it is not.
static NodeId address_without(Jit *j, NodeId id, u64 *number)
{
    const Select *s = j->select;
    const Node *n = node_of(s, node_of(s, id)->in[0]), *k;
    Imm imm;
    if (n->op != OP_i32_add || !is_part(s, node_of(s, id)->in[0])) return 0;
    k = node_of(s, n->in[1]);
    if (k->op != OP_i32_const || largest(s, n->in[0], 0) + k->bits > UINT32_MAX) return 0;
    read_imm(j->select, id, &imm);
    imm.memarg.offset += k->bits;
    u32 bytes = op_info[node_of(s, id)->op].bits / 8;
    if (!left_to_guards(j, &imm, bytes)) return 0;
    *number = k->bits;
    return n->in[0];
}

// An access, `more` behind its address; C does none here.
static void emit_access(Jit *j, NodeId id, NodeId address, u64 more)
{
    Select *s = j->select;
    Op op = (Op)node_of(s, id)->op;
    Imm imm;
    read_imm(s, id, &imm);
    if (!is_atomic(op) && !is_part(s, address) && !is_remade(s, address)) {
        const ValueUse *u = use_behind(s, address, s->pos);
        j->address = address;
        j->again = u && in_block(s, u->at) && !(u->at & 1);
    }
    imm.is64 = s->g->m->memories[imm.memarg.memory].type.limits.is64;
    imm.memarg.offset += more;
    bool store = !sig_info[op_info[op].sig].result_count, good;
    if (is_atomic(op)) good = lower_atomic(j, &s->walk, op, &imm);
    else if (lower_rows[op].family != LOWER_none) good = lower_access(j, &s->walk, op, &imm);
    else good = store ? lower_store(j, &s->walk, op, &imm) : lower_load(j, &s->walk, op, &imm);
    j->address = NONE;
    if (!good) give_up(j);
}

static void emit_shuffle(Jit *j, NodeId id)
{
    Imm imm;
    Lanes lanes;
    read_imm(j->select, id, &imm);
    memcpy(lanes.at, imm.bytes, sizeof lanes.at);
    lower_shuffle(j, &j->select->walk, lanes);
}

static void emit_global(Jit *j, NodeId id, bool set)
{
    Select *s = j->select;
    Imm imm;
    read_imm(s, id, &imm);
    Type type = s->g->m->globals[imm.global].type.type;
    if (set) {
        Operand o = pop_of(j, type);
        m_global_set(j, imm.global, in_reg(j, &o), type);
    } else {
        Reg reg = take_result(j, class_of(type));
        m_global_get(j, reg, imm.global, type);
        push_reg(j, type, reg);
    }
}

static void emit_select(Jit *j, NodeId id)
{
    Type type = node_of(j->select, id)->type;
    Operand c = pop_of(j, TYPE_i32), b = pop_of(j, type), a = pop_of(j, type);
    m_select(j, &j->select->walk, &c, &a, &b, type);
}

// What only computes, or is an access; its results are operands then.
static void emit_node(Jit *j, NodeId id)
{
    Select *s = j->select;
    bool flags = takes_flags(&s->walk);
    u32 op = node_of(s, id)->op;
    bool access = op_info[op].immediates == IMM_memarg ||
                  op_info[op].immediates == IMM_memarg_lane;
    u64 more = 0;
    NodeId first = access && !is_atomic(op) ? address_without(j, id, &more) : 0;
    push_inputs_from(j, id, first);
    say_what_follows(s, flags);
    Imm imm;
    if (j->failed) return;
    if (access) {
        emit_access(j, id, first ? first : node_of(s, id)->in[0], more);
    } else if (op == OP_i8x16_shuffle) {
        emit_shuffle(j, id);
    } else if (op_info[op].immediates == IMM_lane) {
        read_imm(s, id, &imm);
        if (!lower_lane(j, &s->walk, (Op)op, imm.lane)) give_up(j);
    } else if (op == OP_select) {
        emit_select(j, id);
    } else if (op == OP_global_get || op == OP_global_set) {
        emit_global(j, id, op == OP_global_set);
    } else if (op == OP_memory_size) {
        read_imm(s, id, &imm);
        lower_memory_size(j, &s->walk, imm.memory);
    } else if (op == OP_table_size) {
        read_imm(s, id, &imm);
        lower_table_size(j, &s->walk, imm.table);
    } else if (!lower_pure(j, &s->walk, (Op)op)) {
        give_up(j);
    }
}

// ---- States -------------------------------------------------------------------------------------

static void write_home(Jit *j, u32 home, NodeId id)
{
    Select *s = j->select;
    if (home < s->states->local_slots) {
        if (s->home_has[home] == id) return;
        s->home_has[home] = id;
    }
    Operand o;
    asm_reserve(&j->a);
    if (is_remade(s, id)) {
        constant_operand(s, id, &o);
        m_put_const(j, home, &o);
        return;
    }
    const Local *l = &j->locals[id];
    if (l->slot == home) {
        if (l->copy != REG_NONE) save_value(j, l->copy);
    } else if (l->copy != REG_NONE) {
        m_store(j, home, l->copy, l->type);
    } else {
        m_copy_one(j, home, l->slot, l->type);
    }
}

static void emit_state(Jit *j, NodeId id)
{
    Select *s = j->select;
    Node *n = node_of(s, id);
    const State *state = &s->states->states[n->imm];
    s->home = state->home;
    if (state->loop) return; // at the poll
    for (u32 i = 0; i < state->count; i++)
        write_home(j, s->states->homes[state->first + i], node_inputs(s->g, n)[i]);
}

// ---- Calls --------------------------------------------------------------------------------------

static const TypeDef *callee_type(const Select *s, u32 op, const Imm *imm)
{
    const Module *m = s->g->m;
    bool direct = op == OP_call || op == OP_return_call;
    return type_def(m->store, direct ? m->funcs[imm->func].type : m->types[imm->type_table.type]);
}

// Results are in slots from the first one on: those that are used get registers.
static void take_results(Jit *j, NodeId id, u32 first)
{
    Select *s = j->select;
    const Node *n = node_of(s, id);
    u32 slot = first;
    if (n->type) {
        j->locked = 0;
        s->wanted = s->hint[id];
        if (!s->head[id]) return;
        Reg reg = take_result(j, class_of(n->type));
        m_load(j, reg, slot, n->type);
        bind(j, id, reg);
        s->stored[id] = false;
        return;
    }
    for (NodeId r = id + 1; r < s->g->node_count && node_of(s, r)->op == NODE_result &&
                            node_of(s, r)->in[0] == id; r++) {
        Type type = node_of(s, r)->type;
        asm_reserve(&j->a);
        if (s->head[r]) { // to its slot: there may be many
            m_copy_one(j, j->locals[r].slot, slot, type);
            s->stored[r] = true;
            if (j->locals[r].slot < s->states->local_slots) s->home_has[j->locals[r].slot] = r;
        }
        slot += type_slots(type);
    }
}

static void emit_call(Jit *j, NodeId id)
{
    Select *s = j->select;
    u32 op = node_of(s, id)->op;
    Imm imm;
    read_imm(s, id, &imm);
    const TypeDef *type = callee_type(s, op, &imm);
    push_inputs(j, id);
    if (op == OP_call_indirect) {
        Operand o = pop_of(j, index_type(j, imm.type_table.table));
        take_fixed(j, callee_register);
        into_reg(j, callee_register, &o);
    }
    save_all(j);
    settle(j);
    u32 first = j->next_home -= type->param_slots;
    reach_slot(j, first + type->result_slots);
    if (op == OP_call) m_call(j, s->walk.pos, imm.func, first);
    else
        m_call_indirect(j, s->walk.pos, imm.type_table.type, imm.type_table.table, first, false);
    lose_all(j);
    take_results(j, id, first);
}

static void emit_tail_call(Jit *j, NodeId id)
{
    Select *s = j->select;
    u32 op = node_of(s, id)->op;
    Imm imm;
    read_imm(s, id, &imm);
    const TypeDef *type = callee_type(s, op, &imm);
    push_inputs(j, id);
    settle(j);
    Operand o = {0};
    if (op == OP_return_call_indirect) o = pop_of(j, index_type(j, imm.type_table.table));
    m_copy(j, 0, j->next_home - type->param_slots, type->param_slots);
    if (op == OP_return_call) {
        m_tail_call(j, imm.func);
    } else {
        into_reg(j, callee_register, &o);
        m_call_indirect(j, s->walk.pos, imm.type_table.type, imm.type_table.table, 0, true);
    }
    lose_all(j);
    forget_to(j, s->base);
}

// What C does: its operands are in their homes, as the abstract machine has them.
static void emit_slow_node(Jit *j, NodeId id, Slow which, u32 a, u32 b)
{
    Select *s = j->select;
    Node *n = node_of(s, id);
    u32 home = s->home;
    for (u32 i = 0; i < node_count(n); i++) {
        NodeId in = node_inputs(s->g, n)[i];
        push_node(j, in, false); // a part is made here
        Operand o = pop_of(j, node_of(s, in)->type);
        o.home = home;
        if (o.at == AT_local) { // which still is one
            const Local *l = &j->locals[in];
            if (l->copy != REG_NONE) m_store(j, home, l->copy, l->type);
            else m_copy_one(j, home, l->slot, l->type);
        } else {
            make_home(j, &o);
        }
        home += type_slots(node_of(s, in)->type);
        j->locked = 0;
        asm_reserve(&j->a);
    }
    save_all(j);
    lose_all(j);
    m_slow(j, s->walk.pos, which, s->home, a, b);
    if (n->type) take_results(j, id, s->home);
}

static void emit_done_in_c(Jit *j, NodeId id)
{
    Imm imm;
    read_imm(j->select, id, &imm);
    switch (node_of(j->select, id)->op) {
    case OP_memory_grow: emit_slow_node(j, id, SLOW_memory_grow, imm.memory, 0); break;
    case OP_memory_fill: emit_slow_node(j, id, SLOW_memory_fill, imm.memory, 0); break;
    case OP_memory_discard: emit_slow_node(j, id, SLOW_memory_discard, imm.memory, 0); break;
    case OP_memory_copy:
        emit_slow_node(j, id, SLOW_memory_copy, imm.memory_memory.to, imm.memory_memory.from);
        break;
    case OP_memory_init:
        emit_slow_node(j, id, SLOW_memory_init, imm.data_memory.data, imm.data_memory.memory);
        break;
    case OP_data_drop: emit_slow_node(j, id, SLOW_data_drop, imm.data, 0); break;
    case OP_table_copy:
        emit_slow_node(j, id, SLOW_table_copy, imm.table_table.to, imm.table_table.from);
        break;
    case OP_table_init:
        emit_slow_node(j, id, SLOW_table_init, imm.elem_table.elem, imm.elem_table.table);
        break;
    case OP_elem_drop: emit_slow_node(j, id, SLOW_elem_drop, imm.elem, 0); break;
    case OP_atomic_fence: emit_slow_node(j, id, SLOW_fence, 0, 0); break;
    case OP_memory_atomic_notify: case OP_memory_atomic_wait32: case OP_memory_atomic_wait64: {
        u32 op = node_of(j->select, id)->op;
        Slow which = op == OP_memory_atomic_notify   ? SLOW_notify
                     : op == OP_memory_atomic_wait32 ? SLOW_wait32
                                                     : SLOW_wait64;
        if (imm.memarg.offset > UINT32_MAX) give_up(j);
        else emit_slow_node(j, id, which, imm.memarg.memory, (u32)imm.memarg.offset);
        break;
    }
    default: give_up(j);
    }
}

static bool is_done_in_c(u32 op)
{
    return is_state_place(op) && !(op_info[op].effects & CALLS);
}

// ---- Ends of blocks -----------------------------------------------------------------------------

static void emit_return_of(Jit *j, NodeId id)
{
    Select *s = j->select;
    Node *n = node_of(s, id);
    const TypeDef *type = s->g->type;
    push_inputs(j, id);
    if (node_count(n) == 1) {
        Operand o = pop_of(j, node_of(s, node_inputs(s->g, n)[0])->type);
        // it fills its slot, as who takes all of it would have to wait for it
        Type whole = o.type == TYPE_i32 ? TYPE_i64 : o.type == TYPE_f32 ? TYPE_f64 : o.type;
        Reg reg = where(j, &o);
        if (reg != REG_NONE) m_store(j, 0, reg, whole);
        else if (o.at == AT_const) m_put_const(j, 0, &o);
        else if (o.at == AT_flags) m_store_flags(j, 0, o.flags);
        else m_copy_one(j, 0, o.at == AT_local ? j->locals[o.local].slot : o.home, o.type);
    } else if (type->result_slots) {
        settle(j);
        m_copy(j, 0, j->next_home - type->result_slots, type->result_slots);
        forget_to(j, s->base);
    }
    m_leave(j);
    lose_all(j);
}

static void emit_trap(Jit *j) { m_trap(j, j->select->walk.pos, TRAP_unreachable); }

// Where a jump along an edge goes: to the block, or to late code that moves values first.
static u32 place_on(Jit *j, const Edge *e, const MoveList *list)
{
    Select *s = j->select;
    if (!list->count) return s->places[e->to];
    u32 known = zero_extended(j, &j->residents);
    Late *late = push_late(j, LATE_moves, s->walk.pos);
    late->back = s->places[e->to];
    late->other = known;
    late->number = s->list_count;
    u32 place = late->place;
    ARENA_PUSH(s->g->arena, s->lists, s->list_count, s->list_cap) = *list;
    return place;
}

static void go_along(Jit *j, const Edge *e, const MoveList *list)
{
    emit_moves(j, list);
    if (e->to != next_block(j->select, j->select->at)) jump_to(j, j->select->places[e->to]);
}

static void emit_if(Jit *j, const Block *b)
{
    Select *s = j->select;
    const Edge *yes = edge_of(s, b, 0), *no = edge_of(s, b, 1);
    push_node(j, b->value, true);
    Operand c = pop_of(j, TYPE_i32);
    u8 condition = condition_of(j, &c, false);
    bool back = yes->to <= s->at || no->to <= s->at;
    const Edge *first = back == (yes->to <= s->at) ? yes : no; // who decides
    MoveList one = moves_on(j, first), other = moves_on(j, first == yes ? no : yes);
    MoveList on_yes = first == yes ? one : other, on_no = first == yes ? other : one;
    // the way that falls through: the next block's, but moves of a loop's turn stand in it
    BlockId next = next_block(s, s->at);
    bool turn = yes->to == next || (no->to != next && on_yes.count && !on_no.count);
    if (on_yes.count && yes->to <= s->at) turn = true;
    if (on_no.count && no->to <= s->at) turn = false;
    const Edge *taken = turn ? no : yes, *falls = turn ? yes : no;
    const MoveList *at_taken = turn ? &on_no : &on_yes, *at_falls = turn ? &on_yes : &on_no;
    jump_if(j, turn ? m_negated(condition) : condition, place_on(j, taken, at_taken));
    go_along(j, falls, at_falls);
}

static void emit_table(Jit *j, const Block *b)
{
    Select *s = j->select;
    push_node(j, b->value, false);
    Operand index = pop_of(j, TYPE_i32);
    Reg reg = own_reg(j, &index), other = take(j, CLASS_int);
    MoveList *lists = NEW_ARRAY(s->g->arena, MoveList, b->edge_count);
    u32 *places = NEW_ARRAY(s->g->arena, u32, b->edge_count);
    for (u32 i = 0; i < b->edge_count; i++) lists[i] = moves_on(j, edge_of(s, b, i));
    u32 table = m_br_table(j, reg, other, b->case_count);
    for (u32 i = 0; i < b->edge_count; i++)
        places[i] = place_on(j, edge_of(s, b, i), &lists[i]);
    for (u32 i = 0; i < b->case_count; i++)
        j->entries[j->tables[table].first + i] = places[s->g->words[b->cases + i]];
}

static void emit_end(Jit *j, const Block *b)
{
    Select *s = j->select;
    s->pos = s->ends[s->at];
    s->wanted = REG_NONE;
    j->locked = 0;
    asm_reserve(&j->a);
    switch (b->go) {
    case GO_jump: {
        const Edge *e = edge_of(s, b, 0);
        MoveList list = moves_on(j, e);
        go_along(j, e, &list);
        break;
    }
    case GO_if: emit_if(j, b); break;
    case GO_table: emit_table(j, b); break;
    default: break; // it has left
    }
}

// ---- Blocks -------------------------------------------------------------------------------------

static void emit_root(Jit *j, NodeId id)
{
    Select *s = j->select;
    const Node *n = node_of(s, id);
    asm_reserve(&j->a);
    j->locked = 0;
    s->pos = s->def[id];
    s->walk.pos = j->at = s->g->places[id];
    begin_part(j, j->at, NULL);
    s->wanted = s->hint[id];
    say_what_follows(s, false);
    if (n->op == NODE_state) {
        emit_state(j, id);
        return;
    }
    switch (n->op) {
    case OP_call: case OP_call_indirect: emit_call(j, id); break;
    case OP_return_call: case OP_return_call_indirect: emit_tail_call(j, id); break;
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

// As the block wants its values when it begins.
static void begin_block(Jit *j, BlockId b)
{
    Select *s = j->select;
    const EntryList *list = &s->entries[b];
    lose_all(j);
    assert(list->known || b == 0);
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
    memset(s->home_has, 0, s->states->local_slots * sizeof *s->home_has);
    put_place(j, s->places[b]);
}

// The state that the loop's header has in front of all that is done.
static NodeId state_of(const Select *s, const Block *b)
{
    for (u32 i = b->phi_count; i < b->count; i++) {
        NodeId id = s->g->skeleton[b->first + i];
        if (node_of(s, id)->op == NODE_state) return id;
    }
    return 0;
}

static void emit_poll(Jit *j, BlockId b)
{
    Select *s = j->select;
    NodeId state = state_of(s, &s->g->blocks[b]);
    assert(state);
    for (u32 i = 0; i < node_count(node_of(s, state)); i++) { // each is there by now
        NodeId in = node_inputs(s->g, node_of(s, state))[i];
        if (!is_remade(s, in) && (is_part(s, in) || (j->locals[in].copy == REG_NONE &&
                                                     !s->stored[in])))
            give_up(j);
    }
    Late *late = push_late(j, LATE_graph_poll, s->g->places[state]);
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
    NodeId id = state_of(s, &s->g->blocks[late->number]);
    Node *n = node_of(s, id);
    const State *state = &s->states->states[n->imm];
    Operand o;
    for (u32 i = 0; i < list->count; i++) {
        const Entry *e = &list->at[i];
        const Local *l = &j->locals[e->node];
        asm_reserve(&j->a);
        if (e->reg != REG_NONE && !e->stored) m_store(j, l->slot, e->reg, l->type);
    }
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
    m_call_slot(j, RUNTIME_poll);
    mark(j, late->offset, SITE_place, 0);
    for (u32 i = 0; i < list->count; i++) {
        const Entry *e = &list->at[i];
        asm_reserve(&j->a);
        if (e->reg != REG_NONE) m_load(j, e->reg, j->locals[e->node].slot, j->locals[e->node].type);
    }
}

static void emit_block(Jit *j, BlockId b)
{
    Select *s = j->select;
    const Block *block = &s->g->blocks[b];
    begin_block(j, b);
    if (block_is_header(s->g, b)) emit_poll(j, b);
    for (u32 i = s->block_order[b]; i < s->block_order[b + 1] && !j->failed; i++)
        emit_root(j, s->order[i]);
    if (!j->failed) emit_end(j, block);
}

// ---- All of it ----------------------------------------------------------------------------------

static void emit_entry(Jit *j, Select *s)
{
    m_enter(j, j->start, SITE_entry);
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
    s->home_has = NEW_ARRAY(g->arena, NodeId, s->states->local_slots);
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

// Code of all that the function does in its order; false: it is left to the baseline.
static bool emit_graph(Jit *j)
{
    enum { WORK_PER_BYTE = 2000, WORK_LEAST = 1 << 20, COPIES = 192 };
    Range body = j->m->funcs[j->func].body;
    const char *why;
    Graph *g = graph_new(j->m, j->func, j->arena,
                         WORK_LEAST + (u64)WORK_PER_BYTE * (body.end - body.start));
    g->halt = j->halt;
    g->rules = rule_index(j->arena);
    g->vectors = module_has(j->m, FEATURE_simd);
    g->states = NEW(j->arena, StateList);
    ARENA_PUSH(j->arena, g->places, g->place_count, g->place_cap) = 0; // of no node
    if (!graph_build(g, &why)) return leave(g, why);
    graph_step(g, "build");
    graph_tidy(g);
    graph_step(g, "tidy");
    if (!is_supported(g)) return false; // before it takes more time
    g->longer = true;
    g->copies_left = COPIES + g->node_count / 8;
    graph_improve(g, (OptLevel){.speed = 3});
    if (!is_supported(g)) return false;
    leave_loops(g);
    Select *s = NEW(j->arena, Select);
    s->g = g;
    s->states = g->states;
    s->place = schedule_places(g);
    s->walk.m = j->m;
    if (!prepare(j, s)) return leave(g, "too many values at too many places");
    j->next_home = s->base;
    reach_slot(j, s->base);
    reach_slot(j, g->type->result_slots);
    // the interpreter may go on in this frame
    reach_slot(j, g->states->local_slots + g->states->operands * (has_vectors(g) ? 2 : 1));
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
