// wasi.c -- the tables of functions, one per module name.

#include "wasi/ctx.h"

static WasiOutcome outcome_of(WasiCtx *ctx, WasiErrno err, u64 *result)
{
    ctx->owed += (u64)ctx->finder.steps * PRICE_path_step;
    ctx->finder.steps = 0;
    ctx_let_go(ctx);
    if (err == WASI_E_waits && !ctx_ask(ctx)) return WASI_WAITS;
    wasi_drop_wait(wasi_waits_for(ctx)); // of which nothing comes
    if (err == WASI_E_exits) return WASI_EXIT;
    if (err == WASI_E_interrupted || err == WASI_E_waits || ctx_ask(ctx)) return WASI_INTERRUPTED;
    *result = err;
    return WASI_RETURN;
}

#define CALL(prefix, name)                                                                         \
    static WasiOutcome prefix##call_##name(WasiCtx *ctx, GuestMemory mem, const u64 *args,         \
                                           u64 *result)                                            \
    {                                                                                              \
        ctx_begin(ctx);                                                                            \
        return outcome_of(ctx, prefix##name(ctx, mem, args), result);                              \
    }
#define BOTH(name, sig) CALL(wasi_, name)
#define ONE(name, sig) CALL(wasi_, name)
#define TWO(name, sig) CALL(wasi_, name) CALL(wasi0_, name)
#include "wasi/wasi.def"

static const WasiFunc preview1[] = {
#define BOTH(name, sig) {#name, sig, wasi_call_##name},
#define ONE(name, sig) BOTH(name, sig)
#define TWO(name, sig) BOTH(name, sig)
#include "wasi/wasi.def"
};

static const WasiFunc snapshot0[] = {
#define BOTH(name, sig) {#name, sig, wasi_call_##name},
#define ONE(name, sig)
#define TWO(name, sig) {#name, sig, wasi0_call_##name},
#include "wasi/wasi.def"
};

static const struct {
    const char *name;
    const WasiFunc *funcs;
    size_t count;
} modules[] = {
    {"wasi_snapshot_preview1", preview1, COUNT_OF(preview1)},
    {"wasi_unstable", snapshot0, COUNT_OF(snapshot0)},
};

static bool is_name(const char *name, const char *text, size_t len)
{
    return strlen(name) == len && memcmp(name, text, len) == 0;
}

bool wasi_is_module(const char *module, size_t module_len)
{
    for (size_t m = 0; m < COUNT_OF(modules); m++)
        if (is_name(modules[m].name, module, module_len)) return true;
    return false;
}

const WasiFunc *wasi_find(const char *module, size_t module_len, const char *name,
                          size_t name_len)
{
    for (size_t m = 0; m < COUNT_OF(modules); m++) {
        if (!is_name(modules[m].name, module, module_len)) continue;
        for (size_t i = 0; i < modules[m].count; i++)
            if (is_name(modules[m].funcs[i].name, name, name_len)) return &modules[m].funcs[i];
    }
    return NULL;
}
