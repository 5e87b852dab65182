// transcode_test.c -- strings from each encoding to each, against rules that are written plainly:
// all short ones, and long ones in pieces. Hazard R29.

#include "base/random.h"
#include "base/transcode.h"
#include "check.h"

static u64 seed = 1;
static u32 below(u32 n) { return (u32)(random_next(&seed) % n); }

// ---- The plain way. Unicode, table 3-7: rows of what well-formed sequences begin with.

static const struct { u8 first[2], second[2], size; } rows[] = {
    {{0x00, 0x7f}, {0, 0}, 1},       {{0xc2, 0xdf}, {0x80, 0xbf}, 2},
    {{0xe0, 0xe0}, {0xa0, 0xbf}, 3}, {{0xe1, 0xec}, {0x80, 0xbf}, 3},
    {{0xed, 0xed}, {0x80, 0x9f}, 3}, {{0xee, 0xef}, {0x80, 0xbf}, 3},
    {{0xf0, 0xf0}, {0x90, 0xbf}, 4}, {{0xf1, 0xf3}, {0x80, 0xbf}, 4},
    {{0xf4, 0xf4}, {0x80, 0x8f}, 4},
};

static TranscodeEnd plain_utf8(const u8 *p, size_t len, u32 *scalar, u32 *size)
{
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        if (p[0] < rows[r].first[0] || p[0] > rows[r].first[1]) continue;
        *size = rows[r].size;
        *scalar = *size == 1 ? p[0] : p[0] & (0xffu >> (*size + 1));
        for (u32 i = 1; i < *size; i++) {
            u8 least = i == 1 ? rows[r].second[0] : 0x80, most = i == 1 ? rows[r].second[1] : 0xbf;
            if (i >= len) return TRANSCODE_cut;
            if (p[i] < least || p[i] > most) return TRANSCODE_bad;
            *scalar = *scalar * 64 + (p[i] - 0x80u);
        }
        return TRANSCODE_done;
    }
    return TRANSCODE_bad;
}

static TranscodeEnd plain_utf16(const u8 *p, size_t len, u32 *scalar, u32 *size)
{
    if (len < 2) return TRANSCODE_cut;
    u32 unit = p[0] + p[1] * 256u;
    *scalar = unit;
    *size = 2;
    if (unit < 0xd800 || unit > 0xdfff) return TRANSCODE_done;
    if (unit > 0xdbff) return TRANSCODE_bad;
    if (len < 4) return TRANSCODE_cut;
    u32 low = p[2] + p[3] * 256u;
    *scalar = 0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00);
    *size = 4;
    return low < 0xdc00 || low > 0xdfff ? TRANSCODE_bad : TRANSCODE_done;
}

static u32 plain_encode(Code to, u32 c, u8 out[4])
{
    u32 n = 0;
    if (to >= CODE_latin1) {
        out[n++] = (u8)c;
    } else if (to == CODE_utf16) {
        u32 units[2] = {c, 0}, count = 1;
        if (c > 0xffff) {
            units[0] = 0xd800 + (c - 0x10000) / 0x400;
            units[1] = 0xdc00 + (c - 0x10000) % 0x400;
            count = 2;
        }
        for (u32 i = 0; i < count; i++) {
            out[n++] = (u8)(units[i] % 256);
            out[n++] = (u8)(units[i] / 256);
        }
    } else if (c < 0x80) {
        out[n++] = (u8)c;
    } else {
        u32 tail = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        out[n++] = (u8)((tail == 1 ? 0xc0 : tail == 2 ? 0xe0 : 0xf0) + (c >> (6 * tail)));
        while (tail--) out[n++] = (u8)(0x80 + (c >> (6 * tail)) % 64);
    }
    return n;
}

static Transcoded plain(Code from, const u8 *source, size_t len, Code to, u8 *target, size_t room)
{
    Transcoded t = {0, 0, TRANSCODE_done};
    while (t.read < len) {
        const u8 *p = source + t.read;
        u32 scalar = p[0], size = 1;
        if (from == CODE_utf8) t.end = plain_utf8(p, len - t.read, &scalar, &size);
        if (from == CODE_utf16) t.end = plain_utf16(p, len - t.read, &scalar, &size);
        if (t.end != TRANSCODE_done) return t;
        u8 out[4];
        u32 n = plain_encode(to, scalar, out);
        if (to >= CODE_latin1 && scalar > (to == CODE_latin1 ? 255u : 127u)) t.end = TRANSCODE_wide;
        else if (n > room - t.written) t.end = TRANSCODE_full;
        if (t.end != TRANSCODE_done) return t;
        memcpy(target + t.written, out, n);
        t.written += n;
        t.read += size;
    }
    return t;
}

// ---- Against each other. What stands behind the room stays as it was.

enum { MOST = 600 };

static bool same(Code from, const u8 *source, size_t len, Code to, size_t room)
{
    static u8 got[4 * MOST + 64], want[4 * MOST + 64];
    memset(got, 0xaa, room + 64);
    memset(want, 0xaa, room + 64);
    Transcoded a = transcode(from, source, len, to, got, room);
    Transcoded b = plain(from, source, len, to, want, room);
    bool good = a.read == b.read && a.written == b.written && a.end == b.end &&
                !memcmp(got, want, room + 64);
    if (good) return true;
    printf("    from %d to %d, %zu bytes, room for %zu: %zu %zu %d, expected %zu %zu %d\n", from,
           to, len, room, a.read, a.written, a.end, b.read, b.written, b.end);
    check_print_bytes("source", source, len);
    return false;
}

