// types.c -- the type section: value types, functions, resources, and the declarations of which
// types of components and instances are made. Those nest: each is a scope on the stack, so that
// nothing here calls itself. spec: Binary/type definitions

#include "component/binary/decoder.h"

Err c_type_error(C *c, Err err, const u8 *at)
{
    if (err == ERR_component_type)
        c_fail(c, err, at, "values of it would be of 268,435,456 bytes or more");
    else if (err != ERR_none)
        c_fail(c, err, at, "%s", "");
    return err;
}

static CType type_at(C *c, u32 *index)
{
    *index = c_index(c, c->scope->types.count, "type");
    return c_failed(c) ? CPRIM_bool : c->scope->types.items[*index];
}

// An index is a number that is not negative, as s33; codes are one byte.
CType decode_val_type_of(C *c)
{
    const u8 *at = c_at(c);
    u8 byte = peek_u8(c_reader(c));
    if ((byte & 0xc0) == 0x40) {
        CPrim p = cprim_find(read_u8(c_reader(c)));
        if (p == CPRIM_COUNT) c_fail(c, ERR_malformed_component_type, at, "0x%02x", byte);
        else c_needs(c, cprim_info[p].since, at);
        return c_failed(c) ? CPRIM_bool : (CType)p;
    }
    s64 index = read_leb_s33(c_reader(c));
    if (c_failed(c)) return CPRIM_bool;
    if (index < 0) return c_fail(c, ERR_malformed_component_type, at, "a code takes one byte");
    if (index >= c->scope->types.count)
        return c_fail(c, ERR_unknown_definition, at, "type %lld; there are %u", (long long)index,
                      c->scope->types.count);
    CType type = c->scope->types.items[index];
    if (!ctype_is_value(&c->c->types, type))
        return c_fail(c, ERR_component_kind, at, "type %lld is no type of values but %s",
                      (long long)index, ctype_text(&c->c->types, type));
    return type;
}

// 0x00 nothing, 0x01 a type.
static CType decode_optional(C *c)
{
    const u8 *at = c_at(c);
    u8 there = read_u8(c_reader(c));
    if (there > 1) c_fail(c, ERR_malformed_component_type, at, "0x%02x, and not 0 or 1", there);
    return there == 1 && !c_failed(c) ? decode_val_type_of(c) : CTYPE_NONE;
}

static Bytes decode_label(C *c, Map *keys, const char *what)
{
    const u8 *at = c_at(c);
    Bytes label = read_name(c_reader(c));
    if (c_failed(c)) return label;
    if (!clabel_valid(label)) {
        c_fail(c, ERR_component_name, at, "%s \"%.*s\" is not in kebab case", what, c_shown(label),
               (const char *)label.data);
        return label;
    }
    Bytes key = clabel_key(&c->c->scratch, label);
    if (!map_add(keys, key.data, key.len, 0))
        c_fail(c, ERR_component_conflict, at, "%s \"%.*s\"", what, c_shown(label),
               (const char *)label.data);
    return label;
}

// How the parts of a form are written.
enum { PART_label = 1, PART_type = 2, PART_optional = 4, PART_zero = 8 };

static CField *decode_parts(C *c, u32 shape, const char *what, u32 *count)
{
    Map keys;
    map_init(&keys, &c->c->scratch);
    *count = c_count(c, shape == PART_type || shape == PART_label ? 1 : 2, COMPONENT_MOST_fields,
                     ERR_limit_component_fields);
    CField *parts = NEW_ARRAY(&c->c->scratch, CField, *count);
    for (u32 i = 0; i < *count && !c_failed(c); i++) {
        parts[i].type = CTYPE_NONE;
        if (shape & PART_label) parts[i].name = decode_label(c, &keys, what);
        if (shape & PART_type) parts[i].type = decode_val_type_of(c);
        if (shape & PART_optional) parts[i].type = decode_optional(c);
        if (shape & PART_zero) c_byte(c, 0x00, ERR_zero_byte_expected);
    }
    return parts;
}

static CType make_type(C *c, CForm form, const CField *parts, u32 count, const u8 *at)
{
    Err err = ERR_none;
    if (c_failed(c)) return CPRIM_bool;
    CType type = ctype_make(&c->c->types, form, parts, count, &err);
    c_type_error(c, err, at);
    return type;
}

