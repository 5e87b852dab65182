// ctype.c -- see ctype.h. What a definition comes to follows from what its parts came to, so that a
// type costs its own length and not that of the tree that it stands for.

#include "component/type/ctype.h"

#include <stdlib.h>

enum { SIZE_TOO_LARGE = 1 << 28 }; // spec: CanonicalABI/element size

const char *const centity_text[] = {
    [CENTITY_module] = "core module", [CENTITY_func] = "func", [CENTITY_value] = "value",
    [CENTITY_type] = "type", [CENTITY_component] = "component", [CENTITY_instance] = "instance",
};

static CLayout prim_layout(CPrim p)
{
    const CPrimInfo *info = &cprim_info[p];
    CLayout l = {.flat_count = (u8)strlen(info->flat)};
    for (u32 w = 0; w < 2; w++) {
        l.size[w] = info->size ? info->size : 8u << w;
        l.align[w] = (u8)(info->size ? info->size : 4u << w);
        for (u32 i = 0; i < l.flat_count; i++)
            l.flat[w][i] = info->flat[i] == 'p' ? w ? 'l' : 'i' : (u8)info->flat[i];
    }
    return l;
}

void ctypes_init(CTypes *t, Arena *arena, Arena *scratch, TypeStore *store)
{
    *t = (CTypes){.arena = arena, .scratch = scratch, .store = store, .empty = CTYPE_NONE};
    map_init(&t->interned, arena);
    for (u32 p = 0; p < CPRIM_COUNT; p++) t->prims[p] = prim_layout((CPrim)p);
}

void ctypes_step(CTypes *t, u32 cost)
{
    t->steps += cost;
    if (t->steps <= COMPONENT_MOST_steps) return;
    t->met = ERR_limit_component_steps;
    arena_fail(t->arena);
}

CForm ctype_form(const CTypes *types, CType t)
{
    const CTypeDef *def = ctype_def(types, t);
    return def ? (CForm)def->form : CFORM_COUNT;
}

u32 ctype_holds(const CTypes *types, CType t)
{
    if (t == CTYPE_NONE) return 0;
    const CTypeDef *def = ctype_def(types, t);
    if (def) return def->holds;
    return t == CPRIM_string                      ? HOLDS_list
           : t == CPRIM_f32 || t == CPRIM_f64 ? HOLDS_float
                                                  : 0;
}

bool ctype_is_value(const CTypes *types, CType t)
{
    CForm form = ctype_form(types, t);
    return form <= CFORM_map || form == CFORM_COUNT;
}

bool ctype_is_nameable(const CTypes *types, CType t)
{
    CForm form = ctype_form(types, t);
    return form == CFORM_record || form == CFORM_variant || form == CFORM_enum ||
           form == CFORM_flags || form == CFORM_resource;
}

const char *ctype_text(const CTypes *types, CType t)
{
    t = ctype_canon(types, t);
    return t < CPRIM_COUNT ? cprim_info[t].text : cform_info[ctype_form(types, t)].text;
}

const CLayout *ctype_layout(const CTypes *types, CType t)
{
    return t < CPRIM_COUNT ? &types->prims[t] : ctype_def(types, t)->layout;
}

static u32 align_to(u32 at, u32 align) { return (at + align - 1) & ~(align - 1); }
static u32 saturated(u64 size) { return size >= SIZE_TOO_LARGE ? SIZE_TOO_LARGE : (u32)size; }

// ---- Layouts. Sizes end at what no type may have.

static void add_flat(CLayout *l, const CLayout *part)
{
    if (l->flat_count + part->flat_count > FLAT_MOST) {
        l->flat_count = FLAT_MANY;
        return;
    }
    for (u32 w = 0; w < 2; w++)
        memcpy(l->flat[w] + l->flat_count, part->flat[w], part->flat_count);
    l->flat_count += part->flat_count;
}

