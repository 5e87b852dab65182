// run_spec.c -- see run_spec.h.

#include "cli/run_spec.h"

#include "cli/component.h"
#include "cli/places.h"
#include "module/whole.h"

#include <stdlib.h>
#include <string.h>

// ---- Signals

static Executor *_Atomic running;
static _Atomic int stopped_for;

bool spec_stop(Trap why)
{
    Executor *x = running;
    if (!x) return false;
    stopped_for = (int)why;
    x->ops->stop(x);
    return true;
}

// The machine knows only that it was stopped.
static Trap reason_of(Trap trap)
{
    return trap == TRAP_interrupted && stopped_for ? (Trap)stopped_for : trap;
}

// ---- Modules

int spec_load(SpecRun *s)
{
    int status = run_load(s->run);
    s->loaded = status == EXIT_OK;
    return status;
}

bool spec_open(SpecRun *s)
{
    const Run *run = s->run;
    const ExecutorSetup setup = {.features = run->features, .limits = &run->limits,
                                 .code_bytes = run->code_bytes, .wasi = run->wasi,
                                 .stubs = run->stub_imports, .log = s->log,
                                 .types = run->engine->types, .check = run->check,
                                 .check_every = run->check_every,
                                 .threads = run->threads ? run->max_threads : 0,
                                 .seed = run->seed};
    spec_close(s);
    if (s->log) s->log->next = 0;
    s->x = executor_spec.open(&setup);
    if (!s->x) return cli_error(0, "out of memory"), false;
    if (run->fueled) executor_spec.fuel(s->x, run->fuel);
    running = s->x;
    return true;
}

void spec_close(SpecRun *s)
{
    Executor *x = s->x;
    running = NULL;
    if (!x) return;
    executor_spec.close(x);
    executor_spec.finish(x);
    free(s->slots);
    s->x = NULL;
    s->slots = NULL;
    for (Unit *u = s->run->units; u; u = u->next) u->on_spec = NULL;
    s->run->main->on_spec = NULL;
}

static ExecutorInstance *named(void *env, Bytes module)
{
    const Run *run = env;
    for (const Unit *u = run->units; u; u = u->next)
        if (u->on_spec && bytes_are(module, u->name)) return u->on_spec;
    return NULL;
}

static int instantiate(SpecRun *s, Unit *unit, Trap *trap)
{
    Diag diag;
    s->file = unit->file;
    ExecutorMade made =
        executor_spec.instantiate(s->x, unit->source.module, named, s->run, &diag);
    unit->on_spec = made.instance;
    *trap = made.trap;
    if (made.instance || made.trap) return EXIT_OK;
    print_diag(unit->file, &unit->source, &diag);
    return EXIT_INPUT;
}

// ---- What is called

static bool find_func(SpecRun *s, const char *name, ExecutorExport *out)
{
    ExecutorInstance *main = s->run->main->on_spec;
    return executor_spec.find(s->x, main, bytes_of(name), out) && out->kind == EXTERN_func;
}

static int no_values(const SpecRun *s, const char *name, const ExecutorExport *func)
{
    if (!func->param_count && !func->result_count) return EXIT_OK;
    return cli_error(EXIT_INPUT, "%s: %s takes %u values and gives %u, and may do neither",
                     s->file, name, func->param_count, func->result_count);
}

static int take_arguments(SpecRun *s)
{
    const ExecutorExport *f = &s->func;
    char **given = s->args->argv + s->args->next;
    u32 count = (u32)(s->args->argc - s->args->next);
    if (count != f->param_count)
        return cli_error(EXIT_USAGE, "%s takes %u arguments, %u were given", s->run->invoke,
                         f->param_count, count);
    s->slots = calloc(f->slots + 1u, sizeof *s->slots);
    if (!s->slots) return cli_error(EXIT_INPUT, "out of memory");
    for (u32 i = 0, at = 0; i < count; at += type_slots(f->params[i++])) {
        char type[300];
        if (parse_value(given[i], f->params[i], s->slots + at)) continue;
        type_whole(type, sizeof type, s->run->engine->types, f->params[i]);
        return cli_error(EXIT_USAGE, "argument %u of %s: \"%s\" is not of type %s", i + 1,
                         s->run->invoke, given[i], type);
    }
    return EXIT_OK;
}

// A reactor is initialized before anything else of it is called.
static int initialize(SpecRun *s, Trap *trap)
{
    ExecutorExport func;
    if (!find_func(s, "_initialize", &func)) return EXIT_OK;
    int status = no_values(s, "_initialize", &func);
    if (status == EXIT_OK) *trap = executor_spec.call(s->x, &func, NULL);
    return status;
}

static int find_called(SpecRun *s)
{
    const char *invoked = s->run->invoke;
    s->calls = find_func(s, invoked ? invoked : "_start", &s->func);
    if (invoked) return s->calls ? take_arguments(s) : run_no_invoked(s->run);
    return s->calls ? no_values(s, "_start", &s->func) : EXIT_OK;
}

