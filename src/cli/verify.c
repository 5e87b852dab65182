// verify.c -- see verify.h.
//
//     arguments --+--> before --> what can be seen, as words --+--> the same?
//                 +--> after  --> what can be seen, as words --+
//
// Both run beside each other, a call at a time, by the interpreter, with one result where the
// specification allows several. A call that takes too long is stopped. It may end at another place
// there, so both begin again.
// spec: appendix/profiles, DET

#include "cli/verify.h"

#include "engine/engine.h"
#include "module/describe.h"
#include "run/call.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum {
    FUEL = 500000,       // of a call
    CALLS_EACH = 12,     // of a function
    CALLS_MOST = 4000,
    MEMORY_MOST = 1 << 28,
    SLOTS_MOST = 64,
    WAIT_MOST = 1,       // seconds of a call: it may wait to be notified, which takes no fuel
    LONG_MOST = 3,       // calls of a function that took too long: then others have their turn
};

typedef struct {
    u64 seed;
    Engine *engine;
    Module *m;
    Store *store;
    Instance *inst;
    Arena *arena;
    Buf seen;            // words
    u64 host_calls;
    bool failed;         // for want of memory of the machine's: it says nothing of the module
} Side;

typedef struct {
    Side *side;
    u64 name;            // hash of what it is called
} HostEnv;

