// hooks_number.h -- the walk's hooks for numbers: operators, loads, stores; how a body begins. See
// image.h.
#pragma once

#include "interp/labels.h"

// The first operation of a row: _r or _rr; _rk and _x come right after it. 0 where a row has none.
static const u16 iop_of[OP_COUNT] = {
#define IOP_i_i(name) IOP_##name##_r
#define IOP_i_l(name) IOP_##name##_r
#define IOP_i_f(name) IOP_##name##_r
#define IOP_i_d(name) IOP_##name##_r
#define IOP_l_i(name) IOP_##name##_r
#define IOP_l_l(name) IOP_##name##_r
#define IOP_l_f(name) IOP_##name##_r
#define IOP_l_d(name) IOP_##name##_r
#define IOP_f_i(name) IOP_##name##_r
#define IOP_f_l(name) IOP_##name##_r
#define IOP_f_f(name) IOP_##name##_r
#define IOP_f_d(name) IOP_##name##_r
#define IOP_d_i(name) IOP_##name##_r
#define IOP_d_l(name) IOP_##name##_r
#define IOP_d_f(name) IOP_##name##_r
#define IOP_d_d(name) IOP_##name##_r
#define IOP_ii_i(name) IOP_##name##_rr
#define IOP_ll_i(name) IOP_##name##_rr
#define IOP_ff_i(name) IOP_##name##_rr
#define IOP_dd_i(name) IOP_##name##_rr
#define IOP_ll_l(name) IOP_##name##_rr
#define IOP_ff_f(name) IOP_##name##_rr
#define IOP_dd_d(name) IOP_##name##_rr
#define IOP_8(name) IOP_##name##_r
#define IOP_16(name) IOP_##name##_r
#define IOP_32(name) IOP_##name##_r
#define IOP_64(name) IOP_##name##_r
#define IOP_128(name) 0
#define PURE(name, text, opcode, sig, since, ...) [OP_##name] = IOP_##sig(name),
#define LOAD(name, text, opcode, sig, since, bits, extend) [OP_##name] = IOP_##name##_r,
#define STORE(name, text, opcode, sig, since, bits) [OP_##name] = IOP_##bits(name),
#define PURE2(name, text, opcode, sig, since, ...) [OP_##name] = IOP_##name,
#include "op/op.def"
};

static Type type_of_val(u8 val) { return (Type)val; } // VAL_ and TYPE_ number the same types alike

// What makes canonical the NaN an operation gives, where its row leaves the bits open (NAN_OF);
// else 0.
static const u16 canon_of[OP_COUNT] = {
#define SECOND(first, second, ...) second
#define RESULT(...) SECOND(__VA_ARGS__, 0, )
#define TRAP_IF(condition, trap)
#define LET(n, name, value)
#define NAN_OF(N, X) , IOP_canon_##N
#define PURE(name, text, opcode, sig, since, meaning) [OP_##name] = meaning,
#include "op/op.def"
#ifndef WEFT_MICRO
#undef NAN_OF
#define NAN_OF(N, X) , IOP_canon_lanes_##N
#define PAIR(first, second)
#define FLANES(N, value) RESULT(value)
#define FLANES2 FLANES
#define FLANES3 FLANES
#define FTESTS2(N, value) 0
#define LANES(N, value) 0
#define LANES2 LANES
#define LANES3 LANES
#define VECTOR(name, text, opcode, sig, since, ...) [OP_##name] = __VA_ARGS__,
#include "op/op.def"
#undef PAIR
#undef FLANES
#undef FLANES2
#undef FLANES3
#undef FTESTS2
#undef LANES
#undef LANES2
#undef LANES3
#endif
#undef SECOND
#undef RESULT
#undef TRAP_IF
#undef LET
#undef NAN_OF
};

// Pushes the result of `op`, whose instruction was emitted at `at`.
static void push_number(Translator *t, Op op, u32 at)
{
    u32 home = t->next_home;
    if (t->deterministic && canon_of[op]) at = emit_abc(t, canon_of[op], home, home, 0);
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
    t->enter = emit_imm(t, IOP_enter, w->type->param_slots, slots);
    emit(t, 0); // the frame's size, when it is known
    open_label(t, 0, w->type->result_count, w->type->result_slots);
    region_begin(t);
    pay_for(t, slots - w->type->param_slots);
}

