// decode.c -- component types as WIT. See binary.h.
//
// A component is a world, or a package whose interfaces and worlds are types that it exports. What
// is found is put together as interfaces and worlds, as far as the printer needs them, and printed;
// so what comes of it is checked as all WIT is. Of an interface of another package there is as much
// as was mentioned of it.
//
// A type is the one that its identity was first met as: one that an interface exports, and that
// names what another exports, is used from there. spec: WIT/Package Format

#include "component/wit/decode.h"

#include "component/type/name.h"
#include "component/wit/binary.h"
#include "component/wit/resolver.h"

typedef struct {
    Wit *wit;   // of what is put together, not the caller's
    Arena *arena;
    Component *c;
    CTypes *types;
    CIdMap met; // by type: in `known`
    WitType **known;
    u32 known_count, known_cap;
    u32 at;     // places in the order in which things are met
} Decoder;

// Where types stand: in one of these.
typedef struct {
    WitInterface *interface;
    WitWorld *world;
} Place;

static _Noreturn void fail(Decoder *d, const char *why, Bytes name)
{
    wit_fail(d->wit, (WitSpot){0}, ERR_wit_binary, "%s \"%.*s\"", why, WIT_SAY(name));
}

static CName parse_name(Decoder *d, Bytes text)
{
    CName name;
    const char *why;
    Bytes part;
    if (!cname_parse(text, features_all, &name, &why, &part)) fail(d, "malformed name", text);
    return name;
}

static Bytes copy_bytes(Decoder *d, Bytes b)
{
    return (Bytes){arena_copy(d->arena, b.data, b.len), b.len};
}

// ---- Packages and interfaces by name

Bytes wit_member_name(Arena *arena, const WitPackage *p, Bytes name)
{
    Buf b;
    buf_init(&b, arena);
    buf_bytes(&b, p->space.data, p->space.len);
    buf_byte(&b, ':');
    buf_bytes(&b, p->name.data, p->name.len);
    buf_byte(&b, '/');
    buf_bytes(&b, name.data, name.len);
    if (p->version.text.len) {
        buf_byte(&b, '@');
        buf_bytes(&b, p->version.text.data, p->version.text.len);
    }
    return buf_view(&b);
}

static const WitNotes *no_notes(Decoder *d) { return NEW(d->arena, WitNotes); }

static WitPackage *package_new(Decoder *d, Bytes space, Bytes name, Bytes version)
{
    Wit *wit = d->wit;
    const char *why;
    WitPackage like = {.space = space, .name = name};
    if (version.len && !wit_version_parse(version, &like.version, &why))
        wit_fail(wit, (WitSpot){0}, ERR_wit_malformed_version, "%s", why);
    like.full = wit_package_text(d->arena, space, name, &like.version);
    const u32 *known = map_get(&wit->package_names, like.full.data, like.full.len);
    if (known) return wit->packages[*known];
    map_add(&wit->package_names, like.full.data, like.full.len, wit->package_count);
    WitPackage *p = NEW(d->arena, WitPackage);
    *p = like;
    map_init(&p->interface_names, d->arena);
    map_init(&p->world_names, d->arena);
    ARENA_PUSH(d->arena, wit->packages, wit->package_count, wit->package_cap) = p;
    return p;
}

static WitPackage *package_of(Decoder *d, const CName *name)
{
    const u8 *colon = memchr(name->text.data, ':', name->text.len);
    size_t space = (size_t)(colon - name->text.data);
    const u8 *slash = memchr(colon, '/', name->text.len - space);
    if (memchr(colon + 1, ':', (size_t)(slash - colon - 1)) ||
        slash + 1 != name->label.data)
        fail(d, "WIT knows no packages in packages:", name->text);
    return package_new(d, (Bytes){name->text.data, space},
                       (Bytes){colon + 1, (size_t)(slash - colon - 1)}, name->version);
}

// A list that grows, of a package's: it has room up to the next power of two.
#define ADD_MEMBER(d, list, count, item)                                                           \
    (((count) & ((count) - 1u)) == 0                                                               \
         ? (void)((list) = arena_grow((d)->arena, (list), (count), MAX(2 * (count), 1u),           \
                                      sizeof *(list)))                                             \
         : (void)0,                                                                                \
     (list)[(count)++] = (item))

