// match.c -- one type in the place of another: substitution, and what is good for what.
//
// What imports and exports of a component say is true of its bound resources, whatever they are.
// Whoever uses it puts others in their place: for those that are imported, what the arguments say,
// as they are met; for those that it defines, fresh ones. What holds neither a resource nor a name
// of its own is the same in any place, and is not looked into.
// spec: Explainer/type checking

#include "component/type/ctype.h"

#include <stdio.h>

void cidmap_init(CIdMap *m, Arena *arena)
{
    *m = (CIdMap){.arena = arena};
    map_init(&m->map, arena);
}

const u32 *cidmap_get(const CIdMap *m, u32 from) { return map_get(&m->map, &from, sizeof from); }

void cidmap_set(CIdMap *m, u32 from, u32 to)
{
    u32 *known = (u32 *)cidmap_get(m, from);
    if (known) {
        *known = to;
        return;
    }
    if (!m->key_left) {
        m->key_left = 16;
        m->keys = NEW_ARRAY(m->arena, u32, m->key_left);
    }
    u32 *key = m->keys++;
    m->key_left--;
    *key = from;
    map_add(&m->map, key, sizeof *key, to);
}

void csubst_init(CSubst *s, CTypes *types)
{
    *s = (CSubst){.types = types};
    cidmap_init(&s->map, types->arena);
}

static bool look_up(const CSubst *s, CType t, CType *to)
{
    const u32 *known = cidmap_get(&s->map, t);
    if (known && *known != CTYPE_NONE) *to = *known;
    return known && *known != CTYPE_NONE;
}

CExtern *csubst_externs(CSubst *s, const CExtern *list, u32 count)
{
    CExtern *out = NEW_ARRAY(s->types->arena, CExtern, count);
    for (u32 i = 0; i < count; i++) {
        ctypes_step(s->types, 10);
        out[i] = list[i];
        out[i].entity = csubst_entity(s, list[i].entity);
    }
    return out;
}

static CType subst_fields(CSubst *s, const CTypeDef *def)
{
    u32 parts = def->form == CFORM_fixed_list ? 1 : def->count;
    CField *fields = arena_copy(s->types->arena, def->fields, parts * sizeof *fields);
    Err err = ERR_none;
    ctypes_step(s->types, 10 * (parts + 1));
    for (u32 i = 0; i < parts; i++)
        if (fields[i].type != CTYPE_NONE) fields[i].type = csubst_type(s, fields[i].type);
    // As large as before: what stands in the place of a type has its shape.
    CType made = ctype_make(s->types, (CForm)def->form, fields, def->count, &err);
    if (err != ERR_none) s->types->met = err, arena_fail(s->types->arena);
    return made;
}

static CType subst_func(CSubst *s, const CFunc *f)
{
    CFunc copy = *f;
    Err err = ERR_none;
    ctypes_step(s->types, 10 * (f->count + 1));
    copy.params = arena_copy(s->types->arena, f->params, f->count * sizeof *f->params);
    for (u32 i = 0; i < f->count; i++) copy.params[i].type = csubst_type(s, f->params[i].type);
    if (f->result != CTYPE_NONE) copy.result = csubst_type(s, f->result);
    CType made = ctype_make_func(s->types, &copy, &err);
    if (err != ERR_none) s->types->met = err, arena_fail(s->types->arena);
    return made;
}

// Names of names, of which there may be many: from the innermost on. What is the same as before is
// so under its name: it may be that of somebody around.
static CType subst_named(CSubst *s, CType t)
{
    CTypes *types = s->types;
    CType *names = NULL, made = t;
    u32 count = 0, cap = 0;
    while (ctype_def(types, made) && ctype_def(types, made)->named && !look_up(s, made, &made)) {
        ctypes_step(types, 1);
        ARENA_PUSH(types->arena, names, count, cap) = made;
        made = ctype_def(types, made)->of;
    }
    if (count) made = csubst_type(s, ctype_def(types, names[count - 1])->of);
    while (count--) {
        bool same = made == ctype_def(types, names[count])->of;
        made = same ? names[count] : ctype_named(types, made);
        cidmap_set(&s->map, names[count], made);
    }
    return made;
}

CType csubst_type(CSubst *s, CType t)
{
    if (!(ctype_holds(s->types, t) & (HOLDS_resource | HOLDS_named))) return t;
    CType made;
    if (look_up(s, t, &made)) return made;
    CTypeDef def = *ctype_def(s->types, t); // which moves when others are made
    ctypes_step(s->types, 1);
    if (def.form == CFORM_resource && !(s->types->names_all && def.named))
        return look_up(s, def.canon, &made) ? made : t;
    if (def.named) {
        made = subst_named(s, t);
    } else if (def.form == CFORM_func) {
        made = subst_func(s, def.func);
    } else if (def.form == CFORM_component || def.form == CFORM_instance) {
        CExterns e = *def.externs;
        Err err = ERR_none;
        e.imports = csubst_externs(s, e.imports, e.import_count);
        e.exports = csubst_externs(s, e.exports, e.export_count);
        made = ctype_make_externs(s->types, (CForm)def.form, &e, &err);
        if (err != ERR_none) s->types->met = err, arena_fail(s->types->arena);
    } else {
        made = subst_fields(s, &def);
    }
    cidmap_set(&s->map, t, made);
    return made;
}

