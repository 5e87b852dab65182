// items.c -- types, imports, exports, and what a module defines but for functions.

#include "cli/inspect/inspect.h"

static const char *const kind_text[EXTERN_COUNT] = {"func", "table", "memory", "global", "tag"};
static const char *const plural_text[EXTERN_COUNT] = {"functions", "tables", "memories", "globals",
                                                      "tags"};

static u32 item_count(const Module *m, ExternKind kind, u32 *imported)
{
    const u32 counts[EXTERN_COUNT][2] = {{m->func_count, m->imported_funcs},
                                         {m->table_count, m->imported_tables},
                                         {m->memory_count, m->imported_memories},
                                         {m->global_count, m->imported_globals},
                                         {m->tag_count, m->imported_tags}};
    *imported = counts[kind][1];
    return counts[kind][0];
}

void show_types(Inspect *s)
{
    if (!s->m->type_count) return;
    printf("\ntypes: %u\n", s->m->type_count);
    for (u32 i = 0; i < s->m->type_count; i++) {
        printf("  %u ", i);
        show(describe_type(&s->describer, i));
        putchar('\n');
    }
}

void show_imports(Inspect *s)
{
    if (!s->m->import_count) return;
    printf("\nimports: %u\n", s->m->import_count);
    for (u32 i = 0; i < s->m->import_count; i++) {
        const Import *import = &s->m->imports[i];
        fputs("  import ", stdout);
        show_name(s, import->module);
        putchar(' ');
        show_name(s, import->name);
        putchar(' ');
        show(describe_item(&s->describer, import->kind, import->index));
        putchar('\n');
    }
}

// What is exported for its value: __heap_base.
static Range constant_of(const Module *m, const Export *export)
{
    bool global = export->kind == EXTERN_global && export->index >= m->imported_globals &&
        export->index < m->global_count && !m->globals[export->index].type.mutable;
    return global ? m->globals[export->index].init : (Range){0};
}

void show_exports(Inspect *s)
{
    if (!s->m->export_count) return;
    printf("\nexports: %u\n", s->m->export_count);
    for (u32 i = 0; i < s->m->export_count; i++) {
        const Export *export = &s->m->exports[i];
        fputs("  export ", stdout);
        show_name(s, export->name);
        Bytes type = describe_item(&s->describer, export->kind, export->index);
        putchar(' ');
        if (type.len) show(type);
        else printf("(%s %u)", kind_text[export->kind], export->index);
        Range value = constant_of(s->m, export);
        if (value.start != value.end) show_expr(s, " = ", value);
        putchar('\n');
    }
}

static const NamesKind names_of[EXTERN_COUNT] = {
    [EXTERN_func] = NAMES_func, [EXTERN_table] = NAMES_table, [EXTERN_memory] = NAMES_memory,
    [EXTERN_global] = NAMES_global, [EXTERN_tag] = NAMES_tag,
};

// What a definition begins with, if it has an expression for that.
static Range init_of(const Module *m, ExternKind kind, u32 index)
{
    switch (kind) {
    case EXTERN_table: return m->tables[index].init;
    case EXTERN_global: return m->globals[index].init;
    default: return (Range){0};
    }
}

// What the module defines itself, imports not repeated.
void show_defined(Inspect *s)
{
    for (ExternKind kind = EXTERN_table; kind < EXTERN_COUNT; kind++) {
        u32 imported, count = item_count(s->m, kind, &imported);
        if (count == imported) continue;
        printf("\n%s: %u\n", plural_text[kind], count - imported);
        for (u32 i = imported; i < count; i++) {
            Bytes name = name_map_find(&s->names.flat[names_of[kind]], i);
            Range init = init_of(s->m, kind, i);
            printf("  %u ", i);
            show(describe_item(&s->describer, kind, i));
            if (name.data) putchar(' '), show_name(s, name);
            if (init.start != init.end) show_expr(s, " = ", init);
            putchar('\n');
        }
    }
}

void json_types(Json *j, Inspect *s)
{
    s->describer.limit = SIZE_MAX;
    json_open(j, "types", '[');
    for (u32 i = 0; i < s->m->type_count; i++)
        json_string(j, NULL, describe_type(&s->describer, i));
    json_close(j, ']');
    s->describer.limit = JSON_LIMIT;
}

void json_imports(Json *j, Inspect *s)
{
    json_open(j, "imports", '[');
    for (u32 i = 0; i < s->m->import_count; i++) {
        const Import *import = &s->m->imports[i];
        json_open(j, NULL, '{');
        json_string(j, "module", import->module);
        json_string(j, "name", import->name);
        json_text(j, "kind", kind_text[import->kind]);
        json_number(j, "index", import->index);
        json_string(j, "type", describe_item(&s->describer, import->kind, import->index));
        json_close(j, '}');
    }
    json_close(j, ']');
}

void json_exports(Json *j, Inspect *s)
{
    json_open(j, "exports", '[');
    for (u32 i = 0; i < s->m->export_count; i++) {
        const Export *export = &s->m->exports[i];
        Bytes type = describe_item(&s->describer, export->kind, export->index);
        json_open(j, NULL, '{');
        json_string(j, "name", export->name);
        json_text(j, "kind", kind_text[export->kind]);
        json_number(j, "index", export->index);
        if (type.len) json_string(j, "type", type);
        else json_null(j, "type");
        Range value = constant_of(s->m, export);
        if (value.start != value.end) json_expr(j, s, "init", value);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_definition(Json *j, Inspect *s, ExternKind kind, u32 index)
{
    Range init = init_of(s->m, kind, index);
    json_open(j, NULL, '{');
    json_number(j, "index", index);
    json_name(j, name_map_find(&s->names.flat[names_of[kind]], index));
    json_string(j, "type", describe_item(&s->describer, kind, index));
    if (init.start != init.end) json_expr(j, s, "init", init);
    json_close(j, '}');
}

void json_defined(Json *j, Inspect *s)
{
    for (ExternKind kind = EXTERN_table; kind < EXTERN_COUNT; kind++) {
        u32 imported, count = item_count(s->m, kind, &imported);
        json_open(j, plural_text[kind], '{');
        json_number(j, "imported", imported);
        json_open(j, "defined", '[');
        for (u32 i = imported; i < count; i++) json_definition(j, s, kind, i);
        json_close(j, ']');
        json_close(j, '}');
    }
}