static WitInterface *interface_new(Decoder *d, Bytes name, WitPackage *p)
{
    WitInterface *i = NEW(d->arena, WitInterface);
    *i = (WitInterface){.name = name, .package = p, .notes = no_notes(d)};
    map_init(&i->names, d->arena);
    return i;
}

static WitInterface *interface_of(Decoder *d, const CName *name)
{
    WitPackage *p = package_of(d, name);
    const u32 *known = map_get(&p->interface_names, name->label.data, name->label.len);
    if (known) return p->interfaces[*known];
    map_add(&p->interface_names, name->label.data, name->label.len, p->interface_count);
    WitInterface *i = interface_new(d, name->label, p);
    ADD_MEMBER(d, p->interfaces, p->interface_count, i);
    return i;
}

// ---- Types

static WitType *value_type(Decoder *d, CType t);

static void meet(Decoder *d, CType t, WitType *as)
{
    cidmap_set(&d->met, t, d->known_count);
    ARENA_PUSH(d->arena, d->known, d->known_count, d->known_cap) = as;
}

// What it is known as, or what it names, or that names, and so on.
static WitType *find_met(const Decoder *d, CType t)
{
    while (t >= CPRIM_COUNT) {
        const u32 *known = cidmap_get(&d->met, t);
        const CTypeDef *def = ctype_def(d->types, t);
        if (known) return d->known[*known];
        if (!def->named) break;
        ctypes_step(d->types, 1);
        t = def->of;
    }
    return NULL;
}

static CType without_names(const Decoder *d, CType t)
{
    while (t >= CPRIM_COUNT && ctype_def(d->types, t)->named) t = ctype_def(d->types, t)->of;
    return t;
}

static WitKind kind_of(const char *text)
{
    WitKind k = (WitKind)0;
    while (strcmp(wit_kind_text[k], text)) k++;
    return k;
}

static WitType *primitive(Decoder *d, CType t)
{
    return d->wit->primitives[kind_of(cprim_info[t].text)];
}

static WitType *optional_type(Decoder *d, CType t)
{
    return t == CTYPE_NONE ? NULL : value_type(d, t);
}

static void take_parts(Decoder *d, WitType *t, const CTypeDef *def)
{
    const CField *fields = def->fields;
    t->part_count = def->count;
    t->parts = NEW_ARRAY(d->arena, WitPart, (size_t)def->count + 1);
    for (u32 i = 0; i < t->part_count; i++) {
        t->parts[i].name = fields[i].name;
        t->parts[i].type = optional_type(d, fields[i].type);
    }
}

// What a type without names is made of.
static WitType *shape_of(Decoder *d, CType type)
{
    const CTypeDef def = *ctype_def(d->types, type);
    WitType *t = NEW(d->arena, WitType);
    ctypes_step(d->types, 1 + def.count);
    *t = (WitType){.kind = def.form == CFORM_fixed_list ? WIT_fixed_list
                                                        : kind_of(cform_info[def.form].text)};
    switch (def.form) {
    case CFORM_result: case CFORM_map:
        t->second = optional_type(d, def.fields[1].type); // fallthrough
    case CFORM_list: case CFORM_option: case CFORM_own: case CFORM_borrow: case CFORM_stream:
    case CFORM_future: case CFORM_fixed_list:
        t->of = optional_type(d, def.fields[0].type);
        t->length = def.count;
        break;
    case CFORM_resource: break;
    default: take_parts(d, t, &def);
    }
    return t;
}

static WitType *value_type(Decoder *d, CType t)
{
    if (t < CPRIM_COUNT) return primitive(d, t);
    WitType *met = find_met(d, t);
    if (met) return met;
    CType of = without_names(d, t);
    if (of < CPRIM_COUNT) return primitive(d, of);
    if (ctype_is_nameable(d->types, of))
        wit_fail(d->wit, (WitSpot){0}, ERR_wit_binary, "%s that no interface exports is used",
                 ctype_text(d->types, of));
    WitType *made = shape_of(d, of);
    meet(d, of, made);
    return made;
}

// WIT has `use` for what an interface that has a name exports, and for nothing else.
static void check_use(Decoder *d, Place place, const WitType *of, Bytes name)
{
    bool same = of->interface == place.interface && of->world == place.world;
    bool named = of->interface && of->interface->name.len;
    if (!same && !named && of->kind >= WIT_own)
        fail(d, "WIT cannot say where it is from, the type", name);
}

