// items.c -- instances of components, and aliases. spec: Binary/instance definitions, alias
// definitions

#include "component/binary/decoder.h"

void entity_push(C *c, CEntity e)
{
    Scope *s = c->scope;
    switch (e.kind) {
    case CENTITY_module: c_push(c, &s->modules, e.module); break;
    case CENTITY_func: c_push(c, &s->funcs, e.type); break;
    case CENTITY_type: c_push(c, &s->types, e.type); break;
    case CENTITY_component: c_push(c, &s->components, e.type); break;
    case CENTITY_instance: c_push(c, &s->instances, e.type); break;
    case CENTITY_value:
        c_push(c, &s->values, e.type);
        c_push(c, &s->used, 0);
        break;
    }
}

static const Numbers *space_of(const Scope *s, CEntityKind kind)
{
    switch (kind) {
    case CENTITY_module: return &s->modules;
    case CENTITY_func: return &s->funcs;
    case CENTITY_type: return &s->types;
    case CENTITY_component: return &s->components;
    case CENTITY_value: return &s->values;
    default: return &s->instances;
    }
}

// What a sort is called here. False: it is core, or none that is read.
static bool decode_sort(C *c, CEntityKind *kind, CoreSort *core)
{
    static const CEntityKind kinds[] = {
        [CSORT_func] = CENTITY_func, [CSORT_value] = CENTITY_value, [CSORT_type] = CENTITY_type,
        [CSORT_component] = CENTITY_component, [CSORT_instance] = CENTITY_instance};
    const u8 *at = c_at(c);
    u8 sort = read_u8(c_reader(c));
    *core = CORE_SORT_COUNT;
    if (c_failed(c)) return false;
    if (sort == CSORT_core) {
        *core = decode_core_sort(c);
        *kind = CENTITY_module;
        return *core == CORE_SORT_module;
    }
    if (sort >= COUNT_OF(kinds)) return c_fail(c, ERR_malformed_sort, at, "0x%02x", sort);
    if (!c_needs(c, csort_info[sort].since, at)) return false;
    *kind = kinds[sort];
    return true;
}

static bool use_value(C *c, u32 index, const u8 *at)
{
    u32 *used = &c->scope->used.items[index];
    if (*used) return c_fail(c, ERR_value_use, at, "value %u is used again", index);
    return *used = true;
}

bool decode_sort_index(C *c, CEntity *out)
{
    const u8 *at = c_at(c);
    CEntityKind kind;
    CoreSort core;
    if (!decode_sort(c, &kind, &core)) {
        if (!c_failed(c))
            c_fail(c, ERR_component_kind, at, "a %s does not leave a component",
                   core_sort_info[core].text);
        return false;
    }
    const Numbers *space = space_of(c->scope, kind);
    u32 index = c_core_index(c, space, centity_text[kind]);
    if (c_failed(c)) return false;
    *out = (CEntity){kind, {space->items[index]}};
    return kind != CENTITY_value || use_value(c, index, at);
}

// ---- Values. spec: Binary/start definitions

void decode_start(C *c)
{
    Scope *s = c->scope;
    const u8 *at = c_at(c);
    if (!c_needs(c, FEATURE_cm_values, at)) return;
    if (s->started) c_fail(c, ERR_multiple_start, at, "of a component");
    u32 func = c_index(c, s->funcs.count, "func");
    if (c_failed(c)) return;
    const CFunc *f = ctype_def(&c->c->types, s->funcs.items[func])->func;
    const u8 *count_at = c_at(c);
    u32 count = c_count(c, 1, COMPONENT_MOST_fields, ERR_limit_component_fields);
    if (!c_failed(c) && count != f->count)
        c_fail(c, ERR_component_mismatch, count_at, "the start function takes %u values, not %u",
               f->count, count);
    for (u32 i = 0; i < count && !c_failed(c); i++) {
        const u8 *value_at = c_at(c);
        CSubst subst;
        u32 index = c_index(c, s->values.count, "value");
        if (c_failed(c) || !use_value(c, index, value_at)) return;
        csubst_init(&subst, &c->c->types);
        if (!centity_matches(&subst, (CEntity){CENTITY_value, {s->values.items[index]}},
                             (CEntity){CENTITY_value, {f->params[i].type}}))
            c_fail(c, ERR_component_mismatch, value_at, "value %u: %s", index, subst.why);
    }
    const u8 *results_at = c_at(c);
    u32 results = read_leb_u32(c_reader(c));
    if (c_failed(c)) return;
    if (results > COMPONENT_MOST_fields)
        c_fail(c, ERR_limit_component_fields, results_at, "%u results", results);
    else if (results != (f->result != CTYPE_NONE))
        c_fail(c, ERR_component_mismatch, results_at, "the start function gives no %u values",
               results);
    else if (results)
        entity_push(c, (CEntity){CENTITY_value, {f->result}});
    s->started = c->c->starts = true;
}

// ---- Instances

