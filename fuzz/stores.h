// stores.h -- what api.c calls that makes stores of others: templates, pools, snapshots, forks; and
// tasks, maps, and linkers and items as weft_link.h and weft_item.h have them.
#pragma once

#include <unistd.h>

#include "calls.h"

enum { PLACES = 4, FEW = 3, FILE_PAGES = 4, SNAPSHOT_MOST = 8 << 20 };

static const weft_limits limits = {
    .size = sizeof limits,
    .memory_bytes = 4 << 20,
    .table_entries = 50,
    .stack_bytes = 64 << 10,
    .fuel = FUEL,
    .heap_bytes = 1 << 20,
    .handles = 1000,
    .continuation_bytes = 1 << 20,
    .instances = 20,
    .instance_bytes = 1 << 20,
    .functions = 2000,
};

typedef struct { u8 *bytes; size_t len; } Written;

static weft_template *templates[FEW];
static weft_pool *pools[FEW];
static weft_tenant *tenants[FEW];
static weft_buffer *buffers[FEW];
static Written snapshots[FEW];

// The store that stood there is gone; false: it runs, and stays.
static bool make_room(u32 place)
{
    if (stores[place].store) free_store(place);
    return !stores[place].store;
}

static void keep_exports(u32 place, weft_instance instance)
{
    weft_extern item;
    mades[below(POOL)] = (Made){stores[place].number, instance};
    for (u32 n = 0; weft_instance_export_at(stores[place].store, instance, n, &item); n++)
        keep(place, item);
}

static void settle_in(u32 place, weft_store *store)
{
    stores[place].store = store;
    stores[place].number = ++newest;
    store->s->gc_stress = place == 0;
    if (below(2)) weft_store_set_finalizer(store, gone, (void *)(uintptr_t)place);
}

// A linker that has what the modules import of "h" as functions; in one of the linkers' places.
static weft_linker *fresh_linker(u32 at)
{
    weft_linker_free(linkers[at].linker);
    weft_linker *l = linkers[at].linker = weft_linker_new(engine, &diag);
    linkers[at].owner = 0;
    add_func(l, "a", "i:i");
    add_func(l, "b", "pr:pr");
    return l;
}

// ---- Templates and pools ------------------------------------------------------------------------

static void use_template(u32 place)
{
    weft_template **t = &templates[below(FEW)];
    weft_store *s = stores[place].store;
    u32 at = below(LINKERS), nth = below(POOL);
    Made made = {.owner = stores[place].number}, *of = &mades[nth];
    for (u32 i = 0; i < POOL && below(8) && of->owner != made.owner; i++)
        of = &mades[(nth + i) % POOL];
    bool own = of->owner == stores[place].number;
    switch (below(5)) {
    case 0:
        weft_template_free(*t);
        *t = NULL;
        break;
    case 1:
        weft_template_free(*t);
        *t = weft_template_new(modules[below(COUNT_OF(modules))], linkers[at].linker,
                               below(2) ? names[below(COUNT_OF(names))] : NULL, &diag);
        MUST(*t || diag.status != WEFT_OK);
        break;
    case 2:
        if (!*t) break;
        if (judge(weft_template_instantiate(*t, s, &made.instance, &diag), true) == WEFT_OK)
            keep_exports(place, made.instance);
        break;
    default:
        weft_template_free(*t);
        *t = weft_template_of(s, of->instance, &diag);
        MUST(*t ? own && !stores[place].running : diag.status == WEFT_ERROR && diag.name);
    }
}

static void make_pool(weft_pool **pool, weft_template *from)
{
    weft_pool_config config = weft_pool_config_init();
    weft_limits own = limits;
    if (below(2)) own.memory_bytes = (u64)below(40) << 16;
    config.places = below(PLACES + 1);
    config.functions = below(12);
    config.limits = &own;
    config.keep_bytes = (u64)byte() << 10;
    config.plain = below(2);
    *pool = weft_pool_new(from, &config, &diag);
    MUST(*pool || diag.status == WEFT_ERROR);
}