static WitType *new_type(Decoder *d, Place place, Bytes name, CType t)
{
    WitType *of = find_met(d, t);
    CType shape = without_names(d, t);
    if (of && !of->name.len) of = NULL; // it was met, but without a name it is from nowhere
    if (!of && shape < CPRIM_COUNT) of = primitive(d, shape);
    WitType *made = of ? NEW(d->arena, WitType) : shape_of(d, shape);
    if (of) {
        check_use(d, place, of, name);
        *made = (WitType){.kind = WIT_alias, .of = of};
    }
    made->name = name;
    made->interface = place.interface;
    made->world = place.world;
    made->at.at = d->at++;
    if (!of && made->kind == WIT_resource) meet(d, shape, made);
    return made;
}

// ---- Functions

static WitType *resource_of(Decoder *d, Place place, Bytes label)
{
    const Map *names = place.interface ? &place.interface->names : &place.world->imports.by_name;
    const u32 *at = map_get(names, label.data, label.len);
    WitType *t = !at               ? NULL
                 : place.interface ? place.interface->types[*at]
                                   : place.world->imports.items[*at].type;
    if (!t || t->kind != WIT_resource) fail(d, "a function is of what is no resource here,", label);
    return t;
}

static Bytes external_id_of(const CExtern *e)
{
    return e->more ? e->more->external_id : (Bytes){0};
}

static WitFunc *func_of(Decoder *d, Place place, const CExtern *e)
{
    static const WitFuncKind kinds[] = {
        [CNAME_label] = FUNC_free, [CNAME_method] = FUNC_method, [CNAME_static] = FUNC_static,
        [CNAME_constructor] = FUNC_constructor};
    CName name = parse_name(d, e->name);
    const CFunc func = *ctype_def(d->types, e->entity.type)->func;
    WitNotes *notes = NEW(d->arena, WitNotes);
    WitFunc *f = NEW(d->arena, WitFunc);
    if (name.kind == CNAME_interface) fail(d, "a function is called as an interface,", e->name);
    notes->external_id = external_id_of(e);
    *f = (WitFunc){.name = e->name, .kind = kinds[name.kind], .is_async = func.async,
                   .notes = notes, .param_count = func.count, .at.at = d->at++};
    if (f->kind != FUNC_free) f->resource = resource_of(d, place, name.label);
    ctypes_step(d->types, 1 + func.count);
    f->params = NEW_ARRAY(d->arena, WitPart, (size_t)func.count + 1);
    for (u32 i = 0; i < func.count; i++)
        f->params[i] = (WitPart){.name = func.params[i].name,
                                 .type = value_type(d, func.params[i].type)};
    f->result = optional_type(d, func.result);
    return f;
}

// ---- Interfaces and worlds

static bool is_type(const Decoder *d, CEntity e)
{
    return e.kind == CENTITY_type && (ctype_is_value(d->types, e.type) ||
                                      ctype_form(d->types, e.type) == CFORM_resource);
}

// What is known by that name already, from where it was mentioned before, stands for it.
static void take_type(Decoder *d, WitInterface *i, const CExtern *e)
{
    const u32 *at = map_get(&i->names, e->name.data, e->name.len);
    WitType *t = at ? i->types[*at] : new_type(d, (Place){i, NULL}, e->name, e->entity.type);
    meet(d, e->entity.type, t);
    if (at) return;
    t->external_id = external_id_of(e);
    map_add(&i->names, e->name.data, e->name.len, i->type_count);
    ARENA_PUSH(d->arena, i->types, i->type_count, i->type_cap) = t;
}

// Whether it has the function already. Their names are among those of its types while it is read.
static bool has_func(WitInterface *i, Map *funcs, Bytes name)
{
    return !map_add(funcs, name.data, name.len, i->func_count);
}

static void take_interface(Decoder *d, WitInterface *i, CType instance)
{
    CExterns *e = ctype_def(d->types, instance)->externs;
    Map funcs;
    map_init(&funcs, d->arena);
    for (u32 k = 0; k < i->func_count; k++) has_func(i, &funcs, i->funcs[k]->name);
    ctypes_step(d->types, 1 + e->export_count + i->func_count);
    for (u32 k = 0; k < e->export_count; k++) {
        const CExtern *x = &e->exports[k];
        if (is_type(d, x->entity)) take_type(d, i, x);
        else if (x->entity.kind != CENTITY_func)
            fail(d, "an interface exports neither a type nor a function,", x->name);
        else if (!has_func(i, &funcs, x->name))
            ARENA_PUSH(d->arena, i->funcs, i->func_count, i->func_cap) =
                func_of(d, (Place){i, NULL}, x);
    }
}

