// cache.c -- see cache.h.

#include "engine/cache.h"

#include "base/sum.h"
#include "engine/compiled.h"
#include "engine/maker.h"
#include "plat/folder.h"
#include "plat/process.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct Cache {
    atomic_uint users; // who opened it, and entries that modules have
    File folder;
    u64 most;
};

int cache_open(const char *folder, u64 most, Cache **out)
{
    Cache *c = malloc(sizeof *c);
    if (!c) return ENOMEM;
    int err = folder_open(folder, &c->folder);
    c->most = most ? most : CACHE_BYTES;
    atomic_init(&c->users, 1);
    if (err) free(c);
    else *out = c;
    return err;
}

void cache_free(Cache *c)
{
    if (!c || atomic_fetch_sub(&c->users, 1) != 1) return;
    file_close(c->folder);
    free(c);
}

// What is asked for.
typedef struct {
    Engine *engine;
    const u8 *bytes;
    size_t size;
    const Pace *pace;
    char name[64];
} Wanted;

static void set_name(Wanted *w)
{
    const Engine *e = w->engine;
    u32 mode = (e->faults ? 1 : 0) | (e->deterministic ? 2 : 0) | (e->fueled ? 4 : 0);
    snprintf(w->name, sizeof w->name, "%016" PRIx64 "-%s-%08" PRIx64 "-%u.weft",
             checksum_of(w->bytes, w->size), maker_version, maker_sources, mode);
}

// Is it of these very bytes?
static bool same_module(const CompiledFrom *from, const CompiledHead *head, const Wanted *w)
{
    enum { PIECE = 64 << 10 };
    if (head->module_size != w->size) return false;
    u8 *piece = malloc(PIECE);
    bool good = piece;
    for (size_t at = 0, size; good && at < w->size; at += size) {
        size = MIN(w->size - at, (size_t)PIECE);
        good = from->read(from->env, head->module_at + at, piece, size) &&
               !memcmp(piece, w->bytes + at, size);
    }
    free(piece);
    return good;
}

// An entry whose code is refused goes, so that it is made again.
typedef struct {
    CompiledFrom from;
    Cache *cache;
    char name[64];
} Entry;

static bool read_entry(void *env, u64 at, void *to, size_t size)
{
    const Entry *e = env;
    return e->from.read(e->from.env, at, to, size);
}

static void free_entry(void *env)
{
    Entry *e = env;
    e->from.free(e->from.env);
    cache_free(e->cache);
    free(e);
}

static void forget_entry(void *env, u32 func, const char *what)
{
    const Entry *e = env;
    folder_remove(e->cache->folder, e->name);
}

static bool open_entry(const Wanted *w, CompiledFrom *from)
{
    File file;
    Entry *e = malloc(sizeof *e);
    if (!e || folder_find(w->engine->cache->folder, w->name, &file)) {
        free(e);
        return false;
    }
    if (compiled_from_file(file, &e->from)) {
        file_close(file);
        free(e);
        return false;
    }
    e->cache = w->engine->cache;
    atomic_fetch_add(&e->cache->users, 1);
    memcpy(e->name, w->name, sizeof e->name);
    *from = (CompiledFrom){e, e->from.size, read_entry, free_entry};
    return true;
}

// The entry, with *from to be freed. False: there is none that would do.
static bool find(const Wanted *w, CompiledFrom *from, CompiledHead *head)
{
    Diag ignored;
    if (!open_entry(w, from)) return false;
    if (compiled_head(from, head, &ignored) && same_module(from, head, w)) return true;
    from->free(from->env);
    return false;
}

// Its bodies were validated when it was put there, or will be when they are called.
static Module *load_unseen(const Wanted *w, Diag *diag)
{
    Load *l = load_new(w->engine, w->bytes);
    if (!l) return NULL;
    load_pace(l, w->pace);
    load_unjudged(l, NULL, 0);
    Module *m = load_feed(l, w->size, true, diag) ? load_take(l) : NULL;
    load_free(l);
    return m;
}

static bool attach(const Wanted *w, const CompiledFrom *from, const CompiledHead *head, Module *m)
{
    Diag ignored;
    Account *account = &w->engine->accounts[ENGINE_module_bytes];
    Stored *stored = compiled_index(from, head, account, &ignored);
    if (!stored) {
        from->free(from->env);
        return false;
    }
    stored->tell = forget_entry;
    stored->tell_env = from->env;
    return compiled_attach(w->engine, stored, NULL, true, m, &ignored);
}

static Module *load_kept(const Wanted *w)
{
    CompiledFrom from;
    CompiledHead head;
    Diag ignored;
    if (!find(w, &from, &head)) return NULL;
    Module *m = load_unseen(w, &ignored);
    if (!m) {
        from.free(from.env);
        return NULL;
    }
    if (attach(w, &from, &head, m)) return m;
    engine_unload(m);
    return NULL;
}

// ---- Keeping

typedef struct {
    const Wanted *wanted;
    const Module *module;
    u64 size, most;    // of the entry; bytes that it may have
    u8 *buffer;        // not yet written
    size_t used;
    File file;
} Keeping;
enum { BUFFER = 256 << 10 };

static bool write_some(File file, const u8 *bytes, size_t size)
{
    for (size_t done; size; bytes += done, size -= done) {
        const FileSpan span = {(void *)(uintptr_t)bytes, size};
        if (file_write(file, &span, 1, &done) || !done) return false;
    }
    return true;
}

static bool flush(Keeping *k)
{
    bool good = write_some(k->file, k->buffer, k->used);
    k->used = 0;
    return good;
}

static bool write_entry(void *env, const void *bytes, size_t size)
{
    Keeping *k = env;
    k->size += size;
    if (k->size > k->most || !process_file_allows(k->size)) return false;
    if (size > BUFFER - k->used && !flush(k)) return false;
    if (size > BUFFER) return write_some(k->file, bytes, size);
    memcpy(k->buffer + k->used, bytes, size);
    k->used += size;
    return true;
}

static bool write_file(void *env, File file)
{
    Keeping *k = env;
    Diag ignored;
    const Engine *e = k->wanted->engine;
    const CompiledSink sink = {k, write_entry};
    k->file = file;
    return compiled_write(k->module, compiled_mode(e, k->module, e->fueled), e->threads, &sink,
                          &ignored) &&
           flush(k);
}

// For who comes next, and for this one too.
static void keep(const Wanted *w, Module *m)
{
    const Cache *c = w->engine->cache;
    CompiledFrom from;
    CompiledHead head;
    Keeping k = {.wanted = w, .module = m, .most = c->most, .buffer = malloc(BUFFER)};
    bool kept = k.buffer && !folder_put(c->folder, w->name, write_file, &k);
    free(k.buffer);
    if (!kept) return;
    folder_trim(c->folder, c->most);
    if (find(w, &from, &head)) attach(w, &from, &head, m);
}

Module *cache_load(Engine *e, const u8 *bytes, size_t size, const Pace *pace, Diag *diag)
{
    // Of tests' modes nothing is kept; nor where all are interpreted, or compiled as is not kept.
    bool usable = e->cache && (e->tier == TIER_auto || e->tier == TIER_baseline) && !e->bare &&
                  !e->among_end && !tier_lacks();
    Wanted w = {.engine = e, .bytes = bytes, .size = size, .pace = pace};
    if (usable) set_name(&w);
    Module *m = usable ? load_kept(&w) : NULL;
    if (m) {
        diag_init(diag);
        return m;
    }
    m = engine_load_paced(e, bytes, size, pace, diag);
    if (m && usable && !e->load_ns) keep(&w, m); // which is not to take long
    return m;
}
