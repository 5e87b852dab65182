// package_docs.c -- documentation and gates of a package, which its types in binary have no room
// for: a custom section with a version and JSON, as wit-component writes it.
//
//     {"docs": .., "worlds": {NAME: {.., "interfaces", "types", "funcs", "interface_exports",
//      "func_exports", "interface_import_stability", ..}}, "interfaces": {NAME: {.., "funcs",
//      "types"}}}

#include "component/type/name.h"
#include "component/wit/binary.h"
#include "component/wit/decode.h"
#include "component/wit/json.h"
#include "component/wit/resolver.h"

enum { VERSION = 1 };

// ---- Writing

static void put_docs(JsonText *j, Bytes docs)
{
    if (docs.data) json_text_string(j, bytes_of("docs"), docs);
}

static bool has_gate(const WitGate *g) { return g && g->kind != GATE_none; }

static void put_gate(JsonText *j, Bytes key, const WitGate *g)
{
    if (!has_gate(g)) return;
    bool since = g->kind == GATE_since;
    JsonMark outer = json_text_open(j, key);
    JsonMark inner = json_text_open(j, bytes_of(since ? "stable" : "unstable"));
    json_text_string(j, bytes_of(since ? "since" : "feature"), since ? g->since.text : g->feature);
    if (g->deprecated.text.len) json_text_string(j, bytes_of("deprecated"), g->deprecated.text);
    json_text_close(j, inner);
    json_text_close(j, outer);
}

static void put_func(JsonText *j, const WitFunc *f)
{
    JsonMark mark = json_text_open(j, f->name);
    put_docs(j, f->notes->docs);
    put_gate(j, bytes_of("stability"), &f->notes->gate);
    json_text_close(j, mark);
}

static void put_type(JsonText *j, const WitType *t)
{
    JsonMark mark = json_text_open(j, t->name);
    put_docs(j, t->docs);
    put_gate(j, bytes_of("stability"), t->gate);
    JsonMark items = json_text_open(j, bytes_of("items"));
    for (u32 i = 0; i < t->part_count && t->kind != WIT_tuple; i++)
        if (t->parts[i].docs.data) json_text_string(j, t->parts[i].name, t->parts[i].docs);
    json_text_close(j, items);
    json_text_close(j, mark);
}

static void put_interface(JsonText *j, Bytes name, const WitInterface *i)
{
    JsonMark mark = json_text_open(j, name);
    put_docs(j, i->notes->docs);
    put_gate(j, bytes_of("stability"), &i->notes->gate);
    JsonMark funcs = json_text_open(j, bytes_of("funcs"));
    for (u32 k = 0; k < i->func_count; k++) put_func(j, i->funcs[k]);
    json_text_close(j, funcs);
    JsonMark types = json_text_open(j, bytes_of("types"));
    for (u32 k = 0; k < i->type_count; k++) put_type(j, i->types[k]);
    json_text_close(j, types);
    json_text_close(j, mark);
}

typedef enum { PART_interfaces, PART_types, PART_funcs, PART_stability, PART_docs } WorldPart;

static Bytes item_key(Wit *wit, const WitItem *item)
{
    return item->name.len ? item->name
                          : wit_member_name(wit->arena, item->interface->package,
                                            item->interface->name);
}

static void put_items(JsonText *j, Wit *wit, const char *key, const WitItems *items, WorldPart part)
{
    JsonMark mark = json_text_open(j, bytes_of(key));
    for (u32 n = 0; n < items->count; n++) {
        const WitItem *item = &items->items[n];
        const WitInterface *i = item->interface;
        bool named = i && i->name.len;
        if (part == PART_interfaces && i && !named) put_interface(j, item->name, i);
        if (part == PART_types && item->type) put_type(j, item->type);
        if (part == PART_funcs && item->func) put_func(j, item->func);
        if (part == PART_stability && named) put_gate(j, item_key(wit, item), item->gate);
        if (part == PART_docs && named && item->docs.data)
            json_text_string(j, item_key(wit, item), item->docs);
    }
    json_text_close(j, mark);
}

static void put_world(JsonText *j, Wit *wit, const WitWorld *w)
{
    JsonMark mark = json_text_open(j, w->name);
    put_docs(j, w->notes->docs);
    put_gate(j, bytes_of("stability"), &w->notes->gate);
    put_items(j, wit, "interfaces", &w->imports, PART_interfaces);
    put_items(j, wit, "types", &w->imports, PART_types);
    put_items(j, wit, "funcs", &w->imports, PART_funcs);
    put_items(j, wit, "interface_exports", &w->exports, PART_interfaces);
    put_items(j, wit, "func_exports", &w->exports, PART_funcs);
    put_items(j, wit, "interface_import_stability", &w->imports, PART_stability);
    put_items(j, wit, "interface_export_stability", &w->exports, PART_stability);
    put_items(j, wit, "interface_import_docs", &w->imports, PART_docs);
    put_items(j, wit, "interface_export_docs", &w->exports, PART_docs);
    json_text_close(j, mark);
}

