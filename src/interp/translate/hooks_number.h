// hooks_number.h -- the walk's hooks for numbers: operators, loads, stores; how a body begins. See
// image.h.
#pragma once

#include "interp/translate/labels.h"

// The first operation of a row: _r or _rr; the others come right after it. 0 where a row has none.
#define OP_KNOWN_ONLY
static const u16 iop_of[OP_KNOWN] = {
#define FIRST_IOP(n, P, m, R, name) FIRST_IOP_##n(name)
#define FIRST_IOP_1(name) IOP_##name##_r
#define FIRST_IOP_2(name) IOP_##name##_rr
#define PURE(name, text, opcode, sig, since, ...) [OP_##name] = SHAPE_##sig(FIRST_IOP, name),
#define LOAD(name, text, opcode, sig, since, bits, extend) [OP_##name] = IOP_##name##_r,
#define STORE(name, text, opcode, sig, since, bits) [OP_##name] = IOP_##name##_r,
#define PURE2(name, text, opcode, sig, since, ...) [OP_##name] = IOP_##name,
#include "op/op.def"
};

static Type type_of_val(u8 val) { return (Type)val; } // VAL_ and TYPE_ number the same types alike

// What makes canonical the NaNs that a row's result may be.
static const u16 canon_of[] = {
    [NANS_32] = IOP_canon_32, [NANS_64] = IOP_canon_64,
#ifndef WEFT_MICRO
    [NANS_lanes_32] = IOP_canon_lanes_32, [NANS_lanes_64] = IOP_canon_lanes_64,
#endif
};

// Pushes the result of `op`, whose instruction was emitted at `at`.
static void push_number(Translator *t, Op op, u32 at)
{
    u32 home = t->next_home;
    if (t->deterministic && op_nan[op])
        at = emit_abc(t, canon_of[op_nan[op]], home, home, 0);
    push_result(t, type_of_val(sig_info[op_info[op].sig].results[0]), at);
}

static void interp_begin(Translator *t, WalkState *w)
{
    walk_flatten_locals(w);
    u32 count = w->local_count, slots = count_slots(w->locals, count);
    t->local_slot = NEW_ARRAY(t->arena, u32, count);
    for (u32 i = 0, s = 0; i < count; s += type_slots(w->locals[i++])) t->local_slot[i] = s;
    t->pending = NEW_ARRAY(t->arena, u32, slots);
    if (slots) memset(t->pending, 0xff, (size_t)slots * sizeof(u32));
    t->local_slots = t->next_home = slots;
    reach_slot(t, slots);
    u32 params = w->type->param_slots;
    t->enter = emit_imm(t, slots > params ? IOP_enter_zeroing : IOP_enter, params, slots);
    emit(t, 0); // the frame's size, when it is known
    if (t->counting) emit_imm(t, IOP_count_call, 0, 0);
    open_label(t, 0, w->type->result_count, w->type->result_slots);
    region_begin(t);
    pay_for(t, slots - w->type->param_slots);
}

// Whether operands can change places: then a constant goes second, and it may wait to be added.
static bool commutes(Op op)
{
    switch (op) {
    case OP_i32_add: case OP_i32_mul: case OP_i32_and: case OP_i32_or: case OP_i32_xor:
    case OP_i32_eq: case OP_i32_ne:
    case OP_i64_add: case OP_i64_mul: case OP_i64_and: case OP_i64_or: case OP_i64_xor:
    case OP_i64_eq: case OP_i64_ne:
        return true;
    default: return false;
    }
}

// Adding a constant, or taking it away: it waits until somebody needs the sum, who may have a use
// for both.
static bool delay_add(Translator *t, Op op, const Operand *a, const Operand *b)
{
    bool plus = op == OP_i32_add || op == OP_i64_add, wide = op == OP_i64_add || op == OP_i64_sub;
    if ((!plus && !wide && op != OP_i32_sub) || b->at != AT_const || a->at == AT_const)
        return false;
    u64 add = a->add + (plus ? b->bits : 0 - b->bits);
    Type type = wide ? TYPE_i64 : TYPE_i32;
    if (a->at == AT_local) push_local(t, type, a->slot);
    else push(t, type);
    leave_to_add(t, wide ? IOP_i64_add_rk : IOP_i32_add_rk, wide ? add : (u32)add);
    t->last = NONE;
    return true;
}

