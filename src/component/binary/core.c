// core.c -- what is core in a component: types, types of modules, instances of modules.
//
// The module decoder reads core types, into the list of whichever scope is in hand; all that it
// interns is held by the component. spec: Binary/instance definitions, type definitions

#include "component/binary/decoder.h"
#include "component/type/flat.h"

static const ExternKind extern_of[CORE_SORT_COUNT] = {
    [CORE_SORT_func] = EXTERN_func, [CORE_SORT_table] = EXTERN_table,
    [CORE_SORT_memory] = EXTERN_memory, [CORE_SORT_global] = EXTERN_global,
    [CORE_SORT_tag] = EXTERN_tag, [CORE_SORT_type] = EXTERN_COUNT,
    [CORE_SORT_module] = EXTERN_COUNT, [CORE_SORT_instance] = EXTERN_COUNT,
};

// ---- Types

void core_enter(C *c, Numbers *types)
{
    c->core.types = types->items;
    c->core.type_count = c->d.group_start = types->count;
    c->d.type_cap = types->cap;
    c->d.group_count = 0;
    c_mark_types(c, types);
}

// A type that breaks a rule stands there as another one, so what is wrong comes first.
void core_leave(C *c, Numbers *types)
{
    Component *o = c->c;
    for (u32 i = types->count; i < c->core.type_count; i++)
        ARENA_PUSH(&o->arena, o->held, o->held_count, o->held_cap) = c->core.types[i];
    *types = (Numbers){c->core.types, c->core.type_count, c->d.type_cap};
    if (!c_failed(c) && c->d.invalid.err != ERR_none) {
        *c->diag = c->d.invalid;
        c->d.r.pos = c->d.r.end;
    }
}

TypeId core_func_type(C *c, const u8 *params, u32 count, const u8 *results, u32 result_count)
{
    enum { MOST = 2 * FLAT_MANY };
    Component *o = c->c;
    Type types[MOST];
    TypeId id = TYPE_NONE;
    for (u32 i = 0; i < count + result_count; i++) {
        types[i] = flat_type(i < count ? params[i] : results[i - count]);
    }
    TypeDef def = {.kind = COMP_func, .final = true, .super = TYPE_NONE, .describes = TYPE_NONE,
                   .descriptor = TYPE_NONE, .cont = TYPE_NONE, .param_count = (u16)count,
                   .result_count = (u16)result_count, .params = types};
    // The place first, so that no count is lost.
    ARENA_PUSH(&o->arena, o->held, o->held_count, o->held_cap) = TYPE_NONE;
    if (!type_store_intern(o->types.store, &def, 1, &id)) {
        o->held_count--;
        if (type_store_full(o->types.store, 1)) o->types.met = ERR_limit_type_total;
        arena_fail(&o->arena);
    }
    return o->held[o->held_count - 1] = id;
}

// rules: Limits_ok, Memtype_ok, Tabletype_ok
static bool limits_valid(C *c, const ExternType *t, const u8 *at)
{
    if (t->kind != EXTERN_memory && t->kind != EXTERN_table) return true;
    bool memory = t->kind == EXTERN_memory;
    const Limits *l = memory ? &t->memory.limits : &t->table.limits;
    u64 most = memory ? (u64)1 << ((l->is64 ? 64 : 32) - l->page_log2)
                      : l->is64 ? UINT64_MAX : UINT32_MAX;
    if (memory && l->page_log2 == 0) most = l->is64 ? UINT64_MAX : UINT32_MAX;
    if (l->min > most || (l->has_max && l->max > most))
        return c_fail(c, memory ? ERR_memory_size_limit : ERR_table_size_limit, at, "%s", "");
    if (l->has_max && l->min > l->max)
        return c_fail(c, ERR_size_minimum_exceeds_maximum, at, "%s", "");
    return !l->shared || l->has_max || c_fail(c, ERR_shared_memory_needs_maximum, at, "%s", "");
}

static ExternType decode_core_extern(C *c, Numbers *types)
{
    const u8 *at = c_at(c);
    core_enter(c, types);
    ExternType t = decode_extern_type(&c->d);
    core_leave(c, types);
    if (!c_failed(c)) limits_valid(c, &t, at);
    return t;
}

