// component.c -- see component.h.

#include "cli/component.h"

#include "cli/component_parts.h"
#include "component/type/text.h"
#include "text/component/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool input_is_component(const char *name)
{
    u8 head[16384]; // with comments in front
    int fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    ssize_t size = 0;
    if (fd >= 0)
        do size = pread(fd, head, sizeof head, 0);
        while (size < 0 && errno == EINTR);
    if (fd >= 0) close(fd);
    return size > 0 && source_is_component(head, (size_t)size);
}

static Module *load_module(void *engine, const u8 *bytes, size_t size, Diag *diag)
{
    return engine_load(engine, bytes, size, diag);
}

Component *input_component(Engine *engine, Bytes given, bool runs, Source *source, Diag *diag)
{
    const CModuleLoader loader = {.load = load_module, .drop = engine_unload, .env = engine,
                                  .runs = runs};
    Bytes bytes;
    bool is;
    if (!source_assemble_any(source, engine->features, given.data, given.len, &bytes, &is, diag))
        return NULL;
    Component *c = component_load(bytes.data, bytes.len, engine->features, engine->types, &loader,
                                  diag);
    if (!c && source->is_text)
        text_diag_map(diag, &source->text, (const char *)source->data, source->size);
    return c;
}

bool component_check(const char *name, Engine *engine, Bytes bytes)
{
    Source source;
    Diag diag;
    Component *c = input_component(engine, bytes, false, &source, &diag);
    if (!c) print_diag(name, &source, &diag);
    bool good = c != NULL;
    component_free(c);
    source_free(&source);
    return good;
}

// ---- For people

enum { TYPE_TEXT_MOST = 300 };

static void show_externs(const Component *c, const char *what, const CExtern *list, u32 count)
{
    char text[TYPE_TEXT_MOST];
    for (u32 i = 0; i < count; i++) {
        printf("  %-8s", what);
        print_tame(stdout, list[i].name);
        printf(": %s\n", centity_describe(&c->types, list[i].entity, text, sizeof text));
    }
}

static void show_counts(const Component *c)
{
    u32 lifted = c->canons[CANON_lift], lowered = c->canons[CANON_lower], builtins = 0;
    for (u32 i = 0; i < CANON_COUNT; i++) builtins += c->canons[i];
    printf("  %zu bytes, %u sections, %u core modules, %u components, %u instances\n", c->size,
           c->section_count, c->module_count, c->component_count, c->instance_count);
    printf("  %u functions lifted, %u lowered, %u builtins\n", lifted, lowered,
           builtins - lifted - lowered);
}

static void show_text(const char *name, const Component *c, Arena *arena)
{
    const CExterns *e = ctype_def(&c->types, c->type)->externs;
    print_tame_text(stdout, name);
    printf(": a component\n");
    show_counts(c);
    parts_show_own(c, arena);
    show_externs(c, "import", e->imports, e->import_count);
    show_externs(c, "export", e->exports, e->export_count);
    parts_show(c, arena);
    for (u32 i = 0; i < CANON_COUNT; i++)
        if (i != CANON_lift && i != CANON_lower && c->canons[i])
            printf("  builtin %s, %u times\n", canon_info[i].text, c->canons[i]);
}

// ---- As JSON

static void json_externs(Json *j, const Component *c, const char *key, const CExtern *list,
                         u32 count)
{
    char text[TYPE_TEXT_MOST];
    json_open(j, key, '[');
    for (u32 i = 0; i < count; i++) {
        json_open(j, NULL, '{');
        json_string(j, "name", list[i].name);
        json_text(j, "sort", centity_text[list[i].entity.kind]);
        json_text(j, "type", centity_describe(&c->types, list[i].entity, text, sizeof text));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_sections(Json *j, const Component *c)
{
    json_open(j, "sections", '[');
    for (u32 i = 0; i < c->section_count; i++) {
        const CSectionSpan *s = &c->sections[i];
        json_open(j, NULL, '{');
        json_text(j, "section", csection_info[s->id].text);
        json_number(j, "level", s->level);
        json_number(j, "start", s->content.start);
        json_number(j, "size", s->content.end - s->content.start);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_all(Json *j, const char *name, const Component *c, const Diag *diag,
                     Arena *arena)
{
    char text[500];
    json_open(j, NULL, '{');
    json_text(j, "file", name);
    json_text(j, "kind", "component");
    json_bool(j, "valid", c != NULL);
    if (c) {
        const CExterns *e = ctype_def(&c->types, c->type)->externs;
        json_number(j, "size", c->size);
        json_number(j, "modules", c->module_count);
        json_number(j, "components", c->component_count);
        json_number(j, "instances", c->instance_count);
        json_externs(j, c, "imports", e->imports, e->import_count);
        json_externs(j, c, "exports", e->exports, e->export_count);
        json_open(j, "canons", '{');
        for (u32 i = 0; i < CANON_COUNT; i++)
            if (c->canons[i]) json_number(j, canon_info[i].text, c->canons[i]);
        json_close(j, '}');
        json_sections(j, c);
        parts_json(j, c, arena);
    } else {
        json_text(j, "error", diag_text(diag, text, sizeof text));
        json_number(j, "offset", diag->offset);
    }
    json_close(j, '}');
}

// Nothing that was set before the jump is read after it.
static bool show_guarded(const char *name, const Component *c, const Diag *diag, bool json)
{
    Arena arena;
    jmp_buf failure;
    Json j;
    arena_init(&arena);
    arena.on_failure = &failure;
    if (setjmp(failure)) return arena_free(&arena), cli_error(0, "out of memory") != 0;
    json_init(&j, stdout, &arena);
    if (json) json_all(&j, name, c, diag, &arena);
    else show_text(name, c, &arena);
    arena_free(&arena);
    return true;
}

int component_show(const char *name, Engine *engine, Bytes bytes, bool json)
{
    Source source;
    Diag diag;
    Component *c = input_component(engine, bytes, true, &source, &diag);
    bool good = c != NULL;
    if (json || c) good = show_guarded(name, c, &diag, json) && good;
    if (!c) print_diag(name, &source, &diag);
    component_free(c);
    source_free(&source);
    return good ? EXIT_OK : EXIT_INPUT;
}
