// homes.c -- see homes.h.
//
// For a map those operands are mirrored in `shades` that are references or take two slots; only
// when a place is met, and then no further down than something may have been popped since the last
// one (`low`). So a shade that is still true stays, and with it the run that places share.

#include "valid/homes.h"

#include "valid/observe.h"
#include "valid/walk_core.h"

#include <stdlib.h>
#include <string.h>

enum {
    ALONE = 5, // as many operands a row pops one by one, at most; lists are noted (WalkState.low)
    SLOTS_MOST = 0xffff, // no frame is larger
};

// A reference or a vector, or what a legacy clause keeps below its operands.
typedef struct {
    u32 next;            // the operand above it
    u32 end;             // slot behind it
    u32 run;             // the topmost up to here; it may have grown since
    u32 floor;           // operands below the newest that is kept, up to here
    bool kept, ref;
} Shade;

typedef struct {
    Arena *arena;
    u32 func;
    // What is asked about one place; or nothing, and all are wanted.
    Homes *asked;
    u32 offset;

    bool failed;         // deeper than any frame, or more than may be kept
    u32 low;             // operands below it are as they were when `shades` were made
    Shade *shades;
    u32 shade_count, shade_cap;
    u64 shades_left;     // that may yet be made: two bytes of code can ask for a thousand
    u32 held;            // operands that were looked at for them
    u16 inside;          // of which frame, by its op, the instruction is
    RefRun *runs;
    u32 run_count, run_cap;
    u32 fresh;           // no place has a run from this one on
    RefPlace *places;
    u32 place_count, place_cap;
    u32 params, locals, local_slots;
    u64 most;            // runs and places together
} Finder;

// ---- one place

// From the slot behind the locals on. Frames are in the order of their heights.
static void find_slots(Homes *out, Arena *arena, u32 slot, const WalkState *w)
{
    u32 *slots = NEW_ARRAY(arena, u32, out->operand_count), frame = 0;
    u32 *kept = NEW_ARRAY(arena, u32, w->frame_count);
    for (u32 i = 0;; i++) {
        for (; frame < w->frame_count && w->frames[frame].height <= i; frame++)
            if (w->frames[frame].op == OP_catch || w->frames[frame].op == OP_catch_all)
                kept[out->kept_count++] = slot++;
        if (i == out->operand_count) break;
        slots[i] = slot;
        slot += type_slots(w->operands[i]);
    }
    out->slots = slots;
    out->kept = kept;
}

static u32 slots_of_locals(WalkState *w)
{
    u32 slots = 0;
    walk_flatten_locals(w);
    for (u32 i = 0; i < w->local_count; i++) slots += type_slots(w->locals[i]);
    return slots;
}

// ---- all places

static u32 floor_of(const Finder *f)
{
    return f->shade_count ? f->shades[f->shade_count - 1].floor : 0;
}

// Between the newest shade and it there are only numbers.
static u32 slot_of_operand(const Finder *f, u32 operand)
{
    if (!f->shade_count) return f->local_slots + operand;
    const Shade *s = &f->shades[f->shade_count - 1];
    return s->end + (operand - s->next);
}

static u32 add_run(Finder *f, RefRun run)
{
    if (f->run_count + (u64)f->place_count >= f->most) f->failed = true;
    else ARENA_PUSH(f->arena, f->runs, f->run_count, f->run_cap) = run;
    return f->run_count - 1;
}

// What places share does not change; else a run grows where it is.
static u32 add_ref(Finder *f, u32 below, u32 slot)
{
    RefRun *top = &f->runs[below], run = {.below = below, .first = (u16)slot, .count = 1};
    if (below && top->first + top->count == (s64)slot) {
        if (below >= f->fresh) {
            top->count++;
            return below;
        }
        run = *top;
        run.count++;
    }
    return add_run(f, run);
}

// Without what it grew by for operands that are gone.
static u32 topmost(Finder *f)
{
    if (!f->shade_count) return f->locals;
    Shade *s = &f->shades[f->shade_count - 1];
    RefRun run = f->runs[s->run];
    if (run.first + run.count <= (s64)s->end) return s->run;
    run.count = (u16)(s->end - run.first);
    return s->run = add_run(f, run);
}

