// extern.c -- imports and exports, of components and in types of components and instances: names,
// attributes, what a name says of a type, and what enters the index spaces.
// spec: Binary/import and export definitions

#include "component/binary/decoder.h"

// ---- Names

static Bytes decode_text(C *c)
{
    return read_name(c_reader(c)); // whose length is that of the name
}

static bool parse_name(C *c, Bytes text, CName *out, const u8 *at)
{
    const char *why;
    Bytes part;
    if (c_failed(c)) return false;
    if (cname_parse(text, c->c->features, out, &why, &part)) return true;
    return c_fail(c, ERR_component_name, at, "\"%.*s\": \"%.*s\" %s", c_shown(text),
                  (const char *)text.data, c_shown(part), (const char *)part.data, why);
}

static bool decode_attribute(C *c, NameAttributes *out, u32 *seen)
{
    const u8 *at = c_at(c);
    u8 code = read_u8(c_reader(c));
    CAttribute kind = cattribute_find(code);
    CName name;
    if (kind == CATTRIBUTE_COUNT)
        return c_fail(c, ERR_malformed_component_extern, at, "attribute 0x%02x", code);
    if (*seen >> kind & 1)
        return c_fail(c, ERR_component_conflict, at, "(%s) is there twice",
                      cattribute_info[kind].text);
    *seen |= 1u << kind;
    if (!c_needs(c, cattribute_info[kind].since, at)) return false;
    Bytes text = decode_text(c);
    if (kind == CATTRIBUTE_implements) {
        out->implements = text;
        if (!parse_name(c, text, &name, at)) return false;
        if (name.kind != CNAME_interface)
            return c_fail(c, ERR_component_name, at, "\"%.*s\" has to be an interface",
                          c_shown(text), (const char *)text.data);
    } else if (kind == CATTRIBUTE_external_id) {
        out->external_id = text;
    } else if (!c_failed(c) && !cversion_suffix_fits(out->name.version, text)) {
        return c_fail(c, ERR_component_name, at, "\"%.*s\" is no suffix of the version",
                      c_shown(text), (const char *)text.data);
    }
    return !c_failed(c);
}

bool decode_name_attributes(C *c, NameAttributes *out)
{
    const u8 *at = c_at(c);
    u8 kind = read_u8(c_reader(c));
    *out = (NameAttributes){.at = at};
    if (c_failed(c)) return false;
    if (kind > 2) return c_fail(c, ERR_malformed_component_extern, at, "name 0x%02x", kind);
    Bytes text = decode_text(c);
    if (!parse_name(c, text, &out->name, at)) return false;
    u32 count = 0, seen = 0;
    if (kind == 2) count = c_count(c, 2, CATTRIBUTE_COUNT, ERR_malformed_component_extern);
    for (u32 i = 0; i < count && !c_failed(c); i++) decode_attribute(c, out, &seen);
    return !c_failed(c);
}

// The value of a key is the place in the list of what has it already.
bool names_add(C *c, Map *keys, const CName *name, CExternList *list, const char *side,
               const u8 *at)
{
    Bytes key = cname_key(&c->c->arena, name);
    const u32 *known = map_get(keys, key.data, key.len);
    if (!known) return map_add(keys, key.data, key.len, list->count);
    Bytes before = list->items[*known].name;
    return c_fail(c, ERR_component_conflict, at, "%s \"%.*s\" and \"%.*s\"", side,
                  c_shown(name->text), (const char *)name->text.data, c_shown(before),
                  (const char *)before.data);
}

// ---- What a name says of a type

static bool bad_name(C *c, const NameAttributes *name, const char *why)
{
    return c_fail(c, ERR_component_name, name->at, "\"%.*s\": %s", c_shown(name->name.text),
                  (const char *)name->name.text.data, why);
}

static const CTypeDef *form_of(const CTypes *types, CType t, CForm form)
{
    return t != CTYPE_NONE && ctype_form(types, t) == form ? ctype_def(types, t) : NULL;
}

