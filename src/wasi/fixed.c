// fixed.c -- a world that is the same each time: clocks, chance, directories. See wasi_set_fixed.

#include "base/random.h"
#include "plat/random.h"
#include "wasi/ctx.h"

#include <errno.h>
#include <stdlib.h>

enum {
    FIXED_STEP = 1000,        // ns that pass when a clock is looked at, if nothing else was said
    SORTED_MOST = 64 << 20,   // bytes that lists of directories take together
    SLACK = 10 * 1000 * 1000, // ns by which the host's times of files are behind its clock
};
static const u64 FIXED_TIME = 946684800000000000; // 2000-01-01, 0:00 UTC
static const u64 FIXED_UP = 1000000000;           // what other clocks begin with

// ---- Clocks

void wasi_set_fixed(WasiCtx *ctx)
{
    WasiWorld *w = ctx->world;
    w->fixed = true;
    w->began = plat_clock_now(CLOCK_realtime);
    w->clock_step = w->clock_step > 1 ? w->clock_step : FIXED_STEP;
    if (!w->seeded) wasi_set_seed(ctx, 0);
}

u64 ctx_now(WasiCtx *ctx, PlatClock clock)
{
    WasiWorld *w = ctx->world;
    if (!w->fixed) return plat_clock_now(clock);
    pthread_mutex_lock(&w->lock);
    u64 passed = w->fixed_time;
    pthread_mutex_unlock(&w->lock);
    return passed + (clock == CLOCK_realtime ? FIXED_TIME : FIXED_UP);
}

void ctx_pass_time(WasiCtx *ctx, u64 ns)
{
    WasiWorld *w = ctx->world;
    if (!w->fixed) return;
    pthread_mutex_lock(&w->lock);
    w->fixed_time += MIN(ns, (u64)INT64_MAX - w->fixed_time); // and stops there, in 292 years
    pthread_mutex_unlock(&w->lock);
}

u64 ctx_read_clock(WasiCtx *ctx, PlatClock clock)
{
    ctx_pass_time(ctx, ctx->world->clock_step);
    u64 now = ctx_now(ctx, clock);
    return now - now % ctx->world->clock_step;
}

static u64 fix_time(const WasiWorld *w, u64 time)
{
    return time > w->began - MIN(w->began, SLACK) ? FIXED_TIME : time;
}

void ctx_fix_stat(const WasiCtx *ctx, FileStat *stat)
{
    const WasiWorld *w = ctx->world;
    if (!w->fixed) return;
    stat->atime = fix_time(w, stat->atime);
    stat->mtime = fix_time(w, stat->mtime);
    stat->ctime = fix_time(w, stat->ctime);
}

// ---- Chance

void wasi_set_seed(WasiCtx *ctx, u64 seed)
{
    ctx->world->seeded = true;
    ctx->world->random = seed;
}

int ctx_random(WasiCtx *ctx, void *out, size_t len)
{
    WasiWorld *w = ctx->world;
    u8 *at = out;
    if (!w->seeded) return plat_random(out, len);
    pthread_mutex_lock(&w->lock);
    u64 word = 0;
    for (size_t i = 0; i < len; i++, word >>= 8) {
        if (i % sizeof word == 0) word = random_next(&w->random);
        at[i] = (u8)word;
    }
    pthread_mutex_unlock(&w->lock);
    return 0;
}

// ---- Directories

typedef struct {
    u64 ino;
    FileKind kind;
    char *name;
} SortedEntry;

typedef struct Sorted {
    SortedEntry *entries;
    u32 count, cap;
    u64 bytes; // counted in the world's
} Sorted;

static void list_free(Sorted *s)
{
    for (u32 i = 0; i < s->count; i++) free(s->entries[i].name);
    free(s->entries);
    free(s);
}

void sorted_free(WasiCtx *ctx, Fd *fd)
{
    Sorted *s = fd->sorted;
    if (!s) return;
    ctx->world->sorted_bytes -= s->bytes;
    list_free(s);
    fd->sorted = NULL;
}

static WasiErrno add_entry(WasiCtx *ctx, Sorted *s, const DirEntry *entry)
{
    u64 size = sizeof *s->entries + strlen(entry->name) + 1;
    s->bytes += size;
    if ((ctx->world->sorted_bytes += size) > SORTED_MOST) return WASI_E_nomem;
    if (s->count == s->cap) {
        u32 cap = MAX(64, 2 * s->cap);
        SortedEntry *more = realloc(s->entries, cap * sizeof *more);
        if (!more) return WASI_E_nomem;
        s->entries = more;
        s->cap = cap;
    }
    char *name = strdup(entry->name);
    if (!name) return WASI_E_nomem;
    s->entries[s->count++] = (SortedEntry){entry->ino, entry->kind, name};
    return ctx_work(ctx, PRICE_entry);
}

static int in_order(const void *a, const void *b)
{
    return strcmp(((const SortedEntry *)a)->name, ((const SortedEntry *)b)->name);
}

static WasiErrno read_all(WasiCtx *ctx, Fd *fd)
{
    DirReader reader;
    DirEntry entry = {.name = ""};
    sorted_free(ctx, fd);
    Sorted *s = fd->sorted = calloc(1, sizeof *s);
    if (!s) return WASI_E_nomem;
    WasiErrno err = errno_of_host(dir_start(&reader, fd->file, 0));
    while (!err && entry.name) {
        err = errno_of_host(dir_next(&reader, &entry));
        if (!err && entry.name) err = add_entry(ctx, s, &entry);
    }
    if (!err && s->count) qsort(s->entries, s->count, sizeof *s->entries, in_order);
    if (err) sorted_free(ctx, fd);
    return err;
}

WasiErrno sorted_entry(WasiCtx *ctx, Fd *fd, u64 cookie, DirEntry *entry)
{
    WasiErrno err = fd->sorted && cookie ? WASI_E_success : read_all(ctx, fd);
    *entry = (DirEntry){0};
    if (err || cookie >= fd->sorted->count) return err;
    const SortedEntry *found = &fd->sorted->entries[cookie];
    *entry = (DirEntry){.ino = found->ino, .kind = found->kind, .name = found->name};
    return WASI_E_success;
}
