// homes.c -- see homes.h.
//
// For a map the operands are mirrored in `shades`, only when a place is met, and then no further
// down than something may have been popped since the last one (`low`). So a shade that is still
// true stays, and with it the run that places share.

#include "valid/homes.h"

#include "valid/walk_types.h"

#include <stdlib.h>
#include <string.h>

enum {
    ALONE = 5, // as many operands a row pops one by one, at most; lists are noted (WalkState.low)
    SLOTS_MOST = 0xffff, // no frame is larger
};

// An operand, or what a legacy clause keeps below its operands.
typedef struct {
    u32 end;             // slot behind it
    u32 run;             // the topmost up to here
    u32 floor;           // operands below the newest that is kept, up to here
    bool kept, ref, wide;
} Shade;

typedef struct {
    Arena *arena;
    // What is asked about one place; or nothing, and all are wanted.
    Homes *asked;
    u32 offset;

    bool failed;         // deeper than any frame, or more than may be kept
    u32 low;             // operands below it are as they were when `shades` were made
    Shade *shades;
    u32 shade_count, shade_cap;
    u32 held, kept;      // operands among them, and the others
    u16 inside;          // of which frame, by its op, the instruction is
    RefRun *runs;
    u32 run_count, run_cap;
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
    for (u32 i = 0; i <= out->operand_count; i++) {
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

static u32 topmost(const Finder *f)
{
    return f->shade_count ? f->shades[f->shade_count - 1].run : f->locals;
}
static u32 floor_of(const Finder *f)
{
    return f->shade_count ? f->shades[f->shade_count - 1].floor : 0;
}
static u32 end_slot(const Finder *f)
{
    return f->shade_count ? f->shades[f->shade_count - 1].end : f->local_slots;
}

// A run with one slot more, on top of another. What others share does not change.
static u32 add_ref(Finder *f, u32 below, u32 slot)
{
    RefRun run = {.below = below, .first = (u16)slot, .count = 1};
    if (below && f->runs[below].first + f->runs[below].count == (s64)slot) {
        run = f->runs[below];
        run.count++;
    }
    if (f->run_count + (u64)f->place_count >= f->most) f->failed = true;
    else ARENA_PUSH(f->arena, f->runs, f->run_count, f->run_cap) = run;
    return f->run_count - 1;
}

static void add_shade(Finder *f, bool kept, bool ref, bool wide)
{
    u32 slot = end_slot(f), run = topmost(f), floor = floor_of(f);
    if (slot + 1 + wide > SLOTS_MOST) f->failed = true;
    if (ref && !f->failed) run = add_ref(f, run, slot);
    if (f->failed) return;
    ARENA_PUSH(f->arena, f->shades, f->shade_count, f->shade_cap) =
        (Shade){slot + 1 + wide, run, kept ? f->held : floor, kept, ref, wide};
    if (kept) f->kept++;
    else f->held++;
}

// Nothing can have changed below what an open clause keeps.
static void truncate_to(Finder *f, u32 count)
{
    count = MAX(count, floor_of(f));
    f->shade_count -= f->held > count ? f->held - count : 0;
    f->held = MIN(f->held, count);
}

static bool is_shade_of(const Finder *f, const WalkState *w, u32 operand)
{
    const Shade *s = &f->shades[operand + f->kept];
    Type type = w->operands[operand];
    return s->wide == type_is_vector(type) && s->ref == type_is_collected(w->m->store, type);
}

// Makes shades of the lowest `count` operands, and of no more.
static void mirror(Finder *f, WalkState *w, u32 count)
{
    u32 same = MIN(MAX(MIN(f->low, w->low), floor_of(f)), count);
    while (same < MIN(f->held, count) && is_shade_of(f, w, same)) same++;
    truncate_to(f, same);
    while (f->held < count && !f->failed) {
        Type type = w->operands[f->held];
        add_shade(f, false, type_is_collected(w->m->store, type), type_is_vector(type));
    }
    f->low = w->low = count;
}

static void open_clause(Finder *f, WalkState *w, u32 height)
{
    mirror(f, w, height);
    if (!f->failed) add_shade(f, true, true, false);
}

static void close_clause(Finder *f)
{
    truncate_to(f, 0);
    f->shade_count--;
    f->kept--;
}

static void add_place(Finder *f, WalkState *w, u32 count)
{
    mirror(f, w, count);
    if (f->failed || topmost(f) == f->locals) return;
    if (f->run_count + (u64)f->place_count >= f->most) f->failed = true;
    else
        ARENA_PUSH(f->arena, f->places, f->place_count, f->place_cap) =
            (RefPlace){w->pos, topmost(f)};
}

// Neighbours are one run, but for parameters and others.
static void add_locals(Finder *f, WalkState *w)
{
    u32 top = 0, slot = 0, params = w->type->param_count;
    ARENA_PUSH(f->arena, f->runs, f->run_count, f->run_cap) = (RefRun){0};
    walk_flatten_locals(w);
    for (u32 i = 0; i < w->local_count; i++) {
        Type type = w->locals[i];
        if (i == params) f->params = top;
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
static bool look(Finder *f, WalkState *w)
{
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

// Behind each instruction that has immediates.
static __attribute__((noinline)) void behind(Finder *f, WalkState *w, Op op, const Imm *imm)
{
    bool clause = f->inside == OP_catch || f->inside == OP_catch_all;
    if ((f->asked && w->pos != f->offset) || f->failed) return;
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

static inline void homes_each(Finder *f, WalkState *w, Op op, const Imm *imm)
{
    if (imm) behind(f, w, op, imm);
}

#define WALK_GOES_ON(f, w) look(f, w)
#define WALK_NAME homes
#define WALK_CONTEXT Finder
#include "valid/observe.h"
#include "valid/walk.h"

void homes_at(const Module *m, u32 func, u32 offset, Arena *arena, Homes *out)
{
    Diag diag;
    WalkState w;
    Finder f = {.arena = arena, .asked = out, .offset = offset};
    diag_init(&diag);
    walk_init(&w, m, arena, &diag);
    *out = (Homes){0};
    homes_walk_func(&f, &w, func);
    walk_flatten_locals(&w);
    out->local_count = w.local_count;
    out->locals = w.locals;
}

RefMap *homes_refs(const Module *m, u32 func, size_t limit)
{
    Arena scratch;
    jmp_buf failed;
    Diag diag;
    WalkState w;
    Finder f = {.arena = &scratch, .most = limit / sizeof(RefRun)};
    RefMap *map = NULL;
    arena_init(&scratch);
    scratch.on_failure = &failed;
    if (!setjmp(failed)) {
        diag_init(&diag);
        walk_init(&w, m, &scratch, &diag);
        if (homes_walk_func(&f, &w, func)) map = kept_map(&f);
    }
    arena_free(&scratch);
    return map;
}
