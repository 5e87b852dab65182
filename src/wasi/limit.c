// limit.c -- how much a guest may write, and what of it a terminal gets to see.
//
//     write --> stdio:   as much as output_left says, tamed if a terminal shows it; a gap in front
//                        counts for the disk, too
//           --> a file:  as much as disk_left says of what it would grow by
//           --> a pipe or socket that was opened: all of it
//
// Bytes are taken before they are written, and given back if they were not, so that threads
// together write no more than there is. Where the first of them does not fit the answer is ENOSPC;
// else what fits is written.

#include "wasi/ctx.h"

#include <errno.h>

void wasi_set_disk_limit(WasiCtx *ctx, u64 bytes)
{
    ctx->world->disk_limited = true;
    ctx->world->disk_left = bytes;
}

void wasi_set_output_limit(WasiCtx *ctx, u64 bytes)
{
    ctx->world->output_limited = true;
    ctx->world->output_left = bytes;
}

// As many of `want` as there are; what was not needed is given back.
static u64 quota_take(WasiCtx *ctx, u64 *left, u64 want)
{
    pthread_mutex_lock(&ctx->world->lock);
    u64 taken = MIN(*left, want);
    *left -= taken;
    pthread_mutex_unlock(&ctx->world->lock);
    return taken;
}

static void quota_give(WasiCtx *ctx, u64 *left, u64 unused)
{
    pthread_mutex_lock(&ctx->world->lock);
    *left += unused;
    pthread_mutex_unlock(&ctx->world->lock);
}

static bool any_limited(const WasiCtx *ctx)
{
    return ctx->world->disk_limited || ctx->world->output_limited;
}

void disk_enter(WasiCtx *ctx)
{
    if (any_limited(ctx)) pthread_mutex_lock(&ctx->world->disk);
}

void disk_leave(WasiCtx *ctx)
{
    if (any_limited(ctx)) pthread_mutex_unlock(&ctx->world->disk);
}

static WasiErrno take_all(WasiCtx *ctx, u64 *left, u64 bytes)
{
    u64 taken = quota_take(ctx, left, bytes);
    if (taken == bytes) return WASI_E_success;
    quota_give(ctx, left, taken);
    return WASI_E_nospc;
}

WasiErrno disk_take(WasiCtx *ctx, u64 bytes)
{
    return ctx->world->disk_limited ? take_all(ctx, &ctx->world->disk_left, bytes)
                                    : WASI_E_success;
}

void disk_give(WasiCtx *ctx, u64 bytes, WasiErrno err)
{
    if (err && ctx->world->disk_limited) quota_give(ctx, &ctx->world->disk_left, bytes);
}

bool growth_limited(const WasiCtx *ctx, const Fd *fd)
{
    return ctx->world->disk_limited || (fd->stdio && ctx->world->output_limited);
}

WasiErrno growth_take(WasiCtx *ctx, const Fd *fd, u64 bytes)
{
    WasiErrno err = disk_take(ctx, bytes);
    if (err || !fd->stdio || !ctx->world->output_limited) return err;
    err = take_all(ctx, &ctx->world->output_left, bytes);
    disk_give(ctx, bytes, err);
    return err;
}

void growth_give(WasiCtx *ctx, const Fd *fd, u64 bytes, WasiErrno err)
{
    disk_give(ctx, bytes, err);
    if (err && fd->stdio && ctx->world->output_limited)
        quota_give(ctx, &ctx->world->output_left, bytes);
}

// ---- Spans

static size_t spans_size(const FileSpan *spans, u32 count)
{
    size_t size = 0;
    for (u32 i = 0; i < count; i++) size += spans[i].len;
    return size;
}

// The first so many bytes of them; returns how many spans that are.
static u32 spans_cut(FileSpan *out, const FileSpan *spans, u32 count, size_t bytes)
{
    u32 n = 0;
    for (; n < count && bytes; n++) {
        out[n] = (FileSpan){.data = spans[n].data, .len = MIN(spans[n].len, bytes)};
        bytes -= out[n].len;
    }
    return n;
}

// ---- Terminals
//
// A terminal obeys what begins with ESC, other control characters, and those between 0x80 and 0x9f,
// as bytes or as UTF-8. Each byte that could be part of such a one is shown as '?'. A character may
// be begun by one write and ended by the next: what was written of it is remembered, as long as
// nobody else writes to a terminal in between.

enum { TAME_BYTES = 4096 };

// How many bytes a character has that begins like this, or 0.
static u32 character_size(const u8 *at, size_t len)
{
    u32 lead = at[0], size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    u32 least = lead == 0xc2 || lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    for (u32 i = 1; i < size && i < len; i++, least = 0x80)
        if (at[i] < least || at[i] > 0xbf) return 0;
    return size;
}

static bool is_tame(u8 byte)
{
    return byte >= ' ' ? byte < 0x7f
                       : byte == '\n' || byte == '\t' || byte == '\r' || byte == '\b';
}

// May the last character be unfinished?
static void tame(u8 *data, size_t len, bool unfinished)
{
    for (size_t i = 0; i < len;) {
        u32 size = character_size(data + i, len - i);
        if (size && (size <= len - i || unfinished)) {
            i += size;
            continue;
        }
        if (!is_tame(data[i])) data[i] = '?';
        i++;
    }
}

