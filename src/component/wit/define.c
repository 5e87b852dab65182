// define.c -- what the interfaces and worlds of a package define. See resolver.h.
//
// Gates are looked at, but what stands behind a closed one is defined like all else: names are
// checked in any case, and settle.c takes it away. Types without a name are made once for a
// package, and are known by what they are made of.
// spec: WIT

#include "component/wit/resolver.h"

enum { NO_TYPE = UINT32_MAX }; // in `names`: a function has this one

// An interface or a world that is being defined.
typedef struct {
    Wit *wit;
    WitPackage *p;
    WitDraft *d;
    WitScope *scope;
    WitInterface *interface;
    WitWorld *world;
    Map names; // in `types`
    WitType **types;
    u32 count, cap;
} Place;

static WitSpot spot(const Place *p, u32 at) { return (WitSpot){p->scope->file, at}; }

static bool is_open(const Place *p, const WitNode *n)
{
    return wit_gate_open(p->wit, p->p, &n->notes->gate, spot(p, n->at));
}

static void define_name(Place *p, Bytes name, u32 at, WitType *type)
{
    u32 number = type ? p->count : NO_TYPE;
    if (!map_add(&p->names, name.data, name.len, number))
        wit_fail(p->wit, spot(p, at), ERR_wit_duplicate_name, "there is another \"%.*s\" here",
                 WIT_SAY(name));
    if (type) ARENA_PUSH(p->wit->arena, p->types, p->count, p->cap) = type;
}

static WitType *type_new(Place *p, const WitType *like)
{
    WitType *t = NEW(p->wit->arena, WitType);
    *t = *like;
    t->index = WIT_LEFT_OUT;
    ARENA_PUSH(p->wit->arena, p->d->types, p->d->type_count, p->d->type_cap) = t;
    return t;
}

// ---- Types as they are used

static WitType *find_type(Place *p, Bytes name, u32 at)
{
    const u32 *found = map_get(&p->names, name.data, name.len);
    if (found && *found != NO_TYPE) return p->types[*found];
    if (found)
        wit_fail(p->wit, spot(p, at), ERR_wit_wrong_kind, "\"%.*s\" is a function, and no type",
                 WIT_SAY(name));
    WitNames there = {0};
    for (u32 i = 0; i < p->count; i++)
        ARENA_PUSH(p->wit->arena, there.names, there.count, there.cap) = p->types[i]->name;
    wit_fail_unknown(p->wit, spot(p, at), "type", name, &there);
}

static WitType *find_resource(Place *p, const WitNode *n)
{
    WitType *t = find_type(p, n->name, n->at);
    if (!t->resource)
        wit_fail(p->wit, spot(p, n->at), ERR_wit_wrong_kind, "\"%.*s\" is no resource",
                 WIT_SAY(n->name));
    return t;
}

static const WitGate *gate_of(const WitType *t)
{
    return t && t->gate && t->gate->kind != GATE_none ? t->gate : NULL;
}

// What has no gate of its own has that of the first thing in it that has one.
static const WitGate *inherited_gate(const WitType *t, const WitGate *gate)
{
    if (gate && gate->kind != GATE_none) return gate;
    if (gate_of(t->of)) return gate_of(t->of);
    if (gate_of(t->second)) return gate_of(t->second);
    for (u32 i = 0; i < t->part_count; i++)
        if (gate_of(t->parts[i].type)) return gate_of(t->parts[i].type);
    return NULL;
}

// The one that is made of the same.
static WitType *unnamed_type(Place *p, WitType *like, const WitGate *gate)
{
    Arena *arena = p->wit->arena;
    like->gate = inherited_gate(like, gate);
    like->on = !like->gate || wit_gate_open(p->wit, p->p, like->gate, like->at);
    u32 count = 4 + like->part_count;
    u64 *key = NEW_ARRAY(arena, u64, count);
    key[0] = like->kind | (u64)like->on << 8;
    key[1] = (u64)(uintptr_t)like->of;
    key[2] = (u64)(uintptr_t)like->second;
    key[3] = like->length;
    for (u32 i = 0; i < like->part_count; i++) key[4 + i] = (u64)(uintptr_t)like->parts[i].type;
    const u32 *found = map_get(&p->d->unnamed, key, count * sizeof *key);
    if (found) return p->d->types[*found];
    map_add(&p->d->unnamed, key, count * sizeof *key, p->d->type_count);
    return type_new(p, like);
}

