// type_api.c -- types in full: values, and what modules define.

#include "api/api.h"
#include "module/whole.h"

#include <stdlib.h>
#include <string.h>

// ---- Between weft_object.h and types

_Static_assert((int)WEFT_HEAP_FUNC == HEAP_func + 2 && (int)WEFT_HEAP_ANY == HEAP_any + 2 &&
                   (int)WEFT_HEAP_EXN == HEAP_exn + 2 && (int)WEFT_HEAP_NONE == HEAP_none + 2 &&
                   (int)WEFT_HEAP_NOCONT == HEAP_nocont + 2 && HEAP_nocont + 1 == HEAP_COUNT,
               "one order");

// NULL: it is none that there is.
static const TypeDef *def_of(weft_deftype type)
{
    TypeStore *types = (TypeStore *)type.types;
    return types && type_known(types, type.id) ? type_def(types, type.id) : NULL;
}

static bool ref_type_in(const TypeStore *types, const weft_valtype *given, Type *out)
{
    Type flags = given->is_exact ? TYPE_EXACT : 0;
    if (given->heap == WEFT_HEAP_DEFINED) {
        *out = type_ref_to(given->is_nullable, given->def.id) | flags;
        return given->def.types == types && def_of(given->def);
    }
    *out = type_ref(given->is_nullable, (Heap)(given->heap - WEFT_HEAP_FUNC));
    return given->heap >= WEFT_HEAP_FUNC && given->heap <= WEFT_HEAP_NOCONT && !flags;
}

bool api_type_in(const TypeStore *types, const weft_valtype *given, Type *out)
{
    switch (given->type) {
    case WEFT_FUNCREF: case WEFT_EXTERNREF: case WEFT_REF: return ref_type_in(types, given, out);
    case WEFT_I8: *out = TYPE_i8; return true;
    case WEFT_I16: *out = TYPE_i16; return true;
    default:
        *out = api_plain_type(given->type);
        return *out != TYPE_bottom;
    }
}

void api_type_out(const TypeStore *types, Type type, weft_valtype *out)
{
    *out = (weft_valtype){.type = type == TYPE_i8    ? WEFT_I8
                                  : type == TYPE_i16 ? WEFT_I16
                                                     : api_type(types, type)};
    if (!type_is_ref(type)) return;
    bool defined = type_is_concrete(type);
    out->heap = defined ? WEFT_HEAP_DEFINED : (weft_heap)(type_heap(type) + WEFT_HEAP_FUNC);
    out->is_nullable = type_is_null(type);
    out->is_exact = type & TYPE_EXACT;
    if (defined) out->def = (weft_deftype){types, type_id(type)};
}

// ---- What a store holds: each type once, in a set

// Its place, or where it would be; there is an empty one.
static u32 place_of(const HeldTypes *h, TypeId id)
{
    u32 at = id * 0x9e3779b1u & (h->cap - 1);
    while (h->ids[at] && h->ids[at] != id) at = (at + 1) & (h->cap - 1);
    return at;
}

static bool grow(HeldTypes *h)
{
    HeldTypes larger = {.count = h->count, .cap = h->cap ? 2 * h->cap : 16};
    if (!larger.cap || !(larger.ids = calloc(larger.cap, sizeof *larger.ids))) return false;
    for (u32 i = 0; i < h->cap; i++)
        if (h->ids[i]) larger.ids[place_of(&larger, h->ids[i])] = h->ids[i];
    free(h->ids);
    *h = larger;
    return true;
}

// What is held already needs no look at what all have.
static weft_status hold(weft_store *ws, weft_deftype type, weft_diag *diag)
{
    HeldTypes *h = &ws->types;
    TypeId id = type.id;
    if (type.types != ws->s->types || !id)
        return api_refuse(diag, API_unknown_type, "%s", "it is of another engine, or none");
    if (h->cap && h->ids[place_of(h, id)] == id) return WEFT_OK;
    if (!def_of(type)) return api_refuse(diag, API_unknown_type, "%s", "there is none any more");
    if (2 * h->count >= h->cap && !grow(h))
        return api_error(diag, ERR_out_of_memory, "%s", "for a type");
    type_hold(ws->s->types, id);
    h->ids[place_of(h, id)] = id;
    h->count++;
    return WEFT_OK;
}

