// image.h -- what the compiler knows while it walks: where each operand and local is, and which
// registers hold what.
//
//     locals                operands (homes)
//     | 0 | 1 | ... | L-1 | L | L+1 | ...        slots of the frame; a v128 takes two
//
// An operand has a home slot, and may for now be somewhere else: in a register, in a local that was
// read but not copied, a constant, or a condition that is still in the processor's flags. Within a
// loop some locals live in registers (labels.h): each is in its register or at home, never
// elsewhere. Everything else is home at labels and calls.
//
// Invariants: an operand that stands for a local is copied before the local changes; an i32 in a
// register is zero-extended; what is locked is not taken from its register; flags are used by the
// instruction right behind, and until then only moves are emitted.
//
// Time: as the translator's image (interp/translate/image.h): a constant for each instruction, and
// what it brings home.
//
// Included by compile.c alone, like all of jit/ but runtime and the assembler.
#pragma once

#include "base/leb.h"
#include "jit/jit.h"
#include "jit/listing.h"
#include "jit/x64/asm.h"
#include "run/native.h"
#include "valid/notes.h"
#include "valid/walk_core.h"

#include <assert.h>
#include <string.h>

#define NONE UINT32_MAX

typedef enum { AT_home, AT_local, AT_const, AT_reg, AT_flags } At;

typedef struct {
    u32 home;  // slot
    u8 slots;  // that it takes
    u8 at;
    Type type;
    Reg reg;   // AT_reg
    u8 flags;  // AT_flags: the condition that makes it 1
    u32 local; // AT_local
    u32 older; // AT_local: the next older operand that stands for the same local
    u64 bits;  // AT_const
    u64 high;  // likewise, of a vector: its upper half
} Operand;

typedef enum { CLASS_int, CLASS_float } Class;

typedef struct {
    u32 slot;
    Type type;
    u32 pending; // the newest operand that stands for it, or NONE
    Reg reg;     // where it lives now; REG_NONE: at home
    Reg copy;    // of one that is at home: a register that holds the same; or REG_NONE
} Local;

enum { RESIDENTS_MOST = 16 };

// What a list of types takes.
typedef struct {
    const Type *types;
    u32 slots;
} ListSlots;

// The locals that live in registers in a loop. Shared by all labels inside of it but those of inner
// loops.
typedef struct {
    u32 count;
    u32 assigned;    // in the loop: bits by number
    u32 narrow;      // registers that are zero-extended: bits
    struct { u32 local; Reg reg; } at[RESIDENTS_MOST];
} Residents;

static u32 all_of(const Residents *of) { return (1u << of->count) - 1; }

typedef struct {
    u32 home;         // slot of its first value
    u32 count, slots; // of what a branch carries
    u32 place;        // number in Jit.places
    u32 otherwise;    // if: that of its else part, or NONE
    bool loop;
    u32 table, piece; // br_table: the place that leads there, for the table of that number
    const Residents *residents; // at a branch to it
    const Residents *outside;   // loops: of the code around
    u32 guard;        // the innermost of the code inside, or NONE
    u32 own;          // the guard that this label opened, or NONE
    u32 clause;       // legacy: the newest clause's words, or NONE
    u32 caught;       // legacy, in a clause: the slot where the exception is kept
} Label;

// Where code may be entered from elsewhere.
typedef struct {
    u32 at;           // NONE: not yet known
    u32 zext;         // registers that are zero-extended there: bits
    bool resume;      // nothing is known there: the runtime may enter it too
    bool entry;       // of a loop, for the interpreter
    bool used;        // by a branch
    bool late;        // it is an outline: rare, and goes back to where it came from
    bool away;        // r11 is a Func there
} Place;

// A branch in the code, to be filled in when all places are known.
typedef struct { u32 field, place; } Jump; // field: JUMP_SHORT for one of a byte
enum { JUMP_SHORT = 1u << 31 };

// A table of br_table: distances from it, behind all code.
typedef struct {
    u32 field;        // of the instruction that has its address
    u32 first, count; // entries, in Jit.entries
    u32 at;           // where it is, in the end
} JumpTable;

