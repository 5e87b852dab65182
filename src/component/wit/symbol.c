// symbol.c -- see symbol.h.

#include "component/wit/symbol.h"

#include <string.h>

static void put(Buf *b, const char *text) { buf_bytes(b, text, strlen(text)); }

Bytes wit_symbol_module(Arena *arena, Bytes item, bool exports)
{
    Buf b;
    buf_init(&b, arena);
    if (exports) put(&b, "[export]");
    if (item.len) buf_bytes(&b, item.data, item.len);
    else put(&b, "$root");
    return buf_view(&b);
}

Bytes wit_symbol_export(Arena *arena, const char *front, Bytes item, Bytes member)
{
    Buf b;
    buf_init(&b, arena);
    put(&b, front);
    buf_bytes(&b, item.data, item.len);
    if (item.len) buf_byte(&b, '#');
    buf_bytes(&b, member.data, member.len);
    return buf_view(&b);
}

Bytes wit_symbol_builtin(Arena *arena, Canon row, const char *number, Bytes name)
{
    Buf b;
    buf_init(&b, arena);
    buf_byte(&b, '[');
    for (const char *c = canon_info[row].text; *c; c++) buf_byte(&b, *c == '.' ? '-' : (u8)*c);
    put(&b, number);
    buf_byte(&b, ']');
    buf_bytes(&b, name.data, name.len);
    return buf_view(&b);
}

Bytes wit_symbol_dtor(Arena *arena, Bytes resource)
{
    Buf b;
    buf_init(&b, arena);
    put(&b, "[dtor]");
    buf_bytes(&b, resource.data, resource.len);
    return buf_view(&b);
}
