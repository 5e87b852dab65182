// print.c -- packages as text. See wit.h.
//
// What is printed gives the same packages again. Interfaces print what they have in the order of
// the text that it came from; a world prints what it imports and exports in the end, without
// includes.

#include "component/wit/wit.h"

#include <stdlib.h>

// Small items of one sort stand below each other; a line is left free between all others.
typedef enum {
    SORT_none,
    SORT_large,
    SORT_use,
    SORT_type,
    SORT_func,
    SORT_import,
    SORT_export
} Sort;

typedef struct {
    Buf *out;
    const WitPackage *p;
    u32 depth;
    Sort last; // at this depth
} Printer;

static void put(Printer *p, const char *text) { buf_bytes(p->out, text, strlen(text)); }
static void put_bytes(Printer *p, Bytes bytes) { buf_bytes(p->out, bytes.data, bytes.len); }

static void put_name(Printer *p, Bytes name)
{
    if (wit_is_keyword(name)) put(p, "%");
    put_bytes(p, name);
}

static void line_start(Printer *p)
{
    for (u32 i = 0; i < p->depth; i++) put(p, "  ");
}

static void put_docs(Printer *p, Bytes docs)
{
    for (size_t start = 0, at = 0; docs.data && at <= docs.len; at++) {
        if (at < docs.len && docs.data[at] != '\n') continue;
        line_start(p);
        put(p, at > start ? "/// " : "///");
        put_bytes(p, (Bytes){docs.data + start, at - start});
        put(p, "\n");
        start = at + 1;
    }
}

static void put_string(Printer *p, Bytes text)
{
    static const char digits[] = "0123456789abcdef";
    put(p, "\"");
    for (size_t i = 0; i < text.len; i++) {
        u8 c = text.data[i];
        if (c == '"' || c == '\\') put(p, "\\");
        if (c >= 0x20 && c < 0x7f) {
            buf_byte(p->out, c);
        } else {
            put(p, "\\");
            buf_byte(p->out, (u8)digits[c >> 4]);
            buf_byte(p->out, (u8)digits[c & 15]);
        }
    }
    put(p, "\"");
}

static void put_gate_line(Printer *p, const char *open, Bytes text, bool name)
{
    line_start(p);
    put(p, open);
    if (name) put_name(p, text);
    else put_bytes(p, text);
    put(p, ")\n");
}

static void put_gates(Printer *p, const WitGate *g, Bytes external_id)
{
    if (g && g->kind == GATE_since) put_gate_line(p, "@since(version = ", g->since.text, false);
    if (g && g->kind == GATE_unstable) put_gate_line(p, "@unstable(feature = ", g->feature, true);
    if (g && g->deprecated.text.len)
        put_gate_line(p, "@deprecated(version = ", g->deprecated.text, false);
    if (!external_id.data) return;
    line_start(p);
    put(p, "@external-id(");
    put_string(p, external_id);
    put(p, ")\n");
}

// The lines in front of an item, and where its own begins.
static void item_start(Printer *p, Sort sort, Bytes docs, const WitGate *gate, Bytes external_id)
{
    if (docs.data || (gate && gate->kind != GATE_none) || external_id.data) sort = SORT_large;
    if (p->last != SORT_none && (sort == SORT_large || sort != p->last)) put(p, "\n");
    p->last = sort;
    put_docs(p, docs);
    put_gates(p, gate, external_id);
    line_start(p);
}

static void open_body(Printer *p)
{
    put(p, " {\n");
    p->depth++;
    p->last = SORT_none;
}

// A body that nothing was put into stays on its line.
static void close_body(Printer *p)
{
    p->depth--;
    if (p->out->data[p->out->len - 2] == '{') p->out->len--;
    else line_start(p);
    put(p, "}\n");
    p->last = SORT_large;
}

// ---- Types

static void put_type(Printer *p, const WitType *t);

static void put_elements(Printer *p, const WitType *t)
{
    put(p, "<");
    for (u32 i = 0; i < t->part_count; i++) {
        if (i) put(p, ", ");
        put_type(p, t->parts[i].type);
    }
    put(p, ">");
}

static void put_number(Printer *p, u32 n)
{
    u8 digits[10], count = 0;
    do digits[count++] = (u8)('0' + n % 10);
    while (n /= 10);
    while (count) buf_byte(p->out, digits[--count]);
}

