// buf.h -- a growing run of bytes, for encoders. It lives in an arena and never fails by return.
#pragma once

#include "base/arena.h"

typedef struct {
    Arena *arena;
    u8 *data;
    size_t len, cap;
} Buf;

void buf_init(Buf *buf, Arena *arena);
void buf_byte(Buf *buf, u8 byte);
void buf_bytes(Buf *buf, const void *data, size_t len);
void buf_u32le(Buf *buf, u32 value);
void buf_u64le(Buf *buf, u64 value);
void buf_leb_u(Buf *buf, u64 value);             // unsigned LEB128, shortest form
void buf_leb_s(Buf *buf, s64 value);             // signed LEB128, shortest form
void buf_name(Buf *buf, const void *s, size_t n); // length as LEB128, then the bytes
// Room for n more bytes, and where they go; len is the caller's to move.
u8 *buf_reserve_slow(Buf *buf, size_t n);
static inline u8 *buf_reserve(Buf *buf, size_t n)
{
    return buf->cap - buf->len >= n ? buf->data + buf->len : buf_reserve_slow(buf, n);
}
Bytes buf_view(const Buf *buf);                  // valid until the next write
