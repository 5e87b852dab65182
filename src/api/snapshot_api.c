// snapshot_api.c -- stores as bytes, and back.

#include "api/api.h"
#include "base/leb.h"
#include "run/fork.h"
#include "snapshot/snapshot.h"
#include "wasi/wasi.h"
#include "weft_snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// ---- Out

static bool write_bytes(void *env, const void *bytes, size_t size, Diag *diag)
{
    const weft_snapshot_out *out = env;
    return out->write(out->env, bytes, size) ||
           diag_fail(diag, ERR_cannot_snapshot, 0, "its bytes were not taken");
}

static bool number_of_pointer(void *env, u64 value, u64 *number)
{
    const weft_snapshot_out *out = env;
    return out->number && out->number(out->env, (void *)(uintptr_t)value, number);
}

static weft_status refuse(weft_diag *diag, const char *what)
{
    return api_error(diag, ERR_cannot_snapshot, "%s", what);
}

// What guests hold of WASI; nothing, if there is none.
static weft_status save_wasi(const weft_store *ws, u8 **bytes, size_t *size, weft_diag *diag)
{
    char why[WASI_WHY];
    if (!ws->wasi) return WEFT_OK;
    int err = wasi_save(ws->wasi->ctx, bytes, size, why);
    if (err == ENOMEM) return api_error(diag, ERR_out_of_memory, "%s", "for the snapshot");
    return err ? refuse(diag, why) : WEFT_OK;
}

static weft_status check_source(const weft_store *ws, weft_diag *diag)
{
    if (api_check_whole(ws, diag) != WEFT_OK) return WEFT_ERROR;
    if (ws->s->exec.depth) return api_refuse(diag, API_is_running, "%s", "nothing is written");
    if (ws->handles.live) return refuse(diag, "references that the host holds (weft_ref)");
    if (ws->components) return refuse(diag, "an instance of a component");
    return tasks_have_some(ws, WEFT_TASK_WAITS) ? refuse(diag, "a task that waits") : WEFT_OK;
}

weft_status weft_snapshot_write(weft_store *ws, const weft_snapshot_out *given, weft_diag *diag)
{
    weft_snapshot_out out = weft_snapshot_out_init(NULL, NULL);
    u8 *wasi = NULL;
    size_t size = 0;
    Diag why;
    if (api_struct_in(given, &out, sizeof out, diag) != WEFT_OK) return WEFT_ERROR;
    weft_status status = check_source(ws, diag);
    if (status == WEFT_OK) status = save_wasi(ws, &wasi, &size, diag);
    if (status != WEFT_OK) return status;
    const SnapshotWriter writer = {.env = &out, .write = write_bytes,
                                   .without_modules = out.without_modules,
                                   .host_number = number_of_pointer, .wasi = {wasi, size}};
    if (!snapshot_write(ws->s, &writer, &why)) status = api_diag(diag, &why);
    free(wasi);
    api_finalize(ws);
    return status;
}

// ---- In

typedef struct {
    weft_store *store;
    weft_linker *linker;
    weft_snapshot_in in;
    weft_diag *diag;
    bool told;         // why it failed is in *diag already
} Reading;

static bool keep(Reading *r, weft_module *m, Diag *diag)
{
    return store_keep_module(r->store, m) ||
           diag_fail(diag, ERR_out_of_memory, 0, "for a module");
}

static const Module *find_module(void *env, const u8 hash[SNAPSHOT_HASH], Bytes bytes, Diag *diag)
{
    Reading *r = env;
    weft_module *m = r->in.module ? r->in.module(r->in.env, hash) : NULL;
    if (m) {
        u8 own[SNAPSHOT_HASH];
        const Module *of = m->source.module;
        module_fetch(of, MODULE_ALL); // else it is not the one
        snapshot_hash((Bytes){of->bytes, of->size}, own);
        if (m->engine != r->store->engine || memcmp(own, hash, sizeof own)) {
            diag_fail(diag, ERR_snapshot_mismatch, 0, "a module that is not the one asked for");
            return NULL;
        }
        return keep(r, m, diag) ? of : NULL;
    }
    if (!bytes.data) {
        diag_fail(diag, ERR_snapshot_mismatch, 0, "the bytes of a module are neither in it, nor "
                                                  "given");
        return NULL;
    }
    m = weft_module_new(r->store->engine, bytes.data, bytes.len, r->diag);
    r->told = !m;
    if (m && !keep(r, m, diag)) weft_module_free(m), m = NULL;
    if (!m) return NULL;
    const Module *of = m->source.module;
    weft_module_free(m); // the store has it
    return of;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    const Reading *r = env;
    return linker_resolve(r->linker, r->store, import, out);
}

