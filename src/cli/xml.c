// xml.c -- see xml.h. spec: XML 1.0, characters

#include "cli/xml.h"

#include "base/utf8.h"

static bool is_char(u32 c)
{
    bool control = c < ' ' && c != '\t' && c != '\n' && c != '\r';
    return !control && c != 0xfffe && c != 0xffff;
}

void print_xml(FILE *out, Bytes text)
{
    for (size_t i = 0; i < text.len;) {
        u32 c = 0, len = utf8_decode(text.data + i, text.len - i, &c);
        switch (c) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        default:
            if (len && is_char(c)) fwrite(text.data + i, 1, len, out);
            else fputc('?', out);
        }
        i += MAX(len, 1);
    }
}
