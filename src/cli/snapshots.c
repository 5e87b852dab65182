// snapshots.c -- see snapshots.h; and weft snapshot.

#include "cli/snapshots.h"

#include "cli/json.h"
#include "run/gc/collect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// ---- Files

static bool write_piece(void *env, const void *bytes, size_t size, Diag *diag)
{
    const OutputFile *out = env;
    return fwrite(bytes, 1, size, out->file) == size ||
           diag_fail(diag, ERR_cannot_snapshot, 0, "%s", strerror(errno));
}

bool snapshot_save_file(Store *store, WasiCtx *wasi, const char *name)
{
    u8 *held;
    size_t size;
    char why[WASI_WHY];
    int err = wasi_save(wasi, &held, &size, why);
    if (err) {
        cli_error(0, "no snapshot can be made: %s", why);
        return false;
    }
    OutputFile out;
    Diag diag;
    bool good = output_begin(&out, name);
    if (good) {
        const SnapshotWriter writer = {.env = &out, .write = write_piece, .wasi = {held, size}};
        bool written = snapshot_write(store, &writer, &diag);
        if (!written) print_diag(name, NULL, &diag);
        good = output_end(&out, written) && written;
    }
    free(held);
    return good;
}

// No further than where it is known to be none.
static bool read_all(FILE *in, SnapshotFile *f)
{
    enum { FIRST = 1 << 20 };
    Diag ignored;
    for (size_t cap = 0, got = 1; got; f->size += got) {
        if (f->size && !snapshot_head((Bytes){f->bytes, f->size}, &f->head, &ignored)) break;
        if (f->size == cap) {
            cap = cap ? 2 * cap : FIRST;
            u8 *more = realloc(f->bytes, cap);
            if (!more) return false;
            f->bytes = more;
        }
        got = fread(f->bytes + f->size, 1, cap - f->size, in);
    }
    return !ferror(in);
}

bool snapshot_open_file(const char *name, SnapshotFile *f)
{
    Diag diag;
    *f = (SnapshotFile){.name = name};
    FILE *in = strcmp(name, "-") ? fopen(name, "rbe") : stdin;
    bool read = in && read_all(in, f);
    int err = errno;
    if (in && in != stdin) fclose(in);
    if (!read) {
        cli_error(0, "cannot read %s: %s", name, strerror(err));
        return false;
    }
    if (snapshot_head((Bytes){f->bytes, f->size}, &f->head, &diag)) return true;
    print_diag(name, NULL, &diag);
    return false;
}

typedef struct {
    SnapshotFile *file;
    Engine *engine;
    Resolver *resolve;
    void *env;
    bool (*host_value)(void *env, u64 number, u64 *value);
} Loading;

static const Module *load_module(void *env, const u8 hash[SNAPSHOT_HASH], Bytes bytes, Diag *diag)
{
    Loading *l = env;
    SnapshotFile *f = l->file;
    if (!bytes.data) {
        diag_fail(diag, ERR_snapshot_mismatch, 0, "the bytes of a module are not in it");
        return NULL;
    }
    Source **more = realloc(f->modules, (f->module_count + 1) * sizeof *more);
    Source *source = more ? calloc(1, sizeof *source) : NULL;
    if (more) f->modules = more;
    if (!source) {
        diag_fail(diag, ERR_out_of_memory, 0, "for a module");
        return NULL;
    }
    f->modules[f->module_count++] = source;
    return source_load(source, l->engine, bytes.data, bytes.len, diag) ? source->module : NULL;
}

// The store is what makes them.
static bool resolve_host(void *env, const Import *import, const ExternType *type, Extern *out)
{
    const Loading *l = env;
    return l->resolve(l->env, import, type, out);
}

static bool find_host_value(void *env, u64 number, u64 *value)
{
    const Loading *l = env;
    return l->host_value && l->host_value(l->env, number, value);
}

static bool count_parked(void *env, Parked *parked)
{
    ((Loading *)env)->file->parked++;
    return true;
}