// The beginning of a character at the end of what was written.
static void remember_half(WasiWorld *w, const Fd *fd, const u8 *data, size_t len)
{
    w->half_of = fd;
    w->half_count = 0;
    for (u32 n = 1; n < sizeof w->half && n <= len; n++) {
        if (character_size(data + len - n, n) <= n) continue;
        memcpy(w->half, data + len - n, n);
        w->half_count = n;
    }
}

static size_t copy_spans(u8 *out, const FileSpan *spans, u32 count, size_t room)
{
    size_t used = 0;
    for (u32 i = 0; i < count && used < room; i++) {
        size_t part = MIN(spans[i].len, room - used);
        memcpy(out + used, spans[i].data, part);
        used += part;
    }
    return used;
}

// ---- Writing

static int write_now(const Fd *fd, Transfer t, const FileSpan *spans, u32 count, size_t *done)
{
    if (t.at_offset) return file_write_at(fd->file, spans, count, t.offset, done);
    if (fd->socket) return socket_send(fd->file, spans, count, done);
    bool regular = fd->owned && fd->kind == FILETYPE_regular_file; // the caller's may become others
    return (regular ? file_write_regular : file_write)(fd->file, spans, count, done);
}

static int write_tamed(WasiCtx *ctx, const Fd *fd, Transfer t, const FileSpan *spans, u32 count,
                       size_t *done)
{
    u8 copy[TAME_BYTES];
    WasiWorld *w = ctx->world;
    if (!fd->terminal || w->raw_terminal) return write_now(fd, t, spans, count, done);
    bool alone = ctx_alone(ctx);
    u32 before = alone && w->half_of == fd ? w->half_count : 0;
    memcpy(copy, w->half, before);
    FileSpan one = {.data = copy + before};
    one.len = copy_spans(one.data, spans, count, sizeof copy - before);
    tame(copy, before + one.len, alone);
    int err = write_now(fd, t, &one, 1, done);
    if (!alone) w->half_of = NULL;
    else if (*done) remember_half(w, fd, copy, before + *done);
    return err;
}

static int write_counted(WasiCtx *ctx, const Fd *fd, Transfer t, const FileSpan *spans, u32 count,
                        size_t *done)
{
    FileSpan cut[FILE_SPANS];
    u64 *left = &ctx->world->output_left;
    if (!ctx->world->output_limited) return write_tamed(ctx, fd, t, spans, count, done);
    size_t want = spans_size(spans, count), taken = (size_t)quota_take(ctx, left, want);
    if (want && !taken) return ENOSPC;
    int err = write_tamed(ctx, fd, t, cut, spans_cut(cut, spans, count, taken), done);
    quota_give(ctx, left, taken - *done);
    return err;
}

// What is asked of a file before so many bytes are written: how many of them are within it as it
// is, and what a gap in front of them takes. Both are 0 if nobody can say, or they go to its end.
typedef struct {
    size_t inside;
    u64 gap;
} Overlap;

static Overlap overlap_of(const Fd *fd, Transfer t, size_t bytes)
{
    FileStat stat;
    u64 at = t.offset;
    if ((fd->flags & FDFLAG_append) || file_stat(fd->file, &stat)) return (Overlap){0};
    if (!t.at_offset && file_seek(fd->file, 0, SEEK_from_here, &at)) return (Overlap){0};
    return at < stat.size ? (Overlap){.inside = (size_t)MIN((u64)bytes, stat.size - at)}
                          : (Overlap){.gap = at - stat.size};
}

static int write_output(WasiCtx *ctx, const Fd *fd, Transfer t, const FileSpan *spans, u32 count,
                        size_t *done)
{
    if (fd->kind != FILETYPE_regular_file || !growth_limited(ctx, fd))
        return write_counted(ctx, fd, t, spans, count, done);
    disk_enter(ctx);
    u64 gap = overlap_of(fd, t, spans_size(spans, count)).gap;
    int err = ENOSPC;
    if (!growth_take(ctx, fd, gap)) {
        err = write_counted(ctx, fd, t, spans, count, done);
        growth_give(ctx, fd, gap, *done ? WASI_E_success : WASI_E_nospc);
    }
    disk_leave(ctx);
    return err;
}

static int write_file(WasiCtx *ctx, const Fd *fd, Transfer t, const FileSpan *spans, u32 count,
                      size_t *done)
{
    FileSpan cut[FILE_SPANS];
    u64 *left = &ctx->world->disk_left;
    size_t want = spans_size(spans, count);
    disk_enter(ctx);
    Overlap o = overlap_of(fd, t, want);
    u64 taken = quota_take(ctx, left, o.gap + (want - o.inside));
    size_t may = o.inside + (taken > o.gap ? (size_t)(taken - o.gap) : 0);
    int err = ENOSPC;
    if (may || !want) err = write_now(fd, t, cut, spans_cut(cut, spans, count, may), done);
    u64 beyond = *done > o.inside ? *done - o.inside : 0;
    u64 grown = err || !*done ? 0 : o.gap + beyond;
    quota_give(ctx, left, taken - MIN(taken, grown));
    disk_leave(ctx);
    return err;
}

int write_limited(WasiCtx *ctx, const Fd *fd, Transfer t, const FileSpan *spans, u32 count,
                  size_t *done)
{
    *done = 0;
    if (fd->stdio || fd->terminal) return write_output(ctx, fd, t, spans, count, done);
    if (ctx->world->disk_limited && fd->kind == FILETYPE_regular_file)
        return write_file(ctx, fd, t, spans, count, done);
    return write_now(fd, t, spans, count, done);
}
