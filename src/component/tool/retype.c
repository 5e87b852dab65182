// retype.c -- types of components as they are written again, into scopes. See compose.h.
//
// What has an identity is written where a name gives it one, and found by that from then on: in the
// scope in hand, or in one around it, from which it is aliased. All else is written once a scope,
// known by its bytes: so two types that are the same have the same index, and that is how several
// wants of an import are compared.
//
// Types are at most 100 deep, and so is whoever walks them here.

#include "component/tool/compose.h"

Level *level_new(Composer *c, CWriteKind kind)
{
    Level *l = NEW(c->arena, Level);
    cwriter_init(&l->w, c->arena, kind);
    cidmap_init(&l->ids, c->arena);
    cidmap_init(&l->waiting, c->arena);
    cidmap_init(&l->memo, c->arena);
    map_init(&l->defs, c->arena);
    return l;
}

void retype_use(Composer *c, const Site *s)
{
    c->site = s;
    cidmap_init(&c->root->memo, c->arena);
}

// At the root identities are what they stand for.
static CType key_of(const Composer *c, const Level *l, CType t)
{
    return l->outer ? t : compose_id(c, t);
}

// ---- Where identities are

static void add_places(Composer *c, Level *l, u32 outer, u32 instance, CType type)
{
    const CExterns *e = compose_externs(c, type);
    for (u32 i = 0; i < e->export_count; i++) {
        CEntity entity = e->exports[i].entity;
        bool type_there = entity.kind == CENTITY_type && entity.type >= CPRIM_COUNT;
        if (!type_there && entity.kind != CENTITY_instance) continue;
        ctypes_step(c->types, 10);
        u32 number = c->place_count;
        ARENA_PUSH(c->arena, c->places, c->place_count, c->place_cap) =
            (Place){l, outer, instance, e->exports[i].name};
        if (type_there) {
            CType key = key_of(c, l, entity.type);
            if (key != CTYPE_NONE && !cidmap_get(&l->waiting, key))
                cidmap_set(&l->waiting, key, number);
        } else {
            add_places(c, l, number, NOTHING, entity.type);
        }
    }
}

void retype_instance_known(Composer *c, u32 instance, CType type)
{
    add_places(c, c->level, NOTHING, instance, type);
}

static u32 place_instance(Composer *c, u32 number)
{
    Place *p = &c->places[number];
    if (p->outer == NOTHING) return p->instance;
    u32 of = place_instance(c, p->outer);
    const Place *outer = &c->places[p->outer];
    return cwriter_alias_export(&p->level->w, CENTITY_instance, of, outer->name);
}

static u32 take_place(Composer *c, Level *l, CType key, u32 number)
{
    u32 instance = place_instance(c, number);
    u32 index = cwriter_alias_export(&l->w, CENTITY_type, instance, c->places[number].name);
    cidmap_set(&l->ids, key, index);
    return index;
}

static u32 define(Level *l, Bytes bytes)
{
    const u32 *known = map_get(&l->defs, bytes.data, bytes.len);
    if (known) return *known;
    u32 index = cwriter_type(&l->w, bytes);
    map_add(&l->defs, bytes.data, bytes.len, index);
    return index;
}

static u32 alias_outer(Composer *c, Level *l, u32 outwards, u32 index)
{
    Buf key;
    buf_init(&key, c->arena);
    buf_byte(&key, 0xff); // begins no definition
    buf_leb_u(&key, outwards);
    buf_leb_u(&key, index);
    const u32 *known = map_get(&l->defs, key.data, key.len);
    if (known) return *known;
    u32 alias = cwriter_alias_outer_type(&l->w, outwards, index);
    map_add(&l->defs, key.data, key.len, alias);
    return alias;
}

// In the scope in hand or around it; NOTHING: nowhere.
static u32 find_id(Composer *c, CType t)
{
    u32 outwards = 0;
    for (Level *l = c->level; l; l = l->outer, outwards++) {
        CType key = key_of(c, l, t);
        if (key == CTYPE_NONE) continue;
        const u32 *index = cidmap_get(&l->ids, key), *place = cidmap_get(&l->waiting, key);
        if (!index && !place) continue;
        u32 at = index ? *index : take_place(c, l, key, *place);
        if (!outwards) return at;
        u32 alias = alias_outer(c, c->level, outwards, at);
        cidmap_set(&c->level->ids, t, alias);
        return alias;
    }
    return NOTHING;
}

// ---- Types

static CValType value_type(Composer *c, CType t)
{
    return t < CPRIM_COUNT ? cvaltype_prim((CPrim)t) : cvaltype_at(retype_index(c, t));
}

