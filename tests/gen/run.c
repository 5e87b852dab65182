// run.c -- see run.h.

#include "told.h"

#include "bake/bake.h"
#include "run/call.h"
#include "run/code.h"
#include "run/frame.h"
#include "snapshot/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const RunMode run_modes[MODE_COUNT] = {
#define MODE(name, code, settings) {#name, code, settings},
#include "modes.def"
};
bool run_aloud;

enum {
    FUEL_ALL = 1 << 30, // of the store
    FUEL_LITTLE = 150,
    WRITTEN_MOST = 6, // snapshots of one call
    APART = 24,       // places between them, at most
    STOPS_MOST = 12, // that are looked at, of one call
    STOPS_MOST_OFTEN = 60,
    FRAMES_MOST = 8,
};

enum { LINKED_MOST = 8 };

typedef struct {
    Store *store;
    Instance *instance;
    const RunMode *mode;
    Log *log;
    Engine *engine;
    // those that functions are imported through, or that it has become
    Module *between[LINKED_MOST];
    u32 between_count;
    u64 chance, apart;
    Engine *elsewhere;   // where it goes on now; NULL: where it began
    Module *there;
    u32 host_calls, depth; // of calls that the host makes
    bool portable;
} Run;

static void say(Run *r, SayKind kind, u32 a, u64 b) { log_say(r->log, kind, a, b); }

// ---- values

// Which function it is; those of the host and of other instances are all one.
static u64 seen_func(const Run *r, Ref ref)
{
    const Instance *inst = r->instance;
    bool coarse = r->mode->settings & SET_coarse;
    if (ref == REF_NULL || !inst || coarse) return ref != REF_NULL;
    u32 index = ref - inst->func_first;
    return index < inst->module->func_count - inst->imported_funcs ? 2 + index : 1;
}

// The same in all modes: without rubbish, and where NaNs may differ without their bits.
static u64 seen(const Run *r, Type type, const u64 *slot)
{
    bool any_nan = !(r->mode->code & CODE_deterministic);
    if (type == TYPE_i32) return (u32)*slot;
    if (type == TYPE_f32 || type == TYPE_f64)
        return any_nan ? told_tame(type, *slot) : type == TYPE_f32 ? (u32)*slot : *slot;
    if (type == TYPE_v128) return told_mix(slot[0], slot[1]);
    if (!type_is_ref(type)) return *slot;
    bool func = !type_is_collected(r->store->types, type);
    return func && !r->portable ? seen_func(r, (Ref)*slot) : (u32)*slot != REF_NULL;
}

// What does not change what else is drawn.
static u32 draw_apart(Run *r)
{
    r->apart ^= r->apart << 13;
    r->apart ^= r->apart >> 7;
    r->apart ^= r->apart << 17;
    return (u32)(r->apart >> 32);
}

static void say_values(Run *r, SayKind kind, const Type *types, u32 count, const u64 *slots)
{
    for (u32 i = 0, at = 0; i < count; at += type_slots(types[i++])) {
        say(r, kind, told_type(r->store->types, types[i]), seen(r, types[i], slots + at));
    }
}

// ---- the host: what is imported

static void call_func(Run *r, u32 index, Func *f);

// Some exported function, which may trap. JavaScript would have to do the same.
static void call_back(Run *r, u32 n)
{
    if (r->depth > 2) return;
    const Module *m = r->instance ? r->instance->module : NULL;
    for (u32 i = 0; m && i < m->export_count; i++)
        if (m->exports[i].kind == EXTERN_func && !n--)
            call_func(r, m->exports[i].index, instance_func(r->instance, m->exports[i].index));
}

static Trap host_func(HostCall *call)
{
    Run *r = call->env;
    const TypeDef *type = type_def(r->store->types, call->func->type);
    u32 calls = r->host_calls++;
    say(r, SAY_host, calls, type->param_count);
    say_values(r, SAY_arg, type->params, type->param_count, call->slots);
    if (!r->portable && calls % 4 == 1) call_back(r, calls / 4 % 3);
    if (!r->portable && calls % 32 == 6) return exec_trap(call->exec, TRAP_host, "asked for");
    told_results(type, call->slots, calls); // last: until now parameters are held
    return TRAP_none;
}