static bool all_targets(Code from, const u8 *source, size_t len, size_t room)
{
    bool good = true;
    for (u32 to = 0; to < CODE_COUNT; to++) good &= same(from, source, len, (Code)to, room);
    return good;
}

// All strings of one and two bytes; of three to six, all of bytes at the borders of the rules.
static void test_short(void)
{
    static const u8 edges[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xd7,
                               0xd8, 0xdb, 0xdc, 0xdf, 0xe0, 0xe1, 0xed, 0xf0, 0xf1, 0xf4, 0xf5};
    bool good = true;
    for (u32 from = 0; from < CODE_SOURCES; from++) {
        good &= all_targets((Code)from, NULL, 0, 0);
        for (u32 n = 0; n < 0x10000; n++) {
            u8 two[2] = {(u8)n, (u8)(n >> 8)};
            if (n < 0x100) good &= all_targets((Code)from, two, 1, below(4));
            good &= all_targets((Code)from, two, 2, below(6));
        }
        u32 deep = check_full() ? 5 : 4, count = COUNT_OF(edges), total = 1;
        for (u32 i = 0; i < deep; i++) total *= count;
        for (u32 n = 0; n < total && good; n++) {
            u8 bytes[5];
            for (u32 i = 0, rest = n; i < deep; i++, rest /= count) bytes[i] = edges[rest % count];
            good &= all_targets((Code)from, bytes, deep, n % 13);
        }
    }
    CHECK(good);
}

// Each scalar value, and what is none, in the midst of a run.
static void test_scalars(void)
{
    bool good = true;
    for (u32 c = 0; c < 0x110000; c += check_full() ? 1 : 1 + below(16)) {
        u8 text[80];
        for (u32 from = 0; from < CODE_SOURCES; from++) {
            u32 at = below(20) * code_unit((Code)from);
            memset(text, 0, sizeof text);
            u32 n = plain_encode((Code)from, c, text + at);
            size_t len = at + n + below(20) * code_unit((Code)from);
            good &= all_targets((Code)from, text, len, 4 * MOST);
        }
    }
    CHECK(good);
}

static u32 scalar_of(u32 kind)
{
    u32 c = kind == 0 ? below(0x80) : kind == 1 ? below(0x100) : kind == 2 ? below(0x800)
            : kind == 3 ? below(0x10000) : below(0x110000);
    return c >= 0xd800 && c < 0xe000 ? 'x' : c;
}

// Text that is well-formed, mostly; runs of the same kind are as long as a vector or two.
static size_t write_text(Code from, u8 *out)
{
    size_t len = 0;
    u32 kinds = below(6);
    while (len < MOST - 4 && below(300)) {
        u32 kind = below(kinds + 1);
        kind = MIN(kind, 4u);
        for (u32 n = below(40); n && len < MOST - 4; n--) {
            u32 c = scalar_of(kind);
            len += plain_encode(from, from == CODE_latin1 ? c & 0xff : c, out + len);
        }
    }
    if (!below(4) && len) out[below((u32)len)] = (u8)below(256);
    return below(8) || !len ? len : len - 1;
}

// In pieces the same comes out as at once.
static bool pieces(Code from, const u8 *source, size_t len, Code to)
{
    u8 once[4 * MOST], got[4 * MOST];
    Transcoded whole = plain(from, source, len, to, once, sizeof once), t;
    size_t read = 0, written = 0;
    for (;;) {
        size_t part = below(90) + 4;
        part = MIN(part, len - read);
        bool last = read + part == len;
        t = transcode(from, source + read, part, to, got + written, 4 + below(90));
        read += t.read;
        written += t.written;
        if (t.end == TRANSCODE_bad || t.end == TRANSCODE_wide) break;
        if (last && (t.end == TRANSCODE_done || t.end == TRANSCODE_cut)) break;
    }
    return read == whole.read && t.end == whole.end && written == whole.written &&
           !memcmp(got, once, written);
}

static void test_long(void)
{
    bool good = true;
    u32 rounds = check_full() ? 400000 : 40000;
    for (u32 i = 0; i < rounds && good; i++) {
        u8 text[MOST];
        Code from = (Code)below(CODE_SOURCES), to = (Code)below(CODE_COUNT);
        size_t len = write_text(from, text);
        u8 *exact = malloc(len + !len); // sanitizers know its end
        memcpy(exact, text, len);
        good &= same(from, exact, len, to, below(2) ? 4 * MOST : below((u32)len + 2));
        good &= pieces(from, exact, len, to);
        free(exact);
    }
    CHECK(good);
}

// Latin-1 to UTF-16 where it stands, and back.
static void test_in_place(void)
{
    for (u32 count = 0; count < 200; count++) {
        u8 text[512], latin[256];
        for (u32 i = 0; i < count; i++) text[i] = latin[i] = (u8)below(256);
        memset(text + count, 0xaa, sizeof text - count);
        transcode_widen(text, count);
        u32 wrong = 0;
        for (u32 i = 0; i < count; i++) wrong += text[2 * i] != latin[i] || text[2 * i + 1];
        for (u32 i = 2 * count; i < sizeof text; i++) wrong += text[i] != 0xaa;
        CHECK_EQ_U64(wrong, 0);
        Transcoded t = transcode(CODE_utf16, text, 2 * count, CODE_latin1, text, count);
        CHECK_EQ_U64(t.end, TRANSCODE_done);
        CHECK_BYTES(text, t.written, latin, count);
    }
}

int main(void)
{
    test_short();
    test_scalars();
    test_long();
    test_in_place();
    return check_report();
}
