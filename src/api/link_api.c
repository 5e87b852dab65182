// link_api.c -- what imports mean, and instances.

#include "api/api.h"
#include "api/wasi_link.h"
#include "base/map.h"
#include "module/describe.h"
#include "weft_snapshot.h"

#include <stdlib.h>
#include <string.h>

// A name is its module's length, its module, itself; so no two pairs look alike.
struct weft_linker {
    weft_store *store; // NULL once it is gone; what is defined here is gone too then
    weft_linker *next, **link; // of the store's, and what points here
    Arena arena;
    Map names;         // to places in items
    Extern *items;
    u32 count, cap;
    weft_wasi *wasi;
    GroupThread *thread; // while it makes the instance of one
};

weft_linker *weft_linker_new(weft_store *ws, weft_diag *diag)
{
    weft_linker *l = calloc(1, sizeof *l);
    if (!l) {
        api_error(diag, ERR_out_of_memory, "%s", "for the linker");
        return NULL;
    }
    l->store = ws;
    l->next = ws->linkers;
    l->link = &ws->linkers;
    if (l->next) l->next->link = &l->next;
    ws->linkers = l;
    arena_init(&l->arena);
    map_init(&l->names, &l->arena);
    return l;
}

void weft_linker_free(weft_linker *l)
{
    if (!l) return;
    if (l->store) {
        *l->link = l->next;
        if (l->next) l->next->link = l->link;
    }
    arena_free(&l->arena);
    free(l);
}

void linkers_let_go(weft_linker *first)
{
    for (weft_linker *l = first; l; l = l->next) l->store = NULL;
}

// Its store, or NULL after saying that it is gone.
static weft_store *store_of(const weft_linker *l, weft_diag *diag)
{
    if (!l->store) api_refuse(diag, API_wrong_store, "%s", "the linker's is gone");
    return l->store;
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


// ---- Defining

// False: out of memory.
static bool add_item(weft_linker *l, const Key *key, const Extern *item)
{
    jmp_buf failed;
    l->arena.on_failure = &failed;
    if (setjmp(failed)) {
        l->arena.on_failure = NULL;
        return false;
    }
    // The name comes last: what it points to is there then, whatever fails.
    ARENA_PUSH(&l->arena, l->items, l->count, l->cap) = *item;
    map_add(&l->names, arena_copy(&l->arena, key->data, key->len), key->len, l->count - 1);
    l->arena.on_failure = NULL;
    return true;
}

// Defines what `key` names. The same item again is no error, so that what was cut short may be done
// again.
static weft_status define_key(weft_linker *l, const Key *key, const Extern *item, weft_diag *diag)
{
    const u32 *place = map_get(&l->names, key->data, key->len);
    if (!place)
        return add_item(l, key, item) ? WEFT_OK
                                      : api_error(diag, ERR_out_of_memory, "%s",
                                                  "for the definition");
    const Extern *old = &l->items[*place];
    if (old->kind == item->kind && old->func == item->func) return WEFT_OK;
    u64 split;
    memcpy(&split, key->data, sizeof split);
    char module[QUOTED_MOST], name[QUOTED_MOST];
    const u8 *names = key->data + sizeof split;
    size_t rest = key->len - sizeof split - (size_t)split;
    return api_refuse(diag, API_duplicate_definition, "%s %s",
                      quoted(module, (Bytes){names, (size_t)split}),
                      quoted(name, (Bytes){names + split, rest}));
}

static weft_status define(weft_linker *l, Bytes module, Bytes name, const Extern *item,
                          weft_diag *diag)
{
    Key key;
    if (!key_make(&key, module, name))
        return api_error(diag, ERR_out_of_memory, "%s", "for the name");
    weft_status status = define_key(l, &key, item, diag);
    key_drop(&key);
    return status;
}

weft_status weft_linker_func(weft_linker *l, const char *module, const char *name,
                             const char *signature, weft_host_fn *fn, void *env,
                             void (*finalize)(void *env), weft_diag *diag)
{
    Extern item = {.kind = EXTERN_func};
    weft_store *ws = store_of(l, diag);
    ApiFunc *h = !ws ? NULL : host_func_new(ws, signature, fn, env, &item.func, diag);
    if (!h) return WEFT_ERROR;
    weft_status status = define(l, bytes_of(module), bytes_of(name), &item, diag);
    if (status == WEFT_OK) host_func_finalize(h, finalize);
    return status;
}

weft_status weft_linker_func_of(weft_linker *l, const char *module, const char *name,
                                weft_deftype type, weft_values_fn *fn, void *env,
                                void (*finalize)(void *env), weft_diag *diag)
{
    Extern item = {.kind = EXTERN_func};
    weft_store *ws = store_of(l, diag);
    ApiFunc *h = !ws ? NULL : host_func_new_of(ws, type, fn, env, &item.func, diag);
    if (!h) return WEFT_ERROR;
    weft_status status = define(l, bytes_of(module), bytes_of(name), &item, diag);
    if (status == WEFT_OK) host_func_finalize(h, finalize);
    return status;
}

weft_status weft_linker_define(weft_linker *l, const char *module, const char *name,
                               weft_extern given, weft_diag *diag)
{
    Extern item;
    weft_store *ws = store_of(l, diag);
    if (!ws) return WEFT_ERROR;
    if (!api_item(ws, &given, &item))
        return api_refuse(diag, API_wrong_store, "to define \"%.100s\" \"%.100s\"", module, name);
    return define(l, bytes_of(module), bytes_of(name), &item, diag);
}

weft_status weft_linker_instance(weft_linker *l, const char *module, weft_instance instance,
                                 weft_diag *diag)
{
    weft_store *ws = store_of(l, diag);
    if (!ws) return WEFT_ERROR;
    if (instance.store != ws->id)
        return api_refuse(diag, API_wrong_store, "%s", "the instance");
    const Instance *inst = instance.item;
    for (u32 i = 0; i < inst->module->export_count; i++) {
        Bytes name = inst->module->exports[i].name;
        Extern item;
        instance_export_at(inst, i, &item);
        if (define(l, bytes_of(module), name, &item, diag) != WEFT_OK) return WEFT_ERROR;
    }
    return WEFT_OK;
}

weft_status weft_linker_wasi(weft_linker *l, weft_wasi *wasi, weft_diag *diag)
{
    weft_store *ws = store_of(l, diag);
    if (!ws) return WEFT_ERROR;
    if (l->wasi || wasi->taken) return api_refuse(diag, API_duplicate_definition, "%s", "WASI");
    wasi->taken = true;
    wasi->next = ws->wasis;
    ws->wasis = wasi;
    l->wasi = wasi;
    wasi_obey(ws->s, wasi->ctx);
    return WEFT_OK;
}

// ---- Instances

bool linker_resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    weft_linker *l = env;
    Key key;
    if (!l) return false;
    if (!key_make(&key, import->module, import->name)) {
        out->kind = EXTERN_COUNT;
        return false;
    }
    const u32 *place = map_get(&l->names, key.data, key.len);
    key_drop(&key);
    if (place) *out = l->items[*place];
    if (place || (l->wasi && wasi_resolve(l->store->s, l->wasi->ctx, import, out))) return true;
    return l->thread && out->kind != EXTERN_COUNT && group_resolve(l->thread, import, type, out);
}