CEntity csubst_entity(CSubst *s, CEntity e)
{
    if (e.kind != CENTITY_module) e.type = csubst_type(s, e.type);
    return e;
}

void csubst_fresh(CSubst *s, const CType *defined, u32 count, CType **list, u32 *n, u32 *cap)
{
    for (u32 i = 0; i < count; i++) {
        ctypes_step(s->types, 10);
        CType fresh = ctype_make_resource(s->types, ctype_def(s->types, defined[i])->rep, 0);
        ARENA_PUSH(s->types->arena, *list, *n, *cap) = fresh;
        cidmap_set(&s->map, defined[i], fresh);
    }
}

// ---- Core. spec: valid/matching

static bool limits_match(const Limits *there, const Limits *wanted)
{
    return there->is64 == wanted->is64 && there->shared == wanted->shared &&
           there->page_log2 == wanted->page_log2 && there->min >= wanted->min &&
           (!wanted->has_max || (there->has_max && there->max <= wanted->max));
}

bool core_extern_matches(const TypeStore *store, const ExternType *there, const ExternType *wanted)
{
    if (there->kind != wanted->kind) return false;
    switch (wanted->kind) {
    case EXTERN_func:
        return wanted->exact ? there->func == wanted->func
                             : type_id_matches(store, there->func, wanted->func);
    case EXTERN_tag: return there->func == wanted->func;
    case EXTERN_memory: return limits_match(&there->memory.limits, &wanted->memory.limits);
    case EXTERN_table:
        return there->table.elem == wanted->table.elem &&
               limits_match(&there->table.limits, &wanted->table.limits);
    case EXTERN_global:
        if (there->global.mutable != wanted->global.mutable) return false;
        return wanted->global.mutable
                   ? there->global.type == wanted->global.type
                   : type_matches(store, there->global.type, wanted->global.type);
    case EXTERN_COUNT: break;
    }
    return false;
}

// ---- Matching

#define SAY(s, ...) (snprintf((s)->why, sizeof(s)->why, __VA_ARGS__), false)

static bool names_item(CSubst *s, const char *what, Bytes name)
{
    return SAY(s, "%s \"%.*s\"", what, (int)MIN(name.len, 60), (const char *)name.data);
}

// What is there may import less, and export more.
static bool modules_match(CSubst *s, CModuleType *there, CModuleType *wanted)
{
    for (u32 i = 0; i < there->import_count; i++) {
        const CoreImport *import = &there->imports[i], *given;
        ctypes_look_up(s->types, import->module);
        ctypes_look_up(s->types, import->name);
        given = cmodule_import(s->types, wanted, import->module, import->name);
        arena_reset(s->types->scratch);
        if (!given)
            return names_item(s, "the module needs an import that is not given,", import->name);
        if (!core_extern_matches(s->types->store, &given->type, &import->type))
            return names_item(s, "of another type is the module's import", import->name);
    }
    for (u32 i = 0; i < wanted->export_count; i++) {
        const CoreExport *export = &wanted->exports[i];
        const CoreExport *given = cmodule_export(there, export->name);
        ctypes_look_up(s->types, export->name);
        if (!given) return names_item(s, "the module has no export", export->name);
        if (!core_extern_matches(s->types->store, &given->type, &export->type))
            return names_item(s, "of another type is the module's export", export->name);
    }
    return true;
}

void csubst_bind(CSubst *s, const CType *bound, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        ctypes_step(s->types, 1);
        cidmap_set(&s->map, bound[i], CTYPE_NONE);
    }
}

static bool exports_match(CSubst *s, CExterns *there, const CExterns *wanted)
{
    for (u32 i = 0; i < wanted->export_count; i++) {
        const CExtern *want = &wanted->exports[i];
        const CExtern *given = cexterns_find(there, true, want->name);
        ctypes_look_up(s->types, want->name);
        if (!given) return names_item(s, "there is no export", want->name);
        if (!centity_matches(s, given->entity, want->entity)) {
            if (!s->why[0]) names_item(s, "of another type is", want->name);
            return false;
        }
    }
    return true;
}

static bool components_match(CSubst *outer, CType there_type, CType wanted_type)
{
    CTypes *types = outer->types;
    CSubst in, out;
    wanted_type = csubst_type(outer, wanted_type);
    CExterns *there = ctype_def(types, there_type)->externs;
    CExterns *wanted = ctype_def(types, wanted_type)->externs;
    csubst_init(&in, types);
    csubst_bind(&in, there->imported, there->imported_count);
    for (u32 i = 0; i < there->import_count; i++) {
        const CExtern *import = &there->imports[i];
        const CExtern *given = cexterns_find(wanted, false, import->name);
        ctypes_look_up(types, import->name);
        if (!given) return names_item(outer, "it needs an import that is not given,", import->name);
        if (!centity_matches(&in, given->entity, import->entity))
            return names_item(outer, "of another type is the import", import->name);
    }
    csubst_init(&out, types);
    csubst_bind(&out, wanted->defined, wanted->defined_count);
    for (u32 i = 0; i < wanted->export_count; i++) {
        const CExtern *want = &wanted->exports[i];
        const CExtern *given = cexterns_find(there, true, want->name);
        ctypes_look_up(types, want->name);
        if (!given) return names_item(outer, "there is no export", want->name);
        if (!centity_matches(&out, csubst_entity(&in, given->entity), want->entity))
            return names_item(outer, "of another type is the export", want->name);
    }
    return true;
}

