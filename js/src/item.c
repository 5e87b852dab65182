// item.c -- memories and what shows them, tables, globals and tags.

#include "addon.h"

#include <unistd.h>
#include <weft_map.h>

// ---- Memories
//
// A buffer shows a memory's own bytes, and keeps the store. When the memory grows it is taken from
// JavaScript at once; what JavaScript has moved to another buffer before (transfer) still shows
// bytes that are there, as memories stay where they are.
//
// When a thread ends Node says of each buffer made there that nobody has it any more, though bytes
// that were moved may be in another thread. So that is believed only of buffers that still had
// their bytes just before, or when they were taken from JavaScript; of others the store stays.
// Just before is when a buffer goes that is never let go otherwise: Node begins with the newest, so
// there is a new one behind each that shows a memory. The process's first thread needs none: it
// ends after all others.

struct Sentinel {
    Addon *addon;    // whose newest it is, or NULL
    napi_ref buffer; // of one byte, which is the next
    char byte;
};

// The buffer, if JavaScript still has it and it has its bytes. In a scope for handles.
static napi_value shown_buffer(const Shown *shown)
{
    napi_value buffer = NULL;
    bool detached = true;
    if (shown->buffer)
        napi_get_reference_value(shown->store->addon->env, shown->buffer, &buffer);
    if (buffer) napi_is_detached_arraybuffer(shown->store->addon->env, buffer, &detached);
    return detached ? NULL : buffer;
}

static void look(Addon *a)
{
    napi_handle_scope scope;
    a->ending = true;
    if (napi_open_handle_scope(a->env, &scope) != napi_ok) return;
    for (Lent *lent = a->lent; lent; lent = lent->next)
        if (lent == lent->shown->lent && shown_buffer(lent->shown)) lent->away = false;
    napi_close_handle_scope(a->env, scope);
}

static void sentinel_gone(napi_env env, void *data, void *hint)
{
    Sentinel *sentinel = hint;
    if (sentinel->addon) {
        look(sentinel->addon);
        sentinel->addon->sentinel = NULL;
    }
    free(sentinel);
}

static bool sentinel_renew(Addon *a)
{
    if (gettid() == getpid()) return true;
    Sentinel *new = calloc(1, sizeof *new), *old = a->sentinel;
    napi_value buffer;
    if (!new || // it is kept where another fails: see prim_memoryBuffer
        napi_create_external_arraybuffer(a->env, &new->byte, 1, sentinel_gone, new, &buffer) !=
            napi_ok ||
        napi_create_reference(a->env, buffer, 1, &new->buffer) != napi_ok)
        return false;
    if (old) {
        old->addon = NULL;
        napi_delete_reference(a->env, old->buffer);
    }
    a->sentinel = new;
    new->addon = a;
    return true;
}

static Lent *lent_new(Shown *shown)
{
    Lent *lent = malloc(sizeof *lent), **first = &shown->store->addon->lent;
    if (!lent) return NULL;
    *lent = (Lent){.next = *first, .at = first, .shown = shown};
    if (*first) (*first)->at = &lent->next;
    store_use(shown->store);
    return *first = lent;
}

static void lent_end(Lent *lent)
{
    JsStore *s = lent->shown->store;
    if (lent->shown->lent == lent) lent->shown->lent = NULL;
    *lent->at = lent->next;
    if (lent->next) lent->next->at = lent->at;
    lent->shown = NULL;
    if (!lent->away || !s->addon->ending) store_release(s);
}

static void let_buffer_go(napi_env env, void *data, void *hint)
{
    Lent *lent = hint;
    if (lent->shown) lent_end(lent);
    free(lent);
}

void lent_end_all(Addon *a)
{
    if (a->sentinel) a->sentinel->addon = NULL;
    while (a->lent) lent_end(a->lent);
}