// Words behind all code, and where an instruction has the distance to them; `behind`: bytes of it
// that follow.
typedef struct { u32 field, number, behind; } ConstantUse;
enum { CONSTANTS_KNOWN = 64 };

// Which residents are in their registers, and which of those have changed since: bits by number.
typedef struct {
    const Residents *of;
    u32 valid, dirty;
} ResidentState;

// Code that is rare stands behind all other, and what is needed to make it is kept until then.
typedef enum {
    LATE_trap,          // number: the trap
    LATE_overflow,      // number: the kind of site
    LATE_entry_poll,    // likewise; goes back
    LATE_loop_poll,     // goes back, with residents as they were
    LATE_fuel,          // number: units; goes back to in front of the charge
    LATE_loop_entry,    // enters, with residents as in `to`
    LATE_edge,          // moves residents for a branch to the place, or a clause (valid: none)
    // finds a callee in C, by the numbers of type and table, or no type by a reference; behind that
    // place `far`: calls the Func that was found, with the frame moved
    LATE_callee,
    LATE_trunc,         // of a float what no integer is; number, other: lower_float.h's
    LATE_return,        // of a clause, whose values, `other` slots, are at slot `number`
    // asks C about a cast to the type `number`, or makes an object by `slow` with `number` and
    // `other`: the reference is in `reg`, operands are from slot `home` on. See x64/lower_object.h
    LATE_cast,
    LATE_new,
    LATE_log,           // tells the collector, and stores a value into the object in `reg`
    LATE_moves,         // of a graph: brings values where the block wants them; number: which list,
                        // other: registers that are zero-extended
    LATE_graph_poll,    // of a graph's loop; number: the block
    LATE_graph_fuel,    // of a graph: number: units
} LateKind;

typedef struct {
    u8 kind;
    bool tail;          // LATE_callee: of a tail call
    bool clause;        // LATE_edge, LATE_return: of a clause
    u32 guard;          // LATE_callee: the innermost
    u32 far, moved;     // likewise
    u32 place;          // where this stands
    u32 back;           // place where it goes on
    u32 offset, taken;  // in the module; as in Jit
    u32 number, other;
    u32 state;          // of a graph: what is to be home; 0: nothing is
    ResidentState from; // LATE_edge: what holds where it begins; others: what is to be kept,
    u32 copies, unsaved; // and copies of locals, as in Jit (unsaved: which slots do not have yet),
    const u32 *copy_of; // by which of those bits it is
    const Residents *to;
    // LATE_cast, LATE_new
    u32 home;
    Reg reg, flag;      // flag: says what was found, and it goes on at `yes`; or REG_NONE
    u32 yes;            // else there, or `back`
    u32 slow;
    const struct NewValue *values; // to be brought home
    u32 count;
    // LATE_log: the item's number, or REG_NONE: `number`; the value, or REG_NONE: `constant`
    Reg index, value;
    s32 constant;
    Mem stored_to;
} Late;

