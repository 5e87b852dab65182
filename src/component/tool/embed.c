// embed.c -- a module that says which world it is made for. See tool.h.

#include "component/tool/tool.h"

#include "binary/reader.h"

enum { HEADER = 8 };

// Sections of a module, by their frame alone.
static bool next_section(Reader *r, const u8 **start, Bytes *name, u8 *id)
{
    *start = r->pos;
    if (r->pos == r->end || reader_failed(r)) return false;
    *id = read_u8(r);
    u32 size = read_leb_u32(r);
    const u8 *content = read_bytes(r, size);
    *name = (Bytes){0};
    if (!content) return false;
    Reader in = {.start = r->start, .pos = content, .end = content + size,
                 .at_end = ERR_unexpected_end_of_section, .diag = r->diag};
    if (!*id) *name = read_name(&in);
    return !reader_failed(r);
}

bool tool_worlds(Arena *arena, Bytes module, Bytes **list, u32 *count, Diag *diag)
{
    Reader r = {.start = module.data, .pos = module.data, .end = module.data + module.len,
                .at_end = ERR_unexpected_end, .diag = diag};
    const u8 *start;
    Bytes name;
    u32 cap = 0;
    u8 id;
    diag_init(diag);
    *list = NULL;
    *count = 0;
    read_bytes(&r, HEADER);
    while (next_section(&r, &start, &name, &id)) {
        if (id || !bytes_begin(name, "component-type")) continue;
        const u8 *content = name.data + name.len;
        ARENA_PUSH(arena, *list, *count, cap) = (Bytes){content, (size_t)(r.pos - content)};
    }
    return diag->err == ERR_none;
}

static void put_section(Buf *out, Bytes name, Bytes content)
{
    Buf length;
    buf_init(&length, out->arena);
    buf_leb_u(&length, name.len);
    buf_byte(out, 0);
    buf_leb_u(out, length.len + name.len + content.len);
    buf_name(out, name.data, name.len);
    buf_bytes(out, content.data, content.len);
}

static void copy_others(Bytes module, Bytes name, Buf *out, Diag *diag)
{
    Reader r = {.start = module.data, .pos = module.data, .end = module.data + module.len,
                .at_end = ERR_unexpected_end, .diag = diag};
    const u8 *start;
    Bytes found;
    u8 id;
    const u8 *header = read_bytes(&r, HEADER);
    if (header && memcmp(header, "\0asm\1\0\0\0", HEADER))
        diag_fail(diag, ERR_magic_header_not_detected, 0, "a core module is wanted");
    if (header) buf_bytes(out, header, HEADER);
    while (next_section(&r, &start, &found, &id))
        if (id || !bytes_same(found, name)) buf_bytes(out, start, (size_t)(r.pos - start));
}

bool tool_embed(Wit *wit, const WitWorld *w, WitStrings strings, Bytes module, Buf *out)
{
    Buf type, name;
    buf_init(&type, wit->arena);
    buf_init(&name, wit->arena);
    if (!wit_encode_world(wit, w, strings, &type)) return false;
    buf_bytes(&name, "component-type:", 15);
    buf_bytes(&name, w->name.data, w->name.len);
    copy_others(module, buf_view(&name), out, &wit->diag);
    if (wit->diag.err != ERR_none) return false;
    put_section(out, buf_view(&name), buf_view(&type));
    return true;
}