static void layout_record(const CTypes *t, CLayout *l, const CField *fields, u32 count)
{
    l->align[0] = l->align[1] = 1;
    for (u32 i = 0; i < count; i++) {
        const CLayout *part = ctype_layout(t, fields[i].type);
        for (u32 w = 0; w < 2; w++) {
            l->align[w] = MAX(l->align[w], part->align[w]);
            l->size[w] = saturated((u64)align_to(l->size[w], part->align[w]) + part->size[w]);
        }
        add_flat(l, part);
    }
    for (u32 w = 0; w < 2; w++) l->size[w] = align_to(l->size[w], l->align[w]);
}

static u8 join(u8 a, u8 b)
{
    if (a == b) return a;
    return (a == 'i' && b == 'f') || (a == 'f' && b == 'i') ? 'i' : 'l';
}

static void join_flat(CLayout *l, const CLayout *part)
{
    if (l->flat_count == FLAT_MANY || part->flat_count >= FLAT_MOST) {
        l->flat_count = FLAT_MANY;
        return;
    }
    for (u32 w = 0; w < 2; w++)
        for (u32 i = 0; i < part->flat_count; i++)
            l->flat[w][i + 1] = i + 1 < l->flat_count ? join(l->flat[w][i + 1], part->flat[w][i])
                                                      : part->flat[w][i];
    l->flat_count = MAX(l->flat_count, (u8)(part->flat_count + 1));
}

static void layout_variant(const CTypes *t, CLayout *l, const CField *cases, u32 count)
{
    u32 tag = count <= 0x100 ? 1 : count <= 0x10000 ? 2 : 4, most[2] = {0, 0}, align[2] = {1, 1};
    l->flat_count = 1;
    l->flat[0][0] = l->flat[1][0] = 'i';
    for (u32 i = 0; i < count; i++) {
        if (cases[i].type == CTYPE_NONE) continue;
        const CLayout *part = ctype_layout(t, cases[i].type);
        for (u32 w = 0; w < 2; w++) {
            most[w] = MAX(most[w], part->size[w]);
            align[w] = MAX(align[w], part->align[w]);
        }
        join_flat(l, part);
    }
    for (u32 w = 0; w < 2; w++) {
        l->align[w] = (u8)MAX(align[w], tag);
        l->size[w] = align_to(saturated((u64)align_to(tag, align[w]) + most[w]), l->align[w]);
    }
}

static void layout_plain(CLayout *l, u32 size, const char *flat)
{
    CLayout of = {.size = {size, size}, .align = {(u8)size, (u8)size}};
    of.flat_count = (u8)strlen(flat);
    for (u32 w = 0; w < 2; w++) memcpy(of.flat[w], flat, of.flat_count);
    *l = of;
}

static void layout_fixed(const CTypes *t, CLayout *l, CType elem, u32 length)
{
    const CLayout *part = ctype_layout(t, elem);
    for (u32 w = 0; w < 2; w++) {
        l->size[w] = saturated((u64)part->size[w] * length);
        l->align[w] = part->align[w];
    }
    for (u32 i = 0; i < length && l->flat_count != FLAT_MANY; i++) add_flat(l, part);
}

// spec: CanonicalABI/despecialize: enums, options and results are variants.
static void make_layout(const CTypes *t, CLayout *l, CForm form, const CField *fields, u32 count)
{
    *l = (CLayout){0};
    switch (form) {
    case CFORM_record: case CFORM_tuple: layout_record(t, l, fields, count); break;
    case CFORM_variant: case CFORM_enum: case CFORM_result:
        layout_variant(t, l, fields, count);
        break;
    case CFORM_option:
        layout_variant(t, l, (CField[2]){{{0}, CTYPE_NONE}, fields[0]}, 2);
        break;
    case CFORM_flags: layout_plain(l, count <= 8 ? 1 : count <= 16 ? 2 : 4, "i"); break;
    case CFORM_list: case CFORM_map: *l = *ctype_layout(t, CPRIM_string); break;
    case CFORM_fixed_list: layout_fixed(t, l, fields[0].type, count); break;
    default: layout_plain(l, 4, "i"); // handles, ends of streams and futures
    }
}