typedef struct {
    Arena *arena;        // scratch
    ModuleCode *code;
    const Module *m;
    u32 func;
    u32 start;           // of its body, in the module
    Asm a;
    u64 limit;           // bytes of code for this function
    u32 code_size;       // without tables
    u32 at;              // of the instruction at hand, in the module
    u32 site_taken;      // of a graph: of which function that was taken in, as Site has it
    Type taken[3];       // of one on objects: what it takes, newest first
    Halt halt;           // who is to wait for it may not have the time
    u32 look;            // at whether to go on, from this offset in the module on
    bool failed;         // it cannot be compiled
    bool stopped;        // or is not to be
    bool listed;         // somebody wants to know what each byte is for
    bool alone;          // no other function is taken in; else says whether one was, for who may
    bool *took_in;       // have less to do without
    bool optimized;      // from its graph, which
    u32 begins;          // does so at this loop; 0: as the function
    bool fueled, deterministic;
    bool guarded, faults; // accesses of memory 0 are left to guards; any access may fault

    Operand *operands;   // the newest; all below them are home
    u32 loose, operand_cap;
    u32 next_home;       // of what is pushed next
    Local *locals;
    u32 local_slots, frame_slots;

    // registers, as bits: operands are in them; the instruction at hand uses them; residents live
    // there. What is none of these is free.
    u32 held, locked, resident;
    u32 owner[REG_COUNT]; // of those that are held: which operand
    u32 copies;           // registers that hold the same as a local's slot, until they are taken
    u32 copy_of[REG_COUNT]; // which local
    ResidentState residents; // now
    u8 number_of[REG_COUNT]; // of the resident that lives in it
    // Of a graph: the address of the access at hand, or NONE, and whether there is another of it in
    // the block; and which was compared with the size of a memory last: its end is in `reg` since.
    u32 address;
    bool again;
    struct { u32 address, memory; u32 end; Reg reg; } checked;

    Label *labels;
    u32 label_count, label_cap;
    ListSlots lists[16]; // met lately, by where they are
    NoteTaker *taker;    // NULL: no loop has been met
    const LoopNotes *notes; // of the outermost loop that was met last
    u32 next_loop;       // in the notes

    Place *places;
    u32 *put;            // numbers of those that are known, by where they are
    u32 put_count, put_cap;
    u32 place_count, place_cap;
    Jump *jumps;
    u32 jump_count, jump_cap;
    Late *late;
    bool emitting_late;
    u32 late_count, late_cap;
    JumpTable *tables;
    u32 table_count, table_cap;
    u32 *entries;        // of all tables: places
    u32 entry_count, entry_cap;
    u32 *frames;         // fields that the frame's size goes into
    u32 frame_count, frame_cap;
    u64 *constants;
    u32 constant_count, constant_cap;
    ConstantUse *constant_uses;
    u32 constant_use_count, constant_use_cap;
    u32 constants_known[CONSTANTS_KNOWN]; // numbers of those met lately, by their bits
    u32 vectors_known[CONSTANTS_KNOWN];   // likewise, of two words
    NativeLoop *loops;   // their entries are places, until all are known
    u32 loop_count, loop_cap;
    u32 charge;          // field of the open region's units, or NONE
    u32 charge_late;     // and of its late piece
    u32 region;          // units of it

    u32 *relocations;    // fields that hold a distance from the region's data
    u32 relocation_count, relocation_cap;
    Buf map;
    u32 map_at, map_offset;
    SitePoint *points;
    u32 point_count, point_cap;
    size_t next_point;
    Guard *guards;
    u32 guard_count, guard_cap;
    GuardRange *ranges;
    u32 range_count, range_cap;
    u64 *clauses;
    u32 clause_count, clause_cap;
    ListingPart *parts;  // if it is listed
    u32 part_count, part_cap;
    struct Select *select; // of code from a graph (select.h), where locals are its values; or NULL
} Jit;

// ---- The code -----------------------------------------------------------------------------------

static u32 here(const Jit *j) { return (u32)(j->a.at - j->a.start); }

static u32 new_place(Jit *j)
{
    ARENA_PUSH(j->arena, j->places, j->place_count, j->place_cap) = (Place){.at = NONE};
    return j->place_count - 1;
}

// What has 32 bits is zero-extended in a register.
static bool is_narrow(Type type) { return type == TYPE_i32 || type_is_ref(type); }

static u32 zero_extended(const Jit *j, const ResidentState *s)
{
    u32 bits = s->of->narrow;
    for (u32 lost = all_of(s->of) & ~s->valid; lost; lost &= lost - 1)
        bits &= ~(1u << s->of->at[__builtin_ctz(lost)].reg);
    for (u32 held = j->held; held; held &= held - 1) {
        u32 reg = (u32)__builtin_ctz(held);
        if (is_narrow(j->operands[j->owner[reg]].type)) bits |= 1u << reg;
    }
    for (u32 copies = j->copies; copies; copies &= copies - 1) {
        u32 reg = (u32)__builtin_ctz(copies);
        if (is_narrow(j->locals[j->copy_of[reg]].type)) bits |= 1u << reg;
    }
    return bits;
}

static void put_place(Jit *j, u32 place)
{
    j->checked.reg = REG_NONE;
    j->places[place].at = here(j);
    j->places[place].zext = zero_extended(j, &j->residents);
    j->places[place].late = j->emitting_late;
    ARENA_PUSH(j->arena, j->put, j->put_count, j->put_cap) = place;
}
static u32 place_here(Jit *j)
{
    u32 place = new_place(j);
    put_place(j, place);
    return place;
}

