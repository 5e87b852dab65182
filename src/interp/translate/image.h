// image.h -- the translator: the code it emits, its image of the operand stack, and what fuel asks
// of it.
//
// An operand has a home slot, and may for now be somewhere else: in a local that was read but not
// copied, or a constant that was not stored. A constant may also wait to be added to it.
//
//     locals                operands (homes)
//     | 0 | 1 | ... | L-1 | L | L+1 | ...        a v128 takes two slots
//
// Invariants: an operand that stands for a local is copied home before the local changes;
// everything is home at labels and at safepoints, so a frame there is read by slot alone; results
// of a label are in the homes they will have behind it. A constant or copy is only made when
// somebody needs it there.
//
// Time: an instruction of the source costs a constant, and what it brings home, which it does once
// for each operand that a single instruction pushed. So of operands that are home for sure nothing
// is kept but where they end (next_home): a call or a block may leave a thousand of them with two
// bytes. Pending reads of a local are chained (Operand.older). The rest is a glance at each type of
// a block (slots_of), as the walk itself takes, and a pass over the locals. So a body takes time
// linear in its bytes and locals, and stops between two instructions when it is asked to (`look`).
//
// Included by translate.c alone, like the hooks, so that the walk's copy for the interpreter is one
// piece of code.
#pragma once

#include "interp/code.h"
#include "valid/walk_core.h"

#include <assert.h>
#include <string.h>

#define NONE UINT32_MAX

typedef enum { AT_home, AT_local, AT_const } At;

typedef struct {
    u32 home;  // slot
    u32 slots; // that it takes
    At at;
    u32 slot;  // AT_local: the local's slot
    u32 older; // AT_local: the next older operand that stands for the same local
    Iop adds;  // what adds it: of i32 or i64
    u64 add;   // AT_home, AT_local, of these types: this is still to be added to what is there
    u64 bits;  // AT_const
} Operand;

typedef struct {
    u32 home;      // slot of its first value
    u32 count, slots; // of what a branch carries
    u32 target;    // loops: index of the code to go to
    // chain of branches to its end: index of the word, in the distance field the next
    u32 sites;
    u32 otherwise; // if: the branch to the else part
    // br_table: the code that moves values for it, made for the table at this index
    u32 trampoline, table;
    u32 guard;     // the innermost guard of the code inside, or NONE
    u32 own;       // the guard that this label opened, or NONE
    u32 clause;    // legacy: the newest clause's words, or NONE
    u32 caught;    // legacy, in a clause: the slot where the exception is kept
} Label;

// What a list of types takes.
typedef struct {
    const Type *types;
    u32 slots;
} ListSlots;

typedef struct {
    Arena *arena;     // scratch
    Exec *exec;
    u32 look;         // position in the module from which on to look whether to stop
    Trap trap;        // why this body cannot run at all, or not now
    u64 *code;
    u32 count, cap;
    u32 stepped;      // the newest i32.add of a constant into a local, or NONE
    u32 newest;       // instruction
    u32 before;       // the one before it, if that may be the first of a pair; or NONE
    // the instruction that made the top operand, if its dst may still be changed; or NONE
    u32 last;
    Operand *operands; // the newest; all below them are home
    u32 loose, operand_cap; // how many
    u32 next_home;    // of what is pushed next
    ListSlots lists[16]; // met lately, by where they are
    Label *labels;
    u32 label_count, label_cap;
    u32 *pending;     // by local: newest operand that stands for it, or NONE
    u32 *local_slot;  // by local
    u32 local_slots, frame_slots;
    Guard *guards;
    u32 guard_count, guard_cap;
    GuardRange *ranges;
    u32 range_count, range_cap;
    Buf map;
    u32 map_code, map_pos; // where it ends: code, and position in the module
    MapPoint *points;
    u32 point_count, point_cap;
    size_t next_point;     // when the map is so long
    u32 looped;       // where the newest loop begins, or 0
    u32 enter;        // index of the enter instruction
    bool fueled, deterministic;
    bool counting;    // how often it is called, and goes round its loops
    bool seeing;      // whom it calls by tables and references
    CallSeen *calls;  // likewise: these, but of what is too long
    u32 call_count, call_cap;
    bool bare;        // it looks in front of every instruction, and nothing is left to be done
    u32 charge;       // the open region's charge instruction, or NONE
    u32 region;       // units of it
} Translator;

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

static u64 word_imm(Iop op, u32 dst, u32 imm)
{
    return (u64)op | (u64)(u16)dst << 16 | (u64)imm << 32;
}

