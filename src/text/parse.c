// parse.c -- see parse.h: sets the parser up, and puts the sections together.

#include "text/parse.h"

#include "text/parser.h"

#include <string.h>

void parser_init(Parser *p, Arena *arena, const char *src, size_t start, size_t end,
                 Features features, const Pace *pace)
{
    p->src = src;
    p->arena = arena;
    p->features = features;
    lexer_init(&p->lex, src, start, end, p->diag);
    p->lex.pace = pace;
    for (int i = 0; i < SPACE_COUNT; i++) map_init(&p->ids[i], &p->scratch);
    map_init(&p->sigs, &p->scratch);
    map_init(&p->locals, &p->function);
    map_init(&p->labels, &p->scratch);
    map_init(&p->metadata_names, &p->scratch);
    map_init(&p->skipped_names, &p->scratch);
    buf_init(&p->sig_params, &p->scratch);
    buf_init(&p->sig_results, &p->scratch);
    buf_init(&p->sig_key, &p->scratch);
    buf_init(&p->pending, &p->scratch);
    Part *parts[] = {&p->type_section,   &p->import_section, &p->func_section,  &p->table_section,
                     &p->memory_section, &p->tag_section,    &p->global_section, &p->export_section,
                     &p->start_section,  &p->elem_section,   &p->code_section,  &p->data_section};
    for (u32 i = 0; i < COUNT_OF(parts); i++) part_init(parts[i], &p->scratch);
}

static void write_custom(Buf *out, Bytes name, Bytes content, Buf *whole)
{
    whole->len = 0;
    buf_name(whole, name.data, name.len);
    buf_bytes(whole, content.data, content.len);
    buf_byte(out, 0);
    buf_name(out, whole->data, whole->len);
}

// Those that @custom put here
static void write_customs(Parser *p, Part *out, u32 place)
{
    Buf whole;
    if (!p->custom_count) return;
    buf_init(&whole, &p->scratch);
    for (u32 i = 0; i < p->custom_count; i++)
        if (p->customs[i].place == place)
            write_custom(&out->buf, p->customs[i].name, p->customs[i].content, &whole);
}

static void write_section(Parser *p, Part *out, u8 id, const Part *section)
{
    Buf count;
    if (!section->items) return;
    buf_init(&count, &p->scratch);
    if (section != &p->start_section) buf_leb_u(&count, section->items);
    // its count is as good as its first item
    if (section->map_count) part_mark(p, out, section->map[0].text);
    buf_byte(&out->buf, id);
    buf_leb_u(&out->buf, count.len + section->buf.len);
    buf_bytes(&out->buf, count.data, count.len);
    part_append(p, out, section);
}

// Sections made from annotations and identifiers give way to those whose bytes the text says.
static void find_given(Parser *p, Map *given)
{
    map_init(given, &p->scratch);
    for (u32 i = 0; i < p->custom_count; i++)
        map_add(given, p->customs[i].name.data, p->customs[i].name.len, 0);
}

// All sections metadata.code.X, one behind the other.
static void write_all_metadata(Parser *p, const Map *given, Buf *out)
{
    Buf content, whole;
    buf_init(&content, &p->scratch);
    buf_init(&whole, &p->scratch);
    for (u32 i = 0; i < p->metadata_count; i++) {
        const MetadataList *list = &p->metadata[i];
        if (map_get(given, list->name.data, list->name.len)) continue;
        content.len = 0;
        write_metadata(p, list, &content);
        write_custom(out, list->name, buf_view(&content), &whole);
    }
}

static void write_made_custom(Part *out, const char *name, const Buf *content)
{
    if (!content->len) return;
    buf_byte(&out->buf, 0);
    Buf head;
    buf_init(&head, content->arena);
    buf_name(&head, name, strlen(name));
    buf_leb_u(&out->buf, head.len + content->len);
    buf_bytes(&out->buf, head.data, head.len);
    buf_bytes(&out->buf, content->data, content->len);
}

