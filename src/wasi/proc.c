// proc.c -- what concerns the program itself: arguments, environment, clocks, randomness, its end.

#include "wasi/ctx.h"

// -- arguments and environment --

static WasiErrno list_sizes(GuestMemory mem, const StringList *list, const u64 *args)
{
    u8 *count = guest_at(mem, (u32)args[0], 1, 4), *len = guest_at(mem, (u32)args[1], 1, 4);
    if (!count || !len) return WASI_E_fault;
    put_u32(count, list->count);
    put_u32(len, (u32)list->len);
    return WASI_E_success;
}

static WasiErrno list_get(WasiCtx *ctx, GuestMemory mem, const StringList *list, const u64 *args)
{
    u32 buf = (u32)args[1];
    u8 *pointers = guest_at(mem, (u32)args[0], list->count, 4);
    u8 *bytes = guest_at(mem, buf, (u32)list->len, 1);
    if (!list->count) return WASI_E_success;
    if (!pointers || !bytes) return WASI_E_fault;
    size_t at = 0;
    for (u32 i = 0; i < list->count; i++) {
        size_t len = strlen(list->data + at) + 1;
        WasiErrno err = ctx_work(ctx, PRICE_string + bytes_units(len));
        if (err) return err;
        put_u32(pointers + 4 * (size_t)i, buf + (u32)at);
        memcpy(bytes + at, list->data + at, len);
        at += len;
    }
    return WASI_E_success;
}

WasiErrno wasi_args_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return list_get(ctx, mem, &ctx->world->args, args);
}

WasiErrno wasi_args_sizes_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return list_sizes(mem, &ctx->world->args, args);
}

WasiErrno wasi_environ_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return list_get(ctx, mem, &ctx->world->env, args);
}

WasiErrno wasi_environ_sizes_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return list_sizes(mem, &ctx->world->env, args);
}

// -- clocks: the host's are numbered like the guest's --

WasiErrno wasi_clock_res_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    u8 *out = guest_at(mem, (u32)args[1], 1, 8);
    if ((u32)args[0] >= CLOCK_COUNT) return WASI_E_inval;
    if (!out) return WASI_E_fault;
    u64 step = ctx->world->clock_step;
    u64 own = ctx->world->fixed ? 1 : plat_clock_resolution((PlatClock)args[0]);
    put_u64(out, MAX(own, step));
    return WASI_E_success;
}

WasiErrno wasi_clock_time_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    u8 *out = guest_at(mem, (u32)args[2], 1, 8);
    if ((u32)args[0] >= CLOCK_COUNT) return WASI_E_inval;
    if (!out) return WASI_E_fault;
    put_u64(out, ctx_read_clock(ctx, (PlatClock)args[0]));
    return WASI_E_success;
}

// -- randomness --

WasiErrno wasi_random_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    enum { PIECE = 1 << 18 };
    u32 len = (u32)args[1];
    u8 *at = guest_at(mem, (u32)args[0], len, 1);
    if (!at) return WASI_E_fault;
    while (len) {
        u32 piece = MIN(len, (u32)PIECE);
        WasiErrno err = ctx_work(ctx, (u64)piece * PRICE_random);
        if (!err) err = errno_of_host(ctx_random(ctx, at, piece));
        if (err) return err;
        at += piece;
        len -= piece;
    }
    return WASI_E_success;
}

// -- the program's end --

WasiErrno wasi_proc_exit(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    ctx->exit_status = (u32)args[0];
    return WASI_E_exits;
}

// No signal reaches the host process. One that would end a program ends the guest, with the
// status a shell gives; one that would be ignored is; stopping is not supported.
WasiErrno wasi_proc_raise(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    enum { SIG_none = 0, SIG_pipe = 13, SIG_chld = 16, SIG_cont = 17, SIG_stop = 18, SIG_tstp = 19,
           SIG_ttin = 20, SIG_ttou = 21, SIG_urg = 22, SIG_winch = 27, SIGNAL_COUNT = 31 };
    u32 signal = (u32)args[0];
    if (signal >= SIGNAL_COUNT) return WASI_E_inval;
    switch (signal) {
    case SIG_none: case SIG_pipe: case SIG_chld: case SIG_cont: case SIG_urg: case SIG_winch:
        return WASI_E_success;
    case SIG_stop: case SIG_tstp: case SIG_ttin: case SIG_ttou:
        return WASI_E_notsup;
    default:
        ctx->exit_status = 128 + signal;
        return WASI_E_exits;
    }
}

WasiErrno wasi_sched_yield(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    plat_yield();
    return WASI_E_success;
}
