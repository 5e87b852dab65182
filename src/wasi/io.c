// io.c -- moving bytes between descriptors and guest memory.

#include "wasi/ctx.h"

#include <errno.h>

// What one call moves at most; the kernel's own limit, and it fits the u32 result.
enum { TRANSFER_MAX = 0x7ffff000, PIPE_ATOM = 4096 };

WasiErrno guest_spans(WasiCtx *ctx, GuestMemory mem, SpanList *list, size_t room,
                      FileSpan spans[FILE_SPANS], u32 *span_count, size_t *bytes)
{
    *span_count = 0;
    *bytes = 0;
    const u8 *items = guest_from(mem, list->at, list->count, IOVEC_SIZE);
    if (!items) return WASI_E_fault;
    WasiErrno err = WASI_E_success;
    while (!err && *span_count < FILE_SPANS && *bytes < room) {
        FileSpan *rest = &list->rest;
        if (!rest->len) {
            if (list->next == list->count) break;
            const u8 *item = items + (size_t)list->next * IOVEC_SIZE;
            u32 at = get_u32(item), len = get_u32(item + 4);
            u8 *data = guest_range(mem, at, len, 1, list->written);
            if (!data) return WASI_E_fault;
            *rest = (FileSpan){.data = data, .len = len};
            list->next++;
            err = ctx_work(ctx, PRICE_span);
            continue;
        }
        size_t part = MIN(rest->len, room - *bytes);
        spans[(*span_count)++] = (FileSpan){.data = rest->data, .len = part};
        *rest = (FileSpan){.data = (u8 *)rest->data + part, .len = rest->len - part};
        *bytes += part;
    }
    return err;
}

static int move_now(WasiCtx *ctx, const Fd *fd, Transfer t, const FileSpan *spans, u32 count,
                    size_t *done)
{
    bool truncated;
    if (t.write) return write_limited(ctx, fd, t, spans, count, done);
    if (fd->socket && !t.at_offset)
        return socket_receive(fd->file, spans, count, false, false, done, &truncated);
    return t.at_offset ? file_read_at(fd->file, spans, count, t.offset, done)
                       : file_read(fd->file, spans, count, done);
}

// One that we opened; opening did not wait for who writes.
static bool is_fifo(const Fd *fd) { return fd->owned && fd->kind == FILETYPE_unknown; }

// The program on the other end of standard output has gone. A guest knows no SIGPIPE, and many
// never look at what a write answers: it is told once, and ended when it goes on.
static WasiErrno reader_gone(WasiCtx *ctx, Fd *fd)
{
    enum { STATUS = 128 + 13 }; // of SIGPIPE, as shells have it
    if (fd->owned || fd->socket) return WASI_E_pipe;
    ctx->exit_status = STATUS;
    return atomic_exchange(&fd->reader_gone, true) ? WASI_E_exits : WASI_E_pipe;
}

// Of a stream of the caller's, which may block, if that is ready; else EAGAIN. Where other threads
// might use it up in between, it is asked again while it is this one's turn.
static int move_if_ready(WasiCtx *ctx, const Fd *fd, Transfer t, const FileSpan *spans, u32 count,
                         size_t *done)
{
    FilePoll poll = {.file = fd->file, .want = t.write ? POLL_out : POLL_in};
    pthread_mutex_t *turn = &ctx->world->turn[t.write];
    bool alone = ctx_alone(ctx);
    u32 ready;
    if (!alone) pthread_mutex_lock(turn);
    int err = file_poll(&poll, 1, 0, &ready);
    if (!err) err = ready ? move_now(ctx, fd, t, spans, count, done) : EAGAIN;
    if (!alone) pthread_mutex_unlock(turn);
    return err;
}

