// code.c -- functions by size, and the start function.

#include "cli/inspect/inspect.h"

#include <inttypes.h>
#include <string.h>

enum { NAME_SECONDS = 2 }; // for names that were mangled

static u32 body_size(const Module *m, u32 func)
{
    return m->funcs[func].body.end - m->funcs[func].body.start;
}

void find_largest(Inspect *s)
{
    for (u32 i = s->m->imported_funcs; i < s->m->imported_funcs + s->m->body_count; i++) {
        u32 size = body_size(s->m, i), at = s->largest_count;
        s->code_size += size;
        while (at > 0 && body_size(s->m, s->largest[at - 1]) < size) at--;
        if (at == LARGEST) continue;
        u32 last = MIN(s->largest_count, LARGEST - 1);
        memmove(&s->largest[at + 1], &s->largest[at], (last - at) * sizeof s->largest[0]);
        s->largest[at] = i;
        s->largest_count = last + 1;
    }
}

WhereTrouble find_readable(Inspect *s, bool raw)
{
    Bytes names[LARGEST + 1];
    u32 count = s->largest_count;
    for (u32 i = 0; i < count; i++) names[i] = func_name(s, s->largest[i]);
    names[count] = s->m->has_start ? func_name(s, s->m->start) : (Bytes){NULL, 0};
    Where w = {.m = s->m, .seconds = NAME_SECONDS, .names = names, .name_count = count + 1};
    if (!raw) where_ask(&w, s->arena);
    const Bytes *found = raw ? names : w.readable;
    memcpy(s->readable, found, count * sizeof found[0]);
    s->readable_start = found[count];
    return w.trouble;
}

static void show_func(Inspect *s, u32 func, Bytes readable)
{
    printf("func %u", func);
    if (!readable.data) return;
    putchar(' ');
    bool raw = readable.data == func_name(s, func).data;
    show_most(s, readable, raw ? NAME_SHOWN : READABLE_SHOWN);
}

void show_code(Inspect *s)
{
    const Module *m = s->m;
    u32 defined = m->func_count - m->imported_funcs;
    printf("\ncode: %" PRIu64 " bytes in %u functions, ", s->code_size, m->body_count);
    if (m->body_count < defined)
        printf("%u more without their bodies, ", defined - m->body_count);
    printf("%u more imported\n", m->imported_funcs);
    for (u32 i = 0; i < s->largest_count; i++) {
        printf("  %7u  ", body_size(m, s->largest[i]));
        show_func(s, s->largest[i], s->readable[i]);
        putchar('\n');
    }
    if (m->has_start) {
        fputs("start: ", stdout);
        show_func(s, m->start, s->readable_start);
        putchar('\n');
    }
}

static void json_func(Json *j, const char *key, Inspect *s, u32 func)
{
    Bytes name = func_name(s, func);
    json_open(j, key, '{');
    json_number(j, "index", func);
    json_name(j, name);
    if (func >= s->m->imported_funcs && func < s->m->func_count)
        json_number(j, "size", body_size(s->m, func));
    json_close(j, '}');
}

void json_code(Json *j, Inspect *s)
{
    const Module *m = s->m;
    json_open(j, "functions", '{');
    json_number(j, "imported", m->imported_funcs);
    json_number(j, "defined", m->func_count - m->imported_funcs);
    if (m->body_count < m->func_count - m->imported_funcs)
        json_number(j, "bodies", m->body_count);
    json_number(j, "code_size", s->code_size);
    json_open(j, "largest", '[');
    for (u32 i = 0; i < s->largest_count; i++) json_func(j, NULL, s, s->largest[i]);
    json_close(j, ']');
    json_functions(j, s, "list");
    json_close(j, '}');
    if (!m->has_start) json_null(j, "start");
    else json_func(j, "start", s, m->start);
}
