// component_parts.c -- see component_parts.h.
//
// The decoder lists sections in the order of the bytes, so what is around one is the last component
// before it that has not ended.

#include "cli/component_parts.h"

#include "cli/cli.h"
#include "cli/makers.h"

#include <string.h>

enum { NONE = UINT32_MAX };

typedef struct {
    const Module *module; // NULL: it is a component
    u32 outer, level;     // which part it is in, or NONE
    Range bytes;
    Bytes name, producers, texts[ABOUT_COUNT]; // data NULL: it says nothing
    Bytes names;          // what its section of names says of what is in it
    const CBody *body;    // of a component
} Part;

typedef struct {
    Part *parts;
    u32 count;
} Parts;

static Reader reader_of(Bytes bytes, Diag *diag)
{
    diag_init(diag);
    if (!bytes.data) bytes.data = (const u8 *)"";
    return (Reader){.start = bytes.data, .pos = bytes.data, .end = bytes.data + bytes.len,
                    .diag = diag, .at_end = ERR_unexpected_end_of_section};
}

// What is its own in a section of names: the subsection 0.
static Bytes own_name(Bytes content)
{
    Diag diag;
    Reader r = reader_of(content, &diag);
    if (read_u8(&r) != 0) return (Bytes){0};
    read_leb_u32(&r);
    Bytes name = read_name(&r);
    return diag.err == ERR_none ? name : (Bytes){0};
}

// Of several sections the first one counts.
static void take_custom(Part *p, Bytes name, Bytes content)
{
    if (bytes_are(name, "producers") && !p->producers.data) p->producers = content;
    if (!p->module && bytes_are(name, "component-name") && !p->names.data) {
        p->names = content;
        p->name = own_name(content);
    }
    for (u32 i = 0; i < ABOUT_COUNT; i++)
        if (bytes_are(name, about_names[i]) && !p->texts[i].data) p->texts[i] = content;
}

static void take_module(Part *p, const CModuleSpan *span)
{
    const Module *m = p->module = span->module;
    p->name = m->names.module;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = &m->sections[i];
        if (s->id) continue;
        Bytes name = section_name(m, s);
        const u8 *behind = name.data + name.len;
        take_custom(p, name, (Bytes){behind, (size_t)(m->bytes + s->content.end - behind)});
    }
}

static void take_section(Part *p, const Component *c, const CSectionSpan *s)
{
    Diag diag;
    Reader r = reader_of((Bytes){c->bytes + s->content.start, s->content.end - s->content.start},
                         &diag);
    Bytes name = read_name(&r);
    if (diag.err == ERR_none) take_custom(p, name, (Bytes){r.pos, (size_t)(r.end - r.pos)});
}

// What stands behind the next one in a section of names of one sort, or no bytes.
static bool names_of_sort(Bytes content, u8 core, u8 code, Reader *names, Diag *diag)
{
    Reader r = reader_of(content, diag);
    while (content.len && r.pos != r.end && !reader_failed(&r)) {
        u8 id = read_u8(&r);
        u32 size = read_leb_u32(&r);
        const u8 *inside = read_bytes(&r, size);
        if (!inside) return false;
        *names = r;
        names->pos = inside;
        names->end = r.pos;
        if (id == 1 && (!core || read_u8(names) == csort_info[CSORT_core].code) &&
            read_u8(names) == code)
            return true;
    }
    return false;
}

// A part that does not say what it is called may be called something where it is.
static void name_inner(Part *outer, Part **inner, const u32 *indices, u32 count, bool modules)
{
    Diag diag;
    Reader names;
    u8 code = modules ? core_sort_info[CORE_SORT_module].code : csort_info[CSORT_component].code;
    if (!names_of_sort(outer->names, modules, code, &names, &diag)) return;
    u32 left = read_count(&names, 2);
    for (u32 at = 0; left && at < count && !reader_failed(&names); left--) {
        u32 index = read_leb_u32(&names);
        Bytes name = read_name(&names);
        while (at < count && indices[at] < index) at++;
        if (at < count && indices[at] == index && !inner[at]->name.data && !reader_failed(&names))
            inner[at]->name = name;
    }
}

// Of modules, or components, that are defined in it: which ones of their space.
static void name_parts(const Parts *all, u32 outer, bool modules, Arena *arena)
{
    Part *o = &all->parts[outer];
    const CBody *b = o->body;
    u32 kind = modules ? CENTITY_module : CENTITY_component, count = 0, index = 0, at = outer + 1;
    Part **inner = NEW_ARRAY(arena, Part *, (size_t)b->count + 1);
    u32 *indices = NEW_ARRAY(arena, u32, (size_t)b->count + 1);
    for (u32 i = 0; i < b->count && o->names.data; i++) {
        const CDef *d = &b->defs[i];
        bool defined = d->kind == (modules ? CDEF_core_module : CDEF_component);
        bool other = d->sort == kind && (d->kind == CDEF_alias || d->kind == CDEF_outer ||
                                         d->kind == CDEF_import || d->kind == CDEF_export);
        if (defined) {
            while (all->parts[at].outer != outer || !all->parts[at].module == modules) at++;
            inner[count] = &all->parts[at++];
            indices[count++] = index;
        }
        index += defined || other;
    }
    name_inner(o, inner, indices, count, modules);
}

