// wasi_api.c -- what guests get through WASI.

#include "api/api.h"
#include "api/wasi_link.h"
#include "wasi/wasi.h"
#include "weft_wasi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

weft_wasi *weft_wasi_new(weft_diag *diag)
{
    weft_wasi *w = calloc(1, sizeof *w);
    if (w) w->ctx = wasi_new();
    if (w && w->ctx) return w;
    free(w);
    api_error(diag, ERR_out_of_memory, "%s", "for WASI");
    return NULL;
}

void weft_wasi_free(weft_wasi *w)
{
    if (!w || w->taken) return;
    wasi_free(w->ctx);
    free(w);
}

static weft_status answer(int err, weft_diag *diag, const char *what)
{
    if (err == ENOMEM) return api_error(diag, ERR_out_of_memory, "%.200s", what);
    return err ? api_refuse(diag, API_system_error, "%.200s: %s", what, strerror(err)) : WEFT_OK;
}

weft_status weft_wasi_arg(weft_wasi *w, const char *arg, weft_diag *diag)
{
    return answer(wasi_add_arg(w->ctx, arg), diag, arg);
}

weft_status weft_wasi_env(weft_wasi *w, const char *name, const char *value, weft_diag *diag)
{
    return answer(wasi_add_env(w->ctx, name, value), diag, name);
}

// What is granted is what its guests begin with, until they have changed something of it.
static bool is_unchanged(const weft_wasi *w)
{
    u32 number;
    bool open;
    return !wasi_changed(w->ctx, &number, &open);
}

static weft_status granted(weft_wasi *w, bool unchanged, int err, weft_diag *diag, const char *what)
{
    if (!err && w->taken && unchanged) wasi_mark(w->ctx);
    return answer(err, diag, what);
}

weft_status weft_wasi_dir(weft_wasi *w, const char *host, const char *guest, bool read_only,
                          weft_diag *diag)
{
    bool unchanged = is_unchanged(w);
    return granted(w, unchanged, wasi_add_preopen(w->ctx, host, guest, read_only), diag, host);
}

weft_status weft_wasi_stdio(weft_wasi *w, int in, int out, int err, weft_diag *diag)
{
    bool unchanged = is_unchanged(w);
    return granted(w, unchanged, wasi_set_stdio(w->ctx, in, out, err), diag,
                   "standard input and output");
}

// ---- weft_wasi.h

// What is set is what its guests begin with.
static weft_status untaken(const weft_wasi *w, weft_diag *diag)
{
    return w->taken ? api_refuse(diag, API_duplicate_definition, "%s", "a store has it") : WEFT_OK;
}

weft_status weft_wasi_set_limits(weft_wasi *w, const weft_wasi_limits *given, weft_diag *diag)
{
    weft_wasi_limits limits;
    weft_status status = untaken(w, diag);
    if (status == WEFT_OK) status = api_struct_in(given, &limits, sizeof limits, diag);
    if (status != WEFT_OK) return status;
    if (limits.descriptors)
        wasi_set_fd_limit(w->ctx, (u32)MIN(limits.descriptors, (u64)UINT32_MAX));
    if (limits.disk_bytes) wasi_set_disk_limit(w->ctx, limits.disk_bytes);
    if (limits.output_bytes) wasi_set_output_limit(w->ctx, limits.output_bytes);
    if (limits.clock_ns) wasi_set_clock_resolution(w->ctx, limits.clock_ns);
    return WEFT_OK;
}

weft_status weft_wasi_set_seed(weft_wasi *w, uint64_t seed, weft_diag *diag)
{
    weft_status status = untaken(w, diag);
    if (status == WEFT_OK) wasi_set_seed(w->ctx, seed);
    return status;
}

weft_status weft_wasi_set_fixed(weft_wasi *w, uint64_t seed, weft_diag *diag)
{
    weft_status status = weft_wasi_set_seed(w, seed, diag);
    if (status == WEFT_OK) wasi_set_fixed(w->ctx);
    return status;
}

void weft_wasi_set_raw_terminal(weft_wasi *w, bool raw) { wasi_set_raw_terminal(w->ctx, raw); }

weft_status weft_wasi_socket(weft_wasi *w, int socket, weft_diag *diag)
{
    bool unchanged = is_unchanged(w);
    return granted(w, unchanged, wasi_add_socket(w->ctx, socket), diag, "a socket");
}

weft_status weft_wasi_set_trace(weft_wasi *w, weft_wasi_trace_fn *trace, void *env, bool json,
                                weft_diag *diag)
{
    weft_status status = untaken(w, diag);
    if (status == WEFT_OK) wasi_set_trace(w->ctx, trace, env, json);
    return status;
}

// ----

weft_status weft_store_set_wasi(weft_store *ws, weft_wasi *w, weft_diag *diag)
{
    if (ws->wasi || w->taken) return api_refuse(diag, API_duplicate_definition, "%s", "WASI");
    w->taken = true;
    ws->wasi = w;
    wasi_obey(ws->s, w->ctx);
    wasi_mark(w->ctx);
    return WEFT_OK;
}

void wasi_let_go(weft_store *ws)
{
    if (!ws->wasi) return;
    wasi_free(ws->wasi->ctx);
    free(ws->wasi);
    ws->wasi = NULL;
    ws->s->wasi = NULL;
}
