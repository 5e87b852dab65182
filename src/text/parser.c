// parser.c -- tokens with one of lookahead, indices, and parts of sections. See parser.h.

#include "text/parser.h"

#include "base/utf8.h"
#include "text/number.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static Tok parser_scan(Parser *p)
{
    u32 first = p->note_count;
    for (;;) {
        Token t = p->read_notes ? lexer_next_raw(&p->lex) : lexer_next(&p->lex);
        if (t.kind != TOKEN_annotation)
            return (Tok){t.kind, (u32)t.start, (u32)t.len, first, p->note_count};
        if (!read_note(p)) return (Tok){.kind = TOKEN_error, .start = (u32)t.start};
    }
}

void misplaced(Parser *p, const Note *note)
{
    Bytes name = note->name;
    if (note->kind != NOTE_metadata)
        fail_at(p, ERR_misplaced_annotation, note->start, "%s",
                note->kind == NOTE_name ? "@name" : "@custom");
    else
        fail_at(p, ERR_misplaced_annotation, note->start, "@%.*s", (int)MIN(name.len, 60),
                (const char *)name.data);
}

// Those before the current token that no rule took.
static void check_notes(Parser *p)
{
    for (u32 i = p->tok.note_first; i < p->tok.note_end; i++)
        if (!p->notes[i].used) misplaced(p, &p->notes[i]);
}

void parser_seek(Parser *p, size_t offset)
{
    if (p->lex.token.kind == TOKEN_error) return;
    p->lex.pos = offset;
    p->tok = parser_scan(p);
    p->ahead = parser_scan(p);
}

void advance(Parser *p)
{
    if (UNLIKELY(p->tok.note_first != p->tok.note_end)) check_notes(p);
    if (p->tok.kind == TOKEN_error) return;
    p->past = p->tok.start + p->tok.len;
    p->tok = p->ahead;
    p->ahead = parser_scan(p);
}

void fail_at(Parser *p, Err err, size_t at, const char *fmt, ...)
{
    char detail[sizeof p->diag->detail];
    va_list args;
    va_start(args, fmt);
    vsnprintf(detail, sizeof detail, fmt, args);
    va_end(args);
    diag_fail(p->diag, err, at, "%s", detail);
    p->lex.token.kind = p->tok.kind = p->ahead.kind = TOKEN_error;
}

void unexpected(Parser *p, const char *expected)
{
    const Tok *t = &p->tok;
    if (t->kind == TOKEN_error) return;
    if (t->kind == TOKEN_eof)
        fail_at(p, ERR_unexpected_token, t->start, "found the end, expected %s", expected);
    else if (t->kind == TOKEN_reserved && t->len == 1 && p->src[t->start] == '$')
        fail_at(p, ERR_empty_identifier, t->start, "\"$\" must be followed by a name");
    else
        fail_at(p, t->kind == TOKEN_reserved ? ERR_unknown_operator : ERR_unexpected_token,
                t->start,
                "found \"%.*s\", expected %s", (int)MIN(t->len, 60), p->src + t->start, expected);
}

bool at_script(const Parser *p)
{
    static const char *const words[] = {"assert_return", "assert_trap", "assert_invalid",
                                        "assert_malformed", "assert_unlinkable",
                                        "assert_exhaustion", "assert_exception", "invoke",
                                        "register", "get", "thread", "wait"};
    for (u32 i = 0; i < COUNT_OF(words); i++)
        if (at_form(p, words[i])) return true;
    return false;
}

void expect(Parser *p, TokenKind kind, const char *what)
{
    if (p->tok.kind == kind) advance(p);
    else unexpected(p, what);
}

static bool tok_is(const Parser *p, const Tok *t, const char *keyword)
{
    return t->kind == TOKEN_keyword && strlen(keyword) == t->len
        && !memcmp(p->src + t->start, keyword, t->len);
}

bool at_word(const Parser *p, const char *keyword) { return tok_is(p, &p->tok, keyword); }

bool at_form(const Parser *p, const char *keyword)
{
    return p->tok.kind == TOKEN_open && tok_is(p, &p->ahead, keyword);
}

bool open_word(Parser *p, const char *keyword)
{
    bool there = at_word(p, keyword);
    if (there) advance(p);
    return there;
}

bool open_form(Parser *p, const char *keyword)
{
    bool there = at_form(p, keyword);
    if (there) {
        advance(p);
        advance(p);
    }
    return there;
}

void close_form(Parser *p) { expect(p, TOKEN_close, "\")\""); }

Token this_token(const Parser *p) { return (Token){p->tok.kind, p->tok.start, p->tok.len}; }

bool take_note(Parser *p, NoteKind kind, Note *note)
{
    for (u32 i = p->tok.note_first; i < p->tok.note_end; i++) {
        if (p->notes[i].used || p->notes[i].kind != kind) continue;
        p->notes[i].used = true;
        *note = p->notes[i];
        return true;
    }
    return false;
}

