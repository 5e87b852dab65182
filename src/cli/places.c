// places.c -- see places.h.

#include "cli/places.h"

#include <string.h>

static void print_cut(FILE *out, Bytes name, size_t most)
{
    if (name.len > most) {
        name.len = most;
        while (name.len && (name.data[name.len] & 0xc0) == 0x80) name.len--;
    }
    print_tame(out, name);
}

void print_line(FILE *out, const char *before, const WhereFrame *frame)
{
    if (!frame->file.len || !frame->line) return;
    fputs(before, out);
    print_cut(out, frame->file, READABLE_SHOWN);
    fprintf(out, ":%u", frame->line);
    if (frame->column) fprintf(out, ":%u", frame->column);
}

static void print_own(FILE *out, const PlaceFunc *func, const WhereFrame *frame, bool raw)
{
    bool readable = func->readable.data != func->name.data;
    if (func->name.len)
        print_cut(out, func->readable, readable ? READABLE_SHOWN : NAME_SHOWN);
    else if (frame && frame->name.len)
        print_cut(out, raw ? frame->linked : frame->name, READABLE_SHOWN);
    else
        fprintf(out, "func[%u]", func->index);
}

void print_place(FILE *out, int indent, const PlaceFunc *func, const WherePlace *place, bool raw)
{
    const WhereFrame *own = place->count ? &place->frames[place->count - 1] : NULL;
    for (const WhereFrame *f = place->frames; f != own; f++) {
        print_cut(out, raw ? f->linked : f->name, READABLE_SHOWN);
        print_line(out, " at ", f);
        fprintf(out, " (inlined)\n%*s", indent, "");
    }
    print_own(out, func, own, raw);
    if (own) print_line(out, " at ", own);
    fputc('\n', out);
}

void print_place_short(FILE *out, const WherePlace *place)
{
    for (u32 i = 0; i < place->count; i++) {
        const WhereFrame *f = &place->frames[i];
        if (i) fputs(", inlined at ", out);
        print_line(out, "", f);
        if (i + 1 == place->count) continue;
        fputc(' ', out);
        print_cut(out, f->name, NAME_SHOWN);
    }
}

bool place_same(const WherePlace *a, const WherePlace *b)
{
    bool same = a->count == b->count;
    for (u32 i = 0; same && i < a->count; i++) {
        const WhereFrame *f = &a->frames[i], *g = &b->frames[i];
        same = f->line == g->line && f->column == g->column && bytes_same(f->file, g->file) &&
               bytes_same(f->linked, g->linked);
    }
    return same;
}

bool place_has_line(const WherePlace *place)
{
    return place->count && place->frames[0].line && place->frames[0].file.len;
}

// ---- For programs

static void json_frame(Json *j, const WhereFrame *f, bool inlined)
{
    json_open(j, NULL, '{');
    json_known(j, "name", f->name);
    json_known(j, "linkage_name", f->linked);
    json_known(j, "file", f->file);
    json_number(j, "line", f->line);
    json_number(j, "column", f->column);
    json_bool(j, "inlined", inlined);
    json_close(j, '}');
}

void json_place(Json *j, const char *key, const WherePlace *place)
{
    json_open(j, key, '[');
    for (u32 i = 0; i < place->count; i++)
        json_frame(j, &place->frames[i], i + 1 < place->count);
    json_close(j, ']');
}
