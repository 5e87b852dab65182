// states.c -- see states.h.
//
// Which locals are read later is found backwards, over the control of a body as it is written. At
// the beginning of a loop these are those that are read by ways that do not come back to it: those
// that do come to the same. So a first pass, for which nothing is read behind what goes back, finds
// that of the outermost loops, a second of those in them, and so on; the last has all. What is
// nested deeper than there are passes counts as reading at its beginning what it reads anywhere,
// and what is read from any label around it on, as it may branch there.
// Each place in a try may lead to its clauses' labels.

#include "opt/states.h"

#include "binary/instr.h"
#include "opt/builder.h"

#include <string.h>

typedef enum {
    EVENT_get, EVENT_set, EVENT_block, EVENT_loop, EVENT_if, EVENT_else, EVENT_end, EVENT_end_try,
    EVENT_branch, EVENT_branch_if, EVENT_leave, EVENT_place
} EventKind;
typedef struct { u32 kind, number; } Event;

typedef struct {
    u64 *label, *otherwise; // read from there on
    bool has_else;
    u32 loop;               // its number, plus 1
    const u64 *caught;      // what is read by clauses of tries around; NULL: there are none
} Scope;
enum { PASSES = 4 };

typedef struct {
    Graph *g;
    StateList *out;
    u32 words;
    u32 event_count, event_cap; Event *events;
    u32 loop_count, loop_cap;
    struct LoopReads { u64 *anywhere, *begin; u32 depth; } *loops; // what is read in it, or there
    u32 depth, deepest;
    u32 pass;            // 0: the last, in which everything is known
    u32 open_count, open_cap;
    struct Opened { bool loop, tries; u32 number; } *open;
    u32 try_count, try_cap; Range *tries; // each: of these, labels of its clauses
    u32 caught_count, caught_cap; u32 *caught;
    u32 scope_count, scope_cap; Scope *scopes;
    u32 scopes_made;     // whose sets are there
    u64 *now;
} Finder;

static void put_event(Finder *f, EventKind kind, u32 number)
{
    graph_work(f->g, 1);
    ARENA_PUSH(f->g->arena, f->events, f->event_count, f->event_cap) = (Event){kind, number};
}

static u64 *new_set(Finder *f)
{
    graph_work(f->g, f->words);
    return NEW_ARRAY(f->g->arena, u64, f->words);
}

static void add_set(Finder *f, u64 *to, const u64 *from)
{
    graph_work(f->g, f->words / 8 + 1);
    for (u32 i = 0; i < f->words; i++) to[i] |= from[i];
}
static void copy_set(Finder *f, u64 *to, const u64 *from)
{
    graph_work(f->g, f->words / 8 + 1);
    memcpy(to, from, f->words * sizeof *to);
}

static void empty_set(Finder *f, u64 *set)
{
    graph_work(f->g, f->words / 8 + 1);
    memset(set, 0, f->words * sizeof *set);
}

static void open_scope(Finder *f, EventKind kind)
{
    struct Opened o = {kind == EVENT_loop, false, f->loop_count};
    put_event(f, kind, o.number);
    if (o.loop) {
        f->depth++;
        f->deepest = MAX(f->deepest, f->depth);
        ARENA_PUSH(f->g->arena, f->loops, f->loop_count, f->loop_cap) =
            (struct LoopReads){new_set(f), NULL, f->depth};
    }
    ARENA_PUSH(f->g->arena, f->open, f->open_count, f->open_cap) = o;
}

static void open_try(Finder *f, const Imm *imm)
{
    open_scope(f, EVENT_block);
    f->open[f->open_count - 1].tries = true;
    f->open[f->open_count - 1].number = f->try_count;
    ARENA_PUSH(f->g->arena, f->tries, f->try_count, f->try_cap) =
        (Range){f->caught_count, f->caught_count + imm->block.count};
    for (u32 i = 0; i < imm->block.count; i++)
        ARENA_PUSH(f->g->arena, f->caught, f->caught_count, f->caught_cap) =
            imm->block.at[i].label;
}

