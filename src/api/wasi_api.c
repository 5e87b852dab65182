// wasi_api.c -- what guests get through WASI.

#include "api/api.h"
#include "api/wasi_link.h"
#include "wasi/wasi.h"

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