// The one function that is asked for.
static bool resolve_host(void *env, const Import *import, const ExternType *t, Extern *out)
{
    Run *r = env;
    out->kind = EXTERN_func;
    out->func = func_new_host(r->store, t->func, host_func, r);
    return out->func != NULL;
}

// The host's function as another instance exports it. NULL: that cannot be.
static Func *func_between(Run *r, const ExternType *t)
{
    Diag diag;
    Buf bytes;
    Extern e;
    buf_init(&bytes, r->log->arena);
    if (r->between_count == LINKED_MOST ||
        !between_module(&bytes, type_def(r->store->types, t->func)))
        return NULL;
    Module *m = engine_load(r->engine, bytes.data, bytes.len, &diag);
    if (!m) return NULL;
    r->between[r->between_count++] = m;
    Instantiated made = engine_instantiate(r->store, m, resolve_host, r, &diag);
    return made.instance && instance_export_at(made.instance, 0, &e) ? e.func : NULL;
}

static bool resolve(void *env, const Import *import, const ExternType *t, Extern *out)
{
    Run *r = env;
    out->kind = t->kind;
    switch (t->kind) {
    case EXTERN_func:
        out->func = r->mode->settings & SET_linked ? func_between(r, t) : NULL;
        return out->func || resolve_host(env, import, t, out);
    case EXTERN_table: out->table = table_new(r->store, &t->table, REF_NULL); return out->table;
    case EXTERN_memory: out->memory = memory_new(r->store, &t->memory); return out->memory;
    case EXTERN_global:
        out->global = global_new(r->store, t->global);
        if (out->global) out->global->value[0] = 5;
        return out->global;
    case EXTERN_tag: out->tag = tag_new(r->store, t->func); return out->tag;
    default: return false;
    }
}

// ---- frames

static u64 hash_values(const Run *r, u64 hash, const Type *types, const u64 **values, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        u64 value = seen(r, types[i], values[i]);
        hash = told_mix(hash, value);
        if (run_aloud) printf(" %llx", (unsigned long long)value);
    }
    if (run_aloud) printf(" .");
    return hash;
}

// At a trap operands of the newest mean nothing.
static u64 hash_frame(const Run *r, const FrameView *view, bool operands)
{
    u64 hash = hash_values(r, 0, view->locals, view->local_values, view->local_count);
    if (operands)
        hash = hash_values(r, hash, view->operands, view->operand_values, view->operand_count);
    if (run_aloud) printf(" at %x\n", view->offset);
    return hash;
}

// Where it stands at a trap, frame by frame, and what is there.
static void say_frames(Run *r)
{
    FrameCursor cursor = {0};
    Arena arena;
    arena_init(&arena);
    for (u32 depth = 0; depth < FRAMES_MOST && frame_next(&r->store->exec, &cursor); depth++) {
        FrameView view;
        say(r, SAY_place, cursor.func, frame_offset(&cursor));
        if (frame_read(&cursor, &arena, &view))
            say(r, depth ? SAY_local : SAY_newest, view.local_count,
                hash_frame(r, &view, depth > 0));
    }
    arena_free(&arena);
}

// The same of a stop, in one line.
static void say_stop(Run *r, SayKind kind, bool last)
{
    FrameCursor cursor = {0};
    Arena arena;
    u64 hash = 0, places = 0;
    u32 offset = 0;
    if (!(r->log->kinds >> kind & 1) && kind == SAY_stop) return;
    arena_init(&arena);
    for (u32 depth = 0; depth < FRAMES_MOST && frame_next(&r->store->exec, &cursor); depth++) {
        FrameView view;
        if (!depth) offset = frame_offset(&cursor);
        places = told_mix(told_mix(places, cursor.func), frame_offset(&cursor));
        if (frame_read(&cursor, &arena, &view)) hash = told_mix(hash, hash_frame(r, &view, true));
    }
    arena_free(&arena);
    if (kind == SAY_short) say(r, SAY_out, offset, places);
    say(r, kind, offset, told_mix(hash, places));
    r->log->says[r->log->count - 1].last = last;
}

