// stream.c -- wasi:io/streams, and errors.
//
// A stream is of a descriptor: of standard input or output as that goes, of a file at a place of
// its own. Nothing is kept back here, so there is nothing to flush. What may be written without
// waiting is said by check-write, which whoever writes has asked first: a stream that is ready
// takes 4 KiB at once, as pipes do.

#include "wasi/p2/state.h"

#include <string.h>

enum { BLOCKING_MOST = 4096 }; // of blocking-write-and-flush; spec: its text

static const char *const errno_texts[] = {
#define ERRNO(name, number) [number] = #name,
#include "wasi/errno.def"
};

WasiErrno p2_to_debug_string(P2Call *c)
{
    const P2Item *e = p2_item(c, 0, ITEM_error);
    if (!e) return P2_E_trap;
    const char *text = e->err < COUNT_OF(errno_texts) ? errno_texts[e->err] : "?";
    p2_string(c, text, strlen(text), c->result);
    return WASI_E_success;
}

// ---- Results

enum { FAILED, CLOSED };

// A stream whose other end, or descriptor, is not there is closed.
static WasiErrno fails(P2Call *c, WasiErrno err)
{
    CValue handle, why = p2_case(WEFT_CVALUE_VARIANT, CLOSED, NULL);
    if (p2_ends(err)) return err;
    if (err != WASI_E_badf && err != WASI_E_pipe) {
        P2Item *e = p2_new_item(c, ITEM_error, NULL, &handle);
        if (!e) return P2_E_trap;
        e->err = err;
        why = p2_case(WEFT_CVALUE_VARIANT, FAILED, p2_keep(c, handle));
    }
    *c->result = p2_case(WEFT_CVALUE_RESULT, 1, p2_keep(c, why));
    return WASI_E_success;
}

static WasiErrno gives(P2Call *c, WasiErrno err, CValue payload)
{
    return err ? fails(c, err) : p2_ok(c, p2_keep(c, payload));
}

// ---- Reading

// Into the scratch memory; nothing read is the end, closed.
static WasiErrno read_some(P2Call *c, P2Item *s, bool waits, u64 len, u32 *got)
{
    P2Item pollable = p2_pollable_of(s);
    bool ready = true;
    u32 most = (u32)MIN(len, (u64)PIECE);
    *got = 0;
    WasiErrno err = most && !waits ? p2_ready_now(c, &pollable, &ready) : WASI_E_success;
    if (err || !most || !ready) return err;
    err = p2_move(c->p2, s->file->number, false, (P2Way)s->way, s->at, most, got);
    s->at += *got;
    return !err && !*got ? WASI_E_pipe : err;
}

static WasiErrno read_into(P2Call *c, bool waits, bool keeps)
{
    P2Item *s = p2_item(c, 0, ITEM_input_stream);
    u32 got = 0;
    if (!s) return P2_E_trap;
    WasiErrno err = read_some(c, s, waits, c->args[1].of.u, &got);
    if (err) return fails(c, err);
    return gives(c, err, keeps ? p2_bytes(c, c->p2->scratch + AT_data, got) : p2_u64(got));
}

WasiErrno p2_read(P2Call *c) { return read_into(c, false, true); }
WasiErrno p2_blocking_read(P2Call *c) { return read_into(c, true, true); }
WasiErrno p2_skip(P2Call *c) { return read_into(c, false, false); }
WasiErrno p2_blocking_skip(P2Call *c) { return read_into(c, true, false); }

// ---- Writing

// How much may be written now.
static WasiErrno permit(P2Call *c, P2Item *s, bool waits, u32 *most)
{
    P2Item pollable = p2_pollable_of(s);
    bool ready = true;
    WasiErrno err = waits ? p2_wait(c, &pollable) : p2_ready_now(c, &pollable, &ready);
    *most = err || !ready ? 0 : s->way == WAY_stream ? (u32)STREAM_PIECE : (u32)PIECE;
    return err;
}

// What stands in the scratch memory.
static WasiErrno write_piece(P2Call *c, P2Item *s, u32 len)
{
    u32 done;
    if (!len) return WASI_E_success;
    WasiErrno err = p2_move(c->p2, s->file->number, true, (P2Way)s->way, s->at, len, &done);
    s->at += done;
    return err;
}

WasiErrno p2_check_write(P2Call *c)
{
    P2Item *s = p2_item(c, 0, ITEM_output_stream);
    if (!s) return P2_E_trap;
    WasiErrno err = permit(c, s, false, &s->permit);
    return gives(c, err, p2_u64(s->permit));
}

// From `data`, or zeros.
static WasiErrno write_from(P2Call *c, const void *data, u64 len, bool waits)
{
    P2Item *s = p2_item(c, 0, ITEM_output_stream);
    if (!s) return P2_E_trap;
    if (len > (waits ? (u32)BLOCKING_MOST : s->permit))
        return p2_trap(c, TRAP_host, waits ? "more than 4096 bytes are written at once"
                                           : "more is written than check-write has said");
    if (!waits) s->permit -= (u32)len;
    if (data) memcpy(c->p2->scratch + AT_data, data, (size_t)len);
    else memset(c->p2->scratch + AT_data, 0, (size_t)len);
    WasiErrno err = write_piece(c, s, (u32)len);
    return err ? fails(c, err) : p2_ok(c, NULL);
}

static WasiErrno write_list(P2Call *c, bool waits)
{
    const CValue *list = &c->args[1];
    return write_from(c, list->of.numbers.count ? list->of.numbers.data : "",
                      list->of.numbers.count, waits);
}

WasiErrno p2_write(P2Call *c) { return write_list(c, false); }
WasiErrno p2_blocking_write_and_flush(P2Call *c) { return write_list(c, true); }
WasiErrno p2_write_zeroes(P2Call *c) { return write_from(c, NULL, c->args[1].of.u, false); }

WasiErrno p2_blocking_write_zeroes_and_flush(P2Call *c)
{
    return write_from(c, NULL, c->args[1].of.u, true);
}

WasiErrno p2_flush(P2Call *c)
{
    return p2_item(c, 0, ITEM_output_stream) ? p2_ok(c, NULL) : P2_E_trap;
}

// ---- From one to the other

static WasiErrno splice(P2Call *c, bool waits)
{
    P2Item *to = p2_item(c, 0, ITEM_output_stream), *from = p2_item(c, 1, ITEM_input_stream);
    u32 most, got = 0;
    if (!to || !from) return P2_E_trap;
    WasiErrno err = permit(c, to, waits, &most);
    if (!err) err = read_some(c, from, waits, MIN(c->args[2].of.u, (u64)most), &got);
    if (!err) err = write_piece(c, to, got);
    return gives(c, err, p2_u64(got));
}

WasiErrno p2_splice(P2Call *c) { return splice(c, false); }
WasiErrno p2_blocking_splice(P2Call *c) { return splice(c, true); }

// ---- Waiting for one

static WasiErrno subscribe(P2Call *c, P2Kind kind)
{
    const P2Item *s = p2_item(c, 0, kind);
    if (!s) return P2_E_trap;
    P2Item like = p2_pollable_of(s);
    P2Item *p = p2_new_item(c, ITEM_pollable, p2_share(like.file), c->result);
    if (!p) return P2_E_trap;
    p->event = like.event;
    return WASI_E_success;
}

WasiErrno p2_subscribe_input(P2Call *c) { return subscribe(c, ITEM_input_stream); }
WasiErrno p2_subscribe_output(P2Call *c) { return subscribe(c, ITEM_output_stream); }
