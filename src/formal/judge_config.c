// judge_config.c -- frames, and sequences of instructions with what stands there only while
// something is reduced. See judge.h.
//
// A context's part of the sequence is
//
//     val* (LABEL_ n {} ...) instr*        outer: the context within it is one instruction
//     val* ahead* instr*                   innermost
//
// and instr* is the rest of a body, for which the types are known that stand in front of it.
// spec: appendix/properties, configuration validity and typing of administrative instructions

#include "formal/judge.h"

// ---- Frames

bool Localval_ok_set(Judge *j, Val v, Type t)
{
    return concluded(j, JUDGEMENT_Localval_ok_set, judge_val(j, v, t));
}

bool Localval_ok_unset(Judge *j, Val v, Type t)
{
    if (!judge_type_ok(j, t)) return refuted(j, JUDGEMENT_Localval_ok_unset, "it is of no type");
    return judged(j, JUDGEMENT_Localval_ok_unset);
}

bool judge_local(Judge *j, Val v, Type t)
{
    return v.kind == VALUE_unset ? Localval_ok_unset(j, v, t) : Localval_ok_set(j, v, t);
}

// NULL: it is no frame, or one of no function that could have one.
static const FuncInst *func_of(Judge *j, const Config *c, u32 k)
{
    const Context *frame = &c->contexts[k];
    if (frame->kind != CONTEXT_frame || frame->func >= j->s->funcs.count) return NULL;
    const FuncInst *f = &j->s->funcs.at[frame->func];
    return f->body ? f : NULL;
}

static bool frame_has_func(Judge *j, const Config *c, u32 k)
{
    return c->contexts[k].kind != CONTEXT_frame || func_of(j, c, k) ||
           refuted(j, JUDGEMENT_Frame_ok, "it is of no function that has a body");
}

// The module was judged when it came up, and as the store is extended it stays as it is.
bool Frame_ok(Judge *j, const Config *c, u32 k)
{
    const Context *frame = &c->contexts[k];
    const FuncInst *f = func_of(j, c, k);
    const Val *locals = c->locals + frame->locals;
    u32 count = locals_end(c, k) - frame->locals;
    if (!frame_has_func(j, c, k)) return false;
    if (f && (f->module != frame->module || f->body->local_count != count))
        return refuted(j, JUDGEMENT_Frame_ok, "it has another module or other locals than its "
                       "function");
    if (!f && count) return refuted(j, JUDGEMENT_Frame_ok, "it is no function's, but has locals");
    j->work += 8 * (u64)count;
    for (u32 x = 0; x < count; x++) {
        Type t = f->body->locals[x];
        if (!judge_local(j, locals[x], t)) return within_part(j, JUDGEMENT_Frame_ok, "local %u", x);
    }
    return judged(j, JUDGEMENT_Frame_ok);
}

// Of the configuration, whose frame is the top's. And of all modules there are, in whose frames
// it may be.
bool State_ok(Judge *j, const Config *c)
{
    j->modules = NULL;
    if (!judge_modules(j)) return within(j, JUDGEMENT_State_ok);
    return concluded(j, JUDGEMENT_State_ok, Store_ok(j) && Frame_ok(j, c, 0));
}

// ---- What a context is of

static const Typing *typing_around(Judge *j, const Config *c, u32 frame)
{
    if (!frame_has_func(j, c, frame)) return NULL;
    const FuncInst *f = func_of(j, c, frame);
    return f ? typing_of_func(j, f) : j->top;
}

TypingContext context_of(Judge *j, const Config *c, u32 k)
{
    const Context *frame = &c->contexts[frame_around(c, k)];
    const FuncInst *f = func_of(j, c, frame_around(c, k));
    TypingContext C = typing_context(j, JUDGEMENT_Instr_ok2_plain,
                                     frame->module ? frame->module->module : NULL);
    C.config = c;
    C.context = k;
    if (f) {
        const TypeDef *def = type_def(j->s->types, f->type);
        C.locals = f->body->locals;
        C.local_count = f->body->local_count;
        C.values = c->locals + frame->locals;
        C.is_func = true;
        C.returns = type_results(def);
        C.return_count = def->result_count;
    }
    return C;
}

// t*, of the context as one instruction.
static void results_of(Judge *j, const Config *c, u32 k, const Type **types, u32 *count)
{
    const Context *in = &c->contexts[k];
    const Type *params;
    u32 param_count;
    if (in->block) {
        block_types(j->s->types, in->block, &params, &param_count, types, count);
    } else if (in->kind == CONTEXT_top) {
        *types = j->top->results, *count = j->top->result_count;
    } else {
        const FuncInst *f = func_of(j, c, frame_around(c, k));
        const TypeDef *def = type_def(j->s->types, in->kind == CONTEXT_prompt ? in->func : f->type);
        *types = type_results(def), *count = def->result_count;
    }
}

