// exprs.c -- constant expressions alone, for who shows what they belong to in words of his own. See
// print.h.

#include "text/print/printer.h"

#include <stdlib.h>

struct ExprPrinter {
    Printer p;
    Diag diag;
};

static bool ignore(void *env, const void *text, size_t len) { return true; }

// Nothing that was set before the jump is read after it.
static bool begin(Printer *p)
{
    jmp_buf failed;
    p->arena.on_failure = p->body.on_failure = &failed;
    if (setjmp(failed)) return false;
    buf_init(&p->wrapped, &p->arena);
    print_types_init(p);
    print_names_init(p);
    return true;
}

ExprPrinter *expr_printer_new(const Module *m)
{
    ExprPrinter *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    e->p = (Printer){.m = m, .sink = ignore, .diag = &e->diag, .func = DIAG_NO_FUNC,
                     .shows = true};
    arena_init(&e->p.arena);
    arena_init(&e->p.body);
    diag_init(&e->diag);
    if (begin(&e->p)) return e;
    expr_printer_free(e);
    return NULL;
}

void expr_printer_free(ExprPrinter *e)
{
    if (!e) return;
    arena_free(&e->p.arena);
    arena_free(&e->p.body);
    free(e);
}

static bool print_expr(Printer *p, u32 at)
{
    jmp_buf failed;
    p->arena.on_failure = p->body.on_failure = &failed;
    if (setjmp(failed)) return false;
    p->out.len = p->wrapped.len = 0;
    put_const_expr(p, &p->wrapped, &at);
    return true;
}

bool expr_printer_text(ExprPrinter *e, u32 at, Bytes *text)
{
    diag_init(&e->diag);
    bool good = print_expr(&e->p, at);
    *text = good ? buf_view(&e->p.wrapped) : (Bytes){0};
    while (text->len && *text->data == ' ') text->data++, text->len--;
    return good || e->diag.err != ERR_none;
}
