// check.c -- runs modules in every mode, and compares what their logs have in common.

#include "check.h"

#include "run/native.h"

#include <stdio.h>
#include <string.h>

static bool same(const Say *a, const Say *b)
{
    return a->kind == b->kind && a->a == b->a && a->b == b->b;
}

// Of each only those kinds that both have.
static const Say *next_of(const Log *log, u32 both, u32 *i)
{
    while (*i < log->count && !(both >> log->says[*i].kind & 1)) ++*i;
    return *i < log->count ? &log->says[*i] : NULL;
}

// Who waits for a large function's code looks whether it is to stop, and then does so again where
// the function begins.
static bool is_again(const Log *log, u32 i)
{
    return i && i < log->count && log->says[i].kind == SAY_stop &&
           same(&log->says[i - 1], &log->says[i]);
}

// The first lines that differ, or NULL and NULL. Who looks more often has all stops of who does
// not, as far as it says what it finds, and others.
static bool logs_differ(const Log *a, const Log *b, const Say **left, const Say **right)
{
    u32 both = a->kinds & b->kinds, i = 0, k = 0;
    const Log *often = a->looks > b->looks ? a : a->looks < b->looks ? b : NULL;
    bool last = false;
    for (;;) {
        *left = next_of(a, both, &i);
        *right = next_of(b, both, &k);
        if (!*left && !*right) return false;
        const Say *more = often == a ? *left : *right, *less = often == a ? *right : *left;
        if (more && more->kind == SAY_stop) last = more->last;
        if (*left && *right && same(*left, *right)) {
            i++, k++;
        } else if (often && more && more->kind == SAY_stop) {
            ++*(often == a ? &i : &k);
        } else if (last && less && less->kind == SAY_stop) {
            ++*(often == a ? &k : &i);
        } else if (is_again(a, i) || is_again(b, k)) {
            ++*(is_again(a, i) ? &i : &k);
        } else {
            return true;
        }
    }
}

static void show(const char *mode, const Log *log, const Say *at)
{
    char line[200];
    u32 end = at ? (u32)(at - log->says) : log->count;
    for (u32 i = end > 4 ? end - 4 : 0; i <= end && i < log->count; i++) {
        log_line(line, sizeof line, &log->says[i]);
        printf("    %-20s %s%s\n", mode, line, i == end ? "   <--" : "");
    }
    if (!at) printf("    %-20s (end)\n", mode);
}

void log_print(const Log *log)
{
    char line[200];
    for (u32 i = 0; i < log->count; i++) {
        log_line(line, sizeof line, &log->says[i]);
        printf("    %s\n", line);
    }
}

static void report(const GenWhat *what, const char *name, const Log *log, const char *base_name,
                   const Log *base, const Say *left, const Say *right)
{
    printf("--seed %llu --index %llu: %s is not as %s\n", (unsigned long long)what->seed,
           (unsigned long long)what->index, name, base_name);
    show(base_name, base, left);
    show(name, log, right);
}

// For a mode. NULL: it is refused, which is a failure.
static Module *load(Check *c, const GenWhat *what, Bytes bytes, u32 mode, const Module *same,
                    Arena *arena)
{
    Diag diag;
    run_before_load(c->engine, &run_modes[mode], same, what->index);
    Module *m = NULL;
    if (run_made(c->engine, &run_modes[mode], what->index, &bytes, arena, &diag)) {
        // with fuel nothing is optimized where there may be continuations
        const Features all = c->engine->features;
        c->engine->features &= ~FEATURE_BIT(FEATURE_stack_switching);
        bool optimizes = run_modes[mode].settings & (SET_graph | SET_up);
        if (optimizes) m = engine_load(c->engine, bytes.data, bytes.len, &diag);
        c->engine->features = all;
        if (!m) m = engine_load(c->engine, bytes.data, bytes.len, &diag);
    }
    if (m) return m;
    c->failed++;
    printf("--seed %llu --index %llu: at 0x%zx: %s %s\n", (unsigned long long)what->seed,
           (unsigned long long)what->index, diag.offset, err_text[diag.err], diag.detail);
    return NULL;
}

