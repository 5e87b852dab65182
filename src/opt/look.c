// look.c -- where operands are made. See round.h. A consumer of the walk.
//
//     local.get 0  i32.const 1  i32.add   local.set 0
//     |            |            |
//     +------------+------------+-- the shadow stack has an entry for each operand, which says
//                                   where its bytes are
//
// Where something that leaves nothing stands between operands, what takes them is not whole.

#include "module/arity.h"
#include "opt/round.h"
#include "valid/observe.h"
#include "valid/walk_core.h"

#include <assert.h>

typedef struct {
    u32 base;         // how many operands are below it
    u32 start;        // of what it takes, if that is whole; else 0
} Open;

typedef struct {
    Arena *arena;
    SeenVisit *visit;
    void *env;
    u32 func;
    Made *stack;
    u32 height, stack_cap;
    Open *open;
    u32 depth, open_cap;
} Look;

// Whoever does no more than these is not missed.
enum {
    TRACELESS = ALLOCATES
#define DOMAIN(name, text) | READS_##name
#include "op/effect.def"
};

static void push(Look *l, Made made)
{
    ARENA_PUSH(l->arena, l->stack, l->height, l->stack_cap) = made;
}

// Where what it takes begins, 0 where something else is in between.
static u32 start_of(const Made *taken, u32 count, u32 at)
{
    for (u32 i = count; i > 0; i--) {
        if (!taken[i - 1].whole || taken[i - 1].end != at) return 0;
        at = taken[i - 1].start;
    }
    return at;
}

static const Made *take(Look *l, u32 count)
{
    assert(count <= l->height); // the walk has seen to it
    l->height -= count;
    return count ? l->stack + l->height : NULL;
}

// Behind what begins, divides or ends a block it goes on, or nobody hears of it.
static void show(Look *l, const WalkState *w, Op op, const Imm *imm, const Made *taken, u32 count)
{
    u32 end = (u32)(w->in.next - w->m->bytes);
    l->visit(l->env, &(Seen){l->func, w->pos, end, op, imm, taken, count, w->reachable});
}

static void leave(Look *l, u32 start, u32 end, bool pure, u32 count)
{
    for (u32 i = 0; i + 1 < count; i++) push(l, (Made){0});
    bool whole = start && count == 1;
    if (count) push(l, (Made){whole ? start : end, end, whole, whole && pure});
}

static void open(Look *l, u32 base, u32 start, u32 params)
{
    ARENA_PUSH(l->arena, l->open, l->depth, l->open_cap) = (Open){base, start};
    for (u32 i = 0; i < params; i++) push(l, (Made){0});
}

static void begin_block(Look *l, WalkState *w, Op op, const Imm *imm)
{
    u32 count = imm->frame->param_count + (op == OP_if);
    const Made *taken = take(l, count);
    show(l, w, op, imm, taken, count);
    open(l, l->height, start_of(taken, count, w->pos), imm->frame->param_count);
}

static void divide_block(Look *l, WalkState *w, Op op, const Imm *imm)
{
    u32 given = op == OP_else    ? imm->frame->param_count
                : op == OP_catch ? imm->def->param_count
                                 : 0;
    show(l, w, op, imm, NULL, 0);
    l->height = l->open[l->depth - 1].base;
    for (u32 i = 0; i < given; i++) push(l, (Made){0});
}

static void end_block(Look *l, WalkState *w, Op op, const Imm *imm)
{
    Open o = l->open[--l->depth];
    show(l, w, op, imm, NULL, 0);
    l->height = o.base;
    u32 end = (u32)(w->in.next - w->m->bytes);
    if (l->depth) leave(l, o.start, end, false, imm->frame->result_count);
}

static u32 label_count(const void *env, u32 depth)
{
    WalkState *w = (WalkState *)env;
    return walk_label_count(walk_frame(w, depth));
}

static bool all_pure(const Made *taken, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (!taken[i].pure) return false;
    return true;
}

static void plain(Look *l, WalkState *w, Op op, const Imm *imm)
{
    u32 pops, pushes, end = (u32)(w->in.next - w->m->bytes);
    Imm none = {.op = op};
    imm_arity(w->m, imm ? imm : &none, w->type->result_count, label_count, w, &pops, &pushes);
    const Made *taken = take(l, pops);
    show(l, w, op, imm, taken, pops);
    if (!w->reachable) {
        l->height = l->open[l->depth - 1].base;
        return;
    }
    bool pure = !(op_effects(op) & ~(u32)TRACELESS) && all_pure(taken, pops);
    leave(l, start_of(taken, pops, w->pos), end, pure, pushes);
}

static void look_begin(void *env, WalkState *w)
{
    Look *l = env;
    l->height = l->depth = 0;
    open(l, 0, 0, 0);
}

static void look_each(void *env, WalkState *w, Op op, const Imm *imm)
{
    Look *l = env;
    switch (op) {
    case OP_block: case OP_loop: case OP_if: case OP_try_table: case OP_try:
        begin_block(l, w, op, imm);
        break;
    case OP_else: case OP_catch: case OP_catch_all: divide_block(l, w, op, imm); break;
    case OP_end: case OP_delegate: end_block(l, w, op, imm); break;
    default: plain(l, w, op, imm);
    }
}

void round_look(OptRound *r, SeenVisit *visit, void *env)
{
    Diag diag;
    WalkState w;
    Look l = {.arena = r->arena, .visit = visit, .env = env};
    const Observer observer = {.env = &l, .begin = look_begin, .each = look_each};
    walk_init(&w, r->m, r->scratch, &diag);
    for (l.func = r->m->imported_funcs; l.func < r->m->func_count; l.func++) {
        diag_init(&diag);
        walk_observe(&observer, &w, l.func);
        arena_reset(r->scratch);
    }
}
