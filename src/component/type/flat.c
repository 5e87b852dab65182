// flat.c -- see flat.h.

#include "component/type/flat.h"

enum { MAX_FLAT_PARAMS = 16, MAX_FLAT_ASYNC_PARAMS = 4, MAX_FLAT_RESULTS = 1 };

Type flat_type(u8 letter)
{
    return letter == 'i' ? TYPE_i32 : letter == 'l' ? TYPE_i64 : letter == 'f' ? TYPE_f32
                                                                                 : TYPE_f64;
}

const char *flat_text(u8 letter)
{
    return letter == 'i' ? "i32" : letter == 'l' ? "i64" : letter == 'f' ? "f32" : "f64";
}

// A row has parameters _ results.
void canon_flatten(Canon canon, CanonLetters of, FlatSig *sig)
{
    bool results = false;
    *sig = (FlatSig){0};
    for (const char *at = canon_info[canon].sig; *at; at++) {
        u8 letter = *at == 'p'   ? of.address
                    : *at == 'r' ? of.rep
                    : *at == 't' ? of.context
                    : *at == 'c' ? of.thread
                    : *at == 'u' ? of.table
                                 : (u8)*at;
        if (!letter) letter = 'i';
        if (letter == '_') results = true;
        else if (results) sig->results[sig->result_count++] = letter;
        else sig->params[sig->count++] = letter;
    }
}

// So many core values as it has; FLAT_MANY: more than are passed so.
static u32 flatten(const CTypes *types, CType type, u32 n, bool is64, u8 *out)
{
    const CLayout *l = ctype_layout(types, type);
    if (n + l->flat_count > FLAT_MOST) return FLAT_MANY;
    memcpy(out + n, l->flat[is64], l->flat_count);
    return n + l->flat_count;
}

static u32 flatten_params(const CTypes *types, const CFunc *f, bool is64, u8 *out)
{
    u32 n = 0;
    for (u32 i = 0; i < f->count && n <= FLAT_MOST; i++)
        n = flatten(types, f->params[i].type, n, is64, out);
    return n;
}

static bool params_hold_list(const CTypes *types, const CFunc *f)
{
    u32 holds = 0;
    for (u32 i = 0; i < f->count; i++) holds |= ctype_holds(types, f->params[i].type);
    return holds & HOLDS_list;
}

// spec: CanonicalABI/flatten_functype
u32 cfunc_flatten(const CTypes *types, const CFunc *f, FlatWay way, FlatSig *sig)
{
    u8 p = way.is64 ? 'l' : 'i', results[FLAT_MOST];
    u32 needs = 0, most = way.async && !way.lift ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS;
    *sig = (FlatSig){0};
    u32 count = flatten_params(types, f, way.is64, sig->params);
    u32 gives = f->result == CTYPE_NONE ? 0 : flatten(types, f->result, 0, way.is64, results);
    u32 results_most = !way.async ? MAX_FLAT_RESULTS : way.lift ? MAX_FLAT_PARAMS : 0;
    if (params_hold_list(types, f)) needs |= way.lift ? CANON_REALLOC : CANON_MEMORY;
    if (ctype_holds(types, f->result) & HOLDS_list)
        needs |= way.lift ? CANON_MEMORY : CANON_REALLOC;
    if (count > most) {
        needs |= way.lift ? CANON_REALLOC : CANON_MEMORY;
        count = 1;
        sig->params[0] = p;
    }
    if (gives > results_most) needs |= CANON_MEMORY;
    sig->count = count;
    if (way.async) {
        sig->result_count = !way.lift || way.callback;
        sig->results[0] = 'i';
        if (!way.lift && gives) sig->params[sig->count++] = p;
    } else if (gives > MAX_FLAT_RESULTS && way.lift) {
        sig->result_count = 1;
        sig->results[0] = p;
    } else if (gives > MAX_FLAT_RESULTS) {
        sig->params[sig->count++] = p;
    } else {
        sig->result_count = gives;
        sig->results[0] = results[0];
    }
    return needs;
}
