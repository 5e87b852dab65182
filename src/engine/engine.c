// engine.c -- load and instantiate. See engine.h. spec: exec/modules

#include "engine/engine.h"

#include "binary/decode.h"
#include "module/describe.h"
#include "plat/fault.h"
#include "plat/pages.h"
#include "plat/processor.h"
#include "run/call.h"
#include "run/exec.h"
#include "run/guard.h"
#include "run/native.h"
#include "run/shared.h"
#include "run/spare.h"
#include "run/store.h"
#include "run/stored.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const size_t engine_limit_default = (size_t)MIN((u64)16 << 30, SIZE_MOST);

Engine *engine_new(Features features)
{
    Engine *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    e->features = features;
    e->threads = 1;
    e->hot = HOT_DEFAULT;
    e->tier = TIER_auto;
    e->limits = store_limits_default;
    for (u32 i = 0; i < ENGINE_LIMIT_COUNT; i++) e->accounts[i].limit = engine_limit_default;
    e->types = type_store_new();
    if (!e->types || (NATIVE && !beside_init(&e->beside))) {
        type_store_free(e->types);
        free(e);
        return NULL;
    }
    e->types->account = &e->accounts[ENGINE_types];
    return e;
}

void engine_free(Engine *e)
{
    if (!e) return;
    if (NATIVE) beside_free(&e->beside);
    type_store_free(e->types);
    spare_drop();
    if (GUARD_POSSIBLE && e->installed) fault_uninstall();
    free(e);
}

int engine_set_faults(Engine *e, bool on)
{
    if (on && !e->installed) {
        int err = GUARD_POSSIBLE ? fault_install() : ENOTSUP;
        if (err) return err;
        e->installed = true;
    }
    e->faults = on;
    return 0;
}

void engine_unload(Module *m)
{
    if (!m) return;
    code_drop(m);
    stored_free(m->stored);
    module_free(m);
}

bool tier_parse(const char *name, Tier *out)
{
    static const char *const names[] = {"auto", "interp", "baseline", "opt"};
    for (u32 i = 0; i < COUNT_OF(names); i++)
        if (!strcmp(name, names[i])) {
            *out = (Tier)i;
            return true;
        }
    return false;
}

const char *tier_lacks(void) { return NATIVE ? processor_lacks() : "a compiler in this build"; }

// With guards, where those are wanted.
static void choose_memories(const Engine *e, StoreLimits *limits)
{
    limits->forks = e->forks;
    if (limits->memory_mode != MEMORY_movable) return;
    if (GUARD_POSSIBLE && e->faults) limits->memory_mode = MEMORY_guarded;
    else if (e->forks && sizeof(void *) == 8) limits->memory_mode = MEMORY_fixed;
}

Store *engine_store(Engine *e) { return engine_store_within(e, &e->limits); }

Store *engine_store_within(Engine *e, const StoreLimits *limits)
{
    Store *s = store_new(e->types, limits);
    if (!s) return NULL;
    if (e->deterministic) s->exec.mode |= CODE_deterministic;
    if (e->bare) s->exec.mode |= CODE_bare;
    if (NATIVE && e->tier != TIER_interp && !tier_lacks()) s->exec.mode |= CODE_compiled;
    choose_memories(e, &s->limits);
    s->gc_stress = e->gc_stress;
    s->exec.stop_every = s->exec.polls = e->stop_every;
    s->exec.down_every = s->exec.downs = e->down_every;
    s->exec.up_every = s->exec.ups = e->up_every;
    if (e->stop_every || e->down_every || e->up_every) atomic_store(&s->exec.stop, STOP_TICK);
    if (NATIVE && e->tier == TIER_auto && e->beside.bytes != UINT32_MAX && !e->deterministic)
        s->exec.watcher = &e->beside;
    s->exec.unwatched = s->exec.watcher != NULL;
    return s;
}

SharedMemory *engine_shared_memory(const Engine *e, const MemType *type)
{
    StoreLimits limits = e->limits;
    choose_memories(e, &limits);
    return shared_new(&limits, type);
}

Trap engine_call(Store *store, Func *func, u64 *slots, u32 room)
{
    return exec_call(&store->exec, func, slots, room);
}

Trap engine_continue(Store *store, u64 *slots, u32 room)
{
    return exec_continue(&store->exec, slots, room);
}
bool engine_may_continue(const Store *store) { return exec_may_continue(&store->exec); }

static const char instance_memory[] = "for the instance";

// `func "env" "f"`, as the text format names an import.
static bool refuse_import(Diag *diag, Err err, const Import *imp, const char *more)
{
    char module[QUOTED_MOST], name[QUOTED_MOST];
    return diag_fail(diag, err, 0, "%s %s %s%s", extern_text[imp->kind],
                     quoted(module, imp->module), quoted(name, imp->name), more);
}

#ifndef WEFT_MICRO
enum { TYPE_MOST = 80 };

static void add_type(Buf *out, Describer *d, const char *before, const ExternType *type,
                     const char *behind)
{
    Bytes text = describe_extern(d, type);
    buf_bytes(out, before, strlen(before));
    buf_bytes(out, text.data, MIN(text.len, TYPE_MOST));
    buf_bytes(out, behind, strlen(behind));
}

