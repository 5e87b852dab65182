// translate.c -- one pass from a body to register code (code.h), driven by the walk.
//
// The translator keeps an image of the operand stack. An operand has a home slot, and may for now be
// somewhere else: in a local that was read but not copied, or a constant that was not stored. A constant
// may also wait to be added to it.
//
//     locals                operands (homes)
//     | 0 | 1 | ... | L-1 | L | L+1 | ...        a v128 takes two slots
//
// Invariants: an operand that stands for a local is copied home before the local changes; everything
// is home at labels and at safepoints, so a frame there is read by slot alone; results of a label are
// in the homes they will have behind it. A constant or copy is only made when somebody needs it there.
//
// Each step is constant time but for what it emits: pending reads of a local are chained (Operand.older), and
// `settled` says below which operand everything is home already.

#include "interp/code.h"
#include "valid/walk_types.h"

#include <string.h>

#define NONE UINT32_MAX

typedef enum { AT_home, AT_local, AT_const } At;

typedef struct {
    Type type;
    u32 home;  // slot
    At at;
    u32 slot;  // AT_local: the local's slot
    u32 older; // AT_local: the next older operand that stands for the same local
    u32 add;   // AT_home, AT_local, of type i32: this is still to be added to what is there
    u64 bits;  // AT_const
} Operand;

typedef struct {
    u32 base;      // operands below the label's values
    u32 home;      // slot of its first value
    u32 target;    // loops: index of the code to go to
    u32 sites;     // chain of branches to its end: index of the word, in the distance field the next
    u32 otherwise; // if: the branch to the else part
    u32 trampoline, table; // br_table: the code that moves values for it, made for the table at this index
} Label;

typedef struct {
    Arena *arena;     // scratch
    Trap trap;        // why this body cannot run at all
    u64 *code;
    u32 count, cap;
    u32 stepped;      // the newest i32.add of a constant into a local, or NONE
    u32 last;         // the instruction that made the top operand, if its dst may still be changed; or NONE
    Operand *operands;
    u32 operand_count, operand_cap, settled;
    Label *labels;
    u32 label_count, label_cap;
    u32 *pending;     // by local: newest operand that stands for it, or NONE
    u32 *local_slot;  // by local
    u32 local_slots, frame_slots;
    Buf map;
    u32 map_code, map_pos;
    u32 enter;        // index of the enter instruction
    bool fueled;
    u32 charge;       // the open region's charge instruction, or NONE
    u32 region;       // instructions of the source in it
} Translator;

