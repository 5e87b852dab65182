// legacy.c -- tries of the legacy proposal, whose clauses stand in them. See builder.h.
//
// One with clauses is as a try_table: its catch block has an edge to each clause's first block,
// which is given the tag's values. One that delegates has no catch block: what it throws goes to
// that of the try it names, past those around it.

#include "opt/builder.h"

#include <assert.h>

// The try that something thrown in a frame gets to.
static u32 try_in(const Builder *b, u32 frame)
{
    const Frame *f = &b->frames[frame];
    if (f->op == OP_try_table) return frame;
    if (f->op == OP_try) return f->handler.trying ? frame : f->handler.inside;
    return f->around;
}

static Region *enter_try(Builder *b, Frame *f)
{
    f->handler.region = enter_region(b, REGION_try);
    b->g->regions[f->handler.region].legacy = true;
    return &b->g->regions[f->handler.region];
}

void begin_legacy_try(Builder *b, WalkState *w, const WalkFrame *wf)
{
    Frame *f = open_frame(b, OP_try, wf);
    f->handler.region = NO_REGION;
    f->handler.edges = NO_EDGE;
    f->handler.inside = b->around;
    if (f->dead) return;
    while (b->sets.tries[b->next_try].at < w->pos) b->next_try++;
    LegacyTry t = b->sets.tries[b->next_try];
    assert(t.at == w->pos);
    if (!t.clauses && !t.delegates) return; // it catches nothing
    u32 self = b->frame_count - 1;
    if (t.delegates) {
        u32 to = try_in(b, self - 1 - t.label);
        if (to == b->around) return;
        Region *r = enter_try(b, f);
        r->delegates = true;
        r->delegates_to = to == NO_FRAME ? NO_REGION : b->frames[to].handler.region;
        b->around = f->handler.inside = to;
        return;
    }
    Region *r = enter_try(b, f);
    f->handler.trying = true;
    f->handler.count = t.clauses;
    f->handler.throws = (Arrivals){NO_ARRIVAL, NO_ARRIVAL, 0};
    r->clauses = NEW_ARRAY(b->g->arena, GraphClause, t.clauses);
    r->catches_all = t.all;
    b->around = self;
}

// Where all that is thrown in it meets, in front of the first clause.
static void end_trying(Builder *b, Frame *f)
{
    Region *r = &b->g->regions[f->handler.region];
    f->handler.trying = false;
    if (!f->handler.throws.count) return;
    r->clause_count = f->handler.count;
    f->handler.edges = begin_catches(b, f, r->catches_all);
    b->live = false;
}

void begin_legacy_catch(Builder *b, const Imm *imm)
{
    Frame *f = &b->frames[b->frame_count - 1];
    if (f->dead) return;
    fall_off(b, f);
    b->region = f->region;
    b->around = f->around;
    if (f->handler.trying) {
        undo_to(b, f->changes);
        end_trying(b, f);
        f->since = b->change_count;
    } else {
        undo_to(b, f->since);
    }
    b->live = false;
    if (f->handler.edges == NO_EDGE) return; // nothing in it throws
    u32 next = f->handler.next++;
    bool all = imm->op == OP_catch_all;
    const Region *r = &b->g->regions[f->handler.region];
    GraphClause *clauses = (GraphClause *)r->clauses;
    clauses[next] = (GraphClause){all ? 2 : 0, all ? 0 : imm->tag};
    begin_at(b, f->handler.edges + next, r->catches);
    u32 count = all ? 0 : imm->def->param_count;
    NodeId first = give(b, imm->def ? imm->def->params : NULL, count);
    b->height = f->height;
    for (u32 i = 0; i < count; i++)
        ARENA_PUSH(b->arena, b->stack, b->height, b->stack_cap) = first + i;
}

// In a clause, which has the exception for as long as it is in it.
void rethrow(Builder *b, u32 frame)
{
    u32 region = b->frames[frame].handler.region;
    graph_append(b->g, b->at, graph_add(b->g, OP_rethrow, TYPE_bottom, NULL, 0, region));
    if (b->around != NO_FRAME) {
        end_at_throw(b, GO_throw);
        return;
    }
    b->g->blocks[b->at].go = GO_leave;
    b->live = false;
}