static void put_optional(Composer *c, Buf *b, CType t)
{
    CValType v = t == CTYPE_NONE ? (CValType){0} : value_type(c, t);
    cwrite_optional(b, t == CTYPE_NONE ? NULL : &v);
}

static void put_fields(Composer *c, Buf *b, const CTypeDef *def)
{
    buf_leb_u(b, def->count);
    for (u32 i = 0; i < def->count; i++) {
        const CField *f = &def->fields[i];
        if (def->form != CFORM_tuple) buf_name(b, f->name.data, f->name.len);
        if (def->form == CFORM_variant) put_optional(c, b, f->type), buf_byte(b, 0x00);
        else if (f->type != CTYPE_NONE) cwrite_valtype(b, value_type(c, f->type));
    }
}

static void put_func(Composer *c, Buf *b, const CFunc *f)
{
    buf_leb_u(b, f->count);
    for (u32 i = 0; i < f->count; i++) {
        buf_name(b, f->params[i].name.data, f->params[i].name.len);
        cwrite_valtype(b, value_type(c, f->params[i].type));
    }
    buf_byte(b, f->result == CTYPE_NONE);
    if (f->result == CTYPE_NONE) buf_byte(b, 0x00);
    else cwrite_valtype(b, value_type(c, f->result));
}

static Bytes component_type(Composer *c, const CExterns *e);
static Bytes instance_type(Composer *c, CType t);

// What it is made of is written in front of it.
static Bytes shape_of(Composer *c, CType t)
{
    const CTypeDef def = *ctype_def(c->types, t);
    Buf b;
    buf_init(&b, c->arena);
    if (def.form == CFORM_instance) return instance_type(c, t);
    if (def.form == CFORM_component) return component_type(c, def.externs);
    CForm form = def.form == CFORM_func && def.func->async ? CFORM_async_func : (CForm)def.form;
    buf_byte(&b, cform_info[form].code);
    switch (form) {
    case CFORM_func: case CFORM_async_func: put_func(c, &b, def.func); break;
    case CFORM_own: case CFORM_borrow:
        buf_leb_u(&b, retype_index(c, def.fields[0].type));
        break;
    case CFORM_stream: case CFORM_future: put_optional(c, &b, def.fields[0].type); break;
    case CFORM_list: case CFORM_option:
        cwrite_valtype(&b, value_type(c, def.fields[0].type));
        break;
    case CFORM_fixed_list:
        cwrite_valtype(&b, value_type(c, def.fields[0].type));
        buf_leb_u(&b, def.count);
        break;
    case CFORM_result:
        put_optional(c, &b, def.fields[0].type);
        put_optional(c, &b, def.fields[1].type);
        break;
    case CFORM_map:
        cwrite_valtype(&b, value_type(c, def.fields[0].type));
        cwrite_valtype(&b, value_type(c, def.fields[1].type));
        break;
    default: put_fields(c, &b, &def);
    }
    return buf_view(&b);
}

u32 retype_index(Composer *c, CType t)
{
    const CTypeDef *def = ctype_def(c->types, t);
    ctypes_step(c->types, 10);
    for (CType name = t; def; def = ctype_def(c->types, name)) { // through its names
        u32 found = find_id(c, name);
        if (found != NOTHING) return found;
        t = name;
        if (!def->named) break;
        name = def->of;
        ctypes_step(c->types, 1);
        if (name < CPRIM_COUNT) t = name;
    }
    const u32 *known = cidmap_get(&c->level->memo, t);
    if (known) return *known;
    Bytes bytes;
    if (t < CPRIM_COUNT) {
        bytes = (Bytes){&cprim_info[t].code, 1};
    } else if (ctype_form(c->types, t) == CFORM_resource) {
        compose_fail(c, c->site ? c->site->at : NOTHING,
                     "the import \"%.*s\" of %.*s uses a resource of another one, which is given "
                     "as an argument",
                     WIT_SAY(c->importing), WIT_SAY(c->site ? compose_pack_name(c, c->site)
                                                            : bytes_of("the file")));
    } else {
        bytes = shape_of(c, t);
    }
    u32 index = define(c->level, bytes);
    cidmap_set(&c->level->memo, t, index);
    return index;
}

// ---- Scopes

// What has a name in a scope.
typedef struct { CEntityKind kind; bool fresh; u32 type, index; } Entry;
typedef struct { Map names; Entry *list; u32 count, cap; } Entries;

// A resource that nobody had before.
static bool is_fresh(Composer *c, CEntity e)
{
    if (e.kind != CENTITY_type || ctype_form(c->types, e.type) != CFORM_resource) return false;
    return !ctype_def(c->types, e.type)->named && find_id(c, e.type) == NOTHING &&
           compose_id(c, e.type) != CTYPE_NONE;
}

