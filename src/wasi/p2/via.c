// via.c -- functions of preview 1, called for a component: their memory is ours.

#include "wasi/p2/state.h"

#include <string.h>

WasiErrno p2_via_memory(P2 *p2, GuestMemory mem, P1Handler *handler, const u64 *args)
{
    WasiErrno err = handler(p2->ctx, mem, args);
    ctx_settle(p2->ctx);
    return err;
}

WasiErrno p2_via(P2 *p2, P1Handler *handler, const u64 *args)
{
    return p2_via_memory(p2, (GuestMemory){p2->scratch, SCRATCH_SIZE, NULL, NULL}, handler, args);
}

// What is longer is as long as a path may be, and refused for that.
WasiErrno p2_put_path(P2 *p2, u32 at, const CValue *path, u64 *len)
{
    if (path->of.string.len >= BENEATH_PATH_MAX) return WASI_E_nametoolong;
    *len = path->of.string.len;
    if (*len) memcpy(p2->scratch + at, path->of.string.data, (size_t)*len);
    return WASI_E_success;
}

static WasiErrno set_append(P2 *p2, u32 number, bool append)
{
    Fd *fd;
    WasiErrno err = fd_find(p2->ctx, number, &fd);
    u32 others = err ? 0 : fd->flags & ~(u32)FDFLAG_append;
    ctx_settle(p2->ctx);
    const u64 args[] = {number, others | (append ? FDFLAG_append : 0)};
    return err ? err : p2_via(p2, wasi_fd_fdstat_set_flags, args);
}

// A file is put into the mode in which writes go to its end, wherever that is by then, for the one
// write: what else writes to it has places.
static WasiErrno move_one(P2 *p2, u32 number, bool write, P2Way way, u64 at)
{
    const u64 args[] = {number, AT_iovec, 1, AT_result};
    const u64 placed[] = {number, AT_iovec, 1, at, AT_result};
    if (way == WAY_at) return p2_via(p2, write ? wasi_fd_pwrite : wasi_fd_pread, placed);
    if (way == WAY_stream) return p2_via(p2, write ? wasi_fd_write : wasi_fd_read, args);
    WasiErrno err = set_append(p2, number, true);
    if (!err) err = p2_via(p2, wasi_fd_write, args);
    set_append(p2, number, false);
    return err;
}

WasiErrno p2_move(P2 *p2, u32 number, bool write, P2Way way, u64 at, u32 len, u32 *done)
{
    *done = 0;
    if (way == WAY_at && at > INT64_MAX) return WASI_E_inval;
    do {
        put_u32(p2->scratch + AT_iovec, AT_data + *done);
        put_u32(p2->scratch + AT_iovec + 4, len - *done);
        WasiErrno err = move_one(p2, number, write, way, at + *done);
        if (err) return err;
        u32 moved = p2_got_u32(p2);
        if (!moved && write && len) return WASI_E_io;
        *done += moved;
    } while (write && *done < len);
    return WASI_E_success;
}
