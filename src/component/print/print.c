// print.c -- the frame: header, sections, what nests in them. See printer.h.

#include "component/print/print.h"

#include "binary/decode.h"
#include "component/print/printer.h"
#include "op/limit.h"
#include "text/print/printer.h"

#include <stdio.h>
#include <string.h>

// ---- Text

void cprint_flush(CPrinter *p)
{
    if (!p->stopped && !p->sink(p->env, p->out.data, p->out.len)) p->stopped = true;
    p->out.len = 0;
    if (p->stopped) arena_fail(&p->arena);
}

void cput(CPrinter *p, const char *text) { buf_bytes(&p->out, text, strlen(text)); }
void cput_u64(CPrinter *p, u64 value) { put_u64(&p->out, value); }

void cput_name(CPrinter *p, Bytes name)
{
    buf_byte(&p->out, ' ');
    put_string(&p->out, name);
}

void cput_line(CPrinter *p, u32 deeper)
{
    buf_byte(&p->out, '\n');
    put_indent(&p->out, 2 * (p->depth + deeper));
}

Buf cput_aside(CPrinter *p)
{
    Buf out = p->out;
    p->out = p->temp;
    p->out.len = 0;
    return out;
}

void cput_back(CPrinter *p, Buf out)
{
    p->temp = p->out;
    p->out = out;
}

void cprint_fail(CPrinter *p, Err err, const u8 *at, const char *what)
{
    reader_fail(&p->r, err, at, "%s", what);
}

// ---- Scopes

Printed *cprint_open(CPrinter *p, Within within)
{
    Printed *s = p->spare;
    if (p->depth >= 2 * COMPONENT_MOST_nesting) {
        cprint_fail(p, ERR_limit_nesting, p->r.pos, "");
        return NULL;
    }
    if (s) p->spare = s->outer;
    else s = NEW(&p->arena, Printed);
    *s = (Printed){.outer = p->scope, .within = within};
    return p->scope = s;
}

void cprint_close(CPrinter *p)
{
    Printed *s = p->scope;
    bool type = s->within != IN_component;
    p->depth--;
    cput_line(p, 0);
    buf_byte(&p->out, ')');
    if (type) {
        p->depth--;
        cput_line(p, 0);
        buf_byte(&p->out, ')');
    }
    p->scope = s->outer;
    s->outer = p->spare;
    p->spare = s;
}

static bool header_there(const Reader *r)
{
    return r->end - r->pos >= 8 && !memcmp(r->pos, "\0asm\x0d\0\1\0", 8);
}

static void begin_component(CPrinter *p, const u8 *end)
{
    Printed *s = p->scope;
    s->end = end;
    Reader r = p->r;
    r.end = end;
    if (!header_there(&r)) {
        cprint_fail(p, ERR_magic_header_not_detected, p->r.pos, "a component has a header");
        return;
    }
    p->r.pos += 8;
    p->depth++;
    cnames_begin(p, s);
}

// ---- Modules, which are indented further. The end of a line comes with what is on the next.

static bool sink_deeper(void *env, const void *text, size_t len)
{
    CPrinter *p = env;
    const char *from = text, *end = from + len;
    while (from < end) {
        const char *line = memchr(from, '\n', (size_t)(end - from));
        size_t size = (size_t)((line ? line : end) - from);
        if (p->fresh && !p->sink(p->env, "\n", 1)) return false;
        if (p->fresh && size && !p->sink(p->env, p->margin, strlen(p->margin))) return false;
        if (!p->sink(p->env, from, size)) return false;
        p->fresh = line != NULL;
        from += size + p->fresh;
    }
    return true;
}

static bool print_decoded(CPrinter *p, const Module *m, const char *head, Diag *diag)
{
    char margin[100];
    PrintOptions options = *p->options;
    u32 columns = MIN(2 * p->depth, (u32)sizeof margin - 1);
    memset(margin, ' ', columns);
    margin[columns] = 0;
    p->margin = margin;
    p->fresh = true;
    options.head = head;
    options.layout = NULL;
    return module_print(m, &options, sink_deeper, p, diag);
}

// Nothing here may leave by the arena while the module is there.
static void print_module(CPrinter *p, const u8 *bytes, size_t size)
{
    Diag diag;
    Module *m = NULL;
    Buf out = cput_aside(p);
    cput(p, "(core module");
    cput_item(p, CORE(module));
    p->scope->counts[CORE(module)]++;
    buf_byte(&p->out, 0);
    cput_back(p, out);
    cprint_flush(p);
    diag_init(&diag);
    TypeStore *types = type_store_new_distinct();
    bool good = types ? module_decode(bytes, size, p->features, types, &m, &diag)
                      : diag_fail(&diag, ERR_out_of_memory, 0, "%s", "");
    if (good) good = print_decoded(p, m, (const char *)p->temp.data, &diag);
    module_free(m);
    type_store_free(types);
    if (good) return;
    if (diag.err == ERR_none) p->stopped = true;
    if (diag.err != ERR_none && p->diag->err == ERR_none) {
        *p->diag = diag;
        p->diag->offset += (size_t)(bytes - p->r.start);
    }
    arena_fail(&p->arena);
}

// ---- Sections

