// names.c -- the custom section "name": what the module and its functions are called.
//
// Names help people and mean nothing to the machine, so whatever is malformed is left out silently,
// from where it goes wrong to the end of its subsection. spec: appendix/custom, name section

#include "binary/decoder.h"

// Indices must ascend, so that the map is searched by halving.
static NameMap decode_name_map(Arena *arena, Reader *r)
{
    NameMap map = {0};
    u32 count = read_count(r, 2);
    NameAssoc *names = NEW_ARRAY(arena, NameAssoc, count);
    for (u32 i = 0; i < count; i++) {
        u32 index = read_leb_u32(r);
        Bytes name = read_name(r);
        if (reader_failed(r) || (i && index <= names[i - 1].index)) break;
        names[i] = (NameAssoc){index, name};
        map.count = i + 1;
    }
    map.names = names;
    return map;
}

void decode_names(Module *m, Range content)
{
    Diag ignored;
    diag_init(&ignored);
    const u8 *pos = m->bytes + content.start, *end = m->bytes + content.end;
    Reader r = {m->bytes, pos, end, ERR_unexpected_end_of_section, &ignored};
    while (r.pos < r.end) {
        u8 id = read_u8(&r);
        u32 size = read_leb_u32(&r);
        const u8 *data = read_bytes(&r, size);
        if (reader_failed(&r)) return;
        Diag sub_ignored;
        diag_init(&sub_ignored);
        Reader sub = {m->bytes, data, data + size, ERR_unexpected_end_of_section, &sub_ignored};
        if (id == 0 && !m->names.module.data) m->names.module = read_name(&sub);
        if (id == 1 && !m->names.funcs.count) m->names.funcs = decode_name_map(&m->arena, &sub);
    }
}
