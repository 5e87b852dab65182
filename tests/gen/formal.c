// formal.c -- runs a module on the formal machine (src/formal), and keeps the same log. See run.h.

#include "told.h"

#include "formal/check.h"

#include <stdio.h>

enum { STEPS_MOST = 4 << 20, JUDGED_MOST = 1 << 19, SLOTS_MOST = 64 };

typedef struct {
    FormalStore store;
    Log *log;
    const Module *module;
    ModuleInst *instance;    // NULL: it comes up
    u64 chance, steps;       // steps: that are left
    u32 host_calls, depth;   // of calls that the host makes
    bool portable, judged;
} Formal;

static void say(Formal *f, SayKind kind, u32 a, u64 b) { log_say(f->log, kind, a, b); }

// ---- Values

static u64 seen_func(const Formal *f, Val v)
{
    if (value_is_null(v) || !f->instance) return !value_is_null(v);
    const FuncInst *func = &f->store.funcs.at[v.bits];
    return func->module == f->instance ? 2 + func->index - f->module->imported_funcs : 1;
}

static u64 seen(const Formal *f, Type type, Val v)
{
    if (type == TYPE_v128) return told_mix(v.lanes[0], v.lanes[1]);
    if (!type_is_ref(type)) return v.bits;
    bool func = !type_is_collected(f->store.types, type);
    return func && !f->portable ? seen_func(f, v) : !value_is_null(v);
}

static void say_values(Formal *f, SayKind kind, const Type *types, u32 count, const Val *values)
{
    for (u32 i = 0; i < count; i++)
        say(f, kind, told_type(f->store.types, types[i]), seen(f, types[i], values[i]));
}

// References are null.
static void from_slots(const Type *types, u32 count, const u64 *slots, Val *values)
{
    for (u32 i = 0; i < count; slots += type_slots(types[i++])) {
        if (type_is_ref(types[i])) values[i] = value_ref(VALUE_null, 0);
        else values[i] = (Val){.kind = (u8)types[i], .lanes = {slots[0], 0}};
        if (types[i] == TYPE_v128) values[i].lanes[1] = slots[1];
        if (types[i] == TYPE_i32 || types[i] == TYPE_f32) values[i].bits = (u32)slots[0];
    }
}

// ---- Calls

static void set_global(Formal *f, const char *name, u64 value)
{
    ExternAddr e;
    if (formal_export(f->instance, bytes_of(name), &e) && e.kind == EXTERN_global)
        f->store.globals.at[e.address].value.bits = value;
}

static Check *begin(Formal *f, Config *c)
{
    config_init(c, &f->store);
    c->fueled = true;
    c->fuel = f->steps;
    return f->judged ? check_new(c, 0) : NULL;
}

static void end(Formal *f, Config *c, Check *check)
{
    const char *why = check ? check_says(check) : NULL;
    f->steps = c->fuel;
    f->log->judged += check ? check_counts(check).steps : 0;
    if (why) puts(why), f->log->unsound = true;
    check_free(check);
    config_free(c);
}

// On a configuration of its own, as another may be in the middle of a step.
static Trap invoke(Formal *f, u32 func, Val *values)
{
    Config c;
    Check *check = begin(f, &c);
    Trap trap = formal_invoke(&c, func, values);
    f->log->starved |= told_short(trap) || trap == TRAP_out_of_fuel || trap == TRAP_interrupted;
    end(f, &c, check);
    return trap;
}

static void call_func(Formal *f, u32 index)
{
    u32 func = f->instance->funcs[index];
    const TypeDef *type = type_def(f->store.types, f->store.funcs.at[func].type);
    u64 slots[SLOTS_MOST] = {0};
    Val values[SLOTS_MOST];
    u32 room = MAX(type->param_slots, type->result_slots);
    if (room > SLOTS_MOST || !told_callable(type, f->portable) || f->log->starved) return;
    told_arguments(&f->chance, type, slots);
    from_slots(type->params, type->param_count, slots, values);
    say(f, SAY_call, index, type->param_count);
    say_values(f, SAY_arg, type->params, type->param_count, values);
    if (!f->depth) {
        set_global(f, "fuel", FUEL_OWN);
        set_global(f, "within", 0);
    }
    f->depth++;
    Trap trap = invoke(f, func, values);
    f->depth--;
    f->log->calls++;
    f->log->traps += trap != TRAP_none;
    say(f, SAY_trap, index, trap);
    if (!trap) say_values(f, SAY_result, type_results(type), type->result_count, values);
}

// ---- The host

static void call_back(Formal *f, u32 n)
{
    if (f->depth > 2) return;
    for (u32 i = 0; f->instance && i < f->module->export_count; i++)
        if (f->module->exports[i].kind == EXTERN_func && !n--)
            call_func(f, f->module->exports[i].index);
}

typedef struct { Formal *of; TypeId type; } Hosted;

