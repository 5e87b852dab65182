// config.c -- see config.h. Which rules may apply to a redex, and in which order they are asked, is
// rule.def's to say: a switch is made from it.

#include "formal/wait.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// What runs out, of a machine that is not asked to be fast.
enum { FRAMES_MOST = 12000, VALUES_MOST = 8 << 20, LOCALS_MOST = 4 << 20, CONTEXTS_MOST = 1 << 22 };
enum { LOOK_EVERY = 1024 }; // steps, or what is like them, for who wants it to stop

const char *const rule_text[RULE_COUNT] = {
#define RULE(function, name) [RULE_##function] = name,
#define CONTEXT(function, name) [RULE_##function] = name,
#include "formal/rule.def"
};

void config_init(Config *c, FormalStore *s)
{
    *c = (Config){.store = s, .detail = "", .older = s->configs};
    s->configs = c;
}

static u64 stack_bytes(const Config *c)
{
    return ((u64)c->cap + c->local_cap) * sizeof(Val) + (u64)c->context_cap * sizeof(Context);
}

void config_free(Config *c)
{
    Config **at = &c->store->configs;
    while (*at != c) at = &(*at)->older;
    *at = c->older;
    wait_end(c);
    if (c->counted) formal_give_memory(c->store, stack_bytes(c));
    free(c->values);
    free(c->locals);
    free(c->contexts);
}

// Room for `more` behind `count`; false: there is none.
static bool grow(Config *c, void **at, u32 count, u32 *cap, u64 more, u64 most, size_t size)
{
    if (*cap - count >= more) return true;
    if (more > most || count > most - more) return false;
    u64 want = MIN(MAX((u64)*cap * 2, count + more + 64), most + 64), bytes = (want - *cap) * size;
    if (c->counted && !formal_take_memory(c->store, bytes)) return false;
    void *grown = realloc(*at, (size_t)want * size);
    if (!grown && c->counted) formal_give_memory(c->store, bytes);
    if (!grown) return false;
    *at = grown;
    *cap = (u32)want;
    return true;
}

static bool grow_values(Config *c, u64 more)
{
    return grow(c, (void **)&c->values, c->count, &c->cap, more, VALUES_MOST, sizeof *c->values);
}

static bool grow_locals(Config *c, u64 more)
{
    return grow(c, (void **)&c->locals, c->local_count, &c->local_cap, more, LOCALS_MOST,
                sizeof *c->locals);
}

static bool grow_contexts(Config *c, u64 more)
{
    return grow(c, (void **)&c->contexts, c->context_count, &c->context_cap, more, CONTEXTS_MOST,
                sizeof *c->contexts);
}

void config_calls(Config *c)
{
    c->call_count = 0;
    for (u32 frame = c->frame, in = c->context_count - 1; frame && c->call_count < CALLS_TOLD;) {
        const Context *f = &c->contexts[frame];
        const Instr *behind = c->contexts[in].at; // of a frame and of a handler: nothing
        const FuncInst *func = &c->store->funcs.at[f->func];
        c->calls[c->call_count++] = (Call){f->module, func->index, behind ? behind[-1].place : 0};
        in = frame - 1;
        frame = f->outer;
    }
    c->more_calls = c->frames - c->call_count;
}

// Both look from k and from the innermost frame on, in turns: one of these is near, however many
// labels or frames there are.
u32 frame_around(const Config *c, u32 k)
{
    for (u32 frame = c->frame; k && c->contexts[k].kind != CONTEXT_frame; k--) {
        if (frame <= k) return frame;
        frame = c->contexts[frame].outer;
    }
    return k;
}

u32 locals_end(const Config *c, u32 k)
{
    u32 frame = c->frame, end = c->local_count;
    for (k++; k < c->context_count && c->contexts[k].kind != CONTEXT_frame; k++) {
        if (frame < k) return end;
        end = c->contexts[frame].locals;
        frame = c->contexts[frame].outer;
    }
    return k < c->context_count ? c->contexts[k].locals : c->local_count;
}

bool halts(Config *c, Trap why, const char *detail)
{
    if (c->halt) return true;
    if (!c->why && why != TRAP_uncaught_exception) config_calls(c);
    c->halt = why;
    c->detail = detail;
    return true;
}

bool traps(Config *c, Trap why)
{
    if (!c->why) config_calls(c);
    c->why = why;
    ahead_plain(c, REDEX_trap, 0);
    return true;
}

bool has_room(Config *c, u64 values)
{
    return grow_values(c, values + VALUES_AHEAD) || !halts(c, TRAP_out_of_memory, "for values");
}