bool snapshot_load_file(SnapshotFile *f, Store *store, Engine *engine, Resolver *resolve, void *env,
                        bool (*host_value)(void *env, u64 number, u64 *value))
{
    Loading l = {f, engine, resolve, env, host_value};
    Diag diag;
    const SnapshotReader reader = {.env = &l, .module = load_module, .resolve = resolve_host,
                                   .host_value = find_host_value, .parked = count_parked};
    if (snapshot_read(store, &reader, (Bytes){f->bytes, f->size}, &f->wasi, &diag)) return true;
    print_diag(f->name, NULL, &diag);
    return false;
}

void snapshot_free_file(SnapshotFile *f)
{
    for (u32 i = 0; i < f->module_count; i++) {
        source_free(f->modules[i]);
        free(f->modules[i]);
    }
    free(f->modules);
    free(f->bytes);
}

bool snapshot_fuel_ends(const SnapshotHead *head)
{
    return head->fueled && head->fuel < fuel_endless / 2;
}

// ---- weft snapshot: it is read as if it were to go on, but that the host has nothing

static Trap call_nobody(HostCall *call)
{
    return exec_trap(call->exec, TRAP_host, "it is only looked at");
}

static bool make_import(void *env, const Import *import, const ExternType *type, Extern *out)
{
    Store *s = env;
    out->kind = import->kind;
    switch (import->kind) {
    case EXTERN_func: out->func = func_new_host(s, type->func, call_nobody, NULL); break;
    case EXTERN_table: out->table = table_new(s, &type->table, REF_NULL); break;
    case EXTERN_memory: out->memory = memory_new(s, &type->memory); break;
    case EXTERN_global: out->global = global_new(s, type->global); break;
    case EXTERN_tag: out->tag = tag_new(s, type->func); break;
    case EXTERN_COUNT: return false;
    }
    if (!out->func) out->kind = EXTERN_COUNT;
    return out->func;
}

static bool same_value(void *env, u64 number, u64 *value)
{
    *value = number;
    return true;
}

enum { FRAMES_SHOWN = 50, INSTANCES_SHOWN = 1000, HASH_TEXT = 2 * SNAPSHOT_HASH + 1 };

static const char *hash_text(const Module *m, char out[HASH_TEXT])
{
    u8 hash[SNAPSHOT_HASH];
    module_fetch(m, MODULE_ALL);
    snapshot_hash((Bytes){m->bytes, m->size}, hash);
    for (u32 i = 0; i < SNAPSHOT_HASH; i++) snprintf(out + 2 * i, 3, "%02x", hash[i]);
    return out;
}

static u32 number_of_module(const SnapshotFile *f, const Module *m)
{
    u32 i = 0;
    while (f->modules[i]->module != m) i++;
    return i;
}

static u64 entries_used(const Table *t)
{
    u64 used = 0;
    for (u64 i = 0; i < t->size; i++) used += t->elems[i] != 0;
    return used;
}

// The oldest, oldest first; the list begins with the newest. There may be a million, since who
// wrote it can have one with each byte. Returns how many there are.
static u32 oldest_instances(const Store *s, const Instance *out[INSTANCES_SHOWN])
{
    u32 count = 0;
    for (const Instance *i = s->instances; i; i = i->next) count++;
    u32 n = count;
    for (const Instance *i = s->instances; i; i = i->next)
        if (--n < INSTANCES_SHOWN) out[n] = i;
    return count;
}

// What is shown of a store.
typedef struct {
    const SnapshotFile *file;
    Store *store;
    const Instance *instances[INSTANCES_SHOWN];
    u32 instance_count; // in all
    u64 objects, object_bytes, continuations;
    bool stopped;       // a call, in the trap that the store has
} Shown;

// False: memory is short.
static bool look(Shown *v, const SnapshotFile *f, Store *s)
{
    v->file = f;
    v->store = s;
    v->instance_count = oldest_instances(s, v->instances);
    v->continuations = account_used(&s->accounts[STORE_continuations]);
    v->stopped = exec_may_continue(&s->exec);
    if (!heap_collect(s, exec_alive(&s->exec))) return false;
    heap_living(s, &v->objects, &v->object_bytes);
    return true;
}

// ---- As text