static Parts parts_of(const Component *c, Arena *arena)
{
    Parts all = {NEW_ARRAY(arena, Part, (size_t)c->module_count + c->component_count + 1), 1};
    all.parts[0] = (Part){.outer = NONE, .bytes = {0, (u32)c->size}, .body = &c->bodies[0]};
    for (u32 i = 0, open = 0, module = 0, component = 1; i < c->section_count; i++) {
        const CSectionSpan *s = &c->sections[i];
        while (s->content.start >= all.parts[open].bytes.end && all.parts[open].outer != NONE)
            open = all.parts[open].outer;
        if (s->id == CSECTION_custom) take_section(&all.parts[open], c, s);
        if (s->id != CSECTION_core_module && s->id != CSECTION_component) continue;
        Part *p = &all.parts[all.count];
        *p = (Part){.outer = open, .level = s->level, .bytes = s->content};
        if (s->id == CSECTION_core_module) take_module(p, &c->modules[module++]);
        else p->body = &c->bodies[component++], open = all.count;
        all.count++;
    }
    for (u32 i = 0; i < all.count; i++)
        for (u32 modules = 0; modules < 2 && all.parts[i].body; modules++)
            name_parts(&all, i, modules, arena);
    return all;
}

// ---- For people

static void indent(u32 level) { printf("%*s", (int)(2 * MIN(level, 20) + 2), ""); }

static void show_maker(void *env, Bytes field, Bytes name, Bytes version)
{
    const Part *p = env;
    indent(p->level + (p->outer != NONE));
    print_tame(stdout, field);
    putchar(' ');
    print_tame(stdout, name);
    if (version.len) putchar(' '), print_tame(stdout, version);
    putchar('\n');
}

static void show_about_part(Part *p)
{
    Diag diag;
    Reader r = reader_of(p->producers, &diag);
    if (p->producers.data) producers_read(&r, show_maker, p);
    for (u32 i = 0; i < ABOUT_COUNT; i++)
        if (p->texts[i].data) show_maker(p, bytes_of(about_names[i]), p->texts[i], (Bytes){0});
}

static void show_name(const Part *p)
{
    if (!p->name.data) return;
    fputs(" \"", stdout);
    print_tame(stdout, p->name);
    putchar('"');
}

void parts_show_own(const Component *c, Arena *arena)
{
    Part *own = parts_of(c, arena).parts;
    if (own->name.data) fputs("  called", stdout), show_name(own), puts("");
    show_about_part(own);
}

void parts_show(const Component *c, Arena *arena)
{
    Parts all = parts_of(c, arena);
    for (u32 i = 1; i < all.count; i++) {
        Part *p = &all.parts[i];
        const Module *m = p->module;
        indent(p->level - 1);
        fputs(m ? "module " : "component", stdout);
        show_name(p);
        printf(" at 0x%x, %u bytes", p->bytes.start, p->bytes.end - p->bytes.start);
        if (m) printf(": %u imports, %u functions, %u exports", m->import_count, m->func_count,
                      m->export_count);
        puts("");
        show_about_part(p);
    }
}

// ---- As JSON

static void json_about_part(Json *j, const Part *p)
{
    Diag diag;
    Reader r = reader_of(p->producers, &diag);
    json_open(j, "producers", '[');
    if (p->producers.data) producers_read(&r, producer_json, j);
    json_close(j, ']');
    json_open(j, "about", '{');
    for (u32 i = 0; i < ABOUT_COUNT; i++)
        if (p->texts[i].data) json_string(j, about_names[i], p->texts[i]);
    json_close(j, '}');
}

static void json_name(Json *j, const Part *p)
{
    if (p->name.data) json_string(j, "name", p->name);
    else json_null(j, "name");
}

void parts_json(Json *j, const Component *c, Arena *arena)
{
    Parts all = parts_of(c, arena);
    json_name(j, &all.parts[0]);
    json_about_part(j, &all.parts[0]);
    json_open(j, "parts", '[');
    for (u32 i = 1; i < all.count; i++) {
        const Part *p = &all.parts[i];
        json_open(j, NULL, '{');
        json_text(j, "kind", p->module ? "module" : "component");
        json_name(j, p);
        if (p->outer) json_number(j, "in", p->outer - 1); // of these parts
        else json_null(j, "in");
        json_number(j, "start", p->bytes.start);
        json_number(j, "size", p->bytes.end - p->bytes.start);
        json_about_part(j, p);
        json_close(j, '}');
    }
    json_close(j, ']');
}