static WitType *use_type(Place *p, const WitNode *n, const WitGate *gate);

static bool is_key(const WitType *t)
{
    return t->kind < WIT_own && t->kind != WIT_f32 && t->kind != WIT_f64 &&
           t->kind != WIT_error_context;
}

// What a type is made of, which is no name and not primitive.
static void make_shape(Place *p, const WitNode *n, const WitGate *gate, WitType *t)
{
    t->kind = n->form;
    t->length = n->length;
    t->at = spot(p, n->at);
    if (n->form == WIT_own || n->form == WIT_borrow) t->of = find_resource(p, n);
    else if (n->type) t->of = use_type(p, n->type, gate);
    if (n->second) t->second = use_type(p, n->second, gate);
    if (n->form == WIT_map && !is_key(t->of))
        wit_fail(p->wit, spot(p, n->type->at), ERR_wit_malformed_type,
                 "the keys of a map are bool, char, string or integers");
    u32 cap = 0;
    for (const WitNode *item = n->items; item; item = item->next) {
        WitType *type = use_type(p, item, gate); // which may move nothing of t's
        ARENA_PUSH(p->wit->arena, t->parts, t->part_count, cap) = (WitPart){.type = type};
    }
}

// A resource stands for a handle that owns it; settle.c puts that in its place.
static WitType *use_type(Place *p, const WitNode *n, const WitGate *gate)
{
    WitType like = {0};
    if (n->form < WIT_own) return p->wit->primitives[n->form];
    if (n->form == WIT_alias) return find_type(p, n->name, n->at);
    if (n->form == WIT_own) return find_resource(p, n);
    make_shape(p, n, gate, &like);
    return unnamed_type(p, &like, gate);
}

// ---- Functions