static void make_tenant(weft_tenant **tenant)
{
    weft_tenant_limits most = weft_tenant_limits_init();
    if (below(2)) most.instances = below(4);
    if (below(2)) most.memory_bytes = (u64)byte() << 14;
    if (below(2)) most.fuel = (u64)byte() << 6;
    *tenant = weft_tenant_new(&most, &diag);
    MUST(*tenant);
}

static void use_pool(u32 place)
{
    weft_pool **pool = &pools[below(FEW)];
    weft_tenant **tenant = &tenants[below(FEW)];
    weft_template *from = templates[below(FEW)];
    weft_pool_usage usage = {.size = sizeof usage};
    weft_tenant_limits used = weft_tenant_limits_init();
    switch (below(8)) {
    case 0:
        weft_pool_free(*pool);
        *pool = NULL;
        break;
    case 1:
        if (*pool) judge(weft_pool_prepare(*pool, below(PLACES + 2), &diag), true);
        break;
    case 2:
        if (!*pool) break;
        MUST(weft_pool_used(*pool, &usage, &diag) == WEFT_OK);
        MUST(usage.ready + usage.taken <= usage.places);
        break;
    case 3:
        weft_tenant_free(*tenant);
        *tenant = NULL;
        break;
    case 4:
        if (!*tenant) break;
        weft_tenant_add_fuel(*tenant, byte());
        MUST(weft_tenant_used(*tenant, &used, &diag) == WEFT_OK);
        break;
    case 5:
        if (!*tenant) make_tenant(tenant);
        break;
    default:
        weft_pool_free(*pool);
        *pool = NULL;
        if (from) make_pool(pool, from);
    }
}

// In place of the store that is there.
static void take(u32 place)
{
    u32 at = below(FEW);
    weft_pool *pool = pools[at] ? pools[at] : pools[0];
    weft_tenant *tenant = below(2) ? tenants[below(FEW)] : NULL;
    weft_store *store = NULL;
    weft_instance instance;
    if (!pool || !make_room(place)) return;
    if (judge(weft_pool_take(pool, tenant, &store, &instance, &diag), true) != WEFT_OK) return;
    settle_in(place, store);
    keep_exports(place, instance);
}

static void give(u32 place)
{
    bool runs = stores[place].running;
    weft_status status = weft_pool_give(stores[place].store, &diag);
    if (judge(status, status == WEFT_OK) != WEFT_OK) return; // wrong_store: of no pool
    MUST(!runs);
    stores[place].store = NULL;
    forget_tasks(stores[place].number);
}

// ---- Snapshots and forks ------------------------------------------------------------------------

static bool add_bytes(void *env, const void *bytes, size_t len)
{
    Written *w = env;
    if (below(64) == 1 || len > SNAPSHOT_MOST - w->len) return false;
    if (!len) return true;
    w->bytes = realloc(w->bytes, w->len + len);
    memcpy(w->bytes + w->len, bytes, len);
    w->len += len;
    return true;
}

static bool number_of(void *env, void *pointer, u64 *number)
{
    *number = (u64)((uintptr_t)pointer - (uintptr_t)items);
    MUST(*number < sizeof items);
    return below(16) != 1;
}

static bool pointer_of(void *env, u64 number, void **pointer)
{
    MUST(number < sizeof items);
    *pointer = (u8 *)items + number;
    return below(16) != 1;
}

// The same, or nothing, for a fork: the number is the pointer.
static bool same_pointer(void *env, u64 number, void **pointer)
{
    *pointer = (void *)(uintptr_t)number;
    return below(16) != 1;
}

static weft_module *module_of(void *env, const u8 hash[32])
{
    return below(2) ? modules[below(COUNT_OF(modules))] : NULL;
}

