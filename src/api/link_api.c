// link_api.c -- what imports mean, and instances.

#include "api/component.h"
#include "api/pool.h"
#include "api/wasi_link.h"
#include "base/map.h"
#include "module/describe.h"
#include "wasi/wasi.h"
#include "weft_snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What a name means: a function that any store may have, or an item of the linker's store.
typedef struct {
    ApiFunc *func;     // NULL: the item
    Extern item;
} Definition;

// A name is its module's length, its module, itself; so no two pairs look alike.
struct weft_linker {
    weft_engine *engine;
    u64 store;         // the number of the store that items are of; 0: there are none
    Arena arena;
    Map names;         // to places in `all`
    Definition *all;
    u32 count, cap;
    bool wasi;         // answers its imports
    struct ComponentDefs *components; // or NULL
};

weft_linker *weft_linker_new(weft_engine *engine, weft_diag *diag)
{
    weft_linker *l = calloc(1, sizeof *l);
    if (!l) {
        api_error(diag, ERR_out_of_memory, "%s", "for the linker");
        return NULL;
    }
    l->engine = engine;
    atomic_fetch_add(&engine->users, 1);
    arena_init(&l->arena);
    map_init(&l->names, &l->arena);
    return l;
}

void weft_linker_free(weft_linker *l)
{
    if (!l) return;
    for (u32 i = 0; i < l->count; i++)
        if (l->all[i].func) host_shared_release(l->all[i].func);
    component_defs_free(l->components);
    arena_free(&l->arena);
    engine_release(l->engine);
    free(l);
}

// ---- Names

enum { SHORT_KEY = 256 };

typedef struct {
    u8 *data;
    size_t len;
    u8 small[SHORT_KEY];
} Key;

// False: out of memory.
static bool key_make(Key *key, Bytes module, Bytes name)
{
    u64 first = module.len;
    key->len = sizeof first + module.len + name.len;
    key->data = key->len <= SHORT_KEY ? key->small : malloc(key->len);
    if (!key->data) return false;
    memcpy(key->data, &first, sizeof first);
    if (module.len) memcpy(key->data + sizeof first, module.data, module.len);
    if (name.len) memcpy(key->data + sizeof first + module.len, name.data, name.len);
    return true;
}

static void key_drop(Key *key)
{
    if (key->data != key->small) free(key->data);
}

// NULL: it is not defined.
static const Definition *find_key(const weft_linker *l, const Key *key)
{
    const u32 *place = map_get(&l->names, key->data, key->len);
    return place ? &l->all[*place] : NULL;
}

// ---- Defining

// False: out of memory.
static bool add(weft_linker *l, const Key *key, const Definition *def)
{
    jmp_buf failed;
    l->arena.on_failure = &failed;
    if (setjmp(failed)) {
        l->arena.on_failure = NULL;
        return false;
    }
    // The name comes last: what it points to is there then, whatever fails.
    const void *name = arena_copy(&l->arena, key->data, key->len);
    u32 place = l->count;
    ARENA_PUSH(&l->arena, l->all, l->count, l->cap) = *def;
    l->count = place;
    map_add(&l->names, name, key->len, place);
    l->count = place + 1;
    l->arena.on_failure = NULL;
    return true;
}

// Defines what `key` names. The same item again is no error, so that what was cut short may be done
// again.
static weft_status define_key(weft_linker *l, const Key *key, const Definition *def,
                              weft_diag *diag)
{
    const Definition *old = find_key(l, key);
    if (!old)
        return add(l, key, def) ? WEFT_OK
                                : api_error(diag, ERR_out_of_memory, "%s", "for the definition");
    bool items = !def->func && !old->func;
    if (items && old->item.kind == def->item.kind && old->item.func == def->item.func)
        return WEFT_OK;
    u64 split;
    memcpy(&split, key->data, sizeof split);
    char module[QUOTED_MOST], name[QUOTED_MOST];
    const u8 *names = key->data + sizeof split;
    size_t rest = key->len - sizeof split - (size_t)split;
    return api_refuse(diag, API_duplicate_definition, "%s %s",
                      quoted(module, (Bytes){names, (size_t)split}),
                      quoted(name, (Bytes){names + split, rest}));
}

