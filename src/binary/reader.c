// reader.c -- a cursor over bytes nobody vouches for.
//
//     start          pos                      end
//       |--- read ----|-------- unread --------|
//
// The first failure is kept in *diag and moves pos to end, so every later read fails
// too and yields 0. Decoders read straight on and look at diag once per item. Counts
// come from read_count, which refuses more items than bytes are left, so loops are short.
// spec: binary/values

#include "binary/reader.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

enum { NAME_LIMIT = 100000 };

bool reader_failed(const Reader *r) { return r->diag->err != ERR_none; }

u32 reader_offset(const Reader *r) { return (u32)(r->pos - r->start); }

bool reader_fail(Reader *r, Err err, const u8 *at, const char *fmt, ...)
{
    if (!reader_failed(r)) {
        char detail[sizeof r->diag->detail];
        va_list args;
        va_start(args, fmt);
        vsnprintf(detail, sizeof detail, fmt, args);
        va_end(args);
        diag_fail(r->diag, err, (size_t)(at - r->start), "%s", detail);
    }
    r->pos = r->end;
    return false;
}

static bool fail_at_end(Reader *r) { return reader_fail(r, r->at_end, r->end, "%s", ""); }

u8 peek_u8(const Reader *r) { return r->pos < r->end ? *r->pos : 0; }

u8 read_u8(Reader *r)
{
    if (r->pos == r->end) return (u8)fail_at_end(r);
    return *r->pos++;
}

const u8 *read_bytes(Reader *r, size_t len)
{
    if (len > (size_t)(r->end - r->pos)) {
        fail_at_end(r);
        return NULL;
    }
    const u8 *bytes = r->pos;
    r->pos += len;
    return bytes;
}

// `bits` in groups of seven: the last byte has bits % 7 of them, and what is above must be zero.
static u64 read_leb_unsigned(Reader *r, int bits)
{
    const u8 *start = r->pos;
    u64 value = 0;
    for (int shift = 0; shift < bits; shift += 7) {
        u8 byte = read_u8(r);
        if (shift + 7 > bits && (byte & 0x7f) >> (bits - shift)) {
            reader_fail(r, ERR_integer_too_large, start, "%s", "");
            return 0;
        }
        value |= (u64)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) return reader_failed(r) ? 0 : value;
    }
    reader_fail(r, ERR_integer_too_long, start, "%s", "");
    return 0;
}

// As above, but what is above the last byte's bits must repeat its topmost one, the sign.
static s64 read_leb_signed(Reader *r, int bits)
{
    const u8 *start = r->pos;
    u64 value = 0;
    for (int shift = 0; shift < bits; shift += 7) {
        u8 byte = read_u8(r);
        if (shift + 7 > bits) {
            u8 above = (u8)(byte << 1) >> (bits - shift); // the sign bit and what is above it
            u8 ones = 0xff >> (bits - shift);
            if (above != 0 && above != ones) {
                reader_fail(r, ERR_integer_too_large, start, "%s", "");
                return 0;
            }
        }
        value |= (u64)(byte & 0x7f) << shift;
        if (byte & 0x80) continue;
        if (reader_failed(r)) return 0;
        if (byte & 0x40 && shift + 7 < 64) value |= UINT64_MAX << (shift + 7);
        return (s64)value;
    }
    reader_fail(r, ERR_integer_too_long, start, "%s", "");
    return 0;
}

u32 read_leb_u32(Reader *r)
{
    if (LIKELY(r->pos < r->end && !(*r->pos & 0x80))) return *r->pos++;
    return (u32)read_leb_unsigned(r, 32);
}

u64 read_leb_u64(Reader *r) { return read_leb_unsigned(r, 64); }
s32 read_leb_s32(Reader *r) { return (s32)read_leb_signed(r, 32); }
s64 read_leb_s33(Reader *r) { return read_leb_signed(r, 33); }
s64 read_leb_s64(Reader *r) { return read_leb_signed(r, 64); }

u32 read_count(Reader *r, u32 item_size)
{
    const u8 *start = r->pos;
    u32 count = read_leb_u32(r);
    size_t left = (size_t)(r->end - r->pos);
    if (count <= left / item_size) return count;
    reader_fail(r, r->at_end, start, "%u items cannot be in %zu bytes", count, left);
    return 0;
}

Bytes read_name(Reader *r)
{
    const u8 *start = r->pos;
    u32 len = read_leb_u32(r);
    if (reader_failed(r)) return (Bytes){0};
    if (len > (size_t)(r->end - r->pos)) {
        reader_fail(r, ERR_length_out_of_bounds, start, "a name of %u bytes", len);
        return (Bytes){0};
    }
    if (len > NAME_LIMIT) {
        reader_fail(r, ERR_limit_name_length, start, "%u bytes", len);
        return (Bytes){0};
    }
    Bytes name = {r->pos, len};
    if (!utf8_valid(name.data, len)) {
        reader_fail(r, ERR_malformed_utf8, r->pos, "%s", "");
        return (Bytes){0};
    }
    r->pos += len;
    return name;
}