// ---- calls

// ---- snapshots

// What is told of snapshots is how often they were made; where one cannot be there is a line that
// no other log has.
static void written_badly(Run *r, const Diag *diag)
{
    if (run_aloud) printf("snapshot: %s %s\n", err_text[diag->err], diag->detail);
    say(r, SAY_trap, UINT32_MAX, TRAP_COUNT);
}

// After so many places it is paused. 0: not any more.
static void stop_after(Exec *x, u32 polls)
{
    x->stop_every = x->polls = polls;
    x->stops = polls;
    if (polls) atomic_fetch_or(&x->stop, STOP_TICK);
}

static bool keep_bytes(void *env, const void *bytes, size_t size, Diag *diag)
{
    buf_bytes(env, bytes, size);
    return true;
}

static const Module *load_there(void *env, const u8 hash[SNAPSHOT_HASH], Bytes bytes, Diag *diag)
{
    Run *r = env;
    return r->there = engine_load(r->elsewhere, bytes.data, bytes.len, diag);
}

static Engine *engine_elsewhere(const Run *r)
{
    static const Tier tiers[] = {TIER_interp, TIER_baseline, TIER_auto};
    enum { HOT = 2 };
    Engine *e = engine_new(r->engine->features);
    if (!e) return NULL;
    e->limits = r->engine->limits;
    e->tier = tiers[r->log->written % COUNT_OF(tiers)];
    e->hot = HOT;
    e->beside.bytes = UINT32_MAX; // what runs for long is not optimized: that goes by the clock
    e->deterministic = r->mode->code & CODE_deterministic;
    return e;
}

static void leave(Store *s, Module *m, Engine *e)
{
    store_free(s);
    engine_unload(m);
    engine_free(e);
}

// In an engine of its own, of another tier each time. False: all is as it was.
static void go_elsewhere(Run *r)
{
    Diag diag;
    Buf bytes;
    Bytes more;
    Run before = *r;
    buf_init(&bytes, r->log->arena);
    const SnapshotWriter writer = {.env = &bytes, .write = keep_bytes};
    const SnapshotReader reader = {.env = r, .module = load_there, .resolve = resolve};
    bool good = snapshot_write(r->store, &writer, &diag);
    if (!good && diag.err == ERR_cannot_snapshot) {
        r->log->unwritten++;
        if (run_aloud) printf("no snapshot: %s\n", diag.detail);
        return;
    }
    r->elsewhere = good ? engine_elsewhere(r) : NULL;
    r->there = NULL;
    r->store = r->elsewhere ? engine_store(r->elsewhere) : NULL;
    if (r->store && r->mode->code & CODE_fueled) exec_grant_fuel(&r->store->exec, FUEL_ALL);
    good = r->store &&
           snapshot_read(r->store, &reader, (Bytes){bytes.data, bytes.len}, &more, &diag);
    if (!good) {
        leave(r->store, r->there, r->elsewhere);
        r->store = before.store;
        r->there = before.there;
        r->elsewhere = before.elsewhere;
        written_badly(r, &diag);
        return;
    }
    r->instance = r->store->instances;
    r->log->written++;
    leave(before.store, before.there, before.elsewhere);
}

// ---- more of calls