static u32 entity_index(Composer *c, const CExtern *e)
{
    if (e->entity.kind == CENTITY_module || e->entity.kind == CENTITY_value)
        compose_fail(c, c->site ? c->site->at : NOTHING,
                     "\"%.*s\" is a %s, which compositions do not import", WIT_SAY(e->name),
                     centity_text[e->entity.kind]);
    // Behind its own name, which is the one that is given here.
    CType t = e->entity.type;
    const CTypeDef *def = ctype_def(c->types, t);
    return retype_index(c, e->entity.kind == CENTITY_type && def && def->named ? def->of : t);
}

static Entry make_entry(Composer *c, const CExtern *e)
{
    bool fresh = is_fresh(c, e->entity);
    return (Entry){e->entity.kind, fresh, fresh ? 0 : entity_index(c, e), 0};
}

// What is known of it from there on.
static void know(Composer *c, const CExtern *e, u32 index)
{
    CType t = e->entity.type;
    if (e->entity.kind == CENTITY_instance) retype_instance_known(c, index, t);
    bool names = e->entity.kind == CENTITY_type && t >= CPRIM_COUNT;
    if (names && !cidmap_get(&c->level->ids, t)) cidmap_set(&c->level->ids, t, index);
}

static void write_entry(Composer *c, const CExtern *e, bool import, Entry *entry)
{
    CWriter *w = &c->level->w;
    CExternName name = {.name = e->name};
    if (e->more) name = (CExternName){e->name, e->more->implements, e->more->external_id};
    if (entry->fresh)
        entry->index = import ? cwriter_import_resource(w, name)
                              : cwriter_export_resource_decl(w, name);
    else
        entry->index = import ? cwriter_import(w, name, entry->kind, entry->type)
                              : cwriter_export_decl(w, name, entry->kind, entry->type);
}

static void put_extern(Composer *c, const CExtern *e, bool import)
{
    Entry entry = make_entry(c, e);
    write_entry(c, e, import, &entry);
    know(c, e, entry.index);
}

static void enter(Composer *c, CWriteKind kind)
{
    Level *l = level_new(c, kind);
    l->outer = c->level;
    c->level = l;
}

static Bytes leave(Composer *c)
{
    Bytes whole = cwriter_finish(&c->level->w);
    c->level = c->level->outer;
    return whole;
}

static Bytes component_type(Composer *c, const CExterns *e)
{
    enter(c, CWRITE_component_type);
    for (u32 i = 0; i < e->import_count; i++) put_extern(c, &e->imports[i], true);
    for (u32 i = 0; i < e->export_count; i++) put_extern(c, &e->exports[i], false);
    return leave(c);
}

static Bytes instance_type(Composer *c, CType t)
{
    const CExterns *e = compose_externs(c, t);
    enter(c, CWRITE_instance_type);
    for (u32 i = 0; i < e->export_count; i++) put_extern(c, &e->exports[i], false);
    return leave(c);
}

// False: another want has something else there.
static bool put_shared(Composer *c, Entries *entries, const CExtern *e)
{
    const u32 *known = map_get(&entries->names, e->name.data, e->name.len);
    ctypes_step(c->types, 10);
    Entry entry = make_entry(c, e);
    if (known) {
        const Entry *there = &entries->list[*known];
        bool same = there->kind == entry.kind && there->fresh == entry.fresh &&
                    there->type == entry.type;
        if (same) know(c, e, there->index);
        return same;
    }
    write_entry(c, e, false, &entry);
    know(c, e, entry.index);
    map_add(&entries->names, e->name.data, e->name.len, entries->count);
    ARENA_PUSH(c->arena, entries->list, entries->count, entries->cap) = entry;
    return true;
}

Bytes retype_instances(Composer *c, const Want *wants, u32 count, Differs *differs)
{
    Entries entries = {0};
    *differs = (Differs){0};
    map_init(&entries.names, c->arena);
    enter(c, CWRITE_instance_type);
    for (u32 k = 0; k < count && !differs->export; k++) {
        const CExterns *e = compose_externs(c, compose_want(c, wants[k])->entity.type);
        retype_use(c, &c->sites[wants[k].site]);
        cidmap_init(&c->level->ids, c->arena);
        cidmap_init(&c->level->waiting, c->arena);
        cidmap_init(&c->level->memo, c->arena);
        for (u32 i = 0; i < e->export_count && !differs->export; i++)
            if (!put_shared(c, &entries, &e->exports[i]))
                *differs = (Differs){&e->exports[i], wants[k]};
    }
    return leave(c);
}