static bool fits_constructor(C *c, const NameAttributes *name, const CFunc *f, CType resource)
{
    const CTypes *types = &c->c->types;
    const CTypeDef *result = form_of(types, f->result, CFORM_result);
    if (f->result == CTYPE_NONE) return bad_name(c, name, "it should have a result");
    const CTypeDef *own = form_of(types, result ? result->fields[0].type : f->result, CFORM_own);
    if (!own) return bad_name(c, name, "it should give an own handle, or a result of one");
    return own->fields[0].type == resource ||
           bad_name(c, name, "it gives another resource than it names");
}

static bool fits_method(C *c, const NameAttributes *name, const CFunc *f, CType resource)
{
    if (!f->count || !bytes_are(f->params[0].name, "self"))
        return bad_name(c, name, "its first parameter should be \"self\"");
    const CTypeDef *self = form_of(&c->c->types, f->params[0].type, CFORM_borrow);
    if (!self) return bad_name(c, name, "its first parameter should be a borrowed handle");
    return self->fields[0].type == resource ||
           bad_name(c, name, "it takes another resource than it names");
}

bool name_fits(C *c, const NameAttributes *name, const Map *labels, CEntity entity)
{
    const CName *n = &name->name;
    if (name->implements.len && entity.kind != CENTITY_instance)
        return bad_name(c, name, "only instances implement an interface");
    if (name->implements.len && n->kind != CNAME_label)
        return bad_name(c, name, "what implements an interface has a plain name");
    if (n->kind == CNAME_label || n->kind == CNAME_interface) return true;
    if (entity.kind != CENTITY_func) return bad_name(c, name, "it is no func");
    const u32 *resource = map_get(labels, n->label.data, n->label.len);
    const CFunc *f = ctype_def(&c->c->types, entity.type)->func;
    if (f->async && n->kind == CNAME_constructor)
        return bad_name(c, name, "a constructor cannot be async");
    CType of = resource ? *resource : CTYPE_NONE;
    if (n->kind == CNAME_constructor && !fits_constructor(c, name, f, of)) return false;
    if (n->kind == CNAME_method && !fits_method(c, name, f, of)) return false;
    return resource || bad_name(c, name, "no resource has that name here");
}

// ---- Types of imports and exports

static bool typed_index(C *c, CForm form, CEntityKind kind, CEntity *out)
{
    const u8 *at = c_at(c);
    u32 index = c_index(c, c->scope->types.count, "type");
    if (c_failed(c)) return false;
    *out = (CEntity){kind, {c->scope->types.items[index]}};
    if (ctype_form(&c->c->types, out->type) == form) return true;
    return c_fail(c, ERR_component_kind, at, "type %u is no type of a %s but %s", index,
                  centity_text[kind], ctype_text(&c->c->types, out->type));
}

static bool decode_bound(C *c, CEntity *out, bool *fresh)
{
    const u8 *at = c_at(c);
    u8 bound = read_u8(c_reader(c));
    if (c_failed(c)) return false;
    *out = (CEntity){CENTITY_type, {CPRIM_bool}};
    if (bound > 1) return c_fail(c, ERR_malformed_component_extern, at, "bound 0x%02x", bound);
    *fresh = bound == 1;
    if (*fresh) {
        out->type = ctype_make_resource(&c->c->types, TYPE_i32, 0);
        return true;
    }
    u32 index = c_index(c, c->scope->types.count, "type");
    if (!c_failed(c)) out->type = c->scope->types.items[index];
    return !c_failed(c);
}

static bool decode_value_bound(C *c, CEntity *out)
{
    const u8 *at = c_at(c);
    u8 bound = read_u8(c_reader(c));
    *out = (CEntity){CENTITY_value, {CPRIM_bool}};
    if (!c_failed(c) && bound > 1)
        c_fail(c, ERR_malformed_component_extern, at, "bound 0x%02x", bound);
    if (c_failed(c)) return false;
    if (bound == 1) {
        out->type = decode_val_type_of(c);
    } else {
        u32 index = c_index(c, c->scope->values.count, "value");
        if (!c_failed(c)) out->type = c->scope->values.items[index];
    }
    return !c_failed(c);
}