// Numbers are copied as they are, and records of them that have no padding.
static CopyClass copy_class(const CTypes *t, CForm form, const CField *fields, u32 parts,
                            const CLayout *l)
{
    CopyClass copy = COPY_bits;
    u64 sum = 0;
    if (form == CFORM_enum || form == CFORM_flags) return COPY_checked;
    if (form != CFORM_record && form != CFORM_tuple && form != CFORM_fixed_list) return COPY_walk;
    for (u32 i = 0; i < parts; i++) {
        CType p = fields[i].type;
        CopyClass of = (CopyClass)(p < CPRIM_COUNT ? cprim_info[p].copy : ctype_def(t, p)->copy);
        copy = MAX(copy, of);
        sum += ctype_layout(t, p)->size[1];
    }
    return copy == COPY_bits && form != CFORM_fixed_list && sum != l->size[1] ? COPY_walk : copy;
}

// ---- Definitions

static CType push(CTypes *t, const CTypeDef *def)
{
    u32 at = t->count;
    ARENA_PUSH(t->arena, t->defs, t->count, t->cap) = *def;
    if (def->canon == CTYPE_NONE) t->defs[at].canon = CPRIM_COUNT + at;
    return CPRIM_COUNT + at;
}

// What a whole has of a part. The nodes end at one more than there may be.
static void take_part(const CTypes *t, CTypeDef *def, CType part)
{
    if (part == CTYPE_NONE) return;
    const CTypeDef *of = ctype_def(t, part);
    u32 holds = ctype_holds(t, part);
    // Elements pass when they are read or written, and not with the stream.
    if (def->form == CFORM_stream || def->form == CFORM_future) holds &= ~(u32)HOLDS_list;
    def->holds |= (u8)holds;
    def->nodes = MIN(def->nodes + (of ? of->nodes : 1), COMPONENT_MOST_type_nodes + 1u);
    def->depth = MAX(def->depth, (u8)((of ? of->depth : 0) + 1));
}

static bool within(const CTypeDef *def, Err *err)
{
    if (def->depth > COMPONENT_MOST_type_depth) *err = ERR_limit_type_depth;
    else if (def->nodes > COMPONENT_MOST_type_nodes) *err = ERR_limit_type_nodes;
    return *err == ERR_none;
}

// Everything that tells one definition from another.
static Bytes make_key(CTypes *t, u8 form, const CField *fields, u32 parts, u32 count, CType result)
{
    Buf key;
    buf_init(&key, t->scratch);
    buf_byte(&key, form);
    buf_leb_u(&key, count);
    buf_leb_u(&key, result);
    for (u32 i = 0; i < parts; i++) {
        buf_name(&key, fields[i].name.data, fields[i].name.len);
        buf_leb_u(&key, fields[i].type);
    }
    return buf_view(&key);
}

static u8 own_holds(CForm form)
{
    switch (form) {
    case CFORM_own: return HOLDS_resource;
    case CFORM_borrow: return HOLDS_resource | HOLDS_borrow;
    case CFORM_stream: case CFORM_future: return HOLDS_stream;
    case CFORM_list: case CFORM_map: return HOLDS_list;
    case CFORM_record: case CFORM_variant: case CFORM_enum: case CFORM_flags: return HOLDS_nameable;
    default: return 0;
    }
}

// The parts are equal to canonical ones, which the canonical definition is made of.
static CField *canonical_parts(CTypes *t, const CField *fields, u32 parts, bool *same)
{
    *same = true;
    for (u32 i = 0; i < parts; i++)
        if (ctype_canon(t, fields[i].type) != fields[i].type) *same = false;
    if (*same) return NULL;
    CField *canon = arena_copy(t->scratch, fields, parts * sizeof *fields);
    for (u32 i = 0; i < parts; i++) canon[i].type = ctype_canon(t, canon[i].type);
    return canon;
}

static CType make_new(CTypes *t, CForm form, const CField *fields, u32 parts, u32 count,
                      CType canon, Err *err)
{
    CTypeDef def = {.form = (u8)form, .holds = own_holds(form), .nodes = 1, .count = count,
                    .canon = canon};
    CLayout layout;
    for (u32 i = 0; i < parts; i++) take_part(t, &def, fields[i].type);
    if (!within(&def, err)) return CTYPE_NONE;
    make_layout(t, &layout, form, fields, count);
    if (layout.size[1] >= SIZE_TOO_LARGE) *err = ERR_component_type;
    if (*err != ERR_none) return CTYPE_NONE;
    if (canon != CTYPE_NONE) def.holds |= HOLDS_named;
    def.copy = (u8)copy_class(t, form, fields, parts, &layout);
    def.layout = arena_copy(t->arena, &layout, sizeof layout);
    def.fields = arena_copy(t->arena, fields, parts * sizeof *fields);
    return push(t, &def);
}