// Which operations a branch can absorb.
typedef struct { u16 br, no; u8 operands; } Fused;
static const Fused fused[IOP_COUNT] = {
#define BRANCH1(name, P) [IOP_##name##_r] = {IOP_##name##_br_r, IOP_##name##_no_r, 1},
#define BRANCH2(name, P)                                                                           \
    [IOP_##name##_rr] = {IOP_##name##_br_rr, IOP_##name##_no_rr, 2},                               \
    [IOP_##name##_rk] = {IOP_##name##_br_rk, IOP_##name##_no_rk, 2},
#include "interp/branch.def"
};

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
#include "op/op.def"
};

// --- code

static u32 emit(Translator *t, u64 word)
{
    u32 at = t->count;
    ARENA_PUSH(t->arena, t->code, t->count, t->cap) = word;
    t->last = NONE;
    return at;
}

static u64 word_abc(Iop op, u32 dst, u32 a, u32 b)
{
    return (u64)op | (u64)(u16)dst << 16 | (u64)(u16)a << 32 | (u64)(u16)b << 48;
}

static u64 word_imm(Iop op, u32 dst, u32 imm) { return (u64)op | (u64)(u16)dst << 16 | (u64)imm << 32; }

static u32 emit_abc(Translator *t, Iop op, u32 dst, u32 a, u32 b) { return emit(t, word_abc(op, dst, a, b)); }
static u32 emit_imm(Translator *t, Iop op, u32 dst, u32 imm) { return emit(t, word_imm(op, dst, imm)); }

static void emit_const(Translator *t, u32 slot, u64 bits)
{
    if ((u64)(s64)(s32)bits == bits) {
        emit_imm(t, IOP_const_32, slot, (u32)bits);
    } else {
        emit_imm(t, IOP_const_64, slot, 0);
        emit(t, bits);
    }
}

static void emit_copy(Translator *t, u32 dst, u32 src, u32 slots)
{
    if (dst == src || !slots) return;
    if (slots == 1) emit_abc(t, IOP_copy, dst, src, 0);
    else if (slots == 2) emit_abc(t, IOP_copy_2, dst, src, 0);
    else emit_abc(t, IOP_copy_n, dst, src, slots);
}

// The state map: this instruction may call or trap, and the code that follows is its. See frames.c.
static void mark(Translator *t, const WalkState *w)
{
    buf_leb_u(&t->map, t->count - t->map_code);
    buf_leb_u(&t->map, w->pos - t->map_pos);
    t->map_code = t->count;
    t->map_pos = w->pos;
}

// --- fuel
//
// A region is a straight line of source instructions, paid for where it is entered. Where regions begin depends on the
// source alone: at the body, loops, both arms of an if, behind every end and every conditional branch.

static void region_end(Translator *t)
{
    if (t->charge != NONE) t->code[t->charge] = word_imm(IOP_charge, 0, t->region);
    t->charge = NONE;
}

static void region_begin(Translator *t)
{
    if (!t->fueled) return;
    region_end(t);
    t->charge = emit_imm(t, IOP_charge, 0, 0);
    t->region = 0;
}

// --- operands

static u32 next_home(const Translator *t)
{
    if (!t->operand_count) return t->local_slots;
    const Operand *top = &t->operands[t->operand_count - 1];
    return top->home + type_slots(top->type);
}

static Operand *push(Translator *t, Type type)
{
    u32 home = next_home(t), end = home + type_slots(type);
    if (end > t->frame_slots) t->frame_slots = end;
    if (end + sizeof(Record) / 8 > INTERP_FRAME_SLOTS_MAX) { // no slot number for it: this body will only trap
        t->trap = TRAP_call_stack_exhausted;
        home = 0;
    }
    Operand *o = &ARENA_PUSH(t->arena, t->operands, t->operand_count, t->operand_cap);
    *o = (Operand){.type = type, .home = home};
    return o;
}

static Operand pop(Translator *t)
{
    Operand o = t->operands[--t->operand_count];
    if (o.at == AT_local) t->pending[o.slot] = o.older;
    t->settled = MIN(t->settled, t->operand_count);
    return o;
}

static void push_local(Translator *t, Type type, u32 slot)
{
    Operand *o = push(t, type);
    o->at = AT_local;
    o->slot = slot;
    o->older = t->pending[slot];
    t->pending[slot] = t->operand_count - 1;
}

static bool is_home(const Operand *o) { return o->at == AT_home && !o->add; }

// The slot an operand that is no constant is read from.
static u32 source_slot(const Operand *o) { return o->at == AT_local ? o->slot : o->home; }

static u32 emit_add(Translator *t, u32 dst, const Operand *o)
{
    u32 at = emit_abc(t, IOP_i32_add_rk, dst, source_slot(o), 0);
    emit(t, o->add);
    return at;
}

static void move_to(Translator *t, const Operand *o, u32 slot)
{
    if (o->at == AT_const) emit_const(t, slot, o->bits);
    else if (o->add) emit_add(t, slot, o);
    else emit_copy(t, slot, source_slot(o), type_slots(o->type));
}

// The value of an operand that was popped, in a slot: where it is, or its home once that is made.
static u32 slot_of(Translator *t, const Operand *o)
{
    if (o->at == AT_local && !o->add) return o->slot;
    if (!is_home(o)) move_to(t, o, o->home);
    return o->home;
}

// Brings every operand home. Those below `settled` are.
static void settle(Translator *t)
{
    for (u32 i = t->settled; i < t->operand_count; i++) {
        Operand *o = &t->operands[i];
        if (is_home(o)) continue;
        move_to(t, o, o->home);
        if (o->at == AT_local) t->pending[o->slot] = NONE; // all others of this local come home now too
        o->at = AT_home;
        o->add = 0;
    }
    t->settled = t->operand_count;
}

// A local is about to change: whoever still stands for its old value copies it.
static void preserve(Translator *t, u32 slot)
{
    for (u32 i = t->pending[slot], older; i != NONE; i = older) {
        Operand *o = &t->operands[i];
        older = o->older;
        move_to(t, o, o->home);
        o->at = AT_home;
        o->add = 0;
    }
    t->pending[slot] = NONE;
}

// Pushes the result of the instruction emitted at `at`, whose dst may be retargeted by a local.set.
static void push_result(Translator *t, Type type, u32 at)
{
    push(t, type);
    t->last = at;
}

// --- labels and branches

static void set_distance(Translator *t, u32 site, bool upper, u32 distance)
{
    u64 *word = &t->code[site];
    *word = upper ? (*word & 0xffffffffu) | (u64)distance << 32 : (*word & ~(u64)0xffffffffu) | distance;
}

// Branch distances sit in the upper half of one-word branches, else in the lower half of the word. Sites chain
// through that field until the target is known; bit 31 of a link says which half.
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

static u32 slots_of(const Type *types, u32 count)
{
    u32 slots = count;
    for (u32 i = 0; i < count; i++) slots += types[i] == TYPE_v128;
    return slots;
}

// The values a branch carries are the newest `count` operands. Are they where the label wants them, once home?
static bool in_place(const Translator *t, const Label *label, u32 count)
{
    return !count || t->operands[t->operand_count - count].home == label->home;
}

static void settle_top(Translator *t, u32 count)
{
    if (t->operand_count - count <= t->settled) {
        settle(t);
        return;
    }
    for (u32 i = t->operand_count - count; i < t->operand_count; i++) {
        Operand *o = &t->operands[i];
        if (is_home(o)) continue;
        move_to(t, o, o->home);
        if (o->at == AT_local) { // take it out of its chain, where it is among the newest
            u32 *link = &t->pending[o->slot];
            while (*link != i) link = &t->operands[*link].older;
            *link = o->older;
        }
        o->at = AT_home;
        o->add = 0;
    }
}

static void emit_moves(Translator *t, const Label *label, u32 count, const Type *types)
{
    if (!count) return;
    Operand *first = &t->operands[t->operand_count - count];
    if (count == 1) move_to(t, first, label->home);
    else emit_copy(t, label->home, first->home, slots_of(types, count));
}

// Branches to the label when the top operand, popped here, is not zero (or is, with `negate`).
// Returns the site of the distance; *upper says in which half.
static u32 emit_condition(Translator *t, bool negate, bool *upper)
{
    u32 last = t->last;
    Operand c = pop(t);
    Iop op = last == NONE ? IOP_trap : (Iop)(u16)t->code[last];
    *upper = true;
    if (is_home(&c) && last != NONE && fused[op].operands) {
        u64 word = t->code[last];
        u32 dst = (u16)(word >> 16), a = (u16)(word >> 32), b = (u16)(word >> 48);
        bool constant = t->count - last == 2;
        u64 k = constant ? t->code[last + 1] : 0;
        bool narrow = constant && ((u64)(s64)(s32)k == k);
        if (dst == c.home && (!constant || narrow)) {
            t->count = last; // the comparison is in the branch now
            Iop branch = negate ? fused[op].no : fused[op].br;
            if (fused[op].operands == 1) return emit_imm(t, branch, a, 0);
            emit_abc(t, branch, a, b, 0);
            *upper = false;
            return emit(t, k << 32);
        }
    }
    if (!negate && c.at == AT_local && t->count >= 2 && t->stepped == t->count - 2) { // a counter that just changed
        u64 word = t->code[t->stepped], k = t->code[t->count - 1];
        if ((u16)(word >> 16) == c.slot && !c.add && (u32)(s32)(s16)k == (u32)k) {
            u32 a = (u16)(word >> 32);
            t->count -= 2;
            emit_abc(t, IOP_add_br_if, c.slot, a, (u32)k);
            *upper = false;
            return emit(t, 0);
        }
    }
    u32 slot = slot_of(t, &c);
    return emit_imm(t, negate ? IOP_br_unless : IOP_br_if, slot, 0);
}

static void emit_br(Translator *t, Label *label, u32 count, const Type *types)
{
    if (in_place(t, label, count) || count > 1) settle_top(t, count);
    if (!in_place(t, label, count)) emit_moves(t, label, count, types);
    branch_site(t, label, emit_imm(t, IOP_br, 0, 0), true);
}

// A new label whose `inside` newest operands are its parameters; everything is home before it.
static Label *open_label(Translator *t, u32 inside)
{
    settle(t);
    Label *l = &ARENA_PUSH(t->arena, t->labels, t->label_count, t->label_cap);
    *l = (Label){.base = t->operand_count - inside, .target = NONE, .sites = NONE, .otherwise = NONE, .table = NONE};
    l->home = inside ? t->operands[l->base].home : next_home(t);
    return l;
}

static void truncate_to(Translator *t, u32 count)
{
    while (t->operand_count > count) pop(t);
}

static void push_types(Translator *t, const Type *types, u32 count)
{
    for (u32 i = 0; i < count; i++) push(t, types[i]);
    t->settled = t->operand_count;
    t->last = NONE;
}

// --- hooks of the walk: families

static void start(Translator *t, const Type *locals, u32 count, u32 param_slots)
{
    u32 slots = slots_of(locals, count);
    t->local_slot = NEW_ARRAY(t->arena, u32, count);
    for (u32 i = 0, s = 0; i < count; s += type_slots(locals[i++])) t->local_slot[i] = s;
    t->pending = NEW_ARRAY(t->arena, u32, slots);
    if (slots) memset(t->pending, 0xff, (size_t)slots * sizeof(u32));
    t->local_slots = t->frame_slots = slots;
    if (slots + sizeof(Record) / 8 > INTERP_FRAME_SLOTS_MAX) t->trap = TRAP_call_stack_exhausted;
    t->enter = emit_imm(t, IOP_enter, param_slots, slots);
    emit(t, 0); // the frame's size, when it is known
    open_label(t, 0);
    region_begin(t);
}

static void interp_begin(Translator *t, WalkState *w)
{
    walk_flatten_locals(w);
    start(t, w->locals, w->local_count, w->type->param_slots);
}

static Type type_of_val(u8 val) { return (Type)val; } // VAL_ and TYPE_ number the same types alike

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

// i32.add and i32.sub of a constant: it waits until somebody needs the sum, who may have a use for both.
static bool delay_add(Translator *t, Op op, const Operand *a, const Operand *b)
{
    if ((op != OP_i32_add && op != OP_i32_sub) || b->at != AT_const || a->at == AT_const) return false;
    u32 add = a->add + (op == OP_i32_add ? (u32)b->bits : 0 - (u32)b->bits);
    if (a->at == AT_local) push_local(t, TYPE_i32, a->slot);
    else push(t, TYPE_i32);
    t->operands[t->operand_count - 1].add = add;
    t->last = NONE;
    return true;
}

static void interp_pure(Translator *t, WalkState *w, Op op)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    if (op_info[op].effects & TRAPS) mark(t, w);
    Type result = type_of_val(sig->results[0]);
    u32 at;
    if (sig->param_count == 1) {
        Operand a = pop(t);
        u32 slot = slot_of(t, &a);
        at = emit_abc(t, iop_of[op], next_home(t), slot, 0);
        push_result(t, result, at);
        return;
    }
    Operand b = pop(t), a = pop(t);
    if (a.at == AT_const && b.at != AT_const && commutes(op)) {
        Operand first = a;
        a = b;
        a.home = first.home; // where the result goes, and a sum that must be made; its value stays where it was
        if (b.at == AT_home) { // not in that home
            u32 slot = slot_of(t, &b);
            at = emit_abc(t, iop_of[op] + 1, next_home(t), slot, 0);
            emit(t, first.bits);
            push_result(t, result, at);
            return;
        }
        b = first;
    }
    if (delay_add(t, op, &a, &b)) return;
    if (b.at == AT_const) {
        u32 slot = slot_of(t, &a);
        at = emit_abc(t, iop_of[op] + 1, next_home(t), slot, 0);
        emit(t, b.bits);
    } else if (a.at == AT_const) {
        u32 slot = slot_of(t, &b);
        at = emit_abc(t, iop_of[op] + 2, next_home(t), slot, 0);
        emit(t, a.bits);
    } else {
        u32 slot = slot_of(t, &a), other = slot_of(t, &b);
        at = emit_abc(t, iop_of[op], next_home(t), slot, other);
    }
    push_result(t, result, at);
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
    mark(t, w);
    Operand a = pop(t);
    u32 at, dst = next_home(t);
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
    push_result(t, type_of_val(sig_info[op_info[op].sig].results[0]), at);
}

