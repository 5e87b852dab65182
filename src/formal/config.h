// config.h -- a configuration: a state, and instructions, held as a zipper at the redex.
//
//     FRAME_ 1 {f} (LABEL_ 1 {} val (LABEL_ 0 {} val val i32.add drop) i32.eqz)
//
//     contexts      values           what is left of its sequence
//     top
//     frame
//     label  1      val              i32.eqz
//     label  0      val val          drop
//                                    i32.add is the redex; what a rule puts in its place stands in
//                                    front of the rest, in `ahead`, until it is at the redex itself
//
// So a step touches the innermost context alone, and never copies a sequence. Values to the left of
// the redex are on one stack, on which each context has a part; the values that a rule leaves in
// the context around are where they were. Constants are values and move over without a step.
// spec: exec/runtime, configurations
#pragma once

#include "formal/code.h"

// A legacy try's handler is CONTEXT_try, within a label; what it caught is CONTEXT_caught, in its
// place. What is resumed is in a CONTEXT_prompt.
typedef enum {
    CONTEXT_top, CONTEXT_frame, CONTEXT_label, CONTEXT_handler, CONTEXT_try, CONTEXT_caught,
    CONTEXT_prompt,
} ContextKind;

typedef struct Context {
    u8 kind;
    u32 arity;               // n
    u32 height;              // where its part of the values begins
    // frame: the function that was called; prompt: the type of what is resumed
    u32 func;
    const Instr *at, *end;   // what is left of its sequence
    // label, handler, try: what it is of, in the body; NULL: all of that. caught: the part
    const Instr *block;
    union {
        const Instr *again;  // label: what it is continued with; NULL: nothing
        struct { const ImmClause *clauses; u32 clause_count; }; // handler, prompt
        struct { const Instr *part, *part_end; };               // try: what is left of its parts
        u32 exn;             // caught: its address
        struct { ModuleInst *module; u32 locals, outer; };      // frame, top: f; and the next out
    };
} Context;

enum { AHEAD_MOST = 12, VALUES_AHEAD = 16 };

typedef enum {
#define RULE(function, name) RULE_##function,
#define CONTEXT(function, name) RULE_##function,
#include "formal/rule.def"
    RULE_COUNT,
} Rule;
extern const char *const rule_text[RULE_COUNT];

// A part of the store that a step changes: so many bytes, elements or fields from that one on.
typedef enum {
    PART_global, PART_table, PART_mem, PART_elem, PART_data, PART_struct, PART_array,
    PART_exn,
    PART_cont, // all of it
} PartKind;
typedef struct { PartKind kind; u32 address; u64 from, count; } Part;

// What a turn of a configuration ended in: all is done, or it halts; or it does nothing but wait.
typedef enum { TURN_over, TURN_goes_on, TURN_waits } Turn;

// Who follows each step. All may be NULL.
typedef struct {
    void *env;
    // The redex was taken out, and nothing is changed yet. `halts` is heeded.
    void (*before)(void *env, const Config *c, const Instr *redex);
    // In front of the change, or behind it where something has grown by that part. Instances that
    // are new show by their number.
    void (*touches)(void *env, const Config *c, Part part);
    // It was done, by that rule; RULE_COUNT: there is none. `halts` is heeded.
    void (*after)(void *env, Config *c, Rule rule);
    // A sequence will be run: it is the top's now.
    void (*begins)(void *env, Config *c);
    // What cannot be reached is gone. What is new now may be in its place, and is told as touched.
    // NULL: it stays, as long as there is room, and then there is none.
    void (*collected)(void *env, const Config *c);
} Watch;

// A call that was going on: in which function, and where in the module's bytes.
typedef struct { const ModuleInst *module; u32 func, place; } Call;
enum { CALLS_TOLD = 50 };

struct Config {
    FormalStore *store;
    const Watch *watch;      // or NULL
    void *host;              // what its functions work on
    const ModuleInst *caller; // whose code called the host's function that runs
    // Runs it to its end, and what else works on the store in turns; NULL: nobody else does.
    void (*go)(Config *c, void *env);
    void *go_env;
    Config *older;           // of its store
    const Val *held;         // values that whoever has it refers to
    u32 held_count;
    Val *values;
    u32 count, cap;
    Val *locals;             // of all frames
    u32 local_count, local_cap;
    Context *contexts;
    u32 context_count, context_cap;
    u32 frame;               // the innermost frame's context
    u32 frames;              // how many there are
    bool counted;            // these stacks are memory, of which the store has so much
    Instr ahead[AHEAD_MOST]; // the last comes first
    u32 ahead_count;
    Trap why;                // of TRAP: why
    Trap halt;               // no rule says so: something ran out, or there is no rule
    const char *detail;
    Call calls[CALLS_TOLD];  // where that was, innermost first; see config_calls
    u32 call_count, more_calls; // more: how many are not told
    // fuel: steps that may be done yet, where there is a limit; work: those since it was last asked
    // whether to go on, and what took as long
    u64 steps, fuel, work;
    bool fueled;
    _Atomic bool stop;
    // memory.atomic.wait: it waits in the store's list, or was notified
    struct { bool waits, woken; u32 mem; u64 at, deadline; Config *next; } wait;
    u64 used[RULE_COUNT];
};

