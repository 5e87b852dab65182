// wit_json.c -- see wit_json.h.
//
// Worlds, interfaces, types and packages are called by their numbers, each in a list of its kind.
// Names are such that as keys they need no escapes.

#include "cli/wit_json.h"

#include <stdio.h>

// A key that is no constant; good until the next one.
static const char *key_of(Json *j, Bytes name)
{
    j->text.len = 0;
    buf_bytes(&j->text, name.data, name.len);
    buf_byte(&j->text, 0);
    return (const char *)j->text.data;
}

static void write_docs(Json *j, Bytes docs)
{
    if (!docs.data) return;
    json_open(j, "docs", '{');
    json_string(j, "contents", docs);
    json_close(j, '}');
}

static void write_gate(Json *j, const WitGate *g)
{
    if (!g || g->kind == GATE_none) return;
    bool since = g->kind == GATE_since;
    json_open(j, "stability", '{');
    json_open(j, since ? "stable" : "unstable", '{');
    json_string(j, since ? "since" : "feature", since ? g->since.text : g->feature);
    if (g->deprecated.text.len) json_string(j, "deprecated", g->deprecated.text);
    json_close(j, '}');
    json_close(j, '}');
}

static void write_notes(Json *j, Bytes docs, const WitGate *gate, Bytes external_id)
{
    write_docs(j, docs);
    write_gate(j, gate);
    if (external_id.data) json_string(j, "external_id", external_id);
}

static void write_type(Json *j, const char *key, const WitType *t)
{
    if (!t) json_null(j, key);
    else if (t->kind < WIT_own) json_text(j, key, wit_kind_text[t->kind]);
    else json_number(j, key, t->index);
}

// ---- Types

