// value.c -- values in slots, as JavaScript has them, and as the library does.
//
// Of a value that is no number the upper half of a slot says what the lower half is: what its type
// says, or something else that the type can hold.

#include "addon.h"

enum { AS_TYPED, AS_I31, AS_EXTERN, AS_REF };

static uint32_t low(uint64_t slot) { return (uint32_t)slot; }
static uint32_t high(uint64_t slot) { return (uint32_t)(slot >> 32); }
static uint64_t pair(uint32_t what, uint32_t place) { return (uint64_t)what << 32 | place; }

// ---- References that JavaScript has

// A handle lives until it is released, or, made while a function of JavaScript's runs or in a loan,
// until that has returned: there it is kept.
static bool keep(JsStore *s, weft_ref ref)
{
    return !s->hosting || weft_ref_keep(s->store, ref, &s->addon->why) == WEFT_OK;
}

static void let_ref_go(JsStore *s, weft_ref ref) { weft_ref_release(s->store, ref, NULL); }

static bool ref_room(JsStore *s)
{
    if (s->ref_free || s->ref_count < s->ref_cap) return true;
    uint32_t cap = s->ref_cap ? 2 * s->ref_cap : 16;
    weft_ref *larger = realloc(s->refs, cap * sizeof *larger);
    if (!larger) return false;
    s->refs = larger;
    s->ref_cap = cap;
    return true;
}

// The place of a reference: the same for the same object, as long as JavaScript has it. 0: out of
// memory.
static uint32_t ref_place(JsStore *s, weft_ref ref)
{
    uint64_t number;
    if (weft_ref_number(s->store, ref, &number, &s->addon->why) != WEFT_OK) return 0;
    uint32_t *known = map_find(&s->numbers, number), place;
    if (known) {
        let_ref_go(s, ref); // where a function of JavaScript's has it that is refused, and ends it
        return *known;
    }
    if (!ref_room(s) || !keep(s, ref)) return 0;
    place = s->ref_free ? s->ref_free : s->ref_count + 1;
    if (!map_set(&s->numbers, number, place)) return 0;
    if (place == s->ref_free) s->ref_free = (uint32_t)s->refs[place - 1].handle;
    else s->ref_count++;
    s->refs[place - 1] = ref;
    return place;
}

void ref_release(JsStore *s, uint32_t place)
{
    uint64_t number;
    if (!place || place > s->ref_count || !s->refs[place - 1].store) return;
    weft_ref *ref = &s->refs[place - 1];
    if (weft_ref_number(s->store, *ref, &number, NULL) == WEFT_OK) map_remove(&s->numbers, number);
    let_ref_go(s, *ref);
    *ref = (weft_ref){0, s->ref_free};
    s->ref_free = place;
}

napi_value prim_refRelease(Call *call)
{
    ref_release(call->store, arg_u32(call, 1));
    return NULL;
}

napi_value in_scope(Call *call, napi_value (*run)(Call *call))
{
    JsStore *s = call->store;
    weft_scope scope;
    if (!s->hosting) return run(call);
    if (weft_scope_open(s->store, &scope, &s->addon->why) != WEFT_OK) return addon_fail(s->addon);
    s->hosting++;
    napi_value out = run(call);
    s->hosting--;
    weft_scope_close(s->store, scope, NULL);
    return out;
}

bool ref_at(const JsStore *s, uint32_t place, weft_ref *out)
{
    if (!place || place > s->ref_count || !s->refs[place - 1].store) return false;
    *out = s->refs[place - 1];
    return true;
}

// ---- In

static bool convert(JsStore *s, weft_val *value, bool outwards)
{
    weft_status status =
        outwards ? weft_extern_convert_any(s->store, *value, value, &s->addon->why)
                 : weft_any_convert_extern(s->store, *value, value, &s->addon->why);
    return status == WEFT_OK;
}

static bool makes_handle(weft_type type, uint64_t slot)
{
    switch (high(slot)) {
    case AS_I31: return true;
    case AS_EXTERN: return type == WEFT_REF;
    case AS_REF: return type == WEFT_EXTERNREF;
    default: return false;
    }
}