static CType decode_listed(C *c, CForm form, const u8 *at)
{
    static const struct { u8 shape; const char *what; } shapes[] = {
        [CFORM_record] = {PART_label | PART_type, "field"},
        [CFORM_variant] = {PART_label | PART_optional | PART_zero, "case"},
        [CFORM_tuple] = {PART_type, "element"},
        [CFORM_flags] = {PART_label, "flag"},
        [CFORM_enum] = {PART_label, "case"},
    };
    u32 count;
    CField *parts = decode_parts(c, shapes[form].shape, shapes[form].what, &count);
    if (!c_failed(c) && !count)
        c_fail(c, ERR_component_type, at, "a %s of nothing", cform_info[form].text);
    if (!c_failed(c) && form == CFORM_flags && count > 32)
        c_fail(c, ERR_component_type, at, "more than 32 flags");
    return make_type(c, form, parts, count, at);
}

static CType decode_handle(C *c, CForm form, const u8 *at)
{
    u32 index;
    CType to = type_at(c, &index);
    if (!c_failed(c) && ctype_form(&c->c->types, to) != CFORM_resource)
        c_fail(c, ERR_component_kind, at, "type %u is not a resource type", index);
    return make_type(c, form, &(CField){{0}, to}, 1, at);
}

// spec: Explainer/container types, keytype
static bool is_key(CType t)
{
    return t < CPRIM_COUNT && t != CPRIM_f32 && t != CPRIM_f64 && t != CPRIM_error_context;
}

static CType decode_stream(C *c, CForm form, const u8 *at)
{
    CField part = {{0}, decode_optional(c)};
    if (ctype_holds(&c->c->types, part.type) & HOLDS_borrow)
        c_fail(c, ERR_component_type, at, "a %s of borrowed handles", cform_info[form].text);
    if (form == CFORM_stream && ctype_canon(&c->c->types, part.type) == CPRIM_char)
        c_fail(c, ERR_component_type, at, "a stream of char");
    return make_type(c, form, &part, 1, at);
}

static CType decode_def_val_type(C *c, CForm form, const u8 *at)
{
    CField parts[2] = {{{0}, CTYPE_NONE}, {{0}, CTYPE_NONE}};
    u32 count = 1;
    switch (form) {
    case CFORM_own: case CFORM_borrow: return decode_handle(c, form, at);
    case CFORM_stream: case CFORM_future: return decode_stream(c, form, at);
    case CFORM_list: case CFORM_option: parts[0].type = decode_val_type_of(c); break;
    case CFORM_fixed_list:
        parts[0].type = decode_val_type_of(c);
        count = read_leb_u32(c_reader(c));
        if (!c_failed(c) && !count) c_fail(c, ERR_component_type, at, "a list of the length 0");
        break;
    case CFORM_result:
        parts[0].type = decode_optional(c);
        parts[1].type = decode_optional(c);
        count = 2;
        break;
    case CFORM_map:
        parts[0].type = decode_val_type_of(c);
        parts[1].type = decode_val_type_of(c);
        count = 2;
        if (!c_failed(c) && !is_key(ctype_canon(&c->c->types, parts[0].type)))
            c_fail(c, ERR_component_type, at, "%s cannot be a key",
                   ctype_text(&c->c->types, parts[0].type));
        break;
    default: return decode_listed(c, form, at);
    }
    return make_type(c, form, parts, count, at);
}

bool decode_result_list(C *c, CType *result)
{
    const u8 *at = c_at(c);
    u8 kind = read_u8(c_reader(c));
    *result = CTYPE_NONE;
    if (kind == 0x00) *result = decode_val_type_of(c);
    else if (kind == 0x01) c_byte(c, 0x00, ERR_malformed_component_type);
    else if (!c_failed(c)) c_fail(c, ERR_malformed_component_type, at, "results 0x%02x", kind);
    return !c_failed(c);
}

static CType decode_func(C *c, bool async, const u8 *at)
{
    CFunc f = {.async = async, .result = CTYPE_NONE};
    Err err = ERR_none;
    f.params = decode_parts(c, PART_label | PART_type, "parameter", &f.count);
    if (c_failed(c) || !decode_result_list(c, &f.result)) return CPRIM_bool;
    if (ctype_holds(&c->c->types, f.result) & HOLDS_borrow)
        c_fail(c, ERR_component_type, at, "a result with borrowed handles");
    CType type = ctype_make_func(&c->c->types, &f, &err);
    c_type_error(c, err, at);
    return type;
}