weft_status api_hold_def(weft_store *ws, weft_deftype type, CompKind kind, const TypeDef **out,
                         weft_diag *diag)
{
    static const char *const kinds[] = {
        [COMP_func] = "a function's", [COMP_struct] = "a structure's", [COMP_array] = "an array's",
        [COMP_cont] = "a continuation's",
    };
    const TypeDef *def = type.types == ws->s->types && type.id ? def_of(type) : NULL;
    if (def && def->kind != kind)
        return api_refuse(diag, API_unknown_type, "it is %s, where %s is wanted", kinds[def->kind],
                          kinds[kind]);
    if (hold(ws, type, diag) != WEFT_OK) return WEFT_ERROR;
    *out = type_def(ws->s->types, type.id);
    return WEFT_OK;
}

weft_status api_hold_type(weft_store *ws, const weft_valtype *given, Type *out, weft_diag *diag)
{
    bool defined = given->heap == WEFT_HEAP_DEFINED;
    if (!api_type_in(ws->s->types, given, out) || type_is_packed(*out))
        return api_refuse(diag, API_unknown_type, "%s", "it is no value's of this engine");
    return type_is_ref(*out) && defined ? hold(ws, given->def, diag) : WEFT_OK;
}

void types_drop(TypeStore *types, HeldTypes *h)
{
    for (u32 i = 0; i < h->cap; i++)
        if (h->ids[i]) type_give_back(types, &h->ids[i], 1);
    free(h->ids);
    *h = (HeldTypes){0};
}

void types_let_go(weft_store *ws) { types_drop(ws->s->types, &ws->types); }

bool types_copy(TypeStore *types, const HeldTypes *from, HeldTypes *to)
{
    *to = *from;
    if (!from->cap) return true;
    to->ids = malloc(from->cap * sizeof *to->ids);
    if (!to->ids) return false;
    memcpy(to->ids, from->ids, from->cap * sizeof *to->ids);
    for (u32 i = 0; i < to->cap; i++)
        if (to->ids[i]) type_hold(types, to->ids[i]);
    return true;
}

weft_status types_hold_all(weft_store *ws, const HeldTypes *h, weft_diag *diag)
{
    for (u32 i = 0; i < h->cap; i++) {
        weft_deftype type = {ws->s->types, h->ids[i]};
        if (type.id && hold(ws, type, diag) != WEFT_OK) return WEFT_ERROR;
    }
    return WEFT_OK;
}

// ---- Where they are found

static bool type_at(const Module *m, u32 index, weft_deftype *out)
{
    *out = (weft_deftype){0};
    if (index >= m->type_count) return false;
    *out = (weft_deftype){m->store, m->types[index]};
    return true;
}

uint32_t weft_module_type_count(const weft_module *m) { return m->source.module->type_count; }

bool weft_module_type(const weft_module *m, uint32_t index, weft_deftype *out)
{
    return type_at(m->source.module, index, out);
}

bool weft_instance_type(const weft_store *ws, weft_instance instance, uint32_t index,
                        weft_deftype *out)
{
    *out = (weft_deftype){0};
    return instance.store == ws->id && type_at(((const Instance *)instance.item)->module, index,
                                               out);
}

static u32 rest_of(const weft_item_type *type) { return (u32)(uintptr_t)type->rest[1]; }

bool weft_item_deftype(const weft_item_type *type, weft_deftype *out)
{
    bool has = type->kind == WEFT_FUNC || type->kind == WEFT_TAG;
    *out = (weft_deftype){0};
    if (has) *out = (weft_deftype){type->rest[0], rest_of(type)};
    return has;
}

bool weft_item_valtype(const weft_item_type *type, weft_valtype *out)
{
    bool has = type->kind == WEFT_GLOBAL || type->kind == WEFT_TABLE;
    *out = (weft_valtype){0};
    if (has) api_type_out(type->rest[0], rest_of(type), out);
    return has;
}

static weft_type item_type(const weft_item_type *type, weft_valtype *out, bool found)
{
    return found ? out->type : WEFT_NO_TYPE;
}

