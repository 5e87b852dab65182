// sock.c -- sockets that the embedder handed in; a guest cannot make any but by accepting.

#include "wasi/ctx.h"

#include <errno.h>

// notsock comes before a missing right: what is no socket has none of these rights.
static WasiErrno socket_find(WasiCtx *ctx, u32 number, u64 rights, Fd **fd)
{
    WasiErrno err = fd_find(ctx, number, fd);
    if (err) return err;
    return (*fd)->socket ? fd_check(*fd, rights) : WASI_E_notsock;
}

// Whether to try again after err: the guest may wait, and has waited.
static bool try_again(WasiCtx *ctx, const Fd *fd, bool write, int err, WasiErrno *answer)
{
    *answer = errno_of_host(err);
    if (err != EAGAIN || (fd->flags & FDFLAG_nonblock)) return false;
    *answer = fd_wait(ctx, fd, write);
    return *answer == WASI_E_success;
}

// A listener of the caller may block; ask before. Receiving and sending do not, and a socket that
// can do neither says so at once.
static WasiErrno ready_first(WasiCtx *ctx, const Fd *fd)
{
    WasiErrno paid = ctx_work(ctx, PRICE_stream);
    if (paid || fd->owned) return paid;
    if (!(fd->flags & FDFLAG_nonblock)) return fd_wait(ctx, fd, false);
    FilePoll poll = {.file = fd->file, .want = POLL_in};
    u32 ready;
    int err = file_poll(&poll, 1, 0, &ready);
    return err ? errno_of_host(err) : ready ? WASI_E_success : WASI_E_again;
}

// Of several threads that wait for a connection one gets it; the host's call would keep the others.
static int accept_now(WasiCtx *ctx, const Fd *fd, File *file)
{
    if (fd->owned || ctx_alone(ctx)) return socket_accept(fd->file, file);
    FilePoll poll = {.file = fd->file, .want = POLL_in};
    u32 ready;
    pthread_mutex_lock(&ctx->world->turn[false]);
    int err = file_poll(&poll, 1, 0, &ready);
    if (!err) err = ready ? socket_accept(fd->file, file) : EAGAIN;
    pthread_mutex_unlock(&ctx->world->turn[false]);
    return err;
}

// args: fd, flags, result
WasiErrno wasi_sock_accept(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    u32 flags = (u32)args[1], number;
    Fd *fd;
    File file;
    FileStat stat;
    WasiErrno err = socket_find(ctx, (u32)args[0], RIGHT_sock_accept, &fd);
    if (err) return err;
    if (flags & ~(u32)FDFLAG_nonblock) return WASI_E_inval;
    u8 *result = guest_at(mem, (u32)args[2], 1, 4);
    if (!result) return WASI_E_fault;
    err = ready_first(ctx, fd);
    if (err) return err;
    while (try_again(ctx, fd, false, accept_now(ctx, fd, &file), &err)) continue;
    if (err) return err;
    Fd made = {
        .file = file,
        .owned = true,
        .socket = true,
        .kind = file_stat(file, &stat) ? FILETYPE_socket_stream : (u8)stat.kind,
        .flags = (u16)flags,
        .rights = RIGHTS_FOR_SOCKET & fd->inheriting,
        .inheriting = fd->inheriting,
    };
    err = fd_add(ctx, &made, &number);
    if (!err) put_u32(result, number);
    return err;
}

// args: fd, iovs, count, flags, result length, result flags
WasiErrno wasi_sock_recv(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    u32 flags = (u32)args[3], count;
    SpanList list = {.at = (u32)args[1], .count = (u32)args[2], .written = true};
    size_t bytes, done = 0;
    bool peek = flags & RIFLAG_peek, wait_all = flags & RIFLAG_waitall, truncated = false;
    FileSpan spans[FILE_SPANS];
    Fd *fd;
    WasiErrno err = socket_find(ctx, (u32)args[0], RIGHT_fd_read, &fd);
    if (err) return err;
    if (flags & ~(u32)(RIFLAG_peek | RIFLAG_waitall)) return WASI_E_inval;
    u8 *len = guest_at(mem, (u32)args[4], 1, 4), *out_flags = guest_at(mem, (u32)args[5], 1, 2);
    if (!len || !out_flags) return WASI_E_fault;
    err = guest_spans(ctx, mem, &list, MOVE_PIECE, spans, &count, &bytes);
    if (!err) err = ctx_work(ctx, PRICE_stream);
    if (err) return err;
    // Waiting for all is waiting in the kernel, which nobody would end.
    if (ctx->meter || (fd->flags & FDFLAG_nonblock)) wait_all = false;
    while (try_again(ctx, fd, false, socket_receive(fd->file, spans, count, peek, wait_all, &done,
                                                    &truncated), &err)) continue;
    if (err) return err;
    put_u32(len, (u32)done);
    put_u16(out_flags, truncated ? ROFLAG_truncated : 0);
    return ctx_work(ctx, bytes_units(done));
}

// args: fd, iovs, count, flags, result
WasiErrno wasi_sock_send(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    u32 count;
    SpanList list = {.at = (u32)args[1], .count = (u32)args[2]};
    size_t bytes, done = 0;
    FileSpan spans[FILE_SPANS];
    Fd *fd;
    WasiErrno err = socket_find(ctx, (u32)args[0], RIGHT_fd_write, &fd);
    if (err) return err;
    if ((u32)args[3]) return WASI_E_inval;
    u8 *result = guest_at(mem, (u32)args[4], 1, 4);
    if (!result) return WASI_E_fault;
    err = guest_spans(ctx, mem, &list, MOVE_PIECE, spans, &count, &bytes);
    if (!err) err = ctx_work(ctx, PRICE_stream);
    if (err) return err;
    while (try_again(ctx, fd, true, socket_send(fd->file, spans, count, &done), &err)) continue;
    if (err) return err;
    put_u32(result, (u32)done);
    return ctx_work(ctx, bytes_units(done));
}

WasiErrno wasi_sock_shutdown(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    u32 how = (u32)args[1];
    Fd *fd;
    WasiErrno err = socket_find(ctx, (u32)args[0], RIGHT_sock_shutdown, &fd);
    if (err) return err;
    if (!how || (how & ~(u32)(SDFLAG_rd | SDFLAG_wr))) return WASI_E_inval;
    return errno_of_host(socket_shutdown(fd->file, how & SDFLAG_rd, how & SDFLAG_wr));
}