// What was paused, or has no fuel left, goes on.
static Trap go_on(Run *r, Trap trap, u64 *slots, u32 room)
{
    bool often = r->log->looks && !(r->mode->settings & SET_starved);
    u32 most = often ? STOPS_MOST_OFTEN : STOPS_MOST, grants = 0;
    for (u32 stops = 0; trap == TRAP_paused || trap == TRAP_out_of_fuel; stops++) {
        Exec *x = &r->store->exec;
        if (!engine_may_continue(r->store)) { // it was within an instruction
            r->log->starved = true;
            break;
        }
        if (r->mode->settings & SET_written && trap == TRAP_paused) {
            stop_after(x, 0);
            go_elsewhere(r);
            stop_after(&r->store->exec, stops < WRITTEN_MOST ? 1 + draw_apart(r) % APART : 0);
        } else if (stops < most)
            say_stop(r, trap == TRAP_paused ? SAY_stop : SAY_short, stops + 1 == most);
        else exec_go_on(x);
        // The same for all who run out of it, however often they look: what is left is compared.
        if (trap == TRAP_out_of_fuel) {
            exec_grant_fuel(x, grants < STOPS_MOST ? FUEL_LITTLE + 37 * grants : FUEL_ALL);
            grants++;
        }
        trap = engine_continue(r->store, slots, room);
    }
    exec_go_on(&r->store->exec);
    if (r->mode->settings & SET_written) stop_after(&r->store->exec, 0);
    return trap;
}

static void set_global(Run *r, const char *name, u64 value)
{
    Extern e;
    if (instance_export(r->instance, bytes_of(name), &e) && e.kind == EXTERN_global)
        e.global->value[0] = value;
}

// What a call has of its own.
static void set_fuel(Run *r)
{
    set_global(r, "fuel", FUEL_OWN);
    set_global(r, "within", 0);
    if (r->mode->code & CODE_fueled)
        exec_grant_fuel(&r->store->exec, r->mode->settings & SET_starved ? FUEL_LITTLE : FUEL_ALL);
}

static void say_end(Run *r, u32 index, Trap trap, const TypeDef *type, const u64 *slots)
{
    r->log->calls++;
    r->log->traps += trap != TRAP_none;
    r->log->starved |= told_short(trap);
    say(r, SAY_trap, r->mode->settings & SET_coarse ? 0 : index, trap);
    if (trap && !told_short(trap)) say_frames(r);
    if (!trap) say_values(r, SAY_result, type_results(type), type->result_count, slots);
    if (!(r->mode->settings & SET_starved)) say(r, SAY_fuel, 0, (u64)r->store->exec.fuel);
}

// One that a host function makes is not stopped within, and has fuel for all of it.
static void call_func(Run *r, u32 index, Func *f)
{
    const TypeDef *type = type_def(r->store->types, f->type);
    u64 slots[64] = {0};
    u32 room = MAX(type->param_slots, type->result_slots), settings = r->mode->settings;
    bool outer = !r->depth;
    if (room > COUNT_OF(slots) || !told_callable(type, r->portable)) return;
    told_arguments(&r->chance, type, slots);
    say(r, SAY_call, settings & SET_coarse ? 0 : index, type->param_count);
    say_values(r, SAY_arg, type->params, type->param_count, slots);
    if (outer) set_fuel(r);
    else if (settings & SET_starved) exec_grant_fuel(&r->store->exec, FUEL_ALL);
    if (outer && settings & SET_states && !(settings & SET_starved)) exec_pause(&r->store->exec);
    if (outer && settings & SET_written) stop_after(&r->store->exec, 1 + draw_apart(r) % APART);
    r->depth++;
    Trap trap = engine_call(r->store, f, slots, room);
    if (outer) trap = go_on(r, trap, slots, room);
    r->depth--;
    if (r->elsewhere) type = type_def(r->store->types, instance_func(r->instance, index)->type);
    say_end(r, index, trap, type, slots);
}

static void set_store(Run *r, Engine *e);

// What it has become, as a module, in a store of its own. Where that does not come to be there is a
// line that no other log has.
static void begin_again(Run *r)
{
    BakePlan plan = {0};
    char why[BAKE_WHY];
    Diag diag;
    Buf bytes;
    Store *before = r->store;
    buf_init(&bytes, r->log->arena);
    if (r->between_count == LINKED_MOST || !bake_check(r->instance->module, why) ||
        !bake_module(r->instance, &plan, &bytes, why)) {
        r->log->refusals++;
        if (run_aloud) printf("not baked: %s\n", why);
        return;
    }
    r->log->bakes++;
    Module *m = engine_load(r->engine, bytes.data, bytes.len, &diag);
    if (m) r->between[r->between_count++] = m;
    set_store(r, r->engine);
    Instantiated made = {0};
    if (m && r->store) made = engine_instantiate(r->store, m, resolve, r, &diag);
    if (!m || made.trap || !made.instance) {
        if (run_aloud) printf("baked: %s %s\n", m ? "does not begin" : "is refused", diag.detail);
        say(r, SAY_trap, UINT32_MAX, TRAP_COUNT);
        store_free(r->store);
        r->store = before;
        return;
    }
    r->instance = made.instance;
    store_free(before);
}

