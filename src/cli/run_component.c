// run_component.c -- see run_component.h.

#include "cli/run_component.h"

#include "cli/component.h"
#include "component/abi/wave.h"
#include "component/run/run.h"
#include "component/type/text.h"
#include "wasi/p2/p2.h"

#include <stdlib.h>
#include <string.h>

struct RunComponent {
    Intake input;
    Source source;
    Component *component;
    Plan *plan;
    P2 *p2;
    ComponentHost host;
    bool stubs;
    Arena values;
};

void run_component_free(RunComponent *c)
{
    if (!c) return;
    p2_free(c->p2);
    plan_free(c->plan);
    component_free(c->component);
    source_free(&c->source);
    intake_free(&c->input);
    arena_free(&c->values);
    free(c);
}

// ---- Imports: those of WASI, and with --stub-imports all others

static Trap call_stub(void *env, ComponentRun *run, const CValue *args, CValue *result, Arena *a)
{
    return exec_trap(&component_store(run)->exec, TRAP_host, "%s", "nothing defines the import");
}

static bool find(void *env, const Plan *plan, const PlanImport *import, Bytes outer,
                 HostImport *out, Diag *diag)
{
    const RunComponent *c = env;
    const ComponentHost *wasi = p2_host(c->p2);
    if (wasi->find(wasi->env, plan, import, outer, out, diag)) return true;
    if (!c->stubs || diag->err != ERR_unknown_import) return false;
    diag_init(diag);
    *out = (HostImport){call_stub, NULL};
    return true;
}

// What a stub would give is never there.
static void drop(void *env, const PlanImport *resource, u64 rep)
{
    const ComponentHost *wasi = p2_host(((RunComponent *)env)->p2);
    wasi->drop(wasi->env, resource, rep);
}

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

// A function, or those of an instance, as --invoke names them.
static void say_export(Bytes name, const Origin *o)
{
    const PlanInstance *in = o->kind == CENTITY_instance ? o->instance : NULL;
    const u8 *at = name.len ? memchr(name.data, '@', name.len) : NULL;
    size_t path = at ? (size_t)(at - name.data) : name.len;
    if (o->kind == CENTITY_func) {
        fprintf(stderr, "  ");
        print_tame(stderr, name);
        fputc('\n', stderr);
    }
    for (u32 i = 0; in && i < in->count; i++) {
        if (in->exports[i].origin.kind != CENTITY_func) continue;
        fprintf(stderr, "  ");
        print_tame(stderr, (Bytes){name.data, path});
        fputc('.', stderr);
        print_tame(stderr, in->exports[i].name);
        print_tame(stderr, (Bytes){name.data + path, name.len - path});
        fputc('\n', stderr);
    }
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
    for (u32 i = 0; i < root->count; i++)
        say_export(root->exports[i].name, &root->exports[i].origin);
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
    int status;
    if (setjmp(failed)) status = cli_error(EXIT_INPUT, "out of memory");
    else status = invoke(run, c, made, invoke_text(run, &c->values), &failed);
    c->values.on_failure = NULL;
    return status;
}

// ---- The command

// Of several versions the first.
static const Origin *find_run(const Plan *plan)
{
    for (u32 i = 0; i < plan->root->count; i++) {
        const PlanExport *e = &plan->root->exports[i];
        if (e->origin.kind != CENTITY_instance || !bytes_are(p2_interface(e->name), "cli/run"))
            continue;
        const Origin *o = plan_export(e->origin.instance, bytes_of("run"));
        if (o && o->kind == CENTITY_func) return o;
    }
    return NULL;
}

static int check_command(const Run *run, const RunComponent *c)
{
    const Origin *o = find_run(c->plan);
    if (run->invoke || (o && p2_is_run(c->plan, o->type))) return EXIT_OK;
    return cli_error(EXIT_INPUT, "%s %s, so it is no command of WASI 0.2; --invoke 'NAME(VALUE, "
                                 "...)' calls an export", run->main->file,
                     o ? "has a function run of another type" : "exports no wasi:cli/run@0.2");
}

static int call_command(Run *run, RunComponent *c, ComponentRun *made)
{
    const Origin *o = find_run(c->plan);
    CValue result = {0};
    Trap trap = component_call(made, o->func, NULL, &result, &c->values);
    if (trap) return run_finish_trap(run, run->main->file, trap);
    return result.index ? 1 : EXIT_OK;
}

static int make(Run *run, RunComponent *c)
{
    const char *file = run->main->file;
    Diag diag;
    Trap trap;
    c->component = input_component(run->engine, (Bytes){c->input.data, c->input.size},
                                   true, &c->source, &diag);
    if (!c->component) return print_diag(file, &c->source, &diag), EXIT_INPUT;
    c->plan = plan_make(c->component, &(PlanLink){.plain = run->plain_adapters}, &diag);
    if (!c->plan) return print_diag(file, &c->source, &diag), EXIT_INPUT;
    int status = check_command(run, c);
    if (status != EXIT_OK) return status;
    if (run->grants.dry) return wasi_dry(run, c->component);
    c->p2 = p2_new(run->wasi);
    if (!c->p2) return cli_error(EXIT_INPUT, "out of memory");
    c->host = (ComponentHost){.find = find, .drop = drop, .env = c};
    c->stubs = run->stub_imports;
    run_stoppable(run);
    ComponentRun *made = component_instantiate(run->store, c->plan, &c->host, &trap, &diag);
    if (trap) return run_finish_trap(run, file, trap);
    if (!made) return print_diag(file, &c->source, &diag), EXIT_INPUT;
    return run->invoke ? guarded_invoke(run, c, made) : call_command(run, c, made);
}

// What was asked for and means nothing for a component; or NULL.
static const char *not_for_components(const Run *run)
{
    return run->init.func     ? "--init"
           : run->snapshot_at ? "--snapshot-at"
           : run->units       ? "--preload"
           : run->census      ? "--heap-census"
                              : NULL;
}

int run_component(Run *run)
{
    const char *option = not_for_components(run);
    if (option)
        return cli_error(EXIT_USAGE, "%s is a component: %s is for modules", run->main->file,
                         option);
    RunComponent *c = run->component = calloc(1, sizeof *c);
    if (!c) return cli_error(EXIT_INPUT, "out of memory");
    arena_init(&c->values);
    c->values.limit = RUN_VALUE_BYTES;
    if (!input_open(run->main->file, &c->input)) return EXIT_INPUT;
    int wall = wasi_wall(run);
    return wall == EXIT_OK ? make(run, c) : wall;
}