// What it reads is read in the one around it.
static void close_scope(Finder *f)
{
    put_event(f, EVENT_end, 0);
    if (!f->open_count) return; // the body's
    struct Opened o = f->open[--f->open_count];
    f->events[f->event_count - 1] = o.tries ? (Event){EVENT_end_try, o.number}
                                            : (Event){EVENT_end, o.loop ? o.number + 1 : 0};
    if (!o.loop) return;
    f->depth--;
    for (u32 i = f->open_count; i-- > 0;) {
        if (!f->open[i].loop) continue;
        add_set(f, f->loops[f->open[i].number].anywhere, f->loops[o.number].anywhere);
        return;
    }
}

static void read_local(Finder *f, u32 local)
{
    put_event(f, EVENT_get, local);
    for (u32 i = f->open_count; i-- > 0;) {
        if (!f->open[i].loop) continue;
        f->loops[f->open[i].number].anywhere[local / 64] |= (u64)1 << local % 64;
        return;
    }
}

static void note_place(Finder *f, u32 at)
{
    put_event(f, EVENT_place, f->out->place_count);
    ARENA_PUSH(f->g->arena, f->out->places, f->out->place_count, f->out->place_cap) = at;
}

// Behind it another piece of code is paid for.
static void note_paid(Finder *f, u32 at)
{
    if (f->g->fueled) note_place(f, at);
}

bool is_new_object(u32 op)
{
    return op == OP_struct_new || op == OP_struct_new_default || op == OP_array_new_fixed ||
           op == OP_array_new_default;
}

bool is_state_place(u32 op)
{
    switch (op) {
    case OP_array_fill: case OP_array_copy: case OP_array_init_data: case OP_array_init_elem:
    case OP_memory_grow: case OP_memory_init: case OP_memory_copy: case OP_memory_fill:
    case OP_memory_discard: case OP_data_drop: case OP_table_init: case OP_table_copy:
    case OP_table_grow: case OP_table_fill: case OP_elem_drop: case OP_ref_func: case OP_throw:
    case OP_throw_ref: case OP_memory_atomic_notify: case OP_memory_atomic_wait32:
    case OP_memory_atomic_wait64: case OP_atomic_fence: return true;
    default: return (op_info[op].effects & (CALLS | SUSPENDS | ALLOCATES)) != 0;
    }
}

static void look_at(Finder *f, const Instr *now)
{
    const Imm *imm = &now->imm;
    if (is_state_place(imm->op)) note_place(f, now->at);
    switch (imm->op) {
    case OP_local_get: read_local(f, imm->local); break;
    case OP_local_set: case OP_local_tee: put_event(f, EVENT_set, imm->local); break;
    case OP_block: case OP_try: open_scope(f, EVENT_block); break;
    case OP_try_table: open_try(f, imm); break;
    case OP_loop:
        open_scope(f, EVENT_loop);
        note_place(f, now->at);
        break;
    case OP_if:
        open_scope(f, EVENT_if);
        note_paid(f, now->at);
        break;
    case OP_else: case OP_catch: case OP_catch_all:
        put_event(f, EVENT_else, 0);
        note_paid(f, now->at);
        break;
    case OP_end: case OP_delegate:
        close_scope(f);
        note_paid(f, now->at);
        break;
    case OP_br: put_event(f, EVENT_branch, imm->label); break;
    case OP_br_if: case OP_br_on_null: case OP_br_on_non_null:
        put_event(f, EVENT_branch_if, imm->label);
        note_paid(f, now->at);
        break;
    case OP_br_on_cast: case OP_br_on_cast_fail:
        put_event(f, EVENT_branch_if, imm->cast.label);
        note_paid(f, now->at);
        break;
    case OP_br_table: // the last is done first, backwards
        for (u32 i = 0; i + 1 < imm->labels.count; i++)
            put_event(f, EVENT_branch_if, imm->labels.at[i]);
        put_event(f, EVENT_branch, imm->labels.at[imm->labels.count - 1]);
        break;
    default:
        if (op_info[imm->op].effects & ENDS) put_event(f, EVENT_leave, 0);
    }
}

// ---- Backwards

