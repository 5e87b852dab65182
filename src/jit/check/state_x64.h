// state_x64.h -- what is known while instructions are looked at one behind the other.
//
// A fact is about a register, and lost when that is written; all are lost at calls and at labels,
// where only what the label says is known. Registers of vectors reach nothing, so nothing is known
// of them.
#pragma once

#include "jit/check/decode_x64.h"
#include "run/heap.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };
enum { CC_b = 2, CC_ae = 3, CC_ne = 5, CC_a = 7, CC_s = 8 };
#define BIT(reg) (1u << (reg))
enum { RESERVED = BIT(RBX) | BIT(RSP) | BIT(RBP) | BIT(R14) | BIT(R15) };
enum { FRAME_BIAS = 128, FRAME_SPARE = 64 }; // records that fit behind a frame that was checked

// What is done by a call of C.
typedef enum {
#define SLOW(name, ...) SLOW_##name,
#include "run/slow.def"
    SLOW_ROWS
} SlowRow;

// Structs of run/layout.def, and others that it has addresses of.
typedef enum {
    STRUCT_Exec, STRUCT_Instance, STRUCT_FuncCode, STRUCT_Func, STRUCT_Record, STRUCT_Memory,
    STRUCT_Table, STRUCT_Global, STRUCT_TypeRecord, STRUCT_Tag, STRUCT_COUNT
} Struct;

// What a register has the address of.
typedef enum {
    HOLDS_nothing,
    HOLDS_pointer,                               // and a Struct
    HOLDS_pointers = HOLDS_pointer + STRUCT_COUNT, // and a Struct
    HOLDS_types = HOLDS_pointers + STRUCT_COUNT, // of a TypeId for each type of the module
    HOLDS_memory,                                // of a memory that Checker.inside is about
    HOLDS_elems,                                 // of a table's elements, likewise
    HOLDS_heap,
    HOLDS_records,                               // of types
    HOLDS_record,                                // no address: a number of 26 bits, times 5
} Holds;
#define HOLDS_FUNC (HOLDS_pointer + STRUCT_Func)

// What a label's first branch promised; bits.
enum { OWES_poll = 1, OWES_fuel = 2, OWES_overflow = 4, LABEL_POLLS = 8 };

typedef struct {
    const CheckInput *in;
    CheckFault *fault;
    u32 at, next;      // the instruction, and what is behind it
    CheckInstr i;
    const Encoding *e;

    u32 zext, zero;    // registers
    u32 facts;         // registers that anything below is about
    u8 holds[16];
    u8 sum;            // a register that is at least so much; or CHECK_NONE
    u64 least;
    bool constant;     // r11 is `value`
    u64 value;
    u8 inside;         // a register that was compared with the size of what `inside_base` has,
    u8 inside_base;    // and is not beyond it; or CHECK_NONE
    u64 inside_least;  // it is at least so much
    u8 aligned;        // a register in which these bits are 0; or CHECK_NONE
    u8 aligned_mask;

    s32 rbp;           // distance from the frame's place
    bool dead;         // control does not come here
    u8 owes;
    u32 units;         // OWES_fuel: that were taken
    bool numbered;     // the call at hand is behind the numbers that it takes,
    u32 slow;          // of which this is the first
    bool stopped;      // there was a poll, or a call with one, and no label since
    bool outline;
    u32 origin;        // of an outline: the last place that leads there

    u8 tail[2 * DECODE_MOST]; // the last bytes of code, and what is behind it

    u32 label;         // the next one
    u32 label_at;      // its offset; UINT32_MAX: none
    u32 table;         // the next one
    u32 *first;        // by offset / LABEL_SPAN: the first label there or behind
    struct Passing *passing; // by label

    const u8 *sites;   // of the map: those that are still to come
    Site site;         // the last one
    u32 point;         // the next one,
    u32 point_from;    // and its byte of the map; UINT32_MAX: there is none
    Range body;        // of the function
} Checker;
enum { LABEL_SPAN = 32 };

