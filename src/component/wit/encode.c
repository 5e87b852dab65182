// encode.c -- WIT as component types. See binary.h.
//
// An interface is an instance type, a world a component type. What an interface uses of another is
// an alias of a type in scope around it, and that an alias of what the other exports:
//
//     (component (type (instance (export "t" (type ..))))   what is written of another interface
//                (import "a:b/types" (instance (type 0)))
//                (alias export 0 "t" (type))
//                (type (instance (alias outer 1 1 (type)) (export "t" (type (eq 0))) ..)) ..)
//
// Types are written in the order of the interface, then functions, those of resources first: so it
// is in wit-component, whose bytes these are.
// spec: WIT/Package Format

#include "component/wit/binary.h"
#include "component/wit/decode.h"
#include "component/wit/encoder.h"
#include "component/wit/resolver.h"

void wit_scope_init(WitScopeWriter *s, Arena *arena, CWriteKind kind)
{
    cwriter_init(&s->w, arena, kind);
    cidmap_init(&s->types, arena);
    map_init(&s->defs, arena);
}

void wit_encoder_init(WitEncoder *e, Wit *wit, CWriteKind kind, WitNaming naming)
{
    *e = (WitEncoder){.wit = wit, .arena = wit->arena, .naming = naming};
    wit_scope_init(&e->outer, e->arena, kind);
    cidmap_init(&e->instances, e->arena);
    cidmap_init(&e->alias_numbers, e->arena);
    map_init(&e->asked_names, e->arena);
}

static WitScopeWriter *scope_of(WitEncoder *e) { return e->inside ? &e->inner : &e->outer; }

static CExternName extern_name(Bytes name, Bytes external_id)
{
    return (CExternName){.name = name, .external_id = external_id};
}

// ---- Types

CPrim wit_prim_of(WitKind kind)
{
    CPrim p = (CPrim)0;
    while (strcmp(cprim_info[p].text, wit_kind_text[kind])) p++;
    return p;
}

CForm wit_form_of(WitKind kind)
{
    CForm f = CFORM_fixed_list;
    if (kind == WIT_fixed_list) return f;
    for (f = (CForm)0; strcmp(cform_info[f].text, wit_kind_text[kind]); f++) continue;
    return f;
}

// What stands for a type of another interface here.
static u32 alias_type(WitEncoder *e, const WitType *t)
{
    const u32 *instance = cidmap_get(&e->instances, t->interface->index);
    const u32 *known = cidmap_get(&e->alias_numbers, t->index);
    WitTypeAlias *alias = known ? &e->aliases[*known] : NULL;
    if (!alias || alias->instance != *instance) {
        u32 index = cwriter_alias_export(&e->outer.w, CENTITY_type, *instance, t->name);
        cidmap_set(&e->alias_numbers, t->index, e->alias_count);
        alias = &ARENA_PUSH(e->arena, e->aliases, e->alias_count, e->alias_cap);
        *alias = (WitTypeAlias){*instance, index};
    }
    return e->inside ? cwriter_alias_outer_type(&e->inner.w, 1, alias->index) : alias->index;
}

static u32 define(WitEncoder *e, Bytes bytes, bool named)
{
    WitScopeWriter *s = scope_of(e);
    const u32 *known = named ? NULL : map_get(&s->defs, bytes.data, bytes.len);
    if (known) return *known;
    u32 index = cwriter_type(&s->w, bytes);
    if (!named) map_add(&s->defs, bytes.data, bytes.len, index);
    return index;
}

static void put_optional(WitEncoder *e, Buf *b, const WitType *t)
{
    CValType of = t ? wit_encode_type(e, t) : (CValType){0};
    cwrite_optional(b, t ? &of : NULL);
}

static void put_parts(WitEncoder *e, Buf *b, const WitType *t)
{
    buf_leb_u(b, t->part_count);
    for (u32 i = 0; i < t->part_count; i++) {
        const WitPart *part = &t->parts[i];
        if (t->kind != WIT_tuple) buf_name(b, part->name.data, part->name.len);
        if (t->kind == WIT_variant) put_optional(e, b, part->type);
        else if (part->type) cwrite_valtype(b, wit_encode_type(e, part->type));
        if (t->kind == WIT_variant) buf_byte(b, 0x00);
    }
}