void shown_detach(Shown *shown)
{
    napi_env napi = shown->store->addon->env;
    napi_handle_scope scope;
    if (!shown->buffer || napi_open_handle_scope(napi, &scope) != napi_ok) return;
    napi_value buffer = shown_buffer(shown);
    if (buffer && napi_detach_arraybuffer(napi, buffer) == napi_ok && shown->lent)
        shown->lent->away = false;
    napi_delete_reference(napi, shown->buffer);
    shown->buffer = NULL;
    shown->lent = NULL;
    napi_close_handle_scope(napi, scope);
}

static void detach(void *env) { shown_detach(env); }

Shown *shown_of(JsStore *s, uint32_t place)
{
    Shown *shown = s->shown;
    while (shown && shown->item != place) shown = shown->next;
    if (shown || !(shown = calloc(1, sizeof *shown))) return shown;
    *shown = (Shown){.next = s->shown, .store = s, .item = place};
    s->shown = shown;
    return shown;
}

void shown_free(JsStore *s)
{
    for (Shown *shown = s->shown, *next; shown; shown = next) {
        next = shown->next;
        if (shown->buffer) napi_delete_reference(s->addon->env, shown->buffer);
        if (shown->bytes) stores_uncount(STORES_FOR_RESIZABLE);
        weft_buffer_free(shown->bytes);
        free(shown);
    }
}

napi_value prim_memoryNew(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    weft_memory_config config = weft_memory_config_init();
    weft_extern item = {.kind = WEFT_MEMORY};
    config.min = arg_u64(call, 1);
    config.max = arg_u64(call, 2);
    config.is_64 = arg_bool(call, 3);
    if (weft_memory_new_of(s->store, &config, &item.of.memory, &a->why) != WEFT_OK)
        return addon_fail(a);
    store_tell(s);
    uint32_t place = item_place(s, item);
    return place ? make_u32(a, place) : addon_short(a);
}

napi_value prim_memoryBuffer(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    uint32_t place = arg_u32(call, 1);
    const weft_extern *item = item_at(s, place, WEFT_MEMORY);
    Shown *shown = item ? shown_of(s, place) : NULL;
    napi_value out = NULL;
    if (!shown) return item ? addon_short(a) : NULL;
    if (!weft_memory_stays(s->store, item->of.memory))
        return addon_refuse(a, "out_of_memory",
                            "there are no addresses for a memory that stays where it is");
    shown_detach(shown);
    uint64_t size = weft_memory_size(s->store, item->of.memory);
    void *data = weft_memory_at(s->store, item->of.memory, 0, size);
    Lent *lent = size ? lent_new(shown) : NULL;
    if (size && !lent) return addon_short(a);
    // Who fails may tell that nobody has it before it returns, later, or never: see lent_end_all.
    napi_status done =
        size ? napi_create_external_arraybuffer(a->env, data, size, let_buffer_go, lent, &out)
             : napi_create_arraybuffer(a->env, 0, &data, &out);
    if (done != napi_ok) {
        napi_get_and_clear_last_exception(a->env, &out);
        return addon_refuse(a, "out_of_memory", "the buffer would be too large");
    }
    if (napi_create_reference(a->env, out, 0, &shown->buffer) != napi_ok) return addon_short(a);
    shown->lent = lent;
    if (lent && !sentinel_renew(a)) {
        shown_detach(shown);
        napi_get_and_clear_last_exception(a->env, &out);
        return addon_short(a);
    }
    if (lent) lent->away = true;
    weft_memory_on_growth(s->store, item->of.memory, detach, shown);
    return out;
}

napi_value prim_memoryShown(Call *call)
{
    uint32_t place = arg_u32(call, 1);
    const Shown *shown = call->store->shown;
    while (shown && shown->item != place) shown = shown->next;
    return make_bool(call->addon, shown && shown_buffer(shown));
}

napi_value prim_memoryGrow(Call *call)
{
    Addon *a = call->addon;
    const weft_extern *item = item_at(call->store, arg_u32(call, 1), WEFT_MEMORY);
    napi_value out = NULL;
    if (!item) return NULL;
    int64_t old = weft_memory_grow(call->store->store, item->of.memory, arg_u64(call, 2));
    store_tell(call->store);
    if (old >= 0) return make_u64(a, (uint64_t)old);
    napi_create_int32(a->env, -1, &out);
    return out;
}

