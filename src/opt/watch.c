// watch.c -- see watch.h.

#include "opt/watch.h"

#include <stdarg.h>
#include <stdio.h>

static void tell(const Module *m, u32 func, const char *form, va_list args)
{
    char text[256];
    if (!m->watch || !m->watch->note) return;
    vsnprintf(text, sizeof text, form, args);
    m->watch->note(m->watch->env, m, func, text);
}

void watch_note(const Module *m, u32 func, const char *form, ...)
{
    va_list args;
    va_start(args, form);
    tell(m, func, form, args);
    va_end(args);
}

void graph_note(const Graph *g, const char *form, ...)
{
    va_list args;
    va_start(args, form);
    tell(g->m, g->func, form, args);
    va_end(args);
}

void graph_step(const Graph *g, const char *step)
{
    const Watch *w = g->m->watch;
    if (w && w->step) w->step(w->env, g, step);
}