static bool pointer_of_number(void *env, u64 number, u64 *value)
{
    const Reading *r = env;
    void *pointer;
    if (!r->in.pointer || !r->in.pointer(r->in.env, number, &pointer) || !pointer) return false;
    *value = (u64)(uintptr_t)pointer;
    return true;
}

static bool adopt(void *env, Parked *parked)
{
    return task_adopt(((const Reading *)env)->store, parked);
}

static weft_status load_wasi(const Reading *r, Bytes bytes, weft_diag *diag)
{
    char why[WASI_WHY];
    const weft_wasi *wasi = r->store->wasi;
    if (!bytes.len) return WEFT_OK;
    if (!wasi) return api_error(diag, ERR_snapshot_mismatch, "%s", "its guests had WASI, the "
                                                                   "store has none");
    int err = wasi_load(wasi->ctx, bytes, why);
    if (err == ENOMEM) return api_error(diag, ERR_out_of_memory, "%s", "for WASI");
    return err ? api_refuse(diag, API_system_error, "WASI: %s: %s",
                            why, strerror(err))
               : WEFT_OK;
}

// NULL holds none, whatever is said of it.
static Bytes bytes_of_given(const void *bytes, size_t len)
{
    static const u8 none[1];
    return bytes ? (Bytes){bytes, len} : (Bytes){none, 0};
}

// All of it was read, or its store is closed: items of before are another's now.
static weft_status end_reading(weft_store *ws, weft_status status)
{
    if (status == WEFT_OK) return WEFT_OK;
    ws->half_read = true;
    ws->id = api_next_store();
    return status;
}

static weft_status check_target(weft_store *ws, weft_linker *linker, weft_diag *diag)
{
    if (linker_check(ws, linker, diag) != WEFT_OK) return WEFT_ERROR;
    if (ws->s->exec.depth || ws->s->instances)
        return api_refuse(diag, API_not_fresh, "%s", "a store is wanted that has nothing in it");
    return WEFT_OK;
}

weft_status weft_snapshot_read(weft_store *ws, weft_linker *linker, const void *bytes, size_t len,
                               const weft_snapshot_in *given, weft_diag *diag)
{
    Reading r = {.store = ws, .linker = linker, .in = weft_snapshot_in_init(), .diag = diag};
    Diag why;
    Bytes held;
    if (given && api_struct_in(given, &r.in, sizeof r.in, diag) != WEFT_OK) return WEFT_ERROR;
    if (check_target(ws, linker, diag) != WEFT_OK) return WEFT_ERROR;
    const SnapshotReader reader = {.env = &r, .module = find_module, .resolve = resolve,
                                   .host_value = pointer_of_number, .parked = adopt};
    if (!snapshot_read(ws->s, &reader, bytes_of_given(bytes, len), &held, &why))
        return end_reading(ws, r.told ? WEFT_ERROR : api_diag(diag, &why));
    return end_reading(ws, load_wasi(&r, held, diag));
}

// ---- A fork: out and in at once

typedef struct {
    Reading in;        // first: what is asked for in both ways finds it there
    weft_store *from;
    SnapshotBytes kept;
    // What was told of, and is told of again in the same order.
    Memory **memories;
    const Module **modules;
    u32 memory_count, module_count, next_memory, next_module;
    bool failed;
} Forking;

static bool fork_write(void *env, const void *bytes, size_t size, Diag *diag)
{
    return snapshot_keep(&((Forking *)env)->kept, bytes, size, diag);
}

