// system.c -- what concerns the program itself: arguments, variables, its end, terminals; clocks
// and randomness.

#include "wasi/p2/state.h"

#include <string.h>

// ---- Arguments and variables

static WasiErrno text(P2Call *c, const char *from, size_t len, CValue *out)
{
    WasiErrno err = ctx_work(c->p2->ctx, PRICE_string + bytes_units(len));
    if (err || p2_string(c, from, len, out)) return err;
    return p2_trap(c, TRAP_host, "an argument or variable is not UTF-8");
}

static WasiErrno argument(P2Call *c, const char *from, CValue *out)
{
    return text(c, from, strlen(from), out);
}

static WasiErrno variable(P2Call *c, const char *from, CValue *out)
{
    const char *equals = strchr(from, '=');
    CValue *pair = NEW_ARRAY(c->arena, CValue, 2);
    WasiErrno err = text(c, from, (size_t)(equals - from), &pair[0]);
    if (!err) err = text(c, equals + 1, strlen(equals + 1), &pair[1]);
    *out = p2_several(WEFT_CVALUE_TUPLE, pair, 2);
    return err;
}

static WasiErrno give_list(P2Call *c, const StringList *list,
                           WasiErrno (*item)(P2Call *c, const char *from, CValue *out))
{
    const char *at = list->data;
    CValue *items = NEW_ARRAY(c->arena, CValue, list->count);
    for (u32 i = 0; i < list->count; i++, at += strlen(at) + 1) {
        WasiErrno err = item(c, at, &items[i]);
        if (err) return err;
    }
    *c->result = p2_several(WEFT_CVALUE_LIST, items, list->count);
    return WASI_E_success;
}

WasiErrno p2_get_arguments(P2Call *c)
{
    return give_list(c, &c->p2->ctx->world->args, argument);
}

WasiErrno p2_get_environment(P2Call *c)
{
    return give_list(c, &c->p2->ctx->world->env, variable);
}

WasiErrno p2_initial_cwd(P2Call *c)
{
    *c->result = p2_case(WEFT_CVALUE_OPTION, 0, NULL);
    return WASI_E_success;
}

// ---- The end

WasiErrno p2_exit(P2Call *c)
{
    const u64 args[] = {c->args[0].index};
    return p2_via(c->p2, wasi_proc_exit, args);
}

WasiErrno p2_exit_with_code(P2Call *c)
{
    const u64 args[] = {c->args[0].of.u};
    return p2_via(c->p2, wasi_proc_exit, args);
}

// ---- Standard input and output

static WasiErrno get_stdio(P2Call *c, u32 number, P2Kind kind)
{
    P2File *file = p2_new_file(c, number, false);
    return file && p2_new_item(c, kind, file, c->result) ? WASI_E_success : P2_E_trap;
}

WasiErrno p2_get_stdin(P2Call *c) { return get_stdio(c, 0, ITEM_input_stream); }
WasiErrno p2_get_stdout(P2Call *c) { return get_stdio(c, 1, ITEM_output_stream); }
WasiErrno p2_get_stderr(P2Call *c) { return get_stdio(c, 2, ITEM_output_stream); }

static WasiErrno get_terminal(P2Call *c, u32 number, P2Kind kind)
{
    Fd *fd;
    CValue handle;
    bool is = !fd_find(c->p2->ctx, number, &fd) && fd->terminal;
    ctx_settle(c->p2->ctx);
    if (is && !p2_new_item(c, kind, NULL, &handle)) return P2_E_trap;
    *c->result = p2_case(WEFT_CVALUE_OPTION, is, is ? p2_keep(c, handle) : NULL);
    return WASI_E_success;
}

WasiErrno p2_get_terminal_stdin(P2Call *c) { return get_terminal(c, 0, ITEM_terminal_input); }
WasiErrno p2_get_terminal_stdout(P2Call *c) { return get_terminal(c, 1, ITEM_terminal_output); }
WasiErrno p2_get_terminal_stderr(P2Call *c) { return get_terminal(c, 2, ITEM_terminal_output); }

// ---- Clocks

static WasiErrno resolution(P2Call *c, PlatClock clock)
{
    const u64 args[] = {clock, AT_result};
    return p2_via(c->p2, wasi_clock_res_get, args);
}

