// item_api.c -- memories, globals and tables in the host's hands.

#include "api/api.h"
#include "plat/pages.h"
#include "run/mapped.h"
#include "run/shared.h"
#include "weft_item.h"
#include "weft_threads.h"

#include <inttypes.h>
#include <string.h>

// ---- Items

weft_extern api_extern(const weft_store *ws, const Extern *item)
{
    weft_extern out = {0};
    switch (item->kind) {
    case EXTERN_func: out.kind = WEFT_FUNC; out.of.func = (weft_func){ws->id, item->func}; break;
    case EXTERN_table: out.kind = WEFT_TABLE; out.of.table = (weft_table){ws->id,
                                                                          item->table}; break;
    case EXTERN_memory: out.kind = WEFT_MEMORY; out.of.memory = (weft_memory){ws->id,
                                                                              item->memory}; break;
    case EXTERN_global: out.kind = WEFT_GLOBAL; out.of.global = (weft_global){ws->id,
                                                                              item->global}; break;
    case EXTERN_tag: out.kind = WEFT_TAG; out.of.tag = (weft_tag){ws->id, item->tag}; break;
    case EXTERN_COUNT: break;
    }
    return out;
}

bool api_extern_in(const weft_extern *item, Extern *out)
{
    switch (item->kind) {
    case WEFT_FUNC: *out = (Extern){EXTERN_func, .func = item->of.func.item}; break;
    case WEFT_TABLE: *out = (Extern){EXTERN_table, .table = item->of.table.item}; break;
    case WEFT_MEMORY: *out = (Extern){EXTERN_memory, .memory = item->of.memory.item}; break;
    case WEFT_GLOBAL: *out = (Extern){EXTERN_global, .global = item->of.global.item}; break;
    case WEFT_TAG: *out = (Extern){EXTERN_tag, .tag = item->of.tag.item}; break;
    default: return false;
    }
    return true;
}

bool api_item(const weft_store *ws, const weft_extern *item, Extern *out)
{
    return api_extern_in(item, out) && item->of.func.store == ws->id; // at one place in all of them
}

bool weft_extern_type(const weft_store *ws, weft_extern given, weft_item_type *out)
{
    Extern item;
    if (!api_item(ws, &given, &item)) return false;
    ExternType type = extern_type(&item);
    api_item_type(ws->s->types, &type, out);
    return true;
}

bool weft_func_type(const weft_store *ws, weft_func func, weft_item_type *out)
{
    weft_extern item = {.kind = WEFT_FUNC, .of = {.func = func}};
    return weft_extern_type(ws, item, out);
}

// Limits as a module could declare them, and within the store's own.
static weft_status check_limits(u64 min, u64 max, u64 most, Err too_many, u64 limit, Err beyond,
                                weft_diag *diag)
{
    if (min > most || (max != WEFT_NO_MAX && max > most))
        return api_error(diag, too_many, "%" PRIu64 " to %" PRIu64 ", no more than %" PRIu64
                         " are possible", min, max, most);
    if (min > max)
        return api_error(diag, ERR_size_minimum_exceeds_maximum, "%" PRIu64 " to %" PRIu64, min,
                         max);
    if (min > limit)
        return api_error(diag, beyond, "%" PRIu64 " are wanted, the store has %" PRIu64 " left",
                         min, limit);
    return WEFT_OK;
}

// ---- Memories

static weft_status new_memory(weft_store *ws, const MemType *type, weft_memory *out,
                              weft_diag *diag)
{
    bool room = store_take(ws->s, STORE_instance_bytes, sizeof(Memory));
    Memory *memory = room ? memory_new(ws->s, type) : NULL;
    if (!memory && room) store_give(ws->s, STORE_instance_bytes, sizeof *memory);
    if (!memory) return api_short(diag, ws, "for the memory");
    *out = (weft_memory){ws->id, memory};
    return WEFT_OK;
}

// As many pages as validation lets a module have.
static u64 pages_possible(bool is_64, u32 page_log2)
{
    u64 none = is_64 ? UINT64_MAX : UINT32_MAX;
    return page_log2 ? (u64)1 << ((is_64 ? 64 : 32) - page_log2) : none;
}