static void put_bytes(CPrinter *p, Bytes data)
{
    enum { LINE = 64 };
    if (data.len <= LINE) {
        cput_name(p, data);
        return;
    }
    for (size_t at = 0; at < data.len; at += LINE) {
        cput_line(p, 1);
        put_string(&p->out, (Bytes){data.data + at, MIN(data.len - at, (size_t)LINE)});
    }
}

static void print_custom(CPrinter *p, const u8 *end)
{
    Bytes name = read_name(&p->r), content = {p->r.pos, (size_t)(end - p->r.pos)};
    p->r.pos = end;
    if (reader_failed(&p->r) || cnames_are_said(p, content.data, content)) return;
    cput_line(p, 0);
    cput(p, "(@custom");
    cput_name(p, name);
    put_bytes(p, content);
    buf_byte(&p->out, ')');
}

// (start $f (value 0)* (result (value))*)
static void print_start(CPrinter *p)
{
    cput_line(p, 0);
    cput(p, "(start");
    cput_read_index(p, OUTER(func));
    u32 count = read_count(&p->r, 1);
    for (u32 i = 0; i < count; i++) {
        cput(p, " (value");
        cput_read_index(p, OUTER(value));
        buf_byte(&p->out, ')');
    }
    const u8 *at = p->r.pos;
    count = read_leb_u32(&p->r);
    if (count > 1) cprint_fail(p, ERR_component_type, at, "more results than a function has");
    for (u32 i = 0; i < count && !reader_failed(&p->r); i++) {
        cput(p, " (result (value");
        cput_item(p, OUTER(value));
        cput_done(p, OUTER(value));
        buf_byte(&p->out, ')');
    }
    buf_byte(&p->out, ')');
}

static void enter_component(CPrinter *p, const u8 *end)
{
    cput_line(p, 0);
    cput(p, "(component");
    cput_item(p, OUTER(component));
    p->scope->counts[OUTER(component)]++;
    if (cprint_open(p, IN_component)) begin_component(p, end);
}

static void print_section(CPrinter *p, u8 id, const u8 *end)
{
    switch (id) {
    case CSECTION_custom: print_custom(p, end); break;
    case CSECTION_core_module:
        print_module(p, p->r.pos, (size_t)(end - p->r.pos));
        p->r.pos = end;
        break;
    case CSECTION_start: print_start(p); break;
    case CSECTION_value:
        cprint_fail(p, ERR_feature_disabled, p->r.pos, "definitions of values are not read yet");
        break;
    default: cprint_items(p, id);
    }
}

// One section, or the end of the component.
static void print_next(CPrinter *p)
{
    Printed *s = p->scope;
    const u8 *at = p->r.pos;
    if (at == s->end) {
        cprint_close(p);
        return;
    }
    u8 id = read_u8(&p->r);
    u32 size = read_leb_u32(&p->r);
    if (reader_failed(&p->r)) return;
    if (id >= CSECTION_COUNT) {
        cprint_fail(p, ERR_malformed_section_id, at, "");
        return;
    }
    if (p->r.pos > s->end || size > (size_t)(s->end - p->r.pos)) {
        cprint_fail(p, ERR_length_out_of_bounds, at, "a section that goes on too far");
        return;
    }
    const u8 *end = p->r.pos + size, *outer = p->r.end;
    if (id == CSECTION_component) {
        enter_component(p, end);
        return;
    }
    p->r.end = end;
    print_section(p, id, end);
    if (!reader_failed(&p->r) && p->r.pos != end)
        cprint_fail(p, ERR_section_size_mismatch, p->r.pos, "");
    p->r.end = outer;
    if (reader_failed(&p->r)) p->r.pos = outer;
}

static void print_all(CPrinter *p, Bytes bytes)
{
    cput(p, "(component");
    if (!cprint_open(p, IN_component)) return;
    begin_component(p, bytes.data + bytes.len);
    if (p->scope->own.data) {
        Ident id = {0};
        Map used;
        map_init(&used, &p->arena);
        make_ident(&p->arena, &used, p->scope->own, 0, 0, &id);
        if (id.text) buf_byte(&p->out, ' '), buf_bytes(&p->out, id.text, id.len);
        if (id.renamed || !id.text) cput(p, " (@name"), cput_name(p, p->scope->own), cput(p, ")");
        p->scope->named++;
    }
    while (p->scope && !reader_failed(&p->r)) print_next(p);
    buf_byte(&p->out, '\n');
    cprint_flush(p);
}

// Nothing that was set before the jump is read after it but what the diag says.
static bool print_guarded(CPrinter *p, Bytes bytes)
{
    jmp_buf failed;
    p->arena.on_failure = &failed;
    if (setjmp(failed)) {
        if (!p->stopped) diag_fail(p->diag, ERR_out_of_memory, 0, "while printing");
        return false;
    }
    buf_init(&p->out, &p->arena);
    buf_init(&p->temp, &p->arena);
    print_all(p, bytes);
    return p->diag->err == ERR_none;
}

bool component_print(Bytes bytes, Features features, const PrintOptions *options, PrintSink *sink,
                     void *env, Diag *diag)
{
    CPrinter p = {.features = features, .options = options, .sink = sink, .env = env, .diag = diag};
    diag_init(diag);
    arena_init(&p.arena);
    p.r = (Reader){.start = bytes.data, .pos = bytes.data, .end = bytes.data + bytes.len,
                   .at_end = ERR_unexpected_end, .diag = diag};
    bool good = print_guarded(&p, bytes);
    arena_free(&p.arena);
    return good;
}
