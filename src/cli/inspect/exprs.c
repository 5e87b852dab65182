// exprs.c -- what constant expressions say: of globals, tables, and where segments are put.

#include "cli/inspect/inspect.h"

#include "binary/reader.h"

#include <stdio.h>

// One number, and nothing more? Also of what is not valid.
static bool number_of(const Module *m, Range expr, s64 *value)
{
    enum { I32_CONST = 0x41, I64_CONST = 0x42, END = 0x0b };
    Diag ignored;
    diag_init(&ignored);
    Reader r = {m->bytes, m->bytes + expr.start, m->bytes + expr.end, ERR_unexpected_end, &ignored};
    u8 op = read_u8(&r);
    *value = op == I32_CONST ? read_leb_s32(&r) : read_leb_s64(&r);
    return (op == I32_CONST || op == I64_CONST) && read_u8(&r) == END && !reader_failed(&r);
}

static Bytes text_of(Inspect *s, Range expr)
{
    Bytes text;
    if (!expr_printer_text(s->exprs, expr.start, &text)) arena_fail(s->arena);
    return text;
}

void show_expr(Inspect *s, const char *before, Range expr)
{
    Bytes text = text_of(s, expr);
    if (!text.len) return;
    bool cut = text.len > TEXT_LIMIT;
    if (cut) text.len = TEXT_LIMIT;
    while (cut && text.len && (text.data[text.len] & 0xc0) == 0x80) text.len--;
    fputs(before, stdout);
    show(text);
    if (cut) fputs("...", stdout);
}

void json_expr(Json *j, Inspect *s, const char *key, Range expr)
{
    s64 value;
    char value_key[40];
    json_known(j, key, text_of(s, expr));
    if (!number_of(s->m, expr, &value)) return;
    snprintf(value_key, sizeof value_key, "%s_value", key);
    json_signed(j, value_key, value);
}
