// lexer.c -- see lexer.h.
//
// Keywords, numbers, identifiers and reserved words all are one longest run of idchars and strings;
// what kind it is, is decided by looking at it again. So `i32.const1` is no keyword followed by a
// number, and `"a""b"` is not two strings.

#include "text/lexer.h"

#include "base/utf8.h"

#include <string.h>

enum { CHAR_id = 1, CHAR_space = 2, CHAR_digit = 4, CHAR_hex = 8, CHAR_lower = 16 };

static const u8 char_class[256] = {
    [' '] = CHAR_space, ['\t'] = CHAR_space, ['\n'] = CHAR_space, ['\r'] = CHAR_space,
    ['0' ... '9'] = CHAR_id | CHAR_digit | CHAR_hex,
    ['A' ... 'F'] = CHAR_id | CHAR_hex, ['G' ... 'Z'] = CHAR_id,
    ['a' ... 'f'] = CHAR_id | CHAR_hex | CHAR_lower, ['g' ... 'z'] = CHAR_id | CHAR_lower,
    ['!'] = CHAR_id, ['#' ... '\''] = CHAR_id, ['*'] = CHAR_id, ['+'] = CHAR_id, ['-'] = CHAR_id,
    ['.'] = CHAR_id, ['/'] = CHAR_id, [':'] = CHAR_id, ['<' ... '@'] = CHAR_id, ['\\'] = CHAR_id,
    ['^' ... '`'] = CHAR_id, ['|'] = CHAR_id, ['~'] = CHAR_id,
};

static bool char_is(char c, int classes) { return (char_class[(u8)c] & classes) != 0; }

void lexer_init(Lexer *l, const char *src, size_t start, size_t end, Diag *diag)
{
    *l = (Lexer){.src = src, .pos = start, .end = end, .diag = diag, .asked = start};
}

static Token lexer_token(Lexer *l, TokenKind kind, size_t start)
{
    l->token = (Token){kind, start, l->pos - start};
    return l->token;
}

static bool lexer_fail(Lexer *l, Err err, size_t at, const char *what)
{
    return diag_fail(l->diag, err, at, "%s", what);
}

static Token lexer_error(Lexer *l, size_t start)
{
    l->end = l->pos; // nothing is read after an error
    return lexer_token(l, TOKEN_error, start);
}

// Passes over one character beyond ASCII.
static bool lexer_utf8(Lexer *l)
{
    u32 scalar, n = utf8_decode((const u8 *)l->src + l->pos, l->end - l->pos, &scalar);
    if (!n) return lexer_fail(l, ERR_malformed_utf8, l->pos, "in the text");
    l->pos += n;
    return true;
}

// To the end of the line, which is left unread.
static bool lexer_line_comment(Lexer *l)
{
    while (l->pos < l->end) {
        char c = l->src[l->pos];
        if (c == '\n' || c == '\r') return true;
        if ((u8)c < 0x80) l->pos++;
        else if (!lexer_utf8(l)) return false;
    }
    return true;
}

static bool lexer_block_comment(Lexer *l)
{
    size_t start = l->pos, depth = 1;
    for (l->pos += 2; l->end - l->pos >= 2;) {
        const char *s = l->src + l->pos;
        if (s[0] == ';' && s[1] == ')') {
            l->pos += 2;
            if (--depth == 0) return true;
        } else if (s[0] == '(' && s[1] == ';') {
            l->pos += 2;
            depth++;
        } else if ((u8)s[0] < 0x80) {
            l->pos++;
        } else if (!lexer_utf8(l)) {
            return false;
        }
    }
    return lexer_fail(l, ERR_unclosed_comment, start, "\"(;\" has no \";)\"");
}

// Texts that are indented are mostly spaces: eight at a time.
static size_t skip_spaces(const Lexer *l, size_t pos)
{
    u64 eight;
    while (l->end - pos >= 8 && (memcpy(&eight, l->src + pos, 8), eight == 0x2020202020202020u))
        pos += 8;
    while (pos < l->end && char_is(l->src[pos], CHAR_space)) pos++;
    return pos;
}

static size_t skip_idchars(const Lexer *l, size_t pos)
{
    const char *src = l->src;
    size_t end = l->end;
    while (pos < end && char_is(src[pos], CHAR_id)) pos++;
    return pos;
}

// Passes over white space and comments.
static bool lexer_space(Lexer *l)
{
    while (l->pos < l->end) {
        char c = l->src[l->pos], next = l->pos + 1 < l->end ? l->src[l->pos + 1] : 0;
        if (char_is(c, CHAR_space)) {
            l->pos = skip_spaces(l, l->pos + 1);
        } else if (c == ';' && next == ';') {
            if (!lexer_line_comment(l)) return false;
        } else if (c == '(' && next == ';') {
            if (!lexer_block_comment(l)) return false;
        } else {
            return true;
        }
    }
    return true;
}

