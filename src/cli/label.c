// label.c -- weft label: what a module or component is called, and who made it, in the custom
// sections that say so. All else is copied, byte for byte.
//
//     name, or component-name    its own name; names of what is in it stay
//     producers                  field -> name and version, one or several
//     description, version, ...  a text each (about_names)
//
// Modules and components have the same frame of sections, so one walk does for both. What a section
// said stays, but where something else is said now; what is new stands behind all others.
// spec: tool conventions, ProducersSection.md; binary/names, Binary/name section

#include "base/buf.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/makers.h"
#include "component/binary/component.h"

#include <stdlib.h>
#include <string.h>

typedef struct { Bytes field, name, version; } Maker;

typedef struct {
    const char *file, *output, *name;
    Maker *makers;
    u32 maker_count;
    const char *texts[ABOUT_COUNT];
    bool clears_name, clears[ABOUT_COUNT], any;
} Label;

enum { HEADER = 8 };

// ---- Sections

typedef struct {
    u8 id;
    Bytes whole, name, content; // of a custom one: what stands behind its name
} Part;

static bool next_part(Reader *r, Part *p)
{
    const u8 *start = r->pos;
    if (r->pos == r->end || reader_failed(r)) return false;
    *p = (Part){.id = read_u8(r)};
    u32 size = read_leb_u32(r);
    const u8 *content = read_bytes(r, size);
    if (!content) return false;
    p->whole = (Bytes){start, (size_t)(r->pos - start)};
    Reader in = {.start = r->start, .pos = content, .end = r->pos, .diag = r->diag,
                 .at_end = ERR_unexpected_end_of_section};
    if (p->id) return true;
    p->name = read_name(&in);
    p->content = (Bytes){in.pos, (size_t)(in.end - in.pos)};
    return !reader_failed(r);
}

static void put_custom(Buf *out, Bytes name, Bytes content)
{
    Buf length;
    if (!content.len) return; // nothing is left of it
    buf_init(&length, out->arena);
    buf_leb_u(&length, name.len);
    buf_byte(out, 0);
    buf_leb_u(out, length.len + name.len + content.len);
    buf_name(out, name.data, name.len);
    buf_bytes(out, content.data, content.len);
}

static Reader reader_of(const Reader *r, Bytes content)
{
    return (Reader){.start = r->start, .pos = content.data, .end = content.data + content.len,
                    .diag = r->diag, .at_end = ERR_unexpected_end_of_section};
}

// ---- Its own name: the subsection 0

static Bytes named(const Label *l, const Reader *file, Bytes content, Arena *arena)
{
    Reader r = reader_of(file, content);
    Buf out, own;
    buf_init(&out, arena);
    buf_init(&own, arena);
    if (l->name) {
        buf_name(&own, l->name, strlen(l->name));
        buf_byte(&out, 0);
        buf_leb_u(&out, own.len);
        buf_bytes(&out, own.data, own.len);
    }
    while (r.pos != r.end && !reader_failed(&r)) {
        const u8 *start = r.pos;
        u8 id = read_u8(&r);
        if (read_bytes(&r, read_leb_u32(&r)) && id)
            buf_bytes(&out, start, (size_t)(r.pos - start));
    }
    return buf_view(&out);
}

// ---- Producers

enum { LAST = UINT32_MAX };
typedef struct { Maker maker; u32 next; } Entry;    // of the same field, or LAST
typedef struct { u32 first, last, count; } Field;

typedef struct {
    Arena *arena;
    Entry *entries;
    Field *fields;
    u32 entry_count, entry_cap, field_count, field_cap;
    Map names; // of fields; and, behind a field and a 0, of who is in it
} Makers;

static void add_maker(void *env, Bytes field, Bytes name, Bytes version)
{
    Makers *m = env;
    Buf key;
    buf_init(&key, m->arena);
    buf_name(&key, field.data, field.len);
    buf_bytes(&key, name.data, name.len);
    if (!map_add(&m->names, key.data, key.len, m->entry_count)) {
        m->entries[*(const u32 *)map_get(&m->names, key.data, key.len)].maker.version = version;
        return;
    }
    u32 entry = m->entry_count;
    ARENA_PUSH(m->arena, m->entries, m->entry_count, m->entry_cap) =
        (Entry){{field, name, version}, LAST};
    Buf own; // with nobody in it: no name is that short
    buf_init(&own, m->arena);
    buf_byte(&own, 0xff);
    buf_bytes(&own, field.data, field.len);
    if (map_add(&m->names, own.data, own.len, m->field_count)) {
        ARENA_PUSH(m->arena, m->fields, m->field_count, m->field_cap) = (Field){entry, entry, 1};
        return;
    }
    Field *f = &m->fields[*(const u32 *)map_get(&m->names, own.data, own.len)];
    m->entries[f->last].next = entry;
    f->last = entry;
    f->count++;
}