static void add_shade(Finder *f, u32 operand, bool kept, bool ref)
{
    u32 slot = slot_of_operand(f, operand), end = slot + (ref ? 1 : 2);
    u32 run = topmost(f), floor = kept ? operand : floor_of(f);
    if (end > SLOTS_MOST || f->shades_left-- == 0) f->failed = true;
    if (ref && !f->failed) run = add_ref(f, run, slot);
    if (f->failed) return;
    ARENA_PUSH(f->arena, f->shades, f->shade_count, f->shade_cap) =
        (Shade){operand + !kept, end, run, floor, kept, ref};
}

// Nothing can have changed below what an open clause keeps.
static void truncate_to(Finder *f, u32 count)
{
    count = MAX(count, floor_of(f));
    while (f->shade_count && f->shades[f->shade_count - 1].next > count) f->shade_count--;
    f->held = MIN(f->held, count);
}

typedef enum { SHADE_none, SHADE_ref, SHADE_wide } ShadeKind;

static inline ShadeKind shade_kind(const WalkState *w, u32 operand)
{
    Type type = w->operands[operand];
    if (LIKELY(!type_is_ref(type))) return type_is_vector(type) ? SHADE_wide : SHADE_none;
    return type_is_collected(w->m->store, type) ? SHADE_ref : SHADE_none;
}

// How many of the lowest `count` operands are as they were.
static u32 count_same(const Finder *f, const WalkState *w, u32 count)
{
    u32 same = MAX(MIN(f->low, w->low), floor_of(f)), shade = f->shade_count;
    count = MIN(count, f->held);
    same = MIN(same, count);
    while (shade && !f->shades[shade - 1].kept && f->shades[shade - 1].next > same) shade--;
    for (; same < count; same++) {
        ShadeKind now = shade_kind(w, same), then = SHADE_none;
        if (shade < f->shade_count && f->shades[shade].next == same + 1)
            then = f->shades[shade++].ref ? SHADE_ref : SHADE_wide;
        if (now != then) break;
    }
    return same;
}

// Makes shades of the lowest `count` operands, and of no more.
static void mirror(Finder *f, WalkState *w, u32 count)
{
    truncate_to(f, count_same(f, w, count));
    for (u32 i = f->held; i < count && !f->failed; i++) {
        ShadeKind kind = shade_kind(w, i);
        if (UNLIKELY(kind)) add_shade(f, i, false, kind == SHADE_ref);
    }
    f->held = f->low = w->low = count;
}

static void open_clause(Finder *f, WalkState *w, u32 height)
{
    mirror(f, w, height);
    add_shade(f, height, true, true);
}

static void close_clause(Finder *f)
{
    truncate_to(f, 0);
    f->shade_count--;
}

static void add_place(Finder *f, WalkState *w, u32 count)
{
    mirror(f, w, count);
    u32 run = f->failed ? f->locals : topmost(f);
    if (run == f->locals) return;
    if (f->run_count + (u64)f->place_count >= f->most) f->failed = true;
    else
        ARENA_PUSH(f->arena, f->places, f->place_count, f->place_cap) = (RefPlace){w->pos, run};
    f->fresh = f->run_count;
}

// Neighbours are one run, but for parameters and others.
static void add_locals(Finder *f, WalkState *w)
{
    u32 top = 0, slot = 0, params = w->type->param_count;
    ARENA_PUSH(f->arena, f->runs, f->run_count, f->run_cap) = (RefRun){0};
    walk_flatten_locals(w);
    for (u32 i = 0; i < w->local_count; i++) {
        Type type = w->locals[i];
        if (i == params) {
            f->params = top;
            f->fresh = f->run_count;
        }
        if (slot + type_slots(type) > SLOTS_MOST) f->failed = true;
        if (f->failed) return;
        if (type_is_collected(w->m->store, type)) {
            RefRun *run = &f->runs[top];
            if (top > f->params && run->first + run->count == (s64)slot) run->count++;
            else top = add_ref(f, top, slot);
        }
        slot += type_slots(type);
    }
    if (w->local_count == params) f->params = top;
    f->locals = top;
    f->local_slots = slot;
    f->fresh = f->run_count;
}

