// check.c -- see check.h.

#include "formal/check.h"

#include "formal/access.h"
#include "formal/print.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEEP = 16,            // values below those that a step left are judged again so far down
    LOCALS = 16,          // and of a frame so many around the one that was set
    WHOLE_EVERY = 1 << 16, // steps, at least, where nobody says otherwise
    PARTS_MOST = 4,       // of the store, that a step tells
};

struct Check {
    Judge judge;
    Config *config;
    Watch watch;
    Arena top;            // what is known of the sequence that the top runs
    u64 every, next;      // at which step all is judged
    CheckCounts counts;
    // of the step that is being done
    Instr redex;
    Access access;
    u32 contexts;         // how many there were
    u32 low;              // values below that it does not take
    Part parts[PARTS_MOST];
    u32 part_count;
    bool more_parts, outside;
    Rule last;            // what was done before; RULE_COUNT: nothing
    const char *property; // that does not hold
    Arena report_arena;
    const char *report;
};

// ---- What is said of what is not sound

static void put(Buf *out, const char *form, ...) PRINTF_LIKE(2, 3);
static void put(Buf *out, const char *form, ...)
{
    char text[400];
    va_list args;
    va_start(args, form);
    vsnprintf(text, sizeof text, form, args);
    va_end(args);
    buf_bytes(out, text, strlen(text));
}

// `redex`: the step was not done yet.
static void write_report(Check *k, Rule rule, const Instr *redex)
{
    static const PrintForm form = {.contexts = 6, .values = 8, .instrs = 8, .lines = true,
                                   .open = ">", .close = "<"};
    Buf out;
    buf_init(&out, &k->report_arena);
    put(&out, "%s fails ", k->property);
    if (rule == RULE_COUNT) put(&out, "where a sequence begins: ");
    else put(&out, "%s step %" PRIu64 ", %s: ", redex ? "behind" : "in", k->config->steps,
             rule_text[rule]);
    for (u32 n = 0; n < k->judge.rule_count; n++)
        put(&out, "%s%s", n ? " in " : "", judgement_text[k->judge.rules[n]]);
    put(&out, "%s%s%s%s\n", k->judge.rule_count ? ": " : "", k->judge.where,
        *k->judge.where ? ": " : "", k->judge.why);
    print_config(&out, k->config, redex, &form);
    buf_byte(&out, 0);
    k->report = (const char *)out.data;
}

static void report(Check *k, Rule rule, const Instr *redex)
{
    jmp_buf failed;
    k->report_arena.on_failure = &failed;
    k->report = "not sound, and no memory to say what";
    if (!setjmp(failed)) write_report(k, rule, redex);
    halts(k->config, TRAP_interrupted, "a step was not sound");
}

static bool unsafe(Check *k, const char *form, ...) PRINTF_LIKE(2, 3);
static bool unsafe(Check *k, const char *form, ...)
{
    va_list args;
    va_start(args, form);
    vsnprintf(k->judge.why, sizeof k->judge.why, form, args);
    va_end(args);
    return false;
}

// ---- In front of a step

// The redex, with the operands that it really has, is an instruction of the context: as it is
// typed it takes no value below `low`.
static bool redex_ok(Check *k, const Config *c, const Instr *i)
{
    Judge *j = &k->judge;
    u32 in = c->context_count - 1, height = c->contexts[in].height;
    k->low = height;
    if (i->redex == REDEX_values || i->redex == REDEX_trap) return true;
    TypingContext C = context_of(j, c, in);
    Stack s = {.judge = j, .nodes = &j->nodes, .values = c->values + height,
               .count = c->count - height};
    j->nodes.count = 1;
    if (!judge_instr(j, &C, i, &s)) return C.unknown;
    k->low = height + s.count;
    return true;
}

static bool before_step(Check *k, const Config *c, const Instr *i)
{
    k->redex = *i;
    k->contexts = c->context_count;
    k->part_count = 0;
    k->more_parts = k->outside = false;
    k->property = "Preservation";
    bool good = redex_ok(k, c, i);
    k->access = good ? access_of(c, i) : (Access){0};
    return good;
}