// Whatever it is made of is written before: the bytes only grow in `b`.
static Bytes shape(WitEncoder *e, const WitType *t)
{
    Buf b;
    buf_init(&b, e->arena);
    buf_byte(&b, cform_info[wit_form_of(t->kind)].code);
    switch (t->kind) {
    case WIT_own: case WIT_borrow: buf_leb_u(&b, wit_encode_type(e, t->of).index); break;
    case WIT_list: case WIT_option: cwrite_valtype(&b, wit_encode_type(e, t->of)); break;
    case WIT_fixed_list:
        cwrite_valtype(&b, wit_encode_type(e, t->of));
        buf_leb_u(&b, t->length);
        break;
    case WIT_map:
        cwrite_valtype(&b, wit_encode_type(e, t->of));
        cwrite_valtype(&b, wit_encode_type(e, t->second));
        break;
    case WIT_result:
        put_optional(e, &b, t->of);
        put_optional(e, &b, t->second);
        break;
    case WIT_future: case WIT_stream: put_optional(e, &b, t->of); break;
    default: put_parts(e, &b, t);
    }
    return buf_view(&b);
}

static Bytes ask_name(WitEncoder *e, const WitType *t)
{
    Buf b;
    buf_init(&b, e->arena);
    buf_bytes(&b, "import-type-", 12);
    buf_bytes(&b, t->name.data, t->name.len);
    while (!map_add(&e->asked_names, b.data, b.len, 0)) buf_byte(&b, '0');
    ARENA_PUSH(e->arena, e->asked, e->asked_count, e->asked_cap) = (WitAsked){buf_view(&b), t};
    return buf_view(&b);
}

static u32 name_type(WitEncoder *e, const WitType *t, u32 of)
{
    CExternName name = extern_name(t->name, t->external_id);
    CWriter *w = &scope_of(e)->w;
    switch (e->inside ? NAMES_declared : e->naming) {
    case NAMES_declared: return cwriter_export_decl(w, name, CENTITY_type, of);
    case NAMES_asked: name = extern_name(ask_name(e, t), (Bytes){0}); // fallthrough
    case NAMES_imported: return cwriter_import(w, name, CENTITY_type, of);
    case NAMES_exported: return cwriter_export(w, name, CENTITY_type, of, NULL);
    case NAMES_none: break;
    }
    return of;
}

static u32 define_resource(WitEncoder *e, const WitType *t)
{
    CExternName name = extern_name(t->name, t->external_id);
    CWriter *w = &scope_of(e)->w;
    if (e->inside || e->naming == NAMES_declared) return cwriter_export_resource_decl(w, name);
    if (e->naming == NAMES_asked) name = extern_name(ask_name(e, t), (Bytes){0});
    return cwriter_import_resource(w, name);
}

static u32 define_primitive(WitEncoder *e, CValType of)
{
    u8 code = cprim_info[of.index].code;
    return cwriter_type(&scope_of(e)->w, (Bytes){arena_copy(e->arena, &code, 1), 1});
}

CValType wit_encode_type(WitEncoder *e, const WitType *t)
{
    if (t->kind < WIT_own) return cvaltype_prim(wit_prim_of(t->kind));
    enum { PRIMITIVE = 1u << 31 }; // in the map: no index
    const u32 *known = cidmap_get(&scope_of(e)->types, t->index);
    if (known) return (CValType){*known >> 31, *known & ~PRIMITIVE};
    wit_spend(e->wit, 1 + t->part_count);
    CValType made;
    if (t->interface && t->interface != e->interface) {
        made = cvaltype_at(alias_type(e, t));
    } else if (t->kind == WIT_resource) {
        made = cvaltype_at(define_resource(e, t));
    } else {
        bool named = t->name.len != 0;
        made = t->kind == WIT_alias ? wit_encode_type(e, t->of)
                                    : cvaltype_at(define(e, shape(e, t), named));
        bool names = named && (e->inside || e->naming != NAMES_none);
        if (names && made.prim) made = cvaltype_at(define_primitive(e, made));
        if (names) made = cvaltype_at(name_type(e, t, made.index));
    }
    u32 mark = made.prim ? PRIMITIVE | made.index : made.index;
    cidmap_set(&scope_of(e)->types, t->index, mark);
    return made;
}

// ---- Functions

