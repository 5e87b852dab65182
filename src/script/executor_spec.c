// executor_spec.c -- the formal machine as an executor. See executor.h, and formal/README.md.
//
// In slots a reference is the place, from 1 on, where it was noted; which value it is is known
// there.

#include "script/threads_spec.h"

#include "binary/decode.h"
#include "formal/wait.h"
#include "wasi/func_type.h"
#include "valid/valid.h"

#include <stdlib.h>
#include <string.h>

// ---- Values in slots

static u64 note_ref(SpecExecutor *e, Val v)
{
    if (value_is_null(v)) return 0;
    if (!FORMAL_ROOM(e->refs)) return 0;
    e->refs.at[e->refs.count++] = v;
    e->config.held = e->refs.at;
    e->config.held_count = e->refs.count;
    return e->refs.count;
}

// False: out of memory.
static bool put_slots(SpecExecutor *e, Val v, Type type, u64 *slots)
{
    slots[0] = type_is_ref(type) ? note_ref(e, v) : v.bits;
    if (type == TYPE_v128) slots[1] = v.lanes[1];
    return !type_is_ref(type) || slots[0] || value_is_null(v);
}

static Val get_slots(SpecExecutor *e, Type type, const u64 *slots)
{
    if (type_is_ref(type)) {
        if (!slots[0]) return value_ref(VALUE_null, 0);
        Val v = e->refs.at[slots[0] - 1];
        // one of the host's is made before it is known which it is to be
        if (v.kind == VALUE_host) v.external = type_top(e->types, type) == HEAP_extern;
        return v;
    }
    Val v = {.kind = (u8)type, .lanes = {slots[0], 0}};
    if (type == TYPE_v128) v.lanes[1] = slots[1];
    if (type == TYPE_i32 || type == TYPE_f32) v.bits = (u32)slots[0];
    return v;
}

static u64 host_ref(Executor *x, u64 value)
{
    return note_ref(spec_of(x), value_ref(VALUE_host, value));
}

static void look(Executor *x, Type type, u64 slot, ExecutorRef *out)
{
    static const Heap heaps[] = {
        [VALUE_i31] = HEAP_i31, [VALUE_struct] = HEAP_struct, [VALUE_array] = HEAP_array,
        [VALUE_host] = HEAP_any, [VALUE_func] = HEAP_func, [VALUE_exn] = HEAP_exn,
        [VALUE_cont] = HEAP_cont};
    SpecExecutor *e = spec_of(x);
    *out = (ExecutorRef){.heap = type_top(e->types, type)};
    if (!slot || slot > e->refs.count) return;
    Val v = e->refs.at[slot - 1];
    out->is_host = v.kind == VALUE_host;
    out->host = v.bits;
    out->number = v.kind == VALUE_func    ? e->store->funcs.at[v.bits].index
                  : v.kind == VALUE_array ? e->store->arrays.at[v.bits].count
                                          : v.bits;
    if (!v.external && out->heap == HEAP_any) out->heap = heaps[v.kind];
}

static const TypeStore *types(Executor *x) { return spec_of(x)->types; }

// ---- The host modules

static Trap print(Config *c, void *env, const Val *args, Val *results)
{
    const SpecFunc *f = env;
    u64 params[SPECTEST_PARAMS_MOST] = {0};
    char text[100];
    if (!f->owner->print || !spectest_prints_it(f->row)) return TRAP_none;
    for (u32 i = 0; spectest_prints[f->row].params[i]; i++) params[i] = args[i].bits;
    spectest_print_text(f->row, params, text, sizeof text);
    f->owner->print(f->owner->env, text);
    return TRAP_none;
}

static bool hold_type(SpecExecutor *e, const TypeDef *def, TypeId *out)
{
    if (!FORMAL_ROOM(e->held) || !type_store_intern(e->types, def, 1, out)) return false;
    e->held.at[e->held.count++] = *out;
    return true;
}

static u32 make_func(SpecExecutor *e, u32 row)
{
    Type params[SPECTEST_PARAMS_MOST];
    TypeDef def = spectest_func_type(row, params);
    TypeId type;
    if (!hold_type(e, &def, &type)) return NO_ADDRESS;
    e->funcs[row] = (SpecFunc){e, row};
    return alloc_func(e->store, (FuncInst){.type = type, .host = print, .env = &e->funcs[row]});
}