static void decode_plain_type(C *c, Numbers *types, Numbers *modules)
{
    if (peek_u8(c_reader(c)) == 0x00) { // in front of a type that is not final
        read_u8(c_reader(c));
        if (peek_u8(c_reader(c)) != 0x50)
            c_fail(c, ERR_malformed_definition_type, c_at(c), "0x%02x", peek_u8(c_reader(c)));
    }
    core_enter(c, types);
    decode_rec_type(&c->d);
    core_leave(c, types);
    while (modules && modules->count < types->count) c_push(c, modules, UINT32_MAX);
}

// ---- Types of modules

typedef struct {
    CoreImport *imports;
    CoreExport *exports;
    u32 import_count, import_cap, export_count, export_cap;
    Map names[2];
} ModuleDecls;

static bool add_name(C *c, Map *names, Bytes module, Bytes name, bool import, const u8 *at)
{
    Bytes key = import ? cmodule_key(&c->c->arena, module, name) : name;
    if (map_add(names, key.data, key.len, 0)) return true;
    if (!import)
        return c_fail(c, ERR_component_conflict, at, "export \"%.*s\" is there twice",
                      c_shown(name), (const char *)name.data);
    return c_fail(c, ERR_component_conflict, at, "import \"%.*s\" \"%.*s\" is there twice",
                  c_shown(module), (const char *)module.data, c_shown(name),
                  (const char *)name.data);
}

static void add_import(C *c, ModuleDecls *m, Bytes module, Bytes name, const ExternType *type,
                       const u8 *at)
{
    if (c_failed(c) || !add_name(c, &m->names[0], module, name, true, at)) return;
    ARENA_PUSH(&c->c->arena, m->imports, m->import_count, m->import_cap) =
        (CoreImport){module, name, *type};
}

static void add_export(C *c, ModuleDecls *m, Bytes name, const ExternType *type, const u8 *at)
{
    if (c_failed(c) || !add_name(c, &m->names[1], (Bytes){0}, name, false, at)) return;
    ARENA_PUSH(&c->c->arena, m->exports, m->export_count, m->export_cap) =
        (CoreExport){name, *type};
}

static void decls_init(C *c, ModuleDecls *m)
{
    *m = (ModuleDecls){0};
    map_init(&m->names[0], &c->c->arena);
    map_init(&m->names[1], &c->c->arena);
}

static u32 decls_end(C *c, const ModuleDecls *m)
{
    CModuleType *type = NEW(&c->c->arena, CModuleType);
    *type = (CModuleType){.import_count = m->import_count, .export_count = m->export_count,
                          .imports = m->imports, .exports = m->exports};
    return cmodule_add(&c->c->types, type);
}

static void decode_module_alias(C *c, Numbers *types)
{
    const u8 *at = c_at(c);
    if (!c_byte(c, 0x10, ERR_malformed_alias) || !c_byte(c, 0x01, ERR_malformed_alias)) return;
    u32 depth = read_leb_u32(c_reader(c));
    const Numbers *from = types;
    const Scope *s = c->scope;
    for (u32 i = 1; i < depth && s; i++) s = s->outer;
    if (c_failed(c)) return;
    if (!s) {
        c_fail(c, ERR_unknown_definition, at, "scope %u outwards; there are %u", depth, c->level);
        return;
    }
    if (depth) from = &s->core_types;
    u32 index = c_core_index(c, from, "core type");
    if (c_failed(c)) return;
    TypeId id = from->items[index];
    if (id == TYPE_NONE) c_fail(c, ERR_component_alias, at, "of a type of modules, in one");
    else c_push(c, types, id);
}

static void decode_module_decl(C *c, ModuleDecls *m, Numbers *types)
{
    const u8 *at = c_at(c);
    u8 kind = read_u8(c_reader(c));
    Bytes module, name;
    ExternType type;
    if (!c_item(c, at)) return;
    switch (kind) {
    case 0x00:
        module = read_name(c_reader(c));
        name = read_name(c_reader(c));
        type = decode_core_extern(c, types);
        add_import(c, m, module, name, &type, at);
        break;
    case 0x01:
        if (peek_u8(c_reader(c)) == 0x50)
            c_fail(c, ERR_component_type, at, "a type of modules in a type of modules");
        else
            decode_plain_type(c, types, NULL);
        break;
    case 0x02: decode_module_alias(c, types); break;
    case 0x03:
        name = read_name(c_reader(c));
        type = decode_core_extern(c, types);
        add_export(c, m, name, &type, at);
        break;
    default:
        if (!c_failed(c)) c_fail(c, ERR_malformed_component_type, at, "0x%02x", kind);
    }
}