// No code that is made may be refused by the checker of machine code.
static void count_refusals(Check *c, const GenWhat *what, const Module *m)
{
    for (u32 mode = 0; m && mode < MODULE_CODE_MODES; mode++) {
        const ModuleCode *code = m->code[mode];
        u32 refused = code ? native_refusals(code) : 0;
        if (!refused) continue;
        c->failed++;
        printf("--seed %llu --index %llu: code of %u functions is refused\n",
               (unsigned long long)what->seed, (unsigned long long)what->index, refused);
    }
}

static Log run_one(Check *c, const GenWhat *what, Bytes bytes, const Module *m, u32 mode,
                   Arena *arena)
{
    u32 settings = run_modes[mode].settings;
    bool apart = settings & (SET_apart | SET_mixed | SET_hot | SET_graph | SET_coarse |
                             SET_rebuilt);
    u32 speed = settings & SET_optimized ? 4 : 0;
    if (settings & SET_rebuilt && !rebuilt_module(c->engine, bytes, speed, arena, &bytes)) {
        printf("it cannot be rebuilt\n");
        bytes.len = 0; // and is refused
    }
    Module *own = apart ? load(c, what, bytes, mode, m, arena) : NULL;
    Log log = {0};
    if (own || !apart)
        log = run_module(c->engine, apart ? own : m, &run_modes[mode], what->index, what->portable,
                         arena);
    count_refusals(c, what, own);
    engine_unload(own);
    return log;
}

// Held against those before it that have as much of NaNs.
static void compare(Check *c, const GenWhat *what, const Log *logs, u32 mode)
{
    const Say *left, *right;
    const Log *log = &logs[mode];
    for (u32 i = 0; i < mode; i++) {
        const Log *other = &logs[i];
        if ((run_modes[i].code ^ run_modes[mode].code) & CODE_deterministic || !other->kinds)
            continue;
        if ((run_modes[i].settings ^ run_modes[mode].settings) & SET_coarse) continue;
        if (log->starved || other->starved) {
            c->excused++;
        } else if (logs_differ(other, log, &left, &right)) {
            c->failed++;
            report(what, run_modes[mode].name, log, run_modes[i].name, other, left, right);
            return;
        } else {
            c->passed++;
        }
    }
}

enum { SLOW_SHARE = 16 };

static void check_modes(Check *c, const GenWhat *what, Bytes bytes, const Module *m, bool tame,
                        Arena *arena)
{
    _Static_assert(MODE_COUNT <= 64, "Check.only has a bit for each");
    Log logs[MODE_COUNT] = {{0}};
    for (u32 mode = 0; mode < MODE_COUNT; mode++) {
        u32 code = run_modes[mode].code;
        if (!tame && !(code & CODE_deterministic)) continue; // bits of NaNs are seen
        if (!NATIVE && code & CODE_compiled) continue;
        if (c->only && !(c->only >> mode & 1)) continue;
        bool slow = run_modes[mode].settings & (SET_written | SET_formal);
        if (slow && c->turns > 1 && what->index % SLOW_SHARE) continue; // takes its time
        if (mode && c->turns > 1 && mode % c->turns != what->index / 16 % c->turns) continue;
        Log *log = &logs[mode];
        if (run_aloud) printf("%s\n", run_modes[mode].name);
        *log = run_one(c, what, bytes, m, mode, arena);
        c->runs++;
        c->calls += log->calls;
        c->traps += log->traps;
        c->bakes += log->bakes;
        c->refusals += log->refusals;
        c->written += log->written;
        c->unwritten += log->unwritten;
        c->judged += log->judged;
        if (log->unsound) c->failed++, printf("module %llu\n", (unsigned long long)what->index);
        if (c->print) log_print(log);
        compare(c, what, logs, mode);
    }
}

void check_module(Check *c, const GenWhat *what, Bytes bytes, bool tame, Arena *arena)
{
    Module *m = load(c, what, bytes, MODE_plain, NULL, arena);
    c->modules++;
    if (m) check_modes(c, what, bytes, m, tame, arena);
    count_refusals(c, what, m);
    engine_unload(m);
}
