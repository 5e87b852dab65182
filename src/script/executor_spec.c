// executor_spec.c -- the formal machine as an executor. See executor.h, and formal/README.md.
//
// In slots a reference is the place, from 1 on, where it was noted; which value it is is known
// there.

#include "script/executor.h"

#include "binary/decode.h"
#include "formal/formal.h"
#include "script/spectest_rows.h"
#include "valid/valid.h"

#include <stdlib.h>
#include <string.h>

struct ExecutorInstance {
    ExecutorInstance *older;
    ModuleInst *of;
};

typedef struct { const struct SpecExecutor *owner; u32 row; } SpecFunc;

typedef struct SpecExecutor {
    Executor base;
    Features features;
    TypeStore *types;
    FormalStore store;
    Config config;
    ExecutorInstance *instances;
    Val *refs;               // those that were handed out
    u32 ref_count, ref_cap;
    void *env;
    void (*print)(void *env, const char *text);
    void (*used)(void *env, const char *rule, u64 count);
    ExternAddr host[ROW_COUNT]; // EXTERN_COUNT where not made yet
    SpecFunc funcs[SPECTEST_FUNCS];
    TypeId held[SPECTEST_FUNCS];
    u32 held_count;
} SpecExecutor;

static SpecExecutor *spec_of(Executor *x) { return (SpecExecutor *)x; }

// ---- Values in slots