static void before(void *env, const Config *c, const Instr *i)
{
    Check *k = env;
    jmp_buf failed;
    if (k->report || c->halt) return;
    judge_arm(&k->judge, &failed);
    if (setjmp(failed)) halts(k->config, TRAP_out_of_memory, "for what is known of types");
    else if (!before_step(k, c, i)) report(k, k->last, i);
}

static void touches(void *env, const Config *c, Part part)
{
    Check *k = env;
    if (!part_exists(c->store, part)) k->outside = true;
    if (k->part_count < PARTS_MOST) k->parts[k->part_count++] = part;
    else k->more_parts = true;
}

static void collected(void *env, const Config *c)
{
    Check *k = env;
    judge_collected(&k->judge);
}

// ---- Behind it

// A rule that says so in its name is for what is out of bounds.
static bool is_oob(Rule rule)
{
    const char *at = strstr(rule_text[rule], "-oob");
    return at && (!at[4] || !at[5]);
}

static bool same_part(Part a, Part b)
{
    return a.kind == b.kind && a.address == b.address && a.from == b.from &&
           (a.count == b.count || b.count == UINT64_MAX);
}

static bool safe(Check *k, Rule rule)
{
    const Access *a = &k->access;
    k->property = "memory safety";
    if (k->outside) return unsafe(k, "it changes what is in no instance");
    if (a->bounded && a->beyond != is_oob(rule))
        return unsafe(k, a->beyond ? "it accesses what is out of bounds"
                                   : "it calls out of bounds what is not");
    for (u32 n = 0; a->writes && n < k->part_count; n++)
        if (!same_part(k->parts[n], a->part))
            return unsafe(k, "it changes another part than the one that it names");
    if (a->bounded && !a->writes && k->part_count)
        return unsafe(k, "it changes something, and should not");
    k->property = "Preservation";
    return true;
}

static bool store_ok(Check *k)
{
    Judge *j = &k->judge;
    if (!judge_instances(j)) return false;
    for (u32 n = 0; n < k->part_count; n++)
        if (!judge_part(j, k->parts[n])) return false;
    return !k->more_parts || (Extend_store(j) && Store_ok(j));
}

// Of the local that was set, and those near it.
static bool locals_ok(Check *k, const Config *c)
{
    Judge *j = &k->judge;
    const Context *frame = &c->contexts[c->frame];
    const FuncInst *f = &c->store->funcs.at[frame->func];
    u32 count = f->body->local_count, x = k->redex.x, from = x > LOCALS / 2 ? x - LOCALS / 2 : 0;
    for (u32 n = from; n < MIN(count, from + LOCALS); n++)
        if (!judge_local(j, c->locals[frame->locals + n], f->body->locals[n]))
            return within_part(j, JUDGEMENT_Frame_ok, "local %u", n);
    return true;
}

// Contexts that are new, the one that these are in, or the one that the others have gone from.
static bool contexts_ok(Check *k, const Config *c)
{
    Judge *j = &k->judge;
    for (u32 n = MIN(k->contexts, c->context_count) - 1; n < c->context_count; n++) {
        bool innermost = n + 1 == c->context_count;
        u32 deep = innermost && c->count > k->low + DEEP ? c->count - k->low : DEEP;
        if (n >= k->contexts && c->contexts[n].kind == CONTEXT_frame && !Frame_ok(j, c, n))
            return false;
        if (!judge_context(j, c, n, deep)) return false;
    }
    return k->redex.redex != OP_local_set || locals_ok(k, c);
}

static bool all_ok(Check *k)
{
    u64 before = k->judge.work;
    k->counts.whole++;
    // where the machine has halted the redex is no more in the configuration
    bool good = Extend_store(&k->judge) && (k->config->halt ? Store_ok(&k->judge)
                                                            : Config_ok(&k->judge, k->config));
    // a step's judgement takes some 200 nanoseconds
    u64 rest = MAX((u64)WHOLE_EVERY, (k->judge.work - before) / 50);
    k->next = k->config->steps + (k->every ? k->every : rest);
    return good;
}

