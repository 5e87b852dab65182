// wave_parse.c -- see wave.h. The type says what is wanted, so a text is read once, from left to
// right, and nothing is kept of it but the value. What calls itself follows the type, which is 100
// deep at most.

#include "base/nearest.h"
#include "base/utf8.h"
#include "component/abi/wave.h"
#include "component/type/name.h"
#include "component/type/text.h"
#include "text/number.h"

#include <stdarg.h>
#include <stdio.h>

typedef enum { WAVE_end, WAVE_mark, WAVE_number, WAVE_label, WAVE_char, WAVE_string } WaveKind;

typedef struct {
    WaveKind kind;
    size_t at, len;
    bool many_lines; // of a string
} WaveToken;

typedef struct {
    const CTypes *types;
    const u8 *src;
    size_t len, pos;
    Arena *arena;
    Diag *diag;
    WaveToken tok;   // the next one
    CIdMap known;    // definitions of many labels, and where these are in maps
    Map **maps;
    u32 map_count, map_cap;
} Wave;

static bool failed(const Wave *w) { return w->diag->err != ERR_none; }

PRINTF_LIKE(4, 5) static bool fail_at(Wave *w, Err err, size_t at, const char *fmt, ...)
{
    va_list args;
    char detail[300];
    if (failed(w)) return false;
    va_start(args, fmt);
    vsnprintf(detail, sizeof detail, fmt, args);
    va_end(args);
    diag_fail(w->diag, err, at, "%s", detail);
    w->diag->line = 1;
    size_t line = 0;
    for (size_t i = 0; i < at; i++)
        if (w->src[i] == '\n') {
            w->diag->line++;
            line = i + 1;
        }
    w->diag->column = (u32)(at - line) + 1;
    w->tok = (WaveToken){.kind = WAVE_end, .at = w->len};
    w->pos = w->len;
    return false;
}

static const char *token_start(const Wave *w) { return (const char *)w->src + w->tok.at; }
static Bytes token_bytes(const Wave *w) { return (Bytes){w->src + w->tok.at, w->tok.len}; }

static bool unexpected(Wave *w, const char *wanted)
{
    if (w->tok.kind == WAVE_end)
        return fail_at(w, ERR_unexpected_end, w->tok.at, "where %s is wanted", wanted);
    return fail_at(w, ERR_unexpected_token, w->tok.at, "\"%.*s\" where %s is wanted",
                   (int)MIN(w->tok.len, 40), token_start(w), wanted);
}

// In the place of a value: what its type is called.
static bool mistyped(Wave *w, CType t)
{
    char text[80];
    return unexpected(w, ctype_describe(w->types, t, text, sizeof text));
}

// ---- Tokens

static bool is_digit(u8 c) { return c >= '0' && c <= '9'; }
static bool is_word(u8 c)
{
    return is_digit(c) || c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static u8 peek(const Wave *w, size_t more)
{
    return more < w->len - w->pos ? w->src[w->pos + more] : 0;
}
static bool looking_at(const Wave *w, const char *text)
{
    return bytes_begin((Bytes){w->src + w->pos, w->len - w->pos}, text);
}

static void skip_blanks(Wave *w)
{
    while (w->pos < w->len) {
        u8 c = w->src[w->pos];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            w->pos++;
        } else if (looking_at(w, "//")) {
            while (w->pos < w->len && w->src[w->pos] != '\n') w->pos++;
        } else {
            return;
        }
    }
}

static void skip_digits(Wave *w)
{
    while (is_digit(peek(w, 0))) w->pos++;
}

// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?, or -inf
static bool lex_number(Wave *w)
{
    size_t start = w->pos;
    if (looking_at(w, "-inf")) {
        w->pos += 4;
        return true;
    }
    if (peek(w, 0) == '-') w->pos++;
    if (!is_digit(peek(w, 0)))
        return fail_at(w, ERR_unexpected_token, start, "\"-\" without a number");
    if (peek(w, 0) == '0') w->pos++;
    else skip_digits(w);
    if (peek(w, 0) == '.' && is_digit(peek(w, 1))) {
        w->pos++;
        skip_digits(w);
    }
    u8 e = peek(w, 0) | 32;
    size_t sign = peek(w, 1) == '+' || peek(w, 1) == '-';
    if (e == 'e' && is_digit(peek(w, 1 + sign))) {
        w->pos += 1 + sign;
        skip_digits(w);
    }
    return true;
}

