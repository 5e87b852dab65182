// funcs.c -- see funcs.h.

#include "cli/funcs.h"

#include "debug/where.h"
#include "op/diag.h"

#include <stdlib.h>
#include <string.h>

static bool is_name(Bytes name, const char *text)
{
    return name.len == strlen(text) && !memcmp(name.data, text, name.len);
}

static u32 func_named(const Module *m, const char *word)
{
    const NameMap *names = &m->names.funcs; // which may name functions that there are not
    for (u32 i = 0; i < names->count; i++)
        if (is_name(names->names[i].name, word) && names->names[i].index < m->func_count)
            return names->names[i].index;
    for (u32 i = 0; i < m->export_count; i++)
        if (m->exports[i].kind == EXTERN_func && is_name(m->exports[i].name, word) &&
            m->exports[i].index < m->func_count)
            return m->exports[i].index;
    return DIAG_NO_FUNC;
}

u32 func_meant(const Module *m, const char *word)
{
    char *end;
    bool hex = !strncmp(word, "0x", 2) && word[2];
    unsigned long long value = strtoull(word, &end, hex ? 16 : 10);
    if (*word < '0' || *word > '9' || *end) return func_named(m, word);
    if (hex) return where_func(m, (u32)MIN(value, (unsigned long long)UINT32_MAX));
    return value < m->func_count ? (u32)value : DIAG_NO_FUNC;
}
