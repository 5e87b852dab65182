// array.c -- strings of JavaScript's out of arrays of guests, and into them.

#include "addon.h"

// So many elements of 16 bits from `first` on. NULL: it has them not.
static char16_t *elements(const Call *call, uint32_t first, uint32_t count)
{
    const JsStore *s = call->store;
    weft_ref ref;
    size_t bytes;
    if (!ref_at(s, arg_u32(call, 1), &ref)) return NULL;
    char16_t *all = weft_array_bytes(s->store, ref, &bytes, &s->addon->why);
    return all && (uint64_t)first + count <= bytes / 2 ? all + first : NULL;
}

napi_value prim_charsRead(Call *call)
{
    Addon *a = call->addon;
    uint32_t first = arg_u32(call, 2), end = arg_u32(call, 3);
    const char16_t *from = first <= end ? elements(call, first, end - first) : NULL;
    napi_value out = NULL;
    if (from) napi_create_string_utf16(a->env, from, end - first, &out);
    return out ? out : addon_fail(a);
}

// Node-API ends a string with a zero, and has no room for that here: the last unit comes by itself.
napi_value prim_charsWrite(Call *call)
{
    Addon *a = call->addon;
    size_t count = 0;
    napi_get_value_string_utf16(a->env, call->args[3], NULL, 0, &count);
    char16_t *to = elements(call, arg_u32(call, 2), (uint32_t)count);
    if (!to) return addon_fail(a);
    if (count) {
        napi_get_value_string_utf16(a->env, call->args[3], to, count, NULL);
        to[count - 1] = (char16_t)arg_u32(call, 4);
    }
    return make_bool(a, true);
}