static bool make_instance(C *c, const CExterns *e, const u8 *at)
{
    Err err = ERR_none;
    CType type = ctype_make_externs(&c->c->types, CFORM_instance, e, &err);
    if (c_type_error(c, err, at) == ERR_none) c_push(c, &c->scope->instances, type);
    return !c_failed(c);
}

// Its type was pushed.
static void record_instance(C *c, CDefKind kind, u32 of, const CArg *args, u32 count)
{
    const Numbers *instances = &c->scope->instances;
    CDef *d = c_record(c, kind);
    d->index = of;
    d->type = instances->items[instances->count - 1];
    d->args = args;
    d->count = count;
}

static void decode_bag(C *c, const u8 *start)
{
    CExternList list = {0};
    Map keys, labels;
    map_init(&keys, &c->c->arena);
    map_init(&labels, &c->c->arena);
    u32 count = c_count(c, 4, COMPONENT_MOST_arguments, ERR_limit_arguments);
    CArg *args = NEW_ARRAY(&c->c->arena, CArg, count);
    for (u32 i = 0; i < count && !c_failed(c); i++) {
        NameAttributes name;
        CEntity e;
        if (!decode_name_attributes(c, &name) || !decode_sort_index(c, &e) ||
            !names_add(c, &keys, &name.name, &list, "export", name.at) ||
            !name_fits(c, &name, &labels, e) || !c_item(c, name.at))
            return;
        // No function can have been made of what the name stands for from here on.
        if (e.kind == CENTITY_type && ctype_form(&c->c->types, e.type) == CFORM_resource)
            map_add(&labels, name.name.text.data, name.name.text.len, CTYPE_NONE);
        ARENA_PUSH(&c->c->arena, list.items, list.count, list.cap) =
            (CExtern){.name = name.name.text, .entity = e};
        args[i] = (CArg){name.name.text, (u8)e.kind, c->index, e.type};
    }
    CExterns made = {.exports = list.items, .export_count = list.count};
    if (c_failed(c) || !make_instance(c, &made, start)) return;
    record_instance(c, CDEF_bag, 0, args, count);
}

// Arguments by name, in the scratch arena's map; what it holds is the place in the list.
typedef struct { Map names; CEntity *list; CArg *args; u32 count; } Args;

static bool decode_args(C *c, Args *args)
{
    Arena *arena = &c->c->arena;
    u32 count = c_count(c, 3, COMPONENT_MOST_arguments, ERR_limit_arguments);
    map_init(&args->names, arena);
    args->list = NEW_ARRAY(arena, CEntity, count);
    args->args = NEW_ARRAY(arena, CArg, count);
    args->count = count;
    for (u32 i = 0; i < count && !c_failed(c); i++) {
        const u8 *at = c_at(c);
        Bytes name = read_name(c_reader(c));
        CEntity *e = &args->list[i];
        if (!decode_sort_index(c, e)) return false;
        args->args[i] = (CArg){name, (u8)e->kind, c->index, e->type};
        if (!map_add(&args->names, name.data, name.len, i))
            c_fail(c, ERR_component_conflict, at, "argument \"%.*s\" is there twice", c_shown(name),
                   (const char *)name.data);
    }
    return !c_failed(c);
}

static void decode_instantiate(C *c, const u8 *start)
{
    Scope *s = c->scope;
    CTypes *types = &c->c->types;
    Args args;
    CSubst subst;
    u32 index = c_index(c, s->components.count, "component");
    if (c_failed(c) || !decode_args(c, &args)) return;
    CExterns e = *ctype_def(types, s->components.items[index])->externs;
    csubst_init(&subst, types);
    csubst_bind(&subst, e.imported, e.imported_count);
    for (u32 i = 0; i < e.import_count; i++) {
        const CExtern *import = &e.imports[i];
        const u32 *arg = map_get(&args.names, import->name.data, import->name.len);
        ctypes_look_up(types, import->name);
        if (!arg) {
            c_fail(c, ERR_component_argument, start, "of the component named \"%.*s\"",
                   c_shown(import->name), (const char *)import->name.data);
            return;
        }
        if (!centity_matches(&subst, args.list[*arg], import->entity)) {
            c_fail(c, ERR_component_mismatch, start, "argument \"%.*s\": %s", c_shown(import->name),
                   (const char *)import->name.data, subst.why);
            return;
        }
    }
    Numbers *bound = &s->bound[SIDE_exports];
    csubst_fresh(&subst, e.defined, e.defined_count, &bound->items, &bound->count, &bound->cap);
    CExtern *exports = csubst_externs(&subst, e.exports, e.export_count);
    CExterns made = {.exports = exports, .export_count = e.export_count};
    if (make_instance(c, &made, start))
        record_instance(c, CDEF_instantiate, index, args.args, args.count);
}

