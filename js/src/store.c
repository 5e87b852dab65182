// store.c -- stores, what is in them, and instances.

#include "addon.h"

#include <stddef.h>

// ---- Stores

// Of all threads. Each takes mappings, of which a process has some 65,000, and JavaScript's engine
// ends the process when it gets none. Who makes instances without a turn of the event loop in
// between, in which those that are gone end, meets this first.
enum { STORES_MOST = 20000 };
static uint32_t store_count;

bool stores_count(uint32_t more, weft_diag *why)
{
    if (__atomic_add_fetch(&store_count, more, __ATOMIC_RELAXED) <= STORES_MOST) return true;
    stores_uncount(more);
    memset(why, 0, sizeof *why);
    why->status = WEFT_ERROR;
    why->name = "limit_instances";
    strcpy(why->message, "more instances live than there may be: those that are gone end when the "
                         "event loop turns");
    return false;
}

void stores_uncount(uint32_t fewer) { __atomic_fetch_sub(&store_count, fewer, __ATOMIC_RELAXED); }

static void finalize_extern(void *env, void *pointer)
{
    JsStore *s = env;
    if (s->ended_count == s->ended_cap) {
        uint32_t cap = s->ended_cap ? 2 * s->ended_cap : 64;
        uint32_t *larger = realloc(s->ended, cap * sizeof *larger);
        if (!larger) return; // it is kept until the store ends
        s->ended = larger;
        s->ended_cap = cap;
    }
    s->ended[s->ended_count++] = (uint32_t)(uintptr_t)pointer;
    s->addon->slots[SLOT_ENDED]++;
}

napi_value prim_ended(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    napi_value out = NULL;
    napi_create_array_with_length(a->env, s->ended_count, &out);
    for (uint32_t i = 0; i < s->ended_count; i++)
        napi_set_element(a->env, out, i, make_u32(a, s->ended[i]));
    s->ended_count = 0;
    return out;
}

void store_end(JsStore *s)
{
    Addon *a = s->addon;
    worker_forget(s);
    weft_store_set_finalizer(s->store, NULL, NULL);
    shown_free(s);
    tasks_free(s);
    weft_store_free(s->store);
    shared_let_go(s);
    stores_uncount(1);
    store_free_calls(s);
    int64_t now;
    napi_adjust_external_memory(a->env, -s->told, &now);
    free(s->items);
    free(s->places.entries);
    free(s->refs);
    free(s->numbers.entries);
    free(s->ended);
    free(s);
    addon_release(a);
}

void store_tell(JsStore *s)
{
    weft_limits used = weft_limits_init();
    int64_t now;
    if (weft_store_usage(s->store, &used, NULL) != WEFT_OK) return;
    int64_t bytes = (int64_t)(used.memory_bytes + used.heap_bytes + used.instance_bytes);
    napi_adjust_external_memory(s->addon->env, bytes - s->told, &now);
    s->told = bytes;
}

static void let_store_go(napi_env env, void *data, void *hint) { store_release(data); }

#define LIMIT(name, field) {name, offsetof(weft_limits, field)}
static const struct { const char *name; size_t offset; } limit_fields[] = {
    LIMIT("memoryBytes", memory_bytes), LIMIT("tableEntries", table_entries),
    LIMIT("tableTotal", table_total), LIMIT("stackBytes", stack_bytes), LIMIT("fuel", fuel),
    LIMIT("heapBytes", heap_bytes), LIMIT("handles", handles), LIMIT("instances", instances),
    LIMIT("instanceBytes", instance_bytes), LIMIT("functions", functions),
    LIMIT("continuations", continuations), LIMIT("continuationBytes", continuation_bytes),
};

// False: no fuel at all, where some is wanted first.
static bool limits_in(const Call *call, weft_limits *limits)
{
    Call field = {.addon = call->addon, .count = 1};
    bool fueled = true;
    for (size_t i = 0; i < COUNT_OF(limit_fields); i++) {
        bool has = false;
        const char *name = limit_fields[i].name;
        napi_has_named_property(call->addon->env, call->args[0], name, &has);
        if (!has) continue;
        napi_get_named_property(call->addon->env, call->args[0], name, &field.args[0]);
        uint64_t value = arg_u64(&field, 0);
        if (!value && limit_fields[i].offset == offsetof(weft_limits, fuel)) fueled = false;
        if (!value) value = 1; // as 0 is the default
        memcpy((char *)limits + limit_fields[i].offset, &value, sizeof value);
    }
    return fueled;
}