static void call_all(Run *r)
{
    const Module *m = r->instance->module;
    u32 funcs = 0;
    for (u32 i = 0; i < m->export_count; i++) funcs += m->exports[i].kind == EXTERN_func;
    funcs = MIN(funcs, CALLS_MOST / CALLS_EACH);
    for (u32 i = 0, done = 0; i < r->instance->module->export_count && done < funcs; i++) {
        const Export *e = &r->instance->module->exports[i];
        if (e->kind != EXTERN_func) continue;
        u32 index = e->index;
        for (u32 n = 0; n < CALLS_EACH; n++)
            call_func(r, index, instance_func(r->instance, index));
        bool half = ++done == funcs / 2;
        if (r->mode->settings & SET_baked && (half || done == funcs)) begin_again(r);
    }
}

// ---- what is left

static void say_table(Run *r, const Table *t)
{
    u32 hash = 0;
    for (u64 i = 0; i < MIN(t->size, TABLE_MOST); i++) {
        u64 entry = t->elems[i];
        hash = hash * 31 + (u32)seen(r, t->type.elem, &entry);
    }
    say(r, SAY_table, (u32)t->size, hash);
}

static void say_memory(Run *r, const Memory *m)
{
    say(r, SAY_memory, (u32)m->pages, told_hash(m->base, m->size));
}

static void say_global(Run *r, u32 number, const Global *global)
{
    if (r->portable && !told_named(global->type.type)) return;
    say(r, SAY_global, number, 0);
    say_values(r, SAY_result, &global->type.type, 1, global->value);
}

static void say_state(Run *r)
{
    const Instance *inst = r->instance;
    for (u32 i = 0; i < inst->module->memory_count; i++) say_memory(r, inst->memories[i]);
    for (u32 i = 0; i < inst->module->global_count; i++) say_global(r, i, inst->globals[i]);
    for (u32 i = 0; i < inst->module->table_count; i++) say_table(r, inst->tables[i]);
}

static void say_exports(Run *r)
{
    for (u32 i = 0; i < r->instance->module->export_count; i++) {
        Extern e;
        if (!instance_export_at(r->instance, i, &e)) continue;
        if (e.kind == EXTERN_memory) say_memory(r, e.memory);
        if (e.kind == EXTERN_global) say_global(r, i, e.global);
        if (e.kind == EXTERN_table) say_table(r, e.table);
    }
}

// ----

void run_before_load(Engine *e, const RunMode *mode, const Module *same, u64 seed)
{
    enum { HOT = 2 };
    // who interprets does not ask
    e->tier = mode->settings & SET_hot     ? TIER_auto
              : mode->settings & SET_graph ? TIER_opt
                                           : TIER_baseline;
    e->hot = HOT;
    e->beside.bytes = mode->settings & SET_beside ? 0 : BESIDE_BYTES;
    e->among_first = e->among_end = 0;
    if (!(mode->settings & SET_mixed)) return;
    u32 own = same->func_count - same->imported_funcs;
    u32 middle = same->imported_funcs + MAX(own / 2, 1);
    if (seed % 2) e->among_end = middle;
    else e->among_first = middle, e->among_end = UINT32_MAX;
}