// Something this tier cannot run yet: it traps here, and what it would leave is taken as home.
static void emit_unsupported(Translator *t, WalkState *w)
{
    mark(t, w);
    settle(t);
    emit_imm(t, IOP_trap, 0, TRAP_not_executable);
    u32 same = MIN(t->operand_count, w->operand_count);
    while (same && t->operands[same - 1].type != w->operands[same - 1]) same--;
    truncate_to(t, same);
    push_types(t, w->operands + same, w->operand_count - same);
}

static void interp_store(Translator *t, WalkState *w, Op op, const Imm *imm)
{
    if (!iop_of[op]) {
        emit_unsupported(t, w);
        return;
    }
    mark(t, w);
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
        emit_abc(t, iop_of[op] + (narrow ? ACCESS_r : ACCESS_x), address, from, narrow ? (u32)imm->offset : 0);
        if (!narrow) emit_address(t, imm);
    }
}

static void interp_vector(Translator *t, WalkState *w, Op op) { emit_unsupported(t, w); }
static void interp_lane(Translator *t, WalkState *w, Op op, const Imm *imm) { emit_unsupported(t, w); }
static void interp_vload(Translator *t, WalkState *w, Op op, const Imm *imm) { emit_unsupported(t, w); }
static void interp_load_lane(Translator *t, WalkState *w, Op op, const Imm *imm) { emit_unsupported(t, w); }
static void interp_store_lane(Translator *t, WalkState *w, Op op, const Imm *imm) { emit_unsupported(t, w); }
static void interp_atomic(Translator *t, WalkState *w, Op op, const Imm *imm) { emit_unsupported(t, w); }