static ExternAddr make_host(SpecExecutor *e, u32 row)
{
    if (row < ROW_GLOBALS) return (ExternAddr){EXTERN_func, make_func(e, row)};
    if (row < ROW_TABLE) {
        const SpectestGlobal *g = &spectest_globals[row - ROW_GLOBALS];
        GlobalType type = {g->type, false};
        return (ExternAddr){EXTERN_global,
                            alloc_global(e->store, type, value_number(g->type, g->bits))};
    }
    if (row < ROW_MEMORY) {
        TableType type = spectest_table_type(row);
        return (ExternAddr){EXTERN_table, alloc_table(e->store, &type, value_ref(VALUE_null, 0))};
    }
    MemType type = spectest_memory_type(row);
    return (ExternAddr){EXTERN_memory, alloc_mem(e->store, &type)};
}

u32 spec_host_func(SpecExecutor *e, const TypeDef *type, HostCode *host, void *env)
{
    FuncInst inst = {.host = host, .env = env};
    SpecExecutor *root = e->root;
    for (u32 k = 0; k < root->hosted.count; k++) {
        const FuncInst *f = &e->store->funcs.at[root->hosted.at[k]];
        if (f->host == host && f->env == env) return root->hosted.at[k];
    }
    if (!FORMAL_ROOM(root->hosted) || !hold_type(e, type, &inst.type)) return NO_ADDRESS;
    u32 a = alloc_func(e->store, inst);
    if (a != NO_ADDRESS) root->hosted.at[root->hosted.count++] = a;
    return a;
}

static u32 make_wasi(SpecExecutor *e, const WasiFunc *func)
{
    Type types[WASI_TYPES_MOST];
    const TypeDef def = wasi_type(func, types);
    return spec_host_func(e, &def, spec_wasi, (void *)func);
}

// What programs import.
static bool find_program(SpecExecutor *e, const Module *m, const Import *import, ExternAddr *out)
{
    const WasiFunc *func = wasi_find((const char *)import->module.data, import->module.len,
                                     (const char *)import->name.data, import->name.len);
    if (!func && (!e->stubs || import->kind != EXTERN_func)) return false;
    const FuncInst stub = {.type = import_type(m, import).func, .host = spec_stub,
                           .env = (void *)import};
    *out = (ExternAddr){EXTERN_func, func ? make_wasi(e, func) : alloc_func(e->store, stub)};
    if (out->address != NO_ADDRESS) return true;
    return out->kind = EXTERN_COUNT, false;
}

static bool find_host(SpecExecutor *e, const Import *import, ExternAddr *out)
{
    u32 row = spectest_row(import);
    if (row == ROW_COUNT) return false;
    if (e->host[row].kind == EXTERN_COUNT) {
        ExternAddr made = make_host(e, row);
        if (made.address == NO_ADDRESS) return out->kind = EXTERN_COUNT, false;
        e->host[row] = made;
    }
    *out = e->host[row];
    return true;
}

// ---- Modules

// What a thread loads the store may name when the thread is no more. False: out of memory.
static bool room_to_leave(SpecExecutor *e)
{
    if (!formal_room((void **)&e->left, e->loaded, &e->left_cap, sizeof *e->left)) return false;
    e->loaded++;
    return true;
}

static Module *load(Executor *x, Bytes bytes, Diag *diag)
{
    static const u8 nothing[1];
    Module *m;
    diag_init(diag);
    if (spec_of(x)->root != spec_of(x) && !room_to_leave(spec_of(x)))
        return diag_fail(diag, ERR_out_of_memory, 0, "for a module"), NULL;
    if (!module_decode(bytes.data ? bytes.data : nothing, bytes.len, spec_of(x)->features,
                       spec_of(x)->types, &m, diag))
        return NULL;
    if (module_validate(m, diag)) return m;
    module_free(m);
    return NULL;
}

static void unload(Executor *x, Module *m)
{
    SpecExecutor *e = spec_of(x);
    if (m && e->root != e) e->left[e->left_count++] = m;
    else module_free(m);
}

typedef struct {
    SpecExecutor *executor;
    const Module *module;
    ExecutorNames *names;
    void *env;
} Linking;