static Bytes made_by(const Label *l, const Reader *file, Bytes content, Arena *arena)
{
    Reader r = reader_of(file, content);
    Makers m = {.arena = arena};
    Buf out;
    map_init(&m.names, arena);
    buf_init(&out, arena);
    if (content.len) producers_read(&r, add_maker, &m);
    if (!reader_failed(&r) && r.pos != r.end)
        reader_fail(&r, ERR_section_size_mismatch, r.pos, "in the section producers");
    for (u32 i = 0; i < l->maker_count; i++)
        add_maker(&m, l->makers[i].field, l->makers[i].name, l->makers[i].version);
    if (m.field_count) buf_leb_u(&out, m.field_count);
    for (u32 i = 0; i < m.field_count; i++) {
        Bytes field = m.entries[m.fields[i].first].maker.field;
        buf_name(&out, field.data, field.len);
        buf_leb_u(&out, m.fields[i].count);
        for (u32 at = m.fields[i].first; at != LAST; at = m.entries[at].next) {
            const Maker *maker = &m.entries[at].maker;
            buf_name(&out, maker->name.data, maker->name.len);
            buf_name(&out, maker->version.data, maker->version.len);
        }
    }
    return buf_view(&out);
}

// ---- All of it

// What becomes of a custom section, or of none, with empty content. False: it stays as it is.
static bool changed(const Label *l, const Reader *file, Bytes name, Bytes names, Bytes content,
                    Arena *arena, Bytes *out)
{
    if (bytes_same(name, names)) {
        if (!l->name && !l->clears_name) return false;
        *out = named(l, file, content, arena);
        return true;
    }
    if (bytes_are(name, "producers")) {
        if (!l->maker_count) return false;
        *out = made_by(l, file, content, arena);
        return true;
    }
    for (u32 i = 0; i < ABOUT_COUNT; i++) {
        if (!bytes_are(name, about_names[i]) || (!l->texts[i] && !l->clears[i])) continue;
        *out = l->texts[i] ? bytes_of(l->texts[i]) : (Bytes){0};
        return true;
    }
    return false;
}

// Of several that are called the same the first one counts.
static void write_label(const Label *l, Bytes bytes, Buf *out, Diag *diag)
{
    bool component = component_is(bytes.data, bytes.len);
    Bytes names = bytes_of(component ? "component-name" : "name"), content;
    Bytes wanted[2 + ABOUT_COUNT] = {names, bytes_of("producers")};
    bool seen[2 + ABOUT_COUNT] = {0};
    Reader r = {.start = bytes.data, .pos = bytes.data, .end = bytes.data + bytes.len,
                .diag = diag, .at_end = ERR_unexpected_end};
    const Bytes nothing = {bytes.data, 0};
    Part p;
    for (u32 i = 0; i < ABOUT_COUNT; i++) wanted[2 + i] = bytes_of(about_names[i]);
    const u8 *header = read_bytes(&r, HEADER);
    if (header && memcmp(header, "\0asm", 4))
        reader_fail(&r, ERR_magic_header_not_detected, header, "it is no module or component");
    if (header) buf_bytes(out, header, HEADER);
    while (next_part(&r, &p)) {
        u32 i = 0;
        while (i < COUNT_OF(wanted) && (p.id || seen[i] || !bytes_same(p.name, wanted[i]))) i++;
        if (i < COUNT_OF(wanted)) seen[i] = true;
        if (i < COUNT_OF(wanted) &&
            changed(l, &r, p.name, names, p.content, out->arena, &content))
            put_custom(out, p.name, content);
        else
            buf_bytes(out, p.whole.data, p.whole.len);
    }
    for (u32 i = 0; i < COUNT_OF(wanted); i++)
        if (!seen[i] && changed(l, &r, wanted[i], names, nothing, out->arena, &content))
            put_custom(out, wanted[i], content);
}

static int label_bytes(const Label *l, Bytes bytes, const Source *source)
{
    Arena arena;
    Buf out;
    Diag diag;
    jmp_buf failed;
    arena_init(&arena);
    arena.on_failure = &failed;
    diag_init(&diag);
    if (setjmp(failed)) {
        arena_free(&arena);
        return cli_error(EXIT_INPUT, "out of memory");
    }
    buf_init(&out, &arena);
    write_label(l, bytes, &out, &diag);
    bool good = diag.err == ERR_none;
    if (!good) print_diag(l->file, source, &diag);
    else good = output_write(l->output, out.data, out.len);
    arena_free(&arena);
    return good ? EXIT_OK : EXIT_INPUT;
}

