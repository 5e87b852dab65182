// lexer.c -- see lexer.h.

#include "component/wit/lexer.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

const char *const wit_kind_text[WIT_KIND_COUNT] = {
#define WIT_KIND(name, text, shape) [WIT_##name] = (text),
#include "component/wit/kind.def"
};

enum { SAID_MOST = 40 }; // of a token, in a message

static const char *const keywords[] = {
    "as", "async", "bool", "borrow", "char", "constructor", "enum", "error-context", "export",
    "f32", "f64", "flags", "from", "func", "future", "import", "include", "interface", "list",
    "map", "option", "own", "package", "record", "resource", "result", "s16", "s32", "s64", "s8",
    "static", "stream", "string", "tuple", "type", "u16", "u32", "u64", "u8", "use", "variant",
    "with", "world",
};

bool wit_is_keyword(Bytes word)
{
    for (size_t i = 0; i < COUNT_OF(keywords) && word.len; i++)
        if (keywords[i][0] == word.data[0] && bytes_are(word, keywords[i])) return true;
    return false;
}

void wit_fail(Wit *wit, WitSpot at, Err err, const char *fmt, ...)
{
    char detail[sizeof wit->diag.detail];
    va_list args;
    va_start(args, fmt);
    vsnprintf(detail, sizeof detail, fmt, args);
    va_end(args);
    diag_fail(&wit->diag, err, at.at, "%s", detail);
    wit->where = at.file;
    arena_fail(wit->arena);
}

static WitSpot spot(const WitLexer *l, u32 at) { return (WitSpot){l->file, at}; }

static u8 peek(const WitLexer *l, u32 ahead)
{
    u64 at = (u64)l->pos + ahead;
    return at < l->file->size ? (u8)l->file->src[at] : 0;
}