// Of a thread of a program: what it has in the place of one of the first's; or NULL.
static const ExecutorInstance *own_of(const SpecExecutor *t, const ExecutorInstance *of)
{
    const ExecutorInstance *i = t->instances;
    while (i && i->number != of->number) i = i->older;
    return i && i->of ? i : NULL;
}

static bool export_of(SpecExecutor *e, const ExecutorInstance *i, Bytes name, ExternAddr *out)
{
    if (!formal_export(i->of, name, out)) return false;
    return !i->foreign || (out->kind == EXTERN_memory &&
                           e->store->mems.at[out->address].type.limits.shared);
}

static bool resolve(void *env, const Import *import, ExternAddr *out)
{
    const Linking *l = env;
    SpecExecutor *e = l->executor;
    const ExecutorInstance *inst = l->names(l->env, import->module);
    if (inst && e->id) inst = own_of(e, inst);
    if (inst && export_of(e, inst, import->name, out)) return true;
    if (!e->programs.wasi) return !inst && find_host(e, import, out);
    return threads_provide(l->module, import) ? threads_resolve(e, l->module, import, out)
                                              : find_program(e, l->module, import, out);
}

// NULL: out of memory.
static ExecutorInstance *add_instance(SpecExecutor *e, ModuleInst *of, bool foreign)
{
    ExecutorInstance *i = malloc(sizeof *i);
    if (!i) return NULL;
    *i = (ExecutorInstance){e->instances, e->instances ? e->instances->number + 1 : 0, of, foreign};
    return e->instances = i;
}

static ExecutorInstance *share(Executor *x, ExecutorInstance *from)
{
    return add_instance(spec_of(x), from->of, true);
}

static ExecutorMade instantiate(Executor *x, const Module *m, ExecutorNames *names, void *env,
                                Diag *diag)
{
    SpecExecutor *e = spec_of(x);
    Linking linking = {e, m, names, env};
    ExecutorMade made = {0};
    ExecutorInstance *i = add_instance(e, NULL, false);
    diag_init(diag);
    if (!i) {
        diag_fail(diag, ERR_out_of_memory, 0, "for the instance");
        return made;
    }
    e->threads.names = names;
    e->threads.env = env;
    i->of = formal_make(&e->config, m, resolve, &linking, &made.trap, diag);
    if (i->of) made.instance = i; // whose start function may ask for threads
    if (i->of && !made.trap) made.trap = formal_start(&e->config, i->of);
    return made;
}

bool spec_make(SpecExecutor *t, const ModuleInst *of)
{
    const SpecThreads *all = &t->root->threads;
    Linking linking = {t, of->module, all->names, all->env};
    ExecutorInstance *i = add_instance(t, NULL, false);
    Trap trap;
    Diag diag;
    diag_init(&diag);
    if (!i) return false;
    i->of = formal_make(&t->config, of->module, resolve, &linking, &trap, &diag);
    if (i->of) i->of->like = of;
    return i->of && !trap;
}

static bool find(Executor *x, ExecutorInstance *instance, Bytes name, ExecutorExport *out)
{
    SpecExecutor *e = spec_of(x);
    ExternAddr found;
    if (!export_of(e, instance, name, &found)) return false;
    *out = (ExecutorExport){.kind = found.kind, .item = (void *)(uintptr_t)found.address};
    if (found.kind == EXTERN_func) {
        const TypeDef *type = type_def(e->types, e->store->funcs.at[found.address].type);
        out->param_count = type->param_count;
        out->result_count = type->result_count;
        out->params = type->params;
        out->results = type_results(type);
        out->slots = MAX(type->param_slots, type->result_slots);
    } else if (found.kind == EXTERN_global) {
        out->result_count = 1;
        out->results = &e->store->globals.at[found.address].type.type;
        out->slots = 2;
    }
    return true;
}

// ---- Calls, in turns or at once

static bool begin(Executor *x, const ExecutorExport *func, const u64 *slots)
{
    SpecExecutor *e = spec_of(x);
    Val *args = malloc(((size_t)func->param_count + 1) * sizeof *args);
    if (!args) return false;
    for (u32 i = 0, at = 0; i < func->param_count; at += type_slots(func->params[i++]))
        args[i] = get_slots(e, func->params[i], slots + at);
    bool good = formal_begin(&e->config, (u32)(uintptr_t)func->item, args);
    free(args);
    return good;
}