static weft_status define(weft_linker *l, Bytes module, Bytes name, const Definition *def,
                          weft_diag *diag)
{
    Key key;
    if (!key_make(&key, module, name))
        return api_error(diag, ERR_out_of_memory, "%s", "for the name");
    weft_status status = define_key(l, &key, def, diag);
    key_drop(&key);
    return status;
}

// A function that is the linker's from then on, or is dropped without a word to its finalizer.
static weft_status define_func(weft_linker *l, Bytes module, Bytes name, ApiFunc *func,
                               weft_diag *diag)
{
    if (!func) return WEFT_ERROR;
    weft_status status = define(l, module, name, &(Definition){.func = func}, diag);
    if (status == WEFT_OK) return status;
    func->finalize = NULL;
    host_shared_release(func);
    return status;
}

static Bytes bytes_in(weft_name name) { return (Bytes){(const u8 *)name.data, name.len}; }

static weft_status define_host(weft_linker *l, Bytes module, Bytes name, const weft_host *given,
                               TypeId import, weft_diag *diag)
{
    weft_host host;
    if (api_struct_in(given, &host, sizeof host, diag) != WEFT_OK) return WEFT_ERROR;
    return define_func(l, module, name, host_shared_new(l->engine, &host, import, 0, diag), diag);
}

weft_status weft_linker_host(weft_linker *l, weft_name module, weft_name name,
                             const weft_host *host, weft_diag *diag)
{
    return define_host(l, bytes_in(module), bytes_in(name), host, 0, diag);
}

weft_status weft_linker_func(weft_linker *l, const char *module, const char *name,
                             const char *signature, weft_host_fn *fn, void *env,
                             void (*finalize)(void *env), weft_diag *diag)
{
    const weft_host host = {.size = sizeof host, .signature = signature, .fn = fn, .env = env,
                            .finalize = finalize};
    return define_host(l, bytes_of(module), bytes_of(name), &host, 0, diag);
}

weft_status weft_linker_func_of(weft_linker *l, const char *module, const char *name,
                                weft_deftype type, weft_values_fn *fn, void *env,
                                void (*finalize)(void *env), weft_diag *diag)
{
    const weft_host host = {.size = sizeof host, .type = type, .values = fn, .env = env,
                            .finalize = finalize};
    return define_host(l, bytes_of(module), bytes_of(name), &host, 0, diag);
}

static weft_status check_engine(const weft_linker *l, const weft_module *module, weft_diag *diag)
{
    if (module->engine == l->engine) return WEFT_OK;
    return api_refuse(diag, API_wrong_engine, "%s", "the linker has one of its own");
}

weft_status weft_linker_import(weft_linker *l, const weft_module *module, uint32_t index,
                               const weft_host *host, weft_diag *diag)
{
    const Module *m = module->source.module;
    if (check_engine(l, module, diag) != WEFT_OK) return WEFT_ERROR;
    if (index >= m->import_count)
        return api_refuse(diag, API_out_of_bounds, "import %u of a module with %u", index,
                          m->import_count);
    const Import *import = &m->imports[index];
    if (import->kind != EXTERN_func)
        return api_refuse(diag, API_wrong_kind, "import %u is a %s", index,
                          extern_text[import->kind]);
    return define_host(l, import->module, import->name, host, import_type(m, import).func, diag);
}

static weft_status call_unknown(void *env, weft_caller *caller, const weft_val *args,
                                weft_val *results)
{
    return weft_trap(caller, env);
}

// Its message stands behind it.
static ApiFunc *new_unknown(weft_linker *l, const Module *m, const Import *import, weft_diag *diag)
{
    enum { MESSAGE = 2 * QUOTED_MOST + 20 };
    char module[QUOTED_MOST], name[QUOTED_MOST];
    const weft_host host = {.size = sizeof host, .values = call_unknown};
    ApiFunc *func = host_shared_new(l->engine, &host, import_type(m, import).func, MESSAGE, diag);
    if (!func) return NULL;
    func->env = func + 1;
    snprintf(func->env, MESSAGE, "unknown import %s %s", quoted(module, import->module),
             quoted(name, import->name));
    return func;
}

// Does the linker answer it with a function of WASI's?
static bool is_wasi(const weft_linker *l, const Import *import)
{
    return l->wasi && wasi_find((const char *)import->module.data, import->module.len,
                                (const char *)import->name.data, import->name.len);
}

