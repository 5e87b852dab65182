// library.c -- the section dylink.0 of a library. See link.h.

#include "component/tool/link.h"

#include "binary/reader.h"
#include "module/linking.h"

static void read_space(Library *lib, Reader *r)
{
    lib->memory_size = read_leb_u32(r);
    lib->memory_align = read_leb_u32(r);
    lib->table_size = read_leb_u32(r);
    lib->table_align = read_leb_u32(r);
}

static void read_needed(Arena *arena, WitNames *needed, Reader *r)
{
    for (u32 n = read_count(r, 1); n; n--) {
        Bytes name = read_name(r);
        if (reader_failed(r)) return;
        ARENA_PUSH(arena, needed->names, needed->count, needed->cap) = name;
    }
}

static void read_imports(Linker *l, Library *lib, Reader *r)
{
    for (u32 n = read_count(r, 3); n; n--) {
        Bytes module = read_name(r), name = read_name(r);
        u32 flags = read_leb_u32(r);
        if (reader_failed(r)) return;
        if (!(flags & SYMBOL_FLAG_weak)) continue;
        Bytes key = cmodule_key(l->m->arena, module, name);
        map_add(&lib->weak, key.data, key.len, 0);
    }
}

// One part behind the other. False: there are no more.
static bool next_part(Reader *r, u8 *id, Reader *part)
{
    if (r->pos >= r->end) return false;
    *id = read_u8(r);
    u32 size = read_leb_u32(r);
    const u8 *data = read_bytes(r, size);
    if (!data) return false;
    *part = *r;
    part->pos = data;
    part->end = data + size;
    return true;
}

void library_read(Linker *l, Library *lib)
{
    const Module *m = lib->part.module;
    Diag diag = {0};
    Reader part;
    u8 id;
    map_init(&lib->weak, l->m->arena);
    if (!m->section_count || !section_is(m, m->sections, "dylink.0"))
        maker_fail(l->m, "%.*s is no library: it does not begin with a section dylink.0",
                   LIBRARY_SAY(lib));
    Reader r = section_reader(m, m->sections, &diag);
    while (next_part(&r, &id, &part)) {
        if (id == DYLINK_memory) read_space(lib, &part);
        else if (id == DYLINK_needed) read_needed(l->m->arena, &lib->needed, &part);
        else if (id == DYLINK_imports) read_imports(l, lib, &part);
    }
    if (diag.err != ERR_none)
        maker_fail(l->m, "library %.*s: its section dylink.0 is malformed: %s", LIBRARY_SAY(lib),
                   err_text[diag.err]);
}

// By frames alone, of the first section: whoever links it reads it as a module.
bool tool_needed(Arena *arena, Bytes module, Bytes **list, u32 *count, Diag *diag)
{
    enum { HEADER = 8 };
    WitNames needed = {0};
    Reader r = {.start = module.data, .pos = module.data, .end = module.data + module.len,
                .diag = diag};
    Reader section, part;
    u8 id;
    diag_init(diag);
    read_bytes(&r, HEADER);
    if (next_part(&r, &id, &section) && !id && bytes_are(read_name(&section), "dylink.0"))
        while (next_part(&section, &id, &part))
            if (id == DYLINK_needed) read_needed(arena, &needed, &part);
    *list = needed.names;
    *count = needed.count;
    return diag->err == ERR_none;
}