Bytes wit_package_docs(Wit *wit, const WitPackage *p)
{
    Buf out;
    buf_init(&out, wit->arena);
    JsonText j = {.out = &out, .first = true};
    buf_byte(&out, VERSION);
    buf_byte(&out, '{');
    put_docs(&j, p->docs);
    JsonMark worlds = json_text_open(&j, bytes_of("worlds"));
    for (u32 i = 0; i < p->world_count; i++) put_world(&j, wit, p->worlds[i]);
    json_text_close(&j, worlds);
    JsonMark interfaces = json_text_open(&j, bytes_of("interfaces"));
    for (u32 i = 0; i < p->interface_count; i++)
        put_interface(&j, p->interfaces[i]->name, p->interfaces[i]);
    json_text_close(&j, interfaces);
    buf_byte(&out, '}');
    return buf_view(&out);
}

// ---- Reading. What is about something that is not there is refused.

static _Noreturn void fail(Wit *wit, const char *what, Bytes name)
{
    wit_fail(wit, (WitSpot){0}, ERR_wit_docs, "%s \"%.*s\"", what, WIT_SAY(name));
}

static Bytes string_of(Wit *wit, const JsonNode *n, Bytes otherwise)
{
    if (!n) return otherwise;
    if (n->kind != JSON_string) fail(wit, "no string is", n->key);
    return n->text;
}

static void take_version(Wit *wit, const JsonNode *n, WitVersion *v)
{
    const char *why;
    if (n && !wit_version_parse(string_of(wit, n, (Bytes){0}), v, &why))
        fail(wit, "no version is", n->text);
}

static WitGate read_gate(Wit *wit, const JsonNode *n)
{
    WitGate g = {.kind = GATE_none};
    const JsonNode *stable = json_member(n, "stable"), *unstable = json_member(n, "unstable");
    const JsonNode *of = stable ? stable : unstable;
    if (!of) return g;
    g.kind = stable ? GATE_since : GATE_unstable;
    take_version(wit, json_member(of, "since"), &g.since);
    take_version(wit, json_member(of, "deprecated"), &g.deprecated);
    g.feature = string_of(wit, json_member(of, "feature"), g.feature);
    if (stable ? !g.since.text.len : !clabel_valid(g.feature)) fail(wit, "no gate is", of->key);
    return g;
}

// In the first format a function has a string, or null, and no gate.
static void take_notes(Wit *wit, const JsonNode *n, WitNotes *notes)
{
    if (n->kind == JSON_other) return;
    if (n->kind == JSON_string) {
        notes->docs = n->text;
        return;
    }
    if (n->kind != JSON_object) fail(wit, "no object is", n->key);
    notes->docs = string_of(wit, json_member(n, "docs"), notes->docs);
    notes->gate = read_gate(wit, json_member(n, "stability"));
}

static void take_func(Wit *wit, const JsonNode *n, WitFunc *f)
{
    WitNotes *notes = NEW(wit->arena, WitNotes);
    *notes = *f->notes;
    take_notes(wit, n, notes);
    f->notes = notes;
}

static void take_type(Wit *wit, const JsonNode *n, WitType *t)
{
    WitNotes *notes = NEW(wit->arena, WitNotes);
    Map parts;
    take_notes(wit, n, notes);
    t->docs = notes->docs;
    t->gate = &notes->gate;
    const JsonNode *items = json_member(n, "items");
    if (!items) return;
    if (items->kind != JSON_object) fail(wit, "no object is", items->key);
    map_init(&parts, wit->arena);
    for (u32 i = 0; i < t->part_count && t->kind != WIT_tuple; i++)
        map_add(&parts, t->parts[i].name.data, t->parts[i].name.len, i);
    for (const JsonNode *item = items->first; item; item = item->next) {
        const u32 *part = map_get(&parts, item->key.data, item->key.len);
        if (!part) fail(wit, "there is no part", item->key);
        t->parts[*part].docs = string_of(wit, item, (Bytes){0});
    }
}

static void take_interface(Wit *wit, const JsonNode *n, WitInterface *i)
{
    WitNotes *notes = NEW(wit->arena, WitNotes);
    *notes = *i->notes;
    take_notes(wit, n, notes);
    i->notes = notes;
    const JsonNode *types = json_member(n, "types"), *funcs = json_member(n, "funcs");
    for (const JsonNode *t = types ? types->first : NULL; t; t = t->next) {
        const u32 *at = map_get(&i->names, t->key.data, t->key.len);
        if (!at || *at >= i->type_count) fail(wit, "there is no type", t->key);
        take_type(wit, t, i->types[*at]);
    }
    if (!funcs) return;
    Map names;
    map_init(&names, wit->arena);
    for (u32 k = 0; k < i->func_count; k++)
        map_add(&names, i->funcs[k]->name.data, i->funcs[k]->name.len, k);
    for (const JsonNode *f = funcs->first; f; f = f->next) {
        const u32 *at = map_get(&names, f->key.data, f->key.len);
        if (!at) fail(wit, "there is no function", f->key);
        take_func(wit, f, i->funcs[*at]);
    }
}

