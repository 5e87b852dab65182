// objects.h -- structures, arrays, i31 and casts of a graph. See select.h, and x64/lower_object.h.
#pragma once

#include "jit/emit.h"

// The lowering functions want to know what is taken, the newest first.
static void note_inputs(Jit *j, NodeId id)
{
    Select *s = j->select;
    Node *n = node_of(s, id);
    for (u32 i = 0; i < COUNT_OF(j->taken) && i < node_count(n); i++)
        j->taken[i] = node_of(s, node_inputs(s->g, n)[node_count(n) - 1 - i])->type;
    if (n->flags & NODE_there) j->taken[node_count(n) - 1] &= ~TYPE_NULL;
}

static const TypeDef *def_of(const Jit *j, u32 index)
{
    return type_def(j->m->store, j->m->types[index]);
}

// As it was read; an index becomes an id.
static Type resolved(const Jit *j, Type type)
{
    return type_is_concrete(type) ? (type & ~TYPE_HEAP_BITS) | j->m->types[type_id(type)] : type;
}

// What C answers of the newest operand, from whose home on it finds it. Whatever has a value has it
// in its slot.
static void ask(Jit *j, Slow which, u32 a, u32 b)
{
    settle(j);
    for (u32 bits = j->copies; bits; bits &= bits - 1) {
        asm_reserve(&j->a);
        drop_copy(j, (Reg)__builtin_ctz(bits));
    }
    j->checked.reg = REG_NONE;
    reach_slot(j, j->next_home + 1);
    asm_reserve(&j->a);
    m_slow(j, j->select->walk.pos, which, j->next_home - 1, a, b);
}

static void take_answer(Jit *j, u32 slot)
{
    Reg reg = take_result(j, CLASS_int);
    m_load(j, reg, slot, TYPE_i32);
    push_reg(j, TYPE_i32, reg);
}

// ---- Casts

// The answer is behind the reference, which stays where it is.
static u32 ask_cast(Jit *j, const Cast *c)
{
    ask(j, SLOW_cast, c->index, c->target.accept);
    return j->next_home;
}

static void emit_cast_of(Jit *j, NodeId id, const Imm *imm, bool tests)
{
    Select *s = j->select;
    Cast c = cast_of(j, j->taken[0], resolved(j, imm->heap), type_id(imm->heap));
    if (node_of(s, id)->flags & NODE_sure) return;
    if (!cast_calls(j, &c)) {
        if (tests) lower_ref_test(j, &s->walk, &c);
        else lower_ref_cast(j, &s->walk, &c, node_of(s, id)->type, TYPE_bottom);
        return;
    }
    u32 answer = ask_cast(j, &c);
    if (tests) j->next_home--, take_answer(j, answer);
    else trap_if(j, &s->walk, m_test_slot(j, answer), TRAP_cast_failure);
}

// Where a block goes on is whether the newest operand is of the type: if so, by its edge `is`.
static void emit_cast_ways(Jit *j, const Block *b, Type to, u32 is)
{
    Select *s = j->select;
    Cast c = cast_of(j, j->taken[0], resolved(j, to), type_id(to));
    if (c.deep || cast_calls(j, &c)) {
        u32 answer = ask_cast(j, &c);
        j->next_home--;
        s->pos = s->ends[s->at];
        u8 is_not = m_test_slot(j, answer);
        emit_ways(j, b, is ? is_not : m_negated(is_not));
        return;
    }
    Operand o = pop_of(j, j->taken[0]);
    Reg ref = in_reg(j, &o), free = take(j, CLASS_int);
    s->pos = s->ends[s->at];
    const Edge *yes = edge_of(s, b, is), *no = edge_of(s, b, !is);
    MoveList on_yes = moves_on(j, yes), on_no = moves_on(j, no);
    c.yes = place_on(j, yes, &on_yes);
    c.no = place_on(j, no, &on_no);
    asm_reserve(&j->a);
    u8 cc = emit_cast_condition(j, &c, ref, free);
    BlockId next = next_block(s, s->at);
    if (yes->to == next && !on_yes.count) {
        jump_if(j, m_negated(cc), c.no);
    } else {
        jump_if(j, cc, c.yes);
        if (no->to != next || on_no.count) jump_to(j, c.no);
    }
}