static Bytes lower(Arena *arena, Bytes name)
{
    u8 *copy = arena_copy(arena, name.data, name.len);
    for (size_t i = 0; i < name.len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z') copy[i] |= 32;
    return (Bytes){copy, name.len};
}

// No two differ only in capitals.
static void check_part(Place *p, Map *seen, const WitNode *n)
{
    Bytes name = lower(p->wit->arena, n->name);
    if (!map_add(seen, name.data, name.len, 0))
        wit_fail(p->wit, spot(p, n->at), ERR_wit_duplicate_name, "there is another \"%.*s\" here",
                 WIT_SAY(n->name));
}

static void define_params(Place *p, const WitNode *n, WitFunc *f)
{
    Map seen;
    u32 cap = 0;
    map_init(&seen, p->wit->arena);
    if (f->kind == FUNC_method) {
        WitType like = {.kind = WIT_borrow, .of = f->resource, .at = f->at};
        WitType *self = unnamed_type(p, &like, NULL);
        map_add(&seen, "self", 4, 0);
        ARENA_PUSH(p->wit->arena, f->params, f->param_count, cap) =
            (WitPart){.name = bytes_of("self"), .type = self};
    }
    for (const WitNode *item = n->items; item; item = item->next) {
        check_part(p, &seen, item);
        WitType *type = use_type(p, item->type, NULL);
        ARENA_PUSH(p->wit->arena, f->params, f->param_count, cap) =
            (WitPart){.name = item->name, .type = type};
    }
}

static void check_constructor(Place *p, const WitNode *n, const WitFunc *f)
{
    if (f->result->kind != WIT_result || f->result->name.len)
        wit_fail(p->wit, spot(p, n->type->at), ERR_wit_malformed_type,
                 "a constructor returns nothing that is written, or a result");
    if (f->result->of != f->resource)
        wit_fail(p->wit, spot(p, n->type->type ? n->type->type->at : n->type->at),
                 ERR_wit_malformed_type, "a constructor's result is of \"%.*s\"",
                 WIT_SAY(f->resource->name));
}

static WitFunc *define_func(Place *p, const WitNode *n, WitType *resource)
{
    static const char *const marks[] = {"", "[method]", "[static]", "[constructor]"};
    WitFunc *f = NEW(p->wit->arena, WitFunc);
    *f = (WitFunc){.kind = n->func, .is_async = n->is_async, .resource = resource,
                   .notes = n->notes, .at = spot(p, n->at), .name = n->name};
    if (resource) {
        Buf name;
        buf_init(&name, p->wit->arena);
        buf_bytes(&name, marks[f->kind], strlen(marks[f->kind]));
        buf_bytes(&name, resource->name.data, resource->name.len);
        if (f->kind != FUNC_constructor) {
            buf_byte(&name, '.');
            buf_bytes(&name, n->name.data, n->name.len);
        }
        f->name = buf_view(&name);
    }
    define_params(p, n, f);
    if (n->type) f->result = use_type(p, n->type, NULL);
    else if (f->kind == FUNC_constructor) f->result = resource;
    if (n->type && f->kind == FUNC_constructor) check_constructor(p, n, f);
    return f;
}

// ---- Types as they are defined

static void check_methods(Place *p, const WitNode *n)
{
    Map seen;
    bool constructor = false;
    map_init(&seen, p->wit->arena);
    for (const WitNode *f = n->items; f; f = f->next) {
        if (f->func != FUNC_constructor) {
            check_part(p, &seen, f);
        } else if (constructor) {
            wit_fail(p->wit, spot(p, f->at), ERR_wit_duplicate_name,
                     "\"%.*s\" has another constructor", WIT_SAY(n->name));
        } else {
            constructor = true;
        }
    }
}

static void define_parts(Place *p, const WitNode *n, WitType *t)
{
    Map seen;
    u32 cap = 0;
    map_init(&seen, p->wit->arena);
    for (const WitNode *item = n->items; item; item = item->next) {
        check_part(p, &seen, item);
        WitType *type = item->type ? use_type(p, item->type, t->gate) : NULL;
        ARENA_PUSH(p->wit->arena, t->parts, t->part_count, cap) =
            (WitPart){.name = item->name, .type = type, .docs = item->notes->docs};
    }
    if (!t->part_count && (n->form == WIT_variant || n->form == WIT_enum))
        wit_fail(p->wit, spot(p, n->at), ERR_wit_malformed_type, "%s \"%.*s\" has no case",
                 wit_kind_text[n->form], WIT_SAY(n->name));
}

static void define_type(Place *p, const WitNode *n)
{
    WitType like = {.kind = n->form, .gate = &n->notes->gate};
    if (n->form == WIT_resource) {
        check_methods(p, n);
    } else if (n->form != WIT_alias) {
        define_parts(p, n, &like);
    } else if (n->type->form < WIT_own) {
        like.of = p->wit->primitives[n->type->form];
    } else if (n->type->form == WIT_alias) {
        like.of = find_type(p, n->type->name, n->type->at);
        like.resource = like.of->resource;
    } else {
        make_shape(p, n->type, &n->notes->gate, &like);
    }
    like.name = n->name;
    like.interface = p->interface;
    like.world = p->world;
    like.docs = n->notes->docs;
    like.external_id = n->notes->external_id;
    like.at = spot(p, n->at);
    like.on = is_open(p, n);
    WitType *t = type_new(p, &like);
    if (n->form == WIT_resource) t->resource = t;
    define_name(p, n->name, n->at, t);
}

// ---- What is used from another interface

static void use_name(Place *p, const WitNode *use, const WitNode *n, const WitInterface *from,
                     bool open)
{
    const u32 *found = from ? map_get(&from->names, n->name.data, n->name.len) : NULL;
    if (found && *found == NO_TYPE)
        wit_fail(p->wit, spot(p, n->at), ERR_wit_wrong_kind, "\"%.*s\" is a function, and no type",
                 WIT_SAY(n->name));
    if (!found && open) {
        WitNames there = {0};
        for (u32 i = 0; i < from->type_count; i++)
            ARENA_PUSH(p->wit->arena, there.names, there.count, there.cap) = from->types[i]->name;
        wit_fail_unknown(p->wit, spot(p, n->at), "type", n->name, &there);
    }
    WitType like = {.kind = found ? WIT_alias : WIT_absent,
                    .of = found ? from->types[*found] : NULL,
                    .name = n->other, .interface = p->interface, .world = p->world,
                    .gate = &use->notes->gate, .external_id = use->notes->external_id,
                    .at = spot(p, n->at), .on = open};
    WitType *t = type_new(p, &like);
    t->resource = found ? t->of->resource : t; // of what is absent nobody knows that it is none
    define_name(p, n->other, n->other_at, t);
}

static WitInterface *find_interface(Place *p, const WitPath *path, bool open)
{
    WitTarget target = wit_find(p->wit, p->p, p->scope, path, open);
    if (target.world)
        wit_fail(p->wit, spot(p, path->name_at), ERR_wit_wrong_kind,
                 "\"%.*s\" is a world, and no interface", WIT_SAY(path->name));
    return target.interface;
}

static void define_use(Place *p, const WitNode *use)
{
    bool open = is_open(p, use);
    WitInterface *from = find_interface(p, use->path, open);
    for (const WitNode *n = use->items; n; n = n->next) use_name(p, use, n, from, open);
}

// ---- All types of a place, each behind those that it needs

typedef struct {
    const WitNode **nodes; // NULL: what is used from elsewhere, which needs nothing
    u32 count, cap;
    Map index;
    WitNames names;
    WitEdges edges;
} Definitions;

static void add_definition(Place *p, Definitions *defs, const WitNode *n, Bytes name, u32 at)
{
    if (!map_add(&defs->index, name.data, name.len, defs->count))
        wit_fail(p->wit, spot(p, at), ERR_wit_duplicate_name, "there is another \"%.*s\" here",
                 WIT_SAY(name));
    ARENA_PUSH(p->wit->arena, defs->nodes, defs->count, defs->cap) = n;
    ARENA_PUSH(p->wit->arena, defs->names.names, defs->names.count, defs->names.cap) = name;
}

static void need_name(Place *p, Definitions *defs, u32 from, const WitNode *n)
{
    const u32 *found = map_get(&defs->index, n->name.data, n->name.len);
    if (!found && (bytes_are(n->name, "float32") || bytes_are(n->name, "float64")))
        wit_fail(p->wit, spot(p, n->at), ERR_wit_unknown_name,
                 "there is no type \"%.*s\"; it is called f%.2s now", WIT_SAY(n->name),
                 (const char *)n->name.data + 5);
    if (!found) wit_fail_unknown(p->wit, spot(p, n->at), "type", n->name, &defs->names);
    ARENA_PUSH(p->wit->arena, defs->edges.edges, defs->edges.count, defs->edges.cap) =
        (WitEdge){from, *found, n->at};
}

static void need_type(Place *p, Definitions *defs, u32 from, const WitNode *n)
{
    if (n->form == WIT_alias || n->form == WIT_own || n->form == WIT_borrow)
        need_name(p, defs, from, n);
    if (n->type) need_type(p, defs, from, n->type);
    if (n->second) need_type(p, defs, from, n->second);
    for (const WitNode *item = n->items; item; item = item->next) need_type(p, defs, from, item);
}

static void need_definition(Place *p, Definitions *defs, u32 from, const WitNode *n)
{
    if (n->type) need_type(p, defs, from, n->type);
    for (const WitNode *item = n->form == WIT_resource ? NULL : n->items; item; item = item->next)
        if (item->type) need_type(p, defs, from, item->type);
}

static void define_types(Place *p, const WitNode *items)
{
    Definitions defs = {0};
    const WitEdge *stuck;
    map_init(&defs.index, p->wit->arena);
    for (const WitNode *n = items; n; n = n->next)
        if (n->kind == NODE_use) define_use(p, n);
    for (const WitNode *n = items; n; n = n->next) {
        if (n->kind == NODE_type) add_definition(p, &defs, n, n->name, n->at);
        for (const WitNode *name = n->kind == NODE_use ? n->items : NULL; name; name = name->next)
            add_definition(p, &defs, NULL, name->other, name->other_at);
    }
    for (u32 i = 0; i < defs.count; i++)
        if (defs.nodes[i]) need_definition(p, &defs, i, defs.nodes[i]);
    u32 *order = wit_order(p->wit->arena, &defs.edges, defs.count, &stuck);
    if (!order)
        wit_fail(p->wit, spot(p, stuck->at), ERR_wit_cycle, "type \"%.*s\" needs itself",
                 WIT_SAY(defs.names.names[stuck->to]));
    for (u32 i = 0; i < defs.count; i++)
        if (defs.nodes[order[i]]) define_type(p, defs.nodes[order[i]]);
}

// ---- Interfaces

static Place place_new(Wit *wit, WitPackage *package, WitScope *scope)
{
    Place p = {.wit = wit, .p = package, .d = package->draft, .scope = scope};
    map_init(&p.names, wit->arena);
    return p;
}

static void add_func(Place *p, WitFunc *f)
{
    WitInterface *i = p->interface;
    ARENA_PUSH(p->wit->arena, i->funcs, i->func_count, i->func_cap) = f;
}

static void define_interface(Wit *wit, WitPackage *package, WitScope *scope, WitInterface *i,
                             const WitNode *n)
{
    Place p = place_new(wit, package, scope);
    p.interface = i;
    i->notes = n->notes;
    define_types(&p, n->items);
    for (const WitNode *item = n->items; item; item = item->next) {
        if (item->kind == NODE_func) {
            define_name(&p, item->name, item->at, NULL);
            add_func(&p, define_func(&p, item, NULL));
        } else if (item->kind == NODE_type && item->form == WIT_resource) {
            WitType *resource = find_type(&p, item->name, item->at);
            for (const WitNode *f = item->items; f; f = f->next)
                add_func(&p, define_func(&p, f, resource));
        }
    }
    i->types = p.types;
    i->type_count = p.count;
    i->type_cap = p.cap;
    i->names = p.names;
}

static WitInterface *interface_new(Wit *wit, WitPackage *p, Bytes name, WitSpot at)
{
    WitInterface *i = NEW(wit->arena, WitInterface);
    *i = (WitInterface){.index = WIT_LEFT_OUT, .name = name, .package = p, .at = at};
    map_init(&i->names, wit->arena);
    WitDraft *d = p->draft;
    ARENA_PUSH(wit->arena, d->interfaces, d->interface_count, d->interface_cap) = i;
    return i;
}

// ---- Worlds

static void add_item(Place *p, const WitNode *n, WitItem item, bool exports)
{
    WitItems *items = exports ? &p->world->exports : &p->world->imports;
    if (!wit_items_add(p->wit->arena, items, &item)) return;
    Bytes name = item.name.len ? item.name : item.interface->name;
    wit_fail(p->wit, spot(p, n->at), ERR_wit_duplicate_name, "there is another %s \"%.*s\" here",
             exports ? "export" : "import", WIT_SAY(name));
}

static void define_extern(Place *p, const WitNode *n)
{
    WitItem item = {.name = n->name, .gate = &n->notes->gate, .at = spot(p, n->at),
                    .external_id = n->notes->external_id};
    switch (n->form) {
    case AS_func:
        item.func = define_func(p, n, NULL);
        break;
    case AS_inline:
        item.interface = interface_new(p->wit, p->p, (Bytes){0}, item.at);
        define_interface(p->wit, p->p, p->scope, item.interface, n);
        break;
    default:
        item.docs = n->notes->docs;
        item.interface = find_interface(p, n->path, is_open(p, n));
        if (!item.interface) return; // behind a closed gate
    }
    add_item(p, n, item, n->kind == NODE_export);
}

static void define_methods(Place *p, const WitNode *n)
{
    WitType *resource = find_type(p, n->name, n->at);
    for (const WitNode *f = n->items; f; f = f->next) {
        WitFunc *func = define_func(p, f, resource);
        add_item(p, f, (WitItem){.name = func->name, .func = func, .gate = &f->notes->gate,
                                 .at = func->at}, false);
    }
}

static void define_include(Place *p, WitNode *n)
{
    WitDraft *d = p->d;
    bool open = is_open(p, n);
    WitTarget target = wit_find(p->wit, p->p, p->scope, n->path, open);
    if (target.interface)
        wit_fail(p->wit, spot(p, n->path->name_at), ERR_wit_wrong_kind,
                 "\"%.*s\" is an interface, and no world", WIT_SAY(n->path->name));
    ARENA_PUSH(p->wit->arena, d->inclusions, d->inclusion_count, d->inclusion_cap) =
        (WitInclusion){.to = p->world, .from = target.world, .node = n, .at = spot(p, n->at),
                       .open = open};
}

static void define_world(Wit *wit, WitPackage *package, WitEntry *e)
{
    Place p = place_new(wit, package, e->scope);
    WitWorld *w = p.world = e->world;
    w->notes = e->node->notes;
    define_types(&p, e->node->items);
    for (u32 i = 0; i < p.count; i++)
        add_item(&p, e->node, (WitItem){.name = p.types[i]->name, .type = p.types[i],
                                        .gate = p.types[i]->gate, .at = p.types[i]->at}, false);
    for (WitNode *n = e->node->items; n; n = n->next) {
        if (n->kind == NODE_import || n->kind == NODE_export) define_extern(&p, n);
        else if (n->kind == NODE_type && n->form == WIT_resource) define_methods(&p, n);
        else if (n->kind == NODE_include) define_include(&p, n);
    }
}

static WitWorld *world_new(Wit *wit, WitPackage *p, Bytes name, WitSpot at)
{
    WitWorld *w = NEW(wit->arena, WitWorld);
    *w = (WitWorld){.index = WIT_LEFT_OUT, .name = name, .package = p, .at = at};
    wit_items_init(&w->imports, wit->arena);
    wit_items_init(&w->exports, wit->arena);
    ARENA_PUSH(wit->arena, p->draft->worlds, p->draft->world_count, p->draft->world_cap) = w;
    return w;
}

// ---- A package

// An interface needs those that it uses, a world those that it includes.
static void order_entries(Wit *wit, WitPackage *p, u32 **order)
{
    WitDraft *d = p->draft;
    WitEdges edges = {0};
    const WitEdge *stuck;
    for (u32 i = 0; i < d->entry_count; i++) {
        const WitEntry *e = &d->entries[i];
        WitNodeKind kind = e->node->kind == NODE_world ? NODE_include : NODE_use;
        for (const WitNode *n = e->node->items; n; n = n->next) {
            const WitEntry *to = n->kind == kind ? wit_find_entry(wit, p, e->scope, n->path) : NULL;
            if (to)
                ARENA_PUSH(wit->arena, edges.edges, edges.count, edges.cap) =
                    (WitEdge){i, (u32)(to - d->entries), n->path->name_at};
        }
    }
    *order = wit_order(wit->arena, &edges, d->entry_count, &stuck);
    if (!*order)
        wit_fail(wit, (WitSpot){d->entries[stuck->from].scope->file, stuck->at}, ERR_wit_cycle,
                 "\"%.*s\" needs itself", WIT_SAY(d->entries[stuck->to].node->name));
}

// Whether anybody means it or not.
// spec: WIT/Item: toplevel-use
static void check_top_use(Wit *wit, WitPackage *p, const WitScope *s, const WitNode *n)
{
    if (wit_find(wit, p, s, n->path, true).world)
        wit_fail(wit, (WitSpot){s->file, n->path->name_at}, ERR_wit_wrong_kind,
                 "\"%.*s\" is a world, and no interface", WIT_SAY(n->path->name));
}

void wit_define(Wit *wit, WitPackage *p)
{
    WitDraft *d = p->draft;
    u32 *order;
    order_entries(wit, p, &order);
    for (u32 i = 0; i < d->entry_count; i++) {
        WitEntry *e = &d->entries[order[i]];
        WitSpot at = {e->scope->file, e->node->at};
        if (e->node->kind == NODE_world) e->world = world_new(wit, p, e->node->name, at);
        else e->interface = interface_new(wit, p, e->node->name, at);
    }
    for (u32 i = 0; i < d->scope_count; i++)
        for (const WitNode *n = d->scopes[i].items; n; n = n->next)
            if (n->kind == NODE_use) check_top_use(wit, p, &d->scopes[i], n);
    for (u32 i = 0; i < d->entry_count; i++) {
        WitEntry *e = &d->entries[order[i]];
        if (e->interface) define_interface(wit, p, e->scope, e->interface, e->node);
    }
    for (u32 i = 0; i < d->entry_count; i++) {
        WitEntry *e = &d->entries[order[i]];
        if (e->world) define_world(wit, p, e);
    }
}
