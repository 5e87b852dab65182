// store_api.c -- stores: what they own, what they may take, where their guests were.

#include "api/api.h"
#include "api/component.h"
#include "api/pool.h"
#include "run/frame.h"
#include "wasi/wasi.h"

#include <stdlib.h>

enum { HOST_CALLS_MOST = 10000 };

// 0 is no store's.
static atomic_ullong next_id = 1;

u64 api_next_store(void) { return atomic_fetch_add(&next_id, 1); }

weft_status api_limits_in(const weft_limits *given, StoreLimits *out, u64 *fuel, weft_diag *diag)
{
    weft_limits wanted = weft_limits_init();
    if (given && api_struct_in(given, &wanted, sizeof wanted, diag) != WEFT_OK) return WEFT_ERROR;
    *out = store_limits_default;
    *fuel = wanted.fuel;
    if (wanted.table_entries) out->table_entries = wanted.table_entries;
    if (wanted.stack_bytes) out->stack_bytes = wanted.stack_bytes;
    if (wanted.memory_room) out->memory_room = wanted.memory_room;
    if (wanted.host_calls) out->host_calls = (u32)MIN(wanted.host_calls, HOST_CALLS_MOST);
    out->native_bytes = MAX(out->native_bytes, wanted.native_bytes);
#define STORE_LIMIT(name, error) if (wanted.name) out->name = wanted.name;
#include "op/limit.def"
    return WEFT_OK;
}

weft_store *weft_store_new(weft_engine *engine, const weft_limits *given, weft_diag *diag)
{
    StoreLimits limits;
    u64 fuel;
    if (api_limits_in(given, &limits, &fuel, diag) != WEFT_OK) return NULL;
    weft_store *ws = api_store_of(engine, engine_store_within(engine->engine, &limits), diag);
    if (ws && fuel) exec_grant_fuel(&ws->s->exec, fuel);
    return ws;
}

weft_store *api_store_of(weft_engine *engine, Store *s, weft_diag *diag)
{
    weft_store *ws = s ? calloc(1, sizeof *ws) : NULL;
    if (!ws) {
        store_free(s);
        api_error(diag, ERR_out_of_memory, "%s", "for the store");
        return NULL;
    }
    ws->s = s;
    s->owner = ws;
    ws->id = api_next_store();
    handles_begin(ws);
    ws->engine = engine;
    atomic_fetch_add(&engine->users, 1);
    return ws;
}

weft_status weft_store_usage(const weft_store *ws, weft_limits *out, weft_diag *diag)
{
    const Store *s = ws->s;
    const Exec *x = &s->exec;
    weft_limits used = weft_limits_init();
#define STORE_LIMIT(name, error) used.name = account_used(&s->accounts[STORE_##name]);
#include "op/limit.def"
    used.memory_bytes = account_used(s->memory_account);
    for (const Table *t = s->tables; t; t = t->next)
        used.table_entries = MAX(used.table_entries, t->size);
    if (x->stack && x->at.record)
        used.stack_bytes = (u64)((u8 *)x->at.frame - (u8 *)x->stack) +
                           (u64)((u8 *)x->stack_end - (u8 *)x->at.record);
    return api_struct_out(out, &used, sizeof used, diag);
}

void api_finalize_all(weft_store *ws)
{
    const HostTable *t = &ws->s->hosts;
    for (u32 i = 0; i < t->cap && ws->finalize; i++)
        if (t->entries[i].ref)
            ws->finalize(ws->finalize_env, (void *)(uintptr_t)t->entries[i].value);
}

void api_end_store(weft_store *ws)
{
    for (ApiFunc *h = ws->hosts; h; h = h->next) h->finalize(h->env);
    host_uses_end(ws);
    api_finalize_all(ws);
    handles_end(ws);
    types_let_go(ws);
    components_close(ws->components);
    wasi_let_go(ws);
    store_free(ws->s);
    while (ws->modules) store_drop_module(ws);
    components_let_go(ws->components);
    engine_release(ws->engine);
    free(ws);
}

void weft_store_free(weft_store *ws)
{
    if (!ws || ws->s->exec.depth || ws->finalizing || pool_has(ws)) return;
    ws->finalizing = ws->s->telling = true;
    tasks_let_go(ws);
    if (ws->place) pool_take_back(ws);
    else api_end_store(ws);
}

weft_status api_check_whole(const weft_store *ws, weft_diag *diag)
{
    if (LIKELY(!ws->half_read)) return WEFT_OK;
    return api_refuse(diag, API_half_read, "%s", "it can only be freed");
}

void weft_store_set_data(weft_store *ws, void *data) { ws->data = data; }
void *weft_store_data(const weft_store *ws) { return ws->data; }

weft_status weft_store_set_fuel(weft_store *ws, uint64_t fuel, weft_diag *diag)
{
    if (!exec_fueled(&ws->s->exec))
        return api_refuse(diag, API_not_fueled, "%s", "set weft_limits.fuel when it is made");
    exec_grant_fuel(&ws->s->exec, fuel);
    return WEFT_OK;
}

bool weft_store_fuel(const weft_store *ws, uint64_t *left)
{
    *left = ws->s->exec.fuel;
    return exec_fueled(&ws->s->exec);
}

void weft_store_stop(weft_store *ws, weft_stop why)
{
    Exec *x = &ws->s->exec;
    switch (why) {
    case WEFT_STOP_NOT: exec_go_on(x); break;
    case WEFT_STOP_PAUSED: exec_pause(x); break;
    case WEFT_STOP_ASK: exec_ask(x); break;
    default: exec_stop(x, why == WEFT_STOP_TIME_LIMIT ? TRAP_time_limit : TRAP_interrupted);
    }
}

void weft_store_set_asked(weft_store *ws, void (*asked)(void *env), void *env)
{
    ws->s->exec.asked = asked;
    ws->s->exec.asked_env = env;
}

// ---- Where the guest stands

weft_frame api_frame(const weft_store *ws, FrameCursor *c)
{
    Instance *inst = c->at.inst;
    Bytes name = module_func_name(inst->module, c->func);
    return (weft_frame){
        .func = c->func,
        .offset = frame_offset(c),
        .name = {(const char *)name.data, name.len},
        .instance = {ws->id, inst},
    };
}

size_t weft_store_backtrace(const weft_store *ws, weft_frame *frames, size_t max)
{
    FrameCursor cursor = {0};
    size_t count = 0;
    for (; frame_next(&ws->s->exec, &cursor); count++) {
        if (count >= max) continue;
        frames[count] = api_frame(ws, &cursor);
    }
    return count;
}

weft_status api_leave(weft_store *ws, Trap trap, weft_diag *diag)
{
    api_finalize(ws);
    ws->failure = trap;
    return trap ? api_trap(diag, ws->s, trap) : WEFT_OK;
}