static int label_file(const Label *l)
{
    Intake input;
    Source source;
    Diag diag = {0};
    Bytes bytes;
    bool component;
    if (!input_open(l->file, &input)) return EXIT_INPUT;
    int status = EXIT_INPUT;
    if (source_assemble_any(&source, features_all, input.data, input.size, &bytes, &component,
                            &diag))
        status = label_bytes(l, bytes, &source);
    else if (diag.err != ERR_none)
        print_diag(l->file, &source, &diag);
    source_free(&source);
    intake_free(&input);
    return status;
}

// ---- Options

static int check_text(const char *option, const char *value)
{
    enum { MOST = 100000 }; // of a name
    if (!value) return cli_error(EXIT_USAGE, "%s wants a text behind it", option);
    if (strlen(value) > MOST) return cli_error(EXIT_USAGE, "%s wants a shorter text", option);
    if (utf8_valid((const u8 *)value, strlen(value))) return EXIT_OK;
    return cli_error(EXIT_USAGE, "%s wants UTF-8", option);
}

// NAME, or NAME=VERSION.
static int take_maker(Label *l, const char *option, const char *value)
{
    int status = check_text(option, value);
    if (status != EXIT_OK) return status;
    size_t len = strcspn(value, "=");
    if (!len) return cli_error(EXIT_USAGE, "%s wants NAME or NAME=VERSION", option);
    l->makers[l->maker_count++] =
        (Maker){bytes_of(option + 2), {(const u8 *)value, len},
                bytes_of(value[len] ? value + len + 1 : "")};
    return EXIT_OK;
}

static int take_clear(Label *l, const char *value)
{
    if (value && !strcmp(value, "name")) return l->clears_name = true, EXIT_OK;
    for (u32 i = 0; value && i < ABOUT_COUNT; i++)
        if (!strcmp(value, about_names[i])) return l->clears[i] = true, EXIT_OK;
    return cli_error(EXIT_USAGE, "--clear wants name, authors, description, licenses, source, "
                                 "homepage, revision or version");
}

// What is said of it. False: the argument is another one.
static bool take_label(Args *args, Label *l, int *status)
{
    static const char *const makers[] = {"--language", "--processed-by", "--sdk"};
    const char *value;
    for (u32 i = 0; i < COUNT_OF(makers); i++)
        if (args_value(args, makers[i], &value))
            return *status = take_maker(l, makers[i], value), true;
    for (u32 i = 0; i < ABOUT_COUNT; i++) {
        char option[20];
        snprintf(option, sizeof option, "--%s", about_names[i]);
        if (args_value(args, option, &l->texts[i]))
            return *status = check_text(option, l->texts[i]), true;
    }
    if (args_value(args, "--name", &l->name)) *status = check_text("--name", l->name);
    else if (args_value(args, "--clear", &value)) *status = take_clear(l, value);
    else return false;
    return true;
}

static int take_options(Args *args, Label *l)
{
    int status = EXIT_OK;
    while (status == EXIT_OK && args->next < args->argc) {
        if (take_label(args, l, &status)) l->any = true;
        else if (args_value(args, "-o", &l->output)) {
            if (!l->output) status = args_missing(args, "the name behind -o");
        } else if (args_at_option(args)) status = args_unknown(args);
        else if (l->file)
            status = cli_error(EXIT_USAGE, "one FILE at a time; \"%s\" is a second one",
                               args->argv[args->next]);
        else l->file = args->argv[args->next++];
    }
    if (status == EXIT_OK && !l->file) status = args_missing(args, "FILE");
    if (status == EXIT_OK && !l->any)
        status = cli_error(EXIT_USAGE, "nothing is to be said of it: --name, --language, ...");
    return status;
}

int cli_label(Args *args)
{
    Label l = {0};
    char *made = NULL;
    l.makers = calloc((size_t)args->argc + 1, sizeof *l.makers);
    int status = l.makers ? take_options(args, &l) : cli_error(EXIT_INPUT, "out of memory");
    if (status == EXIT_OK && !l.output) l.output = made = output_named(l.file, ".labelled.wasm");
    if (status == EXIT_OK)
        status = l.output ? label_file(&l) : cli_error(EXIT_INPUT, "out of memory");
    free(made);
    free(l.makers);
    return status;
}