// The reference was pushed, and what the block hands on is that.
static void emit_cast_branch(Jit *j, const Block *b, NodeId id)
{
    Imm imm;
    read_imm(j->select, id, &imm);
    note_inputs(j, id);
    emit_cast_ways(j, b, imm.cast.to, imm.op == OP_br_on_cast);
}

// False: what is tested is no cast.
static bool emit_test_branch(Jit *j, const Block *b)
{
    Select *s = j->select;
    u32 op = node_of(s, b->value)->op;
    if (!is_part(s, b->value) || (op != OP_ref_test && op != OP_ref_test_null)) return false;
    Imm imm;
    read_imm(s, b->value, &imm);
    push_inputs(j, b->value);
    note_inputs(j, b->value);
    emit_cast_ways(j, b, imm.heap, 0);
    return true;
}

// ---- Fields and elements

static const FieldType *field_named(const Jit *j, const Imm *imm)
{
    return &def_of(j, imm->type_field.type)->fields[imm->type_field.field];
}

// False: it is none.
static bool emit_object(Jit *j, NodeId id)
{
    Select *s = j->select;
    const u32 op = node_of(s, id)->op;
    WalkState *w = &s->walk;
    Imm imm;
    if (op >= OP_COUNT || op_prefix(op_info[op].opcode) != 0xfb) return false;
    note_inputs(j, id);
    read_imm(s, id, &imm);
    switch (op) {
    case OP_struct_get: case OP_struct_get_s: case OP_struct_get_u:
        lower_struct_get(j, w, field_named(j, &imm), op == OP_struct_get_s,
                         TRAP_null_structure_reference);
        return true;
    case OP_struct_set: lower_struct_set(j, w, field_named(j, &imm)); return true;
    case OP_array_get: case OP_array_get_s: case OP_array_get_u:
        lower_array_get(j, w, def_of(j, imm.type_index)->fields[0].type, op == OP_array_get_s);
        return true;
    case OP_array_set:
        lower_array_set(j, w, def_of(j, imm.type_index)->fields[0].type);
        return true;
    case OP_array_len:
        if (j->m->objects) lower_array_len(j, w);
        else ask(j, SLOW_array_len, 0, 0), j->next_home--, take_answer(j, j->next_home);
        return true;
    case OP_ref_i31: lower_ref_i31(j, w); return true;
    case OP_i31_get_s: lower_i31_get(j, w, SHIFT_sar); return true;
    case OP_i31_get_u: lower_i31_get(j, w, SHIFT_shr); return true;
    case OP_ref_test: case OP_ref_test_null: emit_cast_of(j, id, &imm, true); return true;
    case OP_ref_cast: case OP_ref_cast_null: emit_cast_of(j, id, &imm, false); return true;
    default: return false;
    }
}

// ---- Objects that are made

// By C, if nothing else is said here.
typedef struct { Slow slow; u32 a, b; } ByCall;

// In line: its values, one for each that is taken. They are where they are, and late code brings
// them to where C wants them, and what else is to be home.
static void emit_new_inline(Jit *j, NodeId id, New *n, NewValue *values, u32 count)
{
    Select *s = j->select;
    if (!is_whole(j, s->before)) {
        give_up(j);
        return;
    }
    push_inputs(j, id);
    if (j->loose && j->operands[j->loose - 1].at == AT_flags) settle_newest(j);
    Reg ref = take_result(j, CLASS_int), end = take(j, CLASS_int);
    pop_values(j, values, count);
    j->next_home = s->home;
    for (u32 i = 0, home = s->home; i < count; home += values[i++].o.slots)
        values[i].o.home = home;
    s->late_state = s->before;
    asm_reserve(&j->a);
    emit_new(j, &s->walk, n, values, count, ref, end);
    s->late_state = 0;
    forget_homes(s, s->before);
    define(j, id);
    j->next_home = s->base;
}

