// emit.h -- instructions for the nodes of a graph. See select.h.
#pragma once

#include "jit/colour.h"

// ---- Operands -----------------------------------------------------------------------------------

static void emit_node(Jit *j, NodeId id);
static bool emit_object(Jit *j, NodeId id);
static void emit_new_object(Jit *j, NodeId id, const Imm *imm);

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
    bool takes_flags = n->op == OP_select || n->op == OP_select_t || n->op == OP_i32_eqz;
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

// People are shown what is in a function that was taken in by its call.
static u32 shown_at(const Jit *j, u32 offset, u32 taken)
{
    for (; taken; taken = j->select->g->taken[taken - 1].outer)
        offset = j->select->g->taken[taken - 1].call;
    return offset;
}

// What comes is of this node.
static void begin_instr(Jit *j, NodeId id)
{
    Select *s = j->select;
    s->walk.pos = j->at = s->g->places[id].at;
    j->site_taken = s->g->places[id].taken;
    begin_part(j, shown_at(j, j->at, j->site_taken), NULL);
}

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

static void emit_non_null(Jit *j, NodeId id)
{
    Select *s = j->select;
    Node *n = node_of(s, id);
    Operand a = pop_of(j, node_of(s, node_inputs(s->g, n)[0])->type);
    Reg reg = in_reg(j, &a);
    if (!(n->flags & NODE_sure))
        trap_if(j, &s->walk, m_negated(m_test(j, &a)), TRAP_null_reference);
    if (a.at == AT_local) push_local(j, a.local);
    else push_reg(j, n->type, reg);
}

static void emit_element(Jit *j, NodeId id, bool set)
{
    Select *s = j->select;
    Imm imm;
    read_imm(s, id, &imm);
    Type type = s->g->m->tables[imm.table].type.elem;
    (set ? lower_table_set : lower_table_get)(j, &s->walk, imm.table, type);
}

// References are numbers of 32 bits, and some instructions do nothing to them. False: it is none.
static bool emit_reference(Jit *j, NodeId id)
{
    Select *s = j->select;
    switch (node_of(s, id)->op) {
    case OP_ref_is_null: return lower_pure(j, &s->walk, OP_i32_eqz);
    case OP_ref_eq: return lower_pure(j, &s->walk, OP_i32_eq);
    case OP_ref_as_non_null: emit_non_null(j, id); return true;
    case OP_any_convert_extern: case OP_extern_convert_any: return true;
    case OP_table_get: emit_element(j, id, false); return true;
    case OP_table_set: emit_element(j, id, true); return true;
    default: return false;
    }
}

static void emit_own(Jit *j, NodeId id)
{
    Select *s = j->select;
    push_inputs(j, id);
    lower_own(j, &s->walk, node_of(s, id)->imm);
    define(j, id);
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
    } else if (op == OP_select || op == OP_select_t) {
        emit_select(j, id);
    } else if (op == OP_global_get || op == OP_global_set) {
        emit_global(j, id, op == OP_global_set);
    } else if (op == OP_memory_size) {
        read_imm(s, id, &imm);
        lower_memory_size(j, &s->walk, imm.memory);
    } else if (op == OP_table_size) {
        read_imm(s, id, &imm);
        lower_table_size(j, &s->walk, imm.table);
    } else if (!emit_reference(j, id) && !emit_object(j, id) && !lower_pure(j, &s->walk, (Op)op)) {
        give_up(j);
    }
}

// ---- States -------------------------------------------------------------------------------------