// By what it is called outside.
static WitItem *find_item(const Map *keys, WitItems *items, Bytes key)
{
    const u32 *at = map_get(keys, key.data, key.len);
    return at ? &items->items[*at] : NULL;
}

static void take_items(Wit *wit, const JsonNode *world, const char *key, WitWorld *w,
                       const Map *keys, bool exports, WorldPart part)
{
    const JsonNode *list = json_member(world, key);
    for (const JsonNode *n = list ? list->first : NULL; n; n = n->next) {
        WitItem *item = find_item(&keys[exports], exports ? &w->exports : &w->imports, n->key);
        // In the first format what is exported stands with what is imported.
        bool other = !exports && (!item || (part == PART_interfaces && !item->interface) ||
                                  (part == PART_funcs && !item->func));
        if (other) item = find_item(&keys[1], &w->exports, n->key);
        WitInterface *i = item ? item->interface : NULL;
        if (part == PART_interfaces && i && !i->name.len) {
            take_interface(wit, n, i);
            item->gate = &i->notes->gate;
        } else if (part == PART_types && item && item->type) {
            take_type(wit, n, item->type);
            item->gate = item->type->gate;
        } else if (part == PART_funcs && item && item->func) {
            take_func(wit, n, item->func);
            item->gate = &item->func->notes->gate;
        } else if (part == PART_stability && i) {
            WitGate gate = read_gate(wit, n);
            item->gate = arena_copy(wit->arena, &gate, sizeof gate);
        } else if (part == PART_docs && i) {
            item->docs = string_of(wit, n, (Bytes){0});
        } else {
            fail(wit, "the world has no such", n->key);
        }
    }
}

static void collect_keys(Wit *wit, Map *keys, const WitItems *items)
{
    map_init(keys, wit->arena);
    for (u32 i = 0; i < items->count; i++) {
        Bytes key = item_key(wit, &items->items[i]);
        map_add(keys, key.data, key.len, i);
    }
}

static void take_world(Wit *wit, const JsonNode *n, WitWorld *w)
{
    Map keys[2];
    WitNotes *notes = NEW(wit->arena, WitNotes);
    *notes = *w->notes;
    take_notes(wit, n, notes);
    w->notes = notes;
    collect_keys(wit, &keys[0], &w->imports);
    collect_keys(wit, &keys[1], &w->exports);
    take_items(wit, n, "interfaces", w, keys, false, PART_interfaces);
    take_items(wit, n, "types", w, keys, false, PART_types);
    take_items(wit, n, "funcs", w, keys, false, PART_funcs);
    take_items(wit, n, "interface_exports", w, keys, true, PART_interfaces);
    take_items(wit, n, "func_exports", w, keys, true, PART_funcs);
    take_items(wit, n, "interface_import_stability", w, keys, false, PART_stability);
    take_items(wit, n, "interface_export_stability", w, keys, true, PART_stability);
    take_items(wit, n, "interface_import_docs", w, keys, false, PART_docs);
    take_items(wit, n, "interface_export_docs", w, keys, true, PART_docs);
}

void wit_take_docs(Wit *wit, WitPackage *p, Bytes section)
{
    if (!section.len || section.data[0] > VERSION)
        wit_fail(wit, (WitSpot){0}, ERR_wit_docs, "its version is none of 0 and 1");
    const JsonNode *top = json_read(wit->arena, (Bytes){section.data + 1, section.len - 1});
    if (!top || top->kind != JSON_object)
        wit_fail(wit, (WitSpot){0}, ERR_wit_docs, "it is not JSON");
    p->docs = string_of(wit, json_member(top, "docs"), p->docs);
    const JsonNode *worlds = json_member(top, "worlds");
    const JsonNode *interfaces = json_member(top, "interfaces");
    for (const JsonNode *n = worlds ? worlds->first : NULL; n; n = n->next) {
        const u32 *at = map_get(&p->world_names, n->key.data, n->key.len);
        if (!at) fail(wit, "there is no world", n->key);
        take_world(wit, n, p->worlds[*at]);
    }
    for (const JsonNode *n = interfaces ? interfaces->first : NULL; n; n = n->next) {
        const u32 *at = map_get(&p->interface_names, n->key.data, n->key.len);
        if (!at) fail(wit, "there is no interface", n->key);
        take_interface(wit, n, p->interfaces[*at]);
    }
}