int spec_bring_up(SpecRun *s, Trap *trap)
{
    int status = EXIT_OK;
    *trap = TRAP_none;
    for (Unit *u = s->run->units; u && status == EXIT_OK && !*trap; u = u->next)
        status = instantiate(s, u, trap);
    if (status == EXIT_OK && !*trap) status = instantiate(s, s->run->main, trap);
    if (status == EXIT_OK && !*trap) status = initialize(s, trap);
    if (status == EXIT_OK && !*trap) status = find_called(s);
    *trap = reason_of(*trap);
    return status;
}

Trap spec_call(SpecRun *s)
{
    return s->calls ? reason_of(executor_spec.call(s->x, &s->func, s->slots)) : TRAP_none;
}

// ---- How it ended

static void print_result(SpecRun *s, Type type, const u64 *slots)
{
    ExecutorRef ref;
    if (print_number(stdout, type, slots)) return;
    executor_spec.look(s->x, type, slots[0], &ref);
    if (slots[0]) print_reference(stdout, ref.heap, ref.number);
    else fputs("null", stdout);
}

static void print_results(SpecRun *s)
{
    const ExecutorExport *f = &s->func;
    const u64 *slots = s->slots;
    for (u32 i = 0; s->calls && i < f->result_count; slots += type_slots(f->results[i++])) {
        print_result(s, f->results[i], slots);
        putchar('\n');
    }
}

// "tag 3 (1, 2.5)"; the tag's index is that in the module of whoever threw it.
static void print_thrown(FILE *out, const Config *c)
{
    const ExnInst *e = &c->store->exns.at[c->values[0].bits];
    const ModuleInst *by = c->call_count ? c->calls[0].module : NULL;
    u32 tag = 0, count = by ? by->module->tag_count : 0;
    while (tag < count && by->tags[tag] != e->tag) tag++;
    if (tag < count) fprintf(out, "tag %u (", tag);
    else fputs("a tag from elsewhere (", out);
    for (u32 i = 0; i < e->count; i++) {
        const Val *v = &e->fields[i];
        if (i) fputs(", ", out);
        if (v->kind < TYPE_NUMBER_COUNT) print_number(out, v->kind, v->lanes);
        else fputs(value_is_null(*v) ? "null" : "a reference", out);
    }
    fputc(')', out);
}

static void print_ended(SpecRun *s, const ExecutorEnded *by)
{
    ExecutorCall calls[CALLS_SHOWN];
    u32 more, count = executor_spec.calls(by->x, calls, CALLS_SHOWN, &more);
    const TrapView how = {s->run->raw_names, run_file_of, s->run};
    char *detail = NULL;
    size_t size;
    FILE *text = by->trap == TRAP_uncaught_exception ? open_memstream(&detail, &size) : NULL;
    if (text) print_thrown(text, executor_config(by->x));
    if (text) fclose(text);
    fflush(stdout);
    print_tame_text(stderr, s->file);
    fputs(": ", stderr);
    if (by->id) fprintf(stderr, "thread %u: ", by->id);
    print_trap_calls(by->trap, detail ? detail : executor_spec.detail(by->x), calls, count, more,
                     &how);
    free(detail);
}

bool spec_unsound(SpecRun *s)
{
    const char *why = s->x ? executor_spec.unsound(executor_ended(s->x, TRAP_none).x) : NULL;
    if (!why) return false;
    fflush(stdout);
    fprintf(stderr, "error: %s\n", why); // the machine's own words
    return true;
}

static int status_of(const ExecutorEnded *by)
{
    switch (by->trap) {
    case TRAP_none: return EXIT_OK;
    case TRAP_exit: return (int)wasi_exit_status(by->wasi);
    case TRAP_time_limit: return EXIT_TIMEOUT;
    case TRAP_interrupted: return EXIT_INTERRUPT;
    default: return EXIT_TRAP;
    }
}

int spec_status(const SpecRun *s, Trap trap)
{
    const ExecutorEnded by = executor_ended(s->x, trap);
    return status_of(&by);
}

int spec_finish(SpecRun *s, Trap trap)
{
    const ExecutorEnded by = executor_ended(s->x, trap);
    if (spec_unsound(s)) return EXIT_TRAP;
    if (!by.trap) print_results(s);
    else if (by.trap != TRAP_exit) print_ended(s, &by);
    return status_of(&by);
}

int run_formally(Run *run, const Args *args)
{
    SpecRun s = {.run = run, .args = args};
    Trap trap;
    if (input_is_component(run->main->file))
        return cli_error(EXIT_USAGE, "the formal machine (--tier=spec) runs no components");
    int status = spec_load(&s);
    if (status == EXIT_OK) status = wasi_wall(run);
    if (status == EXIT_OK && !spec_open(&s)) status = EXIT_INPUT;
    if (status == EXIT_OK) status = spec_bring_up(&s, &trap);
    if (status == EXIT_OK) status = spec_finish(&s, trap ? trap : spec_call(&s));
    spec_close(&s);
    return status;
}
