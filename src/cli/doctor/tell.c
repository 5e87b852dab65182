// tell.c -- what was found out, for programs.

#include "cli/doctor/doctor.h"

#include "cli/doctor/tools.h"
#include "cli/imports.h"
#include "cli/json.h"
#include "module/describe.h"

#include <string.h>

enum { TYPE_MOST = 1000 };

static void tell_tool(void *env, const char *what) { json_text(env, NULL, what); }

static void tell_makers(Json *j, const Module *m)
{
    json_open(j, "producers", '[');
    each_producer(m, producer_json, j);
    json_close(j, ']');
    json_open(j, "signs", '[');
    each_tool(m, tell_tool, j);
    json_close(j, ']');
    json_open(j, "target_features", '[');
    each_target_feature(m, target_feature_json, j);
    json_close(j, ']');
}

static void tell_needs(Json *j, const Doctor *d)
{
    json_open(j, "features_needed", '[');
    for (u32 i = 0; i < d->need_count; i++) {
        const Need *n = &d->need[i];
        const char *section = doctor_section(d, n->first.offset);
        json_open(j, NULL, '{');
        json_text(j, "feature", feature_text[n->feature]);
        json_bool(j, "on", d->features & FEATURE_BIT(n->feature));
        json_known(j, "instruction", n->op);
        json_number(j, "offset", n->first.offset);
        if (section) json_text(j, "section", section);
        else json_null(j, "section");
        if (n->first.func != DIAG_NO_FUNC) json_number(j, "function", n->first.func);
        else json_null(j, "function");
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void tell_imports(Json *j, const Doctor *d, Describer *describer)
{
    json_open(j, "imports", '[');
    for (u32 i = 0; i < d->m->import_count; i++) {
        const Import *import = &d->m->imports[i];
        bool provided = doctor_provided(NULL, d->m, import);
        ImportOrigin origin = import_origin(import);
        json_open(j, NULL, '{');
        json_string(j, "module", import->module);
        json_string(j, "name", import->name);
        json_string(j, "type", describe_item(describer, import->kind, import->index));
        json_bool(j, "provided", provided);
        if (!provided) {
            json_text(j, "origin", origin.what);
            json_text(j, "remedy", origin.remedy);
        }
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void tell_memories(Json *j, const Module *m)
{
    json_open(j, "memories", '[');
    for (u32 i = 0; i < m->memory_count; i++) {
        const MemType *type = &m->memories[i].type;
        json_open(j, NULL, '{');
        json_number(j, "bytes", memory_bytes(type->limits.min, type));
        if (type->limits.has_max)
            json_number(j, "most_bytes", memory_bytes(type->limits.max, type));
        else json_null(j, "most_bytes");
        json_bool(j, "imported", i < m->imported_memories);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void tell_functions(Json *j, const Module *m, Describer *describer)
{
    json_open(j, "functions", '[');
    for (u32 i = 0; i < m->export_count; i++) {
        const Export *e = &m->exports[i];
        if (e->kind != EXTERN_func) continue;
        json_open(j, NULL, '{');
        json_string(j, "name", e->name);
        json_string(j, "type", describe_item(describer, EXTERN_func, e->index));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void tell_problems(Json *j, const Doctor *d)
{
    json_open(j, "problems", '[');
    for (u32 i = 0; i < d->problem_count; i++) {
        json_open(j, NULL, '{');
        json_text(j, "what", d->problems[i].what);
        json_text(j, "remedy", d->problems[i].remedy);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void tell_module(Json *j, const Doctor *d, Arena *arena)
{
    Describer describer;
    describer_init(&describer, d->m, arena, TYPE_MOST);
    json_text(j, "format", d->source.is_text ? "text" : "binary");
    tell_makers(j, d->m);
    if (d->loads) tell_needs(j, d);
    tell_imports(j, d, &describer);
    tell_memories(j, d->m);
    tell_functions(j, d->m, &describer);
    json_bool(j, "starts", d->starts);
    json_bool(j, "untried", d->untried);
}

bool doctor_tell(const Doctor *d)
{
    Arena arena;
    jmp_buf failure;
    Json json, *j = &json;
    arena_init(&arena);
    arena.on_failure = &failure;
    if (setjmp(failure)) {
        arena_free(&arena);
        return cli_error(0, "out of memory");
    }
    json_init(j, stdout, &arena);
    json_open(j, NULL, '{');
    json_text(j, "file", d->file);
    json_text(j, "kind", d->kind);
    json_number(j, "size", doctor_size(d));
    json_bool(j, "runs", !d->problem_count);
    tell_problems(j, d);
    if (d->decoded) tell_module(j, d, &arena);
    json_close(j, '}');
    arena_free(&arena);
    return true;
}