weft_status weft_memory_new_of(weft_store *ws, const weft_memory_config *given, weft_memory *out,
                               weft_diag *diag)
{
    weft_memory_config c;
    if (api_struct_in(given, &c, sizeof c, diag) != WEFT_OK) return WEFT_ERROR;
    if (c.page_size != 1 && c.page_size != 65536)
        return api_refuse(diag, API_bad_page_size, "%u bytes, not 65536 or 1", c.page_size);
    u32 log2 = c.page_size == 1 ? 0 : 16;
    u64 limit = account_left(ws->s->memory_account) >> log2;
    weft_status status = check_limits(c.min, c.max, pages_possible(c.is_64, log2),
                                      ERR_memory_size_limit, limit, ERR_limit_memory_size, diag);
    if (status != WEFT_OK) return status;
    if (c.is_shared && c.max == WEFT_NO_MAX)
        return api_error(diag, ERR_shared_memory_needs_maximum, "%s", "it has none");
    const MemType type = {{.min = c.min, .max = c.max, .has_max = c.max != WEFT_NO_MAX,
                           .page_log2 = (u8)log2, .is64 = c.is_64, .shared = c.is_shared}};
    return new_memory(ws, &type, out, diag);
}

weft_status weft_memory_new(weft_store *ws, uint64_t min, uint64_t max, weft_memory *out,
                            weft_diag *diag)
{
    weft_memory_config config = weft_memory_config_init();
    config.min = min;
    config.max = max;
    return weft_memory_new_of(ws, &config, out, diag);
}

uint64_t weft_memory_size(const weft_store *ws, weft_memory memory)
{
    if (memory.store != ws->id) return 0;
    memory_refresh(memory.item);
    return ((const Memory *)memory.item)->size;
}

bool weft_memory_stays(const weft_store *ws, weft_memory memory)
{
    return memory.store == ws->id && memory_stays(memory.item);
}

bool weft_memory_on_growth(weft_store *ws, weft_memory memory, void (*grown)(void *env), void *env)
{
    Memory *m = memory.item;
    if (memory.store != ws->id) return false;
    m->grown = grown;
    m->grown_env = env;
    return true;
}

int64_t weft_memory_grow(weft_store *ws, weft_memory memory, uint64_t pages)
{
    return memory.store == ws->id ? memory_grow(memory.item, pages) : -1;
}

void *weft_memory_at(const weft_store *ws, weft_memory memory, uint64_t address, uint64_t len)
{
    Memory *m = memory.item;
    bool inside = memory.store == ws->id && memory_holds(m, address, len);
    return inside ? m->base + address : NULL;
}

static bool may_access(weft_memory memory, u64 address, size_t len, bool write)
{
    return !len || !memory_look(memory.item, address, len, write);
}

// Not memcpy: the host may copy within a memory.
bool weft_memory_read(const weft_store *ws, weft_memory memory, uint64_t address, void *to,
                      size_t len)
{
    const void *from = weft_memory_at(ws, memory, address, len);
    if (!from || !may_access(memory, address, len, false)) return false;
    if (len) memmove(to, from, len);
    return may_access(memory, address, len, false); // it may just have been cut
}

bool weft_memory_write(weft_store *ws, weft_memory memory, uint64_t address, const void *from,
                       size_t len)
{
    void *to = weft_memory_at(ws, memory, address, len);
    if (!to || !may_access(memory, address, len, true)) return false;
    if (len) memmove(to, from, len);
    return may_access(memory, address, len, true);
}

// ---- Memories that several stores have: a handle is the memory itself

static SharedMemory *shared_of(const weft_shared_memory *shared)
{
    return (SharedMemory *)(uintptr_t)shared;
}

static bool shared_type(const Engine *e, u64 min, u64 max, MemType *out, weft_diag *diag)
{
    enum { PAGE_LOG2 = 16, MOST = 65536 };
    u64 limit = e->limits.memory_bytes >> PAGE_LOG2;
    *out = (MemType){{.min = min, .max = MIN(max, (u64)MOST), .has_max = true, .shared = true,
                      .page_log2 = PAGE_LOG2}};
    return check_limits(min, max, MOST, ERR_memory_size_limit, limit, ERR_limit_memory_size,
                        diag) == WEFT_OK;
}

weft_shared_memory *weft_shared_memory_over(weft_engine *engine, const weft_host_pages *given,
                                            weft_diag *diag)
{
    weft_host_pages p;
    MemType type;
    if (api_struct_in(given, &p, sizeof p, diag) != WEFT_OK ||
        !shared_type(engine->engine, p.min, p.max, &type, diag))
        return NULL;
    if (!p.start || (uintptr_t)p.start % pages_size()) {
        api_refuse(diag, API_not_aligned, "the start of the memory, %p", p.start);
        return NULL;
    }
    HostPages host = {.start = p.start, .grow = p.grow, .drop = p.drop, .env = p.env};
    if (p.wait && p.notify) host.wait = p.wait, host.notify = p.notify;
    SharedMemory *shared = shared_over(&type, &host);
    if (!shared) api_error(diag, ERR_out_of_memory, "for the memory");
    return (weft_shared_memory *)shared;
}

