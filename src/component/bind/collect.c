// collect.c -- what a world is made of, in the order in which C can define it.
//
// An interface that is imported and exported has two sets of types. What an interface uses of
// another is of the one that was met last, as in the component type of the world (wit/encode.c):
// exported, if that stands in front of it, else imported.

#include "component/bind/binding.h"

#include "component/wit/resolver.h"
#include "component/wit/symbol.h"

static BindType *type_of(Bind *b, const WitType *t);

bool bind_by_value(const BindType *t)
{
    WitKind kind = bind_kind(t);
    return kind < WIT_string || kind == WIT_char || kind == WIT_own || kind == WIT_borrow ||
           kind == WIT_enum || kind == WIT_flags;
}

static _Noreturn void refuse(Bind *b, WitSpot at, const char *what, Bytes name)
{
    wit_fail(b->wit, at, ERR_wit_wrong_kind, "bindings for C have no %s yet: \"%.*s\"", what,
             WIT_SAY(name));
}

// ---- Layouts

static CType make_layout(Bind *b, CForm form, const CField *fields, u32 count, WitSpot at)
{
    Err err = ERR_none;
    CType made = ctype_make(&b->layouts, form, fields, count, &err);
    if (err != ERR_none) wit_fail(b->wit, at, err, "in what bindings are made of");
    return made;
}

static CType layout_of(Bind *b, const WitType *t, BindType *const *parts, u32 count)
{
    CField *fields = NEW_ARRAY(b->arena, CField, (size_t)count + 1);
    CForm form = wit_form_of(t->kind);
    for (u32 i = 0; i < count; i++) {
        bool named = t->kind >= WIT_record;
        fields[i].type = parts[i] ? bind_base(parts[i])->layout : CTYPE_NONE;
        if (named) fields[i].name = t->parts[i].name;
    }
    if (t->kind == WIT_own || t->kind == WIT_borrow) fields[0].type = b->resource;
    return make_layout(b, form, fields, t->kind == WIT_fixed_list ? t->length : count, t->at);
}

// ---- Types

static BindType *new_type(Bind *b, const WitType *t)
{
    BindType *made = NEW(b->arena, BindType);
    *made = (BindType){.type = t, .number = b->count, .layout = CTYPE_NONE};
    wit_spend(b->wit, 1 + t->part_count);
    return ARENA_PUSH(b->arena, b->list, b->count, b->cap) = made;
}

static BindType *new_primitive(Bind *b, const WitType *t)
{
    static const char *const names[WIT_own] = {
        [WIT_bool] = "bool",    [WIT_u8] = "uint8_t",   [WIT_u16] = "uint16_t",
        [WIT_u32] = "uint32_t", [WIT_u64] = "uint64_t", [WIT_s8] = "int8_t",
        [WIT_s16] = "int16_t",  [WIT_s32] = "int32_t",  [WIT_s64] = "int64_t",
        [WIT_f32] = "float",    [WIT_f64] = "double",   [WIT_char] = "uint32_t"};
    if (!names[t->kind] && t->kind != WIT_string)
        refuse(b, t->at, "type", bytes_of(wit_kind_text[t->kind]));
    BindType *made = new_type(b, t);
    made->word = wit_kind_text[t->kind];
    made->layout = wit_prim_of(t->kind);
    made->name = names[t->kind];
    if (t->kind != WIT_string) return made;
    made->stem = bind_claim(b, bind_text(b->arena, "%s_string", b->prefix), "_t");
    made->name = bind_text(b->arena, "%s_t", made->stem);
    made->free = bind_text(b->arena, "%s_free", made->stem);
    bind_claim(b, made->free, "");
    made->memory = true;
    return made;
}

static const char *claim(Bind *b, const char *stem, const char *end)
{
    const char *begin = bind_text(b->arena, "%s%s", stem, end);
    return bind_claim(b, begin, "");
}

static void name_constants(Bind *b, BindType *t)
{
    const char *front = bind_capitals(b->arena, t->stem);
    WitKind kind = t->type->kind;
    if (kind != WIT_variant && kind != WIT_enum && kind != WIT_flags) return;
    t->constants = NEW_ARRAY(b->arena, const char *, (size_t)t->type->part_count + 1);
    for (u32 i = 0; i < t->type->part_count; i++) {
        const char *name = bind_snake(b->arena, t->type->parts[i].name);
        name = bind_text(b->arena, "%s_%s", front, bind_capitals(b->arena, name));
        t->constants[i] = bind_claim(b, name, "");
    }
}

// What the binary format, and C, has none of.
static void check_parts(Bind *b, const WitType *t)
{
    if (t->kind >= WIT_tuple && !t->part_count)
        refuse(b, t->at, "types of nothing", t->name.len ? t->name : bytes_of("tuple"));
    if (t->kind == WIT_flags && t->part_count > 32)
        refuse(b, t->at, "more than 32 flags", t->name);
}