// The field of a jump's distance, which was just emitted.
static void jumps_to(Jit *j, u32 field, u32 place)
{
    ARENA_PUSH(j->arena, j->jumps, j->jump_count, j->jump_cap) = (Jump){field, place};
}

// Of so many entries, which are not known yet. Its number.
static u32 new_table(Jit *j, u32 field, u32 count)
{
    ARENA_PUSH(j->arena, j->tables, j->table_count, j->table_cap) =
        (JumpTable){field, j->entry_count, count, NONE};
    for (u32 i = 0; i < count; i++)
        ARENA_PUSH(j->arena, j->entries, j->entry_count, j->entry_cap) = NONE;
    return j->table_count - 1;
}

static void push_word(Jit *j, u64 bits)
{
    ARENA_PUSH(j->arena, j->constants, j->constant_count, j->constant_cap) = bits;
}

static u32 constant_place(u64 bits) { return (u32)(bits * 0x9e3779b97f4a7c15 >> 58); }

static void use_words(Jit *j, u32 field, u32 number, u32 behind)
{
    ARENA_PUSH(j->arena, j->constant_uses, j->constant_use_count, j->constant_use_cap) =
        (ConstantUse){field, number, behind};
}

// The field is that of an instruction's distance to these 8 bytes, of which it may read less.
static void use_constant(Jit *j, u32 field, u64 bits)
{
    u32 *known = &j->constants_known[constant_place(bits)];
    if (*known >= j->constant_count || j->constants[*known] != bits) {
        *known = j->constant_count;
        push_word(j, bits);
    }
    use_words(j, field, *known, 0);
}

// The same of 16 bytes, which are aligned.
static void use_vector(Jit *j, u32 field, u64 low, u64 high, u32 behind)
{
    u32 *known = &j->vectors_known[constant_place(low ^ high << 1)];
    if (*known + 1 >= j->constant_count || j->constants[*known] != low ||
        j->constants[*known + 1] != high) {
        if (j->constant_count % 2) push_word(j, 0);
        *known = j->constant_count;
        push_word(j, low);
        push_word(j, high);
    }
    use_words(j, field, *known, behind);
}

// The late piece is valid until the next.
static Late *push_late(Jit *j, LateKind kind, u32 offset)
{
    Late *l = &ARENA_PUSH(j->arena, j->late, j->late_count, j->late_cap);
    *l = (Late){.kind = (u8)kind, .place = new_place(j), .back = NONE, .offset = offset,
                .taken = j->site_taken};
    return l;
}

// Sites may be marked up to the next point, and one more.
static void reach_point(Jit *j)
{
    j->next_point = j->map.len + SITE_POINT_EVERY;
    buf_reserve(&j->map, SITE_POINT_EVERY + 4 * LEB_MOST_32);
}
static SELDOM void mark_point(Jit *j)
{
    ARENA_PUSH(j->arena, j->points, j->point_count, j->point_cap) =
        (SitePoint){j->map_at, j->map_offset, (u32)j->map.len};
    reach_point(j);
}

// One or two bytes, mostly, of which there is no guessing.
static u8 *put_number(u8 *to, u32 value)
{
    if (UNLIKELY(value >= 0x4000)) return leb_put_u32(to, value);
    u32 more = value >= 0x80;
    to[0] = (u8)(value | more << 7);
    to[1] = (u8)(value >> 7);
    return to + 1 + more;
}

// A site.
static void mark_at(Jit *j, u32 at, u32 offset, SiteKind kind, u32 moved)
{
    if (UNLIKELY(j->map.len >= j->next_point)) mark_point(j);
    s32 turn = (s32)(offset - j->map_offset);
    u8 *start = j->map.data + j->map.len, *next = start;
    if (UNLIKELY(j->site_taken)) next = put_number(next, j->site_taken << 3 | SITE_taken);
    next = put_number(next, (at - j->map_at) << 3 | kind);
    next = put_number(next, (u32)turn << 1 ^ (u32)(turn >> 31));
    if (kind == SITE_call) next = put_number(next, moved);
    j->map.len += (size_t)(next - start);
    j->map_at = at;
    j->map_offset = offset;
}