static bool instances_match(CSubst *s, CType there, CType wanted)
{
    CExterns *want = ctype_def(s->types, wanted)->externs;
    csubst_bind(s, want->defined, want->defined_count);
    return exports_match(s, ctype_def(s->types, there)->externs, want);
}

static bool resources_match(CSubst *s, CType there, CType wanted)
{
    if (ctype_form(s->types, there) != CFORM_resource)
        return SAY(s, "expected a resource, found %s", ctype_text(s->types, there));
    CType canon = ctype_canon(s->types, wanted), to = canon;
    const u32 *bound = cidmap_get(&s->map, canon);
    if (bound && *bound == CTYPE_NONE) {
        cidmap_set(&s->map, canon, there);
        to = there;
    } else if (bound) {
        to = *bound;
    }
    if (wanted != canon) cidmap_set(&s->map, wanted, there);
    return ctype_canon(s->types, to) == ctype_canon(s->types, there) ||
           SAY(s, "%s", "the resources are not the same");
}

// Of instance and component types as such each has to do for the other.
static bool types_match(CSubst *s, CType there, CType wanted)
{
    CForm form = ctype_form(s->types, wanted);
    if (form == CFORM_resource) return resources_match(s, there, wanted);
    CType to = csubst_type(s, wanted);
    if (ctype_form(s->types, there) != form)
        return SAY(s, "expected %s, found %s", ctype_text(s->types, wanted),
                   ctype_text(s->types, there));
    if (form == CFORM_instance || form == CFORM_component) {
        CSubst one, other;
        CEntityKind kind = form == CFORM_instance ? CENTITY_instance : CENTITY_component;
        csubst_init(&one, s->types);
        csubst_init(&other, s->types);
        return there == to ||
               (centity_matches(&one, (CEntity){kind, {there}}, (CEntity){kind, {to}}) &&
                centity_matches(&other, (CEntity){kind, {to}}, (CEntity){kind, {there}}));
    }
    if (ctype_canon(s->types, to) != ctype_canon(s->types, there))
        return SAY(s, "expected %s, found %s", ctype_text(s->types, wanted),
                   ctype_canon(s->types, to) < CPRIM_COUNT ? ctype_text(s->types, there)
                                                           : "another one");
    if (to != wanted || ctype_is_nameable(s->types, wanted) || s->types->names_all)
        cidmap_set(&s->map, wanted, there);
    return true;
}

bool centity_matches(CSubst *s, CEntity there, CEntity wanted)
{
    if (there.kind != wanted.kind)
        return SAY(s, "expected a %s, found a %s", centity_text[wanted.kind],
                   centity_text[there.kind]);
    ctypes_step(s->types, 1);
    switch (wanted.kind) {
    case CENTITY_module:
        return there.module == wanted.module ||
               modules_match(s, s->types->modules[there.module], s->types->modules[wanted.module]);
    case CENTITY_func: case CENTITY_value:
        return ctype_canon(s->types, csubst_type(s, wanted.type)) ==
                   ctype_canon(s->types, there.type) ||
               SAY(s, "%s", "the types are not the same");
    case CENTITY_type: return types_match(s, there.type, wanted.type);
    case CENTITY_component: return components_match(s, there.type, wanted.type);
    case CENTITY_instance: return instances_match(s, there.type, wanted.type);
    }
    return false;
}

// ---- Of two components. Types are 100 deep at most, and come to a million parts.

static bool fields_same(const CTypes *a, const CField *x, const CTypes *b, const CField *y,
                        u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (!bytes_same(x[i].name, y[i].name) || !ctypes_same(a, x[i].type, b, y[i].type))
            return false;
    return true;
}

bool ctypes_same(const CTypes *a, CType x, const CTypes *b, CType y)
{
    x = ctype_canon(a, x);
    y = ctype_canon(b, y);
    if (x == CTYPE_NONE || y == CTYPE_NONE || x < CPRIM_COUNT || y < CPRIM_COUNT) return x == y;
    const CTypeDef *of = ctype_def(a, x), *other = ctype_def(b, y);
    if (of->form != other->form || of->count != other->count || of->nodes != other->nodes)
        return false;
    if (of->form == CFORM_resource || of->form == CFORM_component || of->form == CFORM_instance)
        return false;
    if (of->form != CFORM_func)
        return fields_same(a, of->fields, b, other->fields,
                           of->form == CFORM_fixed_list ? 1 : of->count);
    return of->func->async == other->func->async &&
           fields_same(a, of->func->params, b, other->func->params, of->count) &&
           ctypes_same(a, of->func->result, b, other->func->result);
}