// Three quotes end it wherever they stand; what is in it is looked at when its value is wanted.
static bool lex_string(Wave *w)
{
    size_t start = w->pos;
    u8 quote = peek(w, 0);
    if (looking_at(w, "\"\"\"")) {
        w->tok.many_lines = true;
        w->pos += 3;
        while (w->pos < w->len && !looking_at(w, "\"\"\"")) w->pos++;
        if (w->pos == w->len) return fail_at(w, ERR_unexpected_end, start, "of a string");
        w->pos += 3;
        return true;
    }
    for (w->pos++; w->pos < w->len && w->src[w->pos] != '\n'; w->pos++) {
        if (w->src[w->pos] == '\\') w->pos++;
        else if (w->src[w->pos] == quote) {
            w->pos++;
            return true;
        }
    }
    w->pos = MIN(w->pos, w->len);
    return fail_at(w, ERR_unexpected_token, start, "a quote that is not closed in its line");
}

static bool lex_label(Wave *w)
{
    size_t start = w->pos;
    w->pos += peek(w, 0) == '%';
    size_t word = w->pos;
    while (is_word(peek(w, 0))) w->pos++;
    if (clabel_valid((Bytes){w->src + word, w->pos - word})) return true;
    return fail_at(w, ERR_unexpected_token, start, "\"%.*s\" is no label",
                   (int)MIN(w->pos - start, 40), (const char *)w->src + start);
}

static bool advance(Wave *w)
{
    bool good = true;
    skip_blanks(w);
    size_t start = w->pos;
    w->tok = (WaveToken){.kind = WAVE_end, .at = start};
    if (start == w->len) return !failed(w);
    u8 c = w->src[start];
    if (strchr("{}()[]:,", c) && c) {
        w->tok.kind = WAVE_mark;
        w->pos++;
    } else if (c == '-' || is_digit(c)) {
        w->tok.kind = WAVE_number;
        good = lex_number(w);
    } else if (c == '"' || c == '\'') {
        w->tok.kind = c == '"' ? WAVE_string : WAVE_char;
        good = lex_string(w);
    } else if (c == '%' || is_word(c)) {
        w->tok.kind = WAVE_label;
        good = lex_label(w);
    } else {
        return fail_at(w, ERR_unexpected_token, start, "nothing begins like this");
    }
    if (good) w->tok.len = w->pos - start;
    return good;
}

static bool at_mark(const Wave *w, char mark)
{
    return w->tok.kind == WAVE_mark && w->src[w->tok.at] == (u8)mark;
}

static bool take(Wave *w, char mark)
{
    char wanted[4] = {'"', mark, '"', 0};
    return at_mark(w, mark) ? advance(w) : unexpected(w, wanted);
}

static bool at_word(const Wave *w, const char *word)
{
    return w->tok.kind == WAVE_label && bytes_are(token_bytes(w), word);
}

// ---- Numbers

static bool parse_integer(Wave *w, CType t, CValue *v)
{
    bool natural = t == CPRIM_u8 || t == CPRIM_u16 || t == CPRIM_u32 || t == CPRIM_u64;
    u32 bits = 8u * cprim_info[t].size;
    if (w->tok.kind != WAVE_number) return mistyped(w, t);
    for (size_t i = 0; i < w->tok.len; i++)
        if (!is_digit(token_start(w)[i]) && (i || token_start(w)[i] != '-')) return mistyped(w, t);
    u64 magnitude, most = natural ? UINT64_MAX >> (64 - bits) : (u64)1 << (bits - 1);
    bool minus = token_start(w)[0] == '-';
    bool fits = number_unsigned(token_start(w) + minus, w->tok.len - minus, 64, &magnitude);
    if (!natural && !minus) most--;
    if (!fits || magnitude > most || (natural && minus))
        return fail_at(w, ERR_constant_out_of_range, w->tok.at, "%.*s is no %s",
                       (int)MIN(w->tok.len, 40), token_start(w), cprim_info[t].text);
    v->of.u = minus ? 0 - magnitude : magnitude;
    return advance(w);
}

