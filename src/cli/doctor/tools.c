// tools.c -- see tools.h.

#include "cli/doctor/tools.h"

#include "binary/reader.h"
#include "cli/cli.h"

#include <string.h>

bool name_is(Bytes name, const char *text)
{
    return name.len == strlen(text) && !memcmp(name.data, text, name.len);
}

// ---- What it says

// Of the content of each custom section of this name.
typedef void SectionHook(void *env, Reader *r);

static void each_section(const Module *m, const char *name, SectionHook *hook, void *env)
{
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = &m->sections[i];
        Diag ignored;
        if (s->id || !name_is(section_name(m, s), name)) continue;
        diag_init(&ignored);
        Reader r = {m->bytes, m->bytes + s->content.start, m->bytes + s->content.end,
                    ERR_unexpected_end, &ignored};
        hook(env, &r);
    }
}

typedef struct { ProducerHook *hook; void *env; } Producers;

static void read_producers(void *env, Reader *r)
{
    const Producers *p = env;
    for (u32 fields = read_count(r, 2); fields && !reader_failed(r); fields--) {
        Bytes field = read_name(r);
        for (u32 values = read_count(r, 2); values && !reader_failed(r); values--) {
            Bytes name = read_name(r), version = read_name(r);
            if (!reader_failed(r)) p->hook(p->env, field, name, version);
        }
    }
}

void each_producer(const Module *m, ProducerHook *hook, void *env)
{
    each_section(m, "producers", read_producers, &(Producers){hook, env});
}

typedef struct { TargetFeatureHook *hook; void *env; } Targets;

static void read_targets(void *env, Reader *r)
{
    const Targets *t = env;
    for (u32 count = read_count(r, 2); count && !reader_failed(r); count--) {
        char prefix = (char)read_u8(r);
        Bytes name = read_name(r);
        if (!reader_failed(r) && prefix && strchr("+-=", prefix)) t->hook(t->env, prefix, name);
    }
}

void each_target_feature(const Module *m, TargetFeatureHook *hook, void *env)
{
    each_section(m, "target_features", read_targets, &(Targets){hook, env});
}

// ---- By what it is known

bool has_section(const Module *m, const char *pattern)
{
    for (u32 i = 0; i < m->section_count; i++)
        if (!m->sections[i].id && pattern_fits(pattern, section_name(m, &m->sections[i])))
            return true;
    return false;
}

static bool has_export(const Module *m, const char *pattern)
{
    for (u32 i = 0; i < m->export_count; i++)
        if (pattern_fits(pattern, m->exports[i].name)) return true;
    return false;
}

static bool has_function(const Module *m, const char *pattern)
{
    for (u32 i = 0; i < m->names.funcs.count; i++)
        if (pattern_fits(pattern, m->names.funcs.names[i].name)) return true;
    return false;
}

typedef struct {
    bool (*has)(const Module *m, const char *pattern);
    const char *pattern, *what;
} Tool;

static const Tool tools[] = {
#define TOOL(place, pattern, what) {has_##place, pattern, what},
#include "cli/doctor/tools.def"
};

void each_tool(const Module *m, ToolHook *hook, void *env)
{
    const char *told = "";
    for (size_t i = 0; i < COUNT_OF(tools); i++) {
        if (!strcmp(told, tools[i].what) || !tools[i].has(m, tools[i].pattern)) continue;
        told = tools[i].what;
        hook(env, told);
    }
}