// --- hooks: control

static void interp_unreachable(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    emit_imm(t, IOP_trap, 0, TRAP_unreachable);
}

static void interp_nop(Translator *t, WalkState *w, const Imm *imm) {}

static void interp_block(Translator *t, WalkState *w, const Imm *imm) { open_label(t, imm->frame->param_count); }

static void interp_loop(Translator *t, WalkState *w, const Imm *imm)
{
    Label *l = open_label(t, imm->frame->param_count);
    region_end(t);
    l->target = t->count;
    t->last = t->stepped = NONE;
    region_begin(t);
}

static void interp_if(Translator *t, WalkState *w, const Imm *imm)
{
    // What is below must be home on both sides, and the condition may be a comparison just made.
    u32 last = t->last;
    bool unsettled = false;
    for (u32 i = t->settled; i + 1 < t->operand_count && !unsettled; i++) unsettled = !is_home(&t->operands[i]);
    if (unsettled) {
        // Copies go before the comparison's slot is read: keep the comparison as it is.
        settle(t);
        last = NONE;
    }
    t->last = last;
    bool upper;
    u32 otherwise = NONE, site = emit_condition(t, true, &upper);
    link_site(t, &otherwise, site, upper);
    open_label(t, imm->frame->param_count)->otherwise = otherwise;
    region_begin(t);
}

static void end_of_code(Translator *t, const Imm *imm)
{
    // Falling through leaves the values in their homes, which are the label's.
    if (imm->falls) settle(t);
}