static bool at_natural(const Parser *p)
{
    return p->tok.kind == TOKEN_int && number_is_natural(p->src + p->tok.start, p->tok.len);
}

bool at_index(const Parser *p) { return p->tok.kind == TOKEN_id || at_natural(p); }

static u64 read_natural(Parser *p, u32 bits, const char *what)
{
    u64 value = 0;
    if (!at_natural(p)) {
        unexpected(p, what);
        return 0;
    }
    if (!number_unsigned(p->src + p->tok.start, p->tok.len, bits, &value))
        fail_at(p, ERR_constant_out_of_range, p->tok.start, "%.*s does not fit in %u bits",
                (int)MIN(p->tok.len, 60), p->src + p->tok.start, bits);
    advance(p);
    return value;
}

u32 read_u32(Parser *p, const char *what) { return (u32)read_natural(p, 32, what); }
u64 read_u64(Parser *p, const char *what) { return read_natural(p, 64, what); }

Bytes id_name(Parser *p, Token t, bool *ok)
{
    Bytes name = token_name(&p->scratch, p->src, t);
    *ok = false;
    if (!name.len) fail_at(p, ERR_empty_identifier, t.start, "a name has at least one character");
    else if (!utf8_valid(name.data, name.len))
        fail_at(p, ERR_malformed_utf8, t.start, "in an identifier");
    else *ok = true;
    return name;
}

// The identifier at hand, which is passed over. 0 when nothing declares it.
static u32 find_id(Parser *p, const Map *map, Err unknown)
{
    bool ok;
    u32 at = p->tok.start;
    Bytes name = id_name(p, this_token(p), &ok);
    const u32 *index = ok ? map_get(map, name.data, name.len) : NULL;
    u32 outer;
    bool of_type = map == &p->ids[SPACE_type] && p->outer_type;
    if (!index && ok && of_type && p->outer_type(p->outer_env, name, &outer)) index = &outer;
    if (!index) {
        fail_at(p, unknown, at, "\"%.*s\" is not declared", (int)MIN(p->tok.len, 60), p->src + at);
        return 0;
    }
    advance(p);
    return *index;
}

u32 read_index(Parser *p, Space space)
{
    static const char *const what[] = {
        "the index of a type",   "the index of a function", "the index of a table",
        "the index of a memory", "the index of a global",   "the index of a tag",
        "the index of an element segment", "the index of a data segment"};
    if (p->tok.kind == TOKEN_id)
        return find_id(p, &p->ids[space], ERR_unknown_type_identifier + (Err)space);
    return read_u32(p, what[space]);
}

u32 read_index_or(Parser *p, Space space, u32 missing)
{
    return at_index(p) ? read_index(p, space) : missing;
}

u32 read_local(Parser *p)
{
    if (p->tok.kind == TOKEN_id) return find_id(p, &p->locals, ERR_unknown_local_identifier);
    return read_u32(p, "the index of a local");
}

Bytes read_string(Parser *p)
{
    Bytes s = {0};
    if (p->tok.kind == TOKEN_string) s = token_string(&p->scratch, p->src, this_token(p));
    expect(p, TOKEN_string, "a string");
    return s;
}

Bytes parse_name(Parser *p)
{
    u32 at = p->tok.start;
    Bytes s = read_string(p);
    if (!utf8_valid(s.data, s.len)) fail_at(p, ERR_malformed_utf8, at, "in a name");
    return s;
}

void read_item_name(Parser *p, Space space, u32 index)
{
    Bytes name = {0};
    Note note;
    bool ok;
    if (p->tok.kind == TOKEN_id) {
        name = id_name(p, this_token(p), &ok);
        advance(p);
    }
    if (take_note(p, NOTE_name, &note)) name = note.name;
    NameList *names = &p->names[space];
    if (name.data)
        ARENA_PUSH(&p->scratch, names->items, names->count, names->cap) =
            (Name){.index = index, .name = name};
}

void part_init(Part *part, Arena *arena)
{
    *part = (Part){0};
    buf_init(&part->buf, arena);
}

void part_mark(Parser *p, Part *part, u32 text)
{
    ARENA_PUSH(&p->scratch, part->map, part->map_count, part->map_cap) =
        (SourcePos){(u32)part->buf.len, text};
}

void part_append(Parser *p, Part *to, const Part *from)
{
    u32 base = (u32)to->buf.len;
    for (u32 i = 0; i < from->map_count; i++)
        ARENA_PUSH(&p->scratch, to->map, to->map_count, to->map_cap) =
            (SourcePos){base + from->map[i].binary, from->map[i].text};
    buf_bytes(&to->buf, from->buf.data, from->buf.len);
}