static void set_store(Run *r, Engine *e)
{
    u32 settings = r->mode->settings, code = r->mode->code;
    StoreLimits limits = e->limits;
    e->tier = code & CODE_compiled ? TIER_baseline : TIER_interp;
    engine_set_faults(e, settings & SET_guarded);
    if (settings & SET_fixed) limits.memory_mode = MEMORY_fixed;
    if (settings & SET_movable) limits.memory_mode = MEMORY_movable, limits.memory_room = 1;
    e->deterministic = code & CODE_deterministic;
    e->bare = code & CODE_bare;
    e->stop_every = settings & SET_moved ? 1 : 0;
    e->down_every = settings & SET_down ? 2 : 0;
    e->up_every = settings & SET_up ? 1 : 0;
    e->gc_stress = settings & SET_gc_stress;
    r->store = engine_store_within(e, &limits);
    if (r->store && code & CODE_fueled) exec_grant_fuel(&r->store->exec, FUEL_ALL);
}

static u32 kinds_of(const RunMode *mode)
{
    u32 kinds = ~(1u << SAY_stop | 1u << SAY_short | 1u << SAY_out | 1u << SAY_fuel);
    if (mode->code & CODE_compiled || mode->settings & SET_written) kinds &= ~(1u << SAY_newest);
    // what is not read later is not kept
    if (mode->settings & (SET_graph | SET_up)) kinds &= ~(1u << SAY_local);
    if (mode->settings & SET_baked) kinds &= ~(1u << SAY_place); // it stands elsewhere
    if (mode->settings & SET_coarse)
        kinds &= ~(1u << SAY_place | 1u << SAY_newest | 1u << SAY_local);
    if (mode->settings & SET_rebuilt) // so do all, and locals are others
        kinds &= ~(1u << SAY_place | 1u << SAY_local | 1u << SAY_newest);
    if (mode->settings & SET_starved)
        return kinds | 1u << SAY_out | (u32)(kinds >> SAY_local & 1) << SAY_short;
    if (mode->settings & SET_states) kinds |= 1u << SAY_stop;
    if (mode->code & CODE_fueled) kinds |= 1u << SAY_fuel;
    return kinds;
}

// Compiled code looks where a loop begins, the interpreter where it goes round.
static u32 looks_of(const RunMode *mode)
{
    if (!(mode->code & CODE_compiled)) return 0;
    return mode->settings & (SET_mixed | SET_hot) ? 1 : 2;
}

Log run_module(Engine *e, const Module *m, const RunMode *mode, u64 seed, bool portable,
               Arena *arena)
{
    if (mode->settings & SET_formal) return run_by_rules(e, m, mode, seed, portable, arena);
    Log log = {.arena = arena, .kinds = kinds_of(mode), .looks = looks_of(mode)};
    Run r = {.engine = e, .mode = mode, .log = &log, .chance = seed, .apart = seed + 1,
             .portable = portable};
    Diag diag;
    set_store(&r, e);
    if (!r.store) {
        log.starved = true;
        return log;
    }
    Instantiated made = engine_instantiate(r.store, m, resolve, &r, &diag);
    say(&r, SAY_trap, UINT32_MAX, made.trap);
    log.starved |= told_short(made.trap) || (!made.instance && !made.trap);
    r.instance = made.instance;
    if (made.instance && !made.trap) {
        call_all(&r);
        if (mode->settings & SET_coarse) say_exports(&r);
        else say_state(&r);
    }
    leave(r.store, r.there, r.elsewhere);
    for (u32 i = 0; i < r.between_count; i++) engine_unload(r.between[i]);
    return log;
}

void log_line(char *out, size_t size, const Say *s)
{
    static const char *const names[] = {
        [SAY_call] = "call",     [SAY_arg] = "argument",  [SAY_result] = "result",
        [SAY_host] = "host",     [SAY_place] = "place",   [SAY_local] = "locals",
        [SAY_newest] = "locals",
        [SAY_stop] = "stop",     [SAY_short] = "short", [SAY_out] = "out of fuel",   [SAY_fuel] = "fuel",
        [SAY_memory] = "memory", [SAY_global] = "global", [SAY_table] = "table"};
    bool trap = s->kind == SAY_trap && s->b && s->b < TRAP_COUNT;
    if (s->kind == SAY_trap)
        snprintf(out, size, "end of %d: %s", (int)s->a, trap ? trap_text[s->b] : "good");
    else snprintf(out, size, "%s %x %llx", names[s->kind], s->a, (unsigned long long)s->b);
}