void decode_core_type(C *c)
{
    Scope *s = c->scope;
    if (!c_item(c, c_at(c))) return;
    if (peek_u8(c_reader(c)) != 0x50) {
        decode_plain_type(c, &s->core_types, &s->core_module_types);
        return;
    }
    ModuleDecls m;
    Numbers types = {0};
    read_u8(c_reader(c));
    decls_init(c, &m);
    u32 count = c_count(c, 2, COMPONENT_MOST_items, ERR_limit_component_items);
    for (u32 i = 0; i < count && !c_failed(c); i++) decode_module_decl(c, &m, &types);
    if (c_failed(c)) return;
    c_push(c, &s->core_types, TYPE_NONE);
    c_push(c, &s->core_module_types, decls_end(c, &m));
}

void decode_core_types(C *c)
{
    u32 count = c_count(c, 1, COMPONENT_MOST_items, ERR_limit_component_items);
    for (u32 i = 0; i < count && !c_failed(c); i++) decode_core_type(c);
}

void core_add_module(C *c, const Module *m, const u8 *at)
{
    ModuleDecls d;
    decls_init(c, &d);
    for (u32 i = 0; i < m->import_count && !c_failed(c); i++) {
        ExternType type = import_type(m, &m->imports[i]);
        add_import(c, &d, m->imports[i].module, m->imports[i].name, &type, at);
    }
    for (u32 i = 0; i < m->export_count && !c_failed(c); i++) {
        ExternType type = module_type(m, m->exports[i].kind, m->exports[i].index);
        add_export(c, &d, m->exports[i].name, &type, at);
    }
    if (!c_failed(c)) c_push(c, &c->scope->modules, decls_end(c, &d));
}

// ---- Instances

CoreSort decode_core_sort(C *c)
{
    const u8 *at = c_at(c);
    u8 code = read_u8(c_reader(c));
    CoreSort sort = core_sort_find(code);
    if (c_failed(c)) return CORE_SORT_func;
    if (sort == CORE_SORT_COUNT) c_fail(c, ERR_malformed_sort, at, "0x00 0x%02x", code);
    return sort;
}

bool core_sort_index(C *c, CoreSort sort, ExternType *out)
{
    const u8 *at = c_at(c);
    ExternKind kind = extern_of[sort];
    if (kind == EXTERN_COUNT)
        return c_fail(c, ERR_component_kind, at, "a %s is no export of an instance",
                      core_sort_info[sort].text);
    const CoreItems *items = &c->scope->core[kind];
    u32 index = c_index(c, items->count, core_sort_info[sort].text);
    if (!c_failed(c)) *out = items->items[index];
    return !c_failed(c);
}

static void decode_inline_exports(C *c)
{
    ModuleDecls m;
    decls_init(c, &m);
    u32 count = c_count(c, 3, COMPONENT_MOST_arguments, ERR_limit_arguments);
    CArg *args = NEW_ARRAY(&c->c->arena, CArg, count);
    for (u32 i = 0; i < count && !c_failed(c); i++) {
        const u8 *at = c_at(c);
        ExternType type;
        Bytes name = read_name(c_reader(c));
        CoreSort sort = decode_core_sort(c);
        if (c_failed(c) || !core_sort_index(c, sort, &type)) return;
        add_export(c, &m, name, &type, at);
        args[i] = (CArg){name, (u8)type.kind, c->index, CTYPE_NONE};
    }
    if (c_failed(c)) return;
    c_push(c, &c->scope->core_instances, decls_end(c, &m));
    CDef *d = c_record(c, CDEF_core_bag);
    d->args = args;
    d->count = count;
}