static void take_item(Decoder *d, WitWorld *w, WitItems *items, const CExtern *e)
{
    CName name = parse_name(d, e->name);
    const u32 *there = map_get(&items->by_name, e->name.data, e->name.len);
    const WitItem *known = there ? &items->items[*there] : NULL; // of a world in front of this one
    WitItem item = {.name = name.kind == CNAME_interface ? (Bytes){0} : e->name,
                    .at.at = d->at};
    CEntityKind kind = e->entity.kind;
    if (kind == CENTITY_instance) {
        CName of = cextern_implements(e).len ? parse_name(d, cextern_implements(e)) : name;
        item.external_id = external_id_of(e);
        item.interface = of.kind == CNAME_interface  ? interface_of(d, &of)
                         : known && known->interface ? known->interface
                                                     : interface_new(d, (Bytes){0}, w->package);
        take_interface(d, item.interface, e->entity.type);
    } else if (kind == CENTITY_func) {
        item.func = func_of(d, (Place){NULL, w}, e);
    } else if (is_type(d, e->entity) && items == &w->imports) {
        item.type = known && known->type
                        ? known->type
                        : new_type(d, (Place){NULL, w}, e->name, e->entity.type);
        item.type->external_id = external_id_of(e);
        meet(d, e->entity.type, item.type);
    } else {
        wit_fail(d->wit, (WitSpot){0}, ERR_wit_binary, "a world has no %s as \"%.*s\"",
                 centity_text[kind], WIT_SAY(e->name));
    }
    wit_items_add(d->arena, items, &item);
}

static WitWorld *world_new(Decoder *d, WitPackage *p, Bytes name)
{
    WitWorld *w = NEW(d->arena, WitWorld);
    *w = (WitWorld){.name = name, .package = p, .notes = no_notes(d)};
    wit_items_init(&w->imports, d->arena);
    wit_items_init(&w->exports, d->arena);
    map_add(&p->world_names, name.data, name.len, p->world_count);
    ADD_MEMBER(d, p->worlds, p->world_count, w);
    return w;
}

static void take_world(Decoder *d, WitWorld *w, CType component)
{
    const CExterns e = *ctype_def(d->types, component)->externs;
    for (u32 i = 0; i < e.import_count; i++) take_item(d, w, &w->imports, &e.imports[i]);
    for (u32 i = 0; i < e.export_count; i++) take_item(d, w, &w->exports, &e.exports[i]);
}

// ---- Packages

// A component type that exports one thing; NULL: it is something else.
static const CExterns *member_of(const Decoder *d, const CExtern *e)
{
    bool type = e->entity.kind == CENTITY_type;
    if (!type || ctype_form(d->types, e->entity.type) != CFORM_component) return NULL;
    const CExterns *in = ctype_def(d->types, e->entity.type)->externs;
    CEntityKind kind = in->export_count ? in->exports[0].entity.kind : CENTITY_type;
    return in->export_count == 1 && (kind == CENTITY_component || kind == CENTITY_instance) ? in
                                                                                          : NULL;
}

static bool is_package(const Decoder *d, const CExterns *e)
{
    if (e->import_count || !e->export_count) return false;
    for (u32 i = 0; i < e->export_count; i++)
        if (!member_of(d, &e->exports[i])) return false;
    return true;
}

static void take_member(Decoder *d, const CExterns *e)
{
    const CExtern *member = &e->exports[0];
    CName name = parse_name(d, member->name);
    if (name.kind != CNAME_interface) fail(d, "no name of a package's is", member->name);
    WitPackage *p = package_of(d, &name);
    if (d->wit->main && d->wit->main != p)
        fail(d, "it is of another package than the one in front,", member->name);
    d->wit->main = p;
    if (member->entity.kind == CENTITY_component) {
        if (map_get(&p->world_names, name.label.data, name.label.len))
            fail(d, "it is there twice, the world", name.label);
        take_world(d, world_new(d, p, name.label), member->entity.type);
        return;
    }
    for (u32 i = 0; i < e->import_count; i++) {
        const CExtern *x = &e->imports[i];
        CName from = parse_name(d, x->name);
        if (x->entity.kind != CENTITY_instance || from.kind != CNAME_interface)
            fail(d, "no interface of another package's is", x->name);
        take_interface(d, interface_of(d, &from), x->entity.type);
    }
    take_interface(d, interface_of(d, &name), member->entity.type);
}