static ExecutorTurn turn(Executor *x, u64 steps)
{
    static const ExecutorTurn turns[] = {
        [TURN_over] = EXECUTOR_over, [TURN_goes_on] = EXECUTOR_goes_on,
        [TURN_waits] = EXECUTOR_waits};
    return turns[config_turn(&spec_of(x)->config, steps)];
}

static Trap end(Executor *x, const ExecutorExport *func, u64 *slots)
{
    SpecExecutor *e = spec_of(x);
    Val *results = malloc(((size_t)func->result_count + 1) * sizeof *results);
    if (!results) return TRAP_out_of_memory;
    Trap trap = formal_end(&e->config, (u32)(uintptr_t)func->item, results);
    for (u32 i = 0, at = 0; !trap && i < func->result_count; at += type_slots(func->results[i++]))
        if (!put_slots(e, results[i], func->results[i], slots + at)) trap = TRAP_out_of_memory;
    free(results);
    return trap;
}

static void pass_time(Executor *x) { time_passes(spec_of(x)->store); }

static Trap call(Executor *x, const ExecutorExport *func, u64 *slots)
{
    if (!begin(x, func, slots)) return TRAP_out_of_memory;
    config_go(&spec_of(x)->config);
    return end(x, func, slots);
}

static void get(Executor *x, const ExecutorExport *global, u64 slots[2])
{
    SpecExecutor *e = spec_of(x);
    const GlobalInst *g = &e->store->globals.at[(u32)(uintptr_t)global->item];
    put_slots(e, g->value, g->type.type, slots);
}

Config *executor_config(Executor *x) { return &spec_of(x)->config; }

static const char *detail(Executor *x) { return spec_of(x)->config.detail; }

static const char *unsound(Executor *x)
{
    const Check *check = spec_of(x)->check;
    return check ? check_says(check) : NULL;
}

static u32 calls(Executor *x, ExecutorCall *out, u32 most, u32 *more)
{
    const Config *c = &spec_of(x)->config;
    u32 count = MIN(c->call_count, most);
    for (u32 k = 0; k < count; k++) {
        const Call *call = &c->calls[k];
        const Module *m = call->module->module;
        u32 place = call->place ? call->place : m->funcs[call->func].body.start; // not begun
        out[k] = (ExecutorCall){m, call->func, place};
    }
    *more = c->more_calls + c->call_count - count;
    return count;
}

// A step is charged as one.
static void fuel(Executor *x, u64 amount)
{
    spec_of(x)->config.fueled = true;
    spec_of(x)->config.fuel = amount;
}

// Of a program all threads, of which one runs.
static void stop(Executor *x)
{
    SpecExecutor *e = spec_of(x), *running = e->threads.running;
    e->config.stop = true;
    if (running) running->config.stop = true;
}

ExecutorEnded executor_ended(Executor *x, Trap trap)
{
    const SpecExecutor *first = spec_of(x), *t = first->threads.ended;
    if (!t) return (ExecutorEnded){x, 0, trap, first->programs.wasi};
    return (ExecutorEnded){(Executor *)&t->base, t->id, t->config.halt, t->programs.wasi};
}

// ---- From beginning to end

static void drop(SpecExecutor *e)
{
    for (ExecutorInstance *i = e->instances, *older; i; i = older) {
        older = i->older;
        free(i);
    }
    while (e->left_count) module_free(e->left[--e->left_count]);
    type_give_back(e->types, e->held.at, e->held.count);
    spec_host_free(&e->programs);
    free(e->held.at);
    free(e->hosted.at);
    free(e->left);
    free(e->refs.at);
}

static void tell_used(SpecExecutor *root, const char *const *names, const u64 *counts, u32 count)
{
    for (u32 k = 0; root->used && k < count; k++)
        if (counts[k]) root->used(root->env, names[k], counts[k]);
}

// What the store names of a thread stays as long as that.
static void close(Executor *x)
{
    SpecExecutor *e = spec_of(x);
    threads_free(e);
    tell_used(e->root, rule_text, e->config.used, RULE_COUNT);
    if (e->check) tell_used(e->root, judgement_text, check_used(e->check), JUDGEMENT_COUNT);
    check_free(e->check);
    config_free(&e->config);
    if (e->root != e) return;
    formal_store_free(e->store);
    for (SpecExecutor *t = e, *older; t; t = older) {
        older = t->older;
        drop(t);
        if (t != e) free(t);
    }
}