bool decode_entity_type(C *c, CEntity *out, bool *fresh)
{
    const u8 *at = c_at(c);
    u8 sort = read_u8(c_reader(c));
    *fresh = false;
    if (c_failed(c)) return false;
    switch (sort) {
    case CSORT_core: {
        if (!c_byte(c, 0x11, ERR_malformed_sort)) return false;
        const Scope *s = c->scope;
        const u8 *index_at = c_at(c);
        u32 index = c_core_index(c, &s->core_types, "core type");
        if (c_failed(c)) return false;
        if (s->core_types.items[index] != TYPE_NONE)
            return c_fail(c, ERR_component_kind, index_at, "core type %u is no type of modules",
                          index);
        *out = (CEntity){CENTITY_module, {.module = s->core_module_types.items[index]}};
        return true;
    }
    case CSORT_func: return typed_index(c, CFORM_func, CENTITY_func, out);
    case CSORT_type: return decode_bound(c, out, fresh);
    case CSORT_component: return typed_index(c, CFORM_component, CENTITY_component, out);
    case CSORT_instance: return typed_index(c, CFORM_instance, CENTITY_instance, out);
    case CSORT_value: return c_needs(c, FEATURE_cm_values, at) && decode_value_bound(c, out);
    default: return c_fail(c, ERR_malformed_sort, at, "0x%02x", sort);
    }
}

// ---- What enters the index spaces

// The types that an instance exports have a name outside where it has one.
static void name_exports(C *c, u32 side, CType instance)
{
    CTypes *types = &c->c->types;
    const CExterns *e = ctype_def(types, instance)->externs;
    if (!(ctype_holds(types, instance) & (HOLDS_resource | HOLDS_nameable))) return;
    for (u32 i = 0; i < e->export_count; i++) {
        CEntity entity = e->exports[i].entity;
        ctypes_step(types, 1);
        if (entity.kind == CENTITY_instance) name_exports(c, side, entity.type);
        else if (entity.kind == CENTITY_type && ctype_is_nameable(types, entity.type))
            cidmap_set(&c->scope->visible[side], entity.type, 1);
    }
}

// An instance of this scope's own, whose resources are those of nobody else.
static CType own_instance(C *c, u32 side, CType type)
{
    CTypes *types = &c->c->types;
    CSubst subst;
    CExterns e = *ctype_def(types, type)->externs;
    Numbers *bound = &c->scope->bound[side];
    Err err = ERR_none;
    if (!e.defined_count) return type;
    csubst_init(&subst, types);
    csubst_fresh(&subst, e.defined, e.defined_count, &bound->items, &bound->count, &bound->cap);
    e.exports = csubst_externs(&subst, e.exports, e.export_count);
    e.defined_count = 0;
    CType made = ctype_make_externs(types, CFORM_instance, &e, &err);
    if (err != ERR_none) types->met = err, arena_fail(types->arena);
    return made;
}

static const char *side_text(u32 side) { return side == SIDE_imports ? "import" : "export"; }

static const CAttributes *keep_attributes(C *c, const NameAttributes *name)
{
    if (!name->implements.data && !name->external_id.data) return NULL;
    CAttributes *kept = NEW(&c->c->arena, CAttributes);
    *kept = (CAttributes){name->implements, name->external_id};
    return kept;
}

