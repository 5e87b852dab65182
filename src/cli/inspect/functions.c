// functions.c -- all functions, a line each; or some of them, with their instructions.

#include "cli/inspect/inspect.h"

#include "cli/disassemble.h"
#include "text/print/print.h"

Bytes func_name(const Inspect *s, u32 func)
{
    Bytes name = name_map_find(&s->names.flat[NAMES_func], func);
    return name.data ? name : module_func_name(s->m, func);
}

const Bytes *all_func_names(Inspect *s)
{
    const Module *m = s->m;
    Bytes *names = NEW_ARRAY(s->arena, Bytes, m->func_count);
    for (u32 i = m->export_count; i-- > 0;)
        if (m->exports[i].kind == EXTERN_func && m->exports[i].index < m->func_count)
            names[m->exports[i].index] = m->exports[i].name;
    const NameMap *own = &s->names.flat[NAMES_func];
    for (u32 i = 0; i < own->count; i++)
        if (own->names[i].index < m->func_count) names[own->names[i].index] = own->names[i].name;
    return names;
}

static bool has_body(const Module *m, u32 func)
{
    return func >= m->imported_funcs && func < m->imported_funcs + m->body_count;
}

// ---- For people

void show_functions(Inspect *s)
{
    const Module *m = s->m;
    const Bytes *names = all_func_names(s);
    puts("   index    offset     size  name and type");
    for (u32 i = 0; i < m->func_count; i++) {
        Range body = m->funcs[i].body;
        if (has_body(m, i)) printf("%8u  %#8x %8u  ", i, body.start, body.end - body.start);
        else printf("%8u  %-17s  ", i, i < m->imported_funcs ? "imported" : "cut");
        if (names[i].data) show_name(s, names[i]), putchar(' ');
        show(describe_item(&s->describer, EXTERN_func, i));
        putchar('\n');
    }
}

bool show_bodies(Inspect *s, const u32 *funcs, u32 count, Diag *diag)
{
    bool good = true;
    for (u32 i = 0; i < count && good; i++) {
        good = disassemble(stdout, s->m, funcs[i], diag);
    }
    return good;
}

// ---- For programs

static void json_head(Json *j, Inspect *s, u32 func, Bytes name)
{
    Range body = s->m->funcs[func].body;
    json_open(j, NULL, '{');
    json_number(j, "index", func);
    json_name(j, name);
    json_string(j, "type", describe_item(&s->describer, EXTERN_func, func));
    if (!has_body(s->m, func)) return;
    json_number(j, "offset", body.start);
    json_number(j, "size", body.end - body.start);
}

// A type that is long and that many have is named by its index.
void json_functions(Json *j, Inspect *s, const char *key)
{
    const Bytes *names = all_func_names(s);
    size_t limit = s->describer.limit;
    s->describer.limit = TEXT_LIMIT;
    json_open(j, key, '[');
    for (u32 i = 0; i < s->m->func_count; i++) {
        json_head(j, s, i, names[i]);
        json_close(j, '}');
    }
    json_close(j, ']');
    s->describer.limit = limit;
}

typedef struct {
    Json *j;
    Inspect *s;
    CodeRelocs relocs;
    bool open;  // an instruction, behind which its relocations come
} Lines;

static void end_line(Lines *lines, u32 offset)
{
    const Reloc *reloc = code_relocs_before(&lines->relocs, offset);
    if (reloc && lines->open) {
        json_open(lines->j, "relocations", '[');
        for (; reloc; reloc = code_relocs_before(&lines->relocs, offset))
            json_reloc(lines->j, &lines->relocs.linking, reloc);
        json_close(lines->j, ']');
    }
    if (lines->open) json_close(lines->j, '}');
    lines->open = false;
}

// Of "  0x000023  local.get 0" what is behind the offset. What is in front of the body is left out:
// it says what json_head does. Memory that is short stops the printer, which holds some, too.
static bool json_line(void *env, u32 offset, const void *text, size_t len)
{
    enum { OFFSET = 10 };
    Lines *lines = env;
    Bytes line = {text, len};
    if (offset == LIST_HEAD || len <= OFFSET) return true;
    line.data += OFFSET;
    line.len -= OFFSET;
    while (line.len && *line.data == ' ') line.data++, line.len--;
    if (line.len && line.data[line.len - 1] == '\n') line.len--;
    jmp_buf failure, *outer = lines->s->arena->on_failure;
    lines->s->arena->on_failure = &failure;
    bool good = !setjmp(failure);
    if (good) {
        end_line(lines, offset);
        json_open(lines->j, NULL, '{');
        json_number(lines->j, "offset", offset);
        json_string(lines->j, "text", line);
        lines->open = true;
    }
    lines->s->arena->on_failure = outer;
    return good;
}

bool json_bodies(Json *j, Inspect *s, const u32 *funcs, u32 count, Diag *diag)
{
    bool good = true;
    Lines lines = {.j = j, .s = s};
    code_relocs_read(&lines.relocs, s->m, s->arena);
    json_open(j, "functions", '[');
    for (u32 i = 0; i < count && good; i++) {
        json_head(j, s, funcs[i], func_name(s, funcs[i]));
        json_open(j, "instructions", '[');
        code_relocs_seek(&lines.relocs, s->m->funcs[funcs[i]].body.start);
        good = module_list_bodies(s->m, funcs[i], json_line, &lines, diag);
        end_line(&lines, s->m->funcs[funcs[i]].body.end);
        json_close(j, ']');
        json_close(j, '}');
    }
    json_close(j, ']');
    return good;
}