// What is too large is infinite.
static bool parse_float(Wave *w, CType t, CValue *v)
{
    bool nan = at_word(w, "nan"), inf = at_word(w, "inf");
    if (w->tok.kind != WAVE_number && !nan && !inf) return mistyped(w, t);
    bool minus = token_start(w)[0] == '-';
    const char *s = token_start(w) + minus;
    size_t len = w->tok.len - minus;
    inf |= *s == 'i';
    u32 single = 0;
    u64 bits = 0;
    if (t == CPRIM_f32) {
        if (nan) single = 0x7fc00000;
        else if (inf || !number_f32(s, len, &single)) single = 0x7f800000;
        single |= (u32)minus << 31;
        memcpy(&v->of.f32, &single, sizeof single);
    } else {
        if (nan) bits = 0x7ff8000000000000;
        else if (inf || !number_f64(s, len, &bits)) bits = 0x7ff0000000000000;
        bits |= (u64)minus << 63;
        memcpy(&v->of.f64, &bits, sizeof bits);
    }
    return advance(w);
}

// ---- Characters and strings

static u32 hex_digit(u8 c)
{
    if (is_digit(c)) return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10u : 16;
}

// One character at *at, escaped or not; `end` is where the quotes are.
static bool character(Wave *w, size_t *at, size_t end, u32 *scalar)
{
    static const char from[] = "'\"\\tnr", to[] = "'\"\\\t\n\r";
    size_t start = *at;
    if (w->src[start] != '\\') {
        *at += utf8_decode(w->src + start, end - start, scalar);
        return true;
    }
    const char *one = start + 1 < end ? strchr(from, w->src[start + 1]) : NULL;
    *at += 2;
    if (one && *one) {
        *scalar = (u8)to[one - from];
        return true;
    }
    u32 value = 0, digits = 0;
    if (start + 3 < end && w->src[start + 1] == 'u' && w->src[start + 2] == '{')
        for (*at = start + 3; *at < end && digits < 7; (*at)++, digits++) {
            u32 digit = hex_digit(w->src[*at]);
            if (digit > 15) break;
            value = value << 4 | digit;
        }
    bool closed = digits && digits < 7 && *at < end && w->src[(*at)++] == '}';
    *scalar = value;
    if (closed && (value < 0xd800 || (value > 0xdfff && value < 0x110000))) return true;
    return fail_at(w, ERR_unexpected_token, start, "malformed escape");
}

static bool parse_char(Wave *w, CValue *v)
{
    if (w->tok.kind != WAVE_char) return mistyped(w, CPRIM_char);
    size_t at = w->tok.at + 1, end = w->tok.at + w->tok.len - 1;
    if (at == end) return fail_at(w, ERR_unexpected_token, w->tok.at, "no character");
    if (!character(w, &at, end, &v->of.scalar)) return false;
    if (at < end) return fail_at(w, ERR_unexpected_token, w->tok.at, "more than one character");
    return advance(w);
}

// The spaces in front of the last quotes are taken from the start of each line.
static bool line_start(Wave *w, size_t *at, size_t end, size_t indent)
{
    for (size_t i = 0; i < indent; i++) {
        if (*at == end || w->src[*at] == '\n') return true; // a line that is empty
        if (w->src[*at] != ' ')
            return fail_at(w, ERR_unexpected_token, *at, "a line begins left of the last one");
        ++*at;
    }
    return true;
}

