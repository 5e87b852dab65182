// socket.c -- wasi:sockets: listeners that were handed over, and what they accept.
//
//     create --> new --start-bind--> binding --finish--> bound --start-listen--> beginning
//                     takes a listener                              --finish--> listening
//     accept --> connected, with two streams
//            new --start-connect--> connecting --finish--> connected
//
// One that is bound is the listener of that address, and is refused where there is none. Who
// connects is refused but for addresses that were granted. Nothing else is sent to or looked up.

#include "wasi/p2/state.h"

#include <string.h>

typedef enum {
    TCP_new, TCP_connecting, TCP_over, TCP_binding, TCP_bound, TCP_beginning, TCP_listening,
    TCP_connected,
} State;

// spec: wasi:sockets/network, error-code
enum { CODE_unknown, CODE_access_denied, CODE_not_supported, CODE_invalid_argument,
       CODE_out_of_memory, CODE_timeout, CODE_concurrency_conflict, CODE_not_in_progress,
       CODE_would_block, CODE_invalid_state, CODE_new_socket_limit, CODE_address_not_bindable,
       CODE_address_in_use, CODE_remote_unreachable, CODE_connection_refused,
       CODE_connection_reset, CODE_connection_aborted };

static WasiErrno refuse(P2Call *c, u32 code)
{
    *c->result = p2_case(WEFT_CVALUE_RESULT, 1, p2_keep(c, p2_enum(code)));
    return WASI_E_success;
}

static WasiErrno refuse_errno(P2Call *c, WasiErrno err)
{
    if (p2_ends(err)) return err;
    switch (err) {
    case WASI_E_again: return refuse(c, CODE_would_block);
    case WASI_E_mfile: case WASI_E_nfile: return refuse(c, CODE_new_socket_limit);
    case WASI_E_nomem: case WASI_E_nobufs: return refuse(c, CODE_out_of_memory);
    case WASI_E_connaborted: return refuse(c, CODE_connection_aborted);
    case WASI_E_connreset: return refuse(c, CODE_connection_reset);
    case WASI_E_notconn: case WASI_E_inval: return refuse(c, CODE_invalid_state);
    case WASI_E_connrefused: return refuse(c, CODE_connection_refused);
    case WASI_E_timedout: return refuse(c, CODE_timeout);
    case WASI_E_hostunreach: case WASI_E_netunreach: return refuse(c, CODE_remote_unreachable);
    default: return refuse(c, CODE_unknown);
    }
}

WasiErrno p2_denied(P2Call *c) { return refuse(c, CODE_access_denied); }

// Who calls it would have a handle of what is never given.
WasiErrno p2_no_socket(P2Call *c)
{
    return p2_trap(c, TRAP_unknown_handle, "of a socket");
}

WasiErrno p2_network_error_code(P2Call *c)
{
    *c->result = p2_case(WEFT_CVALUE_OPTION, 0, NULL);
    return WASI_E_success;
}

WasiErrno p2_instance_network(P2Call *c)
{
    return p2_new_item(c, ITEM_network, NULL, c->result) ? WASI_E_success : P2_E_trap;
}

// ---- Addresses

static CValue address_value(P2Call *c, const SocketAddress *a)
{
    u32 count = a->six ? 8 : 4;
    CValue *parts = NEW_ARRAY(c->arena, CValue, count), *fields = NEW_ARRAY(c->arena, CValue, 4);
    for (u32 i = 0; i < count; i++) {
        u32 wide = (u32)a->bytes[2 * i & 15] << 8 | a->bytes[(2 * i + 1) & 15];
        parts[i] = (CValue){.kind = a->six ? WEFT_CVALUE_U16 : WEFT_CVALUE_U8,
                            .of.u = a->six ? wide : a->bytes[i]};
    }
    CValue address = p2_several(WEFT_CVALUE_TUPLE, parts, count);
    fields[0] = (CValue){.kind = WEFT_CVALUE_U16, .of.u = a->port};
    fields[1] = a->six ? p2_u32(a->flow) : address;
    fields[2] = address;
    fields[3] = p2_u32(a->scope);
    CValue record = p2_several(WEFT_CVALUE_RECORD, fields, a->six ? 4 : 2);
    return p2_case(WEFT_CVALUE_VARIANT, a->six, p2_keep(c, record));
}