weft_status weft_linker_trap_unknown(weft_linker *l, const weft_module *module, weft_diag *diag)
{
    const Module *m = module->source.module;
    if (check_engine(l, module, diag) != WEFT_OK) return WEFT_ERROR;
    for (u32 i = 0; i < m->import_count; i++) {
        const Import *import = &m->imports[i];
        Key key;
        if (import->kind != EXTERN_func || is_wasi(l, import)) continue;
        if (!key_make(&key, import->module, import->name))
            return api_error(diag, ERR_out_of_memory, "%s", "for the name");
        bool known = find_key(l, &key);
        key_drop(&key);
        if (known) continue;
        ApiFunc *func = new_unknown(l, m, import, diag);
        if (define_func(l, import->module, import->name, func, diag) != WEFT_OK) return WEFT_ERROR;
    }
    return WEFT_OK;
}

// May the linker have items of the store with this number? With the first one it is for that alone.
static weft_status check_store(const weft_linker *l, u64 store, weft_diag *diag)
{
    if (!store) return api_refuse(diag, API_wrong_store, "%s", "the item names nothing");
    if (!l->store || l->store == store) return WEFT_OK;
    return api_refuse(diag, API_wrong_store, "%s", "the linker has items of another");
}

static weft_status define_item(weft_linker *l, Bytes module, Bytes name, const Extern *item,
                               u64 store, weft_diag *diag)
{
    weft_status status = define(l, module, name, &(Definition){.item = *item}, diag);
    if (status == WEFT_OK) l->store = store;
    return status;
}

weft_status weft_linker_item(weft_linker *l, weft_name module, weft_name name, weft_extern given,
                             weft_diag *diag)
{
    Extern item;
    u64 store = api_extern_in(&given, &item) ? given.of.func.store : 0;
    if (check_store(l, store, diag) != WEFT_OK) return WEFT_ERROR;
    return define_item(l, bytes_in(module), bytes_in(name), &item, store, diag);
}

weft_status weft_linker_define(weft_linker *l, const char *module, const char *name,
                               weft_extern item, weft_diag *diag)
{
    return weft_linker_item(l, weft_text(module), weft_text(name), item, diag);
}

weft_status weft_linker_instance(weft_linker *l, const weft_store *ws, const char *module,
                                 weft_instance instance, weft_diag *diag)
{
    return weft_linker_exports(l, ws, weft_text(module), instance, diag);
}

weft_status weft_linker_exports(weft_linker *l, const weft_store *ws, weft_name module,
                                weft_instance instance, weft_diag *diag)
{
    if (instance.store != ws->id)
        return api_refuse(diag, API_wrong_store, "%s", "the instance");
    if (check_store(l, ws->id, diag) != WEFT_OK) return WEFT_ERROR;
    const Instance *inst = instance.item;
    for (u32 i = 0; i < inst->module->export_count; i++) {
        Bytes name = inst->module->exports[i].name;
        Extern item;
        instance_export_at(inst, i, &item);
        if (define_item(l, bytes_in(module), name, &item, ws->id, diag) != WEFT_OK)
            return WEFT_ERROR;
    }
    return WEFT_OK;
}

void weft_linker_wasi(weft_linker *l) { l->wasi = true; }

bool linker_has_wasi(const weft_linker *l) { return l->wasi; }
weft_engine *linker_engine(const weft_linker *l) { return l->engine; }
struct ComponentDefs **linker_components(weft_linker *l) { return &l->components; }

// ---- Instances

// Who links: a store, by what a linker has, and the group that it is a thread of; or by items, of
// which there is one for each import.
typedef struct {
    weft_store *store;
    const weft_linker *linker; // or NULL
    GroupThread *thread;       // or NULL
    const Import *imports;
    const Extern *items;       // or NULL
} Linking;

bool linker_resolve(const weft_linker *l, weft_store *ws, const Import *import, Extern *out)
{
    Key key;
    if (!l) return false;
    out->kind = EXTERN_COUNT; // until all memory is had
    if (!key_make(&key, import->module, import->name)) return false;
    const Definition *def = find_key(l, &key);
    key_drop(&key);
    if (!def) {
        out->kind = import->kind;
        return l->wasi && wasi_link(ws->s, import, out);
    }
    Func *func = def->func ? host_shared_in(ws, def->func) : NULL;
    if (def->func && !func) return false;
    *out = func ? (Extern){.kind = EXTERN_func, .func = func} : def->item;
    return true;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    const Linking *by = env;
    if (by->items) *out = by->items[import - by->imports];
    if (by->items || linker_resolve(by->linker, by->store, import, out)) return true;
    return by->thread && out->kind != EXTERN_COUNT && group_resolve(by->thread, import, type, out);
}