static void write_snapshot(u32 place)
{
    Written *w = &snapshots[below(FEW)], fresh = {0};
    weft_snapshot_out out = weft_snapshot_out_init(add_bytes, &fresh);
    if (below(4)) out.number = number_of;
    out.without_modules = below(4) == 1;
    weft_status status = judge(weft_snapshot_write(stores[place].store, &out, &diag), true);
    MUST(status != WEFT_OK || !stores[place].running);
    if (status == WEFT_OK) {
        free(w->bytes);
        *w = fresh;
    } else {
        free(fresh.bytes);
    }
}

// What came with it.
static void look_around(u32 place)
{
    weft_store *s = stores[place].store;
    weft_instance all[4];
    weft_task *waiting[TASKS];
    weft_extern stopped = {.kind = WEFT_FUNC};
    for (size_t i = MIN(4, weft_store_instances(s, all, 4)); i-- > 0;) keep_exports(place, all[i]);
    for (size_t i = MIN(TASKS, weft_store_tasks(s, waiting, TASKS)); i-- > 0;) {
        u32 at = below(TASKS);
        if (tasks[at].task) continue; // it goes with its store
        tasks[at].owner = stores[place].number;
        tasks[at].task = waiting[i];
    }
    if (weft_store_stopped(s, &stopped.of.func)) keep(place, stopped);
}

static weft_store *store_for(bool fueled, bool deterministic)
{
    weft_limits own = limits;
    if (!fueled) own.fuel = 0;
    weft_engine_set_deterministic(engine, deterministic);
    weft_store *store = weft_store_new(engine, &own, &diag);
    weft_engine_set_deterministic(engine, false);
    MUST(store);
    return store;
}

static void read_snapshot(u32 place)
{
    const Written *w = &snapshots[below(FEW)];
    weft_snapshot_in in = weft_snapshot_in_init();
    weft_snapshot_info info = {.size = sizeof info};
    if (!w->len || !make_room(place)) return;
    if (below(4)) in.pointer = pointer_of;
    if (below(4) == 1) in.module = module_of;
    u32 at = below(LINKERS);
    weft_linker *l = below(4) ? fresh_linker(at) : linkers[at].linker;
    MUST(weft_snapshot_look(w->bytes, w->len, &info, &diag) == WEFT_OK);
    settle_in(place, store_for(info.fueled, info.deterministic));
    if (below(4) == 1) grant_wasi(l ? l : fresh_linker(at), stores[place].store);
    l = linkers[at].linker;
    bool own = !l || !linkers[at].owner;
    if (judge(weft_snapshot_read(stores[place].store, l, w->bytes, w->len, &in, &diag), own) ==
        WEFT_OK) look_around(place);
    else free_store(place);
}

// Of the first instances, where the input says, if nobody has cut a file there.
static void compare_memories(weft_store *a, weft_store *b)
{
    weft_instance in_a[4], in_b[4];
    size_t count = weft_store_instances(a, in_a, 4);
    MUST(weft_store_instances(b, in_b, 4) == count);
    for (size_t i = 0; i < MIN(count, 4); i++) {
        weft_memory x, y;
        u8 of_a[256], of_b[256];
        if (weft_instance_memory(a, in_a[i], "m", &x, &diag) != WEFT_OK) continue;
        MUST(weft_instance_memory(b, in_b[i], "m", &y, &diag) == WEFT_OK);
        u64 size = weft_memory_size(a, x), at = (u64)below(256) << 8;
        MUST(weft_memory_size(b, y) == size);
        if (weft_memory_read(a, x, at, of_a, 256) && weft_memory_read(b, y, at, of_b, 256))
            MUST(!memcmp(of_a, of_b, 256));
        else MUST(mapped || size < 256 || at > size - 256);
    }
}