// Each import is looked up in the instance that is given for its module's name.
static void check_imports(C *c, const CModuleType *m, const Map *args, const u8 *at)
{
    CTypes *types = &c->c->types;
    for (u32 i = 0; i < m->import_count && !c_failed(c); i++) {
        const CoreImport *import = &m->imports[i];
        const u32 *arg = map_get(args, import->module.data, import->module.len);
        ctypes_look_up(types, import->module);
        ctypes_look_up(types, import->name);
        if (!arg) {
            c_fail(c, ERR_component_argument, at, "of the module named \"%.*s\"",
                   c_shown(import->module), (const char *)import->module.data);
            return;
        }
        const CoreExport *export = cmodule_export(types->modules[*arg], import->name);
        if (!export)
            c_fail(c, ERR_component_argument, at, "\"%.*s\" has no export \"%.*s\"",
                   c_shown(import->module), (const char *)import->module.data,
                   c_shown(import->name), (const char *)import->name.data);
        else if (!core_extern_matches(types->store, &export->type, &import->type))
            c_fail(c, ERR_component_mismatch, at, "\"%.*s\" \"%.*s\" is of another type",
                   c_shown(import->module), (const char *)import->module.data,
                   c_shown(import->name), (const char *)import->name.data);
    }
}

static void decode_instantiate(C *c, const u8 *start)
{
    Scope *s = c->scope;
    Map args;
    map_init(&args, &c->c->scratch);
    u32 module = c_core_index(c, &s->modules, "core module");
    u32 count = c_count(c, 3, COMPONENT_MOST_arguments, ERR_limit_arguments);
    CArg *list = NEW_ARRAY(&c->c->arena, CArg, count);
    for (u32 i = 0; i < count && !c_failed(c); i++) {
        const u8 *at = c_at(c);
        Bytes name = read_name(c_reader(c));
        if (!c_byte(c, 0x12, ERR_malformed_instance)) return;
        u32 index = c_index(c, s->core_instances.count, "core instance");
        list[i] = (CArg){name, EXTERN_COUNT, index, CTYPE_NONE};
        if (!c_failed(c) &&
            !map_add(&args, name.data, name.len, s->core_instances.items[index]))
            c_fail(c, ERR_component_conflict, at, "argument \"%.*s\" is there twice",
                   c_shown(name), (const char *)name.data);
    }
    if (c_failed(c)) return;
    CModuleType *m = c->c->types.modules[s->modules.items[module]];
    check_imports(c, m, &args, start);
    arena_reset(&c->c->scratch);
    if (c_failed(c)) return;
    c_push(c, &s->core_instances, s->modules.items[module]);
    CDef *d = c_record(c, CDEF_core_instantiate);
    d->index = module;
    d->args = list;
    d->count = count;
}

void decode_core_instances(C *c)
{
    u32 count = c_count(c, 2, COMPONENT_MOST_instances, ERR_limit_component_instances);
    for (u32 i = 0; i < count && !c_failed(c); i++) {
        const u8 *at = c_at(c);
        u8 kind = read_u8(c_reader(c));
        if (c_failed(c) || !c_item(c, at) || !c_instance(c, at)) return;
        if (kind == 0x00) decode_instantiate(c, at);
        else if (kind == 0x01) decode_inline_exports(c);
        else c_fail(c, ERR_malformed_instance, at, "0x%02x", kind);
    }
}

bool decode_core_alias(C *c, CoreSort sort, const u8 *at)
{
    Scope *s = c->scope;
    u32 index = c_index(c, s->core_instances.count, "core instance");
    Bytes name = read_name(c_reader(c));
    if (c_failed(c)) return false;
    const CoreExport *e = cmodule_export(c->c->types.modules[s->core_instances.items[index]], name);
    if (!e)
        return c_fail(c, ERR_unknown_definition, at, "core instance %u has no export \"%.*s\"",
                      index, c_shown(name), (const char *)name.data);
    if (e->type.kind != extern_of[sort])
        return c_fail(c, ERR_component_kind, at, "export \"%.*s\" is no %s", c_shown(name),
                      (const char *)name.data, core_sort_info[sort].text);
    CoreItems *items = &s->core[e->type.kind];
    ARENA_PUSH(&c->c->arena, items->items, items->count, items->cap) = e->type;
    CDef *d = c_record(c, CDEF_core_alias);
    d->sort = (u8)e->type.kind;
    d->index = index;
    d->name = name;
    return true;
}