static void finish(Executor *x)
{
    SpecExecutor *e = spec_of(x);
    if (e->root != e) return;
    if (e->own_types) type_store_free(e->types);
    free(e);
}

static Executor *open(const ExecutorSetup *setup);
static Executor *fork_executor(Executor *x);

const ExecutorOps executor_spec = {
    .open = open, .fork = fork_executor, .share = share, .stop = stop, .close = close,
    .finish = finish, .load = load, .unload = unload, .instantiate = instantiate, .find = find,
    .call = call, .begin = begin, .turn = turn, .end = end, .pass_time = pass_time, .get = get,
    .detail = detail, .calls = calls, .unsound = unsound, .fuel = fuel, .host_ref = host_ref,
    .look = look,
    .types = types,
};

// Of the limits those that it knows; and no more than a machine that does one thing after the other
// can fill.
static FormalLimits limits_of(const ExecutorSetup *setup)
{
    const StoreLimits *usual = &store_limits_default;
    const StoreLimits *l = setup->limits ? setup->limits : usual;
    u64 tables = l->table_total ? l->table_total : 4 * l->table_entries;
    return (FormalLimits){
        .memory_bytes = l->memory_bytes ? l->memory_bytes : usual->memory_bytes,
        .table_entries = l->table_entries ? l->table_entries : usual->table_entries,
        .table_total = MIN(tables, (u64)20 << 20),
        .heap_bytes = l->heap_bytes ? l->heap_bytes : usual->heap_bytes,
        .functions = l->functions ? l->functions : usual->functions,
        .code_bytes = setup->code_bytes ? setup->code_bytes : (u64)1 << 30,
    };
}

static SpecExecutor *executor_new(Features features)
{
    SpecExecutor *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    e->base.ops = &executor_spec;
    e->features = features;
    for (u32 i = 0; i < ROW_COUNT; i++) e->host[i].kind = EXTERN_COUNT;
    return e;
}

// False: out of memory.
static bool begin_check(SpecExecutor *e)
{
    const SpecExecutor *root = e->root;
    if (root->checked) e->check = check_new(&e->config, root->check_every);
    return !root->checked || e->check;
}

static Executor *open(const ExecutorSetup *setup)
{
    SpecExecutor *e = executor_new(setup->features);
    if (!e) return NULL;
    e->print = setup->print;
    e->used = setup->used;
    e->env = setup->env;
    e->own_types = !setup->types;
    e->types = setup->types ? setup->types : type_store_new();
    if (!e->types) {
        free(e);
        return NULL;
    }
    FormalLimits limits = limits_of(setup);
    e->root = e;
    e->store = &e->own;
    formal_store_init(e->store, e->types, &limits);
    e->store->stress = setup->gc_stress;
    config_init(&e->config, e->store);
    e->programs.wasi = setup->wasi;
    e->programs.log = setup->log;
    e->stubs = setup->stubs;
    spec_host_begin(&e->programs, &e->config);
    if (setup->threads) threads_begin(e, setup->threads, setup->seed);
    e->checked = setup->check;
    e->check_every = setup->check_every;
    if (begin_check(e)) return &e->base;
    close(&e->base);
    finish(&e->base);
    return NULL;
}

static Executor *fork_executor(Executor *x)
{
    SpecExecutor *root = spec_of(x)->root, *e = executor_new(root->features);
    if (!e) return NULL;
    e->root = root;
    e->older = root->older;
    root->older = e;
    e->types = root->types;
    e->store = root->store;
    config_init(&e->config, e->store);
    if (begin_check(e)) return &e->base;
    close(&e->base);
    return NULL;
}

SpecExecutor *spec_beside(SpecExecutor *root)
{
    WasiCtx *wasi = wasi_beside(root->programs.wasi);
    Executor *x = wasi ? fork_executor(&root->base) : NULL;
    if (!x) return wasi_free(wasi), NULL;
    SpecExecutor *t = spec_of(x);
    t->config.counted = true;
    t->programs.wasi = wasi;
    t->programs.others = root->programs.others;
    t->stubs = root->stubs;
    spec_host_begin(&t->programs, &t->config);
    return t;
}
