// export.c -- what a component exports. See maker.h.
//
// A function is lifted and exported. Those of an interface have types that have to be exported with
// them, under its name: so a component inside imports them as they are, exports the interface's
// types, and the functions as of those; its instance is what is exported.
//
//     (component (import "import-type-r" (type (sub resource)))
//                (import "import-func-f" (func .. of that r))
//                (export "r" (type 0)) (export "f" (func 0) (func .. of what is exported)))

#include "component/tool/maker.h"

#include "component/wit/resolver.h"

static CWriter *writer(Maker *m) { return &m->root.outer.w; }

static void swap_scopes(Maker *m, ItemInfo *item)
{
    WitScopeWriter *root = &m->root.outer, *own = &item->scope;
    CIdMap types = root->types;
    Map defs = root->defs;
    root->types = own->types;
    root->defs = own->defs;
    own->types = types;
    own->defs = defs;
}

// What an interface that is exported has of types is apart from what is imported by its name, and
// has no name at the root.
void maker_begin_export(Maker *m, ItemInfo *item)
{
    if (!item->begun) {
        cidmap_init(&item->scope.types, m->arena);
        map_init(&item->scope.defs, m->arena);
        item->begun = true;
    }
    swap_scopes(m, item);
    m->root.interface = item->item->interface;
    m->root.naming = NAMES_none;
}

void maker_end_export(Maker *m, ItemInfo *item)
{
    swap_scopes(m, item);
    m->root.interface = NULL;
    m->root.naming = NAMES_imported;
}

// ---- Functions

static u32 alias_func(Maker *m, const Lift *l, Bytes name)
{
    return name.len ? maker_core_alias(m, CORE_SORT_func, l->part->instance, name) : NO_INDEX;
}

static u32 put_lift(Maker *m, const Lift *l, u32 type)
{
    u32 core = alias_func(m, l, l->core);
    u32 realloc = l->needs & CANON_REALLOC ? maker_realloc(m, l->part, false) : NO_INDEX;
    MakerOpts opts = {.memory = l->needs & CANON_MEMORY, .realloc = l->needs & CANON_REALLOC,
                      .async = l->async, .strings = l->part->strings,
                      .post = alias_func(m, l, l->post), .callback = alias_func(m, l, l->callback)};
    Buf *b = cwriter_item(writer(m), CSECTION_canon);
    buf_bytes(b, (u8[]){canon_info[CANON_lift].code, 0x00}, 2);
    buf_leb_u(b, core);
    maker_put_opts(m, b, opts, realloc);
    buf_leb_u(b, type);
    return cwriter_count(writer(m), CENTITY_func);
}

// ---- The component inside

typedef struct { const WitType *type; u32 index; } Known;

typedef struct {
    Maker *m;
    ItemInfo *item;
    const WitInterface *interface;
    WitEncoder in;
    Known *known; // types of other interfaces, and resources
    u32 known_count, known_cap;
} Nested;

static Bytes import_name(Maker *m, const WitFunc *f)
{
    Buf b;
    buf_init(&b, m->arena);
    buf_bytes(&b, f->kind == FUNC_free ? "import-func-" : "import-",
              f->kind == FUNC_free ? 12 : 7);
    for (size_t i = 0; i < f->name.len; i++) {
        u8 c = f->name.data[i];
        if (c != '[') buf_byte(&b, c == ']' || c == '.' ? '-' : c);
    }
    return buf_view(&b);
}

static void know(Nested *n, const WitType *t, u32 index)
{
    ARENA_PUSH(n->m->arena, n->known, n->known_count, n->known_cap) = (Known){t, index};
}

static void import_foreign(Nested *n)
{
    Maker *m = n->m;
    enum { AT_ONCE = 64 };
    u8 *need = NEW_ARRAY(m->arena, u8, (size_t)m->wit.type_count + 1);
    wit_spend(&m->wit, 1 + m->wit.type_count / AT_ONCE);
    maker_mark_interface(m, need, n->interface, true);
    maker_spread(m, need);
    for (u32 i = 0; i < m->wit.type_count; i++) {
        const WitType *t = m->wit.types[i];
        if (!need[i] || !t->interface || t->interface == n->interface) continue;
        wit_encode_type(&m->root, t);
        n->in.interface = t->interface;
        know(n, t, wit_encode_type(&n->in, t).index);
    }
    n->in.interface = n->interface;
}

// Its own types that its functions need, in their order.
static void encode_in_order(Maker *m, WitEncoder *e, const WitInterface *i)
{
    u8 *need = NEW_ARRAY(m->arena, u8, (size_t)m->wit.type_count + 1);
    maker_mark_interface(m, need, i, false);
    maker_spread(m, need);
    for (u32 k = 0; k < i->type_count; k++)
        if (need[i->types[k]->index]) wit_encode_type(e, i->types[k]);
}

void maker_order_export(Maker *m, ItemInfo *item)
{
    if (item->ordered) return;
    item->ordered = true;
    encode_in_order(m, &m->root, item->item->interface);
}

