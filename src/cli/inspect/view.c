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
    print_tame(stdout, (Bytes){(const u8 *)s->file, strlen(s->file)});
    if (s->source->is_text) printf(": text, as binary %zu bytes\n", s->bytes.len);
    else printf(": binary, %zu bytes\n", s->bytes.len);
    show_sections(s);
    show_types(s);
    show_imports(s);
    show_exports(s);
    show_defined(s);
    show_code(s);
    show_about(s);
}

void json_all(Inspect *s)
{
    Json json, *j = &json;
    char text[512];
    json_init(j, stdout, s->arena);
    json_open(j, NULL, '{');
    json_text(j, "file", s->file);
    json_text(j, "format", s->source->is_text ? "text" : "binary");
    json_number(j, "size", s->bytes.len);
    json_bool(j, "valid", !s->diag);
    if (s->diag) json_text(j, "error", diag_text(s->diag, text, sizeof text));
    else json_null(j, "error");
    json_sections(j, s->m);
    json_types(j, s);
    json_imports(j, s);
    json_exports(j, s);
    json_defined(j, s);
    json_code(j, s);
    json_about(j, s);
    json_close(j, '}');
}