static SocketAddress address_of(const CValue *v)
{
    const CValue *fields = v->of.payload->of.list.items;
    SocketAddress a = {.six = v->index, .port = (u16)fields[0].of.u};
    const CValue *parts = fields[a.six ? 2 : 1].of.list.items;
    for (u32 i = 0; i < (a.six ? 8u : 4u); i++) {
        if (!a.six) a.bytes[i] = (u8)parts[i].of.u;
        else a.bytes[2 * i] = (u8)(parts[i].of.u >> 8), a.bytes[2 * i + 1] = (u8)parts[i].of.u;
    }
    return a;
}

// ---- Taking a listener

typedef struct { P2Call *c; const SocketAddress *wanted; u32 number; bool any, found; } Search;

static void look_at(void *env, const WasiGrant *g)
{
    Search *s = env;
    Fd *fd;
    SocketAddress at;
    bool given = g->socket && !fd_find(s->c->p2->ctx, g->number, &fd) && !fd->owned && !fd->stdio;
    ctx_settle(s->c->p2->ctx);
    if (!given || s->found) return;
    s->any = true;
    if (!s->wanted || socket_address(g->file, false, &at)) return;
    s->found = at.six == s->wanted->six && at.port == s->wanted->port &&
               !memcmp(at.bytes, s->wanted->bytes, sizeof at.bytes);
    s->number = g->number;
}

static Search search(P2Call *c, const SocketAddress *wanted)
{
    Search s = {.c = c, .wanted = wanted};
    wasi_each_grant(c->p2->ctx, look_at, &s);
    return s;
}

WasiErrno p2_create_tcp_socket(P2Call *c)
{
    CValue handle;
    if (!search(c, NULL).any && !c->p2->ctx->world->connect_count)
        return refuse(c, CODE_access_denied);
    P2Item *s = p2_new_item(c, ITEM_tcp_socket, NULL, &handle);
    if (!s) return P2_E_trap;
    s->at = c->args[0].index; // its family
    return p2_ok(c, p2_keep(c, handle));
}

static bool is_taken(const P2 *p2, u32 number)
{
    for (u32 i = 1; i < p2->count; i++)
        if (p2->items[i].kind == ITEM_tcp_socket && p2->items[i].file &&
            p2->items[i].file->number == number)
            return true;
    return false;
}

WasiErrno p2_start_bind(P2Call *c)
{
    P2Item *s = p2_item(c, 0, ITEM_tcp_socket);
    SocketAddress wanted = address_of(&c->args[2]);
    if (!s) return P2_E_trap;
    if (s->way != TCP_new) return refuse(c, CODE_invalid_state);
    if (wanted.six != s->at) return refuse(c, CODE_invalid_argument);
    Search found = search(c, &wanted);
    if (!found.found) return refuse(c, CODE_access_denied);
    WasiErrno err = ctx_work(c->p2->ctx, c->p2->count);
    if (err) return err;
    if (is_taken(c->p2, found.number)) return refuse(c, CODE_address_in_use);
    s->file = p2_new_file(c, found.number, false);
    if (!s->file) return P2_E_trap;
    s->way = TCP_binding;
    return p2_ok(c, NULL);
}

// From one state to the next.
static WasiErrno step(P2Call *c, State from, State to, u32 otherwise)
{
    P2Item *s = p2_item(c, 0, ITEM_tcp_socket);
    if (!s) return P2_E_trap;
    if (s->way != from) return refuse(c, otherwise);
    s->way = (u8)to;
    return p2_ok(c, NULL);
}

WasiErrno p2_finish_bind(P2Call *c)
{
    return step(c, TCP_binding, TCP_bound, CODE_not_in_progress);
}

WasiErrno p2_start_listen(P2Call *c)
{
    return step(c, TCP_bound, TCP_beginning, CODE_invalid_state);
}

