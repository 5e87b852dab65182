// compose_emit.c -- a composition as it is written: imports, instances, exports. Arguments are
// compared with what is wanted first, so that messages say where in the file. See compose.h.

#include "component/tool/compose.h"

// ---- Imports

// What a want says under that name; or of the import itself, if that is empty.
static const CEntity *said_by(Composer *c, Want w, Bytes name)
{
    const CExtern *e = compose_want(c, w);
    if (!name.len) return &e->entity;
    e = cexterns_find(compose_externs(c, e->entity.type), true, name);
    return e ? &e->entity : NULL;
}

// The want differs from one in front of it.
static _Noreturn void fail_shared(Composer *c, const Shared *import, Want other, Bytes name)
{
    u32 i = 0;
    while (!said_by(c, import->wants[i], name)) i++;
    const Site *sites[2] = {&c->sites[import->wants[i].site], &c->sites[other.site]};
    Bytes names[2] = {compose_pack_name(c, sites[0]), compose_pack_name(c, sites[1])};
    Bytes shown = name.len ? name : import->name;
    compose_show(c, "first ", shown, *said_by(c, import->wants[i], name));
    compose_show(c, "second", shown, *said_by(c, other, name));
    compose_fail(c, sites[1]->at, "%.*s and %.*s import \"%.*s\" as of different types",
                 WIT_SAY(names[0]), WIT_SAY(names[1]), WIT_SAY(import->name));
}

static const CExtern *first_want(const Composer *c, const Shared *i)
{
    return compose_want(c, i->wants[0]);
}

// A plain name says of which interface an instance is.
static CExternName name_of(Bytes name, Bytes implements)
{
    bool plain = !memchr(name.data, '/', name.len);
    return (CExternName){.name = name, .implements = plain ? implements : (Bytes){0}};
}

static void import_instance(Composer *c, Shared *i)
{
    Differs differs;
    Bytes type = retype_instances(c, i->wants, i->want_count, &differs);
    if (differs.export) fail_shared(c, i, differs.want, differs.export->name);
    u32 index = cwriter_type(&c->root->w, type);
    i->index = cwriter_import(&c->root->w, name_of(i->name, cextern_implements(first_want(c, i))),
                              CENTITY_instance, index);
    for (u32 k = 0; k < i->want_count; k++) {
        retype_use(c, &c->sites[i->wants[k].site]);
        retype_instance_known(c, i->index, compose_want(c, i->wants[k])->entity.type);
    }
}

static bool is_new_resource(Composer *c, const CExtern *e)
{
    return ctype_form(c->types, e->entity.type) == CFORM_resource &&
           !ctype_def(c->types, e->entity.type)->named;
}

// A type by which another one is known; or any function's or component's.
static u32 want_type(Composer *c, const CExtern *e)
{
    CType t = e->entity.type;
    const CTypeDef *def = ctype_def(c->types, t);
    return retype_index(c, e->entity.kind == CENTITY_type && def && def->named ? def->of : t);
}

static void import_other(Composer *c, Shared *i)
{
    const CExtern *first = first_want(c, i);
    CExternName name = {.name = i->name};
    CEntityKind kind = first->entity.kind;
    u32 type = 0;
    bool fresh = kind == CENTITY_type && is_new_resource(c, first);
    if (kind == CENTITY_module || kind == CENTITY_value)
        compose_fail(c, i->at, "\"%.*s\" is a %s, which compositions do not import",
                     WIT_SAY(i->name), centity_text[kind]);
    for (u32 k = 0; k < i->want_count; k++) {
        const CExtern *e = compose_want(c, i->wants[k]);
        retype_use(c, &c->sites[i->wants[k].site]);
        bool same = fresh == (kind == CENTITY_type && is_new_resource(c, e));
        u32 found = fresh || !same ? 0 : want_type(c, e);
        if (!same || (k && found != type)) fail_shared(c, i, i->wants[k], (Bytes){0});
        type = found;
    }
    i->index = fresh ? cwriter_import_resource(&c->root->w, name)
                     : cwriter_import(&c->root->w, name, kind, type);
    retype_use(c, &c->sites[i->wants[0].site]);
    CType id = compose_id(c, first->entity.type);
    if (kind == CENTITY_type && id != CTYPE_NONE && id >= CPRIM_COUNT)
        cidmap_set(&c->root->ids, id, i->index);
}

