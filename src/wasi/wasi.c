// wasi.c -- the tables of functions, one per module name.

#include "wasi/ctx.h"

void ctx_settle(WasiCtx *ctx)
{
    ctx->owed += (u64)ctx->finder.steps * PRICE_path_step;
    ctx->finder.steps = 0;
    ctx_let_go(ctx);
}

static WasiOutcome outcome_of(WasiCtx *ctx, WasiErrno err, u64 *result)
{
    ctx_settle(ctx);
    if (err == WASI_E_waits && !ctx_ask(ctx)) return WASI_WAITS;
    wasi_drop_wait(wasi_waits_for(ctx)); // of which nothing comes
    if (err == WASI_E_exits) return WASI_EXIT;
    if (err == WASI_E_interrupted || err == WASI_E_waits || ctx_ask(ctx)) return WASI_INTERRUPTED;
    *result = err;
    return WASI_RETURN;
}

typedef WasiErrno Handler(WasiCtx *ctx, GuestMemory mem, const u64 *args);

static WasiErrno call_traced(WasiCtx *ctx, const WasiFunc *func, Handler *handler,
                             GuestMemory mem, const u64 *args)
{
    TraceLine line;
    trace_begin(&line, ctx, func, mem, args);
    WasiErrno err = handler(ctx, mem, args);
    if (err != WASI_E_waits) trace_end(&line, ctx, err); // it is called again
    return err;
}

enum {
#define BOTH(name, ...) FUNC_##name,
#define ONE(name, ...) FUNC_##name,
#define TWO(name, ...) FUNC_##name,
#include "wasi/wasi.def"
    FUNC_COUNT
};

static const WasiFunc preview1[FUNC_COUNT], snapshot0[FUNC_COUNT];

#define CALL(table, prefix, name)                                                                  \
    static WasiOutcome prefix##call_##name(WasiCtx *ctx, GuestMemory mem, const u64 *args,         \
                                           u64 *result)                                            \
    {                                                                                              \
        ctx_begin(ctx);                                                                            \
        WasiErrno err = ctx->world->trace ? call_traced(ctx, &table[FUNC_##name], prefix##name,    \
                                                        mem, args)                                 \
                                          : prefix##name(ctx, mem, args);                          \
        return outcome_of(ctx, err, result);                                                       \
    }
#define BOTH(name, ...) CALL(preview1, wasi_, name)
#define ONE(name, ...) CALL(preview1, wasi_, name)
#define TWO(name, ...) CALL(preview1, wasi_, name) CALL(snapshot0, wasi0_, name)
#include "wasi/wasi.def"

#define ROW(name, sig, words, asks, text, elder, call)                                             \
    [FUNC_##name] = {#name, sig, words, text, ASKS_##asks, elder, call},

static const WasiFunc preview1[FUNC_COUNT] = {
#define BOTH(name, ...) ROW(name, __VA_ARGS__, false, wasi_call_##name)
#define ONE(name, ...) BOTH(name, __VA_ARGS__)
#define TWO(name, ...) BOTH(name, __VA_ARGS__)
#include "wasi/wasi.def"
};

static const WasiFunc snapshot0[FUNC_COUNT] = {
#define BOTH(name, ...) ROW(name, __VA_ARGS__, true, wasi_call_##name)
#define ONE(name, ...)
#define TWO(name, ...) ROW(name, __VA_ARGS__, true, wasi0_call_##name)
#include "wasi/wasi.def"
};

const WasiAsksInfo wasi_asks[ASKS_COUNT] = {
#define ASKS(name, text, granted) {#name, text, granted},
#include "wasi/asks.def"
};

static const struct {
    const char *name;
    const WasiFunc *funcs;
} modules[] = {
    {"wasi_snapshot_preview1", preview1},
    {"wasi_unstable", snapshot0},
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
        for (size_t i = 0; i < FUNC_COUNT; i++) {
            const WasiFunc *f = &modules[m].funcs[i];
            if (f->name && is_name(f->name, name, name_len)) return f;
        }
    }
    return NULL;
}

const WasiFunc *wasi_func(u32 index) { return index < FUNC_COUNT ? &preview1[index] : NULL; }

void wasi_set_trace(WasiCtx *ctx, WasiTrace *trace, void *env, bool json)
{
    ctx->world->trace = trace;
    ctx->world->trace_env = env;
    ctx->world->trace_json = json;
}
