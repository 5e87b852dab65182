// type.c -- types as wasm.h has them: of values one of each kind for all, the others allocated.

#include "api/wasm_c/wasm_c.h"

#include <stdlib.h>

// ---- Of values

struct wasm_valtype_t {
    wasm_valkind_t kind;
};

static wasm_valtype_t valtypes[] = {
    {WASM_I32}, {WASM_I64}, {WASM_F32}, {WASM_F64}, {WASM_V128}, {WASM_EXTERNREF}, {WASM_FUNCREF},
    {WASM_OTHERREF},
};

wasm_valtype_t *wasm_valtype_new(wasm_valkind_t kind)
{
    for (size_t i = 0; i < COUNT_OF(valtypes); i++)
        if (valtypes[i].kind == kind) return &valtypes[i];
    return NULL;
}

wasm_valtype_t *wasm_valtype_copy(const wasm_valtype_t *t) { return wasm_valtype_new(t->kind); }
void wasm_valtype_delete(wasm_valtype_t *t) {}
wasm_valkind_t wasm_valtype_kind(const wasm_valtype_t *t) { return t->kind; }

wasm_valkind_t kind_of(weft_type type)
{
    switch (type) {
    case WEFT_I32: return WASM_I32;
    case WEFT_I64: return WASM_I64;
    case WEFT_F32: return WASM_F32;
    case WEFT_F64: return WASM_F64;
    case WEFT_V128: return WASM_V128;
    case WEFT_EXTERNREF: return WASM_EXTERNREF;
    case WEFT_FUNCREF: return WASM_FUNCREF;
    default: return WASM_OTHERREF;
    }
}

bool kind_in(wasm_valkind_t kind, weft_type *out)
{
    static const weft_type types[] = {WEFT_I32, WEFT_I64, WEFT_F32, WEFT_F64, WEFT_EXTERNREF,
                                      WEFT_FUNCREF};
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        *out = types[i];
        if (kind_of(*out) == kind) return true;
    }
    return false;
}

// ---- Of externals: each begins with its kind

struct wasm_externtype_t {
    wasm_externkind_t kind;
};

struct wasm_functype_t {
    wasm_externtype_t head;
    wasm_valtype_vec_t params, results;
};

struct wasm_globaltype_t {
    wasm_externtype_t head;
    wasm_mutability_t mutability;
    wasm_valtype_t *content;
};

struct wasm_tabletype_t {
    wasm_externtype_t head;
    wasm_limits_t limits;
    wasm_valtype_t *element;
};

struct wasm_memorytype_t {
    wasm_externtype_t head;
    wasm_limits_t limits;
};

struct wasm_tagtype_t {
    wasm_externtype_t head;
    wasm_functype_t *type;
};

static bool is_whole(const wasm_valtype_vec_t *types)
{
    for (size_t i = 0; i < types->size; i++)
        if (!types->data[i]) return false;
    return true;
}

wasm_functype_t *wasm_functype_new(wasm_valtype_vec_t *params, wasm_valtype_vec_t *results)
{
    bool whole = is_whole(params) && is_whole(results);
    wasm_functype_t *t = whole ? malloc(sizeof *t) : NULL;
    if (!t) {
        wasm_valtype_vec_delete(params);
        wasm_valtype_vec_delete(results);
        return NULL;
    }
    *t = (wasm_functype_t){{WASM_EXTERN_FUNC}, *params, *results};
    *params = *results = (wasm_valtype_vec_t){0};
    return t;
}

void wasm_functype_delete(wasm_functype_t *t)
{
    if (!t) return;
    wasm_valtype_vec_delete(&t->params);
    wasm_valtype_vec_delete(&t->results);
    free(t);
}

wasm_functype_t *wasm_functype_copy(const wasm_functype_t *t)
{
    wasm_valtype_vec_t params, results;
    wasm_valtype_vec_copy(&params, &t->params);
    wasm_valtype_vec_copy(&results, &t->results);
    if (params.size == t->params.size && results.size == t->results.size)
        return wasm_functype_new(&params, &results);
    wasm_valtype_vec_delete(&params);
    wasm_valtype_vec_delete(&results);
    return NULL;
}

const wasm_valtype_vec_t *wasm_functype_params(const wasm_functype_t *t) { return &t->params; }
const wasm_valtype_vec_t *wasm_functype_results(const wasm_functype_t *t) { return &t->results; }

wasm_globaltype_t *wasm_globaltype_new(wasm_valtype_t *content, wasm_mutability_t mutability)
{
    wasm_globaltype_t *t = content ? malloc(sizeof *t) : NULL;
    if (t) *t = (wasm_globaltype_t){{WASM_EXTERN_GLOBAL}, mutability, content};
    return t;
}

void wasm_globaltype_delete(wasm_globaltype_t *t) { free(t); }

wasm_globaltype_t *wasm_globaltype_copy(const wasm_globaltype_t *t)
{
    return wasm_globaltype_new(t->content, t->mutability);
}