// Whether operands can change places: then a constant goes second, and it may wait to be added.
static bool commutes(Op op)
{
    switch (op) {
    case OP_i32_add: case OP_i32_mul: case OP_i32_and: case OP_i32_or: case OP_i32_xor: case OP_i32_eq: case OP_i32_ne:
    case OP_i64_add: case OP_i64_mul: case OP_i64_and: case OP_i64_or: case OP_i64_xor: case OP_i64_eq: case OP_i64_ne:
        return true;
    default: return false;
    }
}

// i32.add and i32.sub of a constant: it waits until somebody needs the sum, who may have a use for
// both.
static bool delay_add(Translator *t, Op op, const Operand *a, const Operand *b)
{
    if ((op != OP_i32_add && op != OP_i32_sub) || b->at != AT_const || a->at == AT_const)
        return false;
    u32 add = a->add + (op == OP_i32_add ? (u32)b->bits : 0 - (u32)b->bits);
    if (a->at == AT_local) push_local(t, TYPE_i32, a->slot);
    else push(t, TYPE_i32);
    t->operands[t->loose - 1].add = add;
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
        a.home = first.home; // where the result goes, and a sum that must be made; its value stays where it was
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

// The variants of an access behind iop_of, in the order of iop.def.
enum { ACCESS_r, ACCESS_x, ACCESS_k, ACCESS_c, ACCESS_v };

static bool is_plain(const Imm *imm) { return imm->index == 0 && !imm->is64; }

static void emit_address(Translator *t, const Imm *imm)
{
    emit(t, imm->offset);
    emit(t, imm->index);
}

static void interp_load(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    Operand a = pop(t);
    u32 at, dst = t->next_home;
    if (is_plain(imm) && a.at == AT_const && (u32)a.bits + imm->offset <= UINT32_MAX) {
        at = emit_imm(t, iop_of[op] + ACCESS_c, dst, (u32)a.bits + (u32)imm->offset);
    } else if (is_plain(imm) && a.add) {
        at = emit_abc(t, iop_of[op] + ACCESS_k, dst, source_slot(&a), 0);
        emit(t, imm->offset << 32 | a.add);
    } else {
        u32 slot = slot_of(t, &a);
        if (is_plain(imm) && imm->offset <= UINT16_MAX) {
            at = emit_abc(t, iop_of[op] + ACCESS_r, dst, slot, (u32)imm->offset);
        } else if (is_plain(imm)) {
            at = emit_abc(t, iop_of[op] + ACCESS_k, dst, slot, 0);
            emit(t, imm->offset << 32);
        } else {
            at = emit_abc(t, iop_of[op] + ACCESS_x, dst, slot, 0);
            emit_address(t, imm);
        }
    }
    push_number(t, op, at);
}

// Something this tier cannot run yet: it traps here, and what follows is not reached.
static void emit_unsupported(Translator *t, WalkState *w)
{
    mark(t, w);
    settle(t); // it may be a safepoint
    emit_imm(t, IOP_trap, 0, TRAP_not_executable);
    walk_frame(w, 0)->dead = true;
    walk_refresh(w);
}

static void store_number(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    Operand value = pop(t), a = pop(t);
    bool plain = is_plain(imm), narrow = plain && imm->offset <= UINT16_MAX;
    bool small = value.at == AT_const && (u64)(s64)(s16)value.bits == value.bits;
    if (plain && a.at == AT_const && (u32)a.bits + imm->offset <= UINT32_MAX) {
        u32 from = slot_of(t, &value);
        emit_imm(t, iop_of[op] + ACCESS_c, from, (u32)a.bits + (u32)imm->offset);
    } else if (narrow && small && !a.add) {
        u32 address = slot_of(t, &a);
        emit_abc(t, iop_of[op] + ACCESS_v, address, (u32)value.bits, (u32)imm->offset);
    } else if (plain && a.at != AT_const && (a.add || !narrow)) {
        u32 from = slot_of(t, &value);
        emit_abc(t, iop_of[op] + ACCESS_k, source_slot(&a), from, 0);
        emit(t, imm->offset << 32 | a.add);
    } else {
        u32 address = slot_of(t, &a), from = slot_of(t, &value);
        emit_abc(t, iop_of[op] + (narrow ? ACCESS_r : ACCESS_x), address, from,
                 narrow ? (u32)imm->offset : 0);
        if (!narrow) emit_address(t, imm);
    }
}

static void interp_atomic(Translator *t, WalkState *w, Op op, const Imm *imm) { emit_unsupported(t, w); }