static void put_arguments(Printer *p, const WitType *t)
{
    if (!t->of && !t->second) return;
    put(p, "<");
    if (t->of) put_type(p, t->of);
    else put(p, "_");
    if (t->second) {
        put(p, ", ");
        put_type(p, t->second);
    }
    if (t->kind == WIT_fixed_list) {
        put(p, ", ");
        put_number(p, t->length);
    }
    put(p, ">");
}

// What a type is made of, whatever its name is. A value that is owned is called as its resource.
static void put_shape(Printer *p, const WitType *t)
{
    if (t->kind == WIT_alias || (t->kind == WIT_own && !t->name.len)) {
        put_type(p, t->of);
        return;
    }
    put(p, t->kind == WIT_fixed_list ? "list" : wit_kind_text[t->kind]);
    if (t->kind == WIT_tuple) put_elements(p, t);
    else put_arguments(p, t);
}

static void put_type(Printer *p, const WitType *t)
{
    if (t->name.len) put_name(p, t->name);
    else put_shape(p, t);
}

static void put_parts(Printer *p, const WitType *t)
{
    open_body(p);
    for (u32 i = 0; i < t->part_count; i++) {
        const WitPart *part = &t->parts[i];
        put_docs(p, part->docs);
        line_start(p);
        put_name(p, part->name);
        if (part->type) {
            put(p, t->kind == WIT_record ? ": " : "(");
            put_type(p, part->type);
            if (t->kind != WIT_record) put(p, ")");
        }
        put(p, ",\n");
    }
    close_body(p);
}

// ---- Functions

static void put_params(Printer *p, const WitFunc *f)
{
    u32 first = f->kind == FUNC_method; // self
    put(p, "(");
    for (u32 i = first; i < f->param_count; i++) {
        if (i > first) put(p, ", ");
        put_name(p, f->params[i].name);
        put(p, ": ");
        put_type(p, f->params[i].type);
    }
    put(p, ")");
    if (f->result && (f->kind != FUNC_constructor || f->result->kind == WIT_result)) {
        put(p, " -> ");
        put_type(p, f->result);
    }
    put(p, ";\n");
}

static void put_func_type(Printer *p, const WitFunc *f)
{
    if (f->kind == FUNC_static) put(p, "static ");
    put(p, f->is_async ? "async func" : "func");
    put_params(p, f);
}

static void put_method(Printer *p, const WitFunc *f)
{
    item_start(p, SORT_func, f->notes->docs, &f->notes->gate, f->notes->external_id);
    const u8 *dot = memchr(f->name.data, '.', f->name.len);
    if (f->kind == FUNC_constructor) {
        put(p, "constructor");
        put_params(p, f);
        return;
    }
    size_t front = (size_t)(dot + 1 - f->name.data);
    put_name(p, (Bytes){dot + 1, f->name.len - front});
    put(p, ": ");
    put_func_type(p, f);
}

void wit_print_func(const WitFunc *f, Buf *out)
{
    Printer p = {.out = out};
    put_name(&p, f->name);
    put(&p, ": ");
    put_func_type(&p, f);
}

void wit_print_type(const WitType *t, Buf *out)
{
    Printer p = {.out = out};
    bool body = t->kind >= WIT_record && t->kind < WIT_resource;
    put(&p, body || t->kind == WIT_resource ? wit_kind_text[t->kind] : "type");
    put(&p, " ");
    put_name(&p, t->name);
    if (body) {
        put_parts(&p, t);
        return;
    }
    if (t->kind != WIT_resource) {
        put(&p, " = ");
        put_shape(&p, t);
    }
    put(&p, ";\n");
}

// ---- What is defined in a place

// An interface's functions, or a world's. Those of a resource may stand among others.
typedef struct {
    const WitFunc *func;
    u32 next; // of the same resource; 0: none
} FuncOf;
typedef struct {
    FuncOf *funcs;
    u32 count, cap;
    Map first, last; // by resource
} Funcs;

static void add_func(Funcs *funcs, Arena *arena, const WitFunc *f)
{
    if (f->resource) {
        const void *key = arena_copy(arena, &f->resource, sizeof f->resource);
        const u32 *last = map_get(&funcs->last, key, sizeof f->resource);
        if (last) funcs->funcs[*last].next = funcs->count;
        else map_add(&funcs->first, key, sizeof f->resource, funcs->count);
        map_set(&funcs->last, key, sizeof f->resource, funcs->count);
    }
    ARENA_PUSH(arena, funcs->funcs, funcs->count, funcs->cap) = (FuncOf){f, 0};
}