// Behind the call that was emitted last.
static void mark(Jit *j, u32 offset, SiteKind kind, u32 moved)
{
    mark_at(j, here(j), offset, kind, moved);
}

// Of the instruction that comes next, which may fault: in it, where no call ends.
static void mark_ahead(Jit *j, u32 offset) { mark_at(j, here(j) + 1, offset, SITE_trap, 0); }

// What is emitted from here on is for the instruction at this offset.
static SELDOM void list_part(Jit *j, u32 offset, const char *late)
{
    ARENA_PUSH(j->arena, j->parts, j->part_count, j->part_cap) =
        (ListingPart){here(j), offset, late};
}
static ALWAYS_INLINE void begin_part(Jit *j, u32 offset, const char *late)
{
    if (UNLIKELY(j->listed)) list_part(j, offset, late);
}

// The walk is not to go on.
static void end_walk(Jit *j) { j->look = 0; }
// This function is left to the interpreter.
static void give_up(Jit *j)
{
    j->failed = true;
    end_walk(j);
}

// ---- Operands -----------------------------------------------------------------------------------

static Class class_of(Type type)
{
    return type == TYPE_f32 || type == TYPE_f64 || type == TYPE_v128 ? CLASS_float : CLASS_int;
}

// Slots up to `end` are in use. Where there are no numbers for so many, the interpreter says so.
static void reach_slot(Jit *j, u32 end)
{
    j->frame_slots = MAX(j->frame_slots, end);
    if (UNLIKELY(end > FRAME_SLOTS_MOST)) give_up(j);
}

// What is not set is not looked at.
static ALWAYS_INLINE Operand *push(Jit *j, Type type, At at)
{
    u32 home = j->next_home, slots = type_slots(type);
    j->next_home = home + slots;
    reach_slot(j, j->next_home);
    Operand *o = &ARENA_PUSH(j->arena, j->operands, j->loose, j->operand_cap);
    o->home = home;
    o->slots = (u8)slots;
    o->at = (u8)at;
    o->type = type;
    return o;
}

static void push_reg(Jit *j, Type type, Reg reg)
{
    Operand *o = push(j, type, AT_reg);
    o->reg = reg;
    j->owner[reg] = j->loose - 1;
    j->held |= 1u << reg;
}

static void push_const(Jit *j, Type type, u64 bits)
{
    Operand *o = push(j, type, AT_const);
    o->bits = bits;
}

static void push_vector_const(Jit *j, u64 low, u64 high)
{
    push_const(j, TYPE_v128, low);
    j->operands[j->loose - 1].high = high;
}

static void push_same_const(Jit *j, const Operand *o)
{
    push_const(j, o->type, o->bits);
    j->operands[j->loose - 1].high = o->high;
}

static void push_flags(Jit *j, u8 condition)
{
    Operand *o = push(j, TYPE_i32, AT_flags);
    o->flags = condition;
}

static void push_local(Jit *j, u32 local)
{
    Operand *o = push(j, j->locals[local].type, AT_local);
    o->local = local;
    o->older = j->locals[local].pending;
    j->locals[local].pending = j->loose - 1;
}

// A register that a popped operand is in stays locked until the instruction is done. It is copied
// field by field: what was just written in pieces and is read as a whole has to be waited for.
static Operand pop_of(Jit *j, Type type)
{
    u32 slots = type_slots(type);
    Operand o = {.home = j->next_home - slots, .slots = (u8)slots, .type = type};
    if (j->loose) {
        const Operand *from = &j->operands[--j->loose];
        o.home = from->home;
        o.type = from->type;
        o.at = from->at;
        assert(from->slots == slots);
        switch ((At)o.at) {
        case AT_home: break;
        case AT_local:
            o.local = from->local;
            j->locals[o.local].pending = from->older;
            break;
        case AT_const:
            o.bits = from->bits;
            if (slots > 1) o.high = from->high;
            break;
        case AT_reg:
            o.reg = from->reg;
            j->held &= ~(1u << o.reg);
            j->locked |= 1u << o.reg;
            break;
        case AT_flags: o.flags = from->flags; break;
        }
    }
    j->next_home = o.home;
    return o;
}
