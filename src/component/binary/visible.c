// visible.c -- does everything that has to have a name outside have one? Records, variants, enums,
// flags and resources, wherever they are mentioned, need an identity that an import or export gave.
// spec: Explainer/external visibility of types

#include "component/binary/decoder.h"

typedef struct {
    C *c;
    CIdMap *named[3];  // of imports, of exports, of what is being looked at itself
    u32 maps;
    CIdMap seen;       // and all right
} Look;

static bool is_named(const Look *l, CType t)
{
    for (u32 i = 0; i < l->maps; i++)
        if (cidmap_get(l->named[i], t)) return true;
    return false;
}

static bool look_at(Look *l, CType t);

static bool look_at_fields(Look *l, const CField *fields, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (fields[i].type != CTYPE_NONE && !look_at(l, fields[i].type)) return false;
    return true;
}

// The types that an instance exports have its name and theirs; and those of instances in it.
static void add_own(Look *l, const CExtern *externs, u32 count)
{
    const CTypes *types = &l->c->c->types;
    for (u32 i = 0; i < count; i++) {
        CEntity e = externs[i].entity;
        ctypes_step(&l->c->c->types, 1);
        if (e.kind == CENTITY_type) {
            cidmap_set(l->named[2], e.type, 1);
        } else if (e.kind == CENTITY_instance) {
            const CExterns *inside = ctype_def(types, e.type)->externs;
            for (u32 d = 0; d < inside->defined_count; d++)
                cidmap_set(l->named[2], inside->defined[d], 1);
            add_own(l, inside->exports, inside->export_count);
        }
    }
}

// What a type is made of.
static bool look_into(Look *l, CType t)
{
    const CTypes *types = &l->c->c->types;
    const CTypeDef *def = ctype_def(types, t);
    if (!def) return true;
    ctypes_step(&l->c->c->types, 1);
    if (def->form == CFORM_resource) return true;
    if (def->form == CFORM_func) {
        const CFunc *f = def->func;
        return look_at_fields(l, f->params, f->count) &&
               (f->result == CTYPE_NONE || look_at(l, f->result));
    }
    if (def->form != CFORM_component && def->form != CFORM_instance)
        return look_at_fields(l, def->fields, def->form == CFORM_fixed_list ? 1 : def->count);
    const CExterns *e = def->externs;
    add_own(l, e->imports, e->import_count);
    add_own(l, e->exports, e->export_count);
    for (u32 i = 0; i < e->import_count + e->export_count; i++) {
        CEntity entity = i < e->import_count ? e->imports[i].entity
                                             : e->exports[i - e->import_count].entity;
        if (entity.kind == CENTITY_module) continue;
        bool good = entity.kind == CENTITY_type ? look_into(l, entity.type)
                                                : look_at(l, entity.type);
        if (!good) return false;
    }
    return true;
}

static bool look_at(Look *l, CType t)
{
    const CTypes *types = &l->c->c->types;
    if (!(ctype_holds(types, t) & (HOLDS_resource | HOLDS_nameable))) return true;
    if (ctype_is_nameable(types, t)) return is_named(l, t);
    if (cidmap_get(&l->seen, t)) return true;
    if (!look_into(l, t)) return false;
    cidmap_set(&l->seen, t, 1);
    return true;
}

bool entity_visible(C *c, u32 side, CEntity entity)
{
    CIdMap own;
    Look l = {.c = c, .named = {&c->scope->visible[0], &c->scope->visible[1], &own}, .maps = 3};
    CIdMap nothing;
    if (entity.kind == CENTITY_module ||
        !(ctype_holds(&c->c->types, entity.type) & (HOLDS_resource | HOLDS_nameable)))
        return true;
    cidmap_init(&own, &c->c->arena);
    cidmap_init(&l.seen, &c->c->arena);
    cidmap_init(&nothing, &c->c->arena);
    if (side == SIDE_imports) l.named[1] = &nothing; // imports cannot mention what is exported
    return entity.kind == CENTITY_type || entity.kind == CENTITY_instance ||
                   entity.kind == CENTITY_component
               ? look_into(&l, entity.type)
               : look_at(&l, entity.type);
}

// ---- Free resources

static bool look_closed(CTypes *types, CIdMap *bound, CIdMap *seen, CType t)
{
    if (t == CTYPE_NONE || !(ctype_holds(types, t) & HOLDS_resource)) return true;
    const CTypeDef *def = ctype_def(types, t);
    ctypes_step(types, 1);
    if (def->form == CFORM_resource) return cidmap_get(bound, def->canon);
    if (cidmap_get(seen, t)) return true;
    bool good = true;
    if (def->form == CFORM_func) {
        for (u32 i = 0; i < def->func->count && good; i++)
            good = look_closed(types, bound, seen, def->func->params[i].type);
        good = good && look_closed(types, bound, seen, def->func->result);
    } else if (def->form == CFORM_component || def->form == CFORM_instance) {
        const CExterns *e = def->externs;
        for (u32 i = 0; i < e->imported_count; i++) cidmap_set(bound, e->imported[i], 1);
        for (u32 i = 0; i < e->defined_count; i++) cidmap_set(bound, e->defined[i], 1);
        for (u32 i = 0; i < e->import_count && good; i++)
            good = e->imports[i].entity.kind == CENTITY_module ||
                   look_closed(types, bound, seen, e->imports[i].entity.type);
        for (u32 i = 0; i < e->export_count && good; i++)
            good = e->exports[i].entity.kind == CENTITY_module ||
                   look_closed(types, bound, seen, e->exports[i].entity.type);
    } else {
        u32 parts = def->form == CFORM_fixed_list ? 1 : def->count;
        for (u32 i = 0; i < parts && good; i++)
            good = look_closed(types, bound, seen, def->fields[i].type);
    }
    if (good) cidmap_set(seen, t, 1);
    return good;
}

bool type_is_closed(C *c, CType t)
{
    CIdMap bound, seen;
    cidmap_init(&bound, &c->c->arena);
    cidmap_init(&seen, &c->c->arena);
    return look_closed(&c->c->types, &bound, &seen, t);
}
