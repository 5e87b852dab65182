// module.c -- names of things in a module, and what it may use. See module.h.

#include "module/module.h"

const char *const extern_text[EXTERN_COUNT] = {
    [EXTERN_func] = "function", [EXTERN_table] = "table", [EXTERN_memory] = "memory",
    [EXTERN_global] = "global", [EXTERN_tag] = "tag",
};

bool module_has(const Module *m, Feature f)
{
    if (m->features >> f & 1) return true;
    if (m->missing) *m->missing |= FEATURE_BIT(f);
    return m->missing;
}

// A quarter more when it is large, so that a hostile module does not make us hold twice what it
// needs.
u32 module_room(Module *m, u32 count)
{
    enum { LARGE = 1 << 16 };
    u32 first = m->word_count;
    u64 want = (u64)first + count,
        more = (u64)m->word_cap + MAX(m->word_cap < LARGE ? m->word_cap : m->word_cap / 4, 16);
    if (want > m->word_cap) {
        u64 cap = MAX(want, more);
        if (cap > UINT32_MAX) arena_fail(&m->arena);
        m->words = arena_grow(&m->arena, m->words, m->word_cap, (size_t)cap, sizeof *m->words);
        m->word_cap = (u32)cap;
    }
    m->word_count = (u32)want;
    return first;
}

Bytes section_name(const Module *m, const Section *section)
{
    return (Bytes){m->bytes + section->content.start - section->name_size, section->name_size};
}

bool section_is(const Module *m, const Section *s, const char *name)
{
    return s->id == 0 && bytes_are(section_name(m, s), name);
}

const Export *module_export(const Module *m, Bytes name)
{
    for (u32 i = 0; i < m->export_count; i++)
        if (bytes_same(m->exports[i].name, name)) return &m->exports[i];
    return NULL;
}

ExternType module_type(const Module *m, ExternKind kind, u32 index)
{
    ExternType t = {.kind = kind};
    switch (kind) {
    case EXTERN_func:
        t.func = m->funcs[index].type;
        t.exact = m->funcs[index].exact;
        break;
    case EXTERN_table: t.table = m->tables[index].type; break;
    case EXTERN_memory: t.memory = m->memories[index].type; break;
    case EXTERN_global: t.global = m->globals[index].type; break;
    case EXTERN_tag: t.func = m->tags[index].type; break;
    case EXTERN_COUNT: break;
    }
    return t;
}

ExternType import_type(const Module *m, const Import *import)
{
    return module_type(m, import->kind, import->index);
}

Bytes name_map_find(const NameMap *map, u32 index)
{
    for (u32 low = 0, high = map->count; low < high;) {
        u32 mid = low + (high - low) / 2;
        if (map->names[mid].index == index) return map->names[mid].name;
        if (map->names[mid].index < index) low = mid + 1;
        else high = mid;
    }
    return (Bytes){0};
}

Bytes module_own_func_name(const Module *m, u32 func)
{
    return name_map_find(&m->names.funcs, func);
}

Bytes module_func_name(const Module *m, u32 func)
{
    Bytes name = module_own_func_name(m, func);
    if (name.data) return name;
    for (u32 i = 0; i < m->export_count; i++)
        if (m->exports[i].kind == EXTERN_func && m->exports[i].index == func)
            return m->exports[i].name;
    return (Bytes){0};
}
