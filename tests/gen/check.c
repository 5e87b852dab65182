// check.c -- runs modules in every mode, and compares what their logs have in common.

#include "check.h"

#include "run/code.h"

#include <stdio.h>
#include <string.h>

static bool same(const Say *a, const Say *b)
{
    return a->kind == b->kind && a->a == b->a && a->b == b->b;
}

// The first lines that differ, or NULL and NULL. Of each only those kinds that both have.
static bool logs_differ(const Log *a, const Log *b, const Say **left, const Say **right)
{
    u32 both = a->kinds & b->kinds, i = 0, k = 0;
    for (;; i++, k++) {
        while (i < a->count && !(both >> a->says[i].kind & 1)) i++;
        while (k < b->count && !(both >> b->says[k].kind & 1)) k++;
        *left = i < a->count ? &a->says[i] : NULL;
        *right = k < b->count ? &b->says[k] : NULL;
        if (!*left && !*right) return false;
        if (!*left || !*right || !same(*left, *right)) return true;
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

// NULL: it is refused, which is a failure.
static Module *load(Check *c, const GenWhat *what, Bytes bytes)
{
    Diag diag;
    Module *m = engine_load(c->engine, bytes.data, bytes.len, &diag);
    if (m) return m;
    c->failed++;
    printf("--seed %llu --index %llu: at 0x%zx: %s %s\n", (unsigned long long)what->seed,
           (unsigned long long)what->index, diag.offset, err_text[diag.err], diag.detail);
    return NULL;
}

static Log run_one(Check *c, const GenWhat *what, Bytes bytes, const Module *m, u32 mode,
                   Arena *arena)
{
    bool apart = run_modes[mode].settings & SET_apart;
    Module *own = apart ? load(c, what, bytes) : NULL;
    Log log = {0};
    if (own || !apart)
        log = run_module(c->engine, apart ? own : m, &run_modes[mode], what->index, what->portable,
                         arena);
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

static void check_modes(Check *c, const GenWhat *what, Bytes bytes, const Module *m, bool tame,
                        Arena *arena)
{
    Log logs[MODE_COUNT] = {{0}};
    for (u32 mode = 0; mode < MODE_COUNT; mode++) {
        if (!tame && !(run_modes[mode].code & CODE_deterministic))
            continue; // bits of NaNs are seen
        Log *log = &logs[mode];
        if (run_aloud) printf("%s\n", run_modes[mode].name);
        *log = run_one(c, what, bytes, m, mode, arena);
        c->runs++;
        c->calls += log->calls;
        c->traps += log->traps;
        if (c->print) log_print(log);
        compare(c, what, logs, mode);
    }
}

void check_module(Check *c, const GenWhat *what, Bytes bytes, bool tame, Arena *arena)
{
    Module *m = load(c, what, bytes);
    c->modules++;
    if (m) check_modes(c, what, bytes, m, tame, arena);
    engine_unload(m);
}
