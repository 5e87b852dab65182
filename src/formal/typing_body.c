// typing_body.c -- the types in front of each instruction of a body. See typing.h.

#include "formal/judge.h"

#include <string.h>

typedef struct {
    TypingContext C;
    Typing *t;
    Stack stack;
    Arena *arena;
    OpenBlock *open;
    u32 open_count, open_cap;
    u8 *set;                 // which locals are
    u32 sets;                // the latest that was
    bool some_unset;
} Builder;

static const TypeStore *types_of(const Builder *b) { return b->C.judge->s->types; }

// ---- Locals

static void begin_locals(Builder *b, const TypeDef *type)
{
    Judge *j = b->C.judge;
    u32 count = b->C.local_count;
    b->set = arena_alloc(b->arena, count / 8 + 1);
    for (u32 k = 0; k < count; k++) {
        bool set = k < type->param_count || Defaultable(j, b->C.locals[k]);
        if (set) b->set[k / 8] |= (u8)(1 << k % 8);
        else b->some_unset |= Nondefaultable(j, b->C.locals[k]);
    }
    b->C.set = b->set;
    ARENA_PUSH(b->arena, b->t->set, b->t->set_count, b->t->set_cap) = (struct SetNode){0};
}

static void note_set(Builder *b, u32 local)
{
    if (b->set[local / 8] >> local % 8 & 1) return;
    b->set[local / 8] |= (u8)(1 << local % 8);
    ARENA_PUSH(b->arena, b->t->set, b->t->set_count, b->t->set_cap) =
        (struct SetNode){local, b->sets};
    b->sets = b->t->set_count - 1;
}

static void forget_sets(Builder *b, u32 to)
{
    for (; b->sets != to; b->sets = b->t->set[b->sets].before) {
        u32 local = b->t->set[b->sets].local;
        b->set[local / 8] &= (u8)~(1 << local % 8);
    }
}

// ---- Sequences

static void begin_sequence(Builder *b, const Type *types, u32 count)
{
    b->stack.top = 0;
    b->stack.any = false;
    for (u32 k = 0; k < count; k++) stack_push(&b->stack, types[k]);
}

// Is what is left just that?
static bool sequence_leaves(Builder *b, const Type *types, u32 count)
{
    Judge *j = b->C.judge;
    Type found;
    while (count--) {
        if (!stack_pop(&b->stack, &found))
            return refuted(j, b->C.rule, "a sequence leaves too few values");
        if (!judge_matches(j, found, types[count]))
            return refuted(j, b->C.rule, "a sequence leaves %s, where %s is wanted",
                           type_words(found).text, type_words(types[count]).text);
    }
    return !b->stack.top || refuted(j, b->C.rule, "a sequence leaves too many values");
}

static bool is_part(const Instr *i)
{
    return i->redex == OP_catch || i->redex == OP_catch_all || i->redex == OP_delegate;
}

static bool is_parted(const Instr *i) { return i->redex == OP_if || i->redex == OP_try; }

static void open_block(Builder *b, u32 at)
{
    const Instr *i = &b->t->instrs[at];
    const Type *params, *results;
    u32 param_count, result_count;
    block_types(types_of(b), i, &params, &param_count, &results, &result_count);
    ARENA_PUSH(b->arena, b->open, b->open_count, b->open_cap) =
        (OpenBlock){.end = at + (is_parted(i) ? i->x : i->span), .owner = at + 1,
                    .outside = b->stack, .sets = b->sets, .block = i};
    begin_sequence(b, params, param_count);
}

// The part of a try that begins there: a catch begins with what its tag has.
static bool next_part(Builder *b, OpenBlock *o)
{
    u32 at = o->end;
    const Instr *part = &b->t->instrs[at];
    const TypeDef *tag = NULL;
    if (part->redex == OP_catch) {
        const Module *m = b->C.module;
        if (part->x >= m->tag_count) return refuted(b->C.judge, b->C.rule, "a tag is not there");
        tag = type_def(types_of(b), m->tags[part->x].type);
    }
    begin_sequence(b, tag ? tag->params : NULL, tag ? tag->param_count : 0);
    b->t->owner[at] = (u32)(o->block - b->t->instrs) + 1;
    o->owner = at + 1;
    o->end = at + part->span;
    // what is delegated gives nothing
    return part->redex != OP_delegate || (b->stack.any = true);
}

// A part of the innermost block ends here: all of it, or the first half of an `if`, or one of those
// of a try. An `if` without another half leaves what it takes.
static bool close_part(Builder *b)
{
    OpenBlock *o = &b->open[b->open_count - 1];
    u32 whole = (u32)(o->block - b->t->instrs) + o->block->span;
    const Type *params, *results;
    u32 param_count, result_count;
    block_types(types_of(b), o->block, &params, &param_count, &results, &result_count);
    if (!sequence_leaves(b, results, result_count)) return false;
    forget_sets(b, o->sets);
    if (o->end != whole && o->block->redex == OP_try) return next_part(b, o);
    if (o->block->redex == OP_if) begin_sequence(b, params, param_count);
    if (o->end != whole) return o->end = whole, true;
    if (o->block->redex == OP_if && o->block->x == o->block->span &&
        !sequence_leaves(b, results, result_count))
        return false;
    b->stack = o->outside;
    b->open_count--;
    return true;
}