static u64 note_ref(SpecExecutor *e, Val v)
{
    if (value_is_null(v)) return 0;
    if (e->ref_count == e->ref_cap) {
        u32 cap = e->ref_cap ? e->ref_cap * 2 : 64;
        Val *grown = realloc(e->refs, cap * sizeof *grown);
        if (!grown) return 0;
        e->refs = grown;
        e->ref_cap = cap;
    }
    e->refs[e->ref_count++] = v;
    return e->ref_count;
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
        Val v = e->refs[slots[0] - 1];
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
    if (!slot || slot > e->ref_count) return;
    Val v = e->refs[slot - 1];
    out->is_host = v.kind == VALUE_host;
    out->host = v.bits;
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

static u32 make_func(SpecExecutor *e, u32 row)
{
    Type params[SPECTEST_PARAMS_MOST];
    TypeDef def = spectest_func_type(row, params);
    TypeId type;
    if (!type_store_intern(e->types, &def, 1, &type)) return NO_ADDRESS;
    e->held[e->held_count++] = type;
    e->funcs[row] = (SpecFunc){e, row};
    return alloc_func(&e->store, (FuncInst){.type = type, .host = print, .env = &e->funcs[row]});
}

static ExternAddr make_host(SpecExecutor *e, u32 row)
{
    if (row < ROW_GLOBALS) return (ExternAddr){EXTERN_func, make_func(e, row)};
    if (row < ROW_TABLE) {
        const SpectestGlobal *g = &spectest_globals[row - ROW_GLOBALS];
        GlobalType type = {g->type, false};
        return (ExternAddr){EXTERN_global,
                            alloc_global(&e->store, type, value_number(g->type, g->bits))};
    }
    if (row < ROW_MEMORY) {
        TableType type = spectest_table_type(row);
        return (ExternAddr){EXTERN_table, alloc_table(&e->store, &type, value_ref(VALUE_null, 0))};
    }
    MemType type = spectest_memory_type(row);
    return (ExternAddr){EXTERN_memory, alloc_mem(&e->store, &type)};
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

static Module *load(Executor *x, Bytes bytes, Diag *diag)
{
    static const u8 nothing[1];
    Module *m;
    diag_init(diag);
    if (!module_decode(bytes.data ? bytes.data : nothing, bytes.len, spec_of(x)->features,
                       spec_of(x)->types, &m, diag))
        return NULL;
    if (module_validate(m, diag)) return m;
    module_free(m);
    return NULL;
}

static void unload(Executor *x, Module *m) { module_free(m); }

typedef struct {
    SpecExecutor *executor;
    ExecutorNames *names;
    void *env;
} Linking;

static bool resolve(void *env, const Import *import, ExternAddr *out)
{
    const Linking *l = env;
    const ExecutorInstance *inst = l->names(l->env, import->module);
    return inst ? formal_export(inst->of, import->name, out)
                : find_host(l->executor, import, out);
}

static ExecutorMade instantiate(Executor *x, const Module *m, ExecutorNames *names, void *env,
                                Diag *diag)
{
    SpecExecutor *e = spec_of(x);
    Linking linking = {e, names, env};
    ExecutorMade made = {0};
    ExecutorInstance *i = malloc(sizeof *i);
    if (!i) {
        diag_fail(diag, ERR_out_of_memory, 0, "for the instance");
        return made;
    }
    *i = (ExecutorInstance){
        e->instances, formal_instantiate(&e->config, m, resolve, &linking, &made.trap, diag)};
    e->instances = i;
    if (i->of) made.instance = i;
    return made;
}

static bool find(Executor *x, ExecutorInstance *instance, Bytes name, ExecutorExport *out)
{
    SpecExecutor *e = spec_of(x);
    ExternAddr found;
    if (!formal_export(instance->of, name, &found)) return false;
    *out = (ExecutorExport){.kind = found.kind, .item = (void *)(uintptr_t)found.address};
    if (found.kind == EXTERN_func) {
        const TypeDef *type = type_def(e->types, e->store.funcs.at[found.address].type);
        out->param_count = type->param_count;
        out->result_count = type->result_count;
        out->params = type->params;
        out->results = type_results(type);
        out->slots = MAX(type->param_slots, type->result_slots);
    } else if (found.kind == EXTERN_global) {
        out->result_count = 1;
        out->results = &e->store.globals.at[found.address].type.type;
        out->slots = 2;
    }
    return true;
}

static Trap call(Executor *x, const ExecutorExport *func, u64 *slots)
{
    SpecExecutor *e = spec_of(x);
    u32 most = MAX(func->param_count, func->result_count);
    Val *values = malloc(((size_t)most + 1) * sizeof *values);
    if (!values) return TRAP_out_of_memory;
    for (u32 i = 0, at = 0; i < func->param_count; at += type_slots(func->params[i++]))
        values[i] = get_slots(e, func->params[i], slots + at);
    Trap trap = formal_invoke(&e->config, (u32)(uintptr_t)func->item, values);
    for (u32 i = 0, at = 0; !trap && i < func->result_count; at += type_slots(func->results[i++]))
        if (!put_slots(e, values[i], func->results[i], slots + at)) trap = TRAP_out_of_memory;
    free(values);
    return trap;
}

static void get(Executor *x, const ExecutorExport *global, u64 slots[2])
{
    SpecExecutor *e = spec_of(x);
    const GlobalInst *g = &e->store.globals.at[(u32)(uintptr_t)global->item];
    put_slots(e, g->value, g->type.type, slots);
}

static const char *detail(Executor *x) { return spec_of(x)->config.detail; }

// A step is charged as one.
static void fuel(Executor *x, u64 amount)
{
    spec_of(x)->config.fueled = true;
    spec_of(x)->config.fuel = amount;
}

static void stop(Executor *x) { spec_of(x)->config.stop = true; }

// ---- From beginning to end

static void close(Executor *x)
{
    SpecExecutor *e = spec_of(x);
    for (Rule r = 0; e->used && r < RULE_COUNT; r++)
        if (e->config.used[r]) e->used(e->env, rule_text[r], e->config.used[r]);
    config_free(&e->config);
    formal_store_free(&e->store);
    for (ExecutorInstance *i = e->instances, *older; i; i = older) {
        older = i->older;
        free(i);
    }
    type_give_back(e->types, e->held, e->held_count);
    free(e->refs);
}

static void finish(Executor *x)
{
    type_store_free(spec_of(x)->types);
    free(x);
}

static Executor *open(const ExecutorSetup *setup);

// Threads share memories, which it has no rules for: no fork, no share.
const ExecutorOps executor_spec = {
    .open = open, .stop = stop, .close = close, .finish = finish, .load = load,
    .unload = unload, .instantiate = instantiate, .find = find,
    .call = call, .get = get, .detail = detail, .fuel = fuel, .host_ref = host_ref, .look = look,
    .types = types,
};

// Of the limits those that it knows; and no more than a machine that does one thing after the other
// can fill.
static FormalLimits limits_of(const StoreLimits *given)
{
    const StoreLimits *l = given ? given : &store_limits_default;
    const StoreLimits *usual = &store_limits_default;
    u64 tables = l->table_total ? l->table_total : 4 * l->table_entries;
    return (FormalLimits){
        .memory_bytes = l->memory_bytes ? l->memory_bytes : usual->memory_bytes,
        .table_total = MIN(tables, (u64)20 << 20),
        .heap_bytes = l->heap_bytes ? l->heap_bytes : usual->heap_bytes,
        .functions = l->functions ? l->functions : usual->functions,
    };
}

static Executor *open(const ExecutorSetup *setup)
{
    SpecExecutor *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    e->base.ops = &executor_spec;
    e->features = setup->features;
    e->print = setup->print;
    e->used = setup->used;
    e->env = setup->env;
    e->types = type_store_new();
    if (!e->types) {
        free(e);
        return NULL;
    }
    FormalLimits limits = limits_of(setup->limits);
    formal_store_init(&e->store, e->types, &limits);
    config_init(&e->config, &e->store);
    for (u32 i = 0; i < ROW_COUNT; i++) e->host[i].kind = EXTERN_COUNT;
    return &e->base;
}