// With parts that are known, of what is no handle, resource or alias.
static void finish(Bind *b, BindType *t, const char *stem, const char *word)
{
    t->stem = bind_claim(b, stem, "_t");
    t->name = bind_text(b->arena, "%s_t", t->stem);
    t->word = word ? word : t->stem;
    WitKind kind = t->type->kind;
    t->memory = kind == WIT_list || kind == WIT_map;
    for (u32 i = 0; i < t->part_count; i++) {
        const BindType *part = t->parts[i] ? bind_base(t->parts[i]) : NULL;
        t->memory |= part && part->memory;
        t->owns |= part && (part->owns || part->type->kind == WIT_own);
    }
    check_parts(b, t->type);
    t->layout = layout_of(b, t->type, t->parts, t->part_count);
    name_constants(b, t);
    if (t->memory || t->owns) t->free = claim(b, t->stem, "_free");
}

// In the order of component types.
static BindType **parts_of(Bind *b, const WitType *t, u32 *count)
{
    BindType **parts = NEW_ARRAY(b->arena, BindType *, (size_t)t->part_count + 2);
    bool two = t->kind == WIT_map || t->kind == WIT_result;
    *count = t->part_count;
    for (u32 i = 0; i < t->part_count; i++)
        parts[i] = t->parts[i].type ? type_of(b, t->parts[i].type) : NULL;
    if (t->part_count || t->kind >= WIT_record) return parts;
    *count = 1 + two;
    parts[0] = t->of ? type_of(b, t->of) : NULL;
    if (two) parts[1] = t->second ? type_of(b, t->second) : NULL;
    return parts;
}

static const char *unnamed_word(Bind *b, const WitType *t, BindType **parts, u32 count)
{
    const char *word = wit_kind_text[t->kind];
    if (t->kind == WIT_fixed_list) word = bind_text(b->arena, "list%u", t->length);
    if (t->kind == WIT_tuple) word = bind_text(b->arena, "tuple%u", count);
    for (u32 i = 0; i < count; i++)
        word = bind_text(b->arena, "%.300s_%.300s", word, parts[i] ? parts[i]->word : "void");
    return word;
}

// Equal ones are the same, wherever they stand.
static BindType *unnamed_type(Bind *b, const WitType *t)
{
    const u32 *known = cidmap_get(&b->here, t->index);
    if (known) return b->list[*known];
    u32 count;
    BindType **parts = parts_of(b, t, &count);
    Buf key;
    buf_init(&key, b->arena);
    buf_leb_u(&key, t->kind);
    buf_leb_u(&key, t->length);
    for (u32 i = 0; i < count; i++)
        buf_leb_u(&key, parts[i] ? bind_base(parts[i])->number + 1 : 0);
    known = map_get(&b->unnamed, key.data, key.len);
    BindType *made = known ? b->list[*known] : NULL;
    if (!made) {
        const char *word = unnamed_word(b, t, parts, count);
        made = NEW(b->arena, BindType);
        *made = (BindType){.type = t, .parts = parts, .part_count = count};
        finish(b, made, bind_text(b->arena, "%s_%s", b->prefix, word), word);
        made->number = b->count;
        wit_spend(b->wit, 1 + count);
        ARENA_PUSH(b->arena, b->list, b->count, b->cap) = made;
        map_add(&b->unnamed, key.data, key.len, made->number);
    }
    cidmap_set(&b->here, t->index, made->number);
    return made;
}

// ---- Resources and their handles

static BindType *new_handle(Bind *b, const BindType *r, bool own)
{
    const char *name = bind_snake(b->arena, r->type->name);
    WitType *t = NEW(b->arena, WitType);
    *t = (WitType){.kind = own ? WIT_own : WIT_borrow, .index = WIT_LEFT_OUT, .at = r->type->at};
    BindType *made = new_type(b, t);
    const char *begin = bind_text(b->arena, "%s_%s_%s", b->item->prefix, own ? "own" : "borrow",
                                  name);
    made->stem = made->word = bind_claim(b, begin, "_t");
    made->name = bind_text(b->arena, "%s_t", made->stem);
    made->exported = r->exported;
    made->layout = layout_of(b, t, (BindType *[1]){NULL}, 1);
    return made;
}

