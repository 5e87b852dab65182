// places.c -- see places.h.

#include "cli/places.h"

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