static void show_instance(const SnapshotFile *f, const Instance *inst, u32 number)
{
    const Module *m = inst->module;
    printf("instance %u of module %u\n", number, number_of_module(f, m));
    for (u32 i = 0; i < m->memory_count; i++)
        printf("  memory %u%s: %llu pages of %u bytes\n", i,
               i < m->imported_memories ? ", imported" : "",
               (unsigned long long)inst->memories[i]->pages,
               1u << inst->memories[i]->type.limits.page_log2);
    for (u32 i = 0; i < m->table_count; i++)
        printf("  table %u%s: %llu entries, %llu of them not null\n", i,
               i < m->imported_tables ? ", imported" : "",
               (unsigned long long)inst->tables[i]->size,
               (unsigned long long)entries_used(inst->tables[i]));
}

static void show_instances(const Shown *v)
{
    for (u32 i = 0; i < MIN(v->instance_count, INSTANCES_SHOWN); i++)
        show_instance(v->file, v->instances[i], i);
    if (v->instance_count > INSTANCES_SHOWN)
        printf("and %u instances more\n", v->instance_count - INSTANCES_SHOWN);
}

static void show_calls(const Shown *v)
{
    const Exec *x = &v->store->exec;
    FrameCursor c = {0};
    u32 count = 0;
    if (v->stopped) printf("a call that was stopped (%s):\n", trap_text[x->trap]);
    else puts("no call was stopped");
    for (; v->stopped && frame_next(x, &c); count++) {
        if (count >= FRAMES_SHOWN) continue;
        const Module *m = c.at.inst->module;
        printf("%5u: 0x%x of module %u, function %u ", count, frame_offset(&c),
               number_of_module(v->file, m), c.func);
        print_tame(stdout, module_func_name(m, c.func));
        putchar('\n');
    }
    if (count > FRAMES_SHOWN) printf("  and %u more\n", count - FRAMES_SHOWN);
    if (v->file->parked) printf("%u calls were stopped beside that\n", v->file->parked);
}

static void show(const Shown *v)
{
    const SnapshotFile *f = v->file;
    char hash[HASH_TEXT];
    printf("version %d%s, %zu bytes\n", SNAPSHOT_VERSION,
           f->head.deterministic ? ", deterministic" : "", f->size);
    if (snapshot_fuel_ends(&f->head))
        printf("fuel: %llu left\n", (unsigned long long)f->head.fuel);
    for (u32 i = 0; i < f->module_count; i++) {
        const Module *m = f->modules[i]->module;
        printf("module %u: %zu bytes, SHA-256 %s\n", i, m->size, hash_text(m, hash));
    }
    show_instances(v);
    if (v->objects)
        printf("%llu objects, %llu bytes\n", (unsigned long long)v->objects,
               (unsigned long long)v->object_bytes);
    if (v->continuations) printf("%llu continuations\n", (unsigned long long)v->continuations);
    if (f->wasi.len) printf("WASI: %zu bytes\n", f->wasi.len);
    show_calls(v);
}

// ---- As JSON

