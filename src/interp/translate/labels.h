// labels.h -- labels and the branches to them; comparisons that become part of a branch. See
// image.h.
#pragma once

#include "interp/translate/image.h"

// Which operations a branch can absorb; all are between two of them.
enum { FUSED_FIRST = IOP_i32_eqz_r, FUSED_COUNT = IOP_f64_ge_rk + 1 - FUSED_FIRST };
typedef struct { u16 br, no; u8 operands; } Fused;
static const Fused fused[FUSED_COUNT] = {
#define BRANCH1(name) [IOP_##name##_r - FUSED_FIRST] = {IOP_##name##_br_r, IOP_##name##_no_r, 1},
#define BRANCH2(name)                                                                              \
    [IOP_##name##_rr - FUSED_FIRST] = {IOP_##name##_br_rr, IOP_##name##_no_rr, 2},                 \
    [IOP_##name##_rk - FUSED_FIRST] = {IOP_##name##_br_rk, IOP_##name##_no_rk, 2},
#include "interp/branch.def"
};

// NULL: none of these.
static const Fused *fused_of(Iop op)
{
    u32 at = (u32)op - FUSED_FIRST;
    return at < FUSED_COUNT && fused[at].operands ? &fused[at] : NULL;
}

static void set_distance(Translator *t, u32 site, bool upper, u32 distance)
{
    u64 *word = &t->code[site];
    *word = upper ? (*word & 0xffffffffu) | (u64)distance << 32
                  : (*word & ~(u64)0xffffffffu) | distance;
}

// Branch distances sit in the upper half of one-word branches, else in the lower half of the word.
// Sites chain through that field until the target is known; bit 31 of a link says which half.
static void link_site(Translator *t, u32 *chain, u32 site, bool upper)
{
    set_distance(t, site, upper, *chain);
    *chain = site | (upper ? 0x80000000u : 0);
}

static void bind_chain(Translator *t, u32 chain)
{
    while (chain != NONE) {
        u32 site = chain & 0x7fffffffu;
        bool upper = chain >> 31;
        u32 next = upper ? (u32)(t->code[site] >> 32) : (u32)t->code[site];
        set_distance(t, site, upper, t->count - site);
        chain = next;
    }
    t->last = t->stepped = NONE;
}

static void branch_site(Translator *t, Label *label, u32 site, bool upper)
{
    if (label->target != NONE) set_distance(t, site, upper, label->target - site);
    else link_site(t, &label->sites, site, upper);
}

static Label *label_of(Translator *t, u32 depth) { return &t->labels[t->label_count - 1 - depth]; }

static u32 count_slots(const Type *types, u32 count)
{
    u32 slots = count;
    for (u32 i = 0; i < count; i++) slots += types[i] == TYPE_v128;
    return slots;
}

// Of the parameters or results of a block. Long lists are those of types, which stay.
static u32 slots_of(Translator *t, const Type *types, u32 count)
{
    if (count < 8) return count_slots(types, count);
    ListSlots *known = &t->lists[(uintptr_t)types / 16 % COUNT_OF(t->lists)];
    if (known->types != types) *known = (ListSlots){types, count_slots(types, count)};
    return known->slots;
}

// The values a branch carries are the newest operands, up to the one whose home ends at `end`. Are
// they where the label wants them, once home?
static bool in_place(const Label *label, u32 end)
{
    return !label->slots || end - label->slots == label->home;
}

// Brings home what a branch carries. Of several not those alone: to go through them again for the
// next branch would take as long again.
static void settle_for(Translator *t, const Label *label)
{
    if (label->count == 1) settle_newest(t);
    else if (label->count) settle(t);
}

// Several are home.
static void emit_moves(Translator *t, const Label *label)
{
    if (!label->slots) return;
    if (t->loose) move_to(t, &t->operands[t->loose - 1], label->home);
    else emit_copy(t, label->home, t->next_home - label->slots, label->slots);
}

// Branches to the label when the top operand, popped here, is not zero (or is, with `negate`).
// Returns the site of the distance; *upper says in which half.
static u32 emit_condition(Translator *t, bool negate, bool *upper)
{
    u32 last = t->last;
    Operand c = pop(t);
    Iop op = last == NONE ? IOP_trap : (Iop)(u16)t->code[last];
    *upper = true;
    const Fused *as = fused_of(op);
    if (is_home(&c) && as) {
        u64 word = t->code[last];
        u32 dst = (u16)(word >> 16), a = (u16)(word >> 32), b = (u16)(word >> 48);
        bool constant = t->count - last == 2;
        u64 k = constant ? t->code[last + 1] : 0;
        bool narrow = constant && ((u64)(s64)(s32)k == k);
        if (dst == c.home && (!constant || narrow)) {
            t->count = last; // the comparison is in the branch now
            Iop branch = negate ? as->no : as->br;
            if (as->operands == 1) return emit_imm(t, branch, a, 0);
            emit_abc(t, branch, a, b, 0);
            *upper = false;
            return emit(t, k << 32);
        }
    }
    // a counter that just changed
    if (!negate && c.at == AT_local && t->count >= 2 && t->stepped == t->count - 2) {
        u64 word = t->code[t->stepped], k = t->code[t->count - 1];
        if ((u16)(word >> 16) == c.slot && !c.add && (u32)(s32)(s16)k == (u32)k) {
            u32 a = (u16)(word >> 32);
            t->count -= 2;
            t->stepped = NONE; // it is as long as the branch, which is no addition to take again
            emit_abc(t, IOP_add_br_if, c.slot, a, (u32)k);
            *upper = false;
            return emit(t, 0);
        }
    }
    u32 slot = slot_of(t, &c);
    return emit_imm(t, negate ? IOP_br_unless : IOP_br_if, slot, 0);
}

static void emit_br(Translator *t, Label *label)
{
    if (in_place(label, t->next_home) || label->count > 1) settle_for(t, label);
    if (!in_place(label, t->next_home)) emit_moves(t, label);
    branch_site(t, label, emit_imm(t, IOP_br, 0, 0), true);
}

// A new label whose newest operands, `inside` slots of them, are its parameters; everything is home
// before it. A branch to it carries `count` values.
static Label *open_label(Translator *t, u32 inside, u32 count, u32 slots)
{
    settle(t);
    Label *l = &ARENA_PUSH(t->arena, t->labels, t->label_count, t->label_cap);
    *l = (Label){.home = t->next_home - inside, .count = count, .slots = slots, .target = NONE,
                 .sites = NONE, .otherwise = NONE, .table = NONE,
                 .guard = t->label_count > 1 ? l[-1].guard : NONE, .own = NONE, .clause = NONE};
    return l;
}

static Label *open_block(Translator *t, const WalkFrame *f)
{
    u32 inside = slots_of(t, f->params, f->param_count);
    u32 slots = f->op == OP_loop ? inside : slots_of(t, f->results, f->result_count);
    return open_label(t, inside, walk_label_count(f), slots);
}
