// about.c -- what a module says of itself: names, the tools that made it; what it needs.

#include "cli/inspect/inspect.h"

#include "cli/makers.h"

static void show_producer(void *env, Bytes field, Bytes name, Bytes version)
{
    Inspect *s = env;
    fputs("  ", stdout);
    show_name(s, field);
    putchar(' ');
    show_name(s, name);
    putchar(' ');
    show_name(s, version);
    putchar('\n');
}

static void view_producers(Inspect *s, Json *j, Reader *r)
{
    producers_read(r, j ? producer_json : show_producer, j ? (void *)j : s);
}

static void each_producer(Inspect *s, Json *j)
{
    for (u32 i = 0; i < s->m->section_count; i++)
        if (section_is(s->m, &s->m->sections[i], "producers"))
            view_custom(s, j, &s->m->sections[i], view_producers);
}

// What is said in a section of its own.
static void each_text(Inspect *s, Json *j)
{
    const Module *m = s->m;
    for (u32 k = 0; k < ABOUT_COUNT; k++)
        for (u32 i = 0; i < m->section_count; i++) {
            const Section *section = &m->sections[i];
            if (!section_is(m, section, about_names[k])) continue;
            Bytes name = section_name(m, section);
            const u8 *behind = name.data + name.len;
            Bytes text = {behind, (size_t)(m->bytes + section->content.end - behind)};
            if (j) {
                json_string(j, about_names[k], text);
            } else {
                printf("\n%s: ", about_names[k]);
                print_tame(stdout, text);
                putchar('\n');
            }
            break; // of several the first one counts
        }
}

void show_about(Inspect *s)
{
    const Module *m = s->m;
    if (m->names.module.data || m->names.funcs.count) {
        printf("\nnames: %u functions", m->names.funcs.count);
        if (m->names.module.data) fputs(", module ", stdout), show_name(s, m->names.module);
        putchar('\n');
    }
    bool heading = false;
    for (u32 i = 0; i < m->section_count; i++)
        heading = heading || section_is(m, &m->sections[i], "producers");
    if (heading) puts("\nproducers");
    each_producer(s, NULL);
    each_text(s, NULL);
    if (s->diag) return;
    fputs("\nfeatures needed:", stdout);
    for (u32 i = 0; i < FEATURE_COUNT; i++)
        if (s->needs & FEATURE_BIT(i)) printf(" %s", feature_text[i]);
    puts(s->needs ? "" : " none beyond WebAssembly 1.0");
}

void json_about(Json *j, Inspect *s)
{
    const Module *m = s->m;
    json_open(j, "names", '{');
    if (m->names.module.data) json_string(j, "module", m->names.module);
    else json_null(j, "module");
    json_number(j, "functions", m->names.funcs.count);
    json_close(j, '}');
    json_open(j, "producers", '[');
    each_producer(s, j);
    json_close(j, ']');
    json_open(j, "about", '{');
    each_text(s, j);
    json_close(j, '}');
    if (s->diag) {
        json_null(j, "features_needed");
        return;
    }
    json_open(j, "features_needed", '[');
    for (u32 i = 0; i < FEATURE_COUNT; i++)
        if (s->needs & FEATURE_BIT(i)) json_text(j, NULL, feature_text[i]);
    json_close(j, ']');
}