static bool string_lines(Wave *w, size_t at, size_t end, Buf *out)
{
    size_t indent = 0;
    u32 scalar;
    while (end > at && w->src[end - 1] == ' ') end--, indent++;
    if (at < end && w->src[at] == '\r') at++;
    if (at == end || w->src[at] != '\n' || w->src[end - 1] != '\n')
        return fail_at(w, ERR_unexpected_token, at,
                       "three quotes stand at the end of a line, or alone at its start");
    at++;
    if (at < end) end--;
    if (at < end && w->src[end - 1] == '\r') end--;
    if (!line_start(w, &at, end, indent)) return false;
    while (at < end) {
        bool newline = w->src[at] == '\n' || (w->src[at] == '\r' && w->src[at + 1] == '\n');
        u8 utf8[4];
        if (newline) {
            at += w->src[at] == '\r';
            at++;
            buf_byte(out, '\n');
            if (!line_start(w, &at, end, indent)) return false;
            continue;
        }
        if (!character(w, &at, end, &scalar)) return false;
        buf_bytes(out, utf8, utf8_encode(scalar, utf8));
    }
    return true;
}

static bool parse_string(Wave *w, CValue *v)
{
    Buf out;
    u32 scalar;
    u8 utf8[4];
    if (w->tok.kind != WAVE_string) return mistyped(w, CPRIM_string);
    buf_init(&out, w->arena);
    size_t at = w->tok.at + 1, end = w->tok.at + w->tok.len - 1;
    if (w->tok.many_lines) {
        if (!string_lines(w, at + 2, end - 2, &out)) return false;
        at = end;
    }
    while (at < end) {
        if (!character(w, &at, end, &scalar)) return false;
        buf_bytes(&out, utf8, utf8_encode(scalar, utf8));
    }
    v->of.string.data = (const char *)out.data;
    v->of.string.len = out.len;
    return advance(w);
}

// ---- What has parts

static bool parse_value(Wave *w, CType t, CValue *v);

static CValue *boxed(Wave *w) { return NEW(w->arena, CValue); }

// The label of a case, field or flag; words of the language need a '%' where a value could stand.
static Bytes label_of(const Wave *w)
{
    Bytes label = token_bytes(w);
    if (label.len && *label.data == '%') label.data++, label.len--;
    return label;
}