// Memories stay where they are, so that a buffer that JavaScript took away (transfer) shows what
// it did; and JavaScript, which says itself when its stack ends, may call as deep as it likes.
napi_value prim_storeNew(Call *call)
{
    Addon *a = call->addon;
    if (!stores_count(1, &a->why)) return addon_fail(a);
    JsStore *s = calloc(1, sizeof *s);
    weft_limits limits = weft_limits_init();
    napi_value out = NULL;
    if (!s) {
        stores_uncount(1);
        return addon_short(a);
    }
    bool fueled = !call->count || limits_in(call, &limits);
    limits.memory_room = UINT64_MAX;
    limits.host_calls = 10000;
    weft_engine_set_deterministic(a->engine, arg_bool(call, 1));
    s->store = weft_store_new(a->engine, &limits, &a->why);
    weft_engine_set_deterministic(a->engine, false);
    if (!s->store) {
        free(s);
        stores_uncount(1);
        return addon_fail(a);
    }
    if (!fueled) weft_store_set_fuel(s->store, 0, NULL);
    s->kind = IS_STORE;
    s->addon = a;
    s->users = 1;
    a->users++;
    weft_store_set_finalizer(s->store, finalize_extern, s);
    weft_store_set_data(s->store, s);
    worker_store(s);
    store_tell(s);
    if (napi_create_external(a->env, s, let_store_go, NULL, &out) == napi_ok) return out;
    store_release(s);
    return addon_short(a);
}

napi_value prim_fuel(Call *call)
{
    uint64_t left;
    return weft_store_fuel(call->store->store, &left) ? make_u64(call->addon, left) : NULL;
}

napi_value prim_setFuel(Call *call)
{
    Addon *a = call->addon;
    if (weft_store_set_fuel(call->store->store, arg_u64(call, 1), &a->why) == WEFT_OK)
        return make_bool(a, true);
    return addon_fail(a);
}

napi_value prim_timeLimit(Call *call)
{
    uint64_t milliseconds = arg_u64(call, 1), most = INT64_MAX / 1000000;
    if (!watch_ready()) return addon_short(call->addon);
    call->store->time_limit = (int64_t)(milliseconds < most ? milliseconds : most) * 1000000;
    return make_bool(call->addon, true);
}

napi_value prim_stop(Call *call)
{
    weft_stop why = (weft_stop)arg_u32(call, 1);
    weft_store_stop(call->store->store, why);
    call->store->stopping = why != WEFT_STOP_NOT;
    return NULL;
}

napi_value prim_usage(Call *call)
{
    Addon *a = call->addon;
    weft_limits used = weft_limits_init();
    napi_value out = make_object(a);
    if (weft_store_usage(call->store->store, &used, &a->why) != WEFT_OK) return addon_fail(a);
    for (size_t i = 0; i < COUNT_OF(limit_fields); i++) {
        uint64_t value;
        memcpy(&value, (const char *)&used + limit_fields[i].offset, sizeof value);
        set_field(a, out, limit_fields[i].name, make_u64(a, value));
    }
    return out;
}

napi_value prim_collect(Call *call)
{
    Addon *a = call->addon;
    if (weft_store_collect(call->store->store, &a->why) == WEFT_OK) return make_bool(a, true);
    return addon_fail(a);
}

// ---- Items

static uint64_t address_of(const weft_extern *item)
{
    return (uint64_t)(uintptr_t)item->of.func.item; // at one place in all of them
}

uint32_t item_place(JsStore *s, weft_extern item)
{
    uint32_t *known = map_find(&s->places, address_of(&item));
    if (known) return *known;
    if (s->item_count == s->item_cap) {
        uint32_t cap = s->item_cap ? 2 * s->item_cap : 16;
        weft_extern *larger = realloc(s->items, cap * sizeof *larger);
        if (!larger) return 0;
        s->items = larger;
        s->item_cap = cap;
    }
    if (!map_set(&s->places, address_of(&item), s->item_count + 1)) return 0;
    s->items[s->item_count++] = item;
    return s->item_count;
}

const weft_extern *item_at(const JsStore *s, uint32_t place, weft_kind kind)
{
    if (!place || place > s->item_count) return NULL;
    const weft_extern *item = &s->items[place - 1];
    return kind && item->kind != kind ? NULL : item;
}

napi_value prim_itemType(Call *call)
{
    const weft_extern *item = item_at(call->store, arg_u32(call, 1), 0);
    weft_item_type type;
    if (!item || !weft_extern_type(call->store->store, *item, &type)) return NULL;
    return make_type(call->addon, &type);
}

// ---- Instances

static weft_extern *items_in(const Call *call, uint32_t *count)
{
    napi_env env = call->addon->env;
    weft_extern *out;
    Call one = {.addon = call->addon, .count = 1};
    *count = 0;
    napi_get_array_length(env, call->args[2], count);
    out = calloc(*count + 1, sizeof *out);
    for (uint32_t i = 0; out && i < *count; i++) {
        napi_get_element(env, call->args[2], i, &one.args[0]);
        const weft_extern *item = item_at(call->store, arg_u32(&one, 0), 0);
        if (item) out[i] = *item;
    }
    return out;
}