// ---- Tables

bool letter_type(char letter, weft_valtype *out)
{
    static const struct { char letter; weft_type type; weft_heap heap; } types[] = {
        {'i', WEFT_I32, 0}, {'l', WEFT_I64, 0}, {'f', WEFT_F32, 0}, {'d', WEFT_F64, 0},
        {'v', WEFT_V128, 0}, {'F', WEFT_FUNCREF, WEFT_HEAP_FUNC},
        {'E', WEFT_EXTERNREF, WEFT_HEAP_EXTERN}, {'R', WEFT_EXTERNREF, WEFT_HEAP_EXTERN}, // not null
        {'A', WEFT_REF, WEFT_HEAP_ANY},
        {'X', WEFT_REF, WEFT_HEAP_EXN}, {'Q', WEFT_REF, WEFT_HEAP_EQ},
        {'I', WEFT_REF, WEFT_HEAP_I31}, {'S', WEFT_REF, WEFT_HEAP_STRUCT},
        {'Y', WEFT_REF, WEFT_HEAP_ARRAY},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (types[i].letter != letter) continue;
        *out = weft_reftype(types[i].heap, letter != 'R' && types[i].heap);
        out->type = types[i].type;
        return true;
    }
    return false;
}

// The value in the first slot; the loan ends behind its use.
static bool first_in(JsStore *s, weft_type type, weft_val *value, Loan *loan)
{
    uint8_t one = (uint8_t)type;
    if (!loan_begin(s, &one, 1, false, loan)) return false;
    if (value_in(s, type, s->addon->slots, value)) return true;
    loan_end(s, loan);
    return false;
}

static bool typed_arg(const Call *call, size_t index, weft_valtype *type)
{
    char letter[4];
    arg_text(call, index, letter, sizeof letter);
    return letter_type(*letter, type);
}

static napi_value table_new(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    weft_table_config config = weft_table_config_init();
    weft_valtype type;
    weft_extern item = {.kind = WEFT_TABLE};
    config.min = arg_u64(call, 1);
    config.max = arg_u64(call, 2);
    config.is_64 = arg_bool(call, 3);
    config.type = &type;
    Loan loan;
    if (!typed_arg(call, 4, &type) || !first_in(s, type.type, &config.init, &loan))
        return addon_fail(a);
    weft_status status = weft_table_new_as(s->store, &config, &item.of.table, &a->why);
    loan_end(s, &loan);
    if (status != WEFT_OK) return addon_fail(a);
    uint32_t place = item_place(s, item);
    return place ? make_u32(a, place) : addon_short(a);
}

napi_value prim_tableNew(Call *call) { return in_scope(call, table_new); }

static const weft_extern *table_arg(const Call *call, weft_type *type)
{
    const weft_extern *item = item_at(call->store, arg_u32(call, 1), WEFT_TABLE);
    weft_item_type of;
    if (!item || !weft_extern_type(call->store->store, *item, &of)) return NULL;
    *type = of.type;
    return item;
}

napi_value prim_tableSize(Call *call)
{
    const weft_extern *item = item_at(call->store, arg_u32(call, 1), WEFT_TABLE);
    if (!item) return NULL;
    return make_u64(call->addon, weft_table_size(call->store->store, item->of.table));
}

static napi_value table_get(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    weft_type type;
    const weft_extern *item = table_arg(call, &type);
    weft_val value;
    if (!item) return NULL;
    weft_status status =
        weft_table_get(s->store, item->of.table, arg_u64(call, 2), &value, &a->why);
    return first_out(s, status, &value);
}

napi_value prim_tableGet(Call *call) { return in_scope(call, table_get); }

