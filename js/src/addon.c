// addon.c -- the addon itself: one for each environment, its primitives, and what these have in
// common.

#include "addon.h"

// ---- Out of JavaScript

// What an external leads to, if it is of this kind.
static void *arg_external(const Call *call, size_t index, Kind kind)
{
    napi_valuetype type = napi_undefined;
    Kind *out = NULL;
    if (index < call->count) napi_typeof(call->addon->env, call->args[index], &type);
    if (type == napi_external)
        napi_get_value_external(call->addon->env, call->args[index], (void **)&out);
    return out && *out == kind ? out : NULL;
}

JsStore *arg_store(const Call *call, size_t index) { return arg_external(call, index, IS_STORE); }
JsModule *arg_module(const Call *call, size_t index)
{
    return arg_external(call, index, IS_MODULE);
}

uint32_t arg_u32(const Call *call, size_t index)
{
    uint32_t out = 0;
    if (index < call->count) napi_get_value_uint32(call->addon->env, call->args[index], &out);
    return out;
}

uint64_t arg_u64(const Call *call, size_t index)
{
    napi_env env = call->addon->env;
    napi_valuetype type = napi_undefined;
    uint64_t out = UINT64_MAX;
    double number;
    bool lossless;
    if (index < call->count) napi_typeof(env, call->args[index], &type);
    if (type == napi_bigint) {
        napi_get_value_bigint_uint64(env, call->args[index], &out, &lossless);
        if (!lossless) out = UINT64_MAX;
    } else if (type == napi_number) {
        napi_get_value_double(env, call->args[index], &number);
        if (number >= 0 && number < 18446744073709551616.0) out = (uint64_t)number;
    }
    return out;
}

bool arg_bool(const Call *call, size_t index)
{
    bool out = false;
    if (index < call->count) napi_get_value_bool(call->addon->env, call->args[index], &out);
    return out;
}

size_t arg_text(const Call *call, size_t index, char *out, size_t size)
{
    size_t len = 0;
    *out = 0;
    if (index < call->count)
        napi_get_value_string_utf8(call->addon->env, call->args[index], out, size, &len);
    return len;
}

bool arg_bytes(const Call *call, size_t index, uint8_t **data, size_t *len, bool *shared)
{
    napi_env env = call->addon->env;
    napi_value value = call->args[index], buffer = NULL;
    bool is = false, own = false;
    void *start = NULL;
    if (index >= call->count) return false;
    *len = 0;
    *shared = false;
    if (napi_is_typedarray(env, value, &is) == napi_ok && is) {
        napi_typedarray_type type;
        napi_get_typedarray_info(env, value, &type, len, &start, &buffer, NULL);
        is = type == napi_uint8_array;
        *shared = napi_is_arraybuffer(env, buffer, &own) != napi_ok || !own;
    } else if (napi_is_arraybuffer(env, value, &is) == napi_ok && is)
        napi_get_arraybuffer_info(env, value, &start, len);
    *data = start;
    return is;
}

// ---- Into it

napi_value make_undefined(Addon *addon)
{
    napi_value out;
    napi_get_undefined(addon->env, &out);
    return out;
}

napi_value make_u32(Addon *addon, uint32_t value)
{
    napi_value out = NULL;
    napi_create_uint32(addon->env, value, &out);
    return out;
}

napi_value make_u64(Addon *addon, uint64_t value)
{
    napi_value out = NULL;
    if (value <= (uint64_t)1 << 53) napi_create_double(addon->env, (double)value, &out);
    else napi_create_bigint_uint64(addon->env, value, &out);
    return out;
}

napi_value make_bool(Addon *addon, bool value)
{
    napi_value out = NULL;
    napi_get_boolean(addon->env, value, &out);
    return out;
}

napi_value make_name(Addon *addon, weft_name name)
{
    napi_value out = NULL;
    napi_create_string_utf8(addon->env, name.len ? name.data : "", name.len, &out);
    return out;
}

napi_value make_object(Addon *addon)
{
    napi_value out = NULL;
    napi_create_object(addon->env, &out);
    return out;
}

void set_field(Addon *addon, napi_value object, const char *name, napi_value value)
{
    if (object && value) napi_set_named_property(addon->env, object, name, value);
}

// ---- Maps from numbers to places: open addresses, a power of two, at most half full

static uint32_t hash_of(uint64_t key) { return (uint32_t)(key * 0x9e3779b97f4a7c15 >> 32); }

static Entry *find_entry(const Map *map, uint64_t key)
{
    uint32_t mask = map->cap - 1, i = hash_of(key) & mask;
    while (map->entries[i].value && map->entries[i].key != key) i = (i + 1) & mask;
    return &map->entries[i];
}

static bool grow_map(Map *map)
{
    Map larger = {.count = map->count, .cap = map->cap ? 2 * map->cap : 64};
    larger.entries = calloc(larger.cap, sizeof *larger.entries);
    if (!larger.entries) return false;
    for (uint32_t i = 0; i < map->cap; i++)
        if (map->entries[i].value) *find_entry(&larger, map->entries[i].key) = map->entries[i];
    free(map->entries);
    *map = larger;
    return true;
}

bool map_set(Map *map, uint64_t key, uint32_t value)
{
    if (2 * (map->count + 1) > map->cap && !grow_map(map)) return false;
    Entry *e = find_entry(map, key);
    map->count += !e->value;
    *e = (Entry){key, value};
    return true;
}