static void tell_instance(Json *j, const SnapshotFile *f, const Instance *inst)
{
    const Module *m = inst->module;
    json_open(j, NULL, '{');
    json_number(j, "module", number_of_module(f, m));
    json_open(j, "memories", '[');
    for (u32 i = 0; i < m->memory_count; i++) {
        json_open(j, NULL, '{');
        json_bool(j, "imported", i < m->imported_memories);
        json_number(j, "pages", inst->memories[i]->pages);
        json_number(j, "page_bytes", 1u << inst->memories[i]->type.limits.page_log2);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_open(j, "tables", '[');
    for (u32 i = 0; i < m->table_count; i++) {
        json_open(j, NULL, '{');
        json_bool(j, "imported", i < m->imported_tables);
        json_number(j, "entries", inst->tables[i]->size);
        json_number(j, "not_null", entries_used(inst->tables[i]));
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void tell_instances(Json *j, const Shown *v)
{
    json_number(j, "instance_count", v->instance_count);
    json_open(j, "instances", '[');
    for (u32 i = 0; i < MIN(v->instance_count, INSTANCES_SHOWN); i++)
        tell_instance(j, v->file, v->instances[i]);
    json_close(j, ']');
}

static void tell_calls(Json *j, const Shown *v)
{
    const Exec *x = &v->store->exec;
    FrameCursor c = {0};
    u32 count = 0;
    if (v->stopped) json_text(j, "stopped", trap_text[x->trap]);
    else json_null(j, "stopped");
    json_open(j, "frames", '[');
    for (; v->stopped && frame_next(x, &c); count++) {
        if (count >= FRAMES_SHOWN) continue;
        const Module *m = c.at.inst->module;
        json_open(j, NULL, '{');
        json_number(j, "offset", frame_offset(&c));
        json_number(j, "module", number_of_module(v->file, m));
        json_number(j, "function", c.func);
        json_known(j, "name", module_func_name(m, c.func));
        json_close(j, '}');
    }
    json_close(j, ']');
    json_number(j, "frame_count", count);
    json_number(j, "stopped_beside", v->file->parked);
}

static void tell(Json *j, const Shown *v)
{
    const SnapshotFile *f = v->file;
    char hash[HASH_TEXT];
    json_open(j, NULL, '{');
    json_text(j, "file", f->name);
    json_number(j, "version", SNAPSHOT_VERSION);
    json_bool(j, "deterministic", f->head.deterministic);
    json_number(j, "size", f->size);
    if (snapshot_fuel_ends(&f->head)) json_number(j, "fuel", f->head.fuel);
    else json_null(j, "fuel");
    json_open(j, "modules", '[');
    for (u32 i = 0; i < f->module_count; i++) {
        const Module *m = f->modules[i]->module;
        json_open(j, NULL, '{');
        json_number(j, "size", m->size);
        json_text(j, "sha256", hash_text(m, hash));
        json_close(j, '}');
    }
    json_close(j, ']');
    tell_instances(j, v);
    json_number(j, "objects", v->objects);
    json_number(j, "object_bytes", v->object_bytes);
    json_number(j, "continuations", v->continuations);
    json_number(j, "wasi_bytes", f->wasi.len);
    tell_calls(j, v);
    json_close(j, '}');
}

// False: memory is short.
static bool tell_all(const Shown *v)
{
    Json json;
    Arena arena;
    jmp_buf failed;
    volatile bool good = false;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (!setjmp(failed)) {
        json_init(&json, stdout, &arena);
        tell(&json, v);
        good = true;
    }
    arena_free(&arena);
    return good;
}

int cli_snapshot(Args *args)
{
    SnapshotFile f;
    Shown shown;
    Features features = features_all;
    const char *value;
    bool json = false;
    while (args_at_option(args) && !args_flag(args, "--")) {
        if (args_value(args, "--features", &value)) {
            if (!parse_features(value, &features)) return EXIT_USAGE;
        } else if (args_flag(args, "--json")) {
            json = true;
        } else {
            return args_unknown(args);
        }
    }
    if (args->next >= args->argc) return args_missing(args, "FILE");
    if (args->next + 1 < args->argc)
        return cli_error(EXIT_USAGE, "one snapshot at a time: \"%s\"", args->argv[args->next + 1]);
    bool good = snapshot_open_file(args->argv[args->next], &f);
    Engine *engine = good ? engine_new(features) : NULL;
    if (engine) {
        engine->tier = TIER_interp;
        engine->deterministic = f.head.deterministic;
    }
    Store *store = engine ? engine_store(engine) : NULL;
    if (store && f.head.fueled) exec_grant_fuel(&store->exec, f.head.fuel);
    if (good && !store) cli_error(0, "out of memory");
    good = store && snapshot_load_file(&f, store, engine, make_import, store, same_value);
    if (good && !look(&shown, &f, store)) good = cli_error(0, "out of memory");
    if (good && !json) show(&shown);
    if (good && json && !tell_all(&shown)) good = cli_error(0, "out of memory");
    store_free(store);
    snapshot_free_file(&f);
    engine_free(engine);
    return good ? EXIT_OK : EXIT_INPUT;
}