bool room(Config *c, u64 values)
{
    worked(c, values);
    return has_room(c, values);
}

bool enter(Config *c, Context of, u32 params)
{
    if (!grow_contexts(c, 1))
        return !(c->context_count == CONTEXTS_MOST ? halts(c, TRAP_call_stack_exhausted, "")
                                                   : halts(c, TRAP_out_of_memory, "for contexts"));
    assert(!c->ahead_count); // it is the innermost context's
    of.height = c->count - params;
    c->contexts[c->context_count++] = of;
    return true;
}

void leave(Config *c)
{
    const Context *gone = innermost(c);
    if (gone->kind == CONTEXT_frame) {
        c->frame = gone->outer;
        c->local_count = gone->locals;
        c->frames--;
    }
    c->context_count--;
    c->ahead_count = 0;
}

void keep_last(Config *c, u32 n)
{
    u32 height = innermost(c)->height;
    if (n && c->count != height + n) {
        memmove(c->values + height, c->values + c->count - n, n * sizeof *c->values);
        worked(c, n / AT_ONCE);
    }
    c->count = height + n;
}

bool room_for(Config *c, u64 values, u64 locals, u64 contexts, u64 frames)
{
    worked(c, values + locals + contexts);
    return frames <= FRAMES_MOST - c->frames && grow_values(c, values) && grow_locals(c, locals) &&
           grow_contexts(c, contexts);
}

bool config_begin(Config *c, ModuleInst *m)
{
    wait_end(c);
    c->count = c->local_count = c->context_count = c->ahead_count = c->frames = c->frame = 0;
    c->why = c->halt = TRAP_none;
    c->detail = "";
    return has_room(c, 0) && grow_locals(c, 1) &&
           enter(c, (Context){.kind = CONTEXT_top, .module = m}, 0);
}

// ---- Calls: the rule about them needs what only the machine has

static const Body *body_of(Config *c, FuncInst *f)
{
    const ModuleInst *m = f->module;
    FuncInst *first = m->like ? &c->store->funcs.at[m->like->funcs[f->index]] : f;
    if (!first->body) first->body = body_of_func(m->module, f->index, &c->store->arena);
    return f->body = first->body;
}

static bool enter_frame(Config *c, u32 func, const Body *body)
{
    const FuncInst *f = &c->store->funcs.at[func];
    const TypeDef *type = type_def(c->store->types, f->type);
    u32 params = type->param_count;
    if (c->frames == FRAMES_MOST || c->local_count > LOCALS_MOST - body->local_count)
        return traps(c, TRAP_call_stack_exhausted);
    if (!grow_locals(c, body->local_count)) return halts(c, TRAP_out_of_memory, "for locals");
    Context frame = {.kind = CONTEXT_frame, .arity = type->result_count, .func = func,
                     .module = f->module, .locals = c->local_count, .outer = c->frame};
    Val *locals = c->locals + c->local_count;
    worked(c, (body->local_count - params) / AT_ONCE);
    if (params) memcpy(locals, nth(c, params), params * sizeof *locals);
    for (u32 k = params; k < body->local_count; k++) locals[k] = value_default(body->locals[k]);
    pop(c, params);
    if (!enter(c, frame, 0)) return true;
    c->local_count += body->local_count;
    c->frame = c->context_count - 1;
    c->frames++;
    enter(c, (Context){.kind = CONTEXT_label, .arity = type->result_count, .at = body->instrs,
                       .end = body->instrs + body->count}, 0);
    return true;
}

bool Step_read_call_ref_func(Config *c, const Instr *i)
{
    if (nth(c, 1)->kind != VALUE_func) return false;
    u32 func = (u32)nth(c, 1)->bits;
    FuncInst *f = &c->store->funcs.at[func];
    if (f->host) return false;
    const Body *body = f->body ? f->body : body_of(c, f);
    if (!body) return halts(c, TRAP_out_of_memory, "for a function");
    pop(c, 1);
    return enter_frame(c, func, body);
}

// It would wait, and is asked again in its next turn.
static bool host_waits(Config *c, const Instr *i, Val func)
{
    push(c, func);
    ahead(c, *i);
    return halts(c, TRAP_waits, "");
}

// spec: exec/instructions, host functions
bool Step_read_call_ref_host(Config *c, const Instr *i)
{
    const Val func = *nth(c, 1);
    if (func.kind != VALUE_func) return false;
    const FuncInst *f = &c->store->funcs.at[func.bits];
    const TypeDef *type = type_def(c->store->types, f->type);
    pop(c, 1);
    if (!room(c, type->result_count)) return true;
    Val *args = c->values + c->count - type->param_count;
    c->caller = i->handed ? i->caller : module_of(c);
    Trap trap = f->host(c, f->env, args, args);
    if (trap == TRAP_waits) return host_waits(c, i, func);
    pop(c, type->param_count);
    if (trap) return traps(c, trap); // and nobody has written results
    c->count += type->result_count;
    return true;
}

