// snapshot.c -- stores as bytes, and back; a second one where the first one stands; and calls that
// were stopped, which go on.

#include "addon.h"

typedef struct {
    Addon *addon;
    napi_value ask;      // for the number of a value, or the place of a number; or undefined
    uint8_t *bytes;      // written so far
    size_t len, room;
} Work;

static bool write_bytes(void *env, const void *bytes, size_t len)
{
    Work *w = env;
    if (len > w->room - w->len) {
        size_t room = 2 * w->room + len;
        uint8_t *larger = room > w->room ? realloc(w->bytes, room) : NULL;
        if (!larger) return false;
        w->bytes = larger;
        w->room = room;
    }
    memcpy(w->bytes + w->len, bytes, len);
    w->len += len;
    return true;
}

// What it throws comes out when all is over: it stays pending.
static bool ask(Work *w, uint64_t what, uint64_t *answer)
{
    Call one = {.addon = w->addon, .count = 1};
    napi_env env = w->addon->env;
    napi_valuetype type = napi_undefined;
    napi_handle_scope scope;
    bool thrown = false;
    napi_is_exception_pending(env, &thrown);
    if (thrown || napi_open_handle_scope(env, &scope) != napi_ok) return false;
    napi_value arg = make_u64(w->addon, what);
    napi_status done =
        napi_call_function(env, make_undefined(w->addon), w->ask, 1, &arg, &one.args[0]);
    if (done == napi_ok) napi_typeof(env, one.args[0], &type);
    bool good = type == napi_number || type == napi_bigint;
    if (good) *answer = arg_u64(&one, 0);
    napi_close_handle_scope(env, scope);
    return good;
}

static bool number_of(void *env, void *pointer, uint64_t *number)
{
    return ask(env, (uintptr_t)pointer, number);
}

static bool pointer_of(void *env, uint64_t number, void **pointer)
{
    uint64_t place = 0;
    if (!ask(env, number, &place)) return false;
    *pointer = (void *)(uintptr_t)place;
    return true;
}

static bool is_function(Addon *a, napi_value value)
{
    napi_valuetype type = napi_undefined;
    napi_typeof(a->env, value, &type);
    return type == napi_function;
}

napi_value prim_snapshot(Call *call)
{
    Addon *a = call->addon;
    Work w = {.addon = a, .ask = call->args[1]};
    weft_snapshot_out out = weft_snapshot_out_init(write_bytes, &w);
    napi_value buffer = NULL;
    void *data = NULL;
    if (is_function(a, w.ask)) out.number = number_of;
    weft_status status = weft_snapshot_write(call->store->store, &out, &a->why);
    if (status == WEFT_OK && napi_create_arraybuffer(a->env, w.len, &data, &buffer) == napi_ok)
        memcpy(data, w.bytes, w.len);
    free(w.bytes);
    return buffer ? buffer : status == WEFT_OK ? addon_short(a) : addon_fail(a);
}

napi_value prim_look(Call *call)
{
    Addon *a = call->addon;
    weft_snapshot_info info = {.size = sizeof info};
    uint8_t *bytes;
    size_t len;
    napi_value out = make_object(a);
    bool shared;
    if (!arg_bytes(call, 0, &bytes, &len, &shared) || shared) return NULL;
    if (weft_snapshot_look(bytes, len, &info, &a->why) != WEFT_OK) return addon_fail(a);
    set_field(a, out, "deterministic", make_bool(a, info.deterministic));
    if (info.fueled) set_field(a, out, "fuel", make_u64(a, info.fuel));
    return out;
}

// What the module's imports are, by name: of several of one name the first.
static bool fill_linker(const Call *call, weft_linker *linker, const weft_module *m)
{
    Addon *a = call->addon;
    Call one = {.addon = a, .count = 1};
    weft_import import;
    for (uint32_t i = 0; weft_module_import(m, i, &import); i++) {
        napi_get_element(a->env, call->args[2], i, &one.args[0]);
        const weft_extern *item = item_at(call->store, arg_u32(&one, 0), 0);
        if (!item) continue;
        if (weft_linker_item(linker, import.module, import.name, *item, &a->why) != WEFT_OK &&
            strcmp(a->why.name, "duplicate_definition"))
            return false;
    }
    return true;
}

weft_linker *linker_of(const Call *call, const weft_module *m)
{
    weft_linker *linker = weft_linker_new(call->addon->engine, &call->addon->why);
    if (!linker) return NULL;
    weft_linker_wasi(linker);
    if (fill_linker(call, linker, m)) return linker;
    weft_linker_free(linker);
    return NULL;
}

// Of `from`, or of bytes: into a store that has what its module imports, and no instance.
static weft_status restore(const Call *call, weft_linker *linker, JsStore *from)
{
    Addon *a = call->addon;
    Work w = {.addon = a, .ask = call->args[4]};
    weft_snapshot_in in = weft_snapshot_in_init();
    uint8_t *bytes;
    size_t len;
    in.env = &w;
    if (is_function(a, w.ask)) in.pointer = pointer_of;
    if (from)
        return weft_store_fork(from->store, call->store->store, linker, &in, &a->why);
    bool shared;
    if (!arg_bytes(call, 3, &bytes, &len, &shared) || shared) return WEFT_ERROR;
    return weft_snapshot_read(call->store->store, linker, bytes, len, &in, &a->why);
}

static uint32_t only_instance(const Call *call, const weft_module *m)
{
    JsStore *s = call->store;
    weft_instance all[2];
    weft_extern item = {.kind = WEFT_FUNC};
    weft_name ours, theirs;
    if (weft_store_instances(s->store, all, COUNT_OF(all)) != 1) return 0;
    weft_module_binary(m, &ours);
    weft_module_binary(weft_instance_module(s->store, all[0]), &theirs);
    if (ours.len != theirs.len || memcmp(ours.data, theirs.data, ours.len)) return 0;
    memcpy(&item.of, &all[0], sizeof all[0]);
    uint32_t place = item_place(s, item);
    if (place) s->items[place - 1].kind = 0;
    return place;
}

// (S, M, items, bytes or S, ask)
napi_value prim_restore(Call *call)
{
    Addon *a = call->addon;
    JsModule *m = arg_module(call, 1);
    JsStore *from = arg_store(call, 3);
    if (!m) return NULL;
    weft_linker *linker = linker_of(call, m->module);
    if (!linker) return addon_fail(a);
    weft_status status = restore(call, linker, from);
    weft_linker_free(linker);
    store_tell(call->store);
    if (status != WEFT_OK) return addon_fail(a);
    return make_u32(a, only_instance(call, m->module));
}

// ---- Calls that were stopped

napi_value prim_stopped(Call *call)
{
    JsStore *s = call->store;
    weft_extern item = {.kind = WEFT_FUNC};
    if (!weft_store_may_continue(s->store) || !weft_store_stopped(s->store, &item.of.func))
        return NULL;
    return make_u32(call->addon, item_place(s, item));
}

// As a call of `callee`, of the function that was stopped.
napi_value prim_goOn(Call *call)
{
    return call_again(call->store);
}