static void name_resource(Bind *b, BindType *r)
{
    r->own = new_handle(b, r, true);
    r->borrow = new_handle(b, r, false);
    r->drop_own = claim(b, r->stem, "_drop_own");
    if (r->exported) {
        r->rep = bind_text(b->arena, "%s_t", bind_claim(b, r->stem, "_t"));
        r->make = claim(b, r->stem, "_new");
        r->look = claim(b, r->stem, "_rep");
        r->destructor = claim(b, r->stem, "_destructor");
    } else {
        const char *name = bind_snake(b->arena, r->type->name);
        r->drop_borrow = claim(b, r->stem, "_drop_borrow");
        r->borrowed = claim(b, bind_text(b->arena, "%s_borrow_%s", b->item->prefix, name), "");
    }
}

// ---- Types with a name

// The number of what stands for its interface here; 0: it is of the world.
static u32 place_of(const Bind *b, const WitType *t)
{
    const u32 *item = t->interface ? cidmap_get(&b->instances, t->interface->index) : NULL;
    return item ? *item + 1 : 0;
}

static void define(Bind *b, BindType *made, const WitType *t, const char *stem)
{
    if (t->kind == WIT_resource) {
        made->exported = b->item->exports;
        made->stem = stem;
        name_resource(b, made);
    } else if (made->alias && made->alias->type->kind == WIT_resource) {
        const char *name = bind_snake(b->arena, t->name), *front = b->item->prefix;
        const char *own = bind_text(b->arena, "%s_own_%s", front, name);
        const char *borrow = bind_text(b->arena, "%s_borrow_%s", front, name);
        made->name = bind_text(b->arena, "%s_t", bind_claim(b, own, "_t"));
        made->rep = bind_text(b->arena, "%s_t", bind_claim(b, borrow, "_t"));
    } else if (made->alias) {
        made->stem = bind_claim(b, stem, "_t");
        made->name = bind_text(b->arena, "%s_t", made->stem);
        made->word = made->alias->word;
        if (made->alias->free) made->free = claim(b, made->stem, "_free");
    } else {
        finish(b, made, stem, NULL);
    }
}

static BindType *named_type(Bind *b, const WitType *t)
{
    const u32 at[2] = {t->index, place_of(b, t)};
    const u32 *known = map_get(&b->named, at, sizeof at);
    if (known) return b->list[*known];
    const char *stem = bind_text(b->arena, "%s_%s", b->item->prefix, bind_snake(b->arena, t->name));
    BindType *of = t->kind == WIT_alias ? type_of(b, t->of) : NULL, **parts = NULL;
    u32 count = 0;
    if (!of) parts = parts_of(b, t, &count);
    BindType *made = new_type(b, t);
    made->alias = of ? bind_base(of) : NULL;
    made->parts = parts;
    made->part_count = count;
    define(b, made, t, stem);
    map_add(&b->named, arena_copy(b->arena, at, sizeof at), sizeof at, made->number);
    return made;
}

static BindType *type_of(Bind *b, const WitType *t)
{
    if (t->kind == WIT_stream || t->kind == WIT_future) {
        refuse(b, t->at, "streams and futures", bytes_of(wit_kind_text[t->kind]));
    } else if (t->kind == WIT_own || t->kind == WIT_borrow) {
        const BindType *r = bind_base(type_of(b, t->of));
        return t->kind == WIT_own ? r->own : r->borrow;
    } else if (t->kind < WIT_own) {
        const u32 key[2] = {UINT32_MAX, t->kind}, *known = map_get(&b->named, key, sizeof key);
        if (known) return b->list[*known];
        BindType *made = new_primitive(b, t);
        map_add(&b->named, arena_copy(b->arena, key, sizeof key), sizeof key, made->number);
        return made;
    }
    return t->name.len ? named_type(b, t) : unnamed_type(b, t);
}

// ---- Functions

static void take_func(Bind *b, BindItem *item, const WitFunc *f)
{
    BindFunc *made = &item->funcs[item->func_count++];
    CField *fields = NEW_ARRAY(b->arena, CField, (size_t)f->param_count + 1);
    u32 flat = 0;
    if (f->is_async) refuse(b, f->at, "async functions", f->name);
    *made = (BindFunc){.func = f, .args = CTYPE_NONE};
    made->params = NEW_ARRAY(b->arena, BindType *, (size_t)f->param_count + 1);
    wit_spend(b->wit, 1 + f->param_count);
    for (u32 i = 0; i < f->param_count; i++) {
        made->params[i] = type_of(b, f->params[i].type);
        fields[i] = (CField){f->params[i].name, bind_base(made->params[i])->layout};
        flat += bind_layout(b, made->params[i])->flat_count;
    }
    if (f->result) made->result = type_of(b, f->result);
    CFunc func = {.params = fields, .count = f->param_count, .result = CTYPE_NONE};
    if (f->result) func.result = bind_base(made->result)->layout;
    cfunc_flatten(&b->layouts, &func, (FlatWay){.lift = item->exports}, &made->sig);
    if (flat > FLAT_MOST)
        made->args = make_layout(b, CFORM_tuple, fields, f->param_count, f->at);
}

