// value.c -- values of wasm.h, and between them and those of weft.h.

#include "api/wasm_c/wasm_c.h"

void wasm_val_delete(wasm_val_t *v)
{
    if (!v || !wasm_valkind_is_ref(v->kind)) return;
    thing_delete(v->of.ref);
    v->of.ref = NULL;
}

void wasm_val_copy(wasm_val_t *out, const wasm_val_t *v)
{
    *out = *v;
    if (wasm_valkind_is_ref(v->kind) && v->of.ref) out->of.ref = thing_copy(v->of.ref);
}

// ---- In

static bool refuse(const char **why, const char *words)
{
    *why = words;
    return false;
}

// What a type wants decides, as who hands in a reference may not know better.
bool ref_in(wasm_store_t *store, wasm_ref_t *ref, weft_type want, weft_val *out, const char **why)
{
    *out = (weft_val){.type = want};
    if (!ref) return true;
    if (ref->store != store) return refuse(why, "a reference of another store");
    if (want == WEFT_FUNCREF) {
        if (ref->kind != THING_func) return refuse(why, "a reference that is no function");
        out->of.func = (weft_func){store->weft->id, ref->item};
    } else if (ref->kind == THING_other) {
        *out = weft_ref_val(ref->handle);
    } else if (want == WEFT_EXTERNREF) {
        ref->guest = true;
        out->of.ext = ref;
    } else {
        return refuse(why, "a reference that is none of the guest's");
    }
    return true;
}

bool val_in(wasm_store_t *store, const wasm_val_t *v, weft_type want, weft_val *out,
            const char **why)
{
    bool is_ref = want == WEFT_FUNCREF || want == WEFT_EXTERNREF || want == WEFT_REF;
    if (want == WEFT_V128) return refuse(why, "a v128, which has no value in wasm.h");
    if (is_ref != wasm_valkind_is_ref(v->kind)) return refuse(why, "a value of another type");
    if (is_ref) return ref_in(store, v->of.ref, want, out, why);
    if (v->kind != kind_of(want)) return refuse(why, "a value of another type");
    *out = (weft_val){.type = want};
    memcpy(&out->of, &v->of, sizeof v->of);
    return true;
}

// ---- Out

// The handle is the thing's from now on: where a call or scope would end it, it is kept.
static wasm_ref_t *other_of(wasm_store_t *store, weft_ref handle)
{
    weft_store *ws = store->weft;
    if (ws->handles.scope) weft_ref_keep(ws, handle, NULL);
    wasm_ref_t *thing = thing_new(store, THING_other, NULL, sizeof *thing);
    if (thing) thing->handle = handle;
    else weft_ref_release(ws, handle, NULL);
    return thing;
}

bool val_out(wasm_store_t *store, weft_type type, const weft_val *v, wasm_val_t *out)
{
    *out = (wasm_val_t){.kind = kind_of(type)};
    bool is_null = false;
    switch (v->type) {
    case WEFT_FUNCREF:
        is_null = !v->of.func.item;
        if (!is_null) out->of.ref = thing_of(store, THING_func, v->of.func.item);
        break;
    case WEFT_EXTERNREF:
        is_null = !v->of.ext;
        if (!is_null) out->of.ref = thing_copy(v->of.ext);
        break;
    case WEFT_REF:
        is_null = !v->of.ref.handle;
        if (!is_null) out->of.ref = other_of(store, v->of.ref);
        break;
    case WEFT_V128: return true;
    default:
        memcpy(&out->of, &v->of, sizeof out->of);
        return true;
    }
    return is_null || out->of.ref;
}