static void fork_store(u32 place)
{
    weft_store *from = stores[place].store;
    u32 to = below(WORLDS), at = below(LINKERS);
    weft_snapshot_in in = weft_snapshot_in_init();
    if (to == place || !make_room(to)) return;
    if (below(4) == 1) in.pointer = same_pointer;
    weft_linker *l = below(4) ? fresh_linker(at) : linkers[at].linker;
    bool own = !l || !linkers[at].owner;
    settle_in(to, store_for(true, false));
    weft_status status = weft_store_fork(from, stores[to].store, l, below(2) ? &in : NULL, &diag);
    if (judge(status, own) == WEFT_OK) {
        MUST(!stores[place].running);
        compare_memories(from, stores[to].store);
        look_around(to);
    } else {
        free_store(to);
    }
}

// Lets go of what keeps a store from being written, or made a template.
static void let_go(u32 place)
{
    weft_store *s = stores[place].store;
    for (u32 i = 0; i < POOL; i++) {
        if (helds[i].owner != stores[place].number) continue;
        weft_ref_release(s, helds[i].ref, &diag);
        helds[i] = (Held){0};
    }
    weft_store_stop(s, below(4) ? WEFT_STOP_NOT : WEFT_STOP_PAUSED);
    MUST(weft_store_set_fuel(s, FUEL, &diag) == WEFT_OK);
}

static void use_snapshots(u32 place)
{
    weft_module *m = weft_instance_module(stores[place].store, mades[below(POOL)].instance);
    switch (below(8)) {
    case 0: weft_engine_set_forks(engine, below(2)); break;
    case 1: let_go(place); break;
    case 2:
        if (m) weft_module_free(weft_module_share(m));
        break;
    case 3: read_snapshot(place); break;
    case 4: write_snapshot(place); break;
    case 5:
        let_go(place);
        write_snapshot(place);
        break;
    default: fork_store(place);
    }
}

// ---- Tasks --------------------------------------------------------------------------------------

static weft_status go_on(u32 place, weft_task *t, bool *own)
{
    weft_val v;
    switch (below(4)) {
    case 0:
        v = value((weft_type)below(10), stores[place].number, own);
        return weft_task_resume(t, &v, 1, &diag);
    case 1: return weft_task_retry(t, &diag);
    case 2: return weft_task_fail(t, "as the input says", &diag);
    default: return weft_task_continue(t, &diag);
    }
}

static void start_task(u32 place, u32 at)
{
    const Item f = *some_item(WEFT_FUNC, stores[place].number);
    bool own = f.owner == stores[place].number;
    weft_val args[SLOTS];
    weft_item_type type = {0};
    u32 owner = stores[place].number;
    weft_func_type(stores[place].store, f.item.of.func, &type);
    for (u32 i = 0; i < type.param_count; i++)
        args[i] = value(weft_item_param(&type, i), owner, &own);
    stores[place].running++;
    weft_task *t = weft_task_start(stores[place].store, f.item.of.func, args, type.param_count,
                                   &diag);
    stores[place].running--;
    MUST(t ? own : diag.status != WEFT_OK);
    if (tasks[at].task) weft_task_free(t); // a host function has kept one there
    else if (t) tasks[at].owner = owner, tasks[at].task = t;
}