// [method]r.f is method_r_f.
static void name_func(Bind *b, const BindItem *item, BindFunc *f)
{
    const char *name = bind_snake(b->arena, f->func->name);
    f->name = claim(b, bind_text(b->arena, "%s_%s", item->prefix, name + (*name == '_')), "");
}

// ---- Items

static Bytes path_key(Bind *b, const WitItem *item)
{
    Buf key;
    buf_init(&key, b->arena);
    const WitInterface *i = item->interface;
    buf_name(&key, i->package->space.data, i->package->space.len);
    buf_name(&key, i->package->name.data, i->package->name.len);
    buf_bytes(&key, i->name.data, i->name.len);
    return buf_view(&key);
}

// Where another version of it is imported or exported too, the version is part of the name.
static const char *prefix_of(Bind *b, const BindItem *item, Map *paths)
{
    const char *front = item->exports ? "exports_" : "";
    const WitInterface *i = item->item->interface;
    if (!i) return bind_text(b->arena, "%s%s", front, b->prefix);
    if (item->item->name.len)
        return bind_text(b->arena, "%s%s", front, bind_snake(b->arena, item->item->name));
    Bytes key = path_key(b, item->item);
    const u32 *others = map_get(paths, key.data, key.len);
    const char *version = "", *space = bind_snake(b->arena, i->package->space);
    if (others && *others > 1 && i->package->version.text.len)
        version = bind_text(b->arena, "_%s", bind_snake(b->arena, i->package->version.text));
    return bind_text(b->arena, "%s%s_%s%s_%s", front, space,
                     bind_snake(b->arena, i->package->name), version,
                     bind_snake(b->arena, i->name));
}

static void count_paths(Bind *b, const WitItems *items, Map *paths)
{
    map_init(paths, b->arena);
    for (u32 i = 0; i < items->count; i++) {
        if (!items->items[i].interface || items->items[i].name.len) continue;
        Bytes key = path_key(b, &items->items[i]);
        const u32 *count = map_get(paths, key.data, key.len);
        map_set(paths, key.data, key.len, count ? *count + 1 : 1);
    }
}

static void take_item(Bind *b, BindItem *item)
{
    const WitInterface *i = item->item->interface;
    u32 types = i ? i->type_count : item->item->type != NULL;
    u32 funcs = i ? i->func_count : item->item->func != NULL;
    b->item = item;
    cidmap_init(&b->here, b->arena);
    if (i) cidmap_set(&b->instances, i->index, (u32)(item - b->items));
    item->types = NEW_ARRAY(b->arena, BindType *, (size_t)types + 1);
    item->funcs = NEW_ARRAY(b->arena, BindFunc, (size_t)funcs + 1);
    for (u32 k = 0; k < types; k++)
        item->types[item->type_count++] = type_of(b, i ? i->types[k] : item->item->type);
    for (u32 k = 0; k < funcs; k++) take_func(b, item, i ? i->funcs[k] : item->item->func);
    for (u32 k = 0; k < funcs; k++) name_func(b, item, &item->funcs[k]);
}

static void name_params(Bind *b, BindFunc *f)
{
    f->param_names = NEW_ARRAY(b->arena, const char *, (size_t)f->func->param_count + 1);
    for (u32 i = 0; i < f->func->param_count; i++)
        f->param_names[i] = bind_param(b, f->func->params[i].name);
}

void bind_collect(Bind *b)
{
    u32 imports = b->world->imports.count;
    Map paths[2];
    count_paths(b, &b->world->imports, &paths[0]);
    count_paths(b, &b->world->exports, &paths[1]);
    b->item_count = imports + b->world->exports.count;
    b->items = NEW_ARRAY(b->arena, BindItem, (size_t)b->item_count + 1);
    b->item = NEW(b->arena, BindItem); // of the world itself
    b->item->prefix = b->prefix;
    for (WitKind kind = WIT_bool; kind <= WIT_string; kind++) type_of(b, b->wit->primitives[kind]);
    for (u32 i = 0; i < b->item_count; i++) {
        BindItem *item = &b->items[i];
        item->exports = i >= imports;
        item->item = item->exports ? &b->world->exports.items[i - imports]
                                   : &b->world->imports.items[i];
        if (item->item->interface) item->name = wit_item_name(b->arena, item->item).name;
        item->prefix = prefix_of(b, item, &paths[item->exports]);
        take_item(b, item);
    }
    for (u32 i = 0; i < b->item_count; i++)
        for (u32 k = 0; k < b->items[i].func_count; k++) name_params(b, &b->items[i].funcs[k]);
}
