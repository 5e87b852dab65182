// module_api.c -- engines, modules, and what they say of themselves.

#include "api/api.h"
#include "engine/cache.h"
#include "module/describe.h"

#include <stdlib.h>
#include <string.h>

// ---- Engine

weft_engine *weft_engine_new(const char *features, weft_diag *diag)
{
    Features set = features_default;
    Bytes bad;
    if (features && !features_parse(&set, features, &bad)) {
        api_refuse(diag, API_unknown_feature, "%.*s", (int)MIN(bad.len, 100),
                   (const char *)bad.data);
        return NULL;
    }
    weft_engine *e = calloc(1, sizeof *e);
    if (e) e->engine = engine_new(set);
    if (!e || !e->engine) {
        free(e);
        api_error(diag, ERR_out_of_memory, "%s", "for the engine");
        return NULL;
    }
    atomic_init(&e->users, 1);
    return e;
}

void engine_release(weft_engine *e)
{
    if (atomic_fetch_sub(&e->users, 1) != 1) return;
    Cache *cache = e->engine->cache;
    engine_free(e->engine);
    cache_free(cache);
    free(e);
}

void weft_engine_free(weft_engine *e)
{
    if (e) engine_release(e);
}

void weft_engine_set_deterministic(weft_engine *e, bool on) { e->engine->deterministic = on; }

void weft_engine_set_tier(weft_engine *e, weft_tier tier)
{
    _Static_assert((int)WEFT_TIER_AUTO == TIER_auto && (int)WEFT_TIER_INTERP == TIER_interp &&
                       (int)WEFT_TIER_BASELINE == TIER_baseline && (int)WEFT_TIER_OPT == TIER_opt,
                   "one enumeration");
    // what a later header has is for the engine to choose
    e->engine->tier = (u32)tier <= TIER_opt ? (Tier)tier : TIER_auto;
}

weft_tier weft_engine_tier(const weft_engine *e) { return (weft_tier)e->engine->tier; }
void weft_engine_set_beside(weft_engine *e, size_t bytes)
{
    e->engine->beside.bytes = (u32)MIN(bytes, UINT32_MAX);
}

const char *weft_compiled_lacks(void) { return tier_lacks(); }

weft_status weft_engine_set_faults(weft_engine *e, bool on, weft_diag *diag)
{
    int err = engine_set_faults(e->engine, on);
    return err ? api_refuse(diag, API_system_error, "handlers of faults: %s", strerror(err))
               : WEFT_OK;
}

bool weft_engine_faults(const weft_engine *e) { return e->engine->faults; }