void decode_instances(C *c)
{
    u32 count = c_count(c, 2, COMPONENT_MOST_instances, ERR_limit_component_instances);
    for (u32 i = 0; i < count && !c_failed(c); i++) {
        const u8 *at = c_at(c);
        u8 kind = read_u8(c_reader(c));
        if (c_failed(c) || !c_item(c, at) || !c_instance(c, at)) return;
        if (kind == 0x00) decode_instantiate(c, at);
        else if (kind == 0x01) decode_bag(c, at);
        else c_fail(c, ERR_malformed_instance, at, "0x%02x", kind);
    }
}

// ---- Aliases

static bool decode_export_alias(C *c, CEntityKind kind, const u8 *at)
{
    Scope *s = c->scope;
    u32 index = c_index(c, s->instances.count, "instance");
    Bytes name = read_name(c_reader(c));
    if (c_failed(c)) return false;
    CExterns *e = ctype_def(&c->c->types, s->instances.items[index])->externs;
    const CExtern *export = cexterns_find(e, true, name);
    if (!export)
        return c_fail(c, ERR_unknown_definition, at, "instance %u has no export \"%.*s\"", index,
                      c_shown(name), (const char *)name.data);
    if (export->entity.kind != kind)
        return c_fail(c, ERR_component_kind, at, "export \"%.*s\" is no %s", c_shown(name),
                      (const char *)name.data, centity_text[kind]);
    entity_push(c, export->entity);
    CDef *d = c_record(c, CDEF_alias);
    if (!d) return true;
    d->sort = (u8)kind;
    d->index = index;
    d->name = name;
    d->type = export->entity.type;
    return true;
}

static bool decode_outer_alias(C *c, CEntityKind kind, CoreSort core, const u8 *at)
{
    u32 depth = read_leb_u32(c_reader(c));
    Scope *from = c->scope, *s = c->scope;
    bool leaves = false;
    if (c_failed(c)) return false;
    if (depth >= c->level)
        return c_fail(c, ERR_unknown_definition, at, "scope %u outwards; there are %u", depth,
                      c->level);
    for (u32 i = 0; i < depth; i++, from = from->outer) leaves |= from->kind == SCOPE_component;
    if (core == CORE_SORT_type) {
        u32 index = c_core_index(c, &from->core_types, "core type");
        if (c_failed(c)) return false;
        u32 type = from->core_types.items[index], module = from->core_module_types.items[index];
        c_push(c, &s->core_types, type);
        c_push(c, &s->core_module_types, module);
        return true;
    }
    const Numbers *space = space_of(from, kind);
    u32 index = c_core_index(c, space, centity_text[kind]);
    if (c_failed(c)) return false;
    CEntity e = {kind, {space->items[index]}};
    if (leaves && kind == CENTITY_type && !type_is_closed(c, e.type))
        return c_fail(c, ERR_component_alias, at, "type %u mentions resources of another component",
                      index);
    entity_push(c, e);
    CDef *d = kind == CENTITY_type ? NULL : c_record(c, CDEF_outer);
    if (!d) return true;
    d->sort = (u8)kind;
    d->index = index;
    d->count = depth;
    return true;
}

void decode_alias(C *c, bool in_type)
{
    const u8 *at = c_at(c);
    CEntityKind kind = CENTITY_module;
    CoreSort core;
    if (!c_item(c, at)) return;
    decode_sort(c, &kind, &core);
    const u8 *target_at = c_at(c);
    u8 target = read_u8(c_reader(c));
    if (c_failed(c)) return;
    bool plain = core == CORE_SORT_COUNT, type = plain && kind == CENTITY_type;
    if (target == 0x02) {
        bool allowed = type || core == CORE_SORT_type ||
                       (!in_type && (core == CORE_SORT_module ||
                                     (plain && kind == CENTITY_component)));
        bool none = core < CORE_SORT_type || core == CORE_SORT_instance ||
                    (plain && (kind == CENTITY_func || kind == CENTITY_value ||
                               kind == CENTITY_instance));
        if (!allowed)
            c_fail(c, none ? ERR_malformed_alias : ERR_component_alias, at,
                   "of that sort from outside");
        else decode_outer_alias(c, kind, core, target_at);
    } else if (target == 0x00) {
        bool allowed = in_type ? type || (plain && kind == CENTITY_instance)
                               : plain || core == CORE_SORT_module;
        if (!allowed) c_fail(c, ERR_component_alias, at, "of that sort of an instance");
        else decode_export_alias(c, kind, target_at);
    } else if (target == 0x01) {
        if (in_type || plain || core >= CORE_SORT_type)
            c_fail(c, ERR_component_alias, at, "of that sort of a core instance");
        else decode_core_alias(c, core, target_at);
    } else {
        c_fail(c, ERR_malformed_alias, target_at, "0x%02x", target);
    }
}

void decode_aliases(C *c)
{
    u32 count = c_count(c, 4, COMPONENT_MOST_items, ERR_limit_component_items);
    for (u32 i = 0; i < count && !c_failed(c); i++) decode_alias(c, false);
}