// ---- Instructions

bool Instr_ok2_plain(Judge *j, TypingContext *C, const Instr *i, Stack *s)
{
    C->rule = JUDGEMENT_Instr_ok2_plain;
    return concluded(j, JUDGEMENT_Instr_ok2_plain, instr_ok(C, i, s));
}

bool Instr_ok2_call_ref(Judge *j, TypingContext *C, const Instr *i, Stack *s)
{
    C->rule = JUDGEMENT_Instr_ok2_call_ref;
    return concluded(j, JUDGEMENT_Instr_ok2_call_ref, instr_ok(C, i, s));
}

bool Instr_ok2_return_call_ref(Judge *j, TypingContext *C, const Instr *i, Stack *s)
{
    C->rule = JUDGEMENT_Instr_ok2_return_call_ref;
    return concluded(j, JUDGEMENT_Instr_ok2_return_call_ref, instr_ok(C, i, s));
}

bool Instr_ok2_ref(Judge *j, Val v, Type *type)
{
    return concluded(j, JUDGEMENT_Instr_ok2_ref, judge_type_of(j, v, type));
}

// Numbers and vectors are plain instructions.
bool judge_value(Judge *j, Val v, Type *type)
{
    bool ref = v.kind >= VALUE_null || v.kind == VALUE_unset;
    return ref ? Instr_ok2_ref(j, v, type)
               : judge_type_of(j, v, type) && judged(j, JUDGEMENT_Instr_ok2_plain);
}

bool Instr_ok2_trap(Judge *j, Stack *s)
{
    s->any = true;
    s->top = s->count = 0;
    return judged(j, JUDGEMENT_Instr_ok2_trap);
}

bool judge_instr(Judge *j, TypingContext *C, const Instr *i, Stack *s)
{
    if (i->redex == REDEX_trap) return Instr_ok2_trap(j, s);
    if (i->redex == OP_call_ref) return Instr_ok2_call_ref(j, C, i, s);
    if (i->redex == OP_return_call_ref) return Instr_ok2_return_call_ref(j, C, i, s);
    if (i->redex == REDEX_value) return instr_ok(C, i, s);
    return Instr_ok2_plain(j, C, i, s);
}

// ---- Sequences

bool Instrs_ok2_empty(Judge *j, Stack *s) { return judged(j, JUDGEMENT_Instrs_ok2_empty); }

bool Instrs_ok2_seq(Judge *j, TypingContext *C, const Instr *i, Stack *s)
{
    return concluded(j, JUDGEMENT_Instrs_ok2_seq, judge_instr(j, C, i, s));
}

static bool find_front(Judge *j, const Config *c, u32 k, Front *front)
{
    const Context *in = &c->contexts[k];
    *front = (Front){0};
    if (in->at == in->end) return results_of(j, c, k, &front->types, &front->count), true;
    const Typing *t = typing_around(j, c, frame_around(c, k));
    if (!t) return false;
    size_t at = (size_t)(in->at - t->instrs);
    u32 owner = in->block ? (u32)(in->block - t->instrs) + 1 : 0;
    if (at >= t->count || t->owner[at] != owner)
        return refuted(j, JUDGEMENT_Instrs_ok2_seq, "what is left of a sequence is none of it");
    front->nodes = t->nodes.at;
    front->node = t->front[at];
    front->count = t->nodes.at[front->node].depth;
    return true;
}

// The topmost type; then that is off.
static Type front_pop(Front *front)
{
    front->count--;
    if (!front->nodes) return front->types[front->count];
    Type type = front->nodes[front->node].type;
    front->node = front->nodes[front->node].below;
    return type;
}

static const char *behind(const Front *front)
{
    return front->nodes ? "the rest takes" : "it should end in";
}

// What instructions left there is what the rest takes.
bool Instrs_ok2_sub(Judge *j, Stack *s, Front *front)
{
    while (s->top && front->count) {
        Type want = front_pop(front), found;
        stack_pop(s, &found);
        if (!judge_matches(j, found, want))
            return refuted(j, JUDGEMENT_Instrs_ok2_sub, "%s %s, where %s is left", behind(front),
                           type_words(want).text, type_words(found).text);
    }
    return judged(j, JUDGEMENT_Instrs_ok2_sub);
}