static void take_component(Decoder *d)
{
    const CExterns *e = ctype_def(d->types, d->c->type)->externs;
    if (is_package(d, e)) {
        for (u32 i = 0; i < e->export_count; i++) take_member(d, member_of(d, &e->exports[i]));
        return;
    }
    d->wit->main = package_new(d, bytes_of("root"), bytes_of("component"), (Bytes){0});
    take_world(d, world_new(d, d->wit->main, bytes_of("root")), d->c->type);
}

// ---- All of it

static void begin_component(Decoder *d, Component *c)
{
    d->c = c;
    d->types = &c->types;
    cidmap_init(&d->met, d->arena);
}

// What is in a module, of all its worlds.
static void take_worlds(Decoder *d, Component *const *list, u32 count)
{
    d->wit->main = package_new(d, bytes_of("root"), bytes_of("root"), (Bytes){0});
    WitWorld *w = world_new(d, d->wit->main, bytes_of("root"));
    for (u32 i = 0; i < count; i++) {
        begin_component(d, list[i]);
        const CExterns *e = ctype_def(d->types, list[i]->type)->externs;
        const CExterns *in = e->export_count == 1 ? member_of(d, &e->exports[0]) : NULL;
        if (!in || in->exports[0].entity.kind != CENTITY_component)
            wit_fail(d->wit, (WitSpot){0}, ERR_wit_binary, "a section is not that of one world");
        take_world(d, w, in->exports[0].entity.type);
    }
}

static Bytes decode_text(Decoder *d, Component *const *list, u32 count, bool worlds, bool others)
{
    Buf text;
    map_init(&d->wit->package_names, d->arena);
    wit_make_primitives(d->wit);
    if (worlds) {
        take_worlds(d, list, count);
    } else {
        begin_component(d, list[0]);
        take_component(d);
        Bytes docs = component_custom(d->c, WIT_DOCS_SECTION);
        if (docs.data) wit_take_docs(d->wit, d->wit->main, docs);
    }
    d->wit->sorted = d->wit->packages;
    if (!others) d->wit->package_count = 0;
    buf_init(&text, d->arena);
    wit_print(d->wit, &text);
    return copy_bytes(d, buf_view(&text));
}

static void arm(Component *const *list, u32 count, jmp_buf *failed)
{
    for (u32 i = 0; i < count; i++)
        list[i]->arena.on_failure = list[i]->scratch.on_failure = failed;
}

static bool add(Wit *wit, WitFile like, Component *const *list, u32 count, bool worlds, bool others)
{
    jmp_buf failed, *outer = wit->arena->on_failure;
    Wit *volatile found = NULL;
    wit->arena->on_failure = &failed;
    arm(list, count, &failed);
    if (setjmp(failed)) {
        arm(list, count, NULL);
        for (u32 i = 0; i < count; i++)
            if (list[i]->types.met) diag_fail(&wit->diag, list[i]->types.met, 0, "%s", "");
        if (found && wit->diag.err == ERR_none) wit->diag = found->diag;
        return wit_leave(wit, outer);
    }
    found = NEW(wit->arena, Wit);
    wit_init(found, wit->arena);
    Decoder d = {.wit = found, .arena = wit->arena};
    Bytes text = decode_text(&d, list, count, worlds, others);
    arm(list, count, NULL);
    wit->arena->on_failure = outer;
    if (!wit_add(wit, like.group, like.path, text)) return false;
    wit->files[wit->file_count - 1]->binary = true;
    return true;
}

bool wit_add_component(Wit *wit, u32 group, Bytes path, Component *c, bool others)
{
    return add(wit, (WitFile){.group = group, .path = path}, &c, 1, false, others);
}

bool wit_add_worlds(Wit *wit, Bytes path, Component *const *list, u32 count)
{
    return add(wit, (WitFile){.path = path}, list, count, true, true);
}