bool store_keep_module(weft_store *ws, weft_module *module)
{
    ModuleUse *use = malloc(sizeof *use);
    if (!use) return false;
    *use = (ModuleUse){ws->modules, module};
    ws->modules = use;
    atomic_fetch_add(&module->users, 1);
    return true;
}

void store_drop_module(weft_store *ws)
{
    ModuleUse *use = ws->modules;
    ws->modules = use->next;
    module_release(use->module);
    free(use);
}

weft_status linker_check(const weft_store *ws, const weft_linker *l, weft_diag *diag)
{
    if (api_check_whole(ws, diag) != WEFT_OK) return WEFT_ERROR;
    if (l && l->engine != ws->engine)
        return api_refuse(diag, API_wrong_engine, "%s", "the linker has one of its own");
    if (!l || !l->store || l->store == ws->id) return WEFT_OK;
    return api_refuse(diag, API_wrong_store, "%s",
                      "the linker has items of another one, which may be gone");
}

static weft_status check_module(const weft_store *ws, const weft_module *module, weft_diag *diag)
{
    if (api_check_whole(ws, diag) != WEFT_OK) return WEFT_ERROR;
    if (module->engine == ws->engine) return WEFT_OK;
    return api_refuse(diag, API_wrong_engine, "%s", "the store has one of its own");
}

// `how` is engine_make or engine_instantiate.
static weft_status make(Instantiated (*how)(Store *, const Module *, Resolver *, void *, Diag *),
                        weft_store *ws, weft_module *module, Resolver *resolver, void *env,
                        Instance **out, weft_diag *diag)
{
    Diag why;
    *out = NULL;
    if (check_module(ws, module, diag) != WEFT_OK) return WEFT_ERROR;
    if (!store_keep_module(ws, module))
        return api_error(diag, ERR_out_of_memory, "%s", "for the instance");
    Instantiated made = how(ws->s, module->source.module, resolver, env, &why);
    if (!made.instance) store_drop_module(ws);
    if (!made.instance && !made.trap) return api_diag(diag, &why);
    if (!made.trap) *out = made.instance;
    return api_leave(ws, made.trap, diag);
}

weft_status api_make(weft_store *ws, weft_module *module, weft_linker *linker,
                     GroupThread *thread, Instance **out, weft_diag *diag)
{
    Linking by = {.store = ws, .linker = linker, .thread = thread};
    if (linker_check(ws, linker, diag) != WEFT_OK) return WEFT_ERROR;
    return make(engine_make, ws, module, resolve, &by, out, diag);
}

weft_status api_instantiate(weft_store *ws, weft_module *module, Resolver *resolver, void *env,
                            Instance **out, weft_diag *diag)
{
    return make(engine_instantiate, ws, module, resolver, env, out, diag);
}

static weft_status instantiate(weft_module *module, Linking *by, weft_instance *out,
                               weft_diag *diag)
{
    Instance *made;
    weft_status status = api_instantiate(by->store, module, resolve, by, &made, diag);
    if (status == WEFT_OK) *out = (weft_instance){by->store->id, made};
    return status;
}

weft_status weft_instantiate(weft_store *ws, weft_module *module, weft_linker *linker,
                             weft_instance *out, weft_diag *diag)
{
    *out = (weft_instance){0, NULL};
    if (linker_check(ws, linker, diag) != WEFT_OK) return WEFT_ERROR;
    return instantiate(module, &(Linking){.store = ws, .linker = linker}, out, diag);
}

static weft_status items_in(const weft_store *ws, const weft_extern *given, u32 count, Extern *out,
                            weft_diag *diag)
{
    for (u32 i = 0; i < count; i++)
        if (!api_item(ws, &given[i], &out[i]))
            return api_refuse(diag, API_wrong_store, "import %u", i);
    return WEFT_OK;
}