static void write_home(Jit *j, u32 home, NodeId id)
{
    Select *s = j->select;
    if (home < s->states->local_slots && s->homes[home].since == s->homes_since &&
        s->homes[home].node == id)
        return;
    note_home(s, home, id);
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

static void bring_home(Jit *j, NodeId id)
{
    Select *s = j->select;
    Node *n = node_of(s, id);
    const State *state = state_of(s, id);
    for (u32 i = 0; i < state->count; i++)
        write_home(j, s->states->homes[state->first + i], node_inputs(s->g, n)[i]);
}

// Is all that the state names somewhere by now?
static bool is_whole(Jit *j, NodeId state)
{
    Select *s = j->select;
    for (u32 i = 0; i < node_count(node_of(s, state)); i++) {
        NodeId in = node_inputs(s->g, node_of(s, state))[i];
        if (!is_remade(s, in) && (is_part(s, in) || (j->locals[in].copy == REG_NONE &&
                                                     !s->stored[in])))
            return false;
    }
    return true;
}

// Behind late code others may be there.
static void forget_homes(Select *s, NodeId state)
{
    for (u32 i = 0; i < state_of(s, state)->count; i++) {
        u32 home = s->states->homes[state_of(s, state)->first + i];
        NodeId in = node_inputs(s->g, node_of(s, state))[i];
        if (home < s->states->local_slots && s->homes[home].node != in) s->homes[home].since = 0;
    }
}

// Mostly late code does that.
static void emit_state(Jit *j, NodeId id)
{
    Select *s = j->select;
    const State *state = state_of(s, id);
    s->home = state->home;
    s->before = id;
    if (state->use == STATE_op || state->use == STATE_call) bring_home(j, id);
}

// ---- Calls --------------------------------------------------------------------------------------

static const TypeDef *callee_type(const Select *s, u32 op, const Imm *imm)
{
    const Module *m = s->g->m;
    switch (op) {
    case OP_call: case OP_return_call: return type_def(m->store, m->funcs[imm->func].type);
    case OP_call_ref: case OP_return_call_ref: return type_def(m->store, m->types[imm->type_index]);
    default: return type_def(m->store, m->types[imm->type_table.type]);
    }
}

// Of what says who is called; TYPE_bottom: the instruction does.
static Type callee_operand(const Jit *j, u32 op, const Imm *imm)
{
    switch (op) {
    case OP_call: case OP_return_call: return TYPE_bottom;
    case OP_call_ref: case OP_return_call_ref: return type_ref(true, HEAP_func);
    default: return index_type(j, imm->type_table.table);
    }
}

// Arguments are where the callee's frame begins, and that is in its register.
static void emit_any_call(Jit *j, u32 op, const Imm *imm, u32 first, bool tail)
{
    u32 at = j->select->walk.pos;
    if (op == OP_call) m_call(j, at, imm->func, first);
    else if (op == OP_return_call) m_tail_call(j, imm->func);
    else if (op == OP_call_ref || op == OP_return_call_ref) m_call_ref(j, at, first, tail);
    else m_call_indirect(j, at, imm->type_table.type, imm->type_table.table, first, tail);
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
            note_home(s, j->locals[r].slot, r);
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
    const Type callee = callee_operand(j, op, &imm);
    push_inputs(j, id);
    if (callee) {
        Operand o = pop_of(j, callee);
        take_fixed(j, callee_register);
        into_reg(j, callee_register, &o);
    }
    save_all(j);
    settle(j);
    u32 first = j->next_home -= type->param_slots;
    reach_slot(j, first + type->result_slots);
    emit_any_call(j, op, &imm, first, false);
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
    const Type callee = callee_operand(j, op, &imm);
    push_inputs(j, id);
    settle(j);
    Operand o = {0};
    if (callee) o = pop_of(j, callee);
    m_copy(j, 0, j->next_home - type->param_slots, type->param_slots);
    if (callee) into_reg(j, callee_register, &o);
    emit_any_call(j, op, &imm, 0, true);
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
    case OP_table_grow: emit_slow_node(j, id, SLOW_table_grow, imm.table, 0); break;
    case OP_table_fill: emit_slow_node(j, id, SLOW_table_fill, imm.table, 0); break;
    case OP_ref_func: emit_slow_node(j, id, SLOW_ref_func, imm.func, 0); break;
    case OP_struct_new: case OP_struct_new_default: case OP_array_new_fixed:
    case OP_array_new_default: emit_new_object(j, id, &imm); break;
    case OP_array_new: emit_slow_node(j, id, SLOW_array_new, imm.type_index, 0); break;
    case OP_array_new_data:
        emit_slow_node(j, id, SLOW_array_new_data, imm.type_data.type, imm.type_data.data);
        break;
    case OP_array_new_elem:
        emit_slow_node(j, id, SLOW_array_new_elem, imm.type_elem.type, imm.type_elem.elem);
        break;
    case OP_array_fill: emit_slow_node(j, id, SLOW_array_fill, imm.type_index, 0); break;
    case OP_array_copy: emit_slow_node(j, id, SLOW_array_copy, imm.type_type.first, 0); break;
    case OP_array_init_data:
        emit_slow_node(j, id, SLOW_array_init_data, imm.type_data.type, imm.type_data.data);
        break;
    case OP_array_init_elem:
        emit_slow_node(j, id, SLOW_array_init_elem, imm.type_elem.type, imm.type_elem.elem);
        break;
    case OP_throw: emit_slow_node(j, id, SLOW_throw, imm.tag, 0); break;
    case OP_throw_ref: emit_slow_node(j, id, SLOW_throw_ref, 0, 0); break;
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

// To the first edge where the condition holds.
static void emit_ways(Jit *j, const Block *b, u8 condition)
{
    Select *s = j->select;
    const Edge *yes = edge_of(s, b, 0), *no = edge_of(s, b, 1);
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

static void emit_cast_branch(Jit *j, const Block *b, NodeId id);
static bool emit_test_branch(Jit *j, const Block *b);

static void emit_if(Jit *j, const Block *b)
{
    if (emit_test_branch(j, b)) return;
    push_node(j, b->value, true);
    Operand c = pop_of(j, TYPE_i32);
    emit_ways(j, b, condition_of(j, &c, false));
}

// Goes on, by the first edge, where it does not branch.
static void emit_branch(Jit *j, const Block *b)
{
    Select *s = j->select;
    NodeId id = s->g->skeleton[b->first + b->count - 1];
    Node *n = node_of(s, id);
    s->pos = s->def[id];
    begin_instr(j, id);
    push_inputs(j, id);
    if (n->op == OP_br_on_cast || n->op == OP_br_on_cast_fail) {
        emit_cast_branch(j, b, id);
        return;
    }
    Operand o = pop_of(j, node_of(s, node_inputs(s->g, n)[0])->type);
    u8 is_not = m_test(j, &o);
    s->pos = s->ends[s->at];
    emit_ways(j, b, n->op == OP_br_on_null ? is_not : m_negated(is_not));
}

// One after the other: where there are few that is faster than a jump through a table, which is
// foretold less well.
static void emit_few_cases(Jit *j, const Block *b, Reg index, const MoveList *lists)
{
    Select *s = j->select;
    const u32 *cases = s->g->words + b->cases, last = cases[b->case_count - 1];
    for (u32 i = 0; i + 1 < b->case_count; i++) {
        if (cases[i] == last) continue;
        u8 condition = m_equals_number(j, index, i);
        jump_if(j, condition, place_on(j, edge_of(s, b, cases[i]), &lists[cases[i]]));
    }
    go_along(j, edge_of(s, b, last), &lists[last]);
}

static void emit_table(Jit *j, const Block *b)
{
    enum { FEW = 4 };
    Select *s = j->select;
    push_node(j, b->value, false);
    Operand index = pop_of(j, TYPE_i32);
    Reg reg = own_reg(j, &index), other = take(j, CLASS_int);
    MoveList *lists = NEW_ARRAY(s->g->arena, MoveList, b->edge_count);
    u32 *places = NEW_ARRAY(s->g->arena, u32, b->edge_count);
    for (u32 i = 0; i < b->edge_count; i++) lists[i] = moves_on(j, edge_of(s, b, i));
    if (b->case_count <= FEW) {
        emit_few_cases(j, b, reg, lists);
        return;
    }
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
    case GO_jump: case GO_call: {
        const Edge *e = edge_of(s, b, 0);
        MoveList list = moves_on(j, e);
        go_along(j, e, &list);
        break;
    }
    case GO_if: emit_if(j, b); break;
    case GO_table: emit_table(j, b); break;
    case GO_branch: emit_branch(j, b); break;
    default: break; // it has left
    }
}
