// session.c -- see session.h.

#include "cli/step/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- What the program writes: to a file, from which it is taken behind each call

enum { OUTPUT_KEPT = 16 << 20 };

int session_capture(Session *s)
{
    FILE *file = tmpfile();
    s->capture = file ? dup(fileno(file)) : -1;
    if (file) fclose(file);
    return s->capture;
}

static bool grow_output(Session *s, size_t more)
{
    if (s->output_cap - s->output_size >= more) return true;
    size_t cap = MIN(MAX(s->output_cap * 2, s->output_size + more), (size_t)OUTPUT_KEPT);
    u8 *grown = cap - s->output_size >= more ? realloc(s->output, cap) : NULL;
    if (!grown) return false;
    s->output = grown;
    s->output_cap = cap;
    return true;
}

// What was written since it was asked last. False: nobody can tell later what was by then.
static bool take_output(Session *s)
{
    off_t size = lseek(s->capture, 0, SEEK_END);
    u8 *to = size > 0 && grow_output(s, (size_t)size) ? s->output + s->output_size : NULL;
    ssize_t got = to ? pread(s->capture, to, (size_t)size, 0) : 0;
    if (got > 0) s->output_size += (size_t)got;
    s->output_lost += (u64)(MAX(size, 0) - MAX(got, 0));
    if (size > 0 && (ftruncate(s->capture, 0) || lseek(s->capture, 0, SEEK_SET))) return false;
    if (s->log.full) return true; // nobody goes back to where it was less
    if (!FORMAL_ROOM(s->outputs)) return false;
    s->outputs.at[s->outputs.count++] = s->output_size;
    return true;
}

static Bytes output_between(const Session *s, u32 from, u32 to)
{
    size_t begin = from ? s->outputs.at[from - 1] : 0, end = to ? s->outputs.at[to - 1] : 0;
    return end > begin ? (Bytes){s->output + begin, end - begin} : (Bytes){0};
}

Bytes session_output(const Session *s)
{
    if (s->log.full) return (Bytes){s->output, s->output_size};
    return output_between(s, 0, MIN(s->log.next, s->outputs.count));
}

// Of the call that was answered just now.
static Bytes output_of_call(Session *s)
{
    bool first_time = s->log.next > s->outputs.count;
    size_t size = s->output_size;
    if ((first_time || s->log.full) && !take_output(s)) s->log.full = true;
    if (s->log.full && s->output_size > size)
        return (Bytes){s->output + size, s->output_size - size};
    u32 calls = s->log.full ? 0 : MIN(s->log.next, s->outputs.count);
    return calls ? output_between(s, calls - 1, calls) : (Bytes){0};
}

// ---- Each step

static View *view_at(const Session *s, u64 step) { return &s->views[step % (s->keep + 1u)]; }

const View *session_view(const Session *s, u64 step)
{
    return step && step >= s->first && step <= s->known ? view_at(s, step) : NULL;
}

bool session_goes_back(const Session *s) { return !s->log.full; }

static ExprAnswer asks(Expr *e, const Config *c, const Instr *redex, u64 step)
{
    return e ? expr_before(e, c, redex, step) : EXPR_yes;
}

static ExprAnswer meets(const Goal *g, const Config *c, const Instr *redex, u64 step)
{
    if ((g->below && c->frames >= g->below) || (g->in_code && !redex->place)) return EXPR_no;
    return asks(g->until, c, redex, step);
}

static void before(void *env, const Config *c, const Instr *redex)
{
    Session *s = env;
    if (s->check) s->check->before(s->check->env, c, redex);
    if (c->halt) return;
    const Goal *g = &s->goal;
    u64 step = s->at + 1;
    s->taking = false;
    s->maybe = EXPR_no;
    switch (g->kind) {
    case GOAL_step: s->taking = step + s->keep >= g->step && step <= g->step; break;
    case GOAL_until:
        if (step >= g->step) s->maybe = meets(g, c, redex, step);
        s->taking = s->maybe != EXPR_no;
        break;
    case GOAL_last:
        if (step < g->step) s->maybe = meets(g, c, redex, step);
        break;
    default: break;
    }
    if (!s->taking) return;
    ExprAnswer marked = s->mark ? asks(s->mark, c, redex, step) : EXPR_no;
    s->view = view_at(s, step);
    if (!view_before(s->view, c, redex, &s->form)) s->lost = true;
    s->view->number = step;
    s->view->marked = marked == EXPR_yes;
    s->late = marked == EXPR_maybe;
}

static void touches(void *env, const Config *c, Part part)
{
    Session *s = env;
    if (s->check) s->check->touches(s->check->env, c, part);
    if (s->taking && !s->lost && !view_touches(s->view, c, part)) s->lost = true;
}

// It halts for another reason where it waits, so it is stopped too.
static void end(Config *c)
{
    halts(c, TRAP_interrupted, "");
    c->stop = true;
}

