// enter.c -- a graph that begins at a loop, for who is in there already.
//
//     (loop $a ... (loop $b ...) ...)    begins at $b: $b, and what follows it in $a; then, if $a
//                                        goes round, all of $a
//
// What stands in front of the loop is dead. All locals, and the operands that are there, are given:
// they are arguments, numbered on behind the function's, and StateList.local_home says where they
// are. The frames around are open, as if they had been opened there. No loop is entered but at its
// header, so where one of those goes round its body is walked once more, from the beginning.

#include "opt/builder.h"
#include "opt/states.h"
#include "valid/observe.h"
#include "valid/walk_core.h"

#include <string.h>

void enter_graph(Builder *b, const WalkState *w)
{
    StateList *s = b->g->states;
    u32 home = s->local_slots;
    u32 *homes = NEW_ARRAY(b->arena, u32, b->local_count + w->operand_count);
    memcpy(homes, s->local_home, b->local_count * sizeof *homes);
    s->local_home = homes;
    for (u32 i = 0; i < b->frame_count; i++) {
        Frame *f = &b->frames[i];
        if (f->op == OP_try || f->op == OP_try_table) b->why = "a loop in a try";
        f->dead = false;
        f->entered = true;
        if (f->op == OP_if) f->otherwise.edge = NO_EDGE;
    }
    graph_work(b->g, b->frame_count + w->operand_count);
    for (u32 i = 0; i < w->operand_count; i++) {
        u32 number = b->local_count + i;
        homes[number] = home;
        home += type_slots(w->operands[i]);
        ARENA_PUSH(b->arena, b->stack, b->height, b->stack_cap) =
            graph_pure(b->g, NODE_arg, w->operands[i], NULL, 0, number);
    }
    s->most = MAX(s->most, home);
    b->entered = b->live = true;
}

typedef struct {
    Builder *b;
    u32 from, frames; // the loop stands there, in so many
    bool done;
} Again;

static bool again_goes_on(void *env, WalkState *w)
{
    Again *a = env;
    return !a->done && !a->b->why;
}

static void again_each(void *env, WalkState *w, Op op, const Imm *imm)
{
    Again *a = env;
    if (w->pos < a->from) return;
    build_each(a->b, w, op, imm);
    a->done = a->b->frame_count == a->frames;
}

// All of the loop, whose frame is not open.
static void walk_again(Builder *b, u32 from)
{
    Diag diag;
    WalkState w;
    Again a = {b, from, b->frame_count, false};
    const Observer observer = {&a, NULL, again_goes_on, again_each};
    graph_work(b->g, from - b->g->m->funcs[b->func].body.start);
    b->next_set = b->next_try = b->states->next = 0;
    diag_init(&diag);
    walk_init(&w, b->g->m, b->arena, &diag);
    walk_observe(&observer, &w, b->func);
    if (!a.done && !b->why) b->why = "it is not valid";
}

// From now on the frame is that of who leaves the loop: the rest of the turn that was entered, and
// the loop.
void end_entered(Builder *b, const WalkFrame *wf)
{
    u32 self = b->frame_count - 1;
    Frame *f = &b->frames[self];
    Arrivals again = f->arrivals;
    f->op = OP_block;
    f->value_count = wf->result_count;
    f->types = wf->results;
    f->arrivals = (Arrivals){NO_ARRIVAL, NO_ARRIVAL, 0};
    fall_off(b, f);
    f->since = f->changes;
    undo_to(b, f->changes);
    b->height = f->height;
    if (again.count) {
        meet(b, &again, f->region, wf->params, wf->param_count);
        b->charge = 0; // who goes round does not pay for the loop's own instruction
        b->skipped = self;
        walk_again(b, f->place);
        b->skipped = 0;
        f = &b->frames[self];
        if (!b->why) fall_off(b, f);
        undo_to(b, f->changes);
    }
    Frame ended = b->frames[--b->frame_count];
    b->height = ended.height;
    b->live = false;
    if (ended.arrivals.count && !b->why)
        meet(b, &ended.arrivals, ended.region, wf->results, wf->result_count);
}
