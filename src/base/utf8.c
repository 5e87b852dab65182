// utf8.c -- see utf8.h.

#include "base/utf8.h"

u32 utf8_decode(const u8 *s, size_t len, u32 *scalar)
{
    u8 lead = s[0];
    if (lead < 0x80) {
        *scalar = lead;
        return 1;
    }
    u32 n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || n > len) return 0;
    u32 c = lead & (0x7fu >> n);
    for (u32 i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80) return 0;
        c = c << 6 | (s[i] & 0x3f);
    }
    static const u32 least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return 0;
    *scalar = c;
    return n;
}

bool utf8_valid(const u8 *data, size_t len)
{
    for (size_t i = 0; i < len;) {
        u32 scalar, n = utf8_decode(data + i, len - i, &scalar);
        if (!n) return false;
        i += n;
    }
    return true;
}

u32 utf8_encode(u32 c, u8 out[4])
{
    if (c < 0x80) {
        out[0] = (u8)c;
        return 1;
    }
    u32 n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (u32 i = n - 1; i > 0; i--, c >>= 6) out[i] = (u8)(0x80 | (c & 0x3f));
    out[0] = (u8)((0xf00 >> n) | c);
    return n;
}