static void write_data_count(Parser *p, Part *out)
{
    Buf count;
    if (!p->needs_data_count) return;
    buf_init(&count, &p->scratch);
    buf_leb_u(&count, p->data_section.items);
    buf_byte(&out->buf, 12);
    buf_name(&out->buf, count.data, count.len);
}

enum { SECTIONS = 13, ID_data_count = 12, ID_code = 10 };
typedef struct {
    u8 id;
    const Part *part;
} Section;

// Room for all of the module at once, in the arena of the result.
static void reserve_module(Parser *p, Part *out, const Section *sections, size_t customs)
{
    size_t bytes = 64 + customs, marks = 0;
    for (u32 i = 0; i < SECTIONS; i++) {
        bytes += 16;
        if (!sections[i].part) continue;
        bytes += sections[i].part->buf.len;
        marks += sections[i].part->map_count + 1;
    }
    for (u32 i = 0; i < p->custom_count; i++)
        bytes += 16 + p->customs[i].name.len + p->customs[i].content.len;
    out->buf.data = arena_alloc(p->arena, bytes);
    out->buf.cap = bytes;
    out->map = NEW_ARRAY(p->arena, SourcePos, marks);
    out->map_cap = (u32)marks;
}

static void write_module(Parser *p, Part *out)
{
    const Section sections[SECTIONS] = {
        {1, &p->type_section},    {2, &p->import_section}, {3, &p->func_section},
        {4, &p->table_section},   {5, &p->memory_section}, {13, &p->tag_section},
        {6, &p->global_section},  {7, &p->export_section}, {8, &p->start_section},
        {9, &p->elem_section},    {ID_data_count, NULL},   {ID_code, &p->code_section},
        {11, &p->data_section}};
    Buf metadata, names;
    Map given;
    buf_init(&metadata, &p->scratch);
    buf_init(&names, &p->scratch);
    find_given(p, &given);
    write_all_metadata(p, &given, &metadata);
    if (!map_get(&given, "name", 4)) write_name_section(p, &names);
    reserve_module(p, out, sections, metadata.len + names.len + 64);
    buf_bytes(&out->buf, "\0asm\1\0\0\0", 8);
    write_customs(p, out, 0);
    write_customs(p, out, 1);
    for (u32 i = 0; i < SECTIONS; i++) {
        u32 place = 2 * (i + 1); // as parse_name.c counts them
        write_customs(p, out, place);
        if (sections[i].id == ID_code) buf_bytes(&out->buf, metadata.data, metadata.len);
        if (sections[i].part) write_section(p, out, sections[i].id, sections[i].part);
        else write_data_count(p, out);
        write_customs(p, out, place + 1);
    }
    write_customs(p, out, 2 * (SECTIONS + 1));
    write_made_custom(out, "name", &names);
    write_customs(p, out, 2 * (SECTIONS + 1) + 1);
}

// (module $id?, or nothing
static void read_head(Parser *p)
{
    Note note;
    if (!open_form(p, "module")) return;
    if (p->tok.kind == TOKEN_id) {
        bool ok;
        p->module_name = id_name(p, this_token(p), &ok);
        p->has_module_name = true;
        advance(p);
    }
    bool named = take_note(p, NOTE_name, &note);
    if (named) p->module_name = note.name, p->has_module_name = true;
    if (named && take_note(p, NOTE_name, &note))
        fail_at(p, ERR_malformed_annotation, note.start, "@name annotation: multiple module");
}

// The ")" of the module, and then nothing.
static void read_tail(Parser *p, bool whole)
{
    if (whole) {
        close_form(p);
        if (at_form(p, "module"))
            fail_at(p, ERR_multiple_modules, p->tok.start,
                    "one was expected; `weft wast` runs scripts");
        if (at_script(p)) {
            fail_at(p, ERR_unexpected_token, p->tok.start,
                    "this is a script; `weft wast` runs scripts");
            return;
        }
    }
    if (p->tok.kind != TOKEN_eof) unexpected(p, whole ? "nothing more" : "a field of a module");
    advance(p); // complains of annotations that have no place here
}