uint32_t *map_find(const Map *map, uint64_t key)
{
    Entry *e = map->cap ? find_entry(map, key) : NULL;
    return e && e->value ? &e->value : NULL;
}

// Whoever stands behind it, and would be looked for over it, moves up.
void map_remove(Map *map, uint64_t key)
{
    if (!map_find(map, key)) return;
    uint32_t mask = map->cap - 1, hole = (uint32_t)(find_entry(map, key) - map->entries);
    map->entries[hole].value = 0;
    map->count--;
    for (uint32_t i = (hole + 1) & mask; map->entries[i].value; i = (i + 1) & mask) {
        uint32_t home = hash_of(map->entries[i].key) & mask;
        if (((i - home) & mask) < ((i - hole) & mask)) continue;
        map->entries[hole] = map->entries[i];
        map->entries[i].value = 0;
        hole = i;
    }
}

// ---- What failed

napi_value addon_fail(Addon *addon)
{
    addon->failed = true;
    return NULL;
}

napi_value addon_short(Addon *addon)
{
    memset(&addon->why, 0, sizeof addon->why);
    addon->why.status = WEFT_ERROR;
    addon->why.name = "out_of_memory";
    strcpy(addon->why.message, "out of memory");
    return addon_fail(addon);
}

napi_value addon_refuse(Addon *a, const char *name, const char *message)
{
    memset(&a->why, 0, sizeof a->why);
    a->why.status = WEFT_ERROR;
    a->why.name = name;
    strncpy(a->why.message, message, sizeof a->why.message - 1);
    return addon_fail(a);
}

napi_value prim_why(Call *call)
{
    Addon *a = call->addon;
    napi_value out = make_object(a), exit = NULL;
    if (!a->failed) return NULL;
    a->failed = false;
    napi_create_int32(a->env, a->why.exit_status, &exit);
    set_field(a, out, "status", make_u32(a, a->why.status));
    set_field(a, out, "name", make_name(a, weft_text(a->why.name)));
    set_field(a, out, "message", make_name(a, weft_text(a->why.message)));
    set_field(a, out, "offset", make_u64(a, a->why.offset));
    set_field(a, out, "exit", exit);
    return out;
}

napi_value prim_version(Call *call)
{
    return make_name(call->addon, weft_text(weft_version()));
}

// ---- One for each environment

void addon_release(Addon *a)
{
    if (--a->users) return;
    weft_engine_free(a->engine);
    free(a->slots);
    free(a);
}

static void let_slots_go(napi_env env, void *data, void *hint) { addon_release(hint); }

// One buffer for all, as no two may show the same bytes.
napi_value prim_slots(Call *call)
{
    Addon *a = call->addon;
    napi_value out = NULL;
    if (a->shown) {
        napi_get_reference_value(a->env, a->shown, &out);
        return out;
    }
    a->users++; // kept if that fails: whether the other is called then is not known
    if (napi_create_external_arraybuffer(a->env, a->slots, SLOTS_ALL * sizeof *a->slots,
                                         let_slots_go, a, &out) == napi_ok)
        napi_create_reference(a->env, out, 1, &a->shown);
    return out;
}

static void end_environment(napi_env env, void *data, void *hint)
{
    worker_end(data);
    lent_end_all(data);
    addon_release(data);
}

typedef napi_value Primitive(Call *call);
typedef struct { const char *name; Primitive *run; char first; } Row;

static const Row rows[] = {
#define PRIMITIVE(name, text) {#name, prim_##name, (text)[1]},
#include "primitive.def"
#undef PRIMITIVE
};

// JavaScript asks for what failed, so NULL, which is undefined, is fine. Of what the first argument
// is nobody is believed, as users may have changed what our part in JavaScript is made of.
static napi_value run_primitive(napi_env env, napi_callback_info info)
{
    Call call = {.count = COUNT_OF(call.args)};
    const Row *row = NULL;
    napi_get_instance_data(env, (void **)&call.addon);
    napi_get_cb_info(env, info, &call.count, call.args, NULL, (void **)&row);
    if (call.count > COUNT_OF(call.args)) call.count = COUNT_OF(call.args);
    call.store = arg_external(&call, 0, IS_STORE);
    call.module = arg_external(&call, 0, IS_MODULE);
    if ((row->first != 'S' || call.store) && (row->first != 'M' || call.module))
        return row->run(&call);
    napi_throw_type_error(env, NULL, "not a store, or not a module");
    return NULL;
}

static napi_value begin_environment(napi_env env, napi_value exports)
{
    Addon *a = calloc(1, sizeof *a);
    weft_diag diag;
    if (a) a->slots = calloc(SLOTS_ALL, sizeof *a->slots);
    if (a && a->slots) a->engine = weft_engine_new(NULL, &diag);
    if (!a || !a->engine) {
        if (a) free(a->slots);
        free(a);
        napi_throw_error(env, NULL, "out of memory");
        return NULL;
    }
    a->env = env;
    a->users = 1;
    napi_set_instance_data(env, a, end_environment, NULL);
    resizable_begin(a);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        napi_value function;
        napi_create_function(env, rows[i].name, NAPI_AUTO_LENGTH, run_primitive, (void *)&rows[i],
                             &function);
        napi_set_named_property(env, exports, rows[i].name, function);
    }
    return exports;
}

NAPI_MODULE(weft, begin_environment)