// Values that no instruction took stand as they are in front of the rest. The topmost are judged;
// of the others, which nothing has changed, only that they are as many.
bool Instrs_ok2_frame(Judge *j, Stack *s, Front *front, u32 deep)
{
    if (s->any) return true;
    if (s->count != front->count || s->top)
        return refuted(j, JUDGEMENT_Instrs_ok2_frame, "%s %u values more, where %u more are left",
                       behind(front), front->count, s->count);
    for (u32 n = MIN(s->count, deep); n; n--)
        if (!judge_val(j, s->values[--s->count], front_pop(front)))
            return within(j, JUDGEMENT_Instrs_ok2_frame);
    return judged(j, JUDGEMENT_Instrs_ok2_frame);
}

static bool sets_ahead(const Config *c, u32 k, u32 local)
{
    for (u32 n = k + 1 == c->context_count ? c->ahead_count : 0; n-- > 0;)
        if (c->ahead[n].redex == OP_local_set && c->ahead[n].x == local) return true;
    return false;
}

static bool locals_are_set(Judge *j, const Config *c, u32 k, const Typing *t)
{
    const Context *in = &c->contexts[k];
    if (!t->sets || in->at == in->end) return true;
    const Val *locals = c->locals + c->contexts[frame_around(c, k)].locals;
    for (u32 n = t->sets[in->at - t->instrs]; n; n = t->set[n].before)
        if (locals[t->set[n].local].kind == VALUE_unset && !sets_ahead(c, k, t->set[n].local))
            return refuted(j, JUDGEMENT_Instrs_ok2_seq, "the rest relies on local %u, which is not "
                           "set", t->set[n].local);
    return true;
}

// The k-th context's part. Where nobody knows what instructions of its body are nothing is judged.
static bool part_ok(Judge *j, const Config *c, u32 k, u32 deep)
{
    const Context *in = &c->contexts[k];
    bool innermost = k + 1 == c->context_count;
    const Typing *t = typing_around(j, c, frame_around(c, k));
    if (!t || !t->known) return t != NULL;
    TypingContext C = context_of(j, c, k);
    Stack s = {.judge = j, .nodes = &j->nodes, .values = c->values + in->height};
    Front front;
    j->nodes.count = 1;
    s.count = (innermost ? c->count : c->contexts[k + 1].height) - in->height;
    if (!innermost) {
        results_of(j, c, k + 1, &front.types, &front.count);
        for (u32 n = 0; n < front.count; n++) stack_push(&s, front.types[n]);
    }
    for (u32 n = innermost ? c->ahead_count : 0; n-- > 0;)
        if (!Instrs_ok2_seq(j, &C, &c->ahead[n], &s)) return C.unknown;
    j->work += 20 + 8 * (u64)MIN(s.count, deep);
    return find_front(j, c, k, &front) && Instrs_ok2_empty(j, &s) &&
           Instrs_ok2_sub(j, &s, &front) && Instrs_ok2_frame(j, &s, &front, deep) &&
           locals_are_set(j, c, k, t);
}

bool Expr_ok2(Judge *j, const Config *c, u32 k, u32 deep)
{
    return concluded(j, JUDGEMENT_Expr_ok2, part_ok(j, c, k, deep));
}

// ---- Contexts as instructions

static bool has_arity(Judge *j, Judgement rule, u32 have, u32 want)
{
    return have == want || refuted(j, rule, "n is %u, where %u is the number of its values", have,
                                   want);
}

// What a label or a handler is of stands where its typing says: in the block around.
static bool stands_in_place(Judge *j, const Config *c, u32 k, Judgement rule, const Typing *t)
{
    const Context *in = &c->contexts[k];
    u32 around = k - 1, at = in->block ? (u32)(in->block - t->instrs) : 0;
    if (in->block && c->contexts[around].block == in->block) around--; // the two of a try
    const Context *outer = &c->contexts[around];
    if (!in->block)
        return outer->kind == CONTEXT_frame ||
               refuted(j, rule, "a body's label is not in its frame");
    u32 owner = outer->block ? (u32)(outer->block - t->instrs) + 1 : 0;
    return (at < t->count && t->owner[at] == owner) ||
           refuted(j, rule, "it stands in another block than its own");
}