static void emit_import(Composer *c, Shared *i)
{
    CEntityKind kind = first_want(c, i)->entity.kind;
    c->importing = i->name;
    for (u32 k = 1; k < i->want_count; k++)
        if (compose_want(c, i->wants[k])->entity.kind != kind)
            fail_shared(c, i, i->wants[k], (Bytes){0});
    if (kind == CENTITY_instance) import_instance(c, i);
    else import_other(c, i);
}

// Functions that are imported mention types of the file, which are imported for them.
static void import_types(Composer *c)
{
    for (u32 i = 0; i < c->value_count; i++) {
        const Value *v = &c->values[i];
        if (v->kind != VALUE_type || v->of != 0 || !ctype_is_nameable(c->types, v->shape.type))
            continue;
        retype_use(c, &c->sites[0]);
        u32 index = cwriter_import(&c->root->w, (CExternName){.name = v->name}, CENTITY_type,
                                   retype_index(c, ctype_def(c->types, v->shape.type)->of));
        cidmap_set(&c->root->ids, v->shape.type, index);
    }
}

// ---- Values

// Accesses are as deep as instances are in each other.
static CEntity value_entity(Composer *c, u32 value)
{
    Value *v = &c->values[value];
    if (v->kind == VALUE_access && v->index == NOTHING) {
        CEntity of = value_entity(c, v->of);
        v->entity = cexterns_find(compose_externs(c, of.type), true, v->name)->entity;
    }
    return v->entity;
}

static u32 value_index(Composer *c, u32 value)
{
    Value *v = &c->values[value];
    if (v->index != NOTHING) return v->index;
    if (v->kind == VALUE_access) {
        value_entity(c, value);
        u32 of = value_index(c, v->of);
        v->index = cwriter_alias_export(&c->root->w, v->shape.kind, of, v->name);
    } else if (v->kind == VALUE_type) {
        retype_use(c, v->of == NOTHING ? NULL : &c->sites[v->of]);
        const CTypeDef *def = ctype_def(c->types, v->shape.type);
        bool known = !def || !def->named || cidmap_get(&c->root->ids, v->shape.type);
        return retype_index(c, known ? v->shape.type : def->of);
    } else {
        v->index = c->imports[v->of].index;
    }
    return v->index;
}

// ---- Instances

// The first export that is missing or looks different; NULL: none does.
static const CExtern *first_difference(Composer *c, CType there, CType wanted)
{
    const CExterns *e = compose_externs(c, wanted);
    for (u32 i = 0; i < e->export_count; i++) {
        char text[2][1000];
        const CExtern *given = cexterns_find(compose_externs(c, there), true, e->exports[i].name);
        if (!given || given->entity.kind != e->exports[i].entity.kind) return &e->exports[i];
        compose_describe(c, given->entity, text[0], sizeof text[0]);
        compose_describe(c, e->exports[i].entity, text[1], sizeof text[1]);
        if (strcmp(text[0], text[1])) return &e->exports[i];
    }
    return NULL;
}

static _Noreturn void fail_argument(Composer *c, const Site *s, u32 number, CEntity there,
                                    const char *why)
{
    const CExtern *want = &compose_externs(c, s->type)->imports[number];
    bool instances = want->entity.kind == CENTITY_instance && there.kind == CENTITY_instance;
    const CExtern *differs = instances ? first_difference(c, there.type, want->entity.type) : want;
    const CExtern *given = instances && differs
                               ? cexterns_find(compose_externs(c, there.type), true, differs->name)
                               : NULL;
    if (given || !instances)
        compose_show(c, "given ", differs->name, instances ? given->entity : there);
    if (differs) compose_show(c, "wanted", differs->name, differs->entity);
    compose_fail(c, s->given[number].at, "the argument \"%.*s\" of %.*s: %s", WIT_SAY(want->name),
                 WIT_SAY(compose_pack_name(c, s)),
                 differs && instances && given ? "an export is of another type"
                 : differs && instances        ? "an export is missing"
                                               : why);
}

// An import of the composition is what it is for the site that said so first.
static void bind_shared(Composer *c, CSubst *s, CEntity e)
{
    ctypes_step(c->types, 10);
    if (e.kind == CENTITY_type && e.type >= CPRIM_COUNT &&
        ctype_form(c->types, e.type) == CFORM_resource) {
        CType canon = ctype_canon(c->types, e.type), to = compose_id(c, e.type);
        const u32 *bound = cidmap_get(&s->map, canon);
        if (!bound || *bound == CTYPE_NONE) cidmap_set(&s->map, canon, ctype_canon(c->types, to));
    }
    if (e.kind != CENTITY_instance) return;
    const CExterns *in = compose_externs(c, e.type);
    for (u32 i = 0; i < in->export_count; i++) bind_shared(c, s, in->exports[i].entity);
}