static void note(Forking *f, void ***all, u32 *count, void *one)
{
    void **more = *count & (*count - 1) ? *all : realloc(*all, MAX(2 * *count, 1) * sizeof *more);
    f->failed |= !more;
    if (!more) return;
    *all = more;
    more[(*count)++] = one;
}

static void fork_note_memory(void *env, Memory *m)
{
    Forking *f = env;
    if (!f->failed) note(f, (void ***)&f->memories, &f->memory_count, m);
}

static void fork_note_module(void *env, const Module *m)
{
    Forking *f = env;
    if (!f->failed) note(f, (void ***)&f->modules, &f->module_count, (Module *)m);
}

static bool fork_number(void *env, u64 value, u64 *number)
{
    *number = value;
    return true;
}

static bool fork_value(void *env, u64 number, u64 *value)
{
    const Forking *f = env;
    *value = number;
    return !f->in.in.pointer || pointer_of_number(env, number, value);
}

static bool fork_memory(void *env, Memory *m)
{
    Forking *f = env;
    return memory_fork(f->memories[f->next_memory++], m);
}

static const Module *fork_module(void *env, const u8 hash[SNAPSHOT_HASH], Bytes bytes, Diag *diag)
{
    Forking *f = env;
    const Module *m = f->modules[f->next_module++];
    return keep(&f->in, store_module_of(f->from, m), diag) ? m : NULL;
}

static weft_status fork_store(Forking *f, weft_store *from, weft_store *to, weft_diag *diag)
{
    Diag why;
    Bytes held;
    u8 *wasi = NULL;
    size_t size = 0;
    weft_status status = save_wasi(from, &wasi, &size, diag);
    if (status != WEFT_OK) return status;
    const SnapshotWriter writer = {.env = f, .write = fork_write, .without_modules = true,
                                   .memory = fork_note_memory, .module = fork_note_module,
                                   .host_number = fork_number, .wasi = {wasi, size}};
    const SnapshotReader reader = {.env = f, .module = fork_module, .memory = fork_memory,
                                   .resolve = resolve, .host_value = fork_value,
                                   .parked = adopt};
    bool done = snapshot_write(from->s, &writer, &why);
    if (done && f->failed) done = diag_fail(&why, ERR_out_of_memory, 0, "for the fork");
    free(wasi);
    if (!done) return api_diag(diag, &why);
    done = snapshot_read(to->s, &reader, (Bytes){f->kept.data, f->kept.len}, &held, &why);
    return end_reading(to, done ? load_wasi(&f->in, held, diag) : api_diag(diag, &why));
}

weft_status weft_store_fork(weft_store *from, weft_store *to, weft_linker *linker,
                            const weft_snapshot_in *given, weft_diag *diag)
{
    Forking f = {.in = {.store = to, .linker = linker, .in = weft_snapshot_in_init(),
                        .diag = diag},
                 .from = from};
    if (given && api_struct_in(given, &f.in.in, sizeof f.in.in, diag) != WEFT_OK) return WEFT_ERROR;
    if (from->engine != to->engine)
        return api_refuse(diag, API_wrong_engine, "%s", "a fork is of the same engine");
    weft_status status = check_source(from, diag);
    if (status == WEFT_OK) status = check_target(to, linker, diag);
    if (status == WEFT_OK) status = fork_store(&f, from, to, diag);
    free(f.kept.data);
    free(f.memories);
    free(f.modules);
    if (!from->s->exec.depth) api_finalize(from);
    return status;
}

void weft_engine_set_forks(weft_engine *e, bool on) { e->engine->forks = on; }

// ---- Looked at

weft_status weft_snapshot_look(const void *bytes, size_t len, weft_snapshot_info *out,
                               weft_diag *diag)
{
    SnapshotHead head;
    Diag why;
    if (!snapshot_head(bytes_of_given(bytes, len), &head, &why)) return api_diag(diag, &why);
    const weft_snapshot_info info = {sizeof info, head.fueled, head.deterministic, head.fuel};
    return api_struct_out(out, &info, sizeof info, diag);
}

// ---- What is in it

weft_module *weft_module_share(weft_module *m)
{
    atomic_fetch_add(&m->users, 1);
    return m;
}