// What the module wants, and what it was given, in the words of the text format.
static bool refuse_type(Diag *diag, const Module *m, const Import *imp, const ExternType *want,
                        const ExternType *given)
{
    Arena arena;
    jmp_buf failed;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (setjmp(failed)) {
        refuse_import(diag, ERR_incompatible_import, imp, " has another type");
    } else {
        Describer d;
        Buf more;
        describer_init(&d, m, &arena, TYPE_MOST);
        buf_init(&more, &arena);
        add_type(&more, &d, ": ", want, " is wanted, ");
        add_type(&more, &d, "", given, " is given");
        buf_byte(&more, 0);
        refuse_import(diag, ERR_incompatible_import, imp, (const char *)buf_view(&more).data);
    }
    arena_free(&arena);
    return false;
}
#else
static bool refuse_type(Diag *diag, const Module *m, const Import *imp, const ExternType *want,
                        const ExternType *given)
{
    return refuse_import(diag, ERR_incompatible_import, imp, " has another type");
}
#endif

static bool link_import(Store *s, Instance *inst, const Import *imp, Resolver *resolve, void *env,
                        Diag *diag)
{
    Extern e = {.kind = imp->kind};
    ExternType want = import_type(inst->module, imp);
    if (!resolve(env, imp, &want, &e)) {
        if (e.kind == EXTERN_COUNT) return store_short(s, diag, instance_memory);
        return refuse_import(diag, ERR_unknown_import, imp, "");
    }
    if (!extern_matches(s, &e, &want)) {
        ExternType given = extern_type(&e);
        return refuse_type(diag, inst->module, imp, &want, &given);
    }
    switch (e.kind) {
    case EXTERN_func: inst->imports[imp->index] = e.func; break;
    case EXTERN_table: inst->tables[imp->index] = e.table; break;
    case EXTERN_memory: inst->memories[imp->index] = e.memory; break;
    case EXTERN_global: inst->globals[imp->index] = e.global; break;
    case EXTERN_tag: inst->tags[imp->index] = e.tag; break;
    case EXTERN_COUNT: break;
    }
    return true;
}

static Trap make_globals(Instance *inst)
{
    const Module *m = inst->module;
    Trap trap = TRAP_none;
    for (u32 i = m->imported_globals; i < m->global_count && !trap; i++)
        trap = instance_value(inst, m->globals[i].value, inst->globals[i]->value);
    return trap;
}

static Trap make_tables(Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = m->imported_tables; i < m->table_count; i++) {
        const TableDecl *t = &m->tables[i];
        u64 init[2];
        Trap trap = instance_value(inst, t->value, init);
        if (trap) return trap;
        inst->tables[i] = table_new(inst->store, &t->type, (Ref)init[0]);
        if (!inst->tables[i]) return exec_short(inst->exec, instance_memory);
    }
    return TRAP_none;
}

static Trap make_memories(Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = m->imported_memories; i < m->memory_count; i++)
        if (!(inst->memories[i] = memory_new(inst->store, &m->memories[i].type)))
            return exec_short(inst->exec, instance_memory);
    if (m->memory_count) instance_view_memory(inst);
    return TRAP_none;
}

// Items of element segments that have to be computed; there are none, mostly.
static Trap make_items(Instance *inst)
{
    const Module *m = inst->module;
    Trap trap = TRAP_none;
    for (u32 i = 0, next = 0; next < m->computed_items && !trap; i++) {
        const ElemSegment *e = &m->elems[i];
        for (u32 k = 0; k < e->count && !trap; k++) {
            Const item = m->words[e->items + k];
            u64 value[2];
            if (const_kind(item) != CONST_steps) continue;
            trap = instance_value(inst, item, value);
            if (!trap) inst->items[next++] = (Ref)value[0];
        }
    }
    return trap;
}

static Trap offset_of(Instance *inst, Const c, bool is64, u64 *out)
{
    u64 value[2];
    Trap trap = instance_value(inst, c, value);
    if (!trap) *out = is64 ? value[0] : (u32)value[0];
    return trap;
}

static Trap init_tables(Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < m->elem_count; i++) {
        const ElemSegment *e = &m->elems[i];
        if (e->mode == SEGMENT_active) {
            Table *t = inst->tables[e->table];
            u64 at;
            Trap trap = offset_of(inst, m->words[e->items - 1], t->type.limits.is64, &at);
            if (!trap) trap = exec_piece(inst->exec, PRICE_segment);
            if (!trap) trap = table_init(inst->exec, inst, t, i, &(Bulk){at, 0, e->count});
            if (trap) return trap;
        }
        if (e->mode != SEGMENT_passive) instance_drop_elem(inst, i);
    }
    return TRAP_none;
}

// Of an own one nothing was written there yet, mostly. What is beyond so much is left to faults:
// between those the guest can be stopped.
static void expect_data(const Instance *inst, const DataSegment *d, u64 at)
{
    enum { MOST = 16 << 20 };
    const Memory *m = inst->memories[d->memory];
    u64 size = d->init.end - d->init.start;
    bool own = d->memory >= inst->module->imported_memories;
    if (own && at <= m->size && size <= m->size - at)
        pages_expect(m->base + at, MIN(size, (u64)MOST));
}

