// coretext.c -- see coretext.h.

#include "component/tool/coretext.h"

#include "text/parse.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void text_put(Buf *text, const char *fmt, ...)
{
    enum { MOST = 300 };
    u8 *at = buf_reserve(text, MOST);
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf((char *)at, MOST, fmt, args);
    va_end(args);
    assert(len >= 0 && len < MOST);
    text->len += (size_t)len;
}

void text_string(Buf *text, Bytes string)
{
    buf_byte(text, '"');
    for (size_t i = 0; i < string.len; i++) {
        u8 c = string.data[i];
        if (c < ' ' || c > '~' || c == '"' || c == '\\') text_put(text, "\\%02x", c);
        else buf_byte(text, c);
    }
    buf_byte(text, '"');
}

static void put_letters(Buf *text, const char *what, const u8 *letters, u32 count)
{
    if (!count) return;
    text_put(text, " (%s", what);
    for (u32 i = 0; i < count; i++) text_put(text, " %s", flat_text(letters[i]));
    text_put(text, ")");
}

void text_sig(Buf *text, const FlatSig *sig)
{
    put_letters(text, "param", sig->params, sig->count);
    put_letters(text, "result", sig->results, sig->result_count);
}

static void put_types(Maker *m, Buf *text, const char *what, const Type *types, u32 count)
{
    if (!count) return;
    text_put(text, " (%s", what);
    for (u32 i = 0; i < count; i++) {
        Type t = types[i];
        const char *name = t == TYPE_i32   ? "i32"
                           : t == TYPE_i64 ? "i64"
                           : t == TYPE_f32 ? "f32"
                           : t == TYPE_f64 ? "f64"
                           : t == TYPE_v128 ? "v128" : NULL;
        if (!name) maker_fail(m, "a function between modules takes or gives what is no number");
        text_put(text, " %s", name);
    }
    text_put(text, ")");
}

void text_type(Maker *m, Buf *text, TypeId type)
{
    const TypeDef *def = type_def(m->distinct, type);
    put_types(m, text, "param", def->params, def->param_count);
    put_types(m, text, "result", def->params + def->param_count, def->result_count);
}

Bytes text_assemble(Maker *m, const Buf *text)
{
    TextModule out;
    Diag diag = {0};
    if (!text_parse(m->arena, (const char *)text->data, 0, text->len, features_all, NULL, &out,
                    &diag))
        maker_fail_as(m, &diag);
    return out.bytes;
}