bool wave_is_keyword(Bytes word)
{
    static const char *const words[] = {"true", "false", "some", "none", "ok", "err", "inf", "nan"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (bytes_are(word, words[i])) return true;
    return false;
}

// By name, where they are many: made when first asked, so that a label costs what it is long.
static const Map *labels_of(Wave *w, const CTypeDef *def)
{
    u32 id = (u32)(def - w->types->defs);
    const u32 *at = cidmap_get(&w->known, id);
    if (at) return w->maps[*at];
    Map *map = NEW(w->arena, Map);
    map_init(map, w->arena);
    for (u32 i = 0; i < def->count; i++)
        map_add(map, def->fields[i].name.data, def->fields[i].name.len, i);
    cidmap_set(&w->known, id, w->map_count);
    ARENA_PUSH(w->arena, w->maps, w->map_count, w->map_cap) = map;
    return map;
}

static bool look_up(Wave *w, const CTypeDef *def, u32 likely, Bytes label, u32 *found)
{
    enum { FEW = 16 };
    if (likely < def->count && bytes_same(def->fields[likely].name, label)) {
        *found = likely;
        return true;
    }
    if (def->count > FEW) {
        const u32 *at = map_get(labels_of(w, def), label.data, label.len);
        if (at) *found = *at;
        return at;
    }
    for (u32 i = 0; i < def->count; i++)
        if (bytes_same(def->fields[*found = i].name, label)) return true;
    return false;
}

// Which of the fields has the label that stands here, most likely the one at `likely`.
static bool find_label(Wave *w, const CTypeDef *def, u32 likely, const char *what, u32 *found)
{
    if (w->tok.kind != WAVE_label) return unexpected(w, what);
    Bytes label = label_of(w);
    if (look_up(w, def, likely, label, found)) return true;
    Nearest near = nearest_to((const char *)label.data, label.len);
    for (u32 i = 0; i < def->count; i++)
        nearest_try(&near, (const char *)def->fields[i].name.data, def->fields[i].name.len);
    return fail_at(w, ERR_unexpected_token, w->tok.at, "there is no %s \"%.*s\"%s%.*s%s", what,
                   (int)MIN(label.len, 40), (const char *)label.data,
                   near.best ? "; did you mean " : "", (int)near.best_len,
                   near.best ? near.best : "", near.best ? "?" : "");
}

static bool seen_twice(Wave *w, bool *seen, u32 i)
{
    if (seen[i])
        return fail_at(w, ERR_unexpected_token, w->tok.at, "\"%.*s\" stands there twice",
                       (int)MIN(w->tok.len, 40), token_start(w));
    seen[i] = true;
    return true;
}

// Behind an element: a comma, which may be the last, or the end.
static bool more(Wave *w, char end, bool *ends)
{
    char wanted[] = "\",\" or \"?\"";
    bool comma = at_mark(w, ',');
    wanted[sizeof wanted - 3] = end;
    if (comma && !advance(w)) return false;
    *ends = at_mark(w, end);
    return comma || *ends || unexpected(w, wanted);
}

static bool parse_fields(Wave *w, CType t, char begin, char end, const CField *fields, u32 count,
                         CValue *v)
{
    CValue *items = NEW_ARRAY(w->arena, CValue, count);
    bool ends = false;
    size_t at = w->tok.at;
    if (!at_mark(w, begin)) return mistyped(w, t);
    if (!advance(w)) return false;
    for (u32 i = 0; i < count; i++) {
        if (ends) return fail_at(w, ERR_type_mismatch, at, "%u of %u values", i, count);
        if (!parse_value(w, fields[i].type, &items[i]) || !more(w, end, &ends)) return false;
    }
    if (!ends) return fail_at(w, ERR_type_mismatch, w->tok.at, "more than %u values", count);
    v->of.list.items = items;
    v->of.list.count = count;
    return advance(w);
}

static bool parse_list(Wave *w, CType t, const CTypeDef *def, CValue *v)
{
    CValue *items = NULL;
    u32 count = 0, cap = 0;
    bool ends = false;
    size_t at = w->tok.at;
    if (!at_mark(w, '[')) return mistyped(w, t);
    if (!advance(w)) return false;
    for (ends = at_mark(w, ']'); !ends;) {
        CValue item = {0};
        bool good = def->form == CFORM_map
                        ? parse_fields(w, t, '(', ')', def->fields, 2, &item)
                        : parse_value(w, def->fields[0].type, &item);
        if (def->form == CFORM_map) item.kind = WEFT_CVALUE_TUPLE;
        if (!good || !more(w, ']', &ends)) return false;
        ARENA_PUSH(w->arena, items, count, cap) = item;
    }
    if (def->form == CFORM_fixed_list && count != def->count)
        return fail_at(w, ERR_type_mismatch, at, "%u of %u values", count, def->count);
    v->of.list.items = items;
    v->of.list.count = count;
    return advance(w);
}

// What is left out has to be an option.
static bool fill_record(Wave *w, const CTypeDef *def, size_t at, const bool *seen, CValue *items)
{
    for (u32 i = 0; i < def->count; i++) {
        if (seen[i]) continue;
        Bytes name = def->fields[i].name;
        if (ctype_form(w->types, def->fields[i].type) != CFORM_option)
            return fail_at(w, ERR_type_mismatch, at, "the field \"%.*s\" is missing",
                           (int)MIN(name.len, 100), (const char *)name.data);
        items[i].kind = WEFT_CVALUE_OPTION;
    }
    return true;
}

static bool parse_record(Wave *w, CType t, const CTypeDef *def, CValue *v)
{
    CValue *items = NEW_ARRAY(w->arena, CValue, def->count);
    bool *seen = NEW_ARRAY(w->arena, bool, def->count), ends = false;
    size_t at = w->tok.at;
    if (!at_mark(w, '{')) return mistyped(w, t);
    if (!advance(w)) return false;
    if (at_mark(w, ':')) {
        if (!advance(w) || !at_mark(w, '}')) return unexpected(w, "\"}\"");
        ends = true;
    }
    for (u32 next = 0, i; !ends; next = i + 1) {
        if (!find_label(w, def, next, "field", &i) || !seen_twice(w, seen, i)) return false;
        if (!advance(w) || !take(w, ':')) return false;
        if (!parse_value(w, def->fields[i].type, &items[i]) || !more(w, '}', &ends)) return false;
    }
    if (!fill_record(w, def, at, seen, items)) return false;
    v->of.list.items = items;
    v->of.list.count = def->count;
    return advance(w);
}

static bool parse_flags(Wave *w, CType t, const CTypeDef *def, CValue *v)
{
    bool seen[32] = {0}, ends;
    if (!at_mark(w, '{')) return mistyped(w, t);
    if (!advance(w)) return false;
    ends = at_mark(w, '}');
    for (u32 next = 0, i; !ends; next = i + 1) {
        if (!find_label(w, def, next, "flag", &i) || !seen_twice(w, seen, i)) return false;
        v->of.flags |= 1u << i;
        if (!advance(w) || !more(w, '}', &ends)) return false;
    }
    return advance(w);
}

// Behind the label of a case.
static bool parse_payload(Wave *w, CType t, CValue *v)
{
    if (t == CTYPE_NONE) {
        if (!at_mark(w, '(')) return true;
        return fail_at(w, ERR_type_mismatch, w->tok.at, "this case has no value");
    }
    if (!at_mark(w, '('))
        return fail_at(w, ERR_type_mismatch, w->tok.at, "this case has a value, in \"( )\"");
    CValue *payload = boxed(w);
    v->of.payload = payload;
    return advance(w) && parse_value(w, t, payload) && take(w, ')');
}

static bool parse_variant(Wave *w, CType t, const CTypeDef *def, CValue *v)
{
    if (w->tok.kind != WAVE_label) return mistyped(w, t);
    if (wave_is_keyword(token_bytes(w)))
        return fail_at(w, ERR_unexpected_token, w->tok.at, "a case of this name is \"%%%.*s\"",
                       (int)w->tok.len, token_start(w));
    if (!find_label(w, def, 0, "case", &v->index)) return false;
    return advance(w) && parse_payload(w, def->fields[v->index].type, v);
}

// What may stand without some( ) or ok( ).
static bool is_flat(const Wave *w, CType t)
{
    CForm form = t == CTYPE_NONE ? CFORM_option : ctype_form(w->types, t);
    return form != CFORM_option && form != CFORM_result;
}

static bool parse_flat(Wave *w, CType whole, CType t, CValue *v)
{
    if (!is_flat(w, t)) return mistyped(w, whole);
    CValue *payload = boxed(w);
    v->of.payload = payload;
    return parse_value(w, t, payload);
}

static bool parse_option(Wave *w, CType t, const CTypeDef *def, CValue *v)
{
    v->index = !at_word(w, "none");
    if (!v->index) return advance(w) && parse_payload(w, CTYPE_NONE, v);
    if (at_word(w, "some")) return advance(w) && parse_payload(w, def->fields[0].type, v);
    return parse_flat(w, t, def->fields[0].type, v);
}

static bool parse_result(Wave *w, CType t, const CTypeDef *def, CValue *v)
{
    v->index = at_word(w, "err");
    if (at_word(w, "ok") || v->index)
        return advance(w) && parse_payload(w, def->fields[v->index].type, v);
    return parse_flat(w, t, def->fields[0].type, v);
}

static bool parse_prim(Wave *w, CType t, CValue *v)
{
    switch (t) {
    case CPRIM_bool:
        v->of.boolean = at_word(w, "true");
        return v->of.boolean || at_word(w, "false") ? advance(w) : mistyped(w, t);
    case CPRIM_f32: case CPRIM_f64: return parse_float(w, t, v);
    case CPRIM_char: return parse_char(w, v);
    case CPRIM_string: return parse_string(w, v);
    case CPRIM_error_context: return mistyped(w, t);
    default: return parse_integer(w, t, v);
    }
}

static bool parse_value(Wave *w, CType t, CValue *v)
{
    const CTypeDef *def = ctype_def(w->types, t);
    v->kind = (u8)(def ? (u32)CPRIM_COUNT + def->form : t);
    if (!def) return parse_prim(w, t, v);
    switch (def->form) {
    case CFORM_record: return parse_record(w, t, def, v);
    case CFORM_tuple: return parse_fields(w, t, '(', ')', def->fields, def->count, v);
    case CFORM_list: case CFORM_fixed_list: case CFORM_map: return parse_list(w, t, def, v);
    case CFORM_flags: return parse_flags(w, t, def, v);
    case CFORM_variant: case CFORM_enum: return parse_variant(w, t, def, v);
    case CFORM_option: return parse_option(w, t, def, v);
    case CFORM_result: return parse_result(w, t, def, v);
    default: // handles have no text
        return fail_at(w, ERR_type_mismatch, w->tok.at, "no text stands for %s",
                       cform_info[def->form].text);
    }
}

// ---- From outside

static bool begin(Wave *w, const CTypes *types, Bytes text, size_t at, Arena *arena, Diag *diag)
{
    *w = (Wave){.types = types, .src = text.data, .len = text.len, .arena = arena, .diag = diag};
    if (arena) cidmap_init(&w->known, arena);
    diag_init(diag);
    while (w->pos < w->len) {
        u32 scalar, size = utf8_decode(w->src + w->pos, w->len - w->pos, &scalar);
        if (!size) return fail_at(w, ERR_malformed_utf8, w->pos, "%s", "");
        w->pos += size;
    }
    w->pos = at;
    return true;
}

static bool end(Wave *w)
{
    return w->tok.kind == WAVE_end ? !failed(w) : unexpected(w, "the end");
}

bool wave_parse(const CTypes *types, CType t, Bytes text, Arena *arena, CValue *value, Diag *diag)
{
    Wave w;
    *value = (CValue){0};
    return begin(&w, types, text, 0, arena, diag) && advance(&w) && parse_value(&w, t, value) &&
           end(&w);
}

bool wave_parse_name(Bytes text, Bytes *name, size_t *at, Diag *diag)
{
    Wave w;
    if (!begin(&w, NULL, text, 0, NULL, diag)) return false;
    skip_blanks(&w);
    size_t start = w.pos;
    while (w.pos < w.len && !strchr("( \t\r\n", w.src[w.pos])) w.pos++;
    *name = (Bytes){w.src + start, w.pos - start};
    skip_blanks(&w);
    *at = w.pos;
    w.tok = (WaveToken){.kind = WAVE_mark, .at = w.pos, .len = 1};
    if (w.pos == w.len) w.tok.kind = WAVE_end;
    if (!name->len) return unexpected(&w, "the name of a function");
    return looking_at(&w, "(") || unexpected(&w, "\"(\"");
}

bool wave_parse_arguments(const CTypes *types, const CFunc *func, Bytes text, size_t at,
                          Arena *arena, CValue *values, Diag *diag)
{
    Wave w;
    u32 i = 0;
    if (!begin(&w, types, text, at, arena, diag) || !advance(&w) || !take(&w, '(')) return false;
    for (bool ends = at_mark(&w, ')'); !ends; i++) {
        if (i == func->count)
            return fail_at(&w, ERR_type_mismatch, w.tok.at, "more than %u arguments", i);
        values[i] = (CValue){0};
        if (!parse_value(&w, func->params[i].type, &values[i]) || !more(&w, ')', &ends))
            return false;
    }
    for (; i < func->count; i++) {
        Bytes name = func->params[i].name;
        if (ctype_form(types, func->params[i].type) != CFORM_option)
            return fail_at(&w, ERR_type_mismatch, w.tok.at, "the argument \"%.*s\" is missing",
                           (int)MIN(name.len, 100), (const char *)name.data);
        values[i] = (CValue){.kind = WEFT_CVALUE_OPTION};
    }
    return advance(&w) && end(&w);
}