bool Instr_ok2_label(Judge *j, const Config *c, u32 k, u32 deep)
{
    const Context *in = &c->contexts[k];
    const Typing *t = typing_around(j, c, frame_around(c, k));
    const Type *types;
    u32 count;
    if (!t) return within(j, JUDGEMENT_Instr_ok2_label);
    if (!t->known) return true;
    results_of(j, c, k, &types, &count);
    if (in->again) count = in->again->params; // instr'* : t'^n -> t*
    if (in->again && in->again != in->block)
        return refuted(j, JUDGEMENT_Instr_ok2_label, "it goes on with another block than its own");
    return concluded(j, JUDGEMENT_Instr_ok2_label,
                     stands_in_place(j, c, k, JUDGEMENT_Instr_ok2_label, t) &&
                         has_arity(j, JUDGEMENT_Instr_ok2_label, in->arity, count) &&
                         part_ok(j, c, k, deep));
}

bool Instr_ok2_frame(Judge *j, const Config *c, u32 k, u32 deep)
{
    const Type *types;
    u32 count;
    if (!frame_has_func(j, c, k)) return within(j, JUDGEMENT_Instr_ok2_frame);
    results_of(j, c, k, &types, &count);
    return concluded(j, JUDGEMENT_Instr_ok2_frame,
                     has_arity(j, JUDGEMENT_Instr_ok2_frame, c->contexts[k].arity, count) &&
                         (deep < JUDGE_DEEP || Frame_ok(j, c, k)) && Expr_ok2(j, c, k, deep));
}

// Its clauses are its block's, or the last of them.
static bool clauses_ok(Judge *j, const Config *c, u32 k, u32 deep)
{
    const Context *in = &c->contexts[k];
    TypingContext C = context_of(j, c, k - 1);
    C.rule = JUDGEMENT_Instr_ok2_handler;
    if (in->clause_count > in->block->clause_count ||
        (in->clause_count && in->clauses + in->clause_count !=
                                 in->block->clauses + in->block->clause_count))
        return refuted(j, JUDGEMENT_Instr_ok2_handler, "its clauses are not its block's");
    for (u32 n = 0; n < MIN(in->clause_count, deep); n++)
        if (!catch_ok(&C, &in->clauses[n])) return false;
    return true;
}

bool Instr_ok2_handler(Judge *j, const Config *c, u32 k, u32 deep)
{
    const Type *types;
    u32 count;
    const Typing *t = typing_around(j, c, frame_around(c, k));
    if (!t) return within(j, JUDGEMENT_Instr_ok2_handler);
    if (!t->known) return true;
    results_of(j, c, k, &types, &count);
    return concluded(j, JUDGEMENT_Instr_ok2_handler,
                     stands_in_place(j, c, k, JUDGEMENT_Instr_ok2_handler, t) &&
                         has_arity(j, JUDGEMENT_Instr_ok2_handler, c->contexts[k].arity, count) &&
                         clauses_ok(j, c, k, deep) && part_ok(j, c, k, deep));
}

// The others of a legacy try, and a prompt: of proposals, as a handler is.
static bool other_ok(Judge *j, const Config *c, u32 k, u32 deep)
{
    const Context *in = &c->contexts[k];
    const Typing *t = typing_around(j, c, frame_around(c, k));
    const Type *types;
    u32 count;
    if (!t) return within(j, JUDGEMENT_Instr_ok2_handler);
    if (!t->known) return true;
    results_of(j, c, k, &types, &count);
    return (in->kind == CONTEXT_prompt ||
            stands_in_place(j, c, k, JUDGEMENT_Instr_ok2_handler, t)) &&
           has_arity(j, JUDGEMENT_Instr_ok2_handler, in->arity, count) && part_ok(j, c, k, deep);
}

bool judge_context(Judge *j, const Config *c, u32 k, u32 deep)
{
    switch ((ContextKind)c->contexts[k].kind) {
    case CONTEXT_top: return Expr_ok2(j, c, k, deep);
    case CONTEXT_frame: return Instr_ok2_frame(j, c, k, deep);
    case CONTEXT_label: return Instr_ok2_label(j, c, k, deep);
    case CONTEXT_handler: return Instr_ok2_handler(j, c, k, deep);
    case CONTEXT_try: case CONTEXT_caught: case CONTEXT_prompt: return other_ok(j, c, k, deep);
    }
    return true;
}

bool Config_ok(Judge *j, const Config *c)
{
    if (!State_ok(j, c)) return within(j, JUDGEMENT_Config_ok);
    for (u32 k = 0; k < c->context_count; k++)
        if (!judge_context(j, c, k, JUDGE_DEEP)) return within(j, JUDGEMENT_Config_ok);
    return judged(j, JUDGEMENT_Config_ok);
}