// The store keeps the module, also when instantiating fails late: its functions may be in a table
// by then.
bool store_keep_module(weft_store *ws, weft_module *module)
{
    ModuleUse *use = malloc(sizeof *use);
    if (!use) return false;
    *use = (ModuleUse){ws->modules, module};
    ws->modules = use;
    atomic_fetch_add(&module->users, 1);
    return true;
}

static void drop_module(weft_store *ws)
{
    ModuleUse *use = ws->modules;
    ws->modules = use->next;
    module_release(use->module);
    free(use);
}

weft_status api_make(weft_store *ws, weft_module *module, weft_linker *linker,
                     GroupThread *thread, Instance **out, weft_diag *diag)
{
    Diag why;
    if (!store_keep_module(ws, module))
        return api_error(diag, ERR_out_of_memory, "%s", "for the instance");
    linker->thread = thread;
    Instantiated made = engine_make(ws->s, module->source.module, linker_resolve, linker, &why);
    linker->thread = NULL;
    if (!made.instance) drop_module(ws);
    if (!made.instance && !made.trap) return api_diag(diag, &why);
    *out = made.instance;
    return api_leave(ws, made.trap, diag);
}

weft_status api_instantiate(weft_store *ws, weft_module *module, Resolver *resolver, void *env,
                            Instance **out, weft_diag *diag)
{
    Diag why;
    *out = NULL;
    if (module->engine != ws->engine)
        return api_refuse(diag, API_wrong_engine, "%s", "the store has one of its own");
    if (!store_keep_module(ws, module))
        return api_error(diag, ERR_out_of_memory, "%s", "for the instance");
    Instantiated made = engine_instantiate(ws->s, module->source.module, resolver, env, &why);
    if (!made.instance) drop_module(ws);
    if (!made.instance && !made.trap) return api_diag(diag, &why);
    if (!made.trap) *out = made.instance;
    return api_leave(ws, made.trap, diag);
}

weft_status weft_instantiate(weft_store *ws, weft_module *module, weft_linker *linker,
                             weft_instance *out,
                             weft_diag *diag)
{
    Instance *made = NULL;
    bool stranger = linker && linker->store != ws;
    weft_status status =
        stranger ? api_refuse(diag, API_wrong_store, "%s", "the linker")
                 : api_instantiate(ws, module, linker_resolve, linker, &made, diag);
    *out = made ? (weft_instance){ws->id, made} : (weft_instance){0, NULL};
    return status;
}

weft_store *linker_store(const weft_linker *l) { return l->store; }
weft_wasi *linker_wasi(const weft_linker *l) { return l->wasi; }

size_t weft_store_instances(const weft_store *ws, weft_instance *out, size_t max)
{
    size_t count = 0, at;
    for (const Instance *i = ws->s->instances; i; i = i->next) count++;
    at = count;
    for (Instance *i = ws->s->instances; i; i = i->next)
        if (--at < max) out[at] = (weft_instance){ws->id, i};
    return count;
}

weft_module *weft_instance_module(const weft_store *ws, weft_instance instance)
{
    if (instance.store != ws->id) return NULL;
    const ModuleUse *use = ws->modules;
    while (use->module->source.module != ((const Instance *)instance.item)->module) use = use->next;
    return use->module;
}

// ---- Exports

bool weft_instance_export(const weft_store *ws, weft_instance instance, const char *name,
                          weft_extern *out)
{
    Extern item;
    if (instance.store != ws->id || !instance_export(instance.item, bytes_of(name), &item))
        return false;
    *out = api_extern(ws, &item);
    return true;
}

bool weft_instance_export_at(const weft_store *ws, weft_instance instance, uint32_t index,
                             weft_extern *out)
{
    Extern item;
    if (instance.store != ws->id || !instance_export_at(instance.item, index, &item)) return false;
    *out = api_extern(ws, &item);
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
