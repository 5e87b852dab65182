// tools.c -- see tools.h.

#include "cli/doctor/tools.h"

#include "cli/cli.h"

#include <string.h>

// ---- What it says

void each_producer(const Module *m, ProducerHook *hook, void *env)
{
    for (u32 i = 0; i < m->section_count; i++) {
        Diag ignored;
        Reader r = section_reader(m, &m->sections[i], &ignored);
        if (section_is(m, &m->sections[i], "producers")) producers_read(&r, hook, env);
    }
}

void each_target_feature(const Module *m, TargetFeatureHook *hook, void *env)
{
    for (u32 i = 0; i < m->section_count; i++) {
        Diag ignored;
        Reader r = section_reader(m, &m->sections[i], &ignored);
        if (section_is(m, &m->sections[i], "target_features")) target_features_read(&r, hook, env);
    }
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