struct Passing {
    u32 origin;        // the last place in front that leads there
    u32 flags;         // OWES_, LABEL_POLLS
    u32 units;         // OWES_fuel: that were taken
};
enum { PASSING_WORDS = sizeof(struct Passing) / sizeof(u32) };

static inline bool check_fail(Checker *c, const char *what)
{
    *c->fault = (CheckFault){c->at, what};
    return false;
}

static inline void forget(Checker *c, u32 registers)
{
    u32 lost = registers & c->facts;
    if (LIKELY(!lost)) return;
    c->facts &= ~lost;
    if (c->sum < 16 && lost >> c->sum & 1) c->sum = CHECK_NONE;
    if (c->inside < 16 && lost >> c->inside & 1) c->inside = CHECK_NONE;
    if (c->aligned < 16 && lost >> c->aligned & 1) c->aligned = CHECK_NONE;
    if (lost >> R11 & 1) c->constant = false;
    for (; lost; lost &= lost - 1) c->holds[__builtin_ctz(lost)] = HOLDS_nothing;
}

static inline void forget_all(Checker *c)
{
    forget(c, c->facts);
    c->zext = c->zero = 0;
}

// The registers are written with numbers of 64 bits.
static inline void write_wide(Checker *c, u32 registers)
{
    c->zext &= ~registers;
    c->zero &= ~registers;
    forget(c, registers);
}

static inline void hold(Checker *c, u32 reg, Holds what)
{
    c->holds[reg] = (u8)what;
    if (what) c->facts |= BIT(reg);
}

static inline void at_least(Checker *c, u32 reg, u64 least)
{
    c->sum = (u8)reg;
    c->least = least;
    c->facts |= BIT(reg);
}

static inline void align(Checker *c, u32 reg, u32 mask)
{
    c->aligned = (u8)reg;
    c->aligned_mask = (u8)mask;
    c->facts |= BIT(reg);
}
// Of the sum of a register and a number: what is known of the former.
static inline u32 aligned_sum(const Checker *c, u32 reg, s64 number)
{
    return c->aligned == reg && !(number & c->aligned_mask) ? c->aligned_mask : 0;
}

// rules_x64.c

// Atomic accesses: of memory, where the address is aligned.
bool check_lock(Checker *c);
// The label there, and its number; NULL: there is none.
const CheckLabel *check_label(const Checker *c, s64 offset, u32 *number);
// Control may go from here to an offset. `owes`: and makes a call before all else.
bool check_edge(Checker *c, s64 target, u32 owes);
// Through a slot, called, or jumped to; `next` is behind the instruction.
bool check_slot(Checker *c, u32 next, s32 disp, bool call);
// What a call does to what is known. `stops`: whoever is called sees whether to stop.
void check_called(Checker *c, bool stops);
const Encoding *check_decode_at(const Checker *c, u32 at, CheckInstr *out);

// places.c

// Of what the runtime is told: all but the sites, which come in the order of the code; and that
// none is left.
bool places_begin(Checker *c);
bool places_end(Checker *c);
// The next site is here, of one of these kinds (bits). NULL, or what is wrong.
const char *site_fault(Checker *c, u32 at, u32 kinds);
static inline bool check_site(Checker *c, u32 at, u32 kinds)
{
    const char *wrong = site_fault(c, at, kinds);
    return !wrong || check_fail(c, wrong);
}

// template_x64.c: each looks at what follows the instruction that c->i is, and moves c->next
// behind it. Where it is not the template, enter and leave fail, and the others change nothing.
bool template_enter(Checker *c);
bool template_leave(Checker *c);
// May the function be left here? What follows is not reached.
bool check_leave(Checker *c);
bool template_stop(Checker *c, u32 label);
bool template_sum(Checker *c, u32 reg, u64 least);
bool template_clamp(Checker *c);
bool template_element(Checker *c);
bool template_own(Checker *c);
bool template_func(Checker *c);
bool template_br_table(Checker *c);
bool template_numbers(Checker *c);
bool template_record(Checker *c);
bool template_new(Checker *c);
bool template_aligned(Checker *c);
bool template_update(Checker *c);