static const u64 *label_set(Finder *f, u32 depth)
{
    return depth < f->scope_count ? f->scopes[f->scope_count - 1 - depth].label : NULL;
}

static Scope *push_scope(Finder *f, u32 loop)
{
    if (f->scope_count == f->scopes_made) {
        Scope fresh = {.label = new_set(f), .otherwise = new_set(f)};
        ARENA_PUSH(f->g->arena, f->scopes, f->scopes_made, f->scope_cap) = fresh;
    }
    Scope *s = &f->scopes[f->scope_count++];
    s->loop = loop;
    s->has_else = false;
    s->caught = f->scope_count > 1 ? s[-1].caught : NULL;
    return s;
}

static void end_scope(Finder *f, u32 number)
{
    u64 *label = push_scope(f, number)->label;
    const u64 *begin = number ? f->loops[number - 1].begin : NULL;
    if (begin) copy_set(f, label, begin);
    else if (number && f->pass) empty_set(f, label);
    else copy_set(f, label, f->now);
    if (!number || begin || f->pass) return;
    add_set(f, label, f->loops[number - 1].anywhere);
    for (u32 i = 0; i + 1 < f->scope_count; i++) add_set(f, label, f->scopes[i].label);
}

// Its labels are counted from outside of it.
static void end_try(Finder *f, Range labels)
{
    const u64 *label, *around = f->scope_count ? f->scopes[f->scope_count - 1].caught : NULL;
    u64 *set = new_set(f);
    if (around) copy_set(f, set, around);
    for (u32 i = labels.start; i < labels.end; i++)
        if ((label = label_set(f, f->caught[i]))) add_set(f, set, label);
    end_scope(f, 0);
    f->scopes[f->scope_count - 1].caught = set;
}

static void begin_else(Finder *f)
{
    Scope *s = &f->scopes[f->scope_count - 1];
    s->has_else = true;
    copy_set(f, s->otherwise, f->now);
    copy_set(f, f->now, s->label);
}

static void begin_scope(Finder *f, EventKind kind)
{
    const Scope *s = &f->scopes[--f->scope_count];
    if (kind == EVENT_if) add_set(f, f->now, s->has_else ? s->otherwise : s->label);
    if (kind != EVENT_loop) return;
    struct LoopReads *l = &f->loops[s->loop - 1];
    if (!f->pass) copy_set(f, f->now, s->label);
    else if (l->depth == f->pass) copy_set(f, l->begin = new_set(f), f->now);
}

static void go_back(Finder *f, const Event *e)
{
    const u64 *label;
    u64 bit = (u64)1 << e->number % 64;
    switch ((EventKind)e->kind) {
    case EVENT_get: f->now[e->number / 64] |= bit; break;
    case EVENT_set: f->now[e->number / 64] &= ~bit; break;
    case EVENT_end: end_scope(f, e->number); break;
    case EVENT_end_try: end_try(f, f->tries[e->number]); break;
    case EVENT_else: begin_else(f); break;
    case EVENT_block: case EVENT_loop: case EVENT_if: begin_scope(f, (EventKind)e->kind); break;
    case EVENT_branch:
        if ((label = label_set(f, e->number))) copy_set(f, f->now, label);
        break;
    case EVENT_branch_if:
        if ((label = label_set(f, e->number))) add_set(f, f->now, label);
        break;
    case EVENT_leave: empty_set(f, f->now); break;
    case EVENT_place:
        label = f->scope_count ? f->scopes[f->scope_count - 1].caught : NULL;
        if (label) add_set(f, f->now, label);
        if (!f->pass) copy_set(f, f->out->live + (size_t)e->number * f->words, f->now);
        break;
    }
}

static void go_all_back(Finder *f)
{
    f->scope_count = 0;
    f->now = new_set(f);
    for (u32 i = f->event_count; i-- > 0;) go_back(f, &f->events[i]);
}