static Trap init_memories(Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < m->data_count; i++) {
        const DataSegment *d = &m->datas[i];
        if (d->mode != SEGMENT_active) continue;
        Memory *memory = inst->memories[d->memory];
        u64 at;
        Trap trap = offset_of(inst, d->at, memory->type.limits.is64, &at);
        if (!trap) trap = exec_piece(inst->exec, PRICE_segment);
        if (!trap) expect_data(inst, d, at);
        if (!trap)
            trap = memory_init(inst->exec, inst, memory, i,
                               &(Bulk){at, 0, d->init.end - d->init.start});
        if (trap) return trap;
        inst->data_dropped[i] = true;
    }
    return TRAP_none;
}

// What the store would refuse anyway, said in words of its own.
static bool check_tables(const Store *s, const Module *m, Diag *diag)
{
    u64 left = account_left(&s->accounts[STORE_table_total]);
    for (u32 i = m->imported_tables; i < m->table_count; i++) {
        u64 min = m->tables[i].type.limits.min, most = s->limits.table_entries;
        if (min > most)
            return diag_fail(diag, ERR_limit_table_size, 0,
                             "table %u starts with %" PRIu64 " entries, the limit is %" PRIu64, i,
                             min, most);
        if (min > left)
            return diag_fail(diag, ERR_limit_table_size, 0,
                             "table %u starts with %" PRIu64 " entries, %" PRIu64
                             " are left for all tables together",
                             i, min, left);
        left -= min;
    }
    return true;
}

static bool check_memories(const Store *s, const Module *m, Diag *diag)
{
    u64 left = account_left(s->memory_account), most = s->limits.memory_bytes;
    for (u32 i = m->imported_memories; i < m->memory_count; i++) {
        const Limits *limits = &m->memories[i].type.limits;
        if (limits->min > most >> limits->page_log2)
            return diag_fail(
                diag, ERR_limit_memory_size, 0,
                "memory %u starts with %" PRIu64 " pages, the limit is %" PRIu64 " bytes%s", i,
                limits->min, most,
                most < SIZE_MOST ? "" : ", since this machine's addresses reach no further");
        if (limits->min > left >> limits->page_log2)
            return diag_fail(diag, ERR_limit_memory_size, 0,
                             "memory %u starts with %" PRIu64 " pages, %" PRIu64 " of %" PRIu64
                             " bytes are left for all memories together",
                             i, limits->min, left, most);
        left -= limits->min << limits->page_log2;
    }
    return true;
}

// All of it that is not its own, and what its own will need.
static bool link(Store *s, Instance *inst, Resolver *resolve, void *env, Diag *diag)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < m->import_count; i++)
        if (!link_import(s, inst, &m->imports[i], resolve, env, diag)) return false;
    if (!check_tables(s, m, diag) || !check_memories(s, m, diag)) return false;
    return instance_number(inst) || store_short(s, diag, instance_memory);
}

Instantiated engine_make(Store *s, const Module *m, Resolver *resolve, void *env, Diag *diag)
{
    enum { UNSEEN_STEPS = 3 };
    static Trap (*const steps[])(Instance *) = {make_globals, make_tables, make_items,
                                                init_tables,  init_memories};
    Instantiated result = {0};
    diag_init(diag);
    exec_begin(&s->exec);
    Instance *inst = instance_new(s, m, diag);
    if (!inst) return result;
    u32 done = 0;
    if (link(s, inst, resolve, env, diag)) {
        result.trap = make_memories(inst);
        if (!result.trap && instance_code(inst, diag))
            while (done < COUNT_OF(steps) && !(result.trap = steps[done](inst))) done++;
    }
    if (done >= UNSEEN_STEPS) result.instance = inst;
    else instance_drop(inst); // nobody has seen anything of it
    if (result.trap) exec_end(&s->exec, result.trap);
    return result;
}

Instance *engine_outline(Store *s, const Module *m, Resolver *resolve, void *env, Diag *diag)
{
    diag_init(diag);
    Instance *inst = instance_new(s, m, diag);
    if (!inst) return NULL;
    if (link(s, inst, resolve, env, diag)) {
        bool room = !make_memories(inst);
        for (u32 i = m->imported_tables; i < m->table_count && room; i++)
            room = inst->tables[i] = table_new(s, &m->tables[i].type, REF_NULL);
        if (!room) store_short(s, diag, instance_memory);
        if (room && instance_code(inst, diag)) return inst;
    }
    instance_drop(inst);
    return NULL;
}

Trap engine_start(Store *s, Instance *inst)
{
    return inst->module->has_start ? exec_start(&s->exec, inst) : TRAP_none;
}

Instantiated engine_instantiate(Store *s, const Module *m, Resolver *resolve, void *env, Diag *diag)
{
    Instantiated made = engine_make(s, m, resolve, env, diag);
    if (made.instance && !made.trap) made.trap = engine_start(s, made.instance);
    return made;
}
