// shape.c -- see shape.h. What it counts is what valid/homes.c counts.

#include "valid/shape.h"

#include "valid/observe.h"
#include "valid/walk_core.h"

enum {
    ALONE = 5,        // as many operands a row pops one by one, at most
    LOOK_EVERY = 4096 // bytes of the body between two looks at whether to end
};

typedef struct {
    Arena *arena;
    Halt halt;
    u32 look;         // at that from this offset on
    u32 local_slots, most;
    u32 *ends;        // of each operand: slots of those below it; and of all
    u32 end_cap;
    u32 held, low;    // operands that `ends` knows; that are as they were then
    u32 clauses;      // legacy ones that are open, of which each keeps a slot
    u16 inside;       // of which frame, by its op, the instruction is
    CallShape *calls;
    u32 call_count, call_cap;
} Shaper;

static void begin(void *env, WalkState *w)
{
    Shaper *s = env;
    walk_flatten_locals(w);
    for (u32 i = 0; i < w->local_count; i++) s->local_slots += type_slots(w->locals[i]);
    s->ends = NEW_ARRAY(s->arena, u32, s->end_cap = 64);
}

static void measure(Shaper *s, WalkState *w)
{
    u32 count = w->operand_count, from = MIN(MIN(s->low, w->low), MIN(s->held, count));
    if (UNLIKELY(count >= s->end_cap)) {
        u32 cap = MAX(count + 1, arena_more(s->end_cap, sizeof *s->ends));
        s->ends = arena_grow(s->arena, s->ends, s->end_cap, cap, sizeof *s->ends);
        s->end_cap = cap;
    }
    for (u32 i = from; i < count; i++) s->ends[i + 1] = s->ends[i] + type_slots(w->operands[i]);
    s->held = s->low = w->low = count;
}

static u32 slots_below(const Shaper *s, u32 operands)
{
    return s->local_slots + s->ends[operands] + s->clauses;
}

static bool look(void *env, WalkState *w)
{
    Shaper *s = env;
    if (UNLIKELY(w->pos >= s->look)) {
        s->look = w->pos + LOOK_EVERY;
        if (halt_asked(s->halt)) return false;
    }
    if (w->reachable) {
        measure(s, w);
        s->most = MAX(s->most, slots_below(s, w->operand_count));
    }
    s->inside = w->frames[w->frame_count - 1].op;
    s->low = MIN(s->low, w->operand_count - MIN(w->operand_count, ALONE));
    return true;
}

static void behind(void *env, WalkState *w, Op op, const Imm *imm)
{
    Shaper *s = env;
    bool clause = s->inside == OP_catch || s->inside == OP_catch_all,
         opens = op == OP_catch || op == OP_catch_all;
    if (clause && (opens || op == OP_end)) s->clauses--;
    if (opens) s->clauses++;
    if (!imm || op_safepoint(op) != SAFEPOINT_call) return;
    measure(s, w);
    u32 operands = w->operand_count - MIN(w->operand_count, walk_pushed(w, op, imm));
    ARENA_PUSH(s->arena, s->calls, s->call_count, s->call_cap) =
        (CallShape){w->pos, slots_below(s, operands)};
}

bool shape_find(const Module *m, u32 func, Halt halt, Arena *arena, FrameShape *out, Diag *diag)
{
    WalkState w;
    Shaper s = {.arena = arena, .halt = halt};
    const Observer observer = {&s, begin, look, behind};
    diag_init(diag);
    walk_init(&w, m, arena, diag);
    if (!walk_observe(&observer, &w, func)) return false;
    const TypeDef *type = type_def(m->store, m->funcs[func].type);
    u32 own = MAX(type->param_slots, type->result_slots);
    *out = (FrameShape){MAX(s.most, own), s.call_count, s.calls};
    return true;
}

bool shape_call(const FrameShape *shape, u32 offset, u32 *slots)
{
    u32 low = 0, high = shape->call_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (shape->calls[middle].offset < offset) low = middle + 1;
        else high = middle;
    }
    if (low == shape->call_count || shape->calls[low].offset != offset) return false;
    *slots = shape->calls[low].slots;
    return true;
}
