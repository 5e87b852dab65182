// constant.c -- initial values, from what validation left of constant expressions
// (module/constant.h).
// spec: exec/modules, instantiation

#include "run/exec.h"
#include "run/frame.h"
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
    const u64 *wides = inst->module->wides;
    value[1] = 0;
    switch (const_kind(c)) {
    case CONST_func: value[0] = ref_of_func(inst->store, instance_func(inst, index)); return 1;
    case CONST_wide: value[0] = wides[index]; return 1;
    case CONST_v128: value[0] = wides[index], value[1] = wides[index + 1]; return 2;
    case CONST_global: {
        const Global *g = inst->globals[index];
        value[0] = g->value[0], value[1] = g->value[1];
        return type_slots(g->type.type);
    }
    default: value[0] = (u64)(s64)const_small(c); return 1;
    }
}

static Trap run_steps(Instance *inst, const Const *word, Operands *o)
{
    for (;; word++) {
        Op op = (Op)const_index(*word);
        u64 value[2];
        Trap trap = exec_piece(inst->exec, 1);
        if (trap) return trap;
        if (const_kind(*word) != CONST_op) {
            u32 slots = value_of(inst, *word, value);
            if (!push(o, value, slots)) return TRAP_call_stack_exhausted;
        } else if (const_computes(op)) {
            o->next--;
            o->next[-1] = const_compute(op, o->next[-1], *o->next);
        } else if (op == OP_end) {
            return TRAP_none;
        } else { // it allocates, which nothing does yet
            return exec_trap(inst->exec, TRAP_not_executable, "%s at 0x%x", op_info[op].text,
                             word[1]);
        }
    }
}

static Trap steps(Instance *inst, u32 at, u64 value[2])
{
    Exec *x = inst->exec;
    if (!x->depth && !exec_take_stack(x)) return exec_trap(x, TRAP_out_of_memory, "for the stack");
    u64 *bottom = frame_top(x);
    Operands o = {bottom, x->bottom};
    Trap trap = run_steps(inst, inst->module->words + at, &o);
    for (const u64 *v = bottom; !trap && v < o.next; v++) *value++ = *v;
    if (!x->depth) exec_give_stack(x);
    return trap;
}

Trap instance_value(Instance *inst, Const c, u64 value[2])
{
    if (const_kind(c) == CONST_steps) return steps(inst, const_index(c), value);
    value_of(inst, c, value);
    return exec_piece(inst->exec, 1);
}

Ref instance_item(Instance *inst, Const c)
{
    u64 value[2];
    if (const_kind(c) == CONST_steps) return inst->items[inst->module->words[const_index(c) - 1]];
    value_of(inst, c, value);
    return (Ref)value[0];
}
