// compiled_bytes.h -- modules with the code of their functions as bytes that a test may change, and
// run.
#pragma once

#include "base/sum.h"
#include "check.h"
#include "engine/source.h"
#include "run/exec.h"

#include <signal.h>
#include <sys/time.h>

// ---- Bytes

typedef struct {
    u8 *data;
    size_t len, cap;
} Kept;

static inline bool keep(void *env, const void *bytes, size_t size)
{
    Kept *k = env;
    if (k->len + size > k->cap) {
        k->cap = 2 * (k->len + size);
        k->data = realloc(k->data, k->cap);
        if (!k->data) exit(1);
    }
    memcpy(k->data + k->len, bytes, size);
    k->len += size;
    return true;
}

static Engine *engine;

static inline bool compile(const char *text, Kept *out)
{
    Source source;
    Diag diag;
    const CompiledSink sink = {out, keep};
    out->len = 0;
    bool good = source_load(&source, engine, (const u8 *)text, strlen(text), &diag);
    if (!CHECK(good)) printf("    %s: %s\n", err_text[diag.err], diag.detail);
    good = good && CHECK(compiled_write(source.module, compiled_mode(engine, source.module, false),
                                        2, &sink, &diag));
    source_free(&source);
    return good;
}

static inline CompiledHead *head_of(const Kept *k) { return (CompiledHead *)(void *)k->data; }
static inline StoredFunc *index_of(const Kept *k)
{
    return (StoredFunc *)(void *)(k->data + head_of(k)->index_at);
}

// Makes all sums right again, as far as they are inside.
static inline void set_sums(Kept *k)
{
    CompiledHead *h = head_of(k);
    bool index = h->index_at <= k->len && h->index_at % 8 == 0 &&
                 (u64)h->count * sizeof(StoredFunc) <= k->len - h->index_at;
    for (u32 i = 0; index && i < h->count; i++) {
        StoredFunc *f = &index_of(k)[i];
        if (f->at <= k->len && f->size <= k->len - f->at)
            f->sum = (u32)checksum_of(k->data + f->at, f->size);
        if (f->body <= h->module_size && f->body_size <= h->module_size - f->body)
            f->body_sum = (u32)checksum_of(k->data + h->module_at + f->body, f->body_size);
    }
    if (index) h->index_sum = checksum_of((u8 *)index_of(k), h->count * sizeof(StoredFunc));
    if (h->module_at <= k->len && h->module_size <= k->len - h->module_at &&
        h->bodies <= h->bodies_end && h->bodies_end <= h->module_size)
        h->module_sum = compiled_sum(k->data + h->module_at, h->module_size, h->bodies,
                                     h->bodies_end);
    h->sum = checksum_of(k->data, offsetof(CompiledHead, sum));
}

// ---- Running

typedef struct {
    Err err;          // why it was refused; ERR_none: it was not
    char detail[200];
    u32 refused;      // functions
    char what[100];   // is wrong with the first
    Trap trap;
    u32 result;
    u32 entered;      // functions with native code
} Ran;

static Exec *running;
static inline void end_it(int sig)
{
    if (running) exec_stop(running, TRAP_interrupted);
}

static inline Trap nothing(HostCall *call) { return TRAP_none; }
static Trap (*host_does)(HostCall *call) = nothing;

static inline bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    *out = (Extern){.kind = import->kind};
    if (import->kind != EXTERN_func) return false;
    out->func = func_new_host(env, type->func, host_does, NULL);
    return true;
}

static inline void note(void *env, u32 func, const char *what)
{
    Ran *ran = env;
    snprintf(ran->what, sizeof ran->what, "%s", what);
}

static inline void call_run(Store *store, Instance *inst, u32 arg, Ran *ran)
{
    enum { ROOM = 16 };
    Extern f;
    u64 slots[ROOM] = {arg};
    if (!instance_export(inst, bytes_of("run"), &f) || f.kind != EXTERN_func ||
        func_slots(f.func) > ROOM)
        return;
    const struct itimerval soon = {.it_value = {0, 40000}}, never = {0};
    running = &store->exec;
    signal(SIGPROF, end_it);
    setitimer(ITIMER_PROF, &soon, NULL); // of its own time, however many others run
    ran->trap = engine_call(store, f.func, slots, ROOM);
    setitimer(ITIMER_PROF, &never, NULL);
    running = NULL;
    ran->result = (u32)slots[0];
}

static inline void run_module(Module *m, u32 arg, Ran *ran)
{
    Diag diag;
    Store *store = engine_store(engine);
    m->stored->tell = note;
    m->stored->tell_env = ran;
    Instance *inst = engine_instantiate(store, m, resolve, store, &diag).instance;
    if (inst) call_run(store, inst, arg, ran);
    ran->refused = m->stored->refused;
    const NativeRegion *r = inst ? native_region(inst->made) : NULL;
    for (u32 i = 0; r && i < m->func_count; i++) ran->entered += r->funcs[i] != NULL;
    store_free(store);
}

static inline Ran run(const Kept *k, u32 arg)
{
    Source source;
    Diag diag;
    Ran ran = {0};
    CompiledFrom from;
    Account *account = &engine->accounts[ENGINE_module_bytes];
    if (!compiled_from_bytes((Bytes){k->data, k->len}, account, &from, &ran.err)) return ran;
    bool good = source_load_compiled(&source, engine, &from, false, &diag);
    if (good) run_module(source.module, arg, &ran);
    else ran.err = diag.err;
    if (!good) snprintf(ran.detail, sizeof ran.detail, "%.199s", diag.detail);
    source_free(&source);
    return ran;
}

typedef struct {
    u32 size, code_size, frame_slots, clause_count, point_count, loop_count, guard_count,
        range_count, label_count, table_count, field_count, map_len, optimized, unused;
} RecordHead;

static inline RecordHead *record_of(const Kept *k, u32 i)
{
    return (RecordHead *)(void *)(k->data + index_of(k)[i].at);
}

static inline u8 *code_of(const Kept *k, u32 i)
{
    const StoredFunc *f = &index_of(k)[i];
    return k->data + f->at + f->size - record_of(k, i)->size;
}