// `fresh`: a resource that nobody had before. `from`: what is exported, and its index.
bool extern_add(C *c, u32 side, const NameAttributes *name, CEntity entity, bool fresh,
                CType from, u32 index)
{
    Scope *s = c->scope;
    CTypes *types = &c->c->types;
    CExternList *list = &s->externs[side];
    if (!c_item(c, name->at) ||
        !names_add(c, &s->keys[side], &name->name, list, side_text(side), name->at))
        return false;
    if (!name_fits(c, name, &s->labels[side], entity)) return false;
    if (s->kind != SCOPE_instance_type && !fresh && !entity_visible(c, side, entity))
        return c_fail(c, ERR_not_visible, name->at, "%s \"%.*s\" mentions one",
                      side_text(side), c_shown(name->name.text),
                      (const char *)name->name.text.data);
    if (entity.kind == CENTITY_instance) {
        if (!c_instance(c, name->at)) return false;
        entity.type = own_instance(c, side, entity.type);
        name_exports(c, side, entity.type);
    }
    if (entity.kind == CENTITY_type) {
        if (fresh) c_push(c, &s->bound[side], entity.type);
        else entity.type = ctype_named(types, entity.type);
        if (ctype_is_nameable(types, entity.type)) cidmap_set(&s->visible[side], entity.type, 1);
        if (ctype_form(types, entity.type) == CFORM_resource)
            map_add(&s->labels[side], name->name.text.data, name->name.text.len, entity.type);
    }
    entity_push(c, entity);
    // What is exported is used by that.
    if (entity.kind == CENTITY_value && side == SIDE_exports) s->used.items[s->used.count - 1] = 1;
    ARENA_PUSH(&c->c->arena, list->items, list->count, list->cap) =
        (CExtern){name->name.text, entity, keep_attributes(c, name)};
    CDef *d = c_record(c, side == SIDE_imports ? CDEF_import : CDEF_export);
    if (!d) return true;
    d->sort = (u8)entity.kind;
    d->index = index;
    d->name = name->name.text;
    d->type = entity.type;
    d->from = from;
    return true;
}

static void decode_extern_decl(C *c, u32 side)
{
    NameAttributes name;
    CEntity entity;
    bool fresh;
    if (decode_name_attributes(c, &name) && decode_entity_type(c, &entity, &fresh))
        extern_add(c, side, &name, entity, fresh, CTYPE_NONE, 0);
}

void decode_import_decl(C *c) { decode_extern_decl(c, SIDE_imports); }
void decode_export_decl(C *c) { decode_extern_decl(c, SIDE_exports); }

void decode_imports(C *c)
{
    u32 count = c_count(c, 4, COMPONENT_MOST_items, ERR_limit_component_items);
    Component *o = c->c;
    for (u32 i = 0; i < count && !c_failed(c); i++) {
        u32 start = reader_offset(c_reader(c));
        decode_import_decl(c);
        if (o->loader.marks && !c->scope->outer)
            ARENA_PUSH(&o->arena, o->imports, o->import_count, o->import_cap) =
                (Range){start, reader_offset(c_reader(c))};
    }
}

// What is said of an export has to be true of it, and is all that is known of it from there on.
static bool ascribe(C *c, CEntity *entity, bool *fresh)
{
    const u8 *at = c_at(c);
    u8 there = read_u8(c_reader(c));
    CEntity said;
    CSubst subst;
    *fresh = false;
    if (c_failed(c) || there == 0) return !c_failed(c);
    if (there > 1) return c_fail(c, ERR_malformed_component_extern, at, "0x%02x", there);
    if (!decode_entity_type(c, &said, fresh)) return false;
    csubst_init(&subst, &c->c->types);
    if (*fresh) csubst_bind(&subst, &said.type, 1);
    if (!centity_matches(&subst, *entity, said))
        return c_fail(c, ERR_component_mismatch, at, "what is said of the export: %s", subst.why);
    *entity = said;
    return true;
}

void decode_exports(C *c)
{
    u32 count = c_count(c, 5, COMPONENT_MOST_items, ERR_limit_component_items);
    for (u32 i = 0; i < count && !c_failed(c); i++) {
        NameAttributes name;
        CEntity entity;
        bool fresh;
        if (!decode_name_attributes(c, &name) || !decode_sort_index(c, &entity)) return;
        u32 index = c->index;
        CType from = entity.type;
        if (!ascribe(c, &entity, &fresh)) return;
        extern_add(c, SIDE_exports, &name, entity, fresh, from, index);
    }
}