// What two operations are together, or IOP_trap. `fed`: which field of the second is the dst of the
// first. See pair.def.
enum { FIELD_none, FIELD_dst, FIELD_a, FIELD_b };
static Iop pair_if_fed(Iop first, Iop second, u32 fed)
{
    switch ((u64)fed << 32 | (u32)first << 16 | (u32)second) {
#define PAIR(x, y, field)                                                                          \
    case (u64)FIELD_##field << 32 | (u32)IOP_##x << 16 | (u32)IOP_##y:                             \
        return IOP_##x##__##y##__##field;
#define PAIR_BRANCH PAIR
#include "interp/pair.def"
    default: return IOP_trap;
    }
}

static Iop pair_of(u64 first, u64 second)
{
    Iop pair = IOP_trap;
    for (u32 field = FIELD_b; field != FIELD_none && pair == IOP_trap; field--)
        if ((u16)(first >> 16) == (u16)(second >> 16 * field))
            pair = pair_if_fed((Iop)(u16)first, (Iop)(u16)second, field);
    if (pair == IOP_trap) pair = pair_if_fed((Iop)(u16)first, (Iop)(u16)second, FIELD_none);
    return pair;
}

// An instruction is about to be emitted, so the newest is final, and may be done together with the
// one before it.
static void pair_up(Translator *t)
{
    if (t->newest != t->count) { // else it is being replaced
        Iop pair = IOP_trap;
        if (t->before != NONE && !t->bare) pair = pair_of(t->code[t->before], t->code[t->newest]);
        if (pair != IOP_trap) {
            t->code[t->before] = (t->code[t->before] & ~(u64)0xffff) | pair;
            t->before = NONE;
        } else {
            t->before = t->newest;
        }
    }
    t->newest = t->count;
}

static u32 emit_word(Translator *t, u64 word)
{
    pair_up(t);
    return emit(t, word);
}

static u32 emit_abc(Translator *t, Iop op, u32 dst, u32 a, u32 b)
{
    return emit_word(t, word_abc(op, dst, a, b));
}
static u32 emit_imm(Translator *t, Iop op, u32 dst, u32 imm)
{
    return emit_word(t, word_imm(op, dst, imm));
}

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

// The state map: the code that follows is of this instruction, which is a safepoint.
static __attribute__((noinline)) void mark(Translator *t, const WalkState *w)
{
    if (UNLIKELY(t->map.len >= t->next_point)) {
        ARENA_PUSH(t->arena, t->points, t->point_count, t->point_cap) =
            (MapPoint){t->map_code, t->map_pos, (u32)t->map.len};
        t->next_point = t->map.len + MAP_POINT_EVERY;
    }
    u32 words = t->count - t->map_code, bytes = w->pos - t->map_pos;
    if (LIKELY((words | bytes) < 0x80)) {
        u8 *pair = buf_reserve(&t->map, 2);
        pair[0] = (u8)words;
        pair[1] = (u8)bytes;
        t->map.len += 2;
    } else {
        buf_leb_u(&t->map, words);
        buf_leb_u(&t->map, bytes);
    }
    t->map_code = t->count;
    t->map_pos = w->pos;
}

static void settle(Translator *t);

// Where the guest may be stopped and go on: behind what is brought home, which of a loop is where
// branches go, and not where a loop around it is, whose operands may be others.
static __attribute__((noinline)) void own_place(Translator *t)
{
    settle(t);
    if (t->looped == t->count) emit_imm(t, IOP_br, 0, 1); // to the next word
}

// Each row's mark, made here alone, but that a call's is made where its own word is, behind what
// brings its arguments home. `op` is a constant, and so is all of this but for regions, which
// nobody stops at unless they are paid for.
static inline void mark_row(Translator *t, const WalkState *w, Op op, u32 effects)
{
    Safepoint kind = effects_safepoint(op, effects);
    if (kind == SAFEPOINT_none || kind == SAFEPOINT_call ||
        (kind == SAFEPOINT_region && !(effects & TRAPS) && !t->fueled))
        return;
    bool own = kind == SAFEPOINT_loop || kind == SAFEPOINT_alloc || kind == SAFEPOINT_throw ||
               kind == SAFEPOINT_bulk;
    if (own) own_place(t);
    if (kind == SAFEPOINT_loop) t->looped = t->count;
    mark(t, w);
}

// --- operands

// Slots up to `end` are in use. Where there are no numbers for so many this body will only trap,
// and nothing more of it is translated.
static void reach_slot(Translator *t, u32 end)
{
    if (end > t->frame_slots) t->frame_slots = end;
    if (end + RECORD_SLOTS <= INTERP_FRAME_SLOTS_MAX) return;
    t->trap = TRAP_call_stack_exhausted;
    t->look = 0;
}