static void interp_else(Translator *t, WalkState *w, const Imm *imm)
{
    end_of_code(t, imm);
    Label *l = label_of(t, 0);
    if (imm->falls) link_site(t, &l->sites, emit_imm(t, IOP_br, 0, 0), true);
    bind_chain(t, l->otherwise);
    l->otherwise = NONE;
    truncate_to(t, l->base);
    push_types(t, imm->frame->params, imm->frame->param_count);
    region_begin(t);
}

static void emit_return(Translator *t, const Type *types, u32 count)
{
    u32 slots = slots_of(types, count);
    if (slots == 0) {
        emit_imm(t, IOP_return_0, 0, 0);
    } else if (slots == 1) {
        const Operand *o = &t->operands[t->operand_count - 1];
        if (o->at == AT_const || o->add) settle_top(t, 1);
        emit_imm(t, IOP_return_1, source_slot(o), 0);
    } else {
        settle_top(t, count);
        emit_imm(t, IOP_return_n, t->operands[t->operand_count - count].home, slots);
    }
}

static void interp_end(Translator *t, WalkState *w, const Imm *imm)
{
    Label *l = label_of(t, 0);
    const WalkFrame *f = imm->frame;
    if (t->label_count == 1) { // of the body; branches to it are returns
        if (imm->falls) emit_return(t, f->results, f->result_count);
        region_end(t);
        t->label_count--;
        return;
    }
    end_of_code(t, imm);
    bind_chain(t, l->otherwise); // an if without else
    bind_chain(t, l->sites);
    truncate_to(t, l->base);
    push_types(t, f->results, f->result_count);
    t->label_count--;
    region_begin(t);
}

// A branch to the body's own label is a return.
static bool is_body(const Translator *t, u32 depth) { return depth + 1 == t->label_count; }

static void interp_br(Translator *t, WalkState *w, const Imm *imm)
{
    u32 count = walk_label_count(imm->frame);
    if (is_body(t, imm->index)) emit_return(t, imm->frame->results, count);
    else emit_br(t, label_of(t, imm->index), count, walk_label_types(imm->frame));
}

// After a conditional instruction's condition was emitted with its sense turned: the branch itself.
static void emit_taken(Translator *t, const Imm *imm, u32 site, bool upper)
{
    u32 skip = NONE, count = walk_label_count(imm->frame);
    link_site(t, &skip, site, upper);
    if (is_body(t, imm->index)) {
        emit_return(t, imm->frame->results, count);
    } else {
        emit_moves(t, label_of(t, imm->index), count, walk_label_types(imm->frame));
        branch_site(t, label_of(t, imm->index), emit_imm(t, IOP_br, 0, 0), true);
    }
    bind_chain(t, skip);
}

// Brings the values of a conditional branch home before its condition, on top of them, is tested; a
// comparison that made the condition can still be fused when nothing had to move.
static void settle_below_condition(Translator *t, u32 count)
{
    u32 last = t->last, before = t->count;
    Operand c = pop(t);
    settle_top(t, count);
    if (c.at == AT_local) {
        push_local(t, c.type, c.slot);
    } else {
        Operand *o = push(t, c.type);
        o->at = c.at;
        o->bits = c.bits;
    }
    t->operands[t->operand_count - 1].add = c.add;
    t->last = t->count == before ? last : NONE;
}

static void interp_br_if(Translator *t, WalkState *w, const Imm *imm)
{
    u32 count = walk_label_count(imm->frame);
    Label *l = label_of(t, imm->index);
    settle_below_condition(t, count);
    const Operand *first = &t->operands[t->operand_count - 1 - count];
    bool direct = !is_body(t, imm->index) && (!count || first->home == l->home), upper;
    u32 site = emit_condition(t, !direct, &upper);
    if (direct) branch_site(t, l, site, upper);
    else emit_taken(t, imm, site, upper);
    region_begin(t);
}

static void interp_br_table(Translator *t, WalkState *w, const Imm *imm)
{
    u32 count = walk_label_count(walk_frame(w, imm->labels[0])); // the same for all
    settle(t);
    Operand index = pop(t);
    u32 slot = slot_of(t, &index);
    u32 table = emit_imm(t, IOP_br_table, slot, imm->label_count - 1);
    for (u32 i = 0; i < imm->label_count; i++) emit(t, 0);
    for (u32 i = 0; i < imm->label_count; i++) {
        u32 depth = imm->labels[i], site = table + 1 + i;
        Label *l = label_of(t, depth);
        if (!is_body(t, depth) && in_place(t, l, count)) {
            branch_site(t, l, site, false);
            continue;
        }
        if (l->table != table) { // one piece of code per target, however often it is named
            l->table = table;
            l->trampoline = t->count;
            const WalkFrame *f = walk_frame(w, depth);
            if (is_body(t, depth)) {
                emit_return(t, f->results, count);
            } else {
                emit_moves(t, l, count, walk_label_types(f));
                branch_site(t, l, emit_imm(t, IOP_br, 0, 0), true);
            }
        }
        set_distance(t, site, false, l->trampoline - site);
    }
}

static void interp_return(Translator *t, WalkState *w, const Imm *imm)
{
    emit_return(t, w->type->results, w->type->result_count);
}