// What turns the direction of text, what Unicode advises against, and controls.
static bool is_forbidden(u32 c)
{
    static const u32 deprecated[] = {0x149, 0x673, 0xf77, 0xf79, 0x17a3, 0x17a4, 0x17b4, 0x17b5};
    for (size_t i = 0; i < COUNT_OF(deprecated); i++)
        if (c == deprecated[i]) return true;
    if (c == '\n' || c == '\r' || c == '\t') return false;
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

void wit_lexer_init(WitLexer *l, Wit *wit, const WitFile *file)
{
    *l = (WitLexer){.wit = wit, .file = file};
    const u8 *src = (const u8 *)file->src;
    for (u32 at = 0, len; at < file->size; at += len) {
        u32 c = src[at];
        len = c < 0x80 ? 1 : utf8_decode(src + at, file->size - at, &c);
        if (!len) wit_fail(wit, spot(l, at), ERR_malformed_utf8, "in the text");
        if (is_forbidden(c))
            wit_fail(wit, spot(l, at), ERR_illegal_character, "U+%04X stands in no WIT", c);
    }
    static const u8 mark[] = {0xef, 0xbb, 0xbf};
    if (file->size >= sizeof mark && !memcmp(src, mark, sizeof mark)) l->pos = sizeof mark;
}

static void skip_block(WitLexer *l)
{
    u32 start = l->pos, depth = 0;
    do {
        if (l->pos >= l->file->size)
            wit_fail(l->wit, spot(l, start), ERR_unclosed_comment, "\"/*\" has no \"*/\"");
        bool opens = peek(l, 0) == '/' && peek(l, 1) == '*';
        bool closes = peek(l, 0) == '*' && peek(l, 1) == '/';
        l->pos += opens || closes ? 2 : 1;
        depth = depth + opens - closes;
    } while (depth);
}

static void skip_space(WitLexer *l)
{
    for (;;) {
        u8 c = peek(l, 0), next = peek(l, 1);
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') l->pos++;
        else if (c == '/' && next == '*') skip_block(l);
        else if (c == '/' && next == '/')
            while (l->pos < l->file->size && peek(l, 0) != '\n') l->pos++;
        else return;
    }
}

static bool is_digit(u8 c) { return c >= '0' && c <= '9'; }
static bool is_lower(u8 c) { return c >= 'a' && c <= 'z'; }
static bool is_upper(u8 c) { return c >= 'A' && c <= 'Z'; }
static bool is_word(u8 c) { return is_digit(c) || is_lower(c) || is_upper(c) || c == '-'; }

// Words with one '-' between two: each of small letters or of capitals, and digits; the first one
// begins with a letter.
// spec: WIT/Identifiers
static bool is_label(Bytes id)
{
    bool lower = false, upper = false, begins = true;
    if (!id.len || is_digit(id.data[0]) || id.data[id.len - 1] == '-') return false;
    for (size_t i = 0; i < id.len; i++) {
        u8 c = id.data[i];
        if (c == '-') {
            if (begins) return false;
            lower = upper = false;
        }
        lower |= is_lower(c);
        upper |= is_upper(c);
        begins = c == '-';
        if (lower && upper) return false;
    }
    return true;
}

static Bytes take_word(WitLexer *l)
{
    u32 start = l->pos;
    while (is_word(peek(l, 0))) l->pos++;
    return (Bytes){(const u8 *)l->file->src + start, l->pos - start};
}

static void lex_name(WitLexer *l, WitToken *t)
{
    bool marked = peek(l, 0) == '%';
    l->pos += marked;
    t->text = take_word(l);
    t->kind = !marked && wit_is_keyword(t->text) ? LEX_keyword : LEX_id;
    if (!is_label(t->text))
        wit_fail(l->wit, spot(l, t->at), ERR_wit_malformed_name,
                 "\"%.*s\" is to be words of letters and digits with - between them",
                 (int)MIN(t->text.len, SAID_MOST), (const char *)t->text.data);
}

static void lex_string(WitLexer *l, WitToken *t)
{
    t->kind = LEX_string;
    l->pos++;
    for (u8 c; (c = peek(l, 0)) != '"'; l->pos += c == '\\' ? 2 : 1)
        if (l->pos >= l->file->size || c == '\n' || (c == '\\' && peek(l, 1) == '\n'))
            wit_fail(l->wit, spot(l, t->at), ERR_unclosed_string, "it has no second '\"'");
    l->pos++;
    t->text = (Bytes){(const u8 *)l->file->src + t->at, l->pos - t->at};
}

void wit_lexer_next(WitLexer *l)
{
    WitToken t = {.gap = l->pos};
    skip_space(l);
    t.at = l->pos;
    u8 c = peek(l, 0);
    if (l->pos >= l->file->size) {
        t.kind = LEX_eof;
    } else if (is_lower(c) || is_upper(c) || c == '%') {
        lex_name(l, &t);
    } else if (is_digit(c)) {
        t.kind = LEX_integer;
        while (is_digit(peek(l, 0))) l->pos++;
        t.text = (Bytes){(const u8 *)l->file->src + t.at, l->pos - t.at};
    } else if (c == '"') {
        lex_string(l, &t);
    } else if (c == '_' && !is_word(peek(l, 1)) && peek(l, 1) != '_') {
        l->pos++;
        t.kind = LEX_keyword;
        t.text = (Bytes){(const u8 *)l->file->src + t.at, 1};
    } else if (c == '-' && peek(l, 1) == '>') {
        l->pos += 2;
        t.kind = LEX_arrow;
    } else if (strchr("=,:.;(){}<>*@/+-", c) || (l->brackets && strchr("[]", c))) {
        l->pos++;
        t.kind = LEX_mark;
        t.mark = c;
    } else {
        wit_fail(l->wit, spot(l, t.at), ERR_illegal_character, "%s", "");
    }
    l->token = t;
}

// A dot behind which no word goes on is none of it: `use a:b/c@1.0.0.{d}`.
void wit_lexer_version(WitLexer *l, WitVersion *version)
{
    const char *why;
    skip_space(l);
    u32 start = l->pos;
    for (u8 c; is_word(c = peek(l, 0)) || c == '+' || (c == '.' && is_word(peek(l, 1))); l->pos++)
        if (c == '-' && peek(l, 1) == '>') break;
    Bytes text = {(const u8 *)l->file->src + start, l->pos - start};
    if (!wit_version_parse(text, version, &why))
        wit_fail(l->wit, spot(l, start), ERR_wit_malformed_version, "%s", why);
}

static u32 hex_value(u8 c) { return (u32)(is_digit(c) ? c - '0' : (c | 32) - 'a' + 10); }
static bool is_hex(u8 c) { return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f'); }

// Behind "\u": a number in braces. 0: it is none; else how many characters that are.
static u32 read_scalar(const u8 *s, size_t len, u32 *scalar)
{
    u32 at = 1;
    if (!len || s[0] != '{') return 0;
    for (*scalar = 0; at < len && is_hex(s[at]) && *scalar < 0x110000; at++)
        *scalar = *scalar << 4 | hex_value(s[at]);
    bool good = at > 1 && at < len && s[at] == '}' && *scalar < 0x110000 &&
                (*scalar < 0xd800 || *scalar >= 0xe000);
    return good ? at + 1 : 0;
}

Bytes wit_string(WitLexer *l, const WitToken *token)
{
    static const char letters[] = "tnr\"'\\", meant[] = "\t\n\r\"'\\";
    const u8 *s = token->text.data;
    size_t end = token->text.len - 1;
    Buf out;
    buf_init(&out, l->wit->arena);
    for (size_t i = 1; i < end; i++) {
        u8 encoded[4];
        u32 scalar, len;
        const char *letter;
        if (s[i] != '\\') {
            buf_byte(&out, s[i]);
        } else if ((letter = strchr(letters, s[i + 1])) && *letter) {
            buf_byte(&out, (u8)meant[letter - letters]);
            i++;
        } else if (s[i + 1] == 'u' && (len = read_scalar(s + i + 2, end - i - 2, &scalar))) {
            buf_bytes(&out, encoded, utf8_encode(scalar, encoded));
            i += 1 + len;
        } else if (i + 2 < end && is_hex(s[i + 1]) && is_hex(s[i + 2])) {
            buf_byte(&out, (u8)(hex_value(s[i + 1]) << 4 | hex_value(s[i + 2])));
            i += 2;
        } else {
            wit_fail(l->wit, spot(l, token->at + (u32)i), ERR_illegal_escape, "%s", "");
        }
    }
    if (!utf8_valid(out.data, out.len))
        wit_fail(l->wit, spot(l, token->at), ERR_malformed_utf8, "in a string");
    return out.len ? buf_view(&out) : bytes_of("");
}