const wasm_valtype_t *wasm_globaltype_content(const wasm_globaltype_t *t) { return t->content; }
wasm_mutability_t wasm_globaltype_mutability(const wasm_globaltype_t *t) { return t->mutability; }

wasm_tabletype_t *wasm_tabletype_new(wasm_valtype_t *element, const wasm_limits_t *limits)
{
    wasm_tabletype_t *t = element ? malloc(sizeof *t) : NULL;
    if (t) *t = (wasm_tabletype_t){{WASM_EXTERN_TABLE}, *limits, element};
    return t;
}

void wasm_tabletype_delete(wasm_tabletype_t *t) { free(t); }

wasm_tabletype_t *wasm_tabletype_copy(const wasm_tabletype_t *t)
{
    return wasm_tabletype_new(t->element, &t->limits);
}

const wasm_valtype_t *wasm_tabletype_element(const wasm_tabletype_t *t) { return t->element; }
const wasm_limits_t *wasm_tabletype_limits(const wasm_tabletype_t *t) { return &t->limits; }

wasm_memorytype_t *wasm_memorytype_new(const wasm_limits_t *limits)
{
    wasm_memorytype_t *t = malloc(sizeof *t);
    if (t) *t = (wasm_memorytype_t){{WASM_EXTERN_MEMORY}, *limits};
    return t;
}

void wasm_memorytype_delete(wasm_memorytype_t *t) { free(t); }

wasm_memorytype_t *wasm_memorytype_copy(const wasm_memorytype_t *t)
{
    return wasm_memorytype_new(&t->limits);
}

const wasm_limits_t *wasm_memorytype_limits(const wasm_memorytype_t *t) { return &t->limits; }

wasm_tagtype_t *wasm_tagtype_new(wasm_functype_t *type)
{
    wasm_tagtype_t *t = type ? malloc(sizeof *t) : NULL;
    if (t) *t = (wasm_tagtype_t){{WASM_EXTERN_TAG}, type};
    else wasm_functype_delete(type);
    return t;
}

void wasm_tagtype_delete(wasm_tagtype_t *t)
{
    if (t) wasm_functype_delete(t->type);
    free(t);
}

wasm_tagtype_t *wasm_tagtype_copy(const wasm_tagtype_t *t)
{
    return wasm_tagtype_new(wasm_functype_copy(t->type));
}

const wasm_functype_t *wasm_tagtype_functype(const wasm_tagtype_t *t) { return t->type; }

// ---- Any of them

