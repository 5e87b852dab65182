// fork.c -- see fork.h.

#include "run/fork.h"

#include "plat/image.h"
#include "plat/pages.h"
#include "run/guard.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// What may be mapped from a file: all that it may ever have.
static u64 room_of(const Memory *m)
{
    bool guarded = GUARD_POSSIBLE && m->mode == MEMORY_guarded;
    return guarded ? (u64)m->max_pages << m->type.limits.page_log2 : m->reserved;
}

static u64 whole_pages(u64 size)
{
    u64 page = pages_size();
    return (size + page - 1) & ~(page - 1);
}

// So much of it may be accessed.
static u64 open_bytes(const Memory *m)
{
    return whole_pages(GUARD_POSSIBLE && m->mode == MEMORY_guarded ? m->size : m->reserved);
}

static ForkFile *new_file(u64 room)
{
    ForkFile *f = malloc(sizeof *f);
    if (!f) return NULL;
    *f = (ForkFile){.users = 1, .room = whole_pages(room)};
    if (!image_file_new(f->room, &f->file)) return f;
    free(f);
    return NULL;
}

static void drop(ForkFile *f)
{
    if (!f || atomic_fetch_sub_explicit(&f->users, 1, memory_order_acq_rel) != 1) return;
    image_free_aside(f->aside, f->aside_bytes);
    image_file_close(f->file);
    free(f);
}

static bool map(Memory *m, ForkFile *f, bool own)
{
    if (image_file_map(f->file, 0, m->base, open_bytes(m), own)) return false;
    drop(m->fork);
    m->fork = f;
    m->image = f->room; // what is given back does not become zero by itself
    return true;
}

void fork_begin(Memory *m)
{
    bool stays = m->mode != MEMORY_movable && room_of(m) && !m->lent;
    ForkFile *f = stays ? new_file(room_of(m)) : NULL;
    if (f) f->written = true;
    if (f && !map(m, f, false)) drop(f);
}

bool fork_grow(Memory *m, u64 size)
{
    const ForkFile *f = m->fork;
    return !image_file_map(f->file, m->size, m->base + m->size, size - m->size, !f->written);
}

bool fork_discard(const Memory *m, u64 at, u64 size)
{
    bool alone = m->fork && m->fork->written && !m->patched && at + size <= m->fork->room;
    return alone && image_file_discard(m->fork->file, at, size);
}

void fork_let_go(Memory *m)
{
    drop(m->fork);
    m->fork = NULL;
}

// ---- A fork

typedef struct {
    Memory *from, *to;
    u64 copied, most;
} Copying;

static bool copy_own(void *env, u64 at, u64 size)
{
    Copying *c = env;
    if (at >= c->from->size) return true;
    size = MIN(size, c->from->size - at);
    c->copied += size;
    if (c->copied > c->most) return false;
    memcpy(c->to->base + at, c->from->base + at, (size_t)size);
    return true;
}

// Pages that are not zero: where no file can be had, or something else is mapped in it.
static bool copy_all(const Memory *from, Memory *to)
{
    enum { PIECE = 4096 };
    for (u64 at = 0, size; at < from->size; at += size) {
        size = MIN(from->size - at, PIECE);
        const u8 *bytes = from->base + at;
        if (bytes[0] || memcmp(bytes, bytes + 1, (size_t)size - 1))
            memcpy(to->base + at, bytes, (size_t)size);
    }
    return true;
}

// The memory as it is now becomes a file, which from then on nobody writes.
static bool freeze(Memory *m)
{
    if (m->fork && m->fork->written) {
        ForkFile *f = m->fork;
        f->aside_bytes = open_bytes(m);
        f->aside = image_set_aside(m->base, f->aside_bytes);
        f->written = image_file_map(f->file, 0, m->base, open_bytes(m), true) != 0;
        if (!f->written) return true;
        image_free_aside(f->aside, f->aside_bytes); // the next time it is set aside again
        f->aside = NULL;
        return false;
    }
    ForkFile *f = new_file(room_of(m));
    if (f && !image_file_write(f->file, m->base, m->size) && map(m, f, true)) return true;
    drop(f);
    return false;
}

static bool takes_files(Memory *m)
{
    return !m->lent && !m->maps && !m->patched && !m->shared && memory_stay(m);
}

static bool map_too(Memory *from, Memory *to)
{
    ForkFile *f = from->fork;
    if (!takes_files(to) || room_of(to) < f->room) return false;
    atomic_fetch_add_explicit(&f->users, 1, memory_order_relaxed);
    if (map(to, f, true)) return true;
    drop(f);
    return false;
}

bool memory_fork(Memory *from, Memory *to)
{
    if (!takes_files(from)) return copy_all(from, to);
    bool fresh = !from->fork || from->fork->written;
    if (fresh && !freeze(from)) return copy_all(from, to);
    if (!map_too(from, to)) return copy_all(from, to);
    if (fresh) return true;
    ImageWatch watch;
    Copying copying = {from, to, 0, from->size / 4};
    image_watch_begin(&watch, false);
    bool known = image_each_own(&watch, from->base, whole_pages(from->size), copy_own, &copying);
    image_watch_end(&watch);
    if (known) return true;
    // Too many, or nobody knows which: another file, which the next fork has too.
    if (freeze(from) && map_too(from, to)) return true;
    memory_zero(to, 0, to->size);
    return copy_all(from, to);
}