static void emit_new_by_call(Jit *j, NodeId id, const ByCall *by)
{
    if (is_whole(j, j->select->before)) bring_home(j, j->select->before);
    else give_up(j);
    emit_slow_node(j, id, by->slow, by->a, by->b);
}

static void emit_new_struct(Jit *j, NodeId id, u32 type, bool zeros)
{
    const TypeDef *def = def_of(j, type);
    const TypeLayout *layout = type_layout(def);
    u32 count = zeros ? 0 : def->field_count;
    const ByCall by = {zeros ? SLOW_struct_new_default : SLOW_struct_new, type, 0};
    if (count > NEW_VALUES || layout->size > NEW_BYTES) {
        emit_new_by_call(j, id, &by);
        return;
    }
    NewValue *values = NEW_ARRAY(j->arena, NewValue, count);
    for (u32 i = 0; i < count; i++)
        values[i] = (NewValue){.type = def->fields[i].type, .at = def->fields[i].at};
    New n = {.type = type, .result = node_of(j->select, id)->type, .size = layout->size,
             .slow = by.slow, .zeros = zeros, .values = values, .count = count,
             .slots = zeros ? 0 : layout->slots};
    emit_new_inline(j, id, &n, values, count);
}

static void emit_new_fixed(Jit *j, NodeId id, u32 type, u32 count)
{
    const TypeDef *def = def_of(j, type);
    const Type elem = def->fields[0].type;
    u64 size = object_bytes(def, count);
    if (count > NEW_VALUES || size > NEW_BYTES) {
        emit_new_by_call(j, id, &(ByCall){SLOW_array_new_fixed, type, count});
        return;
    }
    NewValue *values = NEW_ARRAY(j->arena, NewValue, count);
    for (u32 i = 0; i < count; i++)
        values[i] = (NewValue){.type = elem, .at = (u32)offsetof(ArrayObject, items) +
                                                   (i << type_log2(elem))};
    New n = {.type = type, .result = node_of(j->select, id)->type, .size = (u32)size,
             .array = true, .length = count, .slow = SLOW_array_new_fixed, .number = count,
             .values = values, .count = count, .slots = count * type_slots(elem)};
    emit_new_inline(j, id, &n, values, count);
}

// Of a length that is a small number, if nothing is paid for it.
static void emit_new_zeros(Jit *j, NodeId id, u32 type)
{
    Select *s = j->select;
    const Node *length = node_of(s, node_inputs(s->g, node_of(s, id))[0]);
    bool known = length->op == OP_i32_const;
    u64 size = known ? object_bytes(def_of(j, type), (u32)length->bits) : 0;
    if (!known || size > NEW_BYTES || bytes_units(size)) {
        emit_new_by_call(j, id, &(ByCall){SLOW_array_new_default, type, 0});
        return;
    }
    NewValue *operand = NEW(j->arena, NewValue);
    operand->type = TYPE_i32;
    New n = {.type = type, .result = node_of(s, id)->type, .size = (u32)size, .array = true,
             .length = (u32)length->bits, .slow = SLOW_array_new_default, .zeros = true,
             .slots = 1};
    emit_new_inline(j, id, &n, operand, 1);
}

static void emit_new_object(Jit *j, NodeId id, const Imm *imm)
{
    if (!j->select->before) {
        give_up(j);
        return;
    }
    switch (node_of(j->select, id)->op) {
    case OP_struct_new: emit_new_struct(j, id, imm->type_index, false); break;
    case OP_struct_new_default: emit_new_struct(j, id, imm->type_index, true); break;
    case OP_array_new_fixed:
        emit_new_fixed(j, id, imm->type_count.type, imm->type_count.count);
        break;
    default: emit_new_zeros(j, id, imm->type_index);
    }
}