static u64 mix(u64 hash, u64 value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

static u64 hash_of(u64 hash, const u8 *bytes, u64 size)
{
    u64 i = 0, word;
    for (; i + 8 <= size; i += 8) {
        memcpy(&word, bytes + i, 8);
        if (word) hash = mix(hash ^ i, word);
    }
    for (; i < size; i++) hash = mix(hash, bytes[i]);
    return hash;
}

static u64 hash_name(const Import *import)
{
    u64 hash = hash_of(1, import->module.data, import->module.len);
    return hash_of(hash, import->name.data, import->name.len);
}

// ---- Values

// A number from what it is drawn by: an edge, as likely as not.
static u64 draw(u64 *chance)
{
    static const u64 edges[] = {0, 1, 2, 8, 31, 64, 255, 1024, 65535, 65536, 0x7fffffff, 0x80000000,
                                0xffffffff, 0x7fffffffffffffff, 0x8000000000000000, UINT64_MAX};
    u64 x = *chance = mix(*chance + 0x632be59bd9b4e019u, 0x9fb21c651e98df25u);
    return x % 2 ? edges[x / 2 % COUNT_OF(edges)] : x >> 1 >> (x >> 40 & 63);
}

static u64 draw_float(u64 *chance, bool wide)
{
    static const double edges[] = {0, -0.0, 0.5, 1, -1, 1e10, -2147483649.0, 1e300, -1e-310};
    u64 x = draw(chance), bits;
    double d = x % 3 ? edges[x / 3 % COUNT_OF(edges)] : (double)(s64)x / 8;
    float f = d > 3e38 ? 3e38f : (float)d;
    u32 low;
    if (x % 17 == 0) return wide ? 0x7ff8000000000000 : 0x7fc00000;
    memcpy(&low, &f, 4);
    memcpy(&bits, &d, 8);
    return wide ? bits : low;
}

static void draw_value(u64 *chance, Type type, u64 *slots)
{
    if (type == TYPE_f32 || type == TYPE_f64) slots[0] = draw_float(chance, type == TYPE_f64);
    else if (type_is_ref(type)) slots[0] = REF_NULL;
    else slots[0] = type == TYPE_i32 ? (u32)draw(chance) : draw(chance);
    if (type == TYPE_v128) slots[1] = draw(chance);
}

// 0, 1, -1: what comes up in programs more often than by chance.
static void plain_value(s32 n, Type type, u64 *slots)
{
    double d = n;
    float f = (float)n;
    u32 low;
    memcpy(&low, &f, 4);
    slots[0] = type_is_ref(type) ? REF_NULL : type == TYPE_i32 ? (u32)n : (u64)(s64)n;
    if (type == TYPE_f32) slots[0] = low;
    if (type == TYPE_f64) memcpy(slots, &d, 8);
    if (type == TYPE_v128) slots[1] = slots[0];
}

// Of references whether they are null.
static void see_values(Side *s, const Type *types, u32 count, const u64 *slots)
{
    for (u32 i = 0; i < count; slots += type_slots(types[i++])) {
        Type t = types[i];
        bool half = t == TYPE_i32 || t == TYPE_f32;
        buf_u64le(&s->seen, type_is_ref(t) ? (u32)slots[0] != REF_NULL
                            : half         ? (u32)slots[0]
                                           : slots[0]);
        if (t == TYPE_v128) buf_u64le(&s->seen, slots[1]);
    }
}

static bool can_be_made(const Type *types, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (!type_is_defaultable(types[i])) return false;
    return true;
}

// ---- The host

static Trap answer(HostCall *call)
{
    HostEnv *env = call->env;
    Side *s = env->side;
    const TypeDef *type = type_def(s->store->types, call->func->type);
    u64 chance = mix(mix(s->seed, env->name), s->host_calls++);
    buf_u64le(&s->seen, env->name);
    see_values(s, type->params, type->param_count, call->slots);
    if (!can_be_made(type_results(type), type->result_count))
        return exec_trap(call->exec, TRAP_host, "the host has no such value");
    u64 *slots = call->slots;
    for (u32 i = 0; i < type->result_count; slots += type_slots(type_results(type)[i++]))
        draw_value(&chance, type_results(type)[i], slots);
    return TRAP_none;
}

static bool resolve(void *env, const Import *import, const ExternType *t, Extern *out)
{
    Side *s = env;
    u64 chance = mix(s->seed, hash_name(import));
    HostEnv *host;
    if (t->kind == EXTERN_global && !type_is_defaultable(t->global.type)) return false;
    out->func = NULL;
    switch (t->kind) {
    case EXTERN_func:
        host = NEW(s->arena, HostEnv);
        *host = (HostEnv){s, hash_name(import)};
        out->func = func_new_host(s->store, t->func, answer, host);
        break;
    case EXTERN_table: out->table = table_new(s->store, &t->table, REF_NULL); break;
    case EXTERN_memory: out->memory = memory_new(s->store, &t->memory); break;
    case EXTERN_global:
        out->global = global_new(s->store, t->global);
        if (out->global) draw_value(&chance, t->global.type, out->global->value);
        break;
    case EXTERN_tag: out->tag = tag_new(s->store, t->func); break;
    default: return false;
    }
    out->kind = out->func ? t->kind : EXTERN_COUNT; // of all of them the pointers are one
    return out->func != NULL;
}

// ---- What there is

static void see_table(Side *s, const Table *t)
{
    u64 hash = t->size;
    for (u64 i = 0; i < t->size; i++) hash = mix(hash, t->elems[i] != REF_NULL);
    buf_u64le(&s->seen, hash);
}

static void see_exports(Side *s)
{
    for (u32 i = 0; i < s->m->export_count; i++) {
        Extern e;
        if (!instance_export_at(s->inst, i, &e)) continue;
        if (e.kind == EXTERN_global) see_values(s, &e.global->type.type, 1, e.global->value);
        if (e.kind == EXTERN_table) see_table(s, e.table);
        if (e.kind != EXTERN_memory) continue;
        buf_u64le(&s->seen, e.memory->pages);
        buf_u64le(&s->seen, hash_of(2, e.memory->base, e.memory->size));
    }
}

static bool is_short(Trap trap)
{
    return trap == TRAP_call_stack_exhausted || trap == TRAP_out_of_memory ||
           trap == TRAP_out_of_fuel || trap == TRAP_time_limit;
}

// ---- What waits for ever

static Exec *_Atomic running;

static void end_wait(int sig)
{
    Exec *exec = running;
    if (exec) exec_stop(exec, TRAP_time_limit);
}

// From here on, with NULL: not any more.
static void limit_time(Exec *exec)
{
    struct itimerval timer = {.it_value = {exec ? WAIT_MOST : 0, 0}};
    if (exec) running = exec;
    setitimer(ITIMER_REAL, &timer, NULL);
    if (!exec) running = NULL;
}

// A limit that was met is the module's doing, and says so. What else is short is not.
static Trap look_at(Side *s, Trap trap)
{
    const char *detail = s->store->exec.trap_detail;
    if (trap == TRAP_out_of_memory && (bytes_begin(bytes_of(detail), "for ") ||
                                       bytes_begin(bytes_of(detail), "while ")))
        s->failed = true;
    return trap;
}

// ---- Two sides

typedef struct {
    const char *file;
    u64 seed;
    Side before, after;
    u32 calls, same, excused, functions;
} Verify;

static void close_side(Side *s)
{
    store_free(s->store);
    s->store = NULL;
    s->inst = NULL;
}

// Its trap; TRAP_COUNT: it cannot be linked, or memory was short.
static Trap begin(Side *s, Diag *diag)
{
    close_side(s);
    s->host_calls = s->seen.len = 0;
    diag_init(diag);
    s->store = engine_store(s->engine);
    s->failed = !s->store;
    if (s->failed) return TRAP_out_of_memory;
    exec_grant_fuel(&s->store->exec, FUEL);
    limit_time(&s->store->exec);
    Instantiated made = engine_instantiate(s->store, s->m, resolve, s, diag);
    limit_time(NULL);
    s->inst = made.instance;
    if (made.instance || made.trap) return look_at(s, made.trap);
    s->failed = diag->err == ERR_out_of_memory;
    return TRAP_COUNT;
}

static bool failed(const Verify *v)
{
    return (v->before.failed || v->after.failed) && !cli_error(0, "out of memory");
}

static bool differ(const Verify *v, const char *what, const char *detail)
{
    fflush(stdout);
    fputs("error: ", stderr);
    print_tame_text(stderr, v->file);
    fprintf(stderr, ": not the same: %s%s; --seed %llu shows it again\n", what, detail,
            (unsigned long long)v->seed);
    return false;
}

static const char *trap_name(Trap trap)
{
    return trap == TRAP_none ? "no trap" : trap < TRAP_COUNT ? trap_text[trap] : "not linked";
}

static bool same_traps(const Verify *v, Trap before, Trap after, const char *where)
{
    char text[300];
    if (before == after) return true;
    snprintf(text, sizeof text, "%s: %s, now %s", where, trap_name(before), trap_name(after));
    return differ(v, text, "");
}

static bool same_seen(const Verify *v, const char *where)
{
    const Side *a = &v->before, *b = &v->after;
    if (bytes_same(buf_view(&a->seen), buf_view(&b->seen))) return true;
    return differ(v, where, ": what it gives, or what it calls with");
}

static bool same_exports(Verify *v)
{
    v->before.seen.len = v->after.seen.len = 0;
    see_exports(&v->before);
    see_exports(&v->after);
    if (bytes_same(buf_view(&v->before.seen), buf_view(&v->after.seen))) return true;
    return differ(v, "what is exported", "");
}

// Both begin. False: they differ; *goes: there is something to call.
static bool begin_both(Verify *v, bool *goes)
{
    Diag diag;
    Trap before = begin(&v->before, &diag), after = begin(&v->after, &diag);
    *goes = false;
    if (failed(v)) return false;
    if (is_short(before) || is_short(after)) {
        v->excused++;
        return true;
    }
    if (!same_traps(v, before, after, "when it begins") || !same_seen(v, "when it begins"))
        return false;
    *goes = before == TRAP_none;
    return !*goes || same_exports(v);
}

// The first calls are with what is plain, the others with what is drawn.
static Trap call(Side *s, u32 export, u32 n, u64 chance)
{
    static const s32 plain[] = {0, 1, -1};
    Func *f = instance_func(s->inst, s->m->exports[export].index);
    const TypeDef *type = type_def(s->store->types, f->type);
    u64 slots[SLOTS_MOST] = {0}, *at = slots;
    for (u32 i = 0; i < type->param_count; at += type_slots(type->params[i++]))
        if (n < COUNT_OF(plain)) plain_value(plain[n], type->params[i], at);
        else draw_value(&chance, type->params[i], at);
    s->seen.len = 0;
    exec_grant_fuel(&s->store->exec, FUEL);
    limit_time(&s->store->exec);
    Trap trap = engine_call(s->store, f, slots, SLOTS_MOST);
    limit_time(NULL);
    if (trap == TRAP_none) see_values(s, type_results(type), type->result_count, slots);
    return look_at(s, trap);
}

static const TypeDef *type_of(const Side *s, u32 export)
{
    return type_def(s->m->store, s->m->funcs[s->m->exports[export].index].type);
}

static bool callable(const Side *s, u32 export)
{
    if (s->m->exports[export].kind != EXTERN_func) return false;
    const TypeDef *type = type_of(s, export);
    return can_be_made(type->params, type->param_count) && type->param_slots <= SLOTS_MOST &&
           type->result_slots <= SLOTS_MOST;
}

// Each has types of its own, so of references it is looked at no more than that they are.
static bool same_types(const Type *a, const Type *b, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (a[i] != b[i] && !(type_is_ref(a[i]) && type_is_ref(b[i]))) return false;
    return true;
}

// What is called on one side can be called on the other, where somebody else may have made it.
static bool same_export(const Verify *v, u32 i)
{
    const Export *before = &v->before.m->exports[i], *after = &v->after.m->exports[i];
    if (before->kind != after->kind || !bytes_same(before->name, after->name)) return false;
    if (before->kind != EXTERN_func) return true;
    const TypeDef *a = type_of(&v->before, i), *b = type_of(&v->after, i);
    return a->param_count == b->param_count && a->result_count == b->result_count &&
           same_types(a->params, b->params, a->param_count) &&
           same_types(type_results(a), type_results(b), a->result_count) &&
           callable(&v->before, i) == callable(&v->after, i);
}

static bool same_shapes(const Verify *v)
{
    u32 count = v->before.m->export_count;
    if (v->after.m->export_count != count) return differ(v, "exports", "");
    for (u32 i = 0; i < count; i++) {
        char name[QUOTED_MOST];
        Bytes named = v->before.m->exports[i].name;
        if (!same_export(v, i)) return differ(v, quoted(name, named), ": what is exported there");
    }
    return true;
}

static bool call_both(Verify *v, u32 export, u32 n, bool *goes)
{
    u64 chance = mix(v->seed + n, export);
    char where[200], name[QUOTED_MOST];
    Trap before = call(&v->before, export, n, chance);
    Trap after = call(&v->after, export, n, chance);
    v->calls++;
    if (failed(v)) return false;
    if (is_short(before) || is_short(after)) {
        v->excused++;
        return begin_both(v, goes);
    }
    snprintf(where, sizeof where, "%s", quoted(name, v->before.m->exports[export].name));
    v->same++;
    return same_traps(v, before, after, where) && same_seen(v, where);
}

static bool call_all(Verify *v)
{
    bool goes, good = same_shapes(v) && begin_both(v, &goes);
    u32 count = v->before.m->export_count;
    for (u32 i = 0; i < count && good && goes; i++) {
        if (!callable(&v->before, i)) continue;
        v->functions++;
        u32 patience = v->excused + LONG_MOST;
        for (u32 n = 0; n < CALLS_EACH && good && goes && v->calls < CALLS_MOST &&
                        v->excused < patience; n++)
            good = call_both(v, i, n, &goes);
        good = good && (!goes || same_exports(v));
    }
    return good;
}

static bool open_side(Side *s, Bytes bytes, Features features, Diag *diag)
{
    s->engine = engine_new(features);
    if (!s->engine) return diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    s->engine->tier = TIER_interp;
    s->engine->deterministic = true;
    s->engine->limits.memory_bytes = MEMORY_MOST;
    buf_init(&s->seen, s->arena);
    return (s->m = engine_load(s->engine, bytes.data, bytes.len, diag)) != NULL;
}

static bool refused(const Verify *v, const Diag *diag)
{
    if (diag->err == ERR_out_of_memory) return cli_error(0, "out of memory") != 0;
    return differ(v, "a module is refused: ", err_text[diag->err]);
}

static void say_how(const Verify *v)
{
    fflush(stdout);
    print_tame_text(stderr, v->file);
    fprintf(stderr, ": the same in %u calls of %u functions", v->same, v->functions);
    if (v->excused) fprintf(stderr, "; %u more took too long", v->excused);
    fputc('\n', stderr);
}

bool verify_same(const char *file, Bytes before, Bytes after, Features features, u64 seed)
{
    Verify v = {.file = file, .seed = seed};
    Arena arena;
    Diag diag;
    jmp_buf failed;
    struct sigaction action = {.sa_handler = end_wait}, before_us; // no SA_RESTART: waits return
    sigaction(SIGALRM, &action, &before_us);
    arena_init(&arena);
    arena.on_failure = &failed;
    v.before.arena = v.after.arena = &arena;
    v.before.seed = v.after.seed = seed;
    diag_init(&diag);
    bool good = !setjmp(failed);
    if (good) {
        good = open_side(&v.before, before, features, &diag) &&
               open_side(&v.after, after, features, &diag);
        good = good ? call_all(&v) : refused(&v, &diag);
        if (good) say_how(&v);
    } else {
        cli_error(0, "out of memory");
    }
    limit_time(NULL);
    sigaction(SIGALRM, &before_us, NULL);
    Side *const sides[] = {&v.before, &v.after};
    for (u32 i = 0; i < COUNT_OF(sides); i++) {
        close_side(sides[i]);
        engine_unload(sides[i]->m);
        engine_free(sides[i]->engine);
    }
    arena_free(&arena);
    return good;
}