static CEntity instance_type(Composer *c, CSubst *s, const CExterns *of)
{
    CExterns e = {.exports = of->exports, .export_count = of->export_count};
    CType *fresh = NULL;
    u32 count = 0, cap = 0;
    Err err = ERR_none;
    csubst_fresh(s, of->defined, of->defined_count, &fresh, &count, &cap);
    e.exports = csubst_externs(s, e.exports, e.export_count);
    CType made = ctype_make_externs(c->types, CFORM_instance, &e, &err);
    if (err != ERR_none) c->types->met = err, arena_fail(c->types->arena);
    return (CEntity){CENTITY_instance, {made}};
}

static CEntity check_site(Composer *c, u32 number)
{
    Site *site = &c->sites[number];
    const CExterns e = *compose_externs(c, site->type);
    CSubst s;
    csubst_init(&s, c->types);
    csubst_bind(&s, e.imported, e.imported_count);
    c->site = site;
    for (u32 i = 0; i < e.import_count; i++) {
        const Given *g = &site->given[i];
        if (g->value == NOTHING) {
            bind_shared(c, &s, e.imports[i].entity);
            continue;
        }
        CEntity there = value_entity(c, g->value);
        s.why[0] = 0;
        if (!centity_matches(&s, there, e.imports[i].entity))
            fail_argument(c, site, i, there, s.why);
    }
    return instance_type(c, &s, &e);
}

static void put_sort_index(Buf *b, CEntityKind kind, u32 index)
{
    cwrite_sort(b, kind);
    buf_leb_u(b, index);
}

static void emit_site(Composer *c, u32 number)
{
    Site *site = &c->sites[number];
    Pack *p = &c->packs[site->pack];
    const CExterns *e = compose_externs(c, site->type);
    Value *v = &c->values[site->value];
    if (p->index == NOTHING) p->index = cwriter_component(&c->root->w, p->bytes);
    v->entity = check_site(c, number);
    u32 *args = NEW_ARRAY(c->arena, u32, (size_t)e->import_count + 1);
    for (u32 i = 0; i < e->import_count; i++) {
        const Given *g = &site->given[i];
        args[i] = g->value != NOTHING ? value_index(c, g->value) : c->imports[g->import].index;
    }
    Buf *b = cwriter_item(&c->root->w, CSECTION_instance);
    buf_byte(b, 0x00);
    buf_leb_u(b, p->index);
    buf_leb_u(b, e->import_count);
    for (u32 i = 0; i < e->import_count; i++) {
        buf_name(b, e->imports[i].name.data, e->imports[i].name.len);
        put_sort_index(b, e->imports[i].entity.kind, args[i]);
    }
    v->index = cwriter_count(&c->root->w, CENTITY_instance);
}

// ---- The whole

static void emit_export(Composer *c, const Leaving *x)
{
    Value *v = &c->values[x->value];
    u32 index = value_index(c, x->value);
    Bytes id = v->shape.kind == CENTITY_instance ? v->id : (Bytes){0};
    u32 out = cwriter_export(&c->root->w, name_of(x->name, id), v->shape.kind, index, NULL);
    const CTypeDef *def = v->kind == VALUE_type ? ctype_def(c->types, v->shape.type) : NULL;
    if (def && def->named) // by which those behind it name it
        cidmap_set(&c->root->ids, v->shape.type, out);
}

void compose_emit(Composer *c, Buf *out, bool all)
{
    c->root = c->level = level_new(c, CWRITE_component);
    u32 *order = compose_order(c);
    for (u32 i = 0; i < c->pack_count; i++) c->packs[i].index = NOTHING;
    for (u32 i = 0; i < c->value_count; i++) c->values[i].index = NOTHING;
    if (c->wac && c->wac->uses_types) import_types(c);
    for (u32 i = 0; i < c->import_count; i++) emit_import(c, &c->imports[order[i]]);
    for (u32 i = 0; i < c->value_count; i++)
        if (c->values[i].kind == VALUE_new) emit_site(c, c->values[i].of);
    for (u32 i = 0; i < c->export_count; i++) {
        const Value *v = &c->values[c->exports[i].value];
        if (all || v->kind != VALUE_type) emit_export(c, &c->exports[i]);
    }
    Bytes whole = cwriter_finish(&c->root->w);
    buf_bytes(out, whole.data, whole.len);
}