WasiErrno p2_finish_listen(P2Call *c)
{
    return step(c, TCP_beginning, TCP_listening, CODE_not_in_progress);
}

// ---- Connections

// Two streams of a descriptor, in a tuple behind the socket itself, if that is new too.
static WasiErrno give_streams(P2Call *c, P2File *file, const CValue *socket, u32 count)
{
    CValue *handles = NEW_ARRAY(c->arena, CValue, count + 2);
    if (count) handles[0] = *socket;
    if (!p2_new_item(c, ITEM_input_stream, p2_share(file), &handles[count]) ||
        !p2_new_item(c, ITEM_output_stream, p2_share(file), &handles[count + 1]))
        return P2_E_trap;
    return p2_ok(c, p2_keep(c, p2_several(WEFT_CVALUE_TUPLE, handles, count + 2)));
}

static WasiErrno give_connection(P2Call *c, u64 family, u32 number)
{
    CValue socket;
    P2File *file = p2_new_file(c, number, true);
    P2Item *made = file ? p2_new_item(c, ITEM_tcp_socket, file, &socket) : NULL;
    if (!made) return P2_E_trap;
    made->way = TCP_connected;
    made->at = family;
    return give_streams(c, file, &socket, 1);
}

WasiErrno p2_tcp_accept(P2Call *c)
{
    const P2Item *s = p2_item(c, 0, ITEM_tcp_socket);
    if (!s) return P2_E_trap;
    if (s->way != TCP_listening) return refuse(c, CODE_invalid_state);
    const u64 family = s->at, args[] = {s->file->number, 0, AT_result};
    const P2Item pollable = {.event = EVENT_fd_read, .file = s->file};
    bool ready;
    WasiErrno err = p2_ready_now(c, &pollable, &ready);
    if (err) return err;
    if (!ready) return refuse(c, CODE_would_block);
    err = p2_via(c->p2, wasi_sock_accept, args);
    return err ? refuse_errno(c, err) : give_connection(c, family, p2_got_u32(c->p2));
}

WasiErrno p2_shutdown_socket(P2Call *c)
{
    static const u8 ways[] = {SDFLAG_rd, SDFLAG_wr, SDFLAG_rd | SDFLAG_wr};
    const P2Item *s = p2_item(c, 0, ITEM_tcp_socket);
    if (!s) return P2_E_trap;
    if (s->way != TCP_connected) return refuse(c, CODE_invalid_state);
    const u64 args[] = {s->file->number, ways[c->args[1].index]};
    WasiErrno err = p2_via(c->p2, wasi_sock_shutdown, args);
    return err ? refuse_errno(c, err) : p2_ok(c, NULL);
}

WasiErrno p2_subscribe_socket(P2Call *c)
{
    const P2Item *s = p2_item(c, 0, ITEM_tcp_socket);
    if (!s) return P2_E_trap;
    u8 event = s->way == TCP_listening    ? EVENT_fd_read
               : s->way == TCP_connecting ? EVENT_fd_write
                                          : EVENT_clock;
    P2File *file = event == EVENT_clock ? NULL : p2_share(s->file);
    P2Item *p = p2_new_item(c, ITEM_pollable, file, c->result);
    if (!p) return P2_E_trap;
    p->event = event;
    return WASI_E_success;
}

// ---- Connecting

static bool is_granted(const WasiWorld *w, const SocketAddress *to)
{
    for (u32 i = 0; i < w->connect_count; i++)
        if (w->connects[i].six == to->six && w->connects[i].port == to->port &&
            !memcmp(w->connects[i].bytes, to->bytes, sizeof to->bytes))
            return true;
    return false;
}

static WasiErrno connect_to(P2Call *c, const SocketAddress *to, u32 *number)
{
    WasiCtx *ctx = c->p2->ctx;
    File file;
    WasiErrno err = ctx_work(ctx, PRICE_stream + PRICE_change);
    if (!err) err = errno_of_host(socket_connect(to, &file));
    if (err) return err;
    const Fd like = {.file = file, .owned = true, .socket = true, .kind = FILETYPE_socket_stream,
                     .rights = RIGHTS_FOR_SOCKET & ~(u64)RIGHT_sock_accept};
    return fd_add(ctx, &like, number);
}