static void interp_br_on_null(Translator *t, WalkState *w, const Imm *imm)
{
    settle(t);
    Operand ref = pop(t);
    u32 count = walk_label_count(imm->frame);
    Label *l = label_of(t, imm->index);
    if (!is_body(t, imm->index) && in_place(t, l, count)) {
        branch_site(t, l, emit_imm(t, IOP_br_null, ref.home, 0), true);
    } else {
        emit_taken(t, imm, emit_imm(t, IOP_br_non_null, ref.home, 0), true);
    }
    push(t, w->operands[w->operand_count - 1])->at = AT_home;
    t->settled = t->operand_count;
    region_begin(t);
}

static void interp_br_on_non_null(Translator *t, WalkState *w, const Imm *imm)
{
    settle(t);
    u32 count = walk_label_count(imm->frame); // the reference among them
    Label *l = label_of(t, imm->index);
    u32 home = t->operands[t->operand_count - 1].home;
    if (!is_body(t, imm->index) && in_place(t, l, count)) {
        branch_site(t, l, emit_imm(t, IOP_br_non_null, home, 0), true);
    } else {
        emit_taken(t, imm, emit_imm(t, IOP_br_null, home, 0), true);
    }
    pop(t);
    region_begin(t);
}

// --- hooks: calls

// Everything goes home: arguments are where the callee's frame will start, the rest is readable by slot.
static u32 settle_call(Translator *t, const TypeDef *type)
{
    settle(t);
    u32 base = t->operand_count - type->param_count;
    u32 first = type->param_count ? t->operands[base].home : next_home(t);
    truncate_to(t, base);
    return first;
}

static void interp_call(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    u32 first = settle_call(t, imm->def), imported = w->m->imported_funcs;
    if (imm->index < imported) emit_imm(t, IOP_call_import, first, imm->index);
    else emit_imm(t, IOP_call, first, imm->index - imported);
    push_types(t, imm->def->results, imm->def->result_count);
}

static u32 pop_settled(Translator *t)
{
    settle(t);
    return pop(t).home;
}

static u64 type_and_table(const Imm *imm) { return (u64)imm->index2 << 32 | imm->type_id; }

static void interp_call_indirect(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    Operand index = pop(t);
    u32 slot = slot_of(t, &index), first = settle_call(t, imm->def);
    emit_abc(t, IOP_call_indirect, first, slot, 0);
    emit(t, type_and_table(imm));
    push_types(t, imm->def->results, imm->def->result_count);
}

static void interp_call_ref(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    u32 slot = pop_settled(t), first = settle_call(t, imm->def);
    emit_abc(t, IOP_call_ref, first, slot, 0);
    push_types(t, imm->def->results, imm->def->result_count);
}

static void interp_return_call(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    emit_imm(t, IOP_return_call, settle_call(t, imm->def), imm->index);
    emit(t, imm->def->param_slots);
}

static void interp_return_call_indirect(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    u32 slot = pop_settled(t), first = settle_call(t, imm->def);
    emit_abc(t, IOP_return_call_indirect, first, slot, 0);
    emit(t, imm->def->param_slots);
    emit(t, type_and_table(imm));
}

static void interp_return_call_ref(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    u32 slot = pop_settled(t), first = settle_call(t, imm->def);
    emit_abc(t, IOP_return_call_ref, first, slot, 0);
    emit(t, imm->def->param_slots);
}

// --- hooks: values

static void interp_drop(Translator *t, WalkState *w, const Imm *imm)
{
    pop(t);
    t->last = NONE;
}

static void interp_select(Translator *t, WalkState *w, const Imm *imm)
{
    Operand c = pop(t), b = pop(t), a = pop(t);
    u32 condition = slot_of(t, &c), second = slot_of(t, &b), first = slot_of(t, &a);
    bool wide = type_slots(imm->type) == 2;
    u32 at = emit_abc(t, wide ? IOP_select_2 : IOP_select, next_home(t), first, second);
    emit(t, condition);
    push(t, w->operands[w->operand_count - 1]);
    t->last = wide ? NONE : at;
}

static void interp_select_t(Translator *t, WalkState *w, const Imm *imm) { interp_select(t, w, imm); }

static void interp_local_get(Translator *t, WalkState *w, const Imm *imm)
{
    push_local(t, w->operands[w->operand_count - 1], t->local_slot[imm->index]);
    t->last = NONE;
}

// Takes the top operand into the local; tells whether it was produced straight into it.
static bool set_local(Translator *t, u32 local)
{
    u32 slot = t->local_slot[local], last = t->last;
    Operand o = pop(t);
    bool retarget = is_home(&o) && last != NONE && t->pending[slot] == NONE && type_slots(o.type) == 1 &&
                    (u16)(t->code[last] >> 16) == o.home;
    if (retarget) {
        t->code[last] = (t->code[last] & ~((u64)0xffff << 16)) | (u64)slot << 16;
    } else {
        preserve(t, slot);
        move_to(t, &o, slot);
        if (o.add) t->stepped = t->count - 2;
    }
    t->last = NONE;
    return retarget;
}

static void interp_local_set(Translator *t, WalkState *w, const Imm *imm) { set_local(t, imm->index); }