// Handles we opened never block, nor do sockets, as they are used here. Other streams of the caller
// may, so they are asked first when the guest must not wait, or may be stopped.
static WasiErrno move_spans(WasiCtx *ctx, const Fd *fd, Transfer t, const FileSpan *spans,
                            u32 count, size_t *done)
{
    bool nonblock = fd->flags & FDFLAG_nonblock;
    bool streams = fd->kind != FILETYPE_regular_file;
    // Nothing that moves at a place waits: streams refuse that.
    bool asks = streams && !fd->owned && !fd->socket && !t.at_offset && (nonblock || ctx->meter);
    u64 price = streams ? PRICE_stream : t.write ? PRICE_write : 0;
    WasiErrno paid = price ? ctx_work(ctx, price) : WASI_E_success;
    if (paid) return paid;
    for (bool first = true;; first = false) {
        if (asks && !nonblock && first) {
            WasiErrno err = fd_wait(ctx, fd, t.write);
            if (err) return err;
        }
        bool sure = asks && !nonblock && ctx_alone(ctx); // it was just asked
        int err = asks && !sure ? move_if_ready(ctx, fd, t, spans, count, done)
                                : move_now(ctx, fd, t, spans, count, done);
        bool wait = err == EAGAIN;
        if (!err && !*done && !t.write && is_fifo(fd)) {
            // At its end, or nobody has written yet: then it does not say that the other end has
            // gone.
            FilePoll poll = {.file = fd->file, .want = POLL_in};
            u32 ready;
            err = file_poll(&poll, 1, 0, &ready);
            if (!err && poll.got & POLL_in) continue;
            wait = !err && !ready;
        }
        if (!wait || nonblock) return errno_of_host(err);
        WasiErrno waited = fd_wait(ctx, fd, t.write);
        if (waited) return waited;
    }
}

// args: fd, iovs, count, [offset,] result
static WasiErrno transfer(WasiCtx *ctx, GuestMemory mem, const u64 *args, Transfer t)
{
    u64 rights = (t.write ? RIGHT_fd_write : RIGHT_fd_read) | (t.at_offset ? RIGHT_fd_seek : 0);
    Fd *fd;
    WasiErrno err = fd_find_file(ctx, (u32)args[0], rights, &fd);
    if (err) return err;
    u8 *result = guest_at(mem, (u32)args[t.at_offset ? 4 : 3], 1, 4);
    if (!result) return WASI_E_fault;
    if (t.at_offset && t.offset > INT64_MAX) return WASI_E_inval;

    bool streams = fd->kind != FILETYPE_regular_file;
    // A pipe that is ready takes this much without blocking after all.
    bool patient = fd->owned || (!ctx->meter && !(fd->flags & FDFLAG_nonblock));
    size_t piece = streams && t.write && !patient ? PIPE_ATOM : MOVE_PIECE;
    FileSpan spans[FILE_SPANS];
    SpanList list = {.at = (u32)args[1], .count = (u32)args[2], .written = !t.write};
    u32 count;
    size_t total = 0, bytes, done;
    do {
        size_t room = MIN(piece, TRANSFER_MAX - total);
        err = guest_spans(ctx, mem, &list, room, spans, &count, &bytes);
        if (err || !bytes) break;
        done = 0;
        err = move_spans(ctx, fd, t, spans, count, &done);
        if (err) break;
        total += done;
        t.offset += done;
        err = ctx_work(ctx, bytes_units(done));
        // The rest of a stream may not be there yet.
    } while (!err && !streams && (list.next < list.count || list.rest.len) && done == bytes &&
             total < TRANSFER_MAX && t.offset <= INT64_MAX);
    if (err == WASI_E_pipe && !total) err = reader_gone(ctx, fd);
    if (err == WASI_E_interrupted || (err && !total)) return err;
    if (t.write && (fd->flags & FDFLAGS_SYNCS)) {
        WasiErrno paid = ctx_work(ctx, PRICE_sync);
        if (paid) return paid;
    }
    if (t.write && (fd->flags & FDFLAGS_SYNCS) && !fd->host_syncs) {
        int failed = file_sync(fd->file, !(fd->flags & FDFLAG_sync));
        if (failed && failed != EINVAL) return errno_of_host(failed);
    }
    put_u32(result, (u32)total);
    return WASI_E_success;
}

WasiErrno wasi_fd_read(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return transfer(ctx, mem, args, (Transfer){0});
}

WasiErrno wasi_fd_write(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return transfer(ctx, mem, args, (Transfer){.write = true});
}

WasiErrno wasi_fd_pread(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return transfer(ctx, mem, args, (Transfer){.at_offset = true, .offset = args[3]});
}

WasiErrno wasi_fd_pwrite(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return transfer(ctx, mem, args,
                    (Transfer){.write = true, .at_offset = true, .offset = args[3]});
}
