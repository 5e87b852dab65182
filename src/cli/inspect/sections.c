// sections.c -- the sections of a module: where each is, how long, how much is in it.

#include "cli/inspect/inspect.h"

#include <string.h>

static const char *const section_text[] = {"custom", "type",   "import",     "function", "table",
                                           "memory", "global", "export",     "start",    "element",
                                           "code",   "data",   "data count", "tag"};

static u32 section_items(const Module *m, u8 id)
{
    switch (id) {
    case 1: return m->type_count;
    case 2: return m->import_count;
    case 3: case 10: return m->func_count - m->imported_funcs;
    case 4: return m->table_count - m->imported_tables;
    case 5: return m->memory_count - m->imported_memories;
    case 6: return m->global_count - m->imported_globals;
    case 7: return m->export_count;
    case 9: return m->elem_count;
    case 11: return m->data_count;
    case 13: return m->tag_count - m->imported_tags;
    default: return 1;
    }
}

static u32 section_size(const Section *s) { return s->content.end - s->start; }

bool section_is(const Module *m, const Section *s, const char *name)
{
    return s->id == 0 && s->name_size == strlen(name) &&
           !memcmp(section_name(m, s).data, name, s->name_size);
}

void show_sections(Inspect *s)
{
    const Module *m = s->m;
    puts("\nsections      offset        size   items");
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *section = &m->sections[i];
        printf("  %-10s %#8x %11u ", section_text[section->id], section->start,
               section_size(section));
        if (section->id) printf("%7u", section_items(m, section->id));
        else fputs("        ", stdout), show_name(s, section_name(m, section));
        putchar('\n');
    }
}

void json_sections(Json *j, const Module *m)
{
    json_open(j, "sections", '[');
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *section = &m->sections[i];
        json_open(j, NULL, '{');
        json_number(j, "id", section->id);
        if (section->id) json_text(j, "name", section_text[section->id]);
        else json_string(j, "name", section_name(m, section));
        json_number(j, "offset", section->start);
        json_number(j, "size", section_size(section));
        if (section->id) json_number(j, "items", section_items(m, section->id));
        json_close(j, '}');
    }
    json_close(j, ']');
}
