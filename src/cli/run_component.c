// run_component.c -- see run_component.h.

#include "cli/run_component.h"

#include "cli/component.h"
#include "component/abi/wave.h"
#include "component/run/run.h"
#include "component/type/text.h"

#include <stdlib.h>
#include <string.h>

struct RunComponent {
    Intake input;
    Source source;
    Component *component;
    Plan *plan;
    ComponentHost host;
    Arena values;
};

void run_component_free(RunComponent *c)
{
    if (!c) return;
    plan_free(c->plan);
    component_free(c->component);
    source_free(&c->source);
    intake_free(&c->input);
    arena_free(&c->values);
    free(c);
}

// ---- With --stub-imports

static Trap call_stub(void *env, ComponentRun *run, const CValue *args, CValue *result, Arena *a)
{
    return exec_trap(&component_store(run)->exec, TRAP_host, "%s", "nothing defines the import");
}

static bool find_stub(void *env, const PlanImport *import, Bytes outer, const CTypes *types,
                      HostImport *out)
{
    *out = (HostImport){call_stub, NULL};
    return true;
}

static void drop_stub(void *env, const PlanImport *resource, u64 rep) {}

// ---- The call

// What follows FILE in a text that a diag is about.
static int refuse_text(Bytes text, const Diag *diag, Arena *arena)
{
    char why[400];
    Buf out;
    buf_init(&out, arena);
    wave_caret(text, diag, &out);
    fprintf(stderr, "error: --invoke: ");
    print_tame_text(stderr, diag_text(diag, why, sizeof why));
    fprintf(stderr, "\n%.*s", (int)out.len, (const char *)out.data);
    return EXIT_USAGE;
}

static int no_func(const Run *run, const RunComponent *c, Bytes name)
{
    const PlanInstance *root = c->plan->root;
    fflush(stdout);
    fprintf(stderr, "error: ");
    print_tame_text(stderr, run->main->file);
    fprintf(stderr, " has no exported function \"");
    print_tame(stderr, name);
    fprintf(stderr, "\"%s\n", root->count ? "; it exports:" : "");
    for (u32 i = 0; i < root->count; i++) {
        fprintf(stderr, "  ");
        print_tame(stderr, root->exports[i].name);
        fputc('\n', stderr);
    }
    return EXIT_INPUT;
}

static int print_result(RunComponent *c, CType t, const CValue *result)
{
    Buf out;
    if (t == CTYPE_NONE) return EXIT_OK;
    buf_init(&out, &c->values);
    wave_print(&c->component->types, t, result, &out);
    printf("%.*s\n", (int)out.len, (const char *)out.data);
    return EXIT_OK;
}

// The arena is armed by the caller, but while the guest runs.
static int invoke(Run *run, RunComponent *c, ComponentRun *made, Bytes text, jmp_buf *failed)
{
    const CTypes *types = &c->component->types;
    Bytes name;
    size_t at;
    Diag diag;
    CValue result = {0};
    if (!wave_parse_name(text, &name, &at, &diag)) return refuse_text(text, &diag, &c->values);
    const Origin *o = plan_func(c->plan, name);
    if (!o) return no_func(run, c, name);
    const CFunc *f = ctype_def(types, o->type)->func;
    CValue *args = NEW_ARRAY(&c->values, CValue, f->count);
    if (!wave_parse_arguments(types, f, text, at, &c->values, args, &diag))
        return refuse_text(text, &diag, &c->values);
    Trap trap = component_call(made, o->func, args, &result, &c->values);
    c->values.on_failure = failed;
    if (trap) return run_finish_trap(run, run->main->file, trap);
    return print_result(c, f->result, &result);
}

// A name alone has no arguments.
static Bytes invoke_text(const Run *run, Arena *arena)
{
    Buf text;
    buf_init(&text, arena);
    buf_bytes(&text, run->invoke, strlen(run->invoke));
    if (!strchr(run->invoke, '(')) buf_bytes(&text, "()", 2);
    return (Bytes){text.data, text.len};
}

static int guarded_invoke(Run *run, RunComponent *c, ComponentRun *made)
{
    jmp_buf failed;
    c->values.on_failure = &failed;
    c->values.limit = RUN_VALUE_BYTES;
    if (setjmp(failed)) return cli_error(EXIT_INPUT, "out of memory");
    return invoke(run, c, made, invoke_text(run, &c->values), &failed);
}

static int make(Run *run, RunComponent *c)
{
    const char *file = run->main->file;
    Diag diag;
    Trap trap;
    c->component = input_component(run->engine, (Bytes){c->input.data, c->input.size},
                                   true, &c->source, &diag);
    if (!c->component) return print_diag(file, &c->source, &diag), EXIT_INPUT;
    c->plan = plan_make(c->component, NULL, &diag);
    if (!c->plan) return print_diag(file, &c->source, &diag), EXIT_INPUT;
    c->host = (ComponentHost){.find = find_stub, .drop = drop_stub};
    ComponentRun *made = component_instantiate(run->store, c->plan,
                                               run->stub_imports ? &c->host : NULL, &trap, &diag);
    if (trap) return run_finish_trap(run, file, trap);
    if (!made) return print_diag(file, &c->source, &diag), EXIT_INPUT;
    return guarded_invoke(run, c, made);
}

// What would go by and do nothing.
static int check_options(const Run *run)
{
    const char *option = run->snapshot_at ? "--snapshot-at" : run->units ? "--preload" : NULL;
    if (!option) return EXIT_OK;
    return cli_error(EXIT_USAGE, "%s is for modules, and %s is a component", option,
                     run->main->file);
}

int run_component(Run *run)
{
    RunComponent *c = run->component = calloc(1, sizeof *c);
    if (!c) return cli_error(EXIT_INPUT, "out of memory");
    arena_init(&c->values);
    int status = check_options(run);
    if (status != EXIT_OK) return status;
    if (!run->invoke)
        return cli_error(EXIT_INPUT, "%s is a component: --invoke 'NAME(VALUE, ...)' calls an "
                                     "export; commands of WASI are not run yet", run->main->file);
    if (!input_open(run->main->file, &c->input)) return EXIT_INPUT;
    int wall = wasi_wall(run);
    return wall == EXIT_OK ? make(run, c) : wall;
}