WasiErrno p2_start_connect(P2Call *c)
{
    P2Item *s = p2_item(c, 0, ITEM_tcp_socket);
    const SocketAddress to = address_of(&c->args[2]);
    u32 number;
    if (!s) return P2_E_trap;
    if (s->way != TCP_new) return refuse(c, CODE_invalid_state);
    if (to.six != s->at) return refuse(c, CODE_invalid_argument);
    if (!is_granted(c->p2->ctx->world, &to)) return refuse(c, CODE_access_denied);
    WasiErrno err = connect_to(c, &to, &number);
    if (err) return refuse_errno(c, err);
    s->file = p2_new_file(c, number, true);
    if (!s->file) return P2_E_trap;
    s->way = TCP_connecting;
    return p2_ok(c, NULL);
}

static WasiErrno outcome_of(P2Call *c, u32 number)
{
    Fd *fd;
    WasiErrno err = fd_find(c->p2->ctx, number, &fd);
    if (!err) err = errno_of_host(socket_error(fd->file));
    ctx_settle(c->p2->ctx);
    return err;
}

WasiErrno p2_finish_connect(P2Call *c)
{
    P2Item *s = p2_item(c, 0, ITEM_tcp_socket);
    if (!s) return P2_E_trap;
    if (s->way != TCP_connecting) return refuse(c, CODE_not_in_progress);
    const P2Item pollable = {.event = EVENT_fd_write, .file = s->file};
    bool ready;
    WasiErrno err = p2_ready_now(c, &pollable, &ready);
    if (err) return err;
    if (!ready) return refuse(c, CODE_would_block);
    err = outcome_of(c, s->file->number);
    s->way = err ? TCP_over : TCP_connected;
    return err ? refuse_errno(c, err) : give_streams(c, s->file, NULL, 0);
}

// ---- What it is

static WasiErrno give_address(P2Call *c, State least, bool peer)
{
    const P2Item *s = p2_item(c, 0, ITEM_tcp_socket);
    Fd *fd;
    SocketAddress at;
    if (!s) return P2_E_trap;
    if (s->way < least) return refuse(c, CODE_invalid_state);
    WasiErrno err = fd_find(c->p2->ctx, s->file->number, &fd);
    if (!err) err = errno_of_host(socket_address(fd->file, peer, &at));
    ctx_settle(c->p2->ctx);
    return err ? refuse_errno(c, err) : p2_ok(c, p2_keep(c, address_value(c, &at)));
}

WasiErrno p2_local_address(P2Call *c) { return give_address(c, TCP_bound, false); }
WasiErrno p2_remote_address(P2Call *c) { return give_address(c, TCP_connected, true); }

WasiErrno p2_is_listening(P2Call *c)
{
    const P2Item *s = p2_item(c, 0, ITEM_tcp_socket);
    if (s) *c->result = p2_bool(s->way == TCP_listening);
    return s ? WASI_E_success : P2_E_trap;
}

WasiErrno p2_address_family(P2Call *c)
{
    const P2Item *s = p2_item(c, 0, ITEM_tcp_socket);
    if (s) *c->result = p2_enum((u32)s->at);
    return s ? WASI_E_success : P2_E_trap;
}

// A hint, which the host has not asked for.
WasiErrno p2_set_backlog(P2Call *c)
{
    const P2Item *s = p2_item(c, 0, ITEM_tcp_socket);
    if (!s) return P2_E_trap;
    if (!c->args[1].of.u) return refuse(c, CODE_invalid_argument);
    return s->way == TCP_connected ? refuse(c, CODE_invalid_state) : p2_ok(c, NULL);
}

WasiErrno p2_no_option(P2Call *c)
{
    return p2_item(c, 0, ITEM_tcp_socket) ? refuse(c, CODE_not_supported) : P2_E_trap;
}
