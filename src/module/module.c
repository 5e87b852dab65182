// module.c -- names of things in a module. See module.h.

#include "module/module.h"

const char *const extern_text[EXTERN_COUNT] = {
    [EXTERN_func] = "function", [EXTERN_table] = "table", [EXTERN_memory] = "memory",
    [EXTERN_global] = "global", [EXTERN_tag] = "tag",
};

Bytes module_func_name(const Module *m, u32 func)
{
    const NameMap *map = &m->names.funcs;
    for (u32 low = 0, high = map->count; low < high;) {
        u32 mid = low + (high - low) / 2;
        if (map->names[mid].index == func) return map->names[mid].name;
        if (map->names[mid].index < func) low = mid + 1;
        else high = mid;
    }
    for (u32 i = 0; i < m->export_count; i++)
        if (m->exports[i].kind == EXTERN_func && m->exports[i].index == func) return m->exports[i].name;
    return (Bytes){0};
}