bool states_find(StateList *s, Graph *g, u32 func, u32 locals)
{
    enum { WORDS_MOST = 4 << 20 };
    InstrReader r;
    Instr now;
    Diag diag;
    Finder f = {.g = g, .out = s, .words = (locals + 63) / 64};
    diag_init(&diag);
    instr_reader_init(&r, g->m, g->m->funcs[func].body, g->arena, &diag);
    instr_skip_locals(&r);
    note_paid(&f, g->m->funcs[func].body.start);
    while (instr_next(&r, &now)) look_at(&f, &now);
    if (diag.err != ERR_none) arena_fail(g->arena); // it was not validated
    s->words = f.words;
    if ((u64)s->place_count * f.words > WORDS_MOST) return false;
    s->live = NEW_ARRAY(g->arena, u64, (size_t)s->place_count * f.words);
    u32 passes = MIN(f.deepest, (u32)PASSES);
    for (f.pass = 1; f.pass <= passes; f.pass++) go_all_back(&f);
    f.pass = 0;
    go_all_back(&f);
    return true;
}

// ---- While the graph is built

// To the newest of `into`'s values.
static void put_pair(Builder *into, u32 home, NodeId node)
{
    StateList *s = into->g->states;
    ARENA_PUSH(into->arena, s->homes, s->home_count, s->home_cap) = home;
    ARENA_PUSH(into->arena, into->values, into->value_count, into->value_cap) = node;
}

// Of one that was taken in the collector looks at homes that no state named: nothing may be there
// that is no reference.
static void put_unread(Builder *into, const Builder *b, const u64 *live)
{
    graph_work(b->g, b->local_count);
    for (u32 i = 0; i < b->local_count; i++) {
        Type type = b->local_types[i];
        if (!type_is_ref(type) || (b->value[i] && live[i / 64] >> i % 64 & 1)) continue;
        put_pair(into, b->base + b->states->local_home[i], graph_zero(b->g, type | TYPE_NULL));
    }
}

// What the function has there, but for its newest `own` operands. Returns the home of those.
static u32 put_frame(Builder *into, const Builder *b, u32 at, u32 own)
{
    StateList *s = b->states;
    u32 home = b->base + s->local_slots;
    while (s->next < s->place_count && s->places[s->next] < at) s->next++;
    if (s->next == s->place_count || s->places[s->next] != at) {
        into->why = "a place that was not found";
        return home;
    }
    const u64 *live = s->live + (size_t)s->next * s->words;
    for (u32 w = 0; w < s->words; w++)
        for (u64 bits = live[w]; bits; bits &= bits - 1) {
            u32 local = w * 64 + (u32)__builtin_ctzll(bits);
            if (b->value[local])
                put_pair(into, b->base + s->local_home[local], graph_at(b->g, b->value[local]));
        }
    if (b->args) put_unread(into, b, live);
    for (u32 i = 0; i + own < b->height; i++) {
        NodeId node = graph_at(b->g, b->stack[i]);
        put_pair(into, home, node);
        home += type_slots(b->g->nodes[node].type);
    }
    graph_work(b->g, b->height + s->words);
    return home;
}

// Where calls are on the way, their arguments are gone.
static void put_outer(Builder *into, const Builder *b)
{
    if (b->outer) put_outer(into, b->outer);
    put_frame(into, b, b->call, 0);
}

void put_state(Builder *b, u32 at, u32 own, StateUse use)
{
    StateList *s = b->g->states;
    u32 values = b->value_count, first = s->home_count;
    if (b->outer) put_outer(b, b->outer);
    u32 home = put_frame(b, b, at, own), top = home, count = b->value_count - values;
    if (b->why) return;
    for (u32 i = b->height - own; i < b->height; i++)
        top += type_slots(b->g->nodes[graph_at(b->g, b->stack[i])].type);
    // arguments of calls go to where the callee's frame will begin
    s->most = MAX(s->most, use == STATE_call ? home : MAX(top, home + 1));
    NodeId node = graph_add(b->g, NODE_state, TYPE_bottom, b->values + values, count,
                            s->state_count);
    graph_append(b->g, b->at, node);
    b->value_count = values;
    ARENA_PUSH(b->arena, s->states, s->state_count, s->state_cap) =
        (State){home, first, count, use};
}
