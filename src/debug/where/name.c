// name.c -- see name.h. The library takes a name apart and hands over pieces. It has a limit to how
// deep it goes, but what it makes may be exponential in what it reads: so the pieces are counted,
// and beyond the limit we leave it where it stands, which has nothing allocated that lasts.

#include "debug/where/name.h"

#include "debug/wire.h"

#include <libiberty/demangle.h>
#include <setjmp.h>

typedef struct {
    char *text; // WIRE_NAME_MOST
    size_t size;
    jmp_buf too_long;
} Pieces;

static void take(const char *piece, size_t size, void *env)
{
    Pieces *p = env;
    if (size > WIRE_NAME_MOST - p->size) longjmp(p->too_long, 1);
    memcpy(p->text + p->size, piece, size);
    p->size += size;
}

static bool demangle(const char *name, Pieces *p)
{
    const int options = DMGL_PARAMS | DMGL_ANSI;
    if (setjmp(p->too_long)) return false;
    p->size = 0;
    if (rust_demangle_callback(name, options, take, p)) return true;
    p->size = 0;
    return cplus_demangle_v3_callback(name, options, take, p);
}

// Templates end in ">>" since C++11; the library has a blank between, as was needed before. One
// that ends the name of an operator ("operator> >") stays.
static bool needless_blank(const char *text, size_t at, size_t size)
{
    static const char word[] = "operator";
    enum { WORD = sizeof word - 1 };
    if (text[at] != ' ' || at == 0 || text[at - 1] != '>' || at + 1 == size || text[at + 1] != '>')
        return false;
    size_t start = at;
    while (start && strchr("<>=-*", text[start - 1])) start--;
    return start < WORD || memcmp(text + start - WORD, word, WORD) != 0;
}

void name_readable(Answer *a, const char *name)
{
    static char text[WIRE_NAME_MOST];
    static Pieces p = {.text = text};
    bool mangled = name[0] == '_' && (name[1] == 'Z' || name[1] == 'R');
    if (!mangled || strlen(name) > WIRE_NAME_MOST || !demangle(name, &p)) return;
    for (size_t i = 0, from = 0; i <= p.size; i++) {
        if (i < p.size && !needless_blank(text, i, p.size)) continue;
        answer_bytes(a, text + from, i - from);
        from = i + 1;
    }
}