static Trap host_func(Config *c, void *env, const Val *args, Val *results)
{
    const Hosted *h = env;
    Formal *f = h->of;
    const TypeDef *type = type_def(f->store.types, h->type);
    u64 slots[2 * SLOTS_MOST];
    u32 calls = f->host_calls++;
    say(f, SAY_host, calls, type->param_count);
    say_values(f, SAY_arg, type->params, type->param_count, args);
    if (!f->portable && calls % 4 == 1) call_back(f, calls / 4 % 3);
    if (!f->portable && calls % 32 == 6) return TRAP_host;
    told_results(type, slots, calls);
    from_slots(type_results(type), type->result_count, slots, results);
    return TRAP_none;
}

static bool resolve(void *env, const Import *import, ExternAddr *out)
{
    Formal *f = env;
    const ExternType t = import_type(f->module, import);
    Hosted *h;
    out->kind = import->kind;
    switch (import->kind) {
    case EXTERN_func:
        h = NEW(f->log->arena, Hosted);
        *h = (Hosted){f, t.func};
        out->address =
            alloc_func(&f->store, (FuncInst){.type = t.func, .host = host_func, .env = h});
        break;
    case EXTERN_table:
        out->address = alloc_table(&f->store, &t.table, value_ref(VALUE_null, 0));
        break;
    case EXTERN_memory: out->address = alloc_mem(&f->store, &t.memory); break;
    case EXTERN_global: {
        Val five = value_default(t.global.type);
        if (!type_is_ref(t.global.type)) five.bits = 5;
        out->address = alloc_global(&f->store, t.global, five);
        break;
    }
    default: out->address = alloc_tag(&f->store, t.func); break;
    }
    if (out->address != NO_ADDRESS) return true;
    out->kind = EXTERN_COUNT;
    return false;
}

// ---- From beginning to end

static void call_all(Formal *f)
{
    const Module *m = f->module;
    u32 funcs = CALLS_MOST / CALLS_EACH;
    for (u32 i = 0; i < m->export_count && funcs; i++) {
        if (m->exports[i].kind != EXTERN_func) continue;
        for (u32 n = 0; n < CALLS_EACH; n++) call_func(f, m->exports[i].index);
        funcs--;
    }
}

static void say_table(Formal *f, const TableInst *t)
{
    u32 hash = 0;
    for (u64 i = 0; i < MIN(t->count, TABLE_MOST); i++)
        hash = hash * 31 + (u32)seen(f, t->type.elem, t->refs[i]);
    say(f, SAY_table, (u32)t->count, hash);
}

static void say_state(Formal *f)
{
    const Module *m = f->module;
    const ModuleInst *inst = f->instance;
    for (u32 i = 0; i < m->memory_count; i++) {
        const MemInst *mem = &f->store.mems.at[inst->mems[i]];
        say(f, SAY_memory, (u32)(mem->count >> mem->type.limits.page_log2),
            told_hash(mem->bytes, mem->count));
    }
    for (u32 i = 0; i < m->global_count; i++) {
        const GlobalInst *g = &f->store.globals.at[inst->globals[i]];
        if (f->portable && !told_named(g->type.type)) continue;
        say(f, SAY_global, i, 0);
        say_values(f, SAY_result, &g->type.type, 1, &g->value);
    }
    for (u32 i = 0; i < m->table_count; i++) say_table(f, &f->store.tables.at[inst->tables[i]]);
}

static FormalLimits limits_of(const StoreLimits *l)
{
    return (FormalLimits){.memory_bytes = l->memory_bytes, .table_entries = l->table_entries,
                          .table_total = 4 * l->table_entries, .heap_bytes = l->heap_bytes,
                          .functions = l->functions, .code_bytes = 1 << 26};
}

Log run_by_rules(Engine *e, const Module *m, const RunMode *mode, u64 seed, bool portable,
                 Arena *arena)
{
    enum { KINDS = 1 << SAY_call | 1 << SAY_arg | 1 << SAY_trap | 1 << SAY_result | 1 << SAY_host |
                   1 << SAY_memory | 1 << SAY_global | 1 << SAY_table };
    Log log = {.arena = arena, .kinds = KINDS};
    bool judged = mode->settings & SET_judged;
    Formal f = {.log = &log, .module = m, .chance = seed,
                .steps = judged ? JUDGED_MOST : STEPS_MOST, .portable = portable,
                .judged = judged};
    const FormalLimits limits = limits_of(&e->limits);
    Config c;
    Diag diag;
    Trap trap;
    formal_store_init(&f.store, e->types, &limits);
    Check *check = begin(&f, &c);
    ModuleInst *made = formal_instantiate(&c, m, resolve, &f, &trap, &diag);
    f.steps = c.fuel;
    say(&f, SAY_trap, UINT32_MAX, trap);
    log.starved = told_short(trap) || trap == TRAP_out_of_fuel || (!made && !trap);
    if (made && !trap) {
        f.instance = made;
        call_all(&f);
        say_state(&f);
    }
    end(&f, &c, check);
    formal_store_free(&f.store);
    return log;
}
