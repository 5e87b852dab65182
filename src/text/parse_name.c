// parse_name.c -- annotations, and the custom sections made of them and of identifiers. See
// parser.h.
// spec: text/lexical (annotations), appendix/custom

#include "text/parser.h"

#include "base/utf8.h"

#include <string.h>

// As in Custom.place: twice the position.
static const char *const sections[] = {
    "first",  "type",  "import", "func", "table",     "memory", "tag", "global",
    "export", "start", "elem",   "datacount", "code", "data",   "last"};

enum { PLACE_last = 2 * (COUNT_OF(sections) - 1) + 1 }; // behind all

static bool note_fail(Parser *p, Err err, size_t at, const char *what)
{
    fail_at(p, err, at, "%s", what);
    return false;
}

static Bytes note_string(Parser *p)
{
    Bytes s = token_string(&p->scratch, p->src, p->lex.token);
    lexer_next(&p->lex);
    return s;
}

// (before section) or (after section); without it, after the last.
static bool read_place(Parser *p, u32 *place)
{
    Lexer *l = &p->lex;
    *place = PLACE_last;
    if (l->token.kind != TOKEN_open) return true;
    Token where = lexer_next(l);
    bool after = token_is(p->src, where, "after");
    if (!after && !token_is(p->src, where, "before"))
        return note_fail(p, ERR_malformed_annotation, where.start,
                         "@custom annotation: malformed placement");
    Token section = lexer_next(l);
    u32 i = 0;
    while (i < COUNT_OF(sections) && !token_is(p->src, section, sections[i])) i++;
    if (i == COUNT_OF(sections))
        return note_fail(p, ERR_malformed_annotation, section.start,
                         "@custom annotation: malformed section kind");
    *place = 2 * i + after;
    if (lexer_next(l).kind != TOKEN_close)
        return note_fail(p, ERR_malformed_annotation, l->token.start,
                         "@custom annotation: unexpected token");
    lexer_next(l);
    return true;
}

static void add_field(Buf *content, Bytes field, u32 count, Buf *values)
{
    buf_name(content, field.data, field.len);
    buf_leb_u(content, count);
    buf_bytes(content, values->data, values->len);
    values->len = 0;
}

// (language "C11" "")*: each becomes a field with one value, and joins the one before it if that
// is of the same name. spec: tool conventions, ProducersSection
static bool read_producers(Parser *p, Note *note)
{
    Lexer *l = &p->lex;
    Buf content, values, all;
    Bytes field = {0};
    u32 fields = 0, count = 0;
    buf_init(&content, &p->scratch);
    buf_init(&values, &p->scratch);
    buf_init(&all, &p->scratch);
    for (lexer_next(l); l->token.kind == TOKEN_open; lexer_next(l)) {
        Token word = lexer_next(l);
        if (word.kind != TOKEN_keyword)
            return note_fail(p, ERR_malformed_annotation, word.start,
                             "@producers annotation: a field was expected");
        Bytes own = {(const u8 *)p->src + word.start, word.len};
        if (count && !bytes_same(own, field)) {
            add_field(&content, field, count, &values);
            fields++;
            count = 0;
        }
        field = own;
        count++;
        lexer_next(l);
        for (u32 i = 0; i < 2; i++) {
            size_t at = l->token.start;
            if (l->token.kind != TOKEN_string)
                return note_fail(p, ERR_malformed_annotation, at,
                                 "@producers annotation: a name and a version were expected");
            Bytes text = note_string(p);
            if (!utf8_valid(text.data, text.len))
                return note_fail(p, ERR_malformed_utf8, at, "in an annotation");
            buf_name(&values, text.data, text.len);
        }
        if (l->token.kind != TOKEN_close) break;
    }
    if (count) add_field(&content, field, count, &values);
    buf_leb_u(&all, fields + !!count);
    buf_bytes(&all, content.data, content.len);
    note->kind = NOTE_custom;
    note->name = (Bytes){(const u8 *)"producers", 9};
    note->place = PLACE_last;
    note->content = buf_view(&all);
    return true;
}

static bool note_end(Parser *p, const Note *note)
{
    if (p->lex.token.kind != TOKEN_close)
        return note_fail(p, ERR_malformed_annotation, p->lex.token.start,
                         "unexpected token in an annotation");
    ARENA_PUSH(&p->scratch, p->notes, p->note_count, p->note_cap) = *note;
    return true;
}

static bool skip_note(Parser *p, Token start, Bytes name)
{
    if (map_add(&p->skipped_names, name.data, name.len, p->skipped_count))
        ARENA_PUSH(&p->scratch, p->skipped, p->skipped_count, p->skipped_cap) =
            (TextSkipped){name, (u32)start.start};
    return lexer_skip_annotation(&p->lex);
}

// The strings up to the end.
static void read_content(Parser *p, Note *note)
{
    Buf content;
    buf_init(&content, &p->scratch);
    while (p->lex.token.kind == TOKEN_string) {
        Bytes s = note_string(p);
        buf_bytes(&content, s.data, s.len);
    }
    note->content = buf_view(&content);
}

// Behind @name or @custom: the name; and of the latter, where it stands, and what is in it.
static bool read_named(Parser *p, Note *note)
{
    bool custom = note->kind == NOTE_custom;
    size_t at = lexer_next(&p->lex).start;
    if (p->lex.token.kind != TOKEN_string)
        return note_fail(p, ERR_malformed_annotation, at,
                         custom ? "@custom annotation: missing section name"
                                : "@name annotation: expected a string");
    note->name = note_string(p);
    if (!utf8_valid(note->name.data, note->name.len))
        return note_fail(p, ERR_malformed_utf8, at, "in a name");
    if (!custom) return true;
    if (!read_place(p, &note->place)) return false;
    read_content(p, note);
    return true;
}