// One block: the head, places, runs.
static RefMap *kept_map(const Finder *f)
{
    size_t places = f->place_count * sizeof *f->places, runs = f->run_count * sizeof *f->runs;
    RefMap *map = malloc(sizeof *map + places + runs);
    if (!map) return NULL;
    u8 *at = (u8 *)(map + 1);
    *map = (RefMap){sizeof *map + places + runs, f->place_count, f->params, f->locals,
                    (const RefPlace *)at, (const RefRun *)(at + places)};
    if (places) memcpy(at, f->places, places);
    memcpy(at + places, f->runs, runs);
    return map;
}

// ---- the walk

static void at_place(Finder *f, WalkState *w, u32 count)
{
    if (!f->asked) {
        add_place(f, w, count);
        return;
    }
    f->asked->operand_count = count;
    f->asked->operands = arena_copy(f->arena, w->operands, count * sizeof(Type));
    find_slots(f->asked, f->arena, slots_of_locals(w), w);
}

// In front of each instruction: some still have all that they take.
static bool look(void *env, WalkState *w)
{
    Finder *f = env;
    if (f->asked && w->pos != f->offset) return w->pos < f->offset;
    f->inside = w->frames[w->frame_count - 1].op;
    f->low = MIN(f->low, w->operand_count - MIN(w->operand_count, ALONE));
    if (!f->asked && !f->run_count) add_locals(f, w);
    if (!w->reachable) return !f->failed;
    switch (op_safepoint(op_at(w->m->bytes + w->pos))) {
    case SAFEPOINT_alloc:
    case SAFEPOINT_throw:
    case SAFEPOINT_bulk: at_place(f, w, w->operand_count); break;
    default: break;
    }
    return !f->failed;
}

// What a call pushes when it is back.
static u32 pushed(const WalkState *w, Op op, const Imm *imm)
{
    if (op != OP_switch) return imm->def->result_count;
    Type own = imm->def->params[imm->def->param_count - 1]; // what is switched back to
    const TypeDef *cont = type_def(w->m->store, type_id(own));
    return type_def(w->m->store, cont->cont)->param_count;
}

static void behind(void *env, WalkState *w, Op op, const Imm *imm)
{
    Finder *f = env;
    if (!imm) return; // nothing is found there
    bool clause = f->inside == OP_catch || f->inside == OP_catch_all;
    if (f->asked && w->pos != f->offset) return;
    if (!f->asked && clause && (op == OP_catch || op == OP_catch_all || op == OP_end))
        close_clause(f);
    if (!f->asked && (op == OP_catch || op == OP_catch_all)) open_clause(f, w, imm->frame->height);
    switch (op_safepoint(op)) {
    case SAFEPOINT_loop: at_place(f, w, w->operand_count); break;
    case SAFEPOINT_call: at_place(f, w, w->operand_count - pushed(w, op, imm)); break;
    case SAFEPOINT_region:
        if (w->frame_count && w->reachable) at_place(f, w, w->operand_count);
        break;
    default: break;
    }
}

static bool find(Finder *f, WalkState *w)
{
    return walk_observe(&(Observer){.env = f, .goes_on = look, .each = behind}, w, f->func);
}

void homes_at(const Module *m, u32 func, u32 offset, Arena *arena, Homes *out)
{
    Diag diag;
    WalkState w;
    Finder f = {.arena = arena, .func = func, .asked = out, .offset = offset};
    diag_init(&diag);
    walk_init(&w, m, arena, &diag);
    *out = (Homes){0};
    find(&f, &w);
    walk_flatten_locals(&w);
    out->local_count = w.local_count;
    out->locals = w.locals;
    if (w.inited) out->inited = arena_copy(arena, w.inited, (w.local_count + 7) / 8);
}

static void *find_refs(void *env, WalkState *w)
{
    Finder *f = env;
    f->arena = w->arena;
    return find(f, w) ? kept_map(f) : NULL;
}

RefMap *homes_refs(const Module *m, u32 func, size_t limit)
{
    Finder f = {.func = func, .most = limit / sizeof(RefRun), .shades_left = limit};
    return walk_alone(m, find_refs, &f);
}