u32 wit_encode_func(WitEncoder *e, const WitFunc *f)
{
    Buf b;
    buf_init(&b, e->arena);
    wit_spend(e->wit, 1 + f->param_count);
    buf_byte(&b, cform_info[f->is_async ? CFORM_async_func : CFORM_func].code);
    buf_leb_u(&b, f->param_count);
    for (u32 i = 0; i < f->param_count; i++) {
        buf_name(&b, f->params[i].name.data, f->params[i].name.len);
        cwrite_valtype(&b, wit_encode_type(e, f->params[i].type));
    }
    buf_byte(&b, f->result ? 0x00 : 0x01);
    if (f->result) cwrite_valtype(&b, wit_encode_type(e, f->result));
    else buf_byte(&b, 0x00);
    return define(e, buf_view(&b), false);
}

static void export_func(WitEncoder *e, const WitFunc *f)
{
    if (e->used && !map_get(e->used, &f, sizeof f)) return;
    u32 type = wit_encode_func(e, f);
    CExternName name = extern_name(f->name, f->notes->external_id);
    cwriter_export_decl(&e->inner.w, name, CENTITY_func, type);
}

// ---- Interfaces

// Those of resources stand behind each other in the order of these, the others behind them.
static void export_funcs(WitEncoder *e, const WitInterface *i)
{
    CIdMap first;
    u32 *next = NEW_ARRAY(e->arena, u32, (size_t)i->func_count + 1);
    cidmap_init(&first, e->arena);
    for (u32 k = i->func_count; k-- > 0;) {
        const WitType *of = i->funcs[k]->resource;
        const u32 *then = of ? cidmap_get(&first, of->index) : NULL;
        next[k] = then ? *then : UINT32_MAX;
        if (of) cidmap_set(&first, of->index, k);
    }
    for (u32 k = 0; k < i->type_count; k++) {
        const u32 *begin = cidmap_get(&first, i->types[k]->index);
        for (u32 f = begin ? *begin : UINT32_MAX; f != UINT32_MAX; f = next[f])
            export_func(e, i->funcs[f]);
    }
    for (u32 k = 0; k < i->func_count; k++)
        if (!i->funcs[k]->resource) export_func(e, i->funcs[k]);
}

u32 wit_encode_instance(WitEncoder *e, const WitInterface *i, bool funcs)
{
    e->inside = true;
    e->interface = i;
    wit_scope_init(&e->inner, e->arena, CWRITE_instance_type);
    for (u32 k = 0; k < i->type_count; k++)
        if (!e->live || e->live[i->types[k]->index]) wit_encode_type(e, i->types[k]);
    if (funcs) export_funcs(e, i);
    e->inside = false;
    e->interface = NULL;
    bool empty = e->live && !e->inner.w.items;
    return empty ? UINT32_MAX : cwriter_type(&e->outer.w, cwriter_finish(&e->inner.w));
}

void wit_remember_instance(WitEncoder *e, const WitInterface *i, u32 instance)
{
    cidmap_set(&e->instances, i->index, instance);
}

typedef struct { const WitInterface *interface; u32 next; } Step;

// All that it uses stands in front of it.
static Bytes encode_interface(Wit *wit, const WitInterface *main)
{
    WitEncoder e;
    CIdMap seen;
    Step *steps = NULL;
    u32 depth = 0, cap = 0;
    wit_encoder_init(&e, wit, CWRITE_component_type, NAMES_declared);
    cidmap_init(&seen, wit->arena);
    ARENA_PUSH(wit->arena, steps, depth, cap) = (Step){main, 0};
    while (depth) {
        Step *s = &steps[depth - 1];
        const WitInterface *i = s->interface, *dep = NULL;
        if (s->next < i->dep_count) {
            dep = i->deps[s->next++];
            if (cidmap_get(&seen, dep->index)) continue;
            cidmap_set(&seen, dep->index, 1);
            wit_spend(wit, 1);
            ARENA_PUSH(wit->arena, steps, depth, cap) = (Step){dep, 0};
            continue;
        }
        depth--;
        u32 type = wit_encode_instance(&e, i, i == main);
        CExternName name = {.name = wit_member_name(wit->arena, i->package, i->name)};
        if (i == main) cwriter_export_decl(&e.outer.w, name, CENTITY_instance, type);
        else wit_remember_instance(&e, i, cwriter_import(&e.outer.w, name, CENTITY_instance, type));
    }
    return cwriter_finish(&e.outer.w);
}

// ---- Worlds