weft_shared_memory *weft_shared_memory_new(weft_engine *engine, uint64_t min, uint64_t max,
                                           weft_diag *diag)
{
    const Engine *e = engine->engine;
    MemType type;
    if (!shared_type(e, min, max, &type, diag)) return NULL;
    SharedMemory *shared = engine_shared_memory(e, &type);
    if (!shared) api_error(diag, ERR_out_of_memory, "for the memory");
    return (weft_shared_memory *)shared;
}

weft_shared_memory *weft_memory_shared(const weft_store *ws, weft_memory memory)
{
    SharedMemory *shared = memory.store == ws->id ? ((const Memory *)memory.item)->shared : NULL;
    if (shared) shared_hold(shared);
    return (weft_shared_memory *)shared;
}

weft_status weft_shared_memory_in(weft_store *ws, weft_shared_memory *shared, weft_memory *out,
                                  weft_diag *diag)
{
    Memory *m = memory_find_view(ws->s, shared_of(shared));
    if (!m) {
        bool room = store_take(ws->s, STORE_instance_bytes, sizeof(Memory));
        m = room ? memory_view(ws->s, shared_of(shared)) : NULL;
        if (!m && room) store_give(ws->s, STORE_instance_bytes, sizeof *m);
        if (!m) return api_short(diag, ws, "for the memory");
    }
    *out = (weft_memory){ws->id, m};
    return WEFT_OK;
}

void weft_shared_memory_free(weft_shared_memory *shared) { shared_give_back(shared_of(shared)); }

uint64_t weft_shared_memory_size(const weft_shared_memory *shared)
{
    return __atomic_load_n(&shared_of(shared)->whole.size, __ATOMIC_SEQ_CST);
}

void *weft_shared_memory_at(weft_shared_memory *shared, uint64_t address, uint64_t len)
{
    bool inside = in_bounds(address, len, weft_shared_memory_size(shared));
    return inside ? shared_of(shared)->whole.base + address : NULL;
}

uint32_t weft_shared_memory_notify(weft_shared_memory *shared, uint64_t address, uint32_t count)
{
    u32 looked;
    return shared_notify(shared_of(shared), address, count, &looked);
}

// ---- Globals and tables

static weft_status value_in(weft_store *ws, const weft_val *value, Type want, u64 *slots,
                            weft_diag *diag)
{
    HeldRefs held;
    weft_status status = api_value_in(ws, value, NO_NUMBER, want, slots, diag);
    exec_hold(&ws->s->exec, &held, &want, slots, status == WEFT_OK);
    api_finalize(ws);
    exec_let_go(&ws->s->exec, &held);
    return status;
}

static weft_status new_global(weft_store *ws, GlobalType type, const weft_val *value,
                              weft_global *out, weft_diag *diag)
{
    u64 slots[2] = {0};
    weft_status status = value_in(ws, value, type.type, slots, diag);
    if (status != WEFT_OK) return status;
    Global *g = global_new(ws->s, type);
    if (!g) return api_short(diag, ws, "for the global");
    memcpy(g->value, slots, sizeof slots);
    *out = (weft_global){ws->id, g};
    return WEFT_OK;
}

weft_status weft_global_new(weft_store *ws, weft_val value, bool is_mutable, weft_global *out,
                            weft_diag *diag)
{
    const GlobalType type = {.type = api_plain_type(value.type), .mutable = is_mutable};
    if (type.type == TYPE_bottom)
        return api_refuse(diag, API_wrong_type, "%s", "the value does not say which its type is");
    return new_global(ws, type, &value, out, diag);
}

weft_status weft_global_new_of(weft_store *ws, const weft_valtype *given, weft_val value,
                               bool is_mutable, weft_global *out, weft_diag *diag)
{
    GlobalType type = {.mutable = is_mutable};
    if (api_hold_type(ws, given, &type.type, diag) != WEFT_OK) return WEFT_ERROR;
    return new_global(ws, type, &value, out, diag);
}

weft_status weft_global_get(weft_store *ws, weft_global global, weft_val *out,
                            weft_diag *diag)
{
    const Global *g = global.item;
    if (global.store != ws->id) return api_refuse(diag, API_wrong_store, "%s", "the global");
    return api_values_out(ws, &g->type.type, 1, g->value, out, diag);
}

weft_status weft_global_set(weft_store *ws, weft_global global, weft_val value, weft_diag *diag)
{
    Global *g = global.item;
    u64 slots[2] = {0};
    if (global.store != ws->id) return api_refuse(diag, API_wrong_store, "%s", "the global");
    if (!g->type.mutable)
        return api_error(diag, ERR_global_is_immutable, "%s",
                         "it was made, or declared, as constant");
    weft_status status = value_in(ws, &value, g->type.type, slots, diag);
    if (status == WEFT_OK) memcpy(g->value, slots, sizeof slots);
    return status;
}

