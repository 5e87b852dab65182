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

#include "component/binary/encode.h"
#include "component/wit/binary.h"
#include "component/wit/decode.h"
#include "component/wit/resolver.h"

// What one scope knows of what was written in it.
typedef struct {
    CWriter w;
    CIdMap types; // by WitType.index: its index
    Map defs;     // by their bytes, of types without a name and of functions
} Scope;

// A type of an interface, by the alias that stands for it in the outer scope.
typedef struct { u32 instance, index; } Alias;

typedef struct {
    Wit *wit;
    Arena *arena;
    Scope outer, inner;
    bool inside;                   // the inner one is being written
    bool importing;                // types of a world
    const WitInterface *interface; // whose types are defined here; NULL: the world's
    CIdMap instances;              // by interface: its index, the latest that there is
    CIdMap alias_numbers;          // by type: in `aliases`
    Alias *aliases;
    u32 alias_count, alias_cap;
} Encoder;

static void scope_init(Scope *s, Arena *arena, CWriteKind kind)
{
    cwriter_init(&s->w, arena, kind);
    cidmap_init(&s->types, arena);
    map_init(&s->defs, arena);
}

static void encoder_init(Encoder *e, Wit *wit)
{
    *e = (Encoder){.wit = wit, .arena = wit->arena};
    scope_init(&e->outer, e->arena, CWRITE_component_type);
    cidmap_init(&e->instances, e->arena);
    cidmap_init(&e->alias_numbers, e->arena);
}

static Scope *scope_of(Encoder *e) { return e->inside ? &e->inner : &e->outer; }

static CExternName extern_name(Bytes name, Bytes external_id)
{
    return (CExternName){.name = name, .external_id = external_id};
}

// ---- Types

static CValType encode_type(Encoder *e, const WitType *t);

static CPrim prim_of(WitKind kind)
{
    CPrim p = (CPrim)0;
    while (strcmp(cprim_info[p].text, wit_kind_text[kind])) p++;
    return p;
}

static CForm form_of(WitKind kind)
{
    CForm f = CFORM_fixed_list;
    if (kind == WIT_fixed_list) return f;
    for (f = (CForm)0; strcmp(cform_info[f].text, wit_kind_text[kind]); f++) continue;
    return f;
}

// What stands for a type of another interface here.
static u32 alias_type(Encoder *e, const WitType *t)
{
    const u32 *instance = cidmap_get(&e->instances, t->interface->index);
    const u32 *known = cidmap_get(&e->alias_numbers, t->index);
    Alias *alias = known ? &e->aliases[*known] : NULL;
    if (!alias || alias->instance != *instance) {
        u32 index = cwriter_alias_export(&e->outer.w, CENTITY_type, *instance, t->name);
        cidmap_set(&e->alias_numbers, t->index, e->alias_count);
        alias = &ARENA_PUSH(e->arena, e->aliases, e->alias_count, e->alias_cap);
        *alias = (Alias){*instance, index};
    }
    return e->inside ? cwriter_alias_outer_type(&e->inner.w, 1, alias->index) : alias->index;
}

static u32 define(Encoder *e, Bytes bytes, bool named)
{
    Scope *s = scope_of(e);
    const u32 *known = named ? NULL : map_get(&s->defs, bytes.data, bytes.len);
    if (known) return *known;
    u32 index = cwriter_type(&s->w, bytes);
    if (!named) map_add(&s->defs, bytes.data, bytes.len, index);
    return index;
}

static void put_optional(Encoder *e, Buf *b, const WitType *t)
{
    CValType of = t ? encode_type(e, t) : (CValType){0};
    cwrite_optional(b, t ? &of : NULL);
}

static void put_parts(Encoder *e, Buf *b, const WitType *t)
{
    buf_leb_u(b, t->part_count);
    for (u32 i = 0; i < t->part_count; i++) {
        const WitPart *part = &t->parts[i];
        if (t->kind != WIT_tuple) buf_name(b, part->name.data, part->name.len);
        if (t->kind == WIT_variant) put_optional(e, b, part->type);
        else if (part->type) cwrite_valtype(b, encode_type(e, part->type));
        if (t->kind == WIT_variant) buf_byte(b, 0x00);
    }
}