static void remember(CTypes *t, Bytes key, CType made)
{
    map_add(&t->interned, arena_copy(t->arena, key.data, key.len), key.len, made);
}

static CType make(CTypes *t, CForm form, const CField *fields, u32 count, Err *err)
{
    u32 parts = form == CFORM_fixed_list ? 1 : count;
    Bytes key = make_key(t, (u8)form, fields, parts, count, 0);
    const u32 *known = map_get(&t->interned, key.data, key.len);
    if (known) return *known;
    bool same;
    CType canon = CTYPE_NONE;
    CField *canonical = canonical_parts(t, fields, parts, &same);
    if (!same) {
        canon = make(t, form, canonical, count, err); // and that has canonical parts: no further
        if (canon == CTYPE_NONE) return CTYPE_NONE;
    }
    CType made = make_new(t, form, fields, parts, count, canon, err);
    if (made != CTYPE_NONE) remember(t, key, made);
    return made;
}

CType ctype_make(CTypes *t, CForm form, const CField *fields, u32 count, Err *err)
{
    CType made = make(t, form, fields, count, err);
    arena_reset(t->scratch);
    return made;
}

static CType make_func(CTypes *t, const CFunc *f, Err *err)
{
    u8 form = f->async ? CFORM_async_func : CFORM_func;
    Bytes key = make_key(t, form, f->params, f->count, f->count, f->result);
    const u32 *known = map_get(&t->interned, key.data, key.len);
    if (known) return *known;
    CTypeDef def = {.form = CFORM_func, .nodes = 1, .count = f->count, .canon = CTYPE_NONE};
    for (u32 i = 0; i < f->count; i++) take_part(t, &def, f->params[i].type);
    take_part(t, &def, f->result);
    if (!within(&def, err)) return CTYPE_NONE;
    bool same;
    CFunc canonical = *f, *copy;
    canonical.params = canonical_parts(t, f->params, f->count, &same);
    if (!same || ctype_canon(t, f->result) != f->result) {
        if (same) canonical.params = f->params;
        canonical.result = ctype_canon(t, f->result);
        def.canon = make_func(t, &canonical, err);
        def.holds |= HOLDS_named;
    }
    copy = arena_copy(t->arena, f, sizeof *f);
    copy->params = arena_copy(t->arena, f->params, f->count * sizeof *f->params);
    def.func = copy;
    CType made = push(t, &def);
    remember(t, key, made);
    return made;
}

CType ctype_make_func(CTypes *t, const CFunc *f, Err *err)
{
    CType made = make_func(t, f, err);
    arena_reset(t->scratch);
    return made;
}

static void take_externs(const CTypes *t, CTypeDef *def, const CExtern *externs, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        const CEntity *e = &externs[i].entity;
        take_part(t, def, e->kind == CENTITY_module ? CPRIM_bool : e->type);
        if (e->kind == CENTITY_module)
            def->nodes = MIN(def->nodes + t->modules[e->module]->import_count +
                                 t->modules[e->module]->export_count,
                             COMPONENT_MOST_type_nodes + 1u);
    }
}