static void interp_local_tee(Translator *t, WalkState *w, const Imm *imm)
{
    Operand before = t->operands[t->operand_count - 1];
    Type type = w->operands[w->operand_count - 1];
    if (set_local(t, imm->index) || !is_home(&before)) push_local(t, type, t->local_slot[imm->index]);
    else push(t, type);
    t->last = NONE;
}

static void interp_global_get(Translator *t, WalkState *w, const Imm *imm)
{
    bool wide = type_slots(imm->type) == 2;
    u32 at = emit_imm(t, wide ? IOP_global_get_2 : IOP_global_get, next_home(t), imm->index);
    push(t, imm->type);
    t->last = wide ? NONE : at;
}

static void interp_global_set(Translator *t, WalkState *w, const Imm *imm)
{
    Operand o = pop(t);
    u32 slot = slot_of(t, &o);
    emit_imm(t, type_slots(imm->type) == 2 ? IOP_global_set_2 : IOP_global_set, slot, imm->index);
}

static void push_const(Translator *t, Type type, u64 bits)
{
    Operand *o = push(t, type);
    o->at = AT_const;
    o->bits = bits;
    t->last = NONE;
}

static void interp_i32_const(Translator *t, WalkState *w, const Imm *imm) { push_const(t, TYPE_i32, imm->bits); }
static void interp_i64_const(Translator *t, WalkState *w, const Imm *imm) { push_const(t, TYPE_i64, imm->bits); }
static void interp_f32_const(Translator *t, WalkState *w, const Imm *imm) { push_const(t, TYPE_f32, imm->bits); }
static void interp_f64_const(Translator *t, WalkState *w, const Imm *imm) { push_const(t, TYPE_f64, imm->bits); }

static void interp_ref_null(Translator *t, WalkState *w, const Imm *imm) { push_const(t, imm->type, REF_NULL); }

static void interp_ref_func(Translator *t, WalkState *w, const Imm *imm)
{
    u32 at = emit_imm(t, IOP_ref_func, next_home(t), imm->index);
    push_result(t, w->operands[w->operand_count - 1], at);
}

static void interp_ref_is_null(Translator *t, WalkState *w, const Imm *imm)
{
    Operand a = pop(t);
    u32 slot = slot_of(t, &a);
    push_result(t, TYPE_i32, emit_abc(t, IOP_ref_is_null, next_home(t), slot, 0));
}

static void interp_ref_eq(Translator *t, WalkState *w, const Imm *imm)
{
    Operand b = pop(t), a = pop(t);
    u32 first = slot_of(t, &a), second = slot_of(t, &b);
    push_result(t, TYPE_i32, emit_abc(t, IOP_ref_eq, next_home(t), first, second));
}

static void interp_ref_as_non_null(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    u32 home = pop_settled(t);
    emit_imm(t, IOP_ref_as_non_null, home, 0);
    push_types(t, &w->operands[w->operand_count - 1], 1);
}

// --- hooks: tables, memories, and others whose operands stand in a row

// Emits `op` with `count` operands home in a row, then the word; pushes what the walk says it leaves.
static void emit_row(Translator *t, WalkState *w, Iop op, u32 count, u64 word)
{
    mark(t, w);
    settle(t);
    u32 base = t->operand_count - count;
    truncate_to(t, base);
    emit_imm(t, op, next_home(t), 0);
    emit(t, word);
    push_types(t, w->operands + base, w->operand_count - base);
}

static u64 two(u32 high, u32 low) { return (u64)high << 32 | low; }

static void interp_table_get(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    Operand i = pop(t);
    u32 slot = slot_of(t, &i), at = emit_abc(t, IOP_table_get, next_home(t), slot, 0);
    emit(t, imm->index);
    push_result(t, w->operands[w->operand_count - 1], at);
}
static void interp_table_set(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_table_set, 2, imm->index); }
static void interp_table_init(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_table_init, 3, two(imm->index2, imm->index)); }
static void interp_elem_drop(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_elem_drop, 0, imm->index); }
static void interp_table_copy(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_table_copy, 3, two(imm->index2, imm->index)); }
static void interp_table_grow(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_table_grow, 2, imm->index); }
static void interp_table_size(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_table_size, 0, imm->index); }
static void interp_table_fill(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_table_fill, 3, imm->index); }
static void interp_memory_size(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_memory_size, 0, imm->index); }
static void interp_memory_grow(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_memory_grow, 1, imm->index); }
static void interp_memory_init(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_memory_init, 3, two(imm->index2, imm->index)); }
static void interp_data_drop(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_data_drop, 0, imm->index); }
static void interp_memory_copy(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_memory_copy, 3, two(imm->index2, imm->index)); }
static void interp_memory_fill(Translator *t, WalkState *w, const Imm *imm) { emit_row(t, w, IOP_memory_fill, 3, imm->index); }