static napi_value table_set(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    weft_type type;
    const weft_extern *item = table_arg(call, &type);
    weft_val value;
    Loan loan;
    if (!item) return NULL;
    if (!first_in(s, type, &value, &loan)) return addon_fail(a);
    weft_status status =
        weft_table_set(s->store, item->of.table, arg_u64(call, 2), value, &a->why);
    loan_end(s, &loan);
    return status == WEFT_OK ? make_bool(a, true) : addon_fail(a);
}

napi_value prim_tableSet(Call *call) { return in_scope(call, table_set); }

static napi_value table_grow(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    weft_type type;
    const weft_extern *item = table_arg(call, &type);
    weft_val value;
    uint64_t old;
    Loan loan;
    if (!item) return NULL;
    if (!first_in(s, type, &value, &loan)) return addon_fail(a);
    weft_status status =
        weft_table_grow(s->store, item->of.table, arg_u64(call, 2), value, &old, &a->why);
    loan_end(s, &loan);
    return status == WEFT_OK ? make_u64(a, old) : addon_fail(a);
}

napi_value prim_tableGrow(Call *call) { return in_scope(call, table_grow); }

// ---- Globals

static napi_value make_global(JsStore *s, const weft_valtype *type, bool is_mutable)
{
    Addon *a = s->addon;
    weft_val value;
    weft_extern item = {.kind = WEFT_GLOBAL};
    Loan loan;
    if (!first_in(s, type->type, &value, &loan)) return addon_fail(a);
    weft_status status =
        weft_global_new_of(s->store, type, value, is_mutable, &item.of.global, &a->why);
    loan_end(s, &loan);
    if (status != WEFT_OK) return addon_fail(a);
    uint32_t place = item_place(s, item);
    return place ? make_u32(a, place) : addon_short(a);
}

napi_value prim_globalNew(Call *call)
{
    weft_valtype type;
    if (!typed_arg(call, 1, &type)) return addon_fail(call->addon);
    return make_global(call->store, &type, arg_bool(call, 2));
}

napi_value prim_globalFor(Call *call)
{
    JsModule *m = arg_module(call, 1);
    weft_import import;
    weft_valtype type;
    if (!m || !weft_module_import(m->module, arg_u32(call, 2), &import) ||
        !weft_item_valtype(&import.type, &type))
        return NULL;
    return make_global(call->store, &type, import.type.is_mutable);
}

static napi_value global_get(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    const weft_extern *item = item_at(s, arg_u32(call, 1), WEFT_GLOBAL);
    weft_val value;
    if (!item) return NULL;
    weft_status status = weft_global_get(s->store, item->of.global, &value, &a->why);
    return first_out(s, status, &value);
}

napi_value prim_globalGet(Call *call) { return in_scope(call, global_get); }

static napi_value global_set(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    const weft_extern *item = item_at(s, arg_u32(call, 1), WEFT_GLOBAL);
    weft_item_type type;
    weft_val value;
    Loan loan;
    if (!item || !weft_extern_type(s->store, *item, &type)) return NULL;
    if (!first_in(s, type.type, &value, &loan)) return addon_fail(a);
    weft_status status = weft_global_set(s->store, item->of.global, value, &a->why);
    loan_end(s, &loan);
    return status == WEFT_OK ? make_bool(a, true) : addon_fail(a);
}

napi_value prim_globalSet(Call *call) { return in_scope(call, global_set); }

// ---- Tags

napi_value prim_tagNew(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    char letters[256];
    napi_valuetype given = napi_undefined;
    weft_extern item = {.kind = WEFT_TAG};
    weft_status status;
    napi_typeof(a->env, call->args[1], &given);
    if (given == napi_number) {
        weft_deftype type = {a->types, arg_u32(call, 1)};
        status = weft_tag_new_of(s->store, type, &item.of.tag, &a->why);
    } else {
        arg_text(call, 1, letters, sizeof letters);
        status = weft_tag_new(s->store, letters, &item.of.tag, &a->why);
    }
    if (status != WEFT_OK) return addon_fail(a);
    uint32_t place = item_place(s, item);
    return place ? make_u32(a, place) : addon_short(a);
}