static weft_status new_table(weft_store *ws, Type elem, const weft_table_config *c,
                             weft_table *out, weft_diag *diag)
{
    const TableType type = {.elem = elem,
                            .limits = {.min = c->min, .max = c->max, .is64 = c->is_64,
                                       .has_max = c->max != WEFT_NO_MAX}};
    u64 most = c->is_64 ? UINT64_MAX : UINT32_MAX;
    u64 slots[2] = {0};
    if (!type_is_ref(elem))
        return api_refuse(diag, API_wrong_type, "%s", "a table has references");
    weft_status status = value_in(ws, &c->init, elem, slots, diag);
    u64 limit = MIN(ws->s->limits.table_entries, account_left(&ws->s->accounts[STORE_table_total]));
    if (status == WEFT_OK)
        status = check_limits(c->min, c->max, most, ERR_table_size_limit, limit,
                              ERR_limit_table_size, diag);
    if (status != WEFT_OK) return status;
    bool room = store_take(ws->s, STORE_instance_bytes, sizeof(Table));
    Table *table = room ? table_new(ws->s, &type, (Ref)slots[0]) : NULL;
    if (!table && room) store_give(ws->s, STORE_instance_bytes, sizeof *table);
    if (!table) return api_short(diag, ws, "for the table");
    *out = (weft_table){ws->id, table};
    return WEFT_OK;
}

weft_status weft_table_new_as(weft_store *ws, const weft_table_config *given, weft_table *out,
                              weft_diag *diag)
{
    weft_table_config c;
    if (api_struct_in(given, &c, sizeof c, diag) != WEFT_OK) return WEFT_ERROR;
    Type elem = api_plain_type(c.init.type);
    if (c.type && api_hold_type(ws, c.type, &elem, diag) != WEFT_OK) return WEFT_ERROR;
    return new_table(ws, elem, &c, out, diag);
}

weft_status weft_table_new_of(weft_store *ws, const weft_valtype *type, uint64_t min, uint64_t max,
                              weft_val init, weft_table *out, weft_diag *diag)
{
    const weft_table_config config = {.size = sizeof config, .min = min, .max = max, .type = type,
                                      .init = init};
    return weft_table_new_as(ws, &config, out, diag);
}

weft_status weft_table_new(weft_store *ws, uint64_t min, uint64_t max, weft_val init,
                           weft_table *out, weft_diag *diag)
{
    return weft_table_new_of(ws, NULL, min, max, init, out, diag);
}

uint64_t weft_table_size(const weft_store *ws, weft_table table)
{
    return table.store == ws->id ? ((Table *)table.item)->size : 0;
}

static weft_status check_index(const weft_store *ws, weft_table table, u64 index, weft_diag *diag)
{
    if (table.store != ws->id) return api_refuse(diag, API_wrong_store, "%s", "the table");
    u64 size = ((Table *)table.item)->size;
    if (index < size) return WEFT_OK;
    return api_refuse(diag, API_out_of_bounds, "entry %llu of a table of %llu",
                      (unsigned long long)index,
                      (unsigned long long)size);
}

weft_status weft_table_get(weft_store *ws, weft_table table, uint64_t index, weft_val *out,
                           weft_diag *diag)
{
    if (check_index(ws, table, index, diag) != WEFT_OK) return WEFT_ERROR;
    const Table *t = table.item;
    return api_values_out(ws, &t->type.elem, 1, (u64[1]){t->elems[index]}, out, diag);
}

weft_status weft_table_set(weft_store *ws, weft_table table, uint64_t index, weft_val value,
                           weft_diag *diag)
{
    u64 slots[2];
    if (check_index(ws, table, index, diag) != WEFT_OK) return WEFT_ERROR;
    Table *t = table.item;
    weft_status status = value_in(ws, &value, t->type.elem, slots, diag);
    if (status == WEFT_OK) t->elems[index] = (Ref)slots[0];
    return status;
}

weft_status weft_table_grow(weft_store *ws, weft_table table, uint64_t count, weft_val init,
                            uint64_t *old,
                            weft_diag *diag)
{
    u64 slots[2];
    if (table.store != ws->id) return api_refuse(diag, API_wrong_store, "%s", "the table");
    Table *t = table.item;
    weft_status status = value_in(ws, &init, t->type.elem, slots, diag);
    if (status != WEFT_OK) return status;
    s64 before = table_grow(t, count, (Ref)slots[0]);
    if (before < 0)
        return api_error(diag, ERR_limit_table_size, "%" PRIu64 " more than %" PRIu64
                         ", or memory is short", count, (u64)t->size);
    if (old) *old = (u64)before;
    return WEFT_OK;
}