// Of another store's tasks nobody is asked: a task knows its store.
static void use_task(u32 place)
{
    weft_store *s = stores[place].store;
    u32 at = below(TASKS);
    for (u32 i = 0; i < TASKS && tasks[at].owner != stores[place].number; i++)
        at = (at + 1) % TASKS;
    weft_task *t = tasks[at].task;
    weft_val results[SLOTS];
    weft_frame frames[4];
    bool own = true;
    weft_status status;
    if (stores[place].running) return; // not from a host function
    if (!t || below(4) == 0) {
        for (at = 0; at < TASKS && tasks[at].task;) at++;
        if (at < TASKS) start_task(place, at);
        return;
    }
    if (tasks[at].owner != stores[place].number) return;
    switch (below(6)) {
    case 0:
        tasks[at].task = NULL;
        weft_task_free(t);
        break;
    case 1:
        status = weft_task_results(t, results, below(3), &diag);
        MUST(status != WEFT_OK || weft_task_state_of(t) == WEFT_TASK_ENDED);
        break;
    case 2:
        weft_task_backtrace(t, frames, 4);
        MUST(!weft_task_stop(t) || weft_task_state_of(t) == WEFT_TASK_STOPPED);
        MUST(!weft_task_what(t) || weft_task_state_of(t) == WEFT_TASK_WAITS);
        keep(place, (weft_extern){.kind = WEFT_FUNC, .of = {.func = weft_task_func(t)}});
        break;
    case 3:
        if (!weft_store_may_continue(s)) break;
        stores[place].running++;
        weft_continue(s, results, below(3), &diag);
        stores[place].running--;
        break;
    default:
        stores[place].running++;
        status = go_on(place, t, &own);
        stores[place].running--;
        MUST(status != WEFT_OK || own);
    }
}

// ---- Maps ---------------------------------------------------------------------------------------

// Regular, of some pages, which comes and goes.
static int file(void)
{
    static int fd = -1;
    if (fd < 0) {
        char path[] = "/tmp/weft-fuzz-XXXXXX";
        MUST((fd = mkstemp(path)) >= 0 && unlink(path) == 0);
    }
    MUST(ftruncate(fd, (off_t)(below(FILE_PAGES) * weft_map_page())) == 0);
    if (below(4)) MUST(ftruncate(fd, (off_t)(FILE_PAGES * weft_map_page())) == 0);
    return fd;
}

static void use_map(u32 place)
{
    weft_store *s = stores[place].store;
    const Item *m = some_item(WEFT_MEMORY, stores[place].number);
    weft_memory memory = m->item.of.memory;
    weft_buffer **b = &buffers[below(FEW)];
    weft_map_kind kind = (weft_map_kind)below(2);
    bool own = m->owner == stores[place].number;
    u64 page = weft_map_page(), at = below(8) * page, from = below(4) * page,
        len = (1 + below(4)) * page;
    if (below(16) == 1) len += byte(), at += byte() << (byte() % 32);
    switch (below(8)) {
    case 0:
        weft_buffer_free(*b);
        *b = NULL;
        break;
    case 1: file(); break;
    case 2:
        judge(weft_memory_unmap(s, memory, at, &diag), own);
        for (u64 i = 0; i < 8; i++) judge(weft_memory_unmap(s, memory, i * page, &diag), own);
        break;
    case 3: MUST(!weft_memory_discard(s, memory, at, len) || own); break;
    case 4:
        if (judge(weft_memory_map_file(s, memory, at, file(), from, len, kind, &diag), own) ==
            WEFT_OK) mapped = true;
        break;
    default:
        if (!*b) MUST(*b = weft_buffer_new(FILE_PAGES * page, &diag));
        ((u8 *)weft_buffer_bytes(*b))[byte() % weft_buffer_size(*b)] = (u8)byte();
        if (judge(weft_memory_map(s, memory, at, *b, from, len, kind, &diag), own) == WEFT_OK)
            mapped = true;
    }
}

// ---- Linkers and items --------------------------------------------------------------------------

static weft_status answer(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    if (depth < DEEP) {
        depth++;
        for (u32 n = below(3); n; n--) operate();
        depth--;
    }
    return below(8) == 1 ? weft_trap(caller, "as the input says") : WEFT_OK;
}

