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
    // What is asked about some places; or nothing, and all are wanted.
    HomesAt *const *asked;
    u32 asked_count, next; // those before `next` are passed
    u64 left;            // values that they may yet have
    u32 *clauses;        // the heights of open legacy clauses, of which each keeps a slot
    u32 clause_count, clause_cap;

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

// ---- some places

// Where the walk is; NULL: nobody asks about that.
static HomesAt *asked_here(const Finder *f, const WalkState *w)
{
    bool here = f->next < f->asked_count && f->asked[f->next]->offset == w->pos;
    return here ? f->asked[f->next] : NULL;
}

static bool take_values(Finder *f, u64 count)
{
    f->failed |= count > f->left;
    f->left -= MIN(count, f->left);
    return !f->failed;
}

static u32 slots_of_locals(WalkState *w)
{
    u32 slots = 0;
    walk_flatten_locals(w);
    for (u32 i = 0; i < w->local_count; i++) slots += type_slots(w->locals[i]);
    return slots;
}

// Whatever stands there, the locals are home.
static void meet(Finder *f, WalkState *w, HomesAt *at)
{
    if (!take_values(f, w->local_count)) return;
    if (!f->local_slots) f->local_slots = slots_of_locals(w);
    if (w->reachable) at->op = op_at(w->m->bytes + w->pos);
    if (w->inited) at->homes.inited = arena_copy(f->arena, w->inited, (w->local_count + 7) / 8);
}

// From the slot behind the locals on. Clauses are in the order of their heights.
static void find_slots(const Finder *f, Homes *out)
{
    u32 *slots = NEW_ARRAY(f->arena, u32, out->operand_count), slot = f->local_slots;
    u32 *kept = NEW_ARRAY(f->arena, u32, out->kept_count), clause = 0;
    for (u32 i = 0;; i++) {
        while (clause < out->kept_count && f->clauses[clause] <= i) kept[clause++] = slot++;
        if (i == out->operand_count) break;
        slots[i] = slot;
        slot += type_slots(out->operands[i]);
    }
    out->slots = slots;
    out->kept = kept;
}

static void add_operands(Finder *f, const WalkState *w, HomesAt *at, u32 count)
{
    u32 kept = f->clause_count;
    while (kept && f->clauses[kept - 1] > count) kept--;
    if (!take_values(f, (u64)count + kept)) return;
    at->homes.operand_count = count;
    at->homes.operands = arena_copy(f->arena, w->operands, count * sizeof(Type));
    at->homes.kept_count = kept;
    find_slots(f, &at->homes);
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
    if (f->asked) {
        ARENA_PUSH(w->arena, f->clauses, f->clause_count, f->clause_cap) = height;
        return;
    }
    mirror(f, w, height);
    add_shade(f, height, true, true);
}

static void close_clause(Finder *f)
{
    if (f->asked) {
        f->clause_count--;
        return;
    }
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
    HomesAt *at = asked_here(f, w);
    if (!f->asked) add_place(f, w, count);
    else if (at) add_operands(f, w, at, count);
}

// False: there is no more to be found.
static bool look_for_asked(Finder *f, WalkState *w)
{
    while (f->next < f->asked_count && f->asked[f->next]->offset < w->pos) f->next++;
    HomesAt *at = asked_here(f, w);
    if (at) meet(f, w, at);
    return f->next < f->asked_count && !f->failed;
}

// In front of each instruction: some still have all that they take.
static bool look(void *env, WalkState *w)
{
    Finder *f = env;
    f->inside = w->frames[w->frame_count - 1].op;
    if (f->asked && !look_for_asked(f, w)) return false;
    if (f->asked && !asked_here(f, w)) return true;
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

static void behind(void *env, WalkState *w, Op op, const Imm *imm)
{
    Finder *f = env;
    if (!imm) return; // nothing is found there
    bool clause = f->inside == OP_catch || f->inside == OP_catch_all;
    if (clause && (op == OP_catch || op == OP_catch_all || op == OP_end)) close_clause(f);
    if (op == OP_catch || op == OP_catch_all) open_clause(f, w, imm->frame->height);
    if (f->asked && !asked_here(f, w)) return;
    switch (op_safepoint(op)) {
    case SAFEPOINT_loop: at_place(f, w, w->operand_count); break;
    case SAFEPOINT_call: at_place(f, w, w->operand_count - walk_pushed(w, op, imm)); break;
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

// The locals are in the walk's arena.
static bool find_asked(Finder *f, Arena *scratch, WalkState *w)
{
    Diag diag;
    diag_init(&diag);
    walk_init(w, f->asked[0]->module, scratch, &diag);
    find(f, w);
    w->diag = NULL;
    walk_flatten_locals(w);
    return !f->failed;
}

void homes_at(const Module *m, u32 func, u32 offset, Arena *arena, Homes *out)
{
    WalkState w;
    HomesAt one = {.module = m, .func = func, .offset = offset}, *asked = &one;
    Finder f = {.arena = arena, .func = func, .asked = &asked, .asked_count = 1,
                .left = UINT64_MAX};
    find_asked(&f, arena, &w);
    *out = one.homes;
    out->local_count = w.local_count;
    out->locals = w.locals;
}

bool homes_each(HomesAt *const *asked, u32 count, u64 *left, Arena *scratch, Arena *arena)
{
    WalkState w;
    const Type *locals = NULL;
    Finder f = {.arena = arena, .func = asked[0]->func, .asked = asked, .asked_count = count,
                .left = *left};
    for (u32 i = 0; i < count; i++) asked[i]->op = OP_COUNT;
    if (!find_asked(&f, scratch, &w)) return false;
    *left = f.left;
    for (u32 i = 0; i < count; i++) {
        if (asked[i]->op == OP_COUNT) continue;
        if (!locals) locals = arena_copy(arena, w.locals, w.local_count * sizeof *locals);
        asked[i]->homes.local_count = w.local_count;
        asked[i]->homes.locals = locals;
    }
    return true;
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