CType ctype_make_externs(CTypes *t, CForm form, const CExterns *e, Err *err)
{
    bool empty = form == CFORM_instance && !e->export_count && !e->defined_count;
    if (empty && t->empty != CTYPE_NONE) return t->empty;
    CTypeDef def = {.form = (u8)form, .nodes = 1, .canon = CTYPE_NONE};
    take_externs(t, &def, e->imports, e->import_count);
    take_externs(t, &def, e->exports, e->export_count);
    if (!within(&def, err)) return CTYPE_NONE;
    CExterns *copy = arena_copy(t->arena, e, sizeof *e);
    copy->imports = arena_copy(t->arena, e->imports, e->import_count * sizeof *e->imports);
    copy->exports = arena_copy(t->arena, e->exports, e->export_count * sizeof *e->exports);
    copy->imported = arena_copy(t->arena, e->imported, e->imported_count * sizeof *e->imported);
    copy->defined = arena_copy(t->arena, e->defined, e->defined_count * sizeof *e->defined);
    map_init(&copy->by_name[0], t->arena);
    map_init(&copy->by_name[1], t->arena);
    def.externs = copy;
    CType made = push(t, &def);
    if (empty) t->empty = made;
    return made;
}

CType ctype_make_resource(CTypes *t, u8 rep, u32 owner)
{
    CTypeDef def = {.form = CFORM_resource, .nodes = 1, .canon = CTYPE_NONE, .rep = rep,
                    .owner = owner, .holds = HOLDS_resource | HOLDS_named | HOLDS_nameable};
    return push(t, &def);
}

static CTypeDef named_primitive(const CTypes *t, CType type)
{
    return (CTypeDef){.form = CFORM_COUNT, .nodes = 1, .holds = (u8)ctype_holds(t, type),
                      .copy = cprim_info[type].copy, .canon = type, .layout = &t->prims[type]};
}

CType ctype_named(CTypes *t, CType type)
{
    bool any = t->names_all && ctype_is_value(t, type);
    if (!any && !ctype_is_nameable(t, type)) return type;
    CTypeDef def = type < CPRIM_COUNT ? named_primitive(t, type) : *ctype_def(t, type);
    def.named = true;
    def.of = type;
    def.holds |= HOLDS_named;
    return push(t, &def);
}

u32 cmodule_add(CTypes *t, CModuleType *module)
{
    map_init(&module->by_name[0], t->arena);
    map_init(&module->by_name[1], t->arena);
    ARENA_PUSH(t->arena, t->modules, t->module_count, t->module_cap) = module;
    return t->module_count - 1;
}

// ---- By name. The first look makes a map, so that many cost no more than they are.

const CExtern *cexterns_find(CExterns *e, bool exports, Bytes name)
{
    CExtern *list = exports ? e->exports : e->imports;
    u32 count = exports ? e->export_count : e->import_count;
    Map *map = &e->by_name[exports];
    if (count <= 8) {
        for (u32 i = 0; i < count; i++)
            if (bytes_same(list[i].name, name)) return &list[i];
        return NULL;
    }
    if (!map->count)
        for (u32 i = 0; i < count; i++) map_add(map, list[i].name.data, list[i].name.len, i);
    const u32 *at = map_get(map, name.data, name.len);
    return at ? &list[*at] : NULL;
}

Bytes cmodule_key(Arena *arena, Bytes module, Bytes name)
{
    u32 len = (u32)module.len;
    u8 *key = arena_alloc(arena, sizeof len + len + name.len);
    memcpy(key, &len, sizeof len);
    if (len) memcpy(key + sizeof len, module.data, len);
    if (name.len) memcpy(key + sizeof len + len, name.data, name.len);
    return (Bytes){key, sizeof len + len + name.len};
}

const CoreImport *cmodule_import(CTypes *t, CModuleType *m, Bytes module, Bytes name)
{
    Map *map = &m->by_name[0];
    if (!map->count)
        for (u32 i = 0; i < m->import_count; i++) {
            Bytes key = cmodule_key(t->arena, m->imports[i].module, m->imports[i].name);
            map_add(map, key.data, key.len, i);
        }
    Bytes key = cmodule_key(t->scratch, module, name);
    const u32 *at = map_get(map, key.data, key.len);
    return at ? &m->imports[*at] : NULL;
}

const CoreExport *cmodule_export(CModuleType *m, Bytes name)
{
    Map *map = &m->by_name[1];
    if (!map->count)
        for (u32 i = 0; i < m->export_count; i++)
            map_add(map, m->exports[i].name.data, m->exports[i].name.len, i);
    const u32 *at = map_get(map, name.data, name.len);
    return at ? &m->exports[*at] : NULL;
}