// (module $id? binary "..."*): the bytes are there already.
static void read_binary(Parser *p, Part *out)
{
    while (p->tok.kind == TOKEN_string) {
        part_mark(p, out, p->tok.start);
        Bytes s = read_string(p);
        buf_bytes(&out->buf, s.data, s.len);
    }
    out->map = arena_copy(p->arena, out->map, out->map_count * sizeof *out->map);
    read_tail(p, true);
}

static void parse_module(Parser *p, Part *out)
{
    size_t start = p->lex.pos;
    parser_seek(p, start);
    bool whole = open_form(p, "module");
    if (whole && p->tok.kind == TOKEN_id) advance(p);
    if (whole && open_word(p, "binary")) {
        read_binary(p, out);
        return;
    }
    if (p->tok.kind != TOKEN_error) p->lex.pos = p->tok.start;
    scan_fields(p);
    p->read_notes = true;
    read_types(p);
    p->note_count = 0;
    parser_seek(p, start);
    read_head(p);
    read_fields(p);
    read_tail(p, whole);
    if (p->tok.kind != TOKEN_error) write_module(p, out);
}

static void keep_annotations(Parser *p, Arena *arena, TextModule *out)
{
    if (p->layout.len)
        out->layout = (Bytes){arena_copy(arena, p->layout.data, p->layout.len), p->layout.len};
    if (!p->skipped_count) return;
    TextSkipped *skipped = arena_copy(arena, p->skipped, p->skipped_count * sizeof *skipped);
    for (u32 i = 0; i < p->skipped_count; i++)
        skipped[i].name.data = arena_copy(arena, skipped[i].name.data, skipped[i].name.len);
    out->skipped = skipped;
    out->skipped_count = p->skipped_count;
}

Err parser_short(const Parser *p, const Arena *arena)
{
    bool met = arena->met || p->scratch.met || p->function.met;
    return met ? ERR_limit_module_bytes : ERR_out_of_memory;
}

// All that may run out of memory. What it needs is the caller's, so nothing of its own must outlive
// the jump.
static bool parse_guarded(Parser *p, Arena *arena, const char *src, size_t start, size_t end,
                          Features features, const Pace *pace, TextModule *out)
{
    jmp_buf failed;
    arena->on_failure = p->scratch.on_failure = p->function.on_failure = &failed;
    if (setjmp(failed))
        return diag_fail(p->diag, parser_short(p, arena), start, "while reading the text");
    parser_init(p, arena, src, start, end, features, pace);
    Part module;
    part_init(&module, arena);
    parse_module(p, &module);
    if (p->diag->err != ERR_none) return false;
    *out = (TextModule){
        .bytes = buf_view(&module.buf), .map = module.map, .map_count = module.map_count};
    keep_annotations(p, arena, out);
    return true;
}

bool text_parse(Arena *arena, const char *src, size_t start, size_t end, Features features,
                const Pace *pace, TextModule *out, Diag *diag)
{
    Parser p = {.diag = diag};
    jmp_buf *outer = arena->on_failure;
    bool ok = false;
    *out = (TextModule){0};
    arena_init(&p.scratch);
    arena_init(&p.function);
    p.scratch.limit = p.function.limit = arena->limit;
    p.scratch.account = p.function.account = arena->account;
    if (end >= UINT32_MAX / 2)
        diag_fail(diag, ERR_limit_module_size, start, "the text is too long");
    else ok = parse_guarded(&p, arena, src, start, end, features, pace, out);
    arena->on_failure = outer;
    arena_free(&p.function);
    arena_free(&p.scratch);
    if (!ok) text_diag_locate(diag, src, end);
    return ok;
}

bool text_locate(const TextModule *m, size_t binary_offset, size_t *text_offset)
{
    u32 low = 0, high = m->map_count; // the last entry that is not beyond it
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (m->map[middle].binary <= binary_offset) low = middle + 1;
        else high = middle;
    }
    if (!low) return false;
    *text_offset = m->map[low - 1].text;
    return true;
}

void text_diag_map(Diag *diag, const TextModule *m, const char *src, size_t len)
{
    size_t offset = 0;
    text_locate(m, diag->offset, &offset);
    diag->offset = offset;
    text_diag_locate(diag, src, len);
}