static u32 hex_value(char c)
{
    return char_is(c, CHAR_digit) ? (u32)(c - '0') : (u32)((c | 32) - 'a' + 10);
}

// At "\u{": reads the number in braces, at `at`. Returns the offset after "}", 0 if it is none.
static size_t scan_unicode(const char *src, size_t at, size_t end, u32 *scalar)
{
    u32 value = 0;
    bool digit = false;
    for (; at < end && src[at] != '}'; at++) {
        if (src[at] == '_' && digit && at + 1 < end && char_is(src[at + 1], CHAR_hex)) continue;
        if (!char_is(src[at], CHAR_hex)) return 0;
        value = value << 4 | hex_value(src[at]);
        digit = true;
        if (value > 0x10ffff) return 0;
    }
    if (at >= end || !digit || (value >= 0xd800 && value < 0xe000)) return 0;
    *scalar = value;
    return at + 1;
}

// At "\": passes over the escape.
static bool lexer_escape(Lexer *l)
{
    size_t start = l->pos, left = l->end - l->pos;
    const char *s = l->src + l->pos;
    u32 scalar;
    if (left >= 2 && strchr("nrt\\'\"", s[1]) && s[1]) {
        l->pos += 2;
    } else if (left >= 3 && char_is(s[1], CHAR_hex) && char_is(s[2], CHAR_hex)) {
        l->pos += 3;
    } else if (left >= 3 && s[1] == 'u' && s[2] == '{') {
        size_t after = scan_unicode(l->src, l->pos + 3, l->end, &scalar);
        if (!after)
            return lexer_fail(l, ERR_illegal_escape, start,
                              "expected \\u{...} with a Unicode scalar value");
        l->pos = after;
    } else {
        return lexer_fail(l, ERR_illegal_escape, start,
                          "expected one of \\n \\r \\t \\\\ \\' \\\" \\hh \\u{...}");
    }
    return true;
}

// At a quote: passes over the string.
static bool lexer_string(Lexer *l)
{
    size_t start = l->pos++;
    while (l->pos < l->end) {
        u8 c = (u8)l->src[l->pos];
        if (c == '"') {
            l->pos++;
            return true;
        }
        if (c == '\n' || c == '\r') break;
        if (c < 0x20 || c == 0x7f)
            return lexer_fail(l, ERR_illegal_character, l->pos, "control character in a string");
        if (c == '\\') {
            if (!lexer_escape(l)) return false;
        } else if (c < 0x80) {
            l->pos++;
        } else if (!lexer_utf8(l)) {
            return false;
        }
    }
    return lexer_fail(l, ERR_unclosed_string, start, "the line ends before the string");
}

// Digits with single underscores between them. Returns the offset after them; `at` if there are
// none.
static size_t scan_digits(const char *s, size_t at, size_t end, int class)
{
    if (at == end || !char_is(s[at], class)) return at;
    for (at++; at < end; at++)
        if (!char_is(s[at], class) && !(s[at] == '_' && at + 1 < end && char_is(s[at + 1], class)))
            break;
    return at;
}

// spec: text/values, integers and floating point; TOKEN_reserved if it is neither
static TokenKind number_kind(const char *s, size_t len)
{
    size_t at = len && (s[0] == '+' || s[0] == '-'), after;
    if (len - at == 3 && (!memcmp(s + at, "inf", 3) || !memcmp(s + at, "nan", 3)))
        return TOKEN_float;
    if (len - at > 6 && !memcmp(s + at, "nan:0x", 6))
        return scan_digits(s, at + 6, len, CHAR_hex) == len ? TOKEN_float : TOKEN_reserved;
    bool hex = len - at > 2 && s[at] == '0' && s[at + 1] == 'x';
    int class = hex ? CHAR_hex : CHAR_digit;
    at += hex ? 2 : 0;
    after = scan_digits(s, at, len, class);
    if (after == at) return TOKEN_reserved;
    if (after == len) return TOKEN_int;
    at = after;
    if (s[at] == '.') at = scan_digits(s, at + 1, len, class);
    if (at == len) return TOKEN_float;
    if ((s[at] | 32) != (hex ? 'p' : 'e')) return TOKEN_reserved;
    at++;
    at += at < len && (s[at] == '+' || s[at] == '-');
    after = scan_digits(s, at, len, CHAR_digit);
    return after > at && after == len ? TOKEN_float : TOKEN_reserved;
}

static TokenKind word_kind(const char *s, size_t len)
{
    if (s[0] == '$') return len > 1 ? TOKEN_id : TOKEN_reserved;
    if (char_is(s[0], CHAR_digit) || s[0] == '+' || s[0] == '-') return number_kind(s, len);
    if (!char_is(s[0], CHAR_lower)) return TOKEN_reserved;
    if ((s[0] == 'n' || s[0] == 'i') && number_kind(s, len) == TOKEN_float) return TOKEN_float;
    return TOKEN_keyword;
}