static void link_in_full(u32 place)
{
    u32 at = below(LINKERS), n = below(4);
    weft_linker *l = linkers[at].linker;
    const weft_module *m = modules[below(COUNT_OF(modules))];
    const Item *item = some_item(below(WEFT_TAG + 1), stores[place].number);
    weft_name name = weft_text(names[below(COUNT_OF(names))]);
    weft_extern made = {.kind = WEFT_FUNC};
    weft_host h = weft_host_init();
    if (below(2)) h.signature = signatures[below(COUNT_OF(signatures))];
    else if (below(2)) h.type = some_type();
    // One that takes slots reads the signature that it leaves results for.
    if (h.signature && below(2)) h.fn = host;
    else h.values = answer;
    h.env = (void *)h.signature;
    h.finalize = end;
    if (!l) l = fresh_linker(at);
    switch (below(7)) {
    case 0: // early: instances stay
        weft_linker_free(l);
        linkers[at].linker = NULL;
        break;
    case 1: if (weft_linker_host(l, (weft_name){"h\0h", 1 + below(3)}, name, &h, &diag) ==
                WEFT_OK) begun++;
        break;
    case 2: {
        bool own = item->owner && (!linkers[at].owner || item->owner == linkers[at].owner);
        if (judge(weft_linker_item(l, weft_text("h"), name, item->item, &diag), own) == WEFT_OK)
            linkers[at].owner = item->owner;
        break;
    }
    case 3: if (weft_func_new_host(stores[place].store, &h, &made.of.func, &diag) != WEFT_OK)
            break;
        begun++;
        keep(place, made);
        break;
    case 4: judge(weft_linker_trap_unknown(l, m, &diag), true); break;
    default: if (weft_linker_import(l, m, n, &h, &diag) == WEFT_OK) begun++;
    }
}

static void instantiate_items(u32 place)
{
    weft_extern given[4] = {{0}};
    Made made = {.owner = stores[place].number};
    bool own = true;
    weft_module *m = modules[below(COUNT_OF(modules))];
    weft_import import;
    u32 count = below(8) ? weft_module_import_count(m) : below(5);
    for (u32 i = 0; i < MIN(count, 4); i++) {
        u32 kind = weft_module_import(m, i, &import) ? import.type.kind : WEFT_FUNC;
        const Item *item = some_item(kind, stores[place].number);
        given[i] = item->item;
        own &= item->owner == stores[place].number;
    }
    stores[place].running++;
    weft_status status = weft_instantiate_items(stores[place].store, m, given, MIN(count, 4),
                                                &made.instance, &diag);
    stores[place].running--;
    MUST(status != WEFT_OK || own);
    if (status == WEFT_OK) mades[below(POOL)] = made;
}

static void make_items(u32 place)
{
    weft_store *s = stores[place].store;
    weft_memory_config memory = weft_memory_config_init();
    weft_table_config table = weft_table_config_init();
    weft_valtype type = some_valtype();
    weft_extern made = {.kind = WEFT_MEMORY};
    bool own = true;
    u32 bits = byte();
    memory.is_64 = table.is_64 = bits & 1;
    memory.is_shared = (bits & 6) == 6;
    if (bits & 8) memory.page_size = 1;
    if (bits & 16) memory.max = table.max = (u64)byte() << (byte() % 48);
    memory.min = table.min = (bits & 32) ? below(6) : (u64)byte() << (byte() % 48);
    if (below(2)) {
        if (judge(weft_memory_new_of(s, &memory, &made.of.memory, &diag), true) == WEFT_OK)
            keep(place, made);
        return;
    }
    made.kind = WEFT_TABLE;
    table.init = value((weft_type)below(10), stores[place].number, &own);
    if (bits & 64) table.type = &type;
    if (weft_table_new_as(s, &table, &made.of.table, &diag) != WEFT_OK) return;
    MUST(own);
    keep(place, made);
}

static void free_what_makes_stores(void)
{
    for (u32 i = 0; i < FEW; i++) {
        weft_template_free(templates[i]);
        weft_pool_free(pools[i]);
        weft_tenant_free(tenants[i]);
        weft_buffer_free(buffers[i]);
        free(snapshots[i].bytes);
        templates[i] = NULL;
        pools[i] = NULL;
        tenants[i] = NULL;
        buffers[i] = NULL;
        snapshots[i] = (Written){0};
    }
}