// ---- Steps

static Rule reduce(Config *c, const Instr *i)
{
    switch (i->redex) {
    default:
#define AT(redex) return RULE_COUNT; case REDEX_##redex:
#define ALSO(redex) case REDEX_##redex:
#define RULE(function, name) if (function(c, i)) return RULE_##function;
#include "formal/rule.def"
    }
    return RULE_COUNT;
}

// What is at the redex, taken out of the sequence; values in front of it are moved over. NULL:
// there are values only, in all of the configuration.
static const Instr *redex(Config *c, Instr *taken)
{
    static const Instr only_values = {.redex = REDEX_values};
    for (;;) {
        Context *in = innermost(c);
        const Instr *i;
        if (c->ahead_count) *taken = c->ahead[--c->ahead_count], i = taken;
        else if (in->at != in->end) i = in->at, in->at += i->span;
        else return in->kind == CONTEXT_top ? NULL : &only_values;
        if (i->redex != REDEX_value) return i;
        if (c->cap - c->count < VALUES_AHEAD && !has_room(c, 0)) return NULL;
        push(c, i->value);
    }
}

static bool step(Config *c)
{
    Instr taken;
    const u32 before = c->count;
    const Instr *i = redex(c, &taken);
    if (!i) return false;
    worked(c, (c->count - before) / AT_ONCE);
    // TRAP and an exception, alone at the top
    bool alone = innermost(c)->kind == CONTEXT_top && nothing_left(c);
    if (i->redex == REDEX_trap && alone && !c->count) return halts(c, c->why, c->detail), false;
    if (i->redex == REDEX_throw_ref && alone && c->count == 1 && nth(c, 1)->kind == VALUE_exn)
        return halts(c, TRAP_uncaught_exception, ""), false;
    if (c->watch && c->watch->before) {
        c->watch->before(c->watch->env, c, i);
        if (c->halt) return false;
    }
    Rule rule = reduce(c, i);
    if (rule == RULE_COUNT) {
        if (c->watch && c->watch->after) c->watch->after(c->watch->env, c, rule);
        return halts(c, TRAP_not_executable, i->op < OP_COUNT ? op_info[i->op].text : ""), false;
    }
    c->used[rule]++;
    c->steps++;
    if (c->cap - c->count < VALUES_AHEAD) has_room(c, 0);
    if (c->watch && c->watch->after) c->watch->after(c->watch->env, c, rule);
    return !c->halt;
}

// May it go on? What it did since it was last asked is paid.
static bool goes_on(Config *c)
{
    bool out = c->fueled && c->fuel <= c->work;
    if (c->stop) halts(c, TRAP_interrupted, "");
    if (out) halts(c, TRAP_out_of_fuel, "");
    if (c->fueled) c->fuel = out ? 0 : c->fuel - c->work;
    c->store->now += c->work;
    c->work = 0;
    return !c->halt;
}

void config_start(Config *c, const Instr *instrs, u32 count)
{
    Context *top = &c->contexts[0];
    top->at = instrs;
    top->end = instrs + count;
    if (c->watch && c->watch->begins) c->watch->begins(c->watch->env, c);
}

// A step that only waits is the turn's last. What came in front of it others may have waited for.
static Turn turn_end(Config *c, u64 began)
{
    if (c->halt == TRAP_waits) {
        c->halt = TRAP_none;
        return c->steps > began + 1 ? TURN_goes_on : TURN_waits;
    }
    wait_end(c);
    return TURN_over;
}

Turn config_turn(Config *c, u64 steps)
{
    const u64 began = c->steps;
    while (goes_on(c)) {
        if (wait_goes_on(c)) return c->steps > began ? TURN_goes_on : TURN_waits;
        if (!steps) return TURN_goes_on;
        u64 some = MIN(steps, LOOK_EVERY);
        if (c->fueled) some = MIN(some, c->fuel);
        for (; c->work < some; c->work++)
            if (!step(c)) return turn_end(c, began);
        steps -= MIN(steps, c->work);
    }
    return turn_end(c, began);
}

Trap config_go(Config *c)
{
    if (c->go) c->go(c, c->go_env);
    else for (Turn turn; (turn = config_turn(c, UINT64_MAX)) != TURN_over;)
        if (turn == TURN_waits) time_passes(c->store);
    return c->halt;
}