weft_type weft_item_param(const weft_item_type *type, uint32_t index)
{
    weft_deftype def;
    weft_valtype out;
    weft_item_deftype(type, &def);
    return item_type(type, &out, weft_deftype_param(def, index, &out));
}

weft_type weft_item_result(const weft_item_type *type, uint32_t index)
{
    weft_deftype def;
    weft_valtype out;
    weft_item_deftype(type, &def);
    return item_type(type, &out, weft_deftype_result(def, index, &out));
}

// ---- What they are made of

bool weft_deftype_info(weft_deftype type, weft_def_info *out)
{
    static const weft_def_kind kinds[] = {
        [COMP_func] = WEFT_DEF_FUNC, [COMP_struct] = WEFT_DEF_STRUCT, [COMP_array] = WEFT_DEF_ARRAY,
        [COMP_cont] = WEFT_DEF_CONT,
    };
    const TypeDef *def = def_of(type);
    *out = (weft_def_info){0};
    if (!def) return false;
    bool aggregate = def->kind == COMP_struct || def->kind == COMP_array;
    out->kind = kinds[def->kind];
    out->is_final = def->final;
    out->is_defaultable =
        aggregate && (def->kind == COMP_array ? type_is_defaultable(def->fields[0].type)
                                              : def->defaultable);
    if (def->super != TYPE_NONE) out->super = (weft_deftype){type.types, def->super};
    if (def->kind == COMP_cont) out->cont = (weft_deftype){type.types, def->cont};
    out->field_count = aggregate ? def->field_count : 0;
    out->param_count = def->kind == COMP_func ? def->param_count : 0;
    out->result_count = def->kind == COMP_func ? def->result_count : 0;
    return true;
}

bool weft_deftype_param(weft_deftype type, uint32_t index, weft_valtype *out)
{
    const TypeDef *def = def_of(type);
    *out = (weft_valtype){0};
    if (!def || def->kind != COMP_func || index >= def->param_count) return false;
    api_type_out(type.types, def->params[index], out);
    return true;
}

bool weft_deftype_result(weft_deftype type, uint32_t index, weft_valtype *out)
{
    const TypeDef *def = def_of(type);
    *out = (weft_valtype){0};
    if (!def || def->kind != COMP_func || index >= def->result_count) return false;
    api_type_out(type.types, type_results(def)[index], out);
    return true;
}

bool weft_deftype_field(weft_deftype type, uint32_t index, weft_field *out)
{
    const TypeDef *def = def_of(type);
    *out = (weft_field){0};
    if (!def || (def->kind != COMP_struct && def->kind != COMP_array)) return false;
    if (index >= def->field_count) return false;
    api_type_out(type.types, def->fields[index].type, &out->type);
    out->is_mutable = def->fields[index].mutable;
    return true;
}

bool weft_deftype_descriptor(weft_deftype type, weft_deftype *out)
{
    const TypeDef *def = def_of(type);
    bool has = def && def->descriptor != TYPE_NONE;
    *out = has ? (weft_deftype){type.types, def->descriptor} : (weft_deftype){0};
    return has;
}

// Whose types those are that it names; NULL: it names none.
static const TypeStore *types_of(const weft_valtype *type)
{
    return type->heap == WEFT_HEAP_DEFINED ? type->def.types : NULL;
}

bool weft_valtype_matches(const weft_valtype *sub, const weft_valtype *super)
{
    const TypeStore *types = types_of(sub) ? types_of(sub) : types_of(super);
    Type a, b;
    return api_type_in(types, sub, &a) && api_type_in(types, super, &b) &&
        type_matches(types, a, b);
}

size_t weft_valtype_text(const weft_valtype *given, char *out, size_t size)
{
    Type type;
    if (size) *out = 0;
    bool is_type = api_type_in(types_of(given), given, &type);
    return is_type ? type_whole(out, size, types_of(given), type) : 0;
}

size_t weft_deftype_text(weft_deftype type, char *out, size_t size)
{
    if (size) *out = 0;
    return def_of(type) ? type_def_whole(out, size, type.types, type.id) : 0;
}