// Whose item is none has a function of WASI's.
static weft_status instantiate(const Call *call, weft_module *m, weft_instance *out)
{
    Addon *a = call->addon;
    uint32_t count, given = 0;
    weft_extern *items = items_in(call, &count);
    weft_linker *linker = NULL;
    weft_status status = WEFT_ERROR;
    while (items && given < count && items[given].kind) given++;
    if (!items) addon_short(a);
    else if (given == count)
        status = weft_instantiate_items(call->store->store, m, items, count, out,
                                        &a->why);
    else if ((linker = linker_of(call, m)))
        status = weft_instantiate(call->store->store, m, linker, out, &a->why);
    weft_linker_free(linker);
    free(items);
    return status;
}

// An instance is no item, but has a place among them.
napi_value prim_instantiate(Call *call)
{
    Addon *a = call->addon;
    JsModule *m = call->module;
    JsStore *s = call->store = arg_store(call, 1);
    uint32_t place = 0;
    weft_extern item = {.kind = WEFT_FUNC};
    weft_instance instance;
    Frame frame;
    if (!s) return NULL;
    call_begin(s, &frame);
    weft_status status = call_ended(s, instantiate(call, m->module, &instance));
    if (status == WEFT_OK) {
        memcpy(&item.of, &instance, sizeof instance);
        if (!(place = item_place(s, item))) addon_short(a);
        else s->items[place - 1].kind = 0;
    }
    store_tell(s);
    store_release(s);
    return place ? make_u32(a, place) : addon_fail(a);
}

napi_value prim_exported(Call *call)
{
    JsStore *s = call->store;
    const weft_extern *item = item_at(s, arg_u32(call, 1), 0);
    weft_instance instance;
    weft_extern out;
    if (!item || item->kind) return NULL;
    memcpy(&instance, &item->of, sizeof instance);
    if (!weft_instance_export_at(s->store, instance, arg_u32(call, 2), &out)) return NULL;
    return make_u32(call->addon, item_place(s, out));
}

// ---- WASI

static bool each_text(const Call *call, napi_value list, weft_wasi *wasi,
                      weft_status (*add)(weft_wasi *, const char *, weft_diag *))
{
    uint32_t count = 0;
    napi_get_array_length(call->addon->env, list, &count);
    for (uint32_t i = 0; i < count; i++) {
        napi_value value = NULL;
        size_t len = 0;
        napi_get_element(call->addon->env, list, i, &value);
        napi_get_value_string_utf8(call->addon->env, value, NULL, 0, &len);
        char *text = calloc(len + 1, 1);
        if (!text) return false;
        napi_get_value_string_utf8(call->addon->env, value, text, len + 1, &len);
        bool good = add(wasi, text, &call->addon->why) == WEFT_OK;
        free(text);
        if (!good) return false;
    }
    return true;
}

// "NAME=value"
static weft_status add_variable(weft_wasi *wasi, const char *text, weft_diag *why)
{
    char *name = strdup(text), *end = name ? strchr(name, '=') : NULL;
    if (end) *end = 0;
    weft_status status = end ? weft_wasi_env(wasi, name, end + 1, why) : WEFT_OK;
    free(name);
    return status;
}

// "rw:GUEST\nHOST" or "ro:..."
static weft_status add_dir(weft_wasi *wasi, const char *text, weft_diag *why)
{
    char *guest = strlen(text) > 3 ? strdup(text + 3) : NULL;
    char *host = guest ? strchr(guest, '\n') : NULL;
    if (host) *host++ = 0;
    weft_status status =
        host ? weft_wasi_dir(wasi, host, guest, text[1] == 'o', why) : WEFT_OK;
    free(guest);
    return status;
}

static napi_value field(const Call *call, const char *name)
{
    napi_value out = NULL;
    napi_get_named_property(call->addon->env, call->args[1], name, &out);
    return out;
}

static bool fill_wasi(const Call *call, weft_wasi *wasi)
{
    int32_t files[3] = {-1, -1, -1};
    napi_value list = field(call, "stdio");
    for (uint32_t i = 0; i < 3; i++) {
        napi_value one = NULL;
        napi_get_element(call->addon->env, list, i, &one);
        napi_get_value_int32(call->addon->env, one, &files[i]);
    }
    return weft_wasi_stdio(wasi, files[0], files[1], files[2], &call->addon->why) == WEFT_OK &&
           each_text(call, field(call, "args"), wasi, weft_wasi_arg) &&
           each_text(call, field(call, "env"), wasi, add_variable) &&
           each_text(call, field(call, "dirs"), wasi, add_dir);
}

napi_value prim_wasi(Call *call)
{
    Addon *a = call->addon;
    weft_wasi *wasi = weft_wasi_new(&a->why);
    if (wasi && fill_wasi(call, wasi) &&
        weft_store_set_wasi(call->store->store, wasi, &a->why) == WEFT_OK)
        return make_bool(a, true);
    weft_wasi_free(wasi);
    return addon_fail(a);
}