bool loan_begin(JsStore *s, const uint8_t *types, uint32_t count, bool anyway, Loan *loan)
{
    loan->is_open = anyway;
    for (uint32_t i = 0; !loan->is_open && i < count; i++)
        loan->is_open = (types[i] == WEFT_REF || types[i] == WEFT_EXTERNREF) &&
                        makes_handle((weft_type)types[i], s->addon->slots[i]);
    if (!loan->is_open) return true;
    if (weft_scope_open(s->store, &loan->scope, &s->addon->why) != WEFT_OK) return false;
    s->hosting++;
    return true;
}

void loan_end(JsStore *s, const Loan *loan)
{
    if (!loan->is_open) return;
    s->hosting--;
    weft_scope_close(s->store, loan->scope, NULL);
}

static bool ref_in(JsStore *s, weft_type type, uint64_t slot, weft_val *out)
{
    bool outwards = type == WEFT_EXTERNREF;
    out->type = WEFT_REF;
    switch (high(slot)) {
    case AS_TYPED: // null alone
        out->type = type;
        return !low(slot);
    case AS_I31:
        return weft_i31_new(s->store, (int32_t)low(slot), &out->of.ref, &s->addon->why) ==
                   WEFT_OK &&
               (!outwards || convert(s, out, true));
    case AS_EXTERN:
        out->type = WEFT_EXTERNREF;
        out->of.ext = (void *)(uintptr_t)low(slot);
        return outwards || convert(s, out, false);
    default:
        return ref_at(s, low(slot), &out->of.ref) && (!outwards || convert(s, out, true));
    }
}

bool value_in(JsStore *s, weft_type type, const uint64_t *slot, weft_val *out)
{
    memset(out, 0, sizeof *out);
    s->addon->why.name = "wrong_type"; // unless something else says more
    strcpy(s->addon->why.message, "the value is of another type");
    out->type = type;
    if (type == WEFT_FUNCREF) {
        const weft_extern *item = item_at(s, low(*slot), WEFT_FUNC);
        if (item) out->of.func = item->of.func;
        return item || !low(*slot);
    }
    if (type == WEFT_EXTERNREF || type == WEFT_REF) return ref_in(s, type, *slot, out);
    memcpy(&out->of, slot, sizeof *slot);
    return true;
}

// ---- Out

static bool ref_out(JsStore *s, const weft_val *value, uint64_t *slot)
{
    weft_valtype type;
    weft_val inner = *value;
    int32_t number;
    *slot = 0;
    if (!value->of.ref.handle) return true;
    if (weft_ref_type(s->store, value->of.ref, &type, &s->addon->why) != WEFT_OK) return false;
    // An object of the guest's that it made an external reference of, and the other way round.
    if (type.heap == WEFT_HEAP_EXTERN) {
        if (!convert(s, &inner, false)) return false;
        let_ref_go(s, value->of.ref);
        if (weft_ref_type(s->store, inner.of.ref, &type, &s->addon->why) != WEFT_OK) return false;
    } else if (type.heap == WEFT_HEAP_ANY) {
        if (!convert(s, &inner, true) || inner.type != WEFT_EXTERNREF) return false;
        let_ref_go(s, value->of.ref);
        *slot = pair(AS_EXTERN, low((uint64_t)(uintptr_t)inner.of.ext));
        return true;
    }
    if (type.heap == WEFT_HEAP_I31) {
        weft_i31_get(s->store, inner.of.ref, &number, NULL);
        let_ref_go(s, inner.of.ref);
        *slot = pair(AS_I31, (uint32_t)number);
        return true;
    }
    *slot = pair(AS_REF, ref_place(s, inner.of.ref));
    return low(*slot) != 0;
}

bool value_out(JsStore *s, const weft_val *value, uint64_t *slot)
{
    if (value->type == WEFT_REF) return ref_out(s, value, slot);
    *slot = 0;
    if (value->type == WEFT_FUNCREF) {
        weft_extern item = {.kind = WEFT_FUNC, .of = {.func = value->of.func}};
        if (item.of.func.item) *slot = item_place(s, item);
        return *slot || !item.of.func.item;
    }
    if (value->type == WEFT_EXTERNREF) {
        uint32_t place = low((uint64_t)(uintptr_t)value->of.ext);
        *slot = place ? pair(AS_EXTERN, place) : 0;
        return true;
    }
    memcpy(slot, &value->of, sizeof *slot);
    return true;
}

napi_value first_out(JsStore *s, weft_status status, const weft_val *value)
{
    Addon *a = s->addon;
    if (status != WEFT_OK || !value_out(s, value, a->slots)) return addon_fail(a);
    return make_bool(a, true);
}