static void import_own(Nested *n)
{
    const WitInterface *i = n->interface;
    for (u32 k = 0; k < i->type_count; k++)
        if (i->types[k]->kind == WIT_resource)
            know(n, i->types[k], wit_encode_type(&n->in, i->types[k]).index);
    encode_in_order(n->m, &n->in, i);
    for (u32 k = 0; k < i->func_count; k++) {
        u32 type = wit_encode_func(&n->in, i->funcs[k]);
        CExternName name = {.name = import_name(n->m, i->funcs[k])};
        cwriter_import(&n->in.outer.w, name, CENTITY_func, type);
    }
}

static u32 export_resource(Nested *n, const Known *k)
{
    CExternName name = {.name = k->type->name, .external_id = k->type->external_id};
    return cwriter_export(&n->in.outer.w, name, CENTITY_type, k->index, NULL);
}

static void export_all(Nested *n)
{
    const WitInterface *i = n->interface;
    WitEncoder *in = &n->in;
    in->naming = NAMES_exported;
    cidmap_init(&in->outer.types, n->m->arena);
    map_init(&in->outer.defs, n->m->arena);
    for (u32 k = 0; k < n->known_count; k++)
        if (n->known[k].type->interface != i)
            cidmap_set(&in->outer.types, n->known[k].type->index, n->known[k].index);
    for (u32 k = 0, r = 0; k < i->type_count; k++) {
        const WitType *t = i->types[k];
        while (t->kind == WIT_resource && n->known[r].type != t) r++;
        if (t->kind != WIT_resource) wit_encode_type(in, t);
        else cidmap_set(&in->outer.types, t->index, export_resource(n, &n->known[r]));
    }
    for (u32 k = 0; k < i->func_count; k++) {
        const WitFunc *f = i->funcs[k];
        u32 type = wit_encode_func(in, f);
        CExternName name = {.name = f->name, .external_id = f->notes->external_id};
        cwriter_export(&in->outer.w, name, CENTITY_func, k, &type);
    }
}

static void put_arg(Buf *b, Bytes name, CEntityKind kind, u32 index)
{
    buf_name(b, name.data, name.len);
    cwrite_sort(b, kind);
    buf_leb_u(b, index);
}

// What is asked for by that name. Primitives have no definition at the root, but for this.
static u32 root_index(Maker *m, const WitType *t)
{
    CValType type = wit_encode_type(&m->root, t);
    if (!type.prim) return type.index;
    u8 code = cprim_info[type.index].code;
    return cwriter_type(writer(m), (Bytes){&code, 1});
}

static u32 put_instance(Nested *n, u32 component, const u32 *funcs, u32 asked)
{
    Maker *m = n->m;
    const WitInterface *i = n->interface;
    u32 *types = NEW_ARRAY(m->arena, u32, (size_t)asked + 1);
    for (u32 k = 0; k < asked; k++) types[k] = root_index(m, n->in.asked[k].type);
    Buf *b = cwriter_item(writer(m), CSECTION_instance);
    buf_byte(b, 0x00);
    buf_leb_u(b, component);
    buf_leb_u(b, i->func_count + asked);
    for (u32 k = 0; k < i->func_count; k++)
        put_arg(b, import_name(m, i->funcs[k]), CENTITY_func, funcs[k]);
    for (u32 k = 0; k < asked; k++)
        put_arg(b, n->in.asked[k].name, CENTITY_type, types[k]);
    return cwriter_count(writer(m), CENTITY_instance);
}

static void export_interface(Maker *m, ItemInfo *item)
{
    Nested n = {.m = m, .item = item, .interface = item->item->interface};
    const WitInterface *i = n.interface;
    u32 *funcs = NEW_ARRAY(m->arena, u32, (size_t)i->func_count + 1);
    maker_begin_export(m, item);
    maker_order_export(m, item);
    for (u32 k = 0; k < i->func_count; k++)
        funcs[k] = put_lift(m, &item->lifts[k], wit_encode_func(&m->root, i->funcs[k]));
    wit_encoder_init(&n.in, &m->wit, CWRITE_component, NAMES_asked);
    import_foreign(&n);
    import_own(&n);
    u32 asked = n.in.asked_count;
    export_all(&n);
    u32 component = cwriter_component(writer(m), cwriter_finish(&n.in.outer.w));
    u32 instance = put_instance(&n, component, funcs, asked);
    maker_end_export(m, item);
    item->instance = cwriter_export(writer(m), wit_item_name(m->arena, item->item),
                                    CENTITY_instance, instance, NULL);
    if (!item->item->name.len) wit_remember_instance(&m->root, i, item->instance);
}

void maker_export(Maker *m, ItemInfo *item)
{
    if (item->item->interface) {
        export_interface(m, item);
        return;
    }
    u32 type = wit_encode_func(&m->root, item->item->func);
    u32 func = put_lift(m, &item->lifts[0], type);
    cwriter_export(writer(m), wit_item_name(m->arena, item->item), CENTITY_func, func, NULL);
}