u8 decode_rep(C *c)
{
    const u8 *at = c_at(c);
    u8 code = read_u8(c_reader(c));
    if (c_failed(c) || code == 0x7f) return TYPE_i32;
    if (code != 0x7e) c_fail(c, ERR_component_type, at, "0x%02x, and not i32", code);
    else c_needs(c, FEATURE_cm_memory64, at);
    return TYPE_i64;
}

static CType decode_resource(C *c, const u8 *at)
{
    Scope *s = c->scope;
    if (s->kind != SCOPE_component)
        c_fail(c, ERR_component_type, at, "a resource is defined by a component, not in a type");
    u8 rep = decode_rep(c);
    const u8 *dtor_at = c_at(c);
    u8 has_dtor = read_u8(c_reader(c));
    if (!c_failed(c) && has_dtor > 1)
        c_fail(c, ERR_malformed_component_type, dtor_at, "0x%02x, and not 0 or 1", has_dtor);
    ExternType dtor;
    u32 index = CANON_NONE;
    if (has_dtor == 1 && core_sort_index(c, CORE_SORT_func, &dtor)) {
        index = c->index;
        u8 letter = rep == TYPE_i32 ? 'i' : 'l';
        if (dtor.func != core_func_type(c, &letter, 1, NULL, 0))
            c_fail(c, ERR_canon_type, dtor_at, "a destructor takes the representation");
    }
    if (c_failed(c)) return CPRIM_bool;
    CType type = ctype_make_resource(&c->c->types, rep, s->id);
    c_push(c, &s->bound[SIDE_exports], type);
    CDef *d = c_record(c, CDEF_resource);
    d->index = index;
    d->type = type;
    return type;
}

static void open_type(C *c, ScopeKind kind, const u8 *at)
{
    u32 count = c_count(c, 2, COMPONENT_MOST_items, ERR_limit_component_items);
    Scope *s = c_failed(c) ? NULL : scope_open(c, kind);
    if (!s) return;
    s->left = count;
    s->last_at = (u32)(at - c->d.r.start);
}

// One that begins a scope is not there yet.
static void decode_type(C *c)
{
    const u8 *at = c_at(c);
    u8 byte = peek_u8(c_reader(c));
    CForm form = cform_find(byte);
    CType type;
    if (!c_item(c, at)) return;
    if (form == CFORM_COUNT && (byte & 0xc0) != 0x40) { // an index is no definition
        read_u8(c_reader(c));
        if (!c_failed(c)) c_fail(c, ERR_malformed_component_type, at, "0x%02x", byte);
        return;
    }
    if (form == CFORM_COUNT) {
        type = decode_val_type_of(c);
    } else {
        read_u8(c_reader(c));
        if (!c_needs(c, cform_info[form].since, at)) return;
        if (form == CFORM_component || form == CFORM_instance) {
            open_type(c, form == CFORM_component ? SCOPE_component_type : SCOPE_instance_type, at);
            return;
        }
        type = form == CFORM_func || form == CFORM_async_func
                   ? decode_func(c, form == CFORM_async_func, at)
               : form == CFORM_resource ? decode_resource(c, at)
                                        : decode_def_val_type(c, form, at);
    }
    if (!c_failed(c)) c_push(c, &c->scope->types, type);
}

static void decode_decl(C *c)
{
    const u8 *at = c_at(c);
    u8 kind = read_u8(c_reader(c));
    if (c_failed(c)) return;
    switch (kind) {
    case 0x00: decode_core_type(c); return;
    case 0x01: decode_type(c); return;
    case 0x02: decode_alias(c, true); return;
    case 0x03:
        if (c->scope->kind == SCOPE_component_type) {
            decode_import_decl(c);
            return;
        }
        break;
    case 0x04: decode_export_decl(c); return;
    }
    c_fail(c, ERR_malformed_component_type, at, "declaration 0x%02x", kind);
}

void decode_types(C *c)
{
    Scope *base = c->scope;
    u32 left = c_count(c, 1, COMPONENT_MOST_items, ERR_limit_component_items);
    while (!c_failed(c)) {
        Scope *s = c->scope;
        if (s == base) {
            if (!left--) break;
            decode_type(c);
        } else if (s->left) {
            s->left--;
            decode_decl(c);
        } else {
            CType type = scope_close(c, c->d.r.start + s->last_at);
            if (!c_failed(c)) c_push(c, &c->scope->types, type);
        }
    }
}
