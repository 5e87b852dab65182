// view.c -- all of a module, for people or as JSON: what the other files show, in order.

#include "cli/inspect/inspect.h"

#include <string.h>

void show(Bytes text) { fwrite(text.data, 1, text.len, stdout); }

void show_most(Inspect *s, Bytes name, size_t most)
{
    bool cut = name.len > most;
    if (cut) name.len = most;
    while (cut && name.len && (name.data[name.len] & 0xc0) == 0x80) name.len--;
    s->text.len = 0;
    buf_quoted(&s->text, name, QUOTE_text);
    show(buf_view(&s->text));
    if (cut) fputs("...", stdout);
}

void show_name(Inspect *s, Bytes name) { show_most(s, name, NAME_SHOWN); }

void show_all(Inspect *s)
{
    print_tame(stdout, bytes_of(s->file));
    if (s->source->is_text) printf(": text, as binary %zu bytes", s->bytes.len);
    else printf(": binary, %zu bytes", s->bytes.len);
    if (s->m->size < s->bytes.len) printf(", readable up to %#zx", s->m->size);
    putchar('\n');
    show_sections(s);
    show_types(s);
    show_imports(s);
    show_exports(s);
    show_defined(s);
    show_segments(s);
    show_code(s);
    show_about(s);
    show_customs(s);
    show_linking(s);
    show_malformed(s);
}

// Of what is neither a module nor its text, nobody knows what it is, nor need all of it be there.
static void json_format(Json *j, Inspect *s)
{
    bool module = s->m->size > 0;
    if (s->source->is_text) json_text(j, "format", "text");
    else if (module) json_text(j, "format", "binary");
    else json_null(j, "format");
    if (module) json_number(j, "size", s->bytes.len);
    else json_null(j, "size");
    json_number(j, "readable", s->m->size);
}

static void json_error(Json *j, const Diag *diag)
{
    char text[512];
    json_bool(j, "valid", !diag);
    if (diag) json_text(j, "error", diag_text(diag, text, sizeof text));
    else json_null(j, "error");
    if (!diag) return;
    if (diag->line) json_number(j, "line", diag->line), json_number(j, "column", diag->column);
    else json_number(j, "offset", diag->offset);
}

void json_begin(Json *j, Inspect *s)
{
    json_init(j, stdout, s->arena);
    json_open(j, NULL, '{');
    json_text(j, "file", s->file);
    json_format(j, s);
    json_error(j, s->diag);
}

void json_name(Json *j, Bytes name)
{
    if (name.data) json_string(j, "name", name);
    else json_null(j, "name");
}

void json_all(Inspect *s)
{
    Json json, *j = &json;
    json_begin(j, s);
    json_sections(j, s);
    json_types(j, s);
    json_imports(j, s);
    json_exports(j, s);
    json_defined(j, s);
    json_code(j, s);
    json_segments(j, s);
    json_about(j, s);
    json_customs(j, s);
    json_linking(j, s);
    json_malformed(j, s);
    json_close(j, '}');
}