static void put_resource(Printer *p, const WitType *t, const Funcs *funcs)
{
    const u32 *first = map_get(&funcs->first, &t, sizeof t);
    put(p, "resource ");
    put_name(p, t->name);
    if (!first) {
        put(p, ";\n");
        return;
    }
    open_body(p);
    u32 i = *first;
    do put_method(p, funcs->funcs[i].func);
    while ((i = funcs->funcs[i].next));
    close_body(p);
}

static void put_definition(Printer *p, const WitType *t, const Funcs *funcs)
{
    bool body = t->kind >= WIT_record && t->kind < WIT_resource;
    bool methods = t->kind == WIT_resource && map_get(&funcs->first, &t, sizeof t);
    item_start(p, body || methods ? SORT_large : SORT_type, t->docs, t->gate, t->external_id);
    if (t->kind == WIT_resource) {
        put_resource(p, t, funcs);
    } else if (body) {
        put(p, wit_kind_text[t->kind]);
        put(p, " ");
        put_name(p, t->name);
        put_parts(p, t);
    } else {
        put(p, "type ");
        put_name(p, t->name);
        put(p, " = ");
        put_shape(p, t);
        put(p, ";\n");
    }
}

static bool is_used(const WitType *t)
{
    return t && t->kind == WIT_alias && t->of->kind >= WIT_own &&
           (t->of->interface != t->interface || t->of->world != t->world);
}

static void put_path(Printer *p, const WitInterface *i)
{
    const WitPackage *package = i->package;
    if (package != p->p) {
        put_name(p, package->space);
        put(p, ":");
        put_name(p, package->name);
        put(p, "/");
    }
    put_name(p, i->name);
    if (package == p->p || !package->version.text.len) return;
    put(p, "@");
    put_bytes(p, package->version.text);
}

static bool used_together(const WitType *a, const WitType *b)
{
    return a && b && is_used(b) && a->of->interface == b->of->interface && a->gate == b->gate;
}

// One use of all types, of so many, that stand in one behind each other. How many that are.
static u32 put_use(Printer *p, WitType *const *types, u32 count)
{
    u32 n = 0;
    item_start(p, SORT_use, types[0]->docs, types[0]->gate, types[0]->external_id);
    put(p, "use ");
    put_path(p, types[0]->of->interface);
    put(p, ".{");
    for (; n < count && used_together(types[0], types[n]); n++) {
        if (n) put(p, ", ");
        put_name(p, types[n]->of->name);
        if (bytes_same(types[n]->of->name, types[n]->name)) continue;
        put(p, " as ");
        put_name(p, types[n]->name);
    }
    put(p, "};\n");
    return n;
}

// ---- Interfaces

typedef struct {
    u32 at, number;
    WitType *type; // or
    WitFunc *func;
} Place;