static void emit_wide(Translator *t, WalkState *w, Iop op, u32 count)
{
    settle(t);
    truncate_to(t, t->operand_count - count);
    emit_imm(t, op, next_home(t), 0);
    push_types(t, (const Type[]){TYPE_i64, TYPE_i64}, 2);
}
static void interp_i64_add128(Translator *t, WalkState *w, const Imm *imm) { emit_wide(t, w, IOP_i64_add128, 4); }
static void interp_i64_sub128(Translator *t, WalkState *w, const Imm *imm) { emit_wide(t, w, IOP_i64_sub128, 4); }
static void interp_i64_mul_wide_s(Translator *t, WalkState *w, const Imm *imm) { emit_wide(t, w, IOP_i64_mul_wide_s, 2); }
static void interp_i64_mul_wide_u(Translator *t, WalkState *w, const Imm *imm) { emit_wide(t, w, IOP_i64_mul_wide_u, 2); }

// --- hooks: what does not run here yet

#define LATER(row)                                                                                 \
    static void interp_##row(Translator *t, WalkState *w, const Imm *imm) { emit_unsupported(t, w); }
#include "interp/later.def"

// These open a label of their own, which code behind the trap still ends.
static void open_unsupported(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    settle(t);
    emit_imm(t, IOP_trap, 0, TRAP_not_executable);
    open_label(t, imm->frame->param_count);
}
static void interp_try_table(Translator *t, WalkState *w, const Imm *imm) { open_unsupported(t, w, imm); }
static void interp_try(Translator *t, WalkState *w, const Imm *imm) { open_unsupported(t, w, imm); }

static void next_clause(Translator *t, WalkState *w, const Imm *imm)
{
    Label *l = label_of(t, 0);
    if (imm->falls) {
        settle(t);
        link_site(t, &l->sites, emit_imm(t, IOP_br, 0, 0), true);
    }
    truncate_to(t, l->base);
    push_types(t, w->operands + l->base, w->operand_count - l->base);
}
static void interp_catch(Translator *t, WalkState *w, const Imm *imm) { next_clause(t, w, imm); }
static void interp_catch_all(Translator *t, WalkState *w, const Imm *imm) { next_clause(t, w, imm); }
static void interp_delegate(Translator *t, WalkState *w, const Imm *imm) { interp_end(t, w, imm); }

#define WALK_EACH(t) ((t)->region++)
#define WALK_NAME interp
#define WALK_CONTEXT Translator
#include "valid/walk.h"

// --- entry points

// Translates a function, or with DIAG_NO_FUNC an expression. *code stays in `scratch`.
static Trap translate(Exec *x, const Instance *inst, u32 func, Range expr, Type type, Arena *scratch, InterpCode *code)
{
    jmp_buf failed;
    scratch->on_failure = &failed;
    if (setjmp(failed)) return exec_trap(x, TRAP_out_of_memory, "while translating function %u", func);
    Diag diag;
    diag_init(&diag);
    Translator t = {.arena = scratch, .last = NONE, .stepped = NONE, .charge = NONE, .fueled = x->fueled};
    buf_init(&t.map, scratch);
    WalkState w;
    walk_init(&w, inst->module, scratch, &diag);
    w.globals = inst->module->global_count;
    bool good;
    if (func != DIAG_NO_FUNC) {
        good = interp_walk_func(&t, &w, func);
    } else {
        start(&t, NULL, 0, 0);
        good = interp_walk_expr(&t, &w, expr, type);
    }
    if (!good) return exec_trap(x, TRAP_not_executable, "%s", err_text[diag.err]); // it was never validated
    if (t.trap) return exec_trap(x, t.trap, "function %u needs more than %d slots", func, INTERP_FRAME_SLOTS_MAX);
    t.code[t.enter + 1] = t.frame_slots + sizeof(Record) / 8;
    *code = (InterpCode){t.code, t.count, t.local_slots, t.frame_slots, t.map.data, (u32)t.map.len};
    return TRAP_none;
}

// Moves what was translated from scratch memory into the store. NULL: out of memory.
static InterpCode *keep(Store *store, const InterpCode *from)
{
    InterpCode *code = store_alloc(store, 1, sizeof *code);
    u64 *words = store_alloc(store, from->count, sizeof *words);
    u8 *map = store_alloc(store, from->map_len, 1);
    if (!code || !words || !map) return NULL;
    *code = *from;
    code->code = memcpy(words, from->code, (size_t)from->count * sizeof *words);
    code->map = from->map_len ? memcpy(map, from->map, from->map_len) : map;
    return code;
}

Trap interp_translate(Exec *x, Func *func)
{
    Arena scratch;
    InterpCode code;
    arena_init(&scratch);
    Trap trap = translate(x, func->instance, func->index, (Range){0, 0}, 0, &scratch, &code);
    InterpCode *kept = trap ? NULL : keep(x->store, &code);
    arena_free(&scratch);
    if (trap) return trap;
    if (!kept) return exec_trap(x, TRAP_out_of_memory, "while translating function %u", func->index);
    func->code = kept;
    func->entry = kept->code;
    return TRAP_none;
}

Trap interp_translate_expr(Exec *x, const Instance *inst, Range expr, Type type, Arena *scratch, InterpCode *code)
{
    return translate(x, inst, DIAG_NO_FUNC, expr, type, scratch, code);
}
