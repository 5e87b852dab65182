// text.c -- see text.h. Nothing is written behind what there is room for, nor looked at, so a type
// that stands for a large tree costs no more than a small one.

#include "component/type/text.h"

#include <stdarg.h>
#include <stdio.h>

typedef struct {
    const CTypes *types;
    char *out;
    size_t size, len;
} Text;

static bool full(const Text *t) { return t->len + 1 >= t->size; }

PRINTF_LIKE(2, 3) static void put(Text *t, const char *fmt, ...)
{
    if (full(t)) return;
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(t->out + t->len, t->size - t->len, fmt, args);
    va_end(args);
    t->len = MIN(t->len + (size_t)MAX(n, 0), t->size - 1);
}

// Labels are plain; other names of an instance's exports are too.
static void put_name(Text *t, Bytes name)
{
    put(t, "%.*s", (int)MIN(name.len, 200), (const char *)name.data);
}

static void put_type(Text *t, CType type);

static void put_optional(Text *t, CType type)
{
    if (type == CTYPE_NONE) put(t, "_");
    else put_type(t, type);
}

static void put_fields(Text *t, const CField *fields, u32 count, const char *begin, const char *end)
{
    put(t, "%s", begin);
    for (u32 i = 0; i < count && !full(t); i++) {
        if (i) put(t, ", ");
        put_name(t, fields[i].name);
        if (fields[i].name.len && fields[i].type != CTYPE_NONE) put(t, ": ");
        if (fields[i].type != CTYPE_NONE) put_type(t, fields[i].type);
    }
    put(t, "%s", end);
}

static void put_entity(Text *t, CEntity e);

static void put_externs(Text *t, const char *what, const CExtern *list, u32 count)
{
    for (u32 i = 0; i < count && !full(t); i++) {
        put(t, " %s ", what);
        put_name(t, list[i].name);
        put(t, ": ");
        put_entity(t, list[i].entity);
        put(t, ";");
    }
}

static void put_def(Text *t, const CTypeDef *def)
{
    switch (def->form) {
    case CFORM_record: put_fields(t, def->fields, def->count, "record { ", " }"); break;
    case CFORM_variant: put_fields(t, def->fields, def->count, "variant { ", " }"); break;
    case CFORM_flags: put_fields(t, def->fields, def->count, "flags { ", " }"); break;
    case CFORM_enum: put_fields(t, def->fields, def->count, "enum { ", " }"); break;
    case CFORM_tuple: put_fields(t, def->fields, def->count, "tuple<", ">"); break;
    case CFORM_map: put_fields(t, def->fields, 2, "map<", ">"); break;
    case CFORM_fixed_list:
        put(t, "list<");
        put_type(t, def->fields[0].type);
        put(t, ", %u>", def->count);
        break;
    case CFORM_result:
        put(t, "result<");
        put_optional(t, def->fields[0].type);
        put(t, ", ");
        put_optional(t, def->fields[1].type);
        put(t, ">");
        break;
    case CFORM_func:
        put(t, def->func->async ? "async func" : "func");
        put_fields(t, def->func->params, def->func->count, "(", ")");
        if (def->func->result == CTYPE_NONE) break;
        put(t, " -> ");
        put_type(t, def->func->result);
        break;
    case CFORM_resource: put(t, "resource %u", def->canon - CPRIM_COUNT); break;
    case CFORM_component: case CFORM_instance:
        put(t, "%s {", cform_info[def->form].text);
        put_externs(t, "import", def->externs->imports, def->externs->import_count);
        put_externs(t, "export", def->externs->exports, def->externs->export_count);
        put(t, " }");
        break;
    default:
        put(t, "%s<", cform_info[def->form].text);
        put_optional(t, def->fields[0].type);
        put(t, ">");
    }
}

static void put_type(Text *t, CType type)
{
    if (full(t)) return;
    const CTypeDef *def = ctype_def(t->types, type);
    if (!def || def->form == CFORM_COUNT)
        put(t, "%s", cprim_info[ctype_canon(t->types, type)].text);
    else put_def(t, def);
}

static void put_entity(Text *t, CEntity e)
{
    if (e.kind == CENTITY_module) {
        const CModuleType *m = t->types->modules[e.module];
        put(t, "core module with %u imports, %u exports", m->import_count, m->export_count);
        return;
    }
    if (e.kind == CENTITY_type) put(t, "type ");
    put_type(t, e.type);
}

// What was cut ends in dots.
static char *end(Text *t)
{
    if (full(t) && t->size > 4) memcpy(t->out + t->size - 4, "...", 4);
    return t->out;
}

char *ctype_describe(const CTypes *types, CType type, char *out, size_t size)
{
    Text t = {types, out, size, 0};
    *out = 0;
    put_type(&t, type);
    return end(&t);
}

char *centity_describe(const CTypes *types, CEntity e, char *out, size_t size)
{
    Text t = {types, out, size, 0};
    *out = 0;
    put_entity(&t, e);
    return end(&t);
}