static int order_places(const void *left, const void *right)
{
    const Place *a = left, *b = right;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

static Place *places_of(Arena *arena, const WitInterface *i, u32 *count)
{
    Place *places = NEW_ARRAY(arena, Place, (size_t)i->type_count + i->func_count + 1);
    u32 n = 0;
    for (u32 k = 0; k < i->type_count; k++, n++)
        places[n] = (Place){.at = i->types[k]->at.at, .number = n, .type = i->types[k]};
    for (u32 k = 0; k < i->func_count; k++)
        if (!i->funcs[k]->resource) {
            places[n] = (Place){.at = i->funcs[k]->at.at, .number = n, .func = i->funcs[k]};
            n++;
        }
    qsort(places, n, sizeof *places, order_places);
    *count = n;
    return places;
}

static void put_items(Printer *p, const WitInterface *interface)
{
    Arena *arena = p->out->arena;
    u32 count;
    Funcs funcs = {0};
    map_init(&funcs.first, arena);
    map_init(&funcs.last, arena);
    for (u32 i = 0; i < interface->func_count; i++) add_func(&funcs, arena, interface->funcs[i]);
    Place *places = places_of(arena, interface, &count);
    WitType **types = NEW_ARRAY(arena, WitType *, (size_t)count + 1); // NULL: a function
    for (u32 i = 0; i < count; i++) types[i] = places[i].type;
    open_body(p);
    for (u32 i = 0; i < count; i++) {
        const WitFunc *f = places[i].func;
        if (is_used(types[i])) {
            i += put_use(p, types + i, count - i) - 1;
        } else if (types[i]) {
            put_definition(p, types[i], &funcs);
        } else {
            item_start(p, SORT_func, f->notes->docs, &f->notes->gate, f->notes->external_id);
            put_name(p, f->name);
            put(p, ": ");
            put_func_type(p, f);
        }
    }
    close_body(p);
}

// ---- Worlds

static void put_extern(Printer *p, const WitItem *item, bool exports)
{
    const WitInterface *i = item->interface;
    const WitFunc *f = item->func;
    Sort sort = exports ? SORT_export : SORT_import;
    bool inlined = i && !i->name.len;
    Bytes docs = f ? f->notes->docs : inlined ? i->notes->docs : item->docs;
    item_start(p, inlined ? SORT_large : sort, docs, item->gate,
               f ? f->notes->external_id : item->external_id);
    put(p, exports ? "export " : "import ");
    if (item->name.len) {
        put_name(p, item->name);
        put(p, ": ");
    }
    if (f) {
        put_func_type(p, f);
    } else if (inlined) {
        put(p, "interface");
        put_items(p, i);
    } else {
        put_path(p, i);
        put(p, ";\n");
    }
}

static void put_world(Printer *p, const WitWorld *w)
{
    Arena *arena = p->out->arena;
    WitType **types = NEW_ARRAY(arena, WitType *, (size_t)w->imports.count + 1);
    u32 count = 0;
    Funcs funcs = {0};
    map_init(&funcs.first, arena);
    map_init(&funcs.last, arena);
    open_body(p);
    for (u32 i = 0; i < w->imports.count; i++) {
        const WitItem *item = &w->imports.items[i];
        if (item->interface) put_extern(p, item, false);
        else if (item->type) types[count++] = item->type;
        else if (item->func->resource) add_func(&funcs, arena, item->func);
    }
    for (u32 i = 0; i < count; i++) {
        if (is_used(types[i])) i += put_use(p, types + i, count - i) - 1;
        else put_definition(p, types[i], &funcs);
    }
    for (u32 i = 0; i < w->imports.count; i++) {
        const WitItem *item = &w->imports.items[i];
        if (item->func && !item->func->resource) put_extern(p, item, false);
    }
    for (u32 i = 0; i < w->exports.count; i++) put_extern(p, &w->exports.items[i], true);
    close_body(p);
}

// ---- Packages

static void put_contents(Printer *p, const WitPackage *package)
{
    for (u32 i = 0; i < package->interface_count; i++) {
        const WitInterface *interface = package->interfaces[i];
        const WitNotes *notes = interface->notes;
        item_start(p, SORT_large, notes->docs, &notes->gate, notes->external_id);
        put(p, "interface ");
        put_name(p, interface->name);
        put_items(p, interface);
    }
    for (u32 i = 0; i < package->world_count; i++) {
        const WitWorld *w = package->worlds[i];
        item_start(p, SORT_large, w->notes->docs, &w->notes->gate, w->notes->external_id);
        put(p, "world ");
        put_name(p, w->name);
        put_world(p, w);
    }
}

static void put_package_name(Printer *p, const WitPackage *package)
{
    item_start(p, SORT_large, package->docs, NULL, (Bytes){0});
    put(p, "package ");
    put_name(p, package->space);
    put(p, ":");
    put_name(p, package->name);
    if (package->version.text.len) put(p, "@");
    put_bytes(p, package->version.text);
}

void wit_print_package(const WitPackage *package, Buf *out)
{
    Printer p = {.out = out, .p = package};
    put_package_name(&p, package);
    put(&p, ";\n");
    put_contents(&p, package);
}

void wit_print(const Wit *wit, Buf *out)
{
    wit_print_package(wit->main, out);
    Printer p = {.out = out, .last = SORT_large};
    for (u32 i = 0; i < wit->package_count; i++) {
        p.p = wit->sorted[i];
        if (p.p == wit->main) continue;
        put_package_name(&p, p.p);
        open_body(&p);
        put_contents(&p, p.p);
        close_body(&p);
    }
}
