// about.c -- what a module says of itself: names, the tools that made it; what it needs.

#include "cli/inspect/inspect.h"

#include "binary/reader.h"

// ---- The custom section "producers". spec: tool conventions

typedef void ProducerHook(void *env, Bytes field, Bytes name, Bytes version);

static void read_producers(Inspect *all, const Section *s, ProducerHook *hook, void *env)
{
    const Module *m = all->m;
    Diag diag;
    diag_init(&diag);
    Reader r = {m->bytes, m->bytes + s->content.start, m->bytes + s->content.end,
                ERR_unexpected_end_of_section, &diag};
    for (u32 fields = read_count(&r, 2); fields && !reader_failed(&r); fields--) {
        Bytes field = read_name(&r);
        for (u32 values = read_count(&r, 2); values && !reader_failed(&r); values--) {
            Bytes name = read_name(&r), version = read_name(&r);
            if (!reader_failed(&r)) hook(env, field, name, version);
        }
    }
    note_malformed(all, s, &diag);
}

static void each_producer(Inspect *s, ProducerHook *hook, void *env)
{
    for (u32 i = 0; i < s->m->section_count; i++)
        if (section_is(s->m, &s->m->sections[i], "producers"))
            read_producers(s, &s->m->sections[i], hook, env);
}

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
    each_producer(s, show_producer, s);
    if (s->diag) return;
    fputs("\nfeatures needed:", stdout);
    for (u32 i = 0; i < FEATURE_COUNT; i++)
        if (s->needs & FEATURE_BIT(i)) printf(" %s", feature_text[i]);
    puts(s->needs ? "" : " none beyond WebAssembly 1.0");
}

static void json_producer(void *env, Bytes field, Bytes name, Bytes version)
{
    Json *j = env;
    json_open(j, NULL, '{');
    json_string(j, "field", field);
    json_string(j, "name", name);
    json_string(j, "version", version);
    json_close(j, '}');
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
    each_producer(s, json_producer, j);
    json_close(j, ']');
    if (s->diag) {
        json_null(j, "features_needed");
        return;
    }
    json_open(j, "features_needed", '[');
    for (u32 i = 0; i < FEATURE_COUNT; i++)
        if (s->needs & FEATURE_BIT(i)) json_text(j, NULL, feature_text[i]);
    json_close(j, ']');
}