// A longest run of idchars and strings.
static Token lexer_word(Lexer *l)
{
    size_t start = l->pos, strings = 0, first_quote = 0;
    while (l->pos < l->end) {
        if (char_is(l->src[l->pos], CHAR_id)) {
            l->pos = skip_idchars(l, l->pos + 1);
        } else if (l->src[l->pos] == '"') {
            if (!strings++) first_quote = l->pos;
            if (!lexer_string(l)) return lexer_error(l, start);
        } else {
            break;
        }
    }
    const char *s = l->src + start;
    size_t len = l->pos - start;
    if (!strings) return lexer_token(l, word_kind(s, len), start);
    if (strings == 1 && s[len - 1] == '"' && first_quote == start)
        return lexer_token(l, TOKEN_string, start);
    if (strings == 1 && s[len - 1] == '"' && first_quote == start + 1 && s[0] == '$')
        return lexer_token(l, TOKEN_id, start);
    return lexer_token(l, TOKEN_reserved, start);
}

// At "(@": passes over the name. Inside an annotation it may be missing: then this is just a "(".
static Token lexer_annotation(Lexer *l, bool inside)
{
    size_t start = l->pos;
    l->pos += 2;
    bool quoted = l->pos < l->end && l->src[l->pos] == '"';
    if (quoted) {
        if (!lexer_string(l)) return lexer_error(l, start);
    } else {
        while (l->pos < l->end && char_is(l->src[l->pos], CHAR_id)) l->pos++;
    }
    if (l->pos - start > (quoted ? 4 : 2)) return lexer_token(l, TOKEN_annotation, start);
    if (inside) {
        l->pos = start + 1;
        return lexer_token(l, TOKEN_open, start);
    }
    lexer_fail(l, ERR_empty_annotation, start, "\"(@\" must be followed by a name");
    return lexer_error(l, start);
}

static bool lexer_goes_on(Lexer *l)
{
    l->asked = l->pos;
    if (!pace_ended(l->pace)) return true;
    lexer_fail(l, ERR_limit_load_time, l->pos, "while reading the text");
    return false;
}

// `inside` an annotation
static Token lexer_scan(Lexer *l, bool inside)
{
    if (l->token.kind == TOKEN_error) return l->token;
    if (!lexer_space(l)) return lexer_error(l, l->pos);
    size_t start = l->pos;
    // Also where somebody went back.
    if (UNLIKELY(start - l->asked > PACE_BYTES) && !lexer_goes_on(l)) return lexer_error(l, start);
    if (start == l->end) return lexer_token(l, TOKEN_eof, start);
    char c = l->src[start];
    if (char_is(c, CHAR_id) || c == '"') return lexer_word(l);
    if (c == '(' && start + 1 < l->end && l->src[start + 1] == '@')
        return lexer_annotation(l, inside);
    if (c == '(' || c == ')') {
        l->pos++;
        return lexer_token(l, c == '(' ? TOKEN_open : TOKEN_close, start);
    }
    if (c && strchr(",;[]{}", c)) {
        l->pos++;
        return lexer_token(l, TOKEN_reserved, start);
    }
    if ((u8)c < 0x80 || lexer_utf8(l))
        lexer_fail(l, ERR_illegal_character, start, "only strings and comments may hold it");
    return lexer_error(l, start);
}

Token lexer_next_raw(Lexer *l) { return lexer_scan(l, false); }

bool lexer_skip_annotation(Lexer *l)
{
    size_t start = l->token.start, depth = 1;
    while (depth > 0) {
        switch (lexer_scan(l, true).kind) {
        case TOKEN_open:
        case TOKEN_annotation: depth++; break;
        case TOKEN_close: depth--; break;
        case TOKEN_error: return false;
        case TOKEN_eof:
            lexer_fail(l, ERR_unclosed_annotation, start, "\"(@\" has no \")\"");
            lexer_error(l, start);
            return false;
        default: break;
        }
    }
    return true;
}

bool lexer_skip_form(Lexer *l)
{
    size_t start = l->token.start, depth = 1;
    while (depth > 0) {
        switch (lexer_next(l).kind) {
        case TOKEN_open: depth++; break;
        case TOKEN_close: depth--; break;
        case TOKEN_error: return false;
        case TOKEN_eof:
            lexer_fail(l, ERR_unexpected_token, start, "\"(\" has no \")\"");
            lexer_error(l, start);
            return false;
        default: break;
        }
    }
    return true;
}

