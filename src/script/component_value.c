// component_value.c -- see component_value.h.

#include "script/component_value.h"

#include "text/number.h"

#include <string.h>

typedef struct { Arena *arena; Lexer *l; const CTypes *types; } Values;

static bool read_value(Values *v, CType t, CValue *out);

static bool word_is(const Values *v, Token word, const char *name, const char *tail)
{
    size_t len = strlen(name);
    const char *s = v->l->src + word.start;
    return word.len == len + strlen(tail) && !memcmp(s, name, len) &&
           !memcmp(s + len, tail, strlen(tail));
}

static bool closes(Values *v) { return lexer_next(v->l).kind == TOKEN_close; }
// Passes over a token of that kind, if one stands here.
static bool passes(Values *v, TokenKind kind)
{
    Lexer ahead = *v->l;
    if (lexer_next(&ahead).kind != kind) return false;
    *v->l = ahead;
    return true;
}

static bool read_string(Values *v, Bytes *out)
{
    if (lexer_next(v->l).kind != TOKEN_string) return false;
    *out = token_string(v->arena, v->l->src, v->l->token);
    return true;
}

static bool label_index(Values *v, const CTypeDef *def, u32 *index)
{
    Bytes name;
    if (!read_string(v, &name)) return false;
    for (*index = 0; *index < def->count; ++*index)
        if (bytes_same(def->fields[*index].name, name)) return true;
    return false;
}

// ---- Primitives

static bool read_integer(Values *v, CType t, CValue *out)
{
    s64 n;
    Token token = lexer_next(v->l);
    u32 bits = 8u * cprim_info[t].size;
    if (token.kind != TOKEN_int || !number_integer(v->l->src + token.start, token.len, bits, &n))
        return false;
    bool is_signed = t == CPRIM_s8 || t == CPRIM_s16 || t == CPRIM_s32 || t == CPRIM_s64;
    if (is_signed) out->of.s = n;
    else out->of.u = bits == 64 ? (u64)n : (u64)n & (((u64)1 << bits) - 1);
    return true;
}

static bool read_float(Values *v, CType t, CValue *out)
{
    Token token = lexer_next(v->l);
    u32 bits;
    const char *s = v->l->src + token.start;
    if (token.kind != TOKEN_float && token.kind != TOKEN_int) return false;
    if (t == CPRIM_f64) return number_f64(s, token.len, &out->of.u);
    if (!number_f32(s, token.len, &bits)) return false;
    memcpy(&out->of.f32, &bits, sizeof bits);
    return true;
}

static bool read_char(Values *v, CValue *out)
{
    Bytes text;
    if (!read_string(v, &text) || !text.len) return false;
    u32 c = text.data[0], more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    if (text.len != more + 1) return false;
    c &= 0x7fu >> more;
    for (u32 i = 1; i <= more; i++) c = c << 6 | (text.data[i] & 0x3f);
    out->of.scalar = c;
    return true;
}

static bool read_prim(Values *v, Token word, CType t, CValue *out)
{
    const char *name = t == CPRIM_string ? "str" : cprim_info[t].text;
    Bytes text;
    if (!word_is(v, word, name, ".const")) return false;
    switch (t) {
    case CPRIM_bool:
        lexer_next(v->l);
        out->of.boolean = token_is(v->l->src, v->l->token, "true");
        return out->of.boolean || token_is(v->l->src, v->l->token, "false");
    case CPRIM_f32: case CPRIM_f64: return read_float(v, t, out);
    case CPRIM_char: return read_char(v, out);
    case CPRIM_string:
        if (!read_string(v, &text)) return false;
        out->of.string.data = (const char *)text.data;
        out->of.string.len = text.len;
        return true;
    default: return read_integer(v, t, out);
    }
}

// ---- What has parts

static bool read_items(Values *v, CType t, CValue *out)
{
    CValue *items = NULL;
    u32 count = 0, cap = 0;
    while (passes(v, TOKEN_open)) {
        CValue item;
        if (!read_value(v, t, &item) || !closes(v)) return false;
        ARENA_PUSH(v->arena, items, count, cap) = item;
    }
    out->of.list.items = items;
    out->of.list.count = count;
    return true;
}

static bool read_fields(Values *v, const CTypeDef *def, CValue *out)
{
    CValue *items = NEW_ARRAY(v->arena, CValue, def->count);
    for (u32 i = 0; i < def->count; i++) {
        u32 index;
        if (lexer_next(v->l).kind != TOKEN_open) return false;
        if (def->form == CFORM_record) {
            if (!token_is(v->l->src, lexer_next(v->l), "field") || !label_index(v, def, &index) ||
                index != i)
                return false;
        }
        if (!read_value(v, def->fields[i].type, &items[i]) || !closes(v)) return false;
    }
    out->of.list.items = items;
    out->of.list.count = def->count;
    return true;
}

// Whether one is wanted, its type says.
static bool read_payload(Values *v, CType t, CValue *out)
{
    if (t == CTYPE_NONE) return true;
    CValue *payload = NEW(v->arena, CValue);
    out->of.payload = payload;
    return passes(v, TOKEN_open) && read_value(v, t, payload) && closes(v);
}

static bool read_case(Values *v, Token word, const CTypeDef *def, CValue *out)
{
    if (def->form == CFORM_option) {
        out->index = word_is(v, word, "option", ".some");
        return (out->index || word_is(v, word, "option", ".none")) &&
               read_payload(v, out->index ? def->fields[0].type : CTYPE_NONE, out);
    }
    if (def->form == CFORM_result) {
        out->index = word_is(v, word, "result", ".err");
        return (out->index || word_is(v, word, "result", ".ok")) &&
               read_payload(v, def->fields[out->index].type, out);
    }
    u32 index;
    if (!word_is(v, word, cform_info[def->form].text, ".const") || !label_index(v, def, &index))
        return false;
    out->index = index;
    return read_payload(v, def->form == CFORM_enum ? CTYPE_NONE : def->fields[index].type, out);
}

