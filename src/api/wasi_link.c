// wasi_link.c -- see wasi_link.h. The memory that handlers see is memory 0 of the calling instance.

#include "api/wasi_link.h"

#include "run/exec.h"
#include "run/mapped.h"
#include "run/store.h"
#include "wasi/func_type.h"

static bool may(const void *env, u64 at, u64 size, bool write)
{
    return memory_look(env, at, size, write) == TRAP_none;
}

// Without one: NULL and 0.
static GuestMemory view_of(Memory *m)
{
    if (!m) return (GuestMemory){0};
    memory_refresh(m);
    return (GuestMemory){m->base, m->size, m->perils ? may : NULL, m};
}

static Trap wasi_call(HostCall *call)
{
    const WasiFunc *func = call->env;
    WasiCtx *ctx = exec_store(call->exec)->wasi;
    if (!ctx) return exec_trap(call->exec, TRAP_host, "%s", "the store has no WASI");
    const Instance *caller = call->caller;
    Memory *first = caller && caller->module->memory_count ? caller->memories[0] : NULL;
    GuestMemory memory = view_of(first);
    const u32 cuts = memory_cuts(first);
    u64 result = 0;
    Exec *x = call->exec;
    if (wasi_lets_wait(ctx)) {
        const WaitsFor *before = exec_may_wait(x) ? &x->waiting->before : NULL;
        bool waited = before && before->drop == wasi_drop_wait;
        wasi_set_aside(ctx, before, waited ? before->what : NULL);
    }
    for (u32 i = 0; func->sig[i] != ':'; i++)
        if (func->sig[i] == 'i') call->slots[i] = (u32)call->slots[i];
    switch (func->call(ctx, memory, call->slots, &result)) {
    case WASI_RETURN: break;
    case WASI_EXIT: call->exec->exit_status = (int)wasi_exit_status(ctx); return TRAP_exit;
    case WASI_INTERRUPTED: return (Trap)wasi_stopped_for(ctx);
    case WASI_WAITS: return exec_wait_for(x, wasi_waits_for(ctx), wasi_drop_wait);
    }
    call->slots[0] = result;
    return memory_cuts(first) == cuts ? TRAP_none : TRAP_file_was_cut;
}

bool wasi_is_link(const HostFunc *host) { return host->fn == wasi_call; }

bool wasi_link(Store *store, const Import *import, Extern *out)
{
    const WasiFunc *f = wasi_find((const char *)import->module.data, import->module.len,
                                  (const char *)import->name.data, import->name.len);
    Type types[WASI_TYPES_MOST];
    if (!f) return false;
    out->kind = EXTERN_COUNT; // until all memory is had
    Func *func = func_find_shared(store, f); // one, also for instances that fail to link
    if (!func) {
        const TypeDef type = wasi_type(f, types);
        func = func_new_host_of(store, &type, wasi_call, (void *)f);
        if (!func) return false;
        if (!func_add_shared(store, f, func)) {
            func_return(store, ref_of_func(store, func), 1);
            return false;
        }
    }
    *out = (Extern){.kind = EXTERN_func, .func = func};
    return true;
}

bool wasi_resolve(Store *store, WasiCtx *ctx, const Import *import, Extern *out)
{
    store->wasi = ctx;
    return wasi_link(store, import, out);
}

static u32 pay(void *exec, u64 units) { return exec_piece(exec, units); }

void wasi_obey(Store *store, WasiCtx *ctx)
{
    store->wasi = ctx;
    wasi_set_meter(ctx, pay, &store->exec);
}