static void interp_pure(Translator *t, WalkState *w, Op op)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    u32 at;
    if (sig->param_count == 1) {
        Operand a = pop(t);
        u32 slot = slot_of(t, &a);
        at = emit_abc(t, iop_of[op], t->next_home, slot, 0);
        push_number(t, op, at);
        return;
    }
    Operand b = pop(t), a = pop(t);
    if (a.at == AT_const && b.at != AT_const && commutes(op)) {
        Operand first = a;
        a = b;
        // where the result goes, and a sum that must be made; its value stays where it was
        a.home = first.home;
        if (b.at == AT_home) { // not in that home
            u32 slot = slot_of(t, &b);
            at = emit_abc(t, iop_of[op] + 1, t->next_home, slot, 0);
            emit(t, first.bits);
            push_number(t, op, at);
            return;
        }
        b = first;
    }
    if (delay_add(t, op, &a, &b)) return;
    if (b.at == AT_const) {
        u32 slot = slot_of(t, &a);
        at = emit_abc(t, iop_of[op] + 1, t->next_home, slot, 0);
        emit(t, b.bits);
    } else if (a.at == AT_const) {
        u32 slot = slot_of(t, &b);
        at = emit_abc(t, iop_of[op] + 2, t->next_home, slot, 0);
        emit(t, a.bits);
    } else {
        u32 slot = slot_of(t, &a), other = slot_of(t, &b);
        at = emit_abc(t, iop_of[op], t->next_home, slot, other);
    }
    push_number(t, op, at);
}

static void interp_pure2(Translator *t, WalkState *w, Op op)
{
    settle(t);
    t->next_home -= sig_info[op_info[op].sig].param_count; // all of one slot
    emit_imm(t, iop_of[op], t->next_home, 0);
    push_home(t, 2);
}

// The forms of an access, by their distance from the first. Stores of constants are last.
enum {
    ACCESS_r, ACCESS_x, ACCESS_k, ACCESS_c, ACCESS_r64, ACCESS_k64,
    ACCESS_v = IOP_i32_store_v - IOP_i32_store_r, ACCESS_v64,
};

static u32 access_form(const Imm *imm, const Operand *a)
{
    u64 k = imm->is64 ? a->bits : (u32)a->bits;
    if (imm->memarg.memory || (imm->is64 && !interp_wide)) return ACCESS_x;
    if (a->at == AT_const && k <= UINT32_MAX && imm->memarg.offset <= UINT32_MAX - k)
        return ACCESS_c;
    if (!a->add && imm->memarg.offset <= UINT16_MAX) return imm->is64 ? ACCESS_r64 : ACCESS_r;
    if (!imm->is64) return ACCESS_k;
    return (u64)(s64)(s32)a->add == a->add && imm->memarg.offset <= UINT32_MAX ? ACCESS_k64
                                                                               : ACCESS_x;
}

// `iop` is the first form, `value` the slot that is loaded or stored. What waits to be added to the
// address goes into the access where that has room for it.
static u32 emit_access(Translator *t, u32 iop, bool store, u32 value, const Operand *a,
                       const Imm *imm)
{
    u32 form = access_form(imm, a);
    if (form == ACCESS_c)
        return emit_imm(t, iop + form, value, (u32)a->bits + (u32)imm->memarg.offset);
    bool sum = form == ACCESS_k || form == ACCESS_k64;
    u32 address = sum && a->add ? source_slot(a) : slot_of(t, a);
    u32 at = emit_abc(t, iop + form, store ? address : value, store ? value : address,
                      (u32)imm->memarg.offset);
    if (sum) {
        emit(t, imm->memarg.offset << 32 | (u32)a->add);
    } else if (form == ACCESS_x) {
        emit(t, imm->memarg.offset);
        emit(t, imm->memarg.memory);
    }
    return at;
}

static void interp_load(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    Operand a = pop(t);
    push_number(t, op, emit_access(t, iop_of[op], false, t->next_home, &a, imm));
}

#ifdef WEFT_MICRO
// Something this build cannot run: it traps here, and what follows is not reached.
static void emit_unsupported(Translator *t, WalkState *w)
{
    mark(t, w);
    settle(t); // it may be a safepoint
    emit_imm(t, IOP_trap, 0, TRAP_not_executable);
    walk_frame(w, 0)->dead = true;
    walk_refresh(w);
}
#endif

static void interp_store(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    Operand value = pop(t), a = pop(t);
    u32 form = access_form(imm, &a);
    bool small = value.at == AT_const && (u64)(s64)(s16)value.bits == value.bits;
    if (small && (form == ACCESS_r || form == ACCESS_r64)) {
        u32 address = slot_of(t, &a);
        emit_abc(t, iop_of[op] + (form == ACCESS_r ? ACCESS_v : ACCESS_v64), address,
                 (u32)value.bits, (u32)imm->memarg.offset);
    } else {
        emit_access(t, iop_of[op], true, slot_of(t, &value), &a, imm);
    }
}

#ifndef WEFT_MICRO
static const u16 iop_of_atomic[OP_COUNT] = {
#define ATOMIC(name, text, opcode, sig, since, bits, ...) [OP_##name] = IOP_##name,
#include "op/op.def"
};

static void interp_atomic(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    u32 slots[3] = {0};
    for (u32 i = sig->param_count; i-- > 0;) {
        Operand o = pop(t);
        slots[i] = slot_of(t, &o);
    }
    u32 at = emit_abc(t, iop_of_atomic[op], t->next_home, slots[0], slots[1]);
    emit(t, imm->memarg.offset);
    emit(t, (u64)slots[2] << 32 | imm->memarg.memory);
    if (sig->result_count) push_number(t, op, at);
}
#else
static void interp_atomic(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    emit_unsupported(t, w);
}
#endif