WasiErrno p2_monotonic_now(P2Call *c)
{
    *c->result = p2_u64(ctx_read_clock(c->p2->ctx, CLOCK_monotonic));
    return WASI_E_success;
}

WasiErrno p2_monotonic_resolution(P2Call *c)
{
    WasiErrno err = resolution(c, CLOCK_monotonic);
    *c->result = p2_u64(p2_got_u64(c->p2));
    return err;
}

WasiErrno p2_wall_now(P2Call *c)
{
    *c->result = p2_time(c, ctx_read_clock(c->p2->ctx, CLOCK_realtime));
    return WASI_E_success;
}

WasiErrno p2_wall_resolution(P2Call *c)
{
    WasiErrno err = resolution(c, CLOCK_realtime);
    *c->result = p2_time(c, p2_got_u64(c->p2));
    return err;
}

static const CValue no_offset = {.kind = WEFT_CVALUE_S32};

WasiErrno p2_utc_offset(P2Call *c)
{
    *c->result = no_offset;
    return WASI_E_success;
}

WasiErrno p2_timezone_display(P2Call *c)
{
    CValue *fields = NEW_ARRAY(c->arena, CValue, 3);
    fields[0] = no_offset;
    p2_string(c, "UTC", 3, &fields[1]);
    fields[2] = p2_bool(false);
    *c->result = p2_several(WEFT_CVALUE_RECORD, fields, 3);
    return WASI_E_success;
}

static WasiErrno subscribe(P2Call *c, u64 due)
{
    P2Item *p = p2_new_item(c, ITEM_pollable, NULL, c->result);
    if (!p) return P2_E_trap;
    p->event = EVENT_clock;
    p->at = due;
    return WASI_E_success;
}

WasiErrno p2_subscribe_instant(P2Call *c) { return subscribe(c, c->args[0].of.u); }

WasiErrno p2_subscribe_duration(P2Call *c)
{
    u64 now = ctx_now(c->p2->ctx, CLOCK_monotonic);
    return subscribe(c, now + MIN(c->args[0].of.u, UINT64_MAX - now));
}

// ---- Randomness

// Pieces go by the meter as preview 1's do, before there is room for the next.
WasiErrno p2_random_bytes(P2Call *c)
{
    enum { MOST = 1 << 20 };
    u64 len = c->args[0].of.u;
    const u64 all[] = {AT_data, PIECE};
    Buf out;
    if (len > MOST) return p2_trap(c, TRAP_host, "more than 1,048,576 random bytes at once");
    buf_init(&out, c->arena);
    while (out.len < len) {
        const u64 rest[] = {AT_data, len - out.len};
        const u64 *args = rest[1] < PIECE ? rest : all;
        WasiErrno err = p2_via(c->p2, wasi_random_get, args);
        if (p2_ends(err)) return err;
        if (err) return p2_trap(c, TRAP_host, "the system has no random bytes");
        buf_bytes(&out, c->p2->scratch + AT_data, (size_t)args[1]);
    }
    *c->result = (CValue){.kind = WEFT_CVALUE_LIST, .packed = WEFT_CVALUE_U8};
    c->result->of.numbers.data = out.data;
    c->result->of.numbers.count = out.len;
    return WASI_E_success;
}

static WasiErrno random_number(P2Call *c, u64 *out)
{
    const u64 args[] = {AT_result, sizeof *out};
    WasiErrno err = p2_via(c->p2, wasi_random_get, args);
    *out = p2_got_u64(c->p2);
    return !err || p2_ends(err) ? err : p2_trap(c, TRAP_host, "the system has no random bytes");
}

WasiErrno p2_random_u64(P2Call *c)
{
    u64 n;
    WasiErrno err = random_number(c, &n);
    *c->result = p2_u64(n);
    return err;
}

WasiErrno p2_insecure_seed(P2Call *c)
{
    CValue *pair = NEW_ARRAY(c->arena, CValue, 2);
    WasiErrno err = WASI_E_success;
    for (u32 i = 0; i < 2 && !err; i++) {
        u64 n;
        err = random_number(c, &n);
        pair[i] = p2_u64(n);
    }
    *c->result = p2_several(WEFT_CVALUE_TUPLE, pair, 2);
    return err;
}