CExternName wit_item_name(Arena *arena, const WitItem *item)
{
    const WitInterface *i = item->interface;
    Bytes own = i && i->name.len ? wit_member_name(arena, i->package, i->name) : (Bytes){0};
    CExternName name = {.name = item->name, .external_id = item->external_id};
    if (!name.name.len) name.name = own;
    else name.implements = own;
    if (item->func) name.external_id = item->func->notes->external_id;
    return name;
}

static void encode_item(WitEncoder *e, const WitItem *item, bool exports)
{
    CWriter *w = &e->outer.w;
    if (item->type) {
        e->naming = NAMES_imported;
        wit_encode_type(e, item->type);
        e->naming = NAMES_declared;
        return;
    }
    CEntityKind kind = item->interface ? CENTITY_instance : CENTITY_func;
    u32 type = item->interface ? wit_encode_instance(e, item->interface, true)
                               : wit_encode_func(e, item->func);
    CExternName name = wit_item_name(e->arena, item);
    u32 index = exports ? cwriter_export_decl(w, name, kind, type)
                        : cwriter_import(w, name, kind, type);
    if (item->interface) wit_remember_instance(e, item->interface, index);
}

Bytes wit_world_type(Wit *wit, const WitWorld *w)
{
    WitEncoder e;
    wit_encoder_init(&e, wit, CWRITE_component_type, NAMES_declared);
    for (u32 i = 0; i < w->imports.count; i++) encode_item(&e, &w->imports.items[i], false);
    for (u32 i = 0; i < w->exports.count; i++) encode_item(&e, &w->exports.items[i], true);
    return cwriter_finish(&e.outer.w);
}

static Bytes encode_world(Wit *wit, const WitWorld *w)
{
    Bytes world = wit_world_type(wit, w);
    CWriter wrapper;
    cwriter_init(&wrapper, wit->arena, CWRITE_component_type);
    u32 type = cwriter_type(&wrapper, world);
    CExternName name = {.name = wit_member_name(wit->arena, w->package, w->name)};
    cwriter_export_decl(&wrapper, name, CENTITY_component, type);
    return cwriter_finish(&wrapper);
}

// ---- Whole components

static void export_type(CWriter *w, Bytes name, Bytes type)
{
    u32 index = cwriter_type(w, type);
    cwriter_export(w, extern_name(name, (Bytes){0}), CENTITY_type, index, NULL);
}

static void put_package(Wit *wit, const WitPackage *p, Buf *out)
{
    CWriter w;
    cwriter_init(&w, wit->arena, CWRITE_component);
    for (u32 i = 0; i < p->interface_count; i++)
        export_type(&w, p->interfaces[i]->name, encode_interface(wit, p->interfaces[i]));
    for (u32 i = 0; i < p->world_count; i++)
        export_type(&w, p->worlds[i]->name, encode_world(wit, p->worlds[i]));
    cwriter_custom(&w, WIT_DOCS_SECTION, wit_package_docs(wit, p));
    Bytes whole = cwriter_finish(&w);
    buf_bytes(out, whole.data, whole.len);
}

static void put_world(Wit *wit, const WitWorld *world, WitStrings strings, Buf *out)
{
    enum { VERSION = 4 }; // of wit-component's format
    const u8 encoding[2] = {VERSION, (u8)strings};
    CWriter w;
    cwriter_init(&w, wit->arena, CWRITE_component);
    cwriter_custom(&w, WIT_ENCODING_SECTION, (Bytes){encoding, sizeof encoding});
    export_type(&w, world->name, encode_world(wit, world));
    Bytes whole = cwriter_finish(&w);
    buf_bytes(out, whole.data, whole.len);
}

bool wit_encode_package(Wit *wit, const WitPackage *p, Buf *out)
{
    jmp_buf failed, *outer = wit->arena->on_failure;
    wit->arena->on_failure = &failed;
    if (setjmp(failed)) return wit_leave(wit, outer);
    wit->work = 0;
    put_package(wit, p, out);
    wit->arena->on_failure = outer;
    return true;
}

bool wit_encode_world(Wit *wit, const WitWorld *w, WitStrings strings, Buf *out)
{
    jmp_buf failed, *outer = wit->arena->on_failure;
    wit->arena->on_failure = &failed;
    if (setjmp(failed)) return wit_leave(wit, outer);
    wit->work = 0;
    put_world(wit, w, strings, out);
    wit->arena->on_failure = outer;
    return true;
}