static bool read_dylink_section(Parser *p, Note *note)
{
    Buf content;
    buf_init(&content, &p->scratch);
    if (!read_dylink(p, &content)) return false;
    note->kind = NOTE_custom;
    note->place = 0; // it is the first, or no loader finds it
    note->content = buf_view(&content);
    return true;
}

// It stands for nothing in the binary either, but who printed the text wrote it.
static bool read_layout(Parser *p)
{
    if (lexer_next(&p->lex).kind == TOKEN_string) p->layout = note_string(p);
    return p->lex.token.kind == TOKEN_close ||
           note_fail(p, ERR_malformed_annotation, p->lex.token.start,
                     "@weft.layout annotation: a string was expected");
}

bool read_note(Parser *p)
{
    static const char metadata[] = "metadata.code.";
    Lexer *l = &p->lex;
    Token start = l->token;
    Bytes name = token_name(&p->scratch, p->src, start);
    Note note = {.start = (u32)start.start, .name = name};
    if (!utf8_valid(name.data, name.len))
        return note_fail(p, ERR_malformed_utf8, start.start, "in an annotation");
    if (bytes_are(name, "producers")) return read_producers(p, &note) && note_end(p, &note);
    if (bytes_are(name, "weft.layout")) return read_layout(p);
    if (bytes_are(name, "dylink.0")) return read_dylink_section(p, &note) && note_end(p, &note);
    if (bytes_are(name, "name") || bytes_are(name, "custom")) {
        note.kind = bytes_are(name, "name") ? NOTE_name : NOTE_custom;
        return read_named(p, &note) && note_end(p, &note);
    }
    if (name.len < sizeof metadata || !bytes_begin(name, metadata))
        return skip_note(p, start, name);
    note.kind = NOTE_metadata;
    lexer_next(l);
    read_content(p, &note);
    return note_end(p, &note);
}

static void write_subsection(Buf *out, u8 id, const Buf *content)
{
    buf_byte(out, id);
    buf_name(out, content->data, content->len);
}

static void write_names(Parser *p, Buf *out, u8 id, const NameList *list)
{
    Buf content;
    if (!list->count) return;
    buf_init(&content, &p->scratch);
    buf_leb_u(&content, list->count);
    for (u32 i = 0; i < list->count; i++) {
        buf_leb_u(&content, list->items[i].index);
        buf_name(&content, list->items[i].name.data, list->items[i].name.len);
    }
    write_subsection(out, id, &content);
}

// Names within functions or types. They were met in ascending order of both indices.
static void write_nested_names(Parser *p, Buf *out, u8 id, const NameList *list)
{
    Buf content, inner;
    u32 groups = 0;
    if (!list->count) return;
    for (u32 i = 0; i < list->count; i++)
        groups += !i || list->items[i].outer != list->items[i - 1].outer;
    buf_init(&content, &p->scratch);
    buf_init(&inner, &p->scratch);
    buf_leb_u(&content, groups);
    for (u32 i = 0, n; i < list->count; i += n) {
        const Name *first = &list->items[i];
        inner.len = 0;
        for (n = 0; i + n < list->count && first[n].outer == first->outer; n++) {
            buf_leb_u(&inner, first[n].index);
            buf_name(&inner, first[n].name.data, first[n].name.len);
        }
        buf_leb_u(&content, first->outer);
        buf_leb_u(&content, n);
        buf_bytes(&content, inner.data, inner.len);
    }
    write_subsection(out, id, &content);
}

void write_name_section(Parser *p, Buf *out)
{
    Buf content;
    if (p->has_module_name) {
        buf_init(&content, &p->scratch);
        buf_name(&content, p->module_name.data, p->module_name.len);
        write_subsection(out, 0, &content);
    }
    write_names(p, out, 1, &p->names[SPACE_func]);
    write_nested_names(p, out, 2, &p->local_names);
    write_nested_names(p, out, 3, &p->label_names);
    write_names(p, out, 4, &p->names[SPACE_type]);
    write_names(p, out, 5, &p->names[SPACE_table]);
    write_names(p, out, 6, &p->names[SPACE_memory]);
    write_names(p, out, 7, &p->names[SPACE_global]);
    write_names(p, out, 8, &p->names[SPACE_elem]);
    write_names(p, out, 9, &p->names[SPACE_data]);
    write_nested_names(p, out, 10, &p->field_names);
    write_names(p, out, 11, &p->names[SPACE_tag]);
}

// Offsets count from the start of the body, its locals included.
void write_metadata(Parser *p, const MetadataList *list, Buf *out)
{
    const Metadata *items = list->items;
    u32 groups = 0;
    for (u32 i = 0; i < list->count; i++) groups += !i || items[i].func != items[i - 1].func;
    buf_leb_u(out, groups);
    for (u32 i = 0, n; i < list->count; i += n) {
        const Metadata *first = &items[i];
        for (n = 0; i + n < list->count && first[n].func == first->func;) n++;
        buf_leb_u(out, first->func);
        buf_leb_u(out, n);
        for (u32 k = 0; k < n; k++) {
            buf_leb_u(out, first[k].offset);
            buf_name(out, first[k].content.data, first[k].content.len);
        }
    }
}