static Operand *push(Translator *t, Type type)
{
    u32 home = t->next_home, slots = type_slots(type);
    t->next_home = home + slots;
    reach_slot(t, t->next_home);
    Operand *o = &ARENA_PUSH(t->arena, t->operands, t->loose, t->operand_cap);
    *o = (Operand){.home = home, .slots = slots};
    return o;
}

static Operand pop_of(Translator *t, Type type)
{
    u32 slots = type_slots(type);
    Operand o = {.home = t->next_home - slots, .slots = slots};
    if (t->loose) o = t->operands[--t->loose];
    if (o.at == AT_local) t->pending[o.slot] = o.older;
    assert(o.slots == slots);
    t->next_home = o.home;
    return o;
}

// Anything but a vector.
static Operand pop(Translator *t) { return pop_of(t, TYPE_i32); }

static void push_local(Translator *t, Type type, u32 slot)
{
    Operand *o = push(t, type);
    o->at = AT_local;
    o->slot = slot;
    o->older = t->pending[slot];
    t->pending[slot] = t->loose - 1;
}

// The newest operand is what was pushed and a constant.
static void leave_to_add(Translator *t, Iop adds, u64 add)
{
    Operand *o = &t->operands[t->loose - 1];
    o->adds = adds;
    o->add = add;
}

static bool is_home(const Operand *o) { return o->at == AT_home && !o->add; }

// The slot an operand that is no constant is read from.
static u32 source_slot(const Operand *o) { return o->at == AT_local ? o->slot : o->home; }

static u32 emit_add(Translator *t, u32 dst, const Operand *o)
{
    u32 at = emit_abc(t, o->adds, dst, source_slot(o), 0);
    emit(t, o->add);
    return at;
}

static void move_to(Translator *t, const Operand *o, u32 slot)
{
    if (o->at == AT_const) emit_const(t, slot, o->bits);
    else if (o->add) emit_add(t, slot, o);
    else emit_copy(t, slot, source_slot(o), o->slots);
}

// The value of an operand that was popped, in a slot: where it is, or its home once that is made.
static u32 slot_of(Translator *t, const Operand *o)
{
    if (o->at == AT_local && !o->add) return o->slot;
    if (!is_home(o)) move_to(t, o, o->home);
    return o->home;
}

// Brings every operand home.
static void settle(Translator *t)
{
    for (u32 i = 0; i < t->loose; i++) {
        const Operand *o = &t->operands[i];
        if (is_home(o)) continue;
        move_to(t, o, o->home);
        // all others of this local come home now too
        if (o->at == AT_local) t->pending[o->slot] = NONE;
    }
    t->loose = 0;
}

// The same for the newest alone.
static void settle_newest(Translator *t)
{
    if (!t->loose) return;
    Operand *o = &t->operands[t->loose - 1];
    if (is_home(o)) return;
    move_to(t, o, o->home);
    if (o->at == AT_local) t->pending[o->slot] = o->older;
    o->at = AT_home;
    o->add = 0;
}

// Forgets all operands that have their homes at `home` or behind. Those that are not home are among
// them.
static void forget_to(Translator *t, u32 home)
{
    for (; t->loose; t->loose--) {
        const Operand *o = &t->operands[t->loose - 1];
        if (o->at == AT_local) t->pending[o->slot] = o->older;
    }
    t->next_home = home;
}

// Values that are home, as all below them are.
static void push_home(Translator *t, u32 slots)
{
    assert(!t->loose);
    t->next_home += slots;
    reach_slot(t, t->next_home);
    t->last = NONE;
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

// --- fuel
//
// A region is a straight line of source instructions, paid for where it is entered. Where regions
// begin depends on the source alone: at the body, loops, both arms of an if, behind every end and
// every conditional branch.

static void pay_units(Translator *t, u64 units) { t->region = exec_add_units(t->region, units); }

static void region_end(Translator *t)
{
    if (t->charge != NONE) t->code[t->charge] = word_imm(IOP_charge, 0, t->region);
    t->charge = NONE;
}

static void region_begin(Translator *t)
{
    if (!t->fueled) return;
    region_end(t);
    settle(t); // it is a safepoint: behind a br_if something may wait elsewhere
    t->charge = emit_imm(t, IOP_charge, 0, 0);
    t->region = 0;
}

// What moves or clears values pays for them, also where they happen to be in place already: what is
// in place in this tier may have to be moved in another.
static void pay_for(Translator *t, u32 slots) { pay_units(t, exec_value_units(slots)); }