static bool each_instr(Builder *b)
{
    Typing *t = b->t;
    for (u32 at = 0;; at++) {
        bool part = at < t->count && is_part(&t->instrs[at]), begun = false;
        while (!begun && b->open_count && b->open[b->open_count - 1].end == at) {
            if (!close_part(b)) return false;
            begun = part && b->open_count && b->open[b->open_count - 1].owner == at + 1;
        }
        if (at == t->count) return true;
        if (part) continue;
        const Instr *i = &t->instrs[at];
        t->front[at] = b->stack.top;
        t->owner[at] = b->open_count ? b->open[b->open_count - 1].owner : 0;
        if (t->sets) t->sets[at] = b->sets;
        b->C.open = b->open;
        b->C.open_count = b->open_count;
        if (!instr_ok(&b->C, i, &b->stack)) return false;
        if (i->redex == OP_local_set || i->redex == OP_local_tee) note_set(b, i->x);
        if (is_block(i->redex)) open_block(b, at);
    }
}

static void begin(Builder *b, Arena *arena, Typing *t, const Instr *instrs, u32 count)
{
    *t = (Typing){.instrs = instrs, .count = count, .known = true};
    t->front = NEW_ARRAY(arena, u32, (size_t)count + 1);
    t->owner = NEW_ARRAY(arena, u32, (size_t)count + 1);
    nodes_init(&t->nodes, arena);
    b->t = t;
    b->arena = arena;
    b->stack = (Stack){.judge = b->C.judge, .nodes = &t->nodes};
}

// ---- Functions

static bool build_func(Builder *b, const FuncInst *f, Arena *scratch)
{
    const TypeDef *type = type_def(types_of(b), f->type);
    const Body *body = f->body;
    b->C.locals = body->locals;
    b->C.local_count = body->local_count;
    b->C.is_func = true;
    b->C.returns = b->t->results = type_results(type);
    b->C.return_count = b->t->result_count = type->result_count;
    begin_locals(b, type);
    if (b->some_unset) b->t->sets = NEW_ARRAY(scratch, u32, (size_t)body->count + 1);
    if (each_instr(b)) return sequence_leaves(b, b->t->results, b->t->result_count);
    b->t->known = false;
    return b->C.unknown;
}

// What stays of it.
static const Typing *keep(const Typing *t, Arena *arena)
{
    Typing *kept = arena_copy(arena, t, sizeof *t);
    size_t size = (size_t)t->count * sizeof(u32);
    kept->front = arena_copy(arena, t->front, size);
    kept->owner = arena_copy(arena, t->owner, size);
    if (t->sets) kept->sets = arena_copy(arena, t->sets, size);
    kept->set = arena_copy(arena, t->set, t->set_count * sizeof *t->set);
    kept->nodes.at = arena_copy(arena, t->nodes.at, t->nodes.count * sizeof *t->nodes.at);
    return kept;
}

const Typing *typing_new(Judge *j, const FuncInst *f)
{
    Arena scratch, *stays = &j->s->arena;
    jmp_buf failed;
    Typing t;
    Builder b = {.C = typing_context(j, JUDGEMENT_Funcinst_ok, f->module->module)};
    const Typing *volatile made = NULL;
    volatile bool short_of_memory = true;
    arena_init(&scratch);
    scratch.limit = TYPING_MOST;
    scratch.on_failure = stays->on_failure = &failed;
    if (!setjmp(failed)) {
        begin(&b, &scratch, &t, f->body->instrs, f->body->count);
        if (build_func(&b, f, &scratch)) made = f->body->typing = keep(&t, stays);
        short_of_memory = false;
    }
    arena_free(&scratch);
    stays->on_failure = NULL;
    if (short_of_memory) arena_fail(&j->arena);
    return made;
}

// ---- What the top runs

static void find_results(Builder *b)
{
    Typing *t = b->t;
    t->result_count = t->nodes.at[b->stack.top].depth;
    Type *results = NEW_ARRAY(b->arena, Type, (size_t)t->result_count + 1), found;
    for (u32 k = t->result_count; k-- > 0; results[k] = found) stack_pop(&b->stack, &found);
    t->results = results;
}

static bool top_in_front(Builder *b, const Config *c)
{
    Type type;
    for (u32 k = 0; k < c->count; k++) {
        if (!judge_value(b->C.judge, c->values[k], &type)) return false;
        stack_push(&b->stack, type);
    }
    for (u32 k = c->ahead_count; k-- > 0;)
        if (!judge_instr(b->C.judge, &b->C, &c->ahead[k], &b->stack)) return false;
    return true;
}

const Typing *typing_of_top(Judge *j, Arena *arena, const Config *c)
{
    const Context *top = &c->contexts[0];
    Typing *t = NEW(arena, Typing);
    Builder b = {.C = typing_context(j, JUDGEMENT_Instr_ok2_plain,
                                     top->module ? top->module->module : NULL)};
    begin(&b, arena, t, top->at, top->at == top->end ? 0 : (u32)(top->end - top->at));
    if (top_in_front(&b, c) && each_instr(&b)) return find_results(&b), t;
    t->known = false;
    return b.C.unknown ? t : NULL;
}
