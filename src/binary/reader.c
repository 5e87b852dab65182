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

#include "base/leb.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

enum { NAME_LIMIT = 100000 };

Reader section_reader(const Module *m, const Section *s, Diag *diag)
{
    diag_init(diag);
    return (Reader){m->bytes, m->bytes + s->content.start, m->bytes + s->content.end,
                    ERR_unexpected_end_of_section, diag};
}

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

static bool fail_at_end(Reader *r)
{
    return reader_fail(r, r->at_end, r->end, "more bytes are needed than there are");
}

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

// 0 when it fails.
static LEB_INLINE u64 read_leb(Reader *r, u32 bits, bool sign)
{
    u64 value = 0;
    switch (leb_read(&r->pos, r->end, bits, sign, &value)) {
    case LEB_good: return value;
    case LEB_short: return (u64)fail_at_end(r);
    case LEB_long:
        return (u64)reader_fail(r, ERR_integer_too_long, r->pos, "it goes on after %u bits", bits);
    default: return (u64)reader_fail(r, ERR_integer_too_large, r->pos, "of %u bits", bits);
    }
}

u32 read_leb_u32(Reader *r)
{
    if (LIKELY(r->pos < r->end && !(*r->pos & 0x80))) return *r->pos++;
    return (u32)read_leb(r, 32, false);
}

u64 read_leb_u64(Reader *r) { return read_leb(r, 64, false); }
s32 read_leb_s32(Reader *r) { return (s32)read_leb(r, 32, true); }
s64 read_leb_s33(Reader *r) { return (s64)read_leb(r, 33, true); }
s64 read_leb_s64(Reader *r) { return (s64)read_leb(r, 64, true); }

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
        reader_fail(r, ERR_malformed_utf8, r->pos, "in a name");
        return (Bytes){0};
    }
    r->pos += len;
    return name;
}