static bool after_step(Check *k, const Config *c, Rule rule)
{
    if (rule == RULE_COUNT) {
        k->property = "Progress";
        return unsafe(k, "no rule applies");
    }
    k->counts.steps++;
    if (!safe(k, rule) || !store_ok(k) || !contexts_ok(k, c)) return false;
    return c->steps < k->next || all_ok(k);
}

static void after(void *env, Config *c, Rule rule)
{
    Check *k = env;
    jmp_buf failed;
    if (k->report || c->halt) return;
    judge_arm(&k->judge, &failed);
    if (setjmp(failed)) {
        halts(c, TRAP_out_of_memory, "for what is known of types");
    } else if (!after_step(k, c, rule)) {
        report(k, rule == RULE_COUNT ? k->last : rule, rule == RULE_COUNT ? &k->redex : NULL);
    }
    k->last = rule;
}

// ---- Where a sequence begins

static bool top_ok(Check *k, const Config *c)
{
    Judge *j = &k->judge;
    arena_reset(&k->top);
    k->top.on_failure = j->arena.on_failure;
    j->top = NULL;
    k->property = "Preservation";
    const ModuleInst *before = j->modules;
    if (!judge_new(j) || !judge_modules(j)) return false;
    j->top = typing_of_top(j, &k->top, c);
    // all there is too where a module has come up
    return j->top && ((!k->every && j->modules == before) || all_ok(k));
}

static void begins(void *env, Config *c)
{
    Check *k = env;
    jmp_buf failed;
    if (k->report) halts(c, TRAP_interrupted, "a step was not sound");
    if (c->halt) return;
    k->last = RULE_COUNT;
    judge_arm(&k->judge, &failed);
    if (setjmp(failed)) halts(c, TRAP_out_of_memory, "for what is known of types");
    else if (!top_ok(k, c)) report(k, RULE_COUNT, NULL);
}

// ---- From beginning to end

static bool begin(Check *k, Config *c, u64 every)
{
    if (!judge_init(&k->judge, c->store)) return false;
    k->config = c;
    k->every = every;
    k->next = c->steps + (every ? every : WHOLE_EVERY);
    k->last = RULE_COUNT;
    k->watch = (Watch){.env = k, .before = before, .touches = touches, .after = after,
                       .begins = begins, .collected = collected};
    arena_init(&k->top);
    arena_init(&k->report_arena);
    return true;
}

Check *check_new(Config *c, u64 every)
{
    Check *k = calloc(1, sizeof *k);
    jmp_buf failed;
    if (!k) return NULL;
    if (!begin(k, c, every)) return free(k), NULL;
    judge_arm(&k->judge, &failed);
    if (setjmp(failed)) return check_free(k), NULL;
    nodes_init(&k->judge.nodes, &k->judge.arena);
    c->watch = &k->watch;
    return k;
}

void check_free(Check *k)
{
    if (!k) return;
    if (k->config->watch == &k->watch) k->config->watch = NULL;
    judge_free(&k->judge);
    arena_free(&k->top);
    arena_free(&k->report_arena);
    free(k);
}

const Watch *check_watch(Check *k) { return &k->watch; }
const char *check_says(const Check *k) { return k->report; }
Judgement check_rule(const Check *k, u32 n)
{
    return n < k->judge.rule_count ? k->judge.rules[n] : JUDGEMENT_COUNT;
}

bool check_all(Check *k)
{
    jmp_buf failed;
    if (k->report) return false;
    judge_arm(&k->judge, &failed);
    if (setjmp(failed)) return halts(k->config, TRAP_out_of_memory, "for what is known of types");
    k->property = "Preservation";
    if (!judge_new(&k->judge) || !all_ok(k)) report(k, k->last, NULL);
    return !k->report;
}

const u64 *check_used(const Check *k) { return k->judge.used; }
CheckCounts check_counts(const Check *k) { return k->counts; }