static bool read_flags(Values *v, const CTypeDef *def, CValue *out)
{
    u32 index;
    for (Lexer ahead = *v->l; lexer_next(&ahead).kind == TOKEN_string; ahead = *v->l) {
        if (!label_index(v, def, &index)) return false;
        out->of.flags |= 1u << index;
    }
    return true;
}

static bool read_def(Values *v, Token word, const CTypeDef *def, CValue *out)
{
    switch (def->form) {
    case CFORM_record: return word_is(v, word, "record", ".const") && read_fields(v, def, out);
    case CFORM_tuple: return word_is(v, word, "tuple", ".const") && read_fields(v, def, out);
    case CFORM_list: case CFORM_fixed_list:
        return word_is(v, word, "list", ".const") && read_items(v, def->fields[0].type, out);
    case CFORM_flags: return word_is(v, word, "flags", ".const") && read_flags(v, def, out);
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result:
        return read_case(v, word, def, out);
    default: return false;
    }
}

// Leaves the lexer in front of its ")", which in a field may be the field's.
static bool read_value(Values *v, CType t, CValue *out)
{
    CType canon = ctype_canon(v->types, t);
    const CTypeDef *def = ctype_def(v->types, canon);
    Token word = lexer_next(v->l);
    bool paren = word.kind == TOKEN_open; // of a field
    if (paren) word = lexer_next(v->l);
    *out = (CValue){.kind = (weft_cvalue_kind)(def ? CPRIM_COUNT + def->form : canon)};
    bool read = def ? read_def(v, word, def, out) : read_prim(v, word, canon, out);
    return read && (!paren || closes(v));
}

bool component_value_read(Arena *arena, Lexer *l, const CTypes *types, CType t, CValue *out)
{
    Values v = {arena, l, types};
    return read_value(&v, t, out) && closes(&v);
}

// ---- Comparison

static bool same_number(CType t, const CValue *a, const CValue *b)
{
    if (t == CPRIM_f32 && a->of.f32 != a->of.f32) return b->of.f32 != b->of.f32;
    if (t == CPRIM_f64 && a->of.f64 != a->of.f64) return b->of.f64 != b->of.f64;
    size_t size = t == CPRIM_f32 || t == CPRIM_char ? 4 : t == CPRIM_bool ? 1 : 8;
    return !memcmp(&a->of, &b->of, size);
}

static bool same_items(const CTypes *types, const CTypeDef *def, const CValue *a, const CValue *b)
{
    bool list = def->form == CFORM_list || def->form == CFORM_fixed_list;
    if (a->of.list.count != b->of.list.count) return false;
    for (size_t i = 0; i < a->of.list.count; i++)
        if (!component_value_same(types, def->fields[list ? 0 : i].type, &a->of.list.items[i],
                                  &b->of.list.items[i]))
            return false;
    return true;
}

// What is packed, one by one.
static CValue number_at(const CValue *list, CType t, size_t i)
{
    CValue out = {.kind = (weft_cvalue_kind)t};
    u32 size = cprim_info[t].size;
    const u8 *p = (const u8 *)list->of.numbers.data + i * size;
    u64 bits = 0;
    memcpy(&bits, p, size);
    switch (t) {
    case CPRIM_s8: out.of.s = (s8)bits; break;
    case CPRIM_s16: out.of.s = (s16)bits; break;
    case CPRIM_s32: out.of.s = (s32)bits; break;
    case CPRIM_f32: memcpy(&out.of.f32, p, size); break;
    default: out.of.u = bits;
    }
    return out;
}

static bool same_packed(CType t, const CValue *packed, const CValue *items)
{
    if (packed->of.numbers.count != items->of.list.count) return false;
    for (size_t i = 0; i < items->of.list.count; i++) {
        CValue n = number_at(packed, t, i);
        if (!same_number(t, &n, &items->of.list.items[i])) return false;
    }
    return true;
}

bool component_value_same(const CTypes *types, CType t, const CValue *a, const CValue *b)
{
    CType canon = ctype_canon(types, t);
    const CTypeDef *def = ctype_def(types, canon);
    if (canon == CPRIM_string)
        return a->of.string.len == b->of.string.len &&
               (!a->of.string.len || !memcmp(a->of.string.data, b->of.string.data,
                                             a->of.string.len));
    if (!def) return same_number(canon, a, b);
    switch (def->form) {
    case CFORM_list: case CFORM_fixed_list:
        if (b->packed) return same_packed(ctype_canon(types, def->fields[0].type), b, a);
        return same_items(types, def, a, b);
    case CFORM_record: case CFORM_tuple: return same_items(types, def, a, b);
    case CFORM_flags: return a->of.flags == b->of.flags;
    case CFORM_option: case CFORM_result: case CFORM_variant: case CFORM_enum: {
        if (a->index != b->index) return false;
        CType payload = def->form == CFORM_enum ? CTYPE_NONE
                        : def->form == CFORM_option
                            ? (a->index ? def->fields[0].type : CTYPE_NONE)
                            : def->fields[a->index].type;
        return payload == CTYPE_NONE ||
               component_value_same(types, payload, a->of.payload, b->of.payload);
    }
    default: return false;
    }
}
