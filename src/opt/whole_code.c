// whole_code.c -- passes that look at a few instructions at a time: dead, drops, tiny.

#include "opt/round.h"

static const Bytes nothing = {0};

// ---- Code that cannot be reached, and nop

typedef struct {
    OptRound *r;
    u32 func, from;   // where code began that cannot be reached; 0: nowhere
} Dead;

static void find_dead(void *env, const Seen *s)
{
    Dead *d = env;
    if (d->func == s->func && d->from && d->from < s->at) {
        round_splice(d->r, d->from, s->at, nothing);
        d->r->found++;
    }
    d->func = s->func;
    d->from = s->goes_on ? 0 : s->end;
    if (s->op != OP_nop) return;
    round_splice(d->r, s->at, s->end, nothing);
    d->r->found++;
}

void opt_pass_dead(OptRound *r)
{
    Dead d = {.r = r};
    round_look(r, find_dead, &d);
}

// ---- What is made and dropped

static void find_dropped(void *env, const Seen *s)
{
    OptRound *r = env;
    if (s->op != OP_drop || !s->taken->pure || s->taken->end != s->at) return;
    round_splice(r, s->taken->start, s->end, nothing);
    r->found++;
}

void opt_pass_drops(OptRound *r) { round_look(r, find_dropped, r); }

// ---- Tiny functions

// What stands in the place of a call: all but the parameters, which are on the stack as the body
// wants them, or dropped.
typedef struct {
    bool fits;
    u8 drops;
    u32 start, end;
    u32 calls;
} Tiny;

enum { TINY = 12 }; // bytes, at most

static bool is_plain(Op op)
{
    switch (op_info[op].immediates) {
    case IMM_block: case IMM_label: case IMM_labels: case IMM_local: case IMM_cast:
    case IMM_try_table: case IMM_resume: case IMM_resume_throw:
        return false;
    default: return !(op_info[op].effects & ENDS) || op == OP_unreachable;
    }
}

// A body that takes its parameters in their order, each once, before it does anything else; or
// takes none of them.
static Tiny find_tiny(OptRound *r, u32 func)
{
    const Module *m = r->m;
    const TypeDef *type = type_def(m->store, m->funcs[func].type);
    Range body = m->funcs[func].body;
    u32 params = type->param_count, taken = 0;
    Tiny none = {0}, tiny = {0};
    if (body.end - body.start > 2 + params * 4 + TINY) return none;
    if (m->bytes[body.start]) return none; // it has locals
    Scan s = scan_func(r, func);
    tiny.start = body.start + 1;
    while (scan_next_in(&s) && s.now.imm.op == OP_local_get && s.now.imm.local == taken) {
        taken++;
        tiny.start = s.end;
    }
    if (taken && taken != params) return none;
    tiny.drops = taken ? 0 : (u8)MIN(params, 255);
    for (; s.end < body.end; scan_next_in(&s))
        if (!is_plain(s.now.imm.op) || (s.now.imm.op == OP_call && s.now.imm.func == func))
            return none;
    tiny.end = body.end - 1;
    tiny.fits = tiny.drops == (taken ? 0 : params) &&
                tiny.end - tiny.start + tiny.drops <= TINY;
    return tiny;
}

// What all of it takes then, and what a few bytes more are worth: a call takes its time.
static bool is_worth_it(const OptRound *r, u32 func, const Tiny *tiny)
{
    Range body = r->m->funcs[func].body;
    s64 size = tiny->end - tiny->start + tiny->drops, call = 2;
    for (u32 rest = func >> 7; rest; rest >>= 7) call++;
    s64 grows = (size - call) * tiny->calls;
    if (!round_escapes(r, func)) grows -= body.end - body.start + 2;
    if (grows <= 0) return true;
    return !r->level.size && size <= (r->level.speed > 2 ? TINY : TINY / 2);
}

static Bytes tiny_code(OptRound *r, const Tiny *tiny, bool tail)
{
    Buf b;
    buf_init(&b, r->arena);
    for (u32 i = 0; i < tiny->drops; i++) encode_op(&b, OP_drop);
    buf_bytes(&b, r->m->bytes + tiny->start, tiny->end - tiny->start);
    if (tail) encode_op(&b, OP_return);
    return buf_view(&b);
}

void opt_pass_tiny(OptRound *r)
{
    const Module *m = r->m;
    Tiny *tiny = NEW_ARRAY(r->arena, Tiny, m->func_count);
    u32 any = 0;
    for (u32 i = m->imported_funcs; i < m->func_count; i++) {
        tiny[i] = find_tiny(r, i);
        any += tiny[i].fits;
    }
    if (!any) return;
    for (Scan s = scan_all(r); scan_next(&s);)
        if (s.now.imm.op == OP_call || s.now.imm.op == OP_return_call)
            tiny[s.now.imm.func].calls++;
    for (u32 i = m->imported_funcs; i < m->func_count; i++) {
        tiny[i].fits = tiny[i].fits && is_worth_it(r, i, &tiny[i]);
        if (tiny[i].fits && tiny[i].calls)
            watch_note(m, i, "stands in the place of its calls: %u", tiny[i].calls);
    }
    for (Scan s = scan_all(r); scan_next(&s);) {
        bool tail = s.now.imm.op == OP_return_call;
        if ((!tail && s.now.imm.op != OP_call) || !tiny[s.now.imm.func].fits) continue;
        round_splice(r, s.now.at, s.end, tiny_code(r, &tiny[s.now.imm.func], tail));
        r->found++;
    }
}