// Every parenthesis counts that is in no string and no comment, whatever else there is: in
// annotations, too.
bool lexer_find_close(Lexer *l)
{
    size_t start = l->token.start, depth = 1;
    while (l->pos < l->end) {
        char c = l->src[l->pos], next = l->pos + 1 < l->end ? l->src[l->pos + 1] : 0;
        if (char_is(c, CHAR_id)) {
            l->pos = skip_idchars(l, l->pos + 1);
        } else if (char_is(c, CHAR_space)) {
            l->pos = skip_spaces(l, l->pos + 1);
        } else if (c == '"') {
            if (!lexer_string(l)) break;
        } else if (c == ';' && next == ';') {
            if (!lexer_line_comment(l)) break;
        } else if (c == '(' && next == ';') {
            if (!lexer_block_comment(l)) break;
        } else {
            depth += c == '(';
            depth -= c == ')';
            l->pos++;
            if (!depth) {
                lexer_token(l, TOKEN_close, l->pos - 1);
                return true;
            }
        }
    }
    lexer_fail(l, ERR_unexpected_token, start, "\"(\" has no \")\"");
    lexer_error(l, start);
    return false;
}

Token lexer_next(Lexer *l)
{
    while (lexer_next_raw(l).kind == TOKEN_annotation)
        if (!lexer_skip_annotation(l)) break;
    return l->token;
}

bool token_is(const char *src, Token t, const char *word)
{
    return strlen(word) == t.len && !memcmp(src + t.start, word, t.len);
}

// The bytes that src[at, end), the inside of a string, stands for. They are never more.
static Bytes unescape(Arena *arena, const char *src, size_t at, size_t end)
{
    if (!memchr(src + at, '\\', end - at)) return (Bytes){(const u8 *)src + at, end - at};
    u8 *out = arena_alloc(arena, end - at);
    size_t len = 0;
    while (at < end) {
        char c = src[at], e = src[at + 1];
        u32 scalar;
        if (c != '\\') {
            out[len++] = (u8)c;
            at++;
        } else if (e == 'u') {
            at = scan_unicode(src, at + 3, end, &scalar);
            len += utf8_encode(scalar, out + len);
        } else if (char_is(e, CHAR_hex)) {
            out[len++] = (u8)(hex_value(e) << 4 | hex_value(src[at + 2]));
            at += 3;
        } else {
            out[len++] = e == 'n' ? '\n' : e == 'r' ? '\r' : e == 't' ? '\t' : (u8)e;
            at += 2;
        }
    }
    return (Bytes){out, len};
}

Bytes token_string(Arena *arena, const char *src, Token t)
{
    return unescape(arena, src, t.start + 1, t.start + t.len - 1);
}

Bytes token_name(Arena *arena, const char *src, Token t)
{
    size_t at = t.start + (t.kind == TOKEN_annotation ? 2 : 1), end = t.start + t.len;
    if (at < end && src[at] == '"') return unescape(arena, src, at + 1, end - 1);
    return (Bytes){(const u8 *)src + at, end - at};
}

void text_line_column(const char *src, size_t offset, u32 *line, u32 *column)
{
    size_t start = 0;
    *line = 1;
    for (size_t i = 0; i < offset; i++) {
        // "\r\n" is one line break, and so is either alone.
        if (src[i] != '\n' && !(src[i] == '\r' && (i + 1 == offset || src[i + 1] != '\n')))
            continue;
        ++*line;
        start = i + 1;
    }
    *column = (u32)(offset - start + 1);
}

void text_diag_locate(Diag *diag, const char *src, size_t len)
{
    text_line_column(src, MIN(diag->offset, len), &diag->line, &diag->column);
}

char *text_caret(char *out, size_t size, const char *src, size_t len, size_t offset)
{
    if (size == 0) return out;
    out[0] = 0;
    offset = MIN(offset, len);
    size_t width = MIN(size / 2, 200), start = offset, end = offset;
    if (width < 8) return out;
    width -= 4; // the newline, "^", the NUL, and one to spare
    while (start > 0 && src[start - 1] != '\n' && src[start - 1] != '\r'
           && offset - start < width / 2)
        start--;
    while (end < len && src[end] != '\n' && src[end] != '\r' && end - start < width) end++;
    // Cuts fall between characters, not inside one.
    while (start < offset && ((u8)src[start] & 0xc0) == 0x80) start++;
    while (end > offset && end < len && ((u8)src[end] & 0xc0) == 0x80) end--;
    size_t n = 0;
    for (size_t i = start; i < end; i++) out[n++] = (u8)src[i] < 0x20 ? ' ' : src[i];
    out[n++] = '\n';
    for (size_t i = start; i < offset; i++)
        if (((u8)src[i] & 0xc0) != 0x80) out[n++] = ' ';
    out[n++] = '^';
    out[n] = 0;
    return out;
}
