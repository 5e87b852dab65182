// run.c -- weft run: a WASI command, or one export.

#include "cli/run.h"

#include "api/wasi_link.h"
#include "base/nearest.h"
#include "cli/census.h"
#include "cli/component.h"
#include "cli/gc_log.h"
#include "cli/imports.h"
#include "cli/perf.h"
#include "cli/run_component.h"
#include "cli/run_spec.h"
#include "module/describe.h"
#include "module/whole.h"
#include "plat/clock.h"
#include "plat/futex.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

// --- signals: the guest is asked to stop; where none runs yet, the process ends at once.

static Exec *_Atomic running; // the fiber to interrupt, of the first thread: with it all end

static void stop_guest(int sig)
{
    Exec *exec = running;
    const Trap why = sig == SIGALRM ? TRAP_time_limit : TRAP_interrupted;
    if (exec) {
        exec_stop(exec, why);
        signal(sig, SIG_DFL); // the second time is final
        return;
    }
    if (spec_stop(why)) {
        signal(sig, SIG_DFL);
        return;
    }
    static const char late[] = "error: time limit exceeded while loading\n";
    if (sig == SIGALRM && write(2, late, sizeof late - 1) < 0) _exit(EXIT_TIMEOUT);
    _exit(sig == SIGALRM ? EXIT_TIMEOUT : EXIT_INTERRUPT);
}

void run_stoppable(Run *run) { running = &run->store->exec; }