// The goal can only be met from the beginning on.
static void begins_again(Session *s, Config *c)
{
    s->again = true;
    end(c);
}

static void ask(Session *s)
{
    s->cursor = s->at + s->ended;
    s->goal = s->shown(s->env, s);
    s->not_found = false;
    s->last = 0;
    s->quit = s->goal.kind == GOAL_quit;
}

static void take_goal(Session *s, Config *c)
{
    ask(s);
    bool behind = s->goal.kind != GOAL_end && s->goal.step <= s->at;
    if (s->quit) end(c);
    else if (behind || s->goal.kind == GOAL_last) begins_again(s, c);
}

// All that could be the last was seen.
static void takes_last(Session *s, Config *c)
{
    s->not_found = !s->last;
    s->goal = (Goal){.kind = GOAL_step, .step = s->last ? s->last : s->goal.step};
    if (s->goal.step <= s->at) begins_again(s, c);
}

static void known(Session *s)
{
    if (s->known + 1 != s->at || !s->first) s->first = s->at;
    s->known = s->at;
    if (s->known - s->first > s->keep) s->first = s->known - s->keep;
}

static void finish_view(Session *s, const Config *c, Rule rule, Bytes output)
{
    View *r = s->view;
    if (!s->lost && !view_after(r, c, rule, output)) s->lost = true;
    if (s->late) r->marked = expr_after(s->mark, rule);
    known(s);
}

// What is new in the place of what is gone is told as touched.
static void collected(void *env, const Config *c)
{
    Session *s = env;
    if (s->check) s->check->collected(s->check->env, c);
}

static void begins(void *env, Config *c)
{
    Session *s = env;
    if (s->check) s->check->begins(s->check->env, c);
}

static void after(void *env, Config *c, Rule rule)
{
    Session *s = env;
    if (s->check) s->check->after(s->check->env, c, rule);
    if (rule == RULE_COUNT) return; // no step was done
    bool met = s->maybe == EXPR_yes || (s->maybe == EXPR_maybe && expr_after(s->goal.until, rule));
    Bytes output = {0};
    s->at++;
    if (rule == RULE_Step_read_call_ref_host) output = output_of_call(s);
    if (s->taking) finish_view(s, c, rule, output);
    if (s->lost) {
        halts(c, TRAP_out_of_memory, "for what is shown of a step");
        return;
    }
    if (s->goal.kind == GOAL_last) {
        if (met) s->last = s->at;
        if (s->at + 1 == s->goal.step) takes_last(s, c);
    } else if (s->taking && (s->goal.kind == GOAL_step ? s->at == s->goal.step : met)) {
        take_goal(s, c);
    }
    if (s->interrupted && !s->quit && !s->again) {
        s->interrupted = false;
        s->goal = (Goal){.kind = GOAL_step, .step = s->at + 1};
    }
}

// ---- From beginning to end

static bool begin(Session *s)
{
    if (s->views) return true;
    s->views = calloc(s->keep + 1u, sizeof *s->views);
    for (u32 k = 0; s->views && k <= s->keep; k++) arena_init(&s->views[k].arena);
    s->watch = (Watch){.env = s, .before = before, .touches = touches, .after = after,
                       .collected = collected, .begins = begins};
    s->log.most = (u64)256 << 20;
    s->spec.log = &s->log;
    return s->views || !cli_error(EXIT_INPUT, "out of memory");
}

// Once, from its beginning.
static int run_once(Session *s)
{
    s->again = s->ended = false;
    s->at = 0;
    if (!spec_open(&s->spec)) return EXIT_INPUT;
    Config *c = executor_config(s->spec.x);
    s->check = c->watch;
    if (s->whole) c->watch = &s->watch;
    int status = spec_bring_up(&s->spec, &s->trap);
    c->watch = &s->watch;
    if (status == EXIT_OK && !s->trap) s->trap = spec_call(&s->spec);
    return status;
}

int session_run(Session *s, Goal first)
{
    if (!begin(s)) return EXIT_INPUT;
    s->goal = first;
    for (;;) {
        int status = run_once(s);
        if (s->lost) return cli_error(EXIT_INPUT, "out of memory");
        if (status == EXIT_OK && s->trap == TRAP_out_of_memory && !s->quit && !s->again)
            return cli_error(EXIT_INPUT, "out of memory %s, behind step %llu",
                             executor_config(s->spec.x)->detail, (unsigned long long)s->at);
        if (status != EXIT_OK || s->quit) return status;
        if (s->again) continue;
        s->ended = true;
        s->status = spec_status(&s->spec, s->trap);
        ask(s);
        if (s->quit) return EXIT_OK;
    }
}

void session_free(Session *s)
{
    spec_close(&s->spec);
    host_log_free(&s->log);
    for (u32 k = 0; s->views && k <= s->keep; k++) arena_free(&s->views[k].arena);
    free(s->views);
    free(s->output);
    free(s->outputs.at);
    if (s->capture >= 0) close(s->capture);
}