weft_status weft_instantiate_items(weft_store *ws, weft_module *module, const weft_extern *given,
                                   size_t count, weft_instance *out, weft_diag *diag)
{
    const Module *m = module->source.module;
    *out = (weft_instance){0, NULL};
    if (check_module(ws, module, diag) != WEFT_OK) return WEFT_ERROR;
    if (count != m->import_count)
        return api_refuse(diag, API_wrong_count, "the module has %u imports, not %zu",
                          m->import_count, count);
    Extern *items = calloc(count + 1, sizeof *items);
    if (!items) return api_error(diag, ERR_out_of_memory, "%s", "for the instance");
    Linking by = {.store = ws, .imports = m->imports, .items = items};
    weft_status status = items_in(ws, given, (u32)count, items, diag);
    if (status == WEFT_OK) status = instantiate(module, &by, out, diag);
    free(items);
    return status;
}

// What is inside a component is nobody's but its own.
static bool is_listed(const weft_store *ws, const Instance *i)
{
    return !ws->components || store_module_of(ws, i->module);
}

size_t weft_store_instances(const weft_store *ws, weft_instance *out, size_t max)
{
    size_t count = 0, at;
    if (ws->half_read) return 0;
    for (const Instance *i = ws->s->instances; i; i = i->next) count += is_listed(ws, i);
    at = count;
    for (Instance *i = ws->s->instances; i; i = i->next)
        if (is_listed(ws, i) && --at < max) out[at] = (weft_instance){ws->id, i};
    return count;
}

weft_module *store_module_of(const weft_store *ws, const Module *module)
{
    const ModuleUse *use = ws->modules;
    while (use && use->module->source.module != module) use = use->next;
    if (use) return use->module;
    weft_module *pooled = ws->place ? pool_module(ws) : NULL;
    return pooled && pooled->source.module == module ? pooled : NULL;
}

weft_module *weft_instance_module(const weft_store *ws, weft_instance instance)
{
    if (instance.store != ws->id) return NULL;
    return store_module_of(ws, ((const Instance *)instance.item)->module);
}

// ---- Exports

bool weft_instance_find(const weft_store *ws, weft_instance instance, weft_name name,
                        weft_extern *out)
{
    Extern item;
    if (instance.store != ws->id || !instance_export(instance.item, bytes_in(name), &item))
        return false;
    *out = api_extern(ws, &item);
    return true;
}

bool weft_instance_export(const weft_store *ws, weft_instance instance, const char *name,
                          weft_extern *out)
{
    return weft_instance_find(ws, instance, weft_text(name), out);
}

bool weft_instance_export_at(const weft_store *ws, weft_instance instance, uint32_t index,
                             weft_extern *out)
{
    Extern item;
    if (instance.store != ws->id || !instance_export_at(instance.item, index, &item)) return false;
    *out = api_extern(ws, &item);
    return true;
}

bool weft_func_origin(const weft_store *ws, weft_func func, weft_instance *out, uint32_t *index)
{
    const Func *f = func.item;
    if (func.store != ws->id || !f || f->host) return false;
    *out = (weft_instance){ws->id, func_instance(&ws->s->exec, f)};
    *index = f->index;
    return true;
}

static weft_status find(const weft_store *ws, weft_instance instance, const char *name,
                        weft_kind kind,
                        weft_extern *out, weft_diag *diag)
{
    if (instance.store != ws->id) return api_refuse(diag, API_wrong_store, "%s", "the instance");
    if (!weft_instance_export(ws, instance, name, out))
        return api_refuse(diag, API_unknown_export, "\"%.200s\"", name);
    return out->kind == kind
               ? WEFT_OK
               : api_refuse(diag, API_wrong_kind, "\"%.200s\" is a %s, and a %s is wanted", name,
                            extern_text[out->kind - WEFT_FUNC], extern_text[kind - WEFT_FUNC]);
}

#define FIND(kind, KIND)                                                                           \
    weft_status weft_instance_##kind(const weft_store *ws, weft_instance instance,                 \
                                     const char *name, weft_##kind *out, weft_diag *diag)          \
    {                                                                                              \
        weft_extern item;                                                                          \
        weft_status status = find(ws, instance, name, KIND, &item, diag);                          \
        if (status == WEFT_OK) *out = item.of.kind;                                                \
        return status;                                                                             \
    }
FIND(func, WEFT_FUNC)
FIND(memory, WEFT_MEMORY)
FIND(global, WEFT_GLOBAL)
FIND(table, WEFT_TABLE)
FIND(tag, WEFT_TAG)