// Whatever it is made of is written before: the bytes only grow in `b`.
static Bytes shape(Encoder *e, const WitType *t)
{
    Buf b;
    buf_init(&b, e->arena);
    buf_byte(&b, cform_info[form_of(t->kind)].code);
    switch (t->kind) {
    case WIT_own: case WIT_borrow: buf_leb_u(&b, encode_type(e, t->of).index); break;
    case WIT_list: case WIT_option: cwrite_valtype(&b, encode_type(e, t->of)); break;
    case WIT_fixed_list:
        cwrite_valtype(&b, encode_type(e, t->of));
        buf_leb_u(&b, t->length);
        break;
    case WIT_map:
        cwrite_valtype(&b, encode_type(e, t->of));
        cwrite_valtype(&b, encode_type(e, t->second));
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

static u32 name_type(Encoder *e, const WitType *t, CValType of)
{
    CExternName name = extern_name(t->name, t->external_id);
    CWriter *w = &scope_of(e)->w;
    if (of.prim) {
        u8 code = cprim_info[of.index].code;
        of = cvaltype_at(cwriter_type(w, (Bytes){arena_copy(e->arena, &code, 1), 1}));
    }
    return e->importing ? cwriter_import(w, name, CENTITY_type, of.index)
                        : cwriter_export_decl(w, name, CENTITY_type, of.index);
}

static u32 define_resource(Encoder *e, const WitType *t)
{
    CExternName name = extern_name(t->name, t->external_id);
    CWriter *w = &scope_of(e)->w;
    return e->importing ? cwriter_import_resource(w, name) : cwriter_export_resource_decl(w, name);
}

static CValType encode_type(Encoder *e, const WitType *t)
{
    if (t->kind < WIT_own) return cvaltype_prim(prim_of(t->kind));
    const u32 *known = cidmap_get(&scope_of(e)->types, t->index);
    if (known) return cvaltype_at(*known);
    wit_spend(e->wit, 1 + t->part_count);
    CValType made;
    if (t->interface && t->interface != e->interface) {
        made = cvaltype_at(alias_type(e, t));
    } else if (t->kind == WIT_resource) {
        made = cvaltype_at(define_resource(e, t));
    } else {
        bool named = t->name.len != 0;
        made = t->kind == WIT_alias ? encode_type(e, t->of)
                                    : cvaltype_at(define(e, shape(e, t), named));
        if (named) made = cvaltype_at(name_type(e, t, made));
    }
    if (!made.prim) cidmap_set(&scope_of(e)->types, t->index, made.index);
    return made;
}

// ---- Functions

static u32 encode_func(Encoder *e, const WitFunc *f)
{
    Buf b;
    buf_init(&b, e->arena);
    wit_spend(e->wit, 1 + f->param_count);
    buf_byte(&b, cform_info[f->is_async ? CFORM_async_func : CFORM_func].code);
    buf_leb_u(&b, f->param_count);
    for (u32 i = 0; i < f->param_count; i++) {
        buf_name(&b, f->params[i].name.data, f->params[i].name.len);
        cwrite_valtype(&b, encode_type(e, f->params[i].type));
    }
    buf_byte(&b, f->result ? 0x00 : 0x01);
    if (f->result) cwrite_valtype(&b, encode_type(e, f->result));
    else buf_byte(&b, 0x00);
    return define(e, buf_view(&b), false);
}

static void export_func(Encoder *e, const WitFunc *f)
{
    u32 type = encode_func(e, f);
    CExternName name = extern_name(f->name, f->notes->external_id);
    cwriter_export_decl(&e->inner.w, name, CENTITY_func, type);
}

// ---- Interfaces

// Those of resources stand behind each other in the order of these, the others behind them.
static void export_funcs(Encoder *e, const WitInterface *i)
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

// The index of its instance type. Of others a package says only what their types are.
static u32 encode_instance(Encoder *e, const WitInterface *i, bool funcs)
{
    e->inside = true;
    e->interface = i;
    scope_init(&e->inner, e->arena, CWRITE_instance_type);
    for (u32 k = 0; k < i->type_count; k++) encode_type(e, i->types[k]);
    if (funcs) export_funcs(e, i);
    e->inside = false;
    e->interface = NULL;
    return cwriter_type(&e->outer.w, cwriter_finish(&e->inner.w));
}

static void remember_instance(Encoder *e, const WitInterface *i, u32 instance)
{
    cidmap_set(&e->instances, i->index, instance);
}

typedef struct { const WitInterface *interface; u32 next; } Step;

// All that it uses stands in front of it.
static Bytes encode_interface(Wit *wit, const WitInterface *main)
{
    Encoder e;
    CIdMap seen;
    Step *steps = NULL;
    u32 depth = 0, cap = 0;
    encoder_init(&e, wit);
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
        u32 type = encode_instance(&e, i, i == main);
        CExternName name = {.name = wit_member_name(wit->arena, i->package, i->name)};
        if (i == main) cwriter_export_decl(&e.outer.w, name, CENTITY_instance, type);
        else remember_instance(&e, i, cwriter_import(&e.outer.w, name, CENTITY_instance, type));
    }
    return cwriter_finish(&e.outer.w);
}

// ---- Worlds

static CExternName item_name(Wit *wit, const WitItem *item)
{
    const WitInterface *i = item->interface;
    Bytes own = i && i->name.len ? wit_member_name(wit->arena, i->package, i->name) : (Bytes){0};
    CExternName name = {.name = item->name, .external_id = item->external_id};
    if (!name.name.len) name.name = own;
    else name.implements = own;
    if (item->func) name.external_id = item->func->notes->external_id;
    return name;
}

static void encode_item(Encoder *e, const WitItem *item, bool exports)
{
    CWriter *w = &e->outer.w;
    if (item->type) {
        e->importing = true;
        encode_type(e, item->type);
        e->importing = false;
        return;
    }
    CEntityKind kind = item->interface ? CENTITY_instance : CENTITY_func;
    u32 type = item->interface ? encode_instance(e, item->interface, true)
                               : encode_func(e, item->func);
    CExternName name = item_name(e->wit, item);
    u32 index = exports ? cwriter_export_decl(w, name, kind, type)
                        : cwriter_import(w, name, kind, type);
    if (item->interface) remember_instance(e, item->interface, index);
}

static Bytes encode_world(Wit *wit, const WitWorld *w)
{
    Encoder e;
    encoder_init(&e, wit);
    for (u32 i = 0; i < w->imports.count; i++) encode_item(&e, &w->imports.items[i], false);
    for (u32 i = 0; i < w->exports.count; i++) encode_item(&e, &w->exports.items[i], true);
    Bytes world = cwriter_finish(&e.outer.w);
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
