// host_spec.c -- see host_spec.h.

#include "script/host_spec.h"

#include "module/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Room for `more` behind `count`; false: there is none.
static bool grow(void **at, u64 count, u64 cap, u64 more, size_t size, u64 *grown)
{
    *grown = cap;
    if (cap - count >= more) return true;
    size_t bytes;
    u64 want = MAX(cap * 2, count + more + 16);
    void *again = want <= UINT32_MAX && size_fits(want, size, &bytes) ? realloc(*at, bytes) : NULL;
    if (!again) return false;
    *at = again;
    *grown = want;
    return true;
}

static bool add_write(SpecHost *h, HostWrite w)
{
    u64 cap;
    if (!grow((void **)&h->writes.at, h->writes.count, h->writes.cap, 1, sizeof w, &cap))
        return false;
    h->writes.cap = (u32)cap;
    h->writes.at[h->writes.count++] = w;
    return true;
}

// What handlers ask before they write anywhere.
static bool may(const void *env, u64 at, u64 size, bool write)
{
    SpecHost *h = (SpecHost *)env;
    if (!write) return true;
    touch(h->config, PART_mem, h->memory, at, size);
    if (h->log && !add_write(h, (HostWrite){h->memory, at, size})) h->out_of_memory = true;
    return true;
}

// ---- The log

void host_log_free(HostLog *log)
{
    free(log->answers.at);
    free(log->writes.at);
    free(log->bytes.at);
    *log = (HostLog){.most = log->most};
}

static u64 log_size(const HostLog *log)
{
    return log->bytes.count + log->answers.count * sizeof *log->answers.at +
           log->writes.count * sizeof *log->writes.at;
}

static bool log_room(HostLog *log, u64 writes, u64 bytes)
{
    u64 cap;
    u64 more = bytes + writes * sizeof *log->writes.at + sizeof *log->answers.at;
    if (more > log->most || log_size(log) > log->most - more) return false;
    if (!grow((void **)&log->answers.at, log->answers.count, log->answers.cap, 1,
              sizeof *log->answers.at, &cap))
        return false;
    log->answers.cap = (u32)cap;
    if (!grow((void **)&log->writes.at, log->writes.count, log->writes.cap, writes + 1,
              sizeof *log->writes.at, &cap))
        return false;
    log->writes.cap = (u32)cap;
    if (!grow((void **)&log->bytes.at, log->bytes.count, log->bytes.cap, bytes + 1, 1, &cap))
        return false;
    log->bytes.cap = cap;
    return true;
}

static void note(SpecHost *h, const MemInst *mem, Trap trap, u64 result)
{
    HostLog *log = h->log;
    u64 bytes = 0;
    for (u32 k = 0; k < h->writes.count; k++) bytes += h->writes.at[k].size;
    if (log->full) return;
    log->full = h->out_of_memory || !log_room(log, h->writes.count, bytes);
    if (log->full) return;
    log->answers.at[log->answers.count++] =
        (HostAnswer){trap, result, log->writes.count, h->writes.count, log->bytes.count};
    log->next = log->answers.count;
    for (u32 k = 0; k < h->writes.count; k++) {
        HostWrite w = h->writes.at[k];
        log->writes.at[log->writes.count++] = w;
        memcpy(log->bytes.at + log->bytes.count, mem->bytes + w.at, (size_t)w.size);
        log->bytes.count += w.size;
    }
}

static Trap answer_again(Config *c, HostLog *log, u64 *result)
{
    const HostAnswer *a = &log->answers.at[log->next++];
    const u8 *bytes = log->bytes.at + a->bytes_at;
    for (u32 k = 0; k < a->write_count; k++) {
        const HostWrite *w = &log->writes.at[a->first_write + k];
        touch(c, PART_mem, w->address, w->at, w->size);
        memcpy(c->store->mems.at[w->address].bytes + w->at, bytes, (size_t)w->size);
        bytes += w->size;
    }
    *result = a->result;
    return a->trap;
}

// ---- Calls

static u32 pay(void *env, u64 units)
{
    Config *c = env;
    if (c->stop) return TRAP_interrupted;
    if (!c->fueled) return 0;
    bool enough = c->fuel >= units;
    c->fuel -= MIN(c->fuel, units);
    return enough ? 0 : TRAP_out_of_fuel;
}

void spec_host_begin(SpecHost *host, Config *c)
{
    c->host = host;
    if (host->wasi) wasi_set_meter(host->wasi, pay, c);
}

void spec_host_free(SpecHost *host)
{
    if (host->wasi) wasi_set_meter(host->wasi, NULL, NULL);
    wasi_drop_wait(host->waits);
    free(host->writes.at);
}

static Trap ask(SpecHost *h, const WasiFunc *func, MemInst *mem, const u64 *args, u64 *result)
{
    GuestMemory memory = {0};
    if (mem) memory = (GuestMemory){mem->bytes, mem->count, may, h};
    WasiWait *waited = h->waits;
    wasi_set_aside(h->wasi, h->others && *h->others, waited);
    WasiOutcome how = func->call(h->wasi, memory, args, result);
    h->waits = how == WASI_WAITS ? wasi_waits_for(h->wasi) : NULL;
    wasi_drop_wait(waited);
    switch (how) {
    case WASI_EXIT: return TRAP_exit;
    case WASI_INTERRUPTED: return (Trap)wasi_stopped_for(h->wasi);
    case WASI_WAITS: return TRAP_waits;
    case WASI_RETURN: break;
    }
    return TRAP_none;
}

// It will be asked again, if ever.
static bool was_stopped(Trap trap) { return trap == TRAP_interrupted || trap == TRAP_out_of_fuel; }

Trap spec_wasi(Config *c, void *env, const Val *args, Val *results)
{
    SpecHost *h = c->host;
    const WasiFunc *func = env;
    u64 slots[16], result = 0;
    u32 count = (u32)(strchr(func->sig, ':') - func->sig);
    Trap trap;
    for (u32 k = 0; k < count; k++) slots[k] = args[k].bits;
    if (h->log && h->log->next < h->log->answers.count) {
        trap = answer_again(c, h->log, &result);
    } else {
        const ModuleInst *caller = c->caller;
        MemInst *mem = NULL;
        if (caller && caller->module->memory_count) {
            h->memory = caller->mems[0];
            mem = &c->store->mems.at[h->memory];
        }
        h->config = c;
        h->writes.count = 0;
        trap = ask(h, func, mem, slots, &result);
        if (h->log && !was_stopped(trap)) note(h, mem, trap, result);
    }
    if (trap == TRAP_waits) return trap;
    if (func->sig[count + 1]) results[0] = value_i32((u32)result);
    return trap;
}

Trap spec_stub(Config *c, void *env, const Val *args, Val *results)
{
    SpecHost *h = c->host;
    const Import *import = env;
    char module[QUOTED_MOST], name[QUOTED_MOST];
    snprintf(h->detail, sizeof h->detail, "nothing defines %s %s, which was to be called",
             quoted(module, import->module), quoted(name, import->name));
    c->detail = h->detail;
    return TRAP_host;
}
