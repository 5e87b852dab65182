// value.c -- values that calls answer.

#include "base/utf8.h"
#include "wasi/p2/state.h"

#include <string.h>

CValue p2_bytes(P2Call *c, const u8 *data, u32 len)
{
    CValue v = {.kind = WEFT_CVALUE_LIST, .packed = WEFT_CVALUE_U8};
    v.of.numbers.data = len ? arena_copy(c->arena, data, len) : NULL;
    v.of.numbers.count = len;
    return v;
}

bool p2_string(P2Call *c, const void *data, size_t len, CValue *out)
{
    if (!utf8_valid(data, len)) return false;
    *out = (CValue){.kind = WEFT_CVALUE_STRING};
    out->of.string.data = arena_strdup(c->arena, data, len);
    out->of.string.len = len;
    return true;
}

const CValue *p2_keep(P2Call *c, CValue v) { return arena_copy(c->arena, &v, sizeof v); }

CValue p2_time(P2Call *c, u64 ns)
{
    enum { SECOND = 1000000000 };
    CValue *fields = NEW_ARRAY(c->arena, CValue, 2);
    fields[0] = p2_u64(ns / SECOND);
    fields[1] = p2_u32((u32)(ns % SECOND));
    return p2_several(WEFT_CVALUE_RECORD, fields, 2);
}

WasiErrno p2_ok(P2Call *c, const CValue *payload)
{
    *c->result = p2_case(WEFT_CVALUE_RESULT, 0, payload);
    return WASI_E_success;
}
