// hooks_vector.h -- the walk's hooks for vectors. See image.h.
#pragma once

#include "interp/translate/hooks_number.h"

#ifdef WEFT_MICRO // the walk shows none
static void interp_vector(Translator *t, WalkState *w, Op op) { emit_unsupported(t, w); }
static void interp_lane(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    emit_unsupported(t, w);
}
static void interp_vload(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    emit_unsupported(t, w);
}
static void interp_load_lane(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    emit_unsupported(t, w);
}
static void interp_store_lane(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    emit_unsupported(t, w);
}
static void interp_vstore(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    emit_unsupported(t, w);
}
static void interp_v128_const(Translator *t, WalkState *w, const Imm *imm)
{
    emit_unsupported(t, w);
}
static void interp_i8x16_shuffle(Translator *t, WalkState *w, const Imm *imm)
{
    emit_unsupported(t, w);
}
#else

// The operation of a row; of loads and stores the first of its forms.
static const u16 vector_iop[OP_COUNT] = {
#define VECTOR(name, text, opcode, sig, since, ...) [OP_##name] = IOP_##name,
#define LANE(name, text, opcode, sig, since, lanes, ...) [OP_##name] = IOP_##name,
#define VLOAD(name, text, opcode, sig, since, bits, ...) [OP_##name] = IOP_##name##_r,
#define VSTORE(name, text, opcode, sig, since, bits) [OP_##name] = IOP_##name##_r,
#define LOAD_LANE(name, text, opcode, sig, since, bits) [OP_##name] = IOP_##name,
#define STORE_LANE(name, text, opcode, sig, since, bits) [OP_##name] = IOP_##name,
#include "op/op.def"
};

static void interp_vector(Translator *t, WalkState *w, Op op)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    u32 count = sig->param_count, slots[3] = {0};
    Operand operands[3];
    for (u32 i = count; i--;) operands[i] = pop_of(t, type_of_val(sig->params[i]));
    for (u32 i = 0; i < count; i++) slots[i] = slot_of(t, &operands[i]);
    u32 at = emit_abc(t, vector_iop[op], t->next_home, slots[0], slots[1]);
    if (count == 3) emit(t, slots[2]);
    push_number(t, op, at);
}

static void interp_lane(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    bool give = sig_info[op_info[op].sig].param_count == 2;
    Operand value = give ? pop(t) : (Operand){0}, vector = pop_of(t, TYPE_v128);
    u32 from = slot_of(t, &vector), second = give ? slot_of(t, &value) : imm->lane;
    u32 at = emit_abc(t, vector_iop[op], t->next_home, from, second);
    if (give) emit(t, imm->lane);
    push_number(t, op, at);
}

static void interp_vload(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    Operand a = pop(t);
    push_result(t, TYPE_v128, emit_access(t, vector_iop[op], false, t->next_home, &a, imm));
}

static void interp_vstore(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    Operand value = pop_of(t, TYPE_v128), a = pop(t);
    emit_access(t, vector_iop[op], true, slot_of(t, &value), &a, imm);
}

static void emit_lane_address(Translator *t, const Imm *imm)
{
    emit(t, imm->memarg.offset);
    emit(t, (u64)imm->memarg.lane << 32 | imm->memarg.memory);
}

static void interp_load_lane(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    Operand vector = pop_of(t, TYPE_v128), address = pop(t);
    u32 slot = slot_of(t, &address), from = slot_of(t, &vector);
    u32 at = emit_abc(t, vector_iop[op], t->next_home, slot, from);
    emit_lane_address(t, imm);
    push_result(t, TYPE_v128, at);
}

static void interp_store_lane(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    Operand vector = pop_of(t, TYPE_v128), address = pop(t);
    u32 slot = slot_of(t, &address), from = slot_of(t, &vector);
    emit_abc(t, vector_iop[op], slot, from, 0);
    emit_lane_address(t, imm);
}

static void emit_bytes(Translator *t, const u8 bytes[16])
{
    u64 words[2];
    memcpy(words, bytes, sizeof words);
    emit(t, words[0]);
    emit(t, words[1]);
}

static void interp_v128_const(Translator *t, WalkState *w, const Imm *imm)
{
    u32 at = emit_abc(t, IOP_v128_const, t->next_home, 0, 0);
    emit_bytes(t, imm->bytes);
    push_result(t, TYPE_v128, at);
}

static void interp_i8x16_shuffle(Translator *t, WalkState *w, const Imm *imm)
{
    Operand b = pop_of(t, TYPE_v128), a = pop_of(t, TYPE_v128);
    u32 first = slot_of(t, &a), second = slot_of(t, &b);
    u32 at = emit_abc(t, IOP_i8x16_shuffle, t->next_home, first, second);
    emit_bytes(t, imm->bytes);
    push_result(t, TYPE_v128, at);
}
#endif