weft_status weft_engine_set_limits(weft_engine *e, const weft_engine_limits *given, weft_diag *diag)
{
    weft_engine_limits limits;
    if (api_struct_in(given, &limits, sizeof limits, diag) != WEFT_OK) return WEFT_ERROR;
#define ENGINE_LIMIT(name)                                                                         \
    __atomic_store_n(&e->engine->accounts[ENGINE_##name].limit,                                    \
                     limits.name ? (size_t)MIN(limits.name, SIZE_MOST) : engine_limit_default,     \
                     __ATOMIC_RELAXED);
#include "op/limit.def"
    e->engine->module_size = limits.module_size;
    e->engine->load_ns = limits.load_ns;
    e->engine->js_limits = limits.js;
    return WEFT_OK;
}

weft_status weft_engine_usage(const weft_engine *e, weft_engine_limits *out, weft_diag *diag)
{
    weft_engine_limits used = weft_engine_limits_init();
#define ENGINE_LIMIT(name) used.name = account_used(&e->engine->accounts[ENGINE_##name]);
#include "op/limit.def"
    return api_struct_out(out, &used, sizeof used, diag);
}

// ---- Modules

// Of so many bytes, as far as they are known.
bool api_check_size(const weft_engine *e, u64 len, Diag *diag)
{
    u64 most = e->engine->module_size;
    return !most || len <= most ||
           diag_fail(diag, ERR_limit_module_size, 0, "%llu bytes, %llu at most",
                     (unsigned long long)len, (unsigned long long)most);
}

// A module points into its binary, so that is copied; text is only read while it is translated.
static bool load(weft_module *m, const void *bytes, size_t len, Diag *diag)
{
    Account *account = &m->engine->engine->accounts[ENGINE_module_bytes];
    diag_init(diag);
    if (!api_check_size(m->engine, len, diag)) return false;
    if (len >= 4 && !memcmp(bytes, "\0asm", 4)) {
        if (!account_take_shared(account, len))
            return diag_fail(diag, ERR_limit_module_bytes, 0, "for the module's bytes");
        m->copy = malloc(len);
        if (!m->copy) {
            account_give_shared(account, len);
            return diag_fail(diag, ERR_out_of_memory, 0, "for the module's bytes");
        }
        m->copied = len;
        memcpy(m->copy, bytes, len);
        bytes = m->copy;
    }
    if (!source_load(&m->source, m->engine->engine, bytes, len, diag)) return false;
    m->source.data = NULL;
    return true;
}

weft_module *api_module_alloc(weft_engine *e)
{
    weft_module *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->engine = e;
    atomic_init(&m->users, 1);
    atomic_fetch_add(&e->users, 1);
    return m;
}

weft_module *weft_module_new(weft_engine *e, const void *bytes, size_t len, weft_diag *diag)
{
    Diag why;
    weft_module *m = api_module_alloc(e);
    if (!m) {
        api_error(diag, ERR_out_of_memory, "%s", "for the module");
        return NULL;
    }
    if (load(m, bytes, len, &why)) return m;
    api_diag(diag, &why);
    module_release(m);
    return NULL;
}

// ---- Modules in pieces

struct weft_loader {
    weft_module *module;
    u64 fed;             // bytes
    Diag why;            // the first failure
};

weft_loader *weft_loader_new(weft_engine *e, weft_diag *diag)
{
    weft_loader *l = calloc(1, sizeof *l);
    weft_module *m = l ? api_module_alloc(e) : NULL;
    if (!m) {
        free(l);
        api_error(diag, ERR_out_of_memory, "%s", "for the module");
        return NULL;
    }
    l->module = m;
    if (source_begin(&m->source, e->engine, 0, &l->why)) return l;
    api_diag(diag, &l->why);
    weft_loader_free(l);
    return NULL;
}

static bool feed(weft_loader *l, const u8 *bytes, size_t len)
{
    Source *s = &l->module->source;
    l->fed += len;
    if (l->why.err == ERR_none) api_check_size(l->module->engine, l->fed, &l->why);
    while (len && l->why.err == ERR_none) {
        size_t room = 0;
        u8 *at = source_room(s, &room, &l->why);
        if (!at) break;
        size_t piece = MIN(room, len);
        memcpy(at, bytes, piece);
        bytes += piece;
        len -= piece;
        source_took(s, piece, &l->why);
    }
    return l->why.err == ERR_none;
}

weft_status weft_loader_feed(weft_loader *l, const void *bytes, size_t len, weft_diag *diag)
{
    return feed(l, bytes, len) ? WEFT_OK : api_diag(diag, &l->why);
}

weft_module *weft_loader_finish(weft_loader *l, weft_diag *diag)
{
    weft_module *m = l->module;
    bool good = l->why.err == ERR_none && source_end(&m->source, &l->why);
    if (!good) api_diag(diag, &l->why);
    else l->module = NULL;
    weft_loader_free(l);
    return good ? m : NULL;
}

void weft_loader_free(weft_loader *l)
{
    if (!l) return;
    if (l->module) module_release(l->module);
    free(l);
}

void module_release(weft_module *m)
{
    if (atomic_fetch_sub(&m->users, 1) != 1) return;
    source_free(&m->source);
    account_give_shared(&m->engine->engine->accounts[ENGINE_module_bytes], m->copied);
    free(m->copy);
    engine_release(m->engine);
    free(m);
}

void weft_module_free(weft_module *m)
{
    if (m) module_release(m);
}

weft_status weft_validate(weft_engine *e, const void *bytes, size_t len, weft_diag *diag)
{
    Source source;
    Diag why;
    diag_init(&why);
    if (!api_check_size(e, len, &why)) return api_diag(diag, &why);
    bool good = source_load(&source, e->engine, bytes, len, &why);
    source_free(&source);
    return good ? WEFT_OK : api_diag(diag, &why);
}

// ---- Types

// The widest type that values of this form have; TYPE_bottom: none, or several.
Type api_plain_type(weft_type type)
{
    switch (type) {
    case WEFT_I32: return TYPE_i32;
    case WEFT_I64: return TYPE_i64;
    case WEFT_F32: return TYPE_f32;
    case WEFT_F64: return TYPE_f64;
    case WEFT_V128: return TYPE_v128;
    case WEFT_FUNCREF: return type_ref(true, HEAP_func);
    case WEFT_EXTERNREF: return type_ref(true, HEAP_extern);
    default: return TYPE_bottom;
    }
}

weft_type api_type(const TypeStore *types, Type type)
{
    switch (type) {
    case TYPE_i32: return WEFT_I32;
    case TYPE_i64: return WEFT_I64;
    case TYPE_f32: return WEFT_F32;
    case TYPE_f64: return WEFT_F64;
    case TYPE_v128: return WEFT_V128;
    default: break;
    }
    Heap top = type_top(types, type);
    return top == HEAP_func ? WEFT_FUNCREF : top == HEAP_extern ? WEFT_EXTERNREF : WEFT_REF;
}

static void set_limits(weft_item_type *out, const Limits *limits)
{
    out->min = limits->min;
    out->max = limits->has_max ? limits->max : WEFT_NO_MAX;
    out->is_64 = limits->is64;
    out->is_shared = limits->shared;
}

static const weft_kind kinds[EXTERN_COUNT] = {
    [EXTERN_func] = WEFT_FUNC, [EXTERN_table] = WEFT_TABLE, [EXTERN_memory] = WEFT_MEMORY,
    [EXTERN_global] = WEFT_GLOBAL, [EXTERN_tag] = WEFT_TAG,
};

void api_item_type(const TypeStore *types, const ExternType *type, weft_item_type *out)
{
    *out = (weft_item_type){.kind = kinds[type->kind], .rest = {types}};
    const TypeDef *def;
    switch (type->kind) {
    case EXTERN_func:
    case EXTERN_tag:
        def = type_def(types, type->func);
        out->param_count = def->param_count;
        out->result_count = def->result_count;
        out->rest[1] = (const void *)(uintptr_t)type->func;
        break;
    case EXTERN_table:
        out->type = api_type(types, type->table.elem);
        out->rest[1] = (const void *)(uintptr_t)type->table.elem;
        set_limits(out, &type->table.limits);
        break;
    case EXTERN_memory:
        set_limits(out, &type->memory.limits);
        out->page_size = (u64)1 << type->memory.limits.page_log2;
        break;
    case EXTERN_global:
        out->type = api_type(types, type->global.type);
        out->rest[1] = (const void *)(uintptr_t)type->global.type;
        out->is_mutable = type->global.mutable;
        break;
    case EXTERN_COUNT: break;
    }
}

// ---- What a module holds

static weft_name name_of(Bytes name) { return (weft_name){(const char *)name.data, name.len}; }

uint32_t weft_module_import_count(const weft_module *m) { return m->source.module->import_count; }
uint32_t weft_module_export_count(const weft_module *m) { return m->source.module->export_count; }

bool weft_module_import(const weft_module *module, uint32_t index, weft_import *out)
{
    const Module *m = module->source.module;
    if (index >= m->import_count) return false;
    const Import *import = &m->imports[index];
    out->module = name_of(import->module);
    out->name = name_of(import->name);
    ExternType type = import_type(m, import);
    api_item_type(m->store, &type, &out->type);
    return true;
}

bool weft_module_export(const weft_module *module, uint32_t index, weft_export *out)
{
    const Module *m = module->source.module;
    if (index >= m->export_count) return false;
    const Export *e = &m->exports[index];
    ExternType type = module_type(m, e->kind, e->index);
    out->name = name_of(e->name);
    api_item_type(m->store, &type, &out->type);
    return true;
}

void weft_module_binary(const weft_module *m, weft_name *out)
{
    const Source *s = &m->source;
    module_fetch(s->module, MODULE_ALL);
    Bytes all = s->is_text ? s->text.bytes
                : m->copy  ? (Bytes){m->copy, m->copied}
                           : (Bytes){s->data, s->size}; // it came in pieces
    *out = (weft_name){(const char *)all.data, all.len};
}

bool weft_module_custom_section(const weft_module *module, const char *name, weft_name *out)
{
    return weft_module_custom(module, weft_text(name), out);
}

static weft_name contents_of(const Module *m, const Section *s)
{
    return name_of((Bytes){m->bytes + s->content.start, s->content.end - s->content.start});
}

bool weft_module_custom(const weft_module *module, weft_name name, weft_name *out)
{
    const Module *m = module->source.module;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = &m->sections[i];
        Bytes own = section_name(m, s);
        if (s->id || own.len != name.len || (own.len && memcmp(own.data, name.data, own.len)))
            continue;
        *out = contents_of(m, s);
        return true;
    }
    return false;
}

bool weft_module_custom_at(const weft_module *module, uint32_t index, weft_name *name,
                           weft_name *contents)
{
    const Module *m = module->source.module;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = &m->sections[i];
        if (s->id || index--) continue;
        *name = name_of(section_name(m, s));
        if (contents) *contents = contents_of(m, s);
        return true;
    }
    return false;
}