void config_init(Config *c, FormalStore *s);
void config_free(Config *c);
// s; {MODULE m}; and no instructions yet. False: out of memory.
bool config_begin(Config *c, ModuleInst *m);
// These are its instructions.
void config_start(Config *c, const Instr *instrs, u32 count);
// Steps until values are left, or a trap, or an exception, or it was stopped: `halt` says which.
// The values stand on the stack from its bottom on. Or until so many were done, or it waits.
Turn config_turn(Config *c, u64 steps);
// Turns to the end: if it waits nobody but time can help, unless `go` says who.
Trap config_go(Config *c);
static inline Trap config_run(Config *c, const Instr *instrs, u32 count)
{
    config_start(c, instrs, count);
    return config_go(c);
}
// The frame that the context k is of, itself or around it, or the top; and where the locals of the
// one that k is end.
u32 frame_around(const Config *c, u32 k);
u32 locals_end(const Config *c, u32 k);
// Notes in `calls` which are going on. It is done where something is thrown, where a trap begins,
// and where the machine halts, since all that is left of them by the end is the trap.
void config_calls(Config *c);

// ---- For rules

// A reduction rule: whether it applies to the redex, which was taken out; if so it was done.
#define RULE(function, name) bool function(Config *c, const Instr *i);
#define CONTEXT(function, name)
#include "formal/rule.def"

static inline Context *innermost(Config *c) { return &c->contexts[c->context_count - 1]; }
static inline Context *frame_of(Config *c) { return &c->contexts[c->frame]; }
static inline ModuleInst *module_of(Config *c) { return frame_of(c)->module; }
// The n-th value from the right, from 1 on.
static inline Val *nth(Config *c, u32 n) { return &c->values[c->count - n]; }
static inline void pop(Config *c, u32 n) { c->count -= n; }
// There is room for VALUES_AHEAD of them in front of each step; for more see `room`.
static inline void push(Config *c, Val v) { c->values[c->count++] = v; }
// What comes in front of what is to come.
static inline void ahead(Config *c, Instr i) { c->ahead[c->ahead_count++] = i; }
static inline void ahead_plain(Config *c, u32 op, u32 x) { ahead(c, instr_plain(op, x)); }
static inline void ahead_value(Config *c, Val v) { ahead(c, instr_value(v)); }
// Is nothing but values in the innermost context?
static inline bool nothing_left(Config *c)
{
    return !c->ahead_count && innermost(c)->at == innermost(c)->end;
}
// ~> TRAP
bool traps(Config *c, Trap why);
// Likewise, in place of so many operands, if that is so.
static inline bool traps_if(Config *c, bool condition, u32 operands, Trap why)
{
    if (!condition) return false;
    pop(c, operands);
    return traps(c, why);
}
// The store will change there.
static inline void touch(Config *c, PartKind kind, u32 address, u64 from, u64 count)
{
    if (c->watch && c->watch->touches)
        c->watch->touches(c->watch->env, c, (Part){kind, address, from, count});
}
// Likewise, if it may be in the place of what was collected.
static inline void touch_new(Config *c, PartKind kind, u32 address, u64 count)
{
    if (c->store->collections) touch(c, kind, address, 0, count);
}
// The machine cannot go on.
bool halts(Config *c, Trap why, const char *detail);
// What a step does to so many values, contexts or bytes at once takes as long as so many steps.
static inline void worked(Config *c, u64 n) { c->work += n; }
enum { AT_ONCE = 8 }; // values that are set, or moved, in the time of a step
// Room for so many values, and VALUES_AHEAD; false: it halts.
bool has_room(Config *c, u64 values);
// Likewise, for what a step makes of them at once, which is work.
bool room(Config *c, u64 values);
// For a part of a configuration, of so many. False: its stacks are exhausted.
bool room_for(Config *c, u64 values, u64 locals, u64 contexts, u64 frames);
// A context inside of the innermost, with the last `params` values in it. False: it halts.
bool enter(Config *c, Context of, u32 params);
// The innermost context goes; its values stay, in the one around.
void leave(Config *c);
// It goes if it is of that kind. What is at the redex then stands in the one around, with `passes`.
static inline bool leaves(Config *c, ContextKind kind)
{
    if (innermost(c)->kind != kind) return false;
    leave(c);
    return true;
}
static inline bool passes(Config *c, const Instr *i, ContextKind kind)
{
    const Instr same = *i;
    if (!leaves(c, kind)) return false;
    ahead(c, same);
    return true;
}
// Of the values of the innermost context the last n stay alone.
void keep_last(Config *c, u32 n);
