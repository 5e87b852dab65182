// constant.c -- initial values, from what validation left of constant expressions
// (module/constant.h).
// spec: exec/modules, instantiation

#include "run/exec.h"
#include "run/frame.h"
#include "run/object.h"
#include "run/store.h"

// Operands stand where those of a function would.
typedef struct { u64 *next, *end; } Operands;

static bool push(Operands *o, const u64 value[2], u32 slots)
{
    if (o->end - o->next < (s64)slots) return false;
    for (u32 i = 0; i < slots; i++) *o->next++ = value[i];
    return true;
}

// What one word comes to that is not steps. Returns how many slots it takes.
static u32 value_of(Instance *inst, Const c, u64 value[2])
{
    u32 index = const_index(c);
    if (const_number(c, inst->module->wides, value)) return 1 + (const_kind(c) == CONST_v128);
    if (const_kind(c) == CONST_func) {
        // Its entry is filled when it is first called: tables may have many.
        value[0] = index < inst->imported_funcs
                       ? ref_of_func(inst->store, inst->imports[index])
                       : inst->func_first + (index - inst->imported_funcs);
        return 1;
    }
    const Global *g = inst->globals[index];
    value[0] = g->value[0], value[1] = g->value[1];
    return type_slots(g->type.type);
}

// Slots that an instruction takes which makes an object, or takes one for another.
static u32 slots_taken(Op op, const TypeLayout *layout, u32 count)
{
    switch (op) {
    case OP_struct_new: case OP_struct_new_desc: return layout->slots;
    case OP_struct_new_default: return 0;
    case OP_array_new: return layout->slots + 1;
    case OP_array_new_fixed: return count * layout->slots;
    default: return 1;
    }
}

static Trap make_object(Instance *inst, Op op, u32 type, u32 count, u64 *v)
{
    Exec *x = inst->exec;
    switch (op) {
    case OP_ref_i31: *v = ref_of_i31((u32)*v); return TRAP_none;
    case OP_any_convert_extern: case OP_extern_convert_any: return TRAP_none;
    case OP_array_new: return object_array_new(x, inst, NULL, type, v);
    case OP_array_new_default: return object_array_new_default(x, inst, NULL, type, v);
    default: break;
    }
    const TypeDef *def = type_def(inst->store->types, inst->types[type]);
    Trap trap = exec_pay(x, bytes_units(object_bytes(def, count)));
    if (trap) return trap;
    if (op == OP_array_new_fixed) return object_array_new_fixed(x, inst, NULL, type, count, v);
    bool fields = op == OP_struct_new || op == OP_struct_new_desc;
    return fields ? object_struct_new(x, inst, NULL, type, v)
                  : object_struct_new_default(x, inst, NULL, type, v);
}

// *word is where its steps go on. What it takes stands on top.
static Trap run_object(Instance *inst, const Const **word, Operands *o)
{
    const Const *w = *word;
    Op op = (Op)const_index(*w++);
    ImmKind kind = (ImmKind)op_info[op].immediates;
    u32 type = kind == IMM_type || kind == IMM_type_count ? *w++ : 0;
    u32 count = kind == IMM_type_count ? *w++ : 0;
    *word = w;
    const TypeLayout *layout =
        kind == IMM_none ? NULL : type_layout(type_def(inst->store->types, inst->types[type]));
    u64 *v = o->next - slots_taken(op, layout, count);
    if (v == o->end) return TRAP_call_stack_exhausted;
    o->next = v + 1;
    return make_object(inst, op, type, count, v);
}

static Trap run_steps(Instance *inst, const Const *word, Operands *o)
{
    for (;;) {
        Op op = (Op)const_index(*word);
        u64 value[2];
        Trap trap = exec_piece(inst->exec, PRICE_value);
        if (trap) return trap;
        if (const_kind(*word) != CONST_op) {
            u32 slots = value_of(inst, *word++, value);
            if (!push(o, value, slots)) return TRAP_call_stack_exhausted;
        } else if (const_computes(op)) {
            o->next--;
            o->next[-1] = const_compute(op, o->next[-1], *o->next);
            word++;
        } else if (op == OP_end) {
            return TRAP_none;
        } else if (has_objects) {
            trap = run_object(inst, &word, o);
            if (trap) return trap;
        }
    }
}

static Trap steps(Instance *inst, u32 at, u64 value[2])
{
    Exec *x = inst->exec;
    if (!x->depth && !exec_take_stack(x)) return exec_trap(x, TRAP_out_of_memory, "for the stack");
    u64 *bottom = frame_top(x);
    Operands o = {bottom, x->bottom};
    inst->store->computing = true;
    Trap trap = run_steps(inst, inst->module->words + at, &o);
    inst->store->computing = false;
    for (const u64 *v = bottom; !trap && v < o.next; v++) *value++ = *v;
    if (!x->depth) exec_give_stack(x);
    return trap;
}

Trap instance_value(Instance *inst, Const c, u64 value[2])
{
    if (const_kind(c) == CONST_steps) return steps(inst, const_index(c), value);
    value_of(inst, c, value);
    return exec_piece(inst->exec, PRICE_value);
}

static Ref *computed_item(Instance *inst, Const c)
{
    return &inst->items[inst->module->words[const_index(c) - 1]];
}

Ref instance_item(Instance *inst, Const c)
{
    u64 value[2];
    if (const_kind(c) == CONST_steps) return *computed_item(inst, c);
    value_of(inst, c, value);
    return (Ref)value[0];
}

// What was computed for it is held no more: that was paid when it was made.
void instance_drop_elem(Instance *inst, u32 elem)
{
    const Module *m = inst->module;
    const ElemSegment *e = &m->elems[elem];
    if (inst->elem_dropped[elem]) return;
    inst->elem_dropped[elem] = true;
    for (u32 i = 0; i < e->count && m->computed_items; i++)
        if (const_kind(m->words[e->items + i]) == CONST_steps)
            *computed_item(inst, m->words[e->items + i]) = REF_NULL;
}