static void write_parts(Json *j, const WitType *t)
{
    static const char *const keys[] = {[WIT_record] = "fields", [WIT_variant] = "cases",
                                       [WIT_enum] = "cases", [WIT_flags] = "flags"};
    json_open(j, wit_kind_text[t->kind], '{');
    json_open(j, keys[t->kind], '[');
    for (u32 i = 0; i < t->part_count; i++) {
        const WitPart *part = &t->parts[i];
        json_open(j, NULL, '{');
        json_string(j, "name", part->name);
        if (t->kind == WIT_record || t->kind == WIT_variant) write_type(j, "type", part->type);
        write_docs(j, part->docs);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void write_tuple(Json *j, const WitType *t)
{
    json_open(j, "tuple", '{');
    json_open(j, "types", '[');
    for (u32 i = 0; i < t->part_count; i++) write_type(j, NULL, t->parts[i].type);
    json_close(j, ']');
    json_close(j, '}');
}

static void write_pair(Json *j, const WitType *t)
{
    bool result = t->kind == WIT_result;
    json_open(j, wit_kind_text[t->kind], result ? '{' : '[');
    write_type(j, result ? "ok" : NULL, t->of);
    if (t->kind == WIT_fixed_list) json_number(j, NULL, t->length);
    else write_type(j, result ? "err" : NULL, t->second);
    json_close(j, result ? '}' : ']');
}

static void write_kind(Json *j, const WitType *t)
{
    if (t->kind == WIT_resource) {
        json_text(j, "kind", "resource");
        return;
    }
    json_open(j, "kind", '{');
    switch (t->kind) {
    case WIT_record:
    case WIT_variant:
    case WIT_enum:
    case WIT_flags: write_parts(j, t); break;
    case WIT_tuple: write_tuple(j, t); break;
    case WIT_map:
    case WIT_result:
    case WIT_fixed_list: write_pair(j, t); break;
    case WIT_own:
    case WIT_borrow:
        json_open(j, "handle", '{');
        write_type(j, wit_kind_text[t->kind], t->of);
        json_close(j, '}');
        break;
    default: write_type(j, wit_kind_text[t->kind], t->of);
    }
    json_close(j, '}');
}

static void write_definition(Json *j, const WitType *t)
{
    json_open(j, NULL, '{');
    json_known(j, "name", t->name);
    write_kind(j, t);
    if (t->interface || t->world) {
        json_open(j, "owner", '{');
        json_number(j, t->world ? "world" : "interface",
                    t->world ? t->world->index : t->interface->index);
        json_close(j, '}');
    } else {
        json_null(j, "owner");
    }
    write_notes(j, t->docs, t->gate, t->external_id);
    json_close(j, '}');
}

// ---- Functions

static void write_func_kind(Json *j, const WitFunc *f)
{
    static const char *const kinds[][2] = {
        [FUNC_free] = {"freestanding", "async-freestanding"},
        [FUNC_method] = {"method", "async-method"},
        [FUNC_static] = {"static", "async-static"},
        [FUNC_constructor] = {"constructor", "constructor"},
    };
    const char *kind = kinds[f->kind][f->is_async];
    if (f->kind == FUNC_free) {
        json_text(j, "kind", kind);
    } else {
        json_open(j, "kind", '{');
        json_number(j, kind, f->resource->index);
        json_close(j, '}');
    }
}

static void write_func(Json *j, const char *key, const WitFunc *f)
{
    json_open(j, key, '{');
    json_string(j, "name", f->name);
    write_func_kind(j, f);
    json_open(j, "params", '[');
    for (u32 i = 0; i < f->param_count; i++) {
        json_open(j, NULL, '{');
        json_string(j, "name", f->params[i].name);
        write_type(j, "type", f->params[i].type);
        json_close(j, '}');
    }
    json_close(j, ']');
    if (f->result) write_type(j, "result", f->result);
    write_notes(j, f->notes->docs, &f->notes->gate, f->notes->external_id);
    json_close(j, '}');
}

// ---- Interfaces and worlds

static void write_interface(Json *j, const WitInterface *i)
{
    json_open(j, NULL, '{');
    json_known(j, "name", i->name);
    json_open(j, "types", '{');
    for (u32 k = 0; k < i->type_count; k++)
        json_number(j, key_of(j, i->types[k]->name), i->types[k]->index);
    json_close(j, '}');
    json_open(j, "functions", '{');
    for (u32 k = 0; k < i->func_count; k++)
        write_func(j, key_of(j, i->funcs[k]->name), i->funcs[k]);
    json_close(j, '}');
    write_notes(j, i->notes->docs, &i->notes->gate, (Bytes){0});
    json_number(j, "package", i->package->index);
    if (i->copy_of) json_number(j, "clone_of", i->copy_of->index);
    json_close(j, '}');
}

static void write_item(Json *j, const WitItem *item)
{
    char number[32];
    if (!item->name.len) snprintf(number, sizeof number, "interface-%u", item->interface->index);
    json_open(j, item->name.len ? key_of(j, item->name) : number, '{');
    if (item->type) {
        json_number(j, "type", item->type->index);
    } else if (item->func) {
        write_func(j, "function", item->func);
    } else {
        json_open(j, "interface", '{');
        json_number(j, "id", item->interface->index);
        write_notes(j, item->docs, item->gate, item->external_id);
        json_close(j, '}');
    }
    json_close(j, '}');
}

static void write_world(Json *j, const WitWorld *w)
{
    json_open(j, NULL, '{');
    json_string(j, "name", w->name);
    json_open(j, "imports", '{');
    for (u32 i = 0; i < w->imports.count; i++) write_item(j, &w->imports.items[i]);
    json_close(j, '}');
    json_open(j, "exports", '{');
    for (u32 i = 0; i < w->exports.count; i++) write_item(j, &w->exports.items[i]);
    json_close(j, '}');
    json_number(j, "package", w->package->index);
    write_notes(j, w->notes->docs, &w->notes->gate, (Bytes){0});
    json_close(j, '}');
}

static void write_package(Json *j, const WitPackage *p)
{
    json_open(j, NULL, '{');
    json_string(j, "name", p->full);
    write_docs(j, p->docs);
    json_open(j, "interfaces", '{');
    for (u32 i = 0; i < p->interface_count; i++)
        json_number(j, key_of(j, p->interfaces[i]->name), p->interfaces[i]->index);
    json_close(j, '}');
    json_open(j, "worlds", '{');
    for (u32 i = 0; i < p->world_count; i++)
        json_number(j, key_of(j, p->worlds[i]->name), p->worlds[i]->index);
    json_close(j, '}');
    json_close(j, '}');
}

void wit_json(const Wit *wit, Json *j)
{
    json_open(j, NULL, '{');
    json_open(j, "worlds", '[');
    for (u32 i = 0; i < wit->world_count; i++) write_world(j, wit->worlds[i]);
    json_close(j, ']');
    json_open(j, "interfaces", '[');
    for (u32 i = 0; i < wit->interface_count; i++) write_interface(j, wit->interfaces[i]);
    json_close(j, ']');
    json_open(j, "types", '[');
    for (u32 i = 0; i < wit->type_count; i++) write_definition(j, wit->types[i]);
    json_close(j, ']');
    json_open(j, "packages", '[');
    for (u32 i = 0; i < wit->package_count; i++) write_package(j, wit->packages[i]);
    json_close(j, ']');
    json_close(j, '}');
}
