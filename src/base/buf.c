// buf.c -- see buf.h. spec: binary/values

#include "base/buf.h"

#include <string.h>

void buf_init(Buf *buf, Arena *arena) { *buf = (Buf){.arena = arena}; }

u8 *buf_reserve_slow(Buf *buf, size_t n)
{
    size_t cap = MAX(buf->cap + arena_step(buf->cap), 64);
    if (n > SIZE_MAX / 4) arena_fail(buf->arena);
    while (cap - buf->len < n) cap *= 2;
    buf->data = arena_grow(buf->arena, buf->data, buf->cap, cap, 1);
    buf->cap = cap;
    return buf->data + buf->len;
}

static u8 *buf_room(Buf *buf, size_t n)
{
    u8 *p = buf_reserve(buf, n);
    buf->len += n;
    return p;
}

void buf_byte(Buf *buf, u8 byte) { *buf_room(buf, 1) = byte; }

void buf_bytes(Buf *buf, const void *data, size_t len)
{
    if (len) memcpy(buf_room(buf, len), data, len);
}

void buf_u32le(Buf *buf, u32 value)
{
    u8 *p = buf_room(buf, 4);
    for (int i = 0; i < 4; i++) p[i] = (u8)(value >> (8 * i));
}

void buf_u64le(Buf *buf, u64 value)
{
    u8 *p = buf_room(buf, 8);
    for (int i = 0; i < 8; i++) p[i] = (u8)(value >> (8 * i));
}

void buf_leb_u(Buf *buf, u64 value)
{
    for (; value >= 0x80; value >>= 7) buf_byte(buf, (u8)(value | 0x80));
    buf_byte(buf, (u8)value);
}

void buf_leb_s(Buf *buf, s64 value)
{
    for (; value < -0x40 || value >= 0x40; value >>= 7) buf_byte(buf, (u8)((value & 0x7f) | 0x80));
    buf_byte(buf, (u8)(value & 0x7f));
}

void buf_name(Buf *buf, const void *s, size_t n)
{
    buf_leb_u(buf, n);
    buf_bytes(buf, s, n);
}

Bytes buf_view(const Buf *buf) { return (Bytes){buf->data, buf->len}; }