#define EXTERNTYPE(name, KIND)                                                                     \
    wasm_externtype_t *wasm_##name##_as_externtype(wasm_##name##_t *t)                             \
    {                                                                                              \
        return (wasm_externtype_t *)t;                                                             \
    }                                                                                              \
    const wasm_externtype_t *wasm_##name##_as_externtype_const(const wasm_##name##_t *t)           \
    {                                                                                              \
        return (const wasm_externtype_t *)t;                                                       \
    }                                                                                              \
    wasm_##name##_t *wasm_externtype_as_##name(wasm_externtype_t *t)                               \
    {                                                                                              \
        return t && t->kind == KIND ? (wasm_##name##_t *)t : NULL;                                 \
    }                                                                                              \
    const wasm_##name##_t *wasm_externtype_as_##name##_const(const wasm_externtype_t *t)           \
    {                                                                                              \
        return t && t->kind == KIND ? (const wasm_##name##_t *)t : NULL;                           \
    }
EXTERNTYPE(functype, WASM_EXTERN_FUNC)
EXTERNTYPE(globaltype, WASM_EXTERN_GLOBAL)
EXTERNTYPE(tabletype, WASM_EXTERN_TABLE)
EXTERNTYPE(memorytype, WASM_EXTERN_MEMORY)
EXTERNTYPE(tagtype, WASM_EXTERN_TAG)

wasm_externkind_t wasm_externtype_kind(const wasm_externtype_t *t) { return t->kind; }

void wasm_externtype_delete(wasm_externtype_t *t)
{
    if (!t) return;
    switch (t->kind) {
    case WASM_EXTERN_FUNC: wasm_functype_delete((wasm_functype_t *)t); break;
    case WASM_EXTERN_TAG: wasm_tagtype_delete((wasm_tagtype_t *)t); break;
    default: free(t);
    }
}

wasm_externtype_t *wasm_externtype_copy(const wasm_externtype_t *t)
{
    switch (t->kind) {
    case WASM_EXTERN_FUNC:
        return (wasm_externtype_t *)wasm_functype_copy((const wasm_functype_t *)t);
    case WASM_EXTERN_GLOBAL:
        return (wasm_externtype_t *)wasm_globaltype_copy((const wasm_globaltype_t *)t);
    case WASM_EXTERN_TABLE:
        return (wasm_externtype_t *)wasm_tabletype_copy((const wasm_tabletype_t *)t);
    case WASM_EXTERN_MEMORY:
        return (wasm_externtype_t *)wasm_memorytype_copy((const wasm_memorytype_t *)t);
    default: return (wasm_externtype_t *)wasm_tagtype_copy((const wasm_tagtype_t *)t);
    }
}

// ---- What items of a module or a store are

static void valtypes_of(const weft_item_type *type, u32 count,
                        weft_type (*at)(const weft_item_type *, u32), wasm_valtype_vec_t *out)
{
    wasm_valtype_vec_new_uninitialized(out, count);
    for (u32 i = 0; i < out->size; i++) out->data[i] = wasm_valtype_new(kind_of(at(type, i)));
}

static wasm_functype_t *functype_of(const weft_item_type *type)
{
    wasm_valtype_vec_t params, results;
    valtypes_of(type, type->param_count, weft_item_param, &params);
    valtypes_of(type, type->result_count, weft_item_result, &results);
    if (params.size == type->param_count && results.size == type->result_count)
        return wasm_functype_new(&params, &results);
    wasm_valtype_vec_delete(&params);
    wasm_valtype_vec_delete(&results);
    return NULL;
}

static wasm_limits_t limits_of(const weft_item_type *type)
{
    return (wasm_limits_t){(u32)MIN(type->min, wasm_limits_max_default),
                           (u32)MIN(type->max, wasm_limits_max_default)};
}

wasm_externtype_t *externtype_of(const weft_item_type *type)
{
    wasm_limits_t limits = limits_of(type);
    wasm_valtype_t *value = wasm_valtype_new(kind_of(type->type));
    switch (type->kind) {
    case WEFT_FUNC: return (wasm_externtype_t *)functype_of(type);
    case WEFT_GLOBAL:
        return (wasm_externtype_t *)wasm_globaltype_new(value, type->is_mutable ? WASM_VAR
                                                                                : WASM_CONST);
    case WEFT_TABLE: return (wasm_externtype_t *)wasm_tabletype_new(value, &limits);
    case WEFT_MEMORY: return (wasm_externtype_t *)wasm_memorytype_new(&limits);
    default: return (wasm_externtype_t *)wasm_tagtype_new(functype_of(type));
    }
}

// ---- Of imports and exports

struct wasm_importtype_t {
    wasm_name_t module, name;
    wasm_externtype_t *type;
};

struct wasm_exporttype_t {
    wasm_name_t name;
    wasm_externtype_t *type;
};

static wasm_name_t name_take(wasm_name_t *name)
{
    wasm_name_t taken = *name;
    *name = (wasm_name_t){0};
    return taken;
}

// False: out of memory, and the copy is empty.
static bool name_copy(wasm_name_t *out, const wasm_name_t *name)
{
    wasm_name_copy(out, name);
    return out->size == name->size;
}

wasm_importtype_t *wasm_importtype_new(wasm_name_t *module, wasm_name_t *name,
                                       wasm_externtype_t *type)
{
    wasm_importtype_t *t = type ? malloc(sizeof *t) : NULL;
    if (t) {
        *t = (wasm_importtype_t){name_take(module), name_take(name), type};
        return t;
    }
    wasm_name_delete(module);
    wasm_name_delete(name);
    wasm_externtype_delete(type);
    return NULL;
}

void wasm_importtype_delete(wasm_importtype_t *t)
{
    if (!t) return;
    wasm_name_delete(&t->module);
    wasm_name_delete(&t->name);
    wasm_externtype_delete(t->type);
    free(t);
}

wasm_importtype_t *wasm_importtype_copy(const wasm_importtype_t *t)
{
    wasm_name_t module, name;
    bool whole = name_copy(&module, &t->module);
    whole &= name_copy(&name, &t->name);
    return wasm_importtype_new(&module, &name, whole ? wasm_externtype_copy(t->type) : NULL);
}

const wasm_name_t *wasm_importtype_module(const wasm_importtype_t *t) { return &t->module; }
const wasm_name_t *wasm_importtype_name(const wasm_importtype_t *t) { return &t->name; }
const wasm_externtype_t *wasm_importtype_type(const wasm_importtype_t *t) { return t->type; }

wasm_exporttype_t *wasm_exporttype_new(wasm_name_t *name, wasm_externtype_t *type)
{
    wasm_exporttype_t *t = type ? malloc(sizeof *t) : NULL;
    if (t) {
        *t = (wasm_exporttype_t){name_take(name), type};
        return t;
    }
    wasm_name_delete(name);
    wasm_externtype_delete(type);
    return NULL;
}

void wasm_exporttype_delete(wasm_exporttype_t *t)
{
    if (!t) return;
    wasm_name_delete(&t->name);
    wasm_externtype_delete(t->type);
    free(t);
}

wasm_exporttype_t *wasm_exporttype_copy(const wasm_exporttype_t *t)
{
    wasm_name_t name;
    bool whole = name_copy(&name, &t->name);
    return wasm_exporttype_new(&name, whole ? wasm_externtype_copy(t->type) : NULL);
}

const wasm_name_t *wasm_exporttype_name(const wasm_exporttype_t *t) { return &t->name; }
const wasm_externtype_t *wasm_exporttype_type(const wasm_exporttype_t *t) { return t->type; }