static void set_signals(const Run *run)
{
    // no SA_RESTART: waiting calls return
    struct sigaction action = {.sa_handler = stop_guest}, before;
    // Who started us in the background, or with nohup, wants it ignored.
    if (!sigaction(SIGINT, NULL, &before) && before.sa_handler != SIG_IGN)
        sigaction(SIGINT, &action, NULL);
    if (!run->timeout) return;
    sigaction(SIGALRM, &action, NULL);
    struct itimerval timer = {
        .it_value = {(time_t)(run->timeout / 1000), (suseconds_t)(run->timeout % 1000 * 1000)}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

// No guest runs any more: a signal does what it does to others, and there is no time limit.
static void leave_signals(void)
{
    static const int ours[] = {SIGINT, SIGALRM};
    struct itimerval none = {0};
    struct sigaction action;
    setitimer(ITIMER_REAL, &none, NULL);
    for (size_t i = 0; i < COUNT_OF(ours); i++)
        if (!sigaction(ours[i], NULL, &action) && action.sa_handler == stop_guest)
            signal(ours[i], SIG_DFL);
}

static bool is_named(const Unit *u, Bytes name)
{
    return u->name && bytes_are(name, u->name);
}

// Before anything runs: will there be something of that name?
static bool found(void *env, const Module *m, const Import *import)
{
    const Run *run = env;
    if (group_provides(m, import)) return true;
    if (run->stub_imports && import->kind == EXTERN_func) return true;
    if (wasi_find((const char *)import->module.data, import->module.len,
                  (const char *)import->name.data, import->name.len))
        return true;
    for (const Unit *u = run->units; u; u = u->next)
        if (is_named(u, import->module) && module_export(u->source.module, import->name))
            return true;
    return false;
}

// What stands for a function that nothing defines.
static Trap call_missing(HostCall *call)
{
    const Import *import = call->env;
    char module[QUOTED_MOST], name[QUOTED_MOST];
    return exec_trap(call->exec, TRAP_host, "nothing defines %s %s, which was to be called",
                     quoted(module, import->module), quoted(name, import->name));
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    RunThread *t = env;
    Store *store = t->thread.store;
    for (const Unit *u = t->run->units; u; u = u->next)
        if (t->instances[u->number] && is_named(u, import->module) &&
            instance_export(t->instances[u->number], import->name, out))
            return true;
    if (wasi_resolve(store, t->wasi, import, out)) return true;
    if (out->kind != EXTERN_COUNT && group_resolve(&t->thread, import, type, out)) return true;
    if (out->kind == EXTERN_COUNT || !t->run->stub_imports || import->kind != EXTERN_func)
        return false;
    out->func = func_new_host(store, type->func, call_missing, (void *)import);
    if (!out->func) out->kind = EXTERN_COUNT;
    return out->func != NULL;
}

const char *run_file_of(void *env, const Module *m)
{
    const Run *run = env;
    for (const Unit *u = run->units; u; u = u->next)
        if (u->source.module == m) return u->file;
    return run->main->source.module == m ? run->main->file : NULL;
}

// --- threads

static RunThread *thread_new(const Run *run, WasiCtx *wasi)
{
    RunThread *t = calloc(1, sizeof *t + (run->unit_count + 1) * sizeof t->instances[0]);
    if (t) t->run = run;
    if (t) t->wasi = wasi;
    return t;
}

static bool make_unit(RunThread *t, const Unit *u)
{
    Diag ignored;
    Instantiated made =
        engine_make(t->thread.store, u->source.module, resolve, t, &ignored);
    t->instances[u->number] = made.instance;
    return made.instance && !made.trap;
}

static void end_run_thread(void *env, GroupThread *thread)
{
    RunThread *t = (RunThread *)thread;
    store_free(t->thread.store);
    wasi_free(t->wasi);
}

// As the first one was: preloaded modules are its own too.
static GroupThread *make_run_thread(void *env, Store *store)
{
    const Run *run = env;
    WasiCtx *wasi = wasi_beside(run->wasi);
    RunThread *t = wasi ? thread_new(run, wasi) : NULL;
    if (!t) {
        wasi_free(wasi);
        store_free(store);
        return NULL;
    }
    t->thread.store = store;
    t->thread.group = (Group *)&run->group;
    wasi_obey(store, wasi);
    bool good = true;
    for (const Unit *u = run->units; u && good; u = u->next) good = make_unit(t, u);
    good = good && make_unit(t, run->main);
    if (good) t->thread.start = group_entry(t->instances[0]);
    if (t->thread.start) return &t->thread;
    end_run_thread(env, &t->thread);
    free(t);
    return NULL;
}

static Trap begin_run_thread(void *env, GroupThread *thread)
{
    const RunThread *t = (RunThread *)thread;
    Trap trap = TRAP_none;
    for (const Unit *u = t->run->units; u && !trap; u = u->next)
        trap = engine_start(thread->store, t->instances[u->number]);
    return trap ? trap : engine_start(thread->store, t->instances[0]);
}

static const char together[] = "threads: ";

// Once everything is loaded: are there to be threads, and can there be?
static int open_group(Run *run)
{
    const Module *m = run->main->source.module;
    bool wanted = group_wanted(m);
    for (const Unit *u = run->units; u; u = u->next) wanted |= group_wanted(u->source.module);
    if (!wanted) return EXIT_OK;
    if (run->stepped)
        return cli_error(EXIT_INPUT, "%s wants %swhat is shown are the steps of one",
                         run->main->file, together);
    const char *lacks = group_lacks(m);
    if (lacks) return cli_error(EXIT_INPUT, "%s wants %s%s", run->main->file, together, lacks);
    if (run->deterministic && run->max_threads)
        return cli_error(EXIT_INPUT, "%s wants %swhat they do depends on time, which "
                         "--deterministic rules out; with --max-threads 0 it gets none",
                         run->main->file, together);
    if (!run->formal) group_begin(&run->group);
    run->threads = true;
    return EXIT_OK;
}

// The program is over, by this trap if it is one: so are its threads, of which one may have been
// first. Returns how it ended.
static Trap close_group(Run *run, Trap trap)
{
    static const u64 patience = 5000000000; // ns; then the process ends without them
    u64 now = plat_clock_now(CLOCK_monotonic); // 0: nobody knows
    bool all;
    if (!run->threads || run->closed) return run->ended ? run->ended->trap : trap;
    run->closed = true;
    run->ended = group_end(&run->group, trap, now ? now + patience : FUTEX_FOREVER, &all);
    run->left_behind = !all;
    return run->ended->trap;
}

// So much fuel was used up: it pauses where it next can, with what it was granted besides.
static bool pause_there(Exec *x, u64 units)
{
    Run *run = x->more_fuel_env;
    x->fuel += (s64)run->fuel_behind;
    x->more_fuel = NULL;
    exec_pause(x);
    return x->fuel >= (s64)units;
}

// Of `fuel` that there is.
static void plan_snapshot(Run *run, u64 fuel)
{
    Exec *x = &run->store->exec;
    fuel = MIN(fuel, fuel_endless);
    run->fuel_behind = fuel - MIN(fuel, run->snapshot_at);
    exec_grant_fuel(x, MIN(fuel, run->snapshot_at));
    x->more_fuel = pause_there;
    x->more_fuel_env = run;
}

static int finish_snapshot(Run *run)
{
    exec_go_on(&run->store->exec);
    run->stopped = true;
    if (!snapshot_save_file(run->store, run->wasi, run->out)) return EXIT_INPUT;
    if (!output_is_standard(run->out))
        fprintf(stderr, "written to %s; weft run --resume %s goes on from there\n", run->out,
                run->out);
    return EXIT_OK;
}

int run_finish_trap(Run *run, const char *file, Trap trap)
{
    if (trap == TRAP_paused && run->out) return finish_snapshot(run);
    trap = close_group(run, trap);
    run->over = true;
    const Store *store = run->ended ? run->ended->store : run->store;
    if (trap == TRAP_exit && run->init.func) // the system looks at 8 bits of a status
        return cli_error(store->exec.exit_status & 0xff ? store->exec.exit_status : EXIT_INPUT,
                         "%s ended with exit status %d before %s has returned, so nothing is "
                         "written", file, store->exec.exit_status, run->init.func);
    if (trap == TRAP_exit) return store->exec.exit_status;
    fflush(stdout);
    print_tame_text(stderr, file);
    fputs(": ", stderr);
    if (run->ended && run->ended->id) fprintf(stderr, "thread %u: ", run->ended->id);
    const TrapView how = {run->raw_names, run_file_of, run};
    print_trap(store, trap, &how);
    return trap == TRAP_time_limit    ? EXIT_TIMEOUT
           : trap == TRAP_interrupted ? EXIT_INTERRUPT
                                      : EXIT_TRAP;
}

// Of a file that was compiled before, where that is not run.
static void say_refused(void *env, u32 func, const char *what)
{
    const Unit *unit = env;
    fputs("warning: ", stderr);
    print_tame_text(stderr, unit->file);
    fprintf(stderr, ": its code of function %u is not run, but made anew: %s; compile the module "
                    "again\n", func, what);
}

static void tell_refused(Unit *unit)
{
    Stored *stored = unit->source.module->stored;
    if (!stored || stored->tell) return; // of a cache, which sees to it
    stored->tell = say_refused;
    stored->tell_env = unit;
}

static int load(Run *run, Unit *unit)
{
    Diag diag;
    if (input_load_any(unit->file, run->engine, run->formal, &unit->source, &diag)) {
        tell_refused(unit);
        return EXIT_OK;
    }
    if (diag.err != ERR_none) print_diag(unit->file, &unit->source, &diag);
    return EXIT_INPUT;
}

static int instantiate(Run *run, Unit *unit)
{
    Diag diag;
    running = &run->store->exec;
    Instantiated made = engine_make(run->store, unit->source.module, resolve, run->first, &diag);
    if (!made.instance && !made.trap) {
        print_diag(unit->file, &unit->source, &diag);
        return EXIT_INPUT;
    }
    unit->instance = run->first->instances[unit->number] = made.instance;
    if (!made.trap) made.trap = engine_start(run->store, made.instance);
    return made.trap ? run_finish_trap(run, unit->file, made.trap) : EXIT_OK;
}

static bool find_func(const Unit *unit, const char *name, Func **out)
{
    Extern e;
    if (!instance_export(unit->instance, bytes_of(name), &e) || e.kind != EXTERN_func)
        return false;
    *out = e.func;
    return true;
}

static int no_export(const Run *run, const Unit *unit, const char *what)
{
    const Module *m = unit->source.module;
    cli_error(0, "%s %s", unit->file, what);
    if (run->invoke) {
        Nearest near = nearest_to(run->invoke, strlen(run->invoke));
        for (u32 i = 0; i < m->export_count; i++)
            if (m->exports[i].kind == EXTERN_func)
                nearest_try(&near, (const char *)m->exports[i].name.data, m->exports[i].name.len);
        if (near.best) {
            fputs("did you mean ", stderr);
            print_tame(stderr, (Bytes){(const u8 *)near.best, near.best_len});
            fputs("?\n", stderr);
            return EXIT_INPUT;
        }
    }
    u32 shown = 0;
    for (u32 i = 0; i < m->export_count && shown < 20; i++) {
        if (m->exports[i].kind != EXTERN_func) continue;
        fputs(shown++ ? ", " : "it exports the functions ", stderr);
        print_tame(stderr, (Bytes){m->exports[i].name.data, MIN(m->exports[i].name.len, 200)});
    }
    fputs(shown ? "\n" : "it exports no function\n", stderr);
    return EXIT_INPUT;
}

// What a call gave, a line each.
static int print_results(const Run *run, const Func *func, const u64 *slots)
{
    const TypeDef *def = type_def(run->store->types, func->type);
    for (u32 i = 0; i < def->result_count; slots += type_slots(type_results(def)[i++])) {
        print_value(stdout, run->store, type_results(def)[i], slots);
        putchar('\n');
    }
    return EXIT_OK;
}

int run_no_invoked(const Run *run)
{
    char what[300];
    snprintf(what, sizeof what, "has no exported function \"%.200s\"", run->invoke);
    return no_export(run, run->main, what);
}

static int invoke(Run *run, const Unit *unit, const Args *args)
{
    Func *func;
    char type[300];
    if (!find_func(unit, run->invoke, &func)) return run_no_invoked(run);
    const TypeDef *def = type_def(run->store->types, func->type);
    u32 given = (u32)(args->argc - args->next);
    if (given != def->param_count)
        return cli_error(EXIT_USAGE, "%s takes %u arguments, %u were given", run->invoke,
                         def->param_count, given);
    u32 room = func_slots(func) + 1;
    u64 *slots = calloc(room, sizeof *slots);
    if (!slots) return cli_error(EXIT_INPUT, "out of memory");
    int status = EXIT_OK;
    for (u32 i = 0, at = 0; i < def->param_count && status == EXIT_OK;
         at += type_slots(def->params[i++]))
        if (!parse_value(args->argv[args->next + (int)i], def->params[i], slots + at)) {
            type_whole(type, sizeof type, run->store->types, def->params[i]);
            status = cli_error(EXIT_USAGE, "argument %u of %s: \"%s\" is not of type %s", i + 1,
                               run->invoke, args->argv[args->next + (int)i], type);
        }
    Trap trap = status == EXIT_OK ? engine_call(run->store, func, slots, room) : TRAP_none;
    if (status == EXIT_OK) trap = close_group(run, trap);
    if (trap) status = run_finish_trap(run, unit->file, trap);
    if (status == EXIT_OK && !trap) print_results(run, func, slots);
    free(slots);
    return status;
}

// Calls a function that WASI gives a meaning to by its name, and neither values nor results.
static int call_named(Run *run, const Unit *unit, Func *func, const char *name)
{
    if (func_slots(func)) {
        const TypeDef *def = type_def(run->store->types, func->type);
        return cli_error(EXIT_INPUT, "%s: %s takes %u values and gives %u, and may do neither",
                         unit->file, name, def->param_count, def->result_count);
    }
    Trap trap = engine_call(run->store, func, NULL, 0);
    return trap ? run_finish_trap(run, unit->file, trap) : EXIT_OK;
}

// What a program does is in _start, or in its start function alone, which instantiation runs.
static int check_program(const Run *run, const Unit *unit)
{
    const Module *m = unit->source.module;
    const Export *e = module_export(m, bytes_of("_start"));
    if (run->init.func) return init_check(&run->init, unit->file, m) ? EXIT_OK : EXIT_INPUT;
    if (run->invoke || m->has_start || (e && e->kind == EXTERN_func)) return EXIT_OK;
    char what[200];
    snprintf(what, sizeof what, "%s%s, so it is no WASI command; --invoke NAME calls an export",
             e ? "exports _start, which is no function but a " : "has no function _start",
             e ? extern_text[e->kind] : "");
    return no_export(run, unit, what);
}

// Calls what --init names, and writes what has become of the module.
static int initialise(Run *run, const Unit *unit)
{
    Func *func;
    const char *name = run->init.func;
    int status = EXIT_OK;
    if (strcmp(name, "_initialize") && find_func(unit, name, &func)) // else it was called just now
        status = call_named(run, unit, func, name);
    if (status != EXIT_OK) return status;
    leave_signals();
    bool good = init_write(&run->init, unit->file, run->engine, unit->instance, run->wasi);
    return good ? EXIT_OK : EXIT_INPUT;
}

static int start(Run *run, const Unit *unit, const Args *args)
{
    Func *func;
    // A reactor is initialized before anything else of it is called.
    if (find_func(unit, "_initialize", &func)) {
        int status = call_named(run, unit, func, "_initialize");
        if (status != EXIT_OK || run->over) return status;
    }
    if (run->init.func) return initialise(run, unit);
    if (run->invoke) return invoke(run, unit, args);
    int status = find_func(unit, "_start", &func) ? call_named(run, unit, func, "_start") : EXIT_OK;
    if (status != EXIT_OK) return status;
    // Another thread may have been first.
    return close_group(run, TRAP_none) ? run_finish_trap(run, unit->file, TRAP_none) : EXIT_OK;
}

// Preloaded modules in the order they were given, then the main one.
int run_load(Run *run)
{
    Unit *main_unit = run->main;
    Unit *in_order = NULL;
    for (Unit *u = run->units, *older; u; u = older) {
        older = u->next;
        u->next = in_order;
        in_order = u;
    }
    run->units = in_order;
    int status = EXIT_OK;
    for (Unit *u = in_order; u && status == EXIT_OK; u = u->next) status = load(run, u);
    if (status == EXIT_OK) status = load(run, main_unit);
    // refused before anything has run
    for (Unit *u = in_order; u && status == EXIT_OK; u = u->next)
        if (!imports_found(u->file, u->source.module, found, run)) status = EXIT_INPUT;
    if (status == EXIT_OK && !imports_found(main_unit->file, main_unit->source.module, found, run))
        status = EXIT_INPUT;
    if (status == EXIT_OK) status = check_program(run, main_unit);
    for (Unit *u = in_order; u && status == EXIT_OK && run->init.func; u = u->next)
        if (!init_check_preload(&run->init, u->file, u->source.module)) status = EXIT_INPUT;
    return status == EXIT_OK ? open_group(run) : status;
}

static int load_and_start(Run *run, const Args *args)
{
    Unit *main_unit = run->main;
    if (input_is_component(main_unit->file)) {
        running = &run->store->exec;
        return run_component(run);
    }
    int status = run_load(run);
    if (status == EXIT_OK && run->grants.dry) return wasi_dry(run, NULL);
    if (status == EXIT_OK) status = wasi_wall(run);
    for (Unit *u = run->units; u && status == EXIT_OK && !run->over; u = u->next)
        status = instantiate(run, u);
    if (status == EXIT_OK && !run->over) status = instantiate(run, main_unit);
    return status == EXIT_OK && !run->over ? start(run, main_unit, args) : status;
}

static int resume(Run *run)
{
    char why[WASI_WHY];
    Exec *x = &run->store->exec;
    if (!snapshot_load_file(&run->resumed, run->store, run->engine, resolve, run->first, NULL))
        return EXIT_INPUT;
    int err = run->resumed.wasi.len ? wasi_load(run->wasi, run->resumed.wasi, why) : 0;
    if (err)
        return cli_error(EXIT_INPUT, "%s: what its program held of WASI: %s: %s", run->resume,
                         why, strerror(err));
    int status = wasi_wall(run); // what it held is open again
    if (status != EXIT_OK) return status;
    if (run->resumed.parked || !engine_may_continue(run->store))
        return cli_error(EXIT_INPUT, "%s has %s, which the program that made it goes on with",
                         run->resume, run->resumed.parked ? "several calls" : "no stopped call");
    if (!exec_fueled(x) && (run->fueled || run->snapshot_at))
        return cli_error(EXIT_USAGE, "%s counts no fuel: --fuel and --snapshot-at cannot be had",
                         run->resume);
    if (run->fueled) exec_grant_fuel(x, run->fuel);
    if (run->snapshot_at) plan_snapshot(run, (u64)x->fuel);
    u32 room = func_slots(x->called) + 1;
    const Func *func = x->called;
    u64 *slots = calloc(room, sizeof *slots);
    if (!slots) return cli_error(EXIT_INPUT, "out of memory");
    running = x;
    Trap trap = engine_continue(run->store, slots, room);
    status = trap ? run_finish_trap(run, run->resume, trap) : print_results(run, func, slots);
    free(slots);
    return status;
}

// What a program sees of the path that it was run from: the last part, and of a stream always the
// same.
static const char *program_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    if (!strcmp(file, "-") || !strncmp(file, "/dev/fd/", 8) || !strncmp(file, "/proc/", 6))
        return "main.wasm";
    return slash ? slash + 1 : file;
}

// The name behind -o is the snapshot's.
static int take_output(Run *run)
{
    run->out = run->init.output;
    run->init.output = NULL;
    if (!run->out) return cli_error(EXIT_USAGE, "--snapshot-at wants -o OUT, where it is written");
    if (run->init.func)
        return cli_error(EXIT_USAGE, "--init and --snapshot-at each say what is written");
    return EXIT_OK;
}

static Engine *make_engine(const Run *run)
{
    Engine *e = engine_new(run->features);
    if (!e) return NULL;
    e->limits = run->limits;
    if (run->code_bytes)
        e->accounts[ENGINE_code_bytes].limit =
            (size_t)MIN(run->code_bytes, SIZE_MOST);
    e->threads = run->jobs;
    e->deterministic = run->deterministic;
    e->stop_every = run->stop_every;
    e->down_every = run->down_every;
    e->up_every = run->up_every;
    e->gc_stress = run->gc_stress;
    e->bare = run->bare;
    e->tier = run->tier;
    if (run->hot) e->hot = run->hot;
    if (run->beside) e->beside.bytes = run->beside;
    if (run->faults) engine_set_faults(e, true); // where it can be had
    e->among_first = run->among_first;
    e->among_end = run->among_end;
    e->fueled = run->fueled || run->snapshot_at;
    e->cache = run->kept;
    e->watch = run->watch;
    return e;
}

void run_init(Run *run, Unit *main)
{
    *main = (Unit){0};
    *run = (Run){.tier = TIER_auto, .features = features_default, .jobs = 1,
                 .limits = store_limits_default, .faults = true, .wasi = wasi_new(),
                 .max_threads = GROUP_THREADS, .main = main,
                 .grants = {.opened = {-1, -1, -1}, .trace_fd = -1}};
}

bool run_prepare(Run *run, const Args *args)
{
    int err = wasi_add_arg(run->wasi, run->argv0 ? run->argv0 : program_name(run->main->file));
    for (int i = args->next; i < args->argc && !err; i++)
        err = wasi_add_arg(run->wasi, args->argv[i]);
    if (run->keeps) run->kept = kept_open(run->kept_in, run->kept_bytes);
    if (run->deterministic) wasi_set_fixed(run->wasi);
    run->engine = make_engine(run);
    return run->engine && !err;
}

void run_free(Run *run)
{
    free(run->first);
    store_free(run->store);
    run_component_free(run->component);
    source_free(&run->main->source);
    for (Unit *u = run->units, *next; u; u = next) {
        next = u->next;
        source_free(&u->source);
        free((char *)u->name);
        free(u);
    }
    snapshot_free_file(&run->resumed);
    engine_free(run->engine);
    cache_free(run->kept);
    wasi_free(run->wasi);
    wasi_over(&run->grants);
    output_outside_end();
    init_free(&run->init);
}

int cli_run(Args *args)
{
    Run run;
    Unit main_unit;
    run_init(&run, &main_unit);
    int status = run.wasi ? run_options(&run, args) : cli_error(EXIT_INPUT, "out of memory");
    if (status == EXIT_OK && !run.resume && args->next >= args->argc)
        status = args_missing(args, "FILE");
    if (status == EXIT_OK && run.snapshot_at) status = take_output(&run);
    if (status == EXIT_OK && run.resume) {
        if (!snapshot_open_file(run.resume, &run.resumed)) status = EXIT_INPUT;
        else if (args->next < args->argc)
            status = cli_error(EXIT_USAGE, "a program that goes on has its module and its "
                                           "arguments already: \"%s\"", args->argv[args->next]);
        else if (run.grants.dry)
            status = cli_error(EXIT_USAGE, "--dry-run is about a module, not about what --resume "
                                           "goes on with");
        else if (run.invoke || run.init.func)
            status = cli_error(EXIT_USAGE, "--resume goes on with the call that was stopped: "
                                           "nothing else is called (%s)",
                               run.invoke ? "--invoke" : "--init");
        run.deterministic |= run.resumed.head.deterministic;
    }
    if (status == EXIT_OK && run.perf && !perf_begin()) status = EXIT_INPUT;
    if (status == EXIT_OK && run.census && !output_ready(run.census, args->argv[args->next]))
        status = EXIT_INPUT;
    if (status == EXIT_OK && run.init.func && run.invoke)
        status = cli_error(EXIT_USAGE, "--init FUNC and --invoke NAME each say what is called");
    if (status == EXIT_OK && !init_begin(&run.init, run.resume ? "" : args->argv[args->next]))
        status = run.init.func && run.init.output ? EXIT_INPUT : EXIT_USAGE;
    if (status == EXIT_OK) {
        main_unit.file = run.resume ? run.resume : args->argv[args->next++];
        status = wasi_ready(&run);
    }
    if (status == EXIT_OK) {
        bool good = run_prepare(&run, args);
        if (run.formal && good) {
            set_signals(&run);
            status = run_formally(&run, args);
        }
        run.store = good && !run.formal ? engine_store(run.engine) : NULL;
        run.first = run.store ? thread_new(&run, run.wasi) : NULL;
        if (!good || (!run.first && !run.formal)) {
            status = cli_error(EXIT_INPUT, "out of memory");
        } else if (!run.formal) {
            if (run.fueled) exec_grant_fuel(&run.store->exec, run.fuel);
            if (run.resumed.head.fueled) exec_grant_fuel(&run.store->exec, run.resumed.head.fuel);
            if (run.snapshot_at && !run.resume)
                plan_snapshot(&run, run.fueled ? run.fuel : UINT64_MAX);
            GcLog log = {0};
            run.store->collected = run.gc_log ? gc_log_add : NULL;
            run.store->collected_env = &log;
            set_signals(&run);
            wasi_obey(run.store, run.wasi);
            wasi_mark(run.wasi);
            run.first->thread.store = run.store;
            const GroupMaker maker = {make_run_thread, begin_run_thread, end_run_thread, &run};
            group_init(&run.group, run.engine, &run.first->thread, &run.engine->limits, &maker);
            run.group.most = run.max_threads;
            status = run.resume ? resume(&run) : load_and_start(&run, args);
            close_group(&run, TRAP_none);
            running = NULL;
            if (run.snapshot_at && !run.stopped && status != EXIT_USAGE)
                fprintf(stderr, "%s was not written: the program ended before\n", run.out);
            if (run.census && run.store->instances &&
                !census_write(run.store, run.census, run_file_of, &run) && status == EXIT_OK)
                status = EXIT_INPUT;
            run.store->collected = NULL;
            if (run.gc_log) gc_log_end(&log);
            if (run.left_behind) {
                fflush(NULL);
                _exit(status);
            }
            group_free(&run.group);
        }
    }
    if (run.grants.trace_failed)
        status = cli_error(status == EXIT_OK ? EXIT_INPUT : status,
                           "not all calls could be written down");
    run_free(&run);
    return status;
}
