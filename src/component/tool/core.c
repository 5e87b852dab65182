// core.c -- modules that tie others together. See maker.h.
//
//     shim       f0 calls entry 0 of its table, f1 entry 1, ...; it is there before all others
//     fixup      has what belongs there, and writes it into the table; and calls _initialize
//     realloc    in place of a main module that has none: a page at a time
//
// spec: binary/modules

#include "component/tool/maker.h"

typedef struct {
    Arena *arena;
    Buf out, section;
    u32 items;
} CoreWriter;

enum {
    TYPES = 1, IMPORTS = 2, FUNCS = 3, TABLES = 4, MEMORIES = 5, GLOBALS = 6, EXPORTS = 7,
    START = 8, ELEMS = 9, CODE = 10
};

static void begin(CoreWriter *w, Arena *arena)
{
    *w = (CoreWriter){.arena = arena};
    buf_init(&w->out, arena);
    buf_init(&w->section, arena);
    buf_bytes(&w->out, "\0asm\1\0\0\0", 8);
}

static Buf *item(CoreWriter *w)
{
    w->items++;
    return &w->section;
}

static void end_section(CoreWriter *w, u8 id)
{
    Buf count;
    if (!w->items) return;
    buf_init(&count, w->arena);
    buf_leb_u(&count, w->items);
    buf_byte(&w->out, id);
    buf_leb_u(&w->out, count.len + w->section.len);
    buf_bytes(&w->out, count.data, count.len);
    buf_bytes(&w->out, w->section.data, w->section.len);
    w->section.len = w->items = 0;
}

static u8 type_byte(Maker *m, Type t)
{
    if (t == TYPE_i32) return 0x7f;
    if (t == TYPE_i64) return 0x7e;
    if (t == TYPE_f32) return 0x7d;
    if (t == TYPE_f64) return 0x7c;
    maker_fail(m, "a function between modules takes or gives what is no number");
}

// TYPE_NONE: a destructor's.
static TypeId shim_type(const Shim *shim)
{
    return shim->use ? shim->part->module->funcs[shim->use->import->index].type : TYPE_NONE;
}

// Of shims, one each.
static void put_types(CoreWriter *w, Maker *m)
{
    for (u32 i = 0; i < m->shim_count; i++) {
        TypeId id = shim_type(&m->shims[i]);
        const TypeDef *def = id == TYPE_NONE ? NULL : type_def(m->distinct, id);
        u32 params = def ? def->param_count : 1, results = def ? def->result_count : 0;
        Buf *b = item(w);
        buf_byte(b, 0x60);
        buf_leb_u(b, params);
        for (u32 k = 0; k < params; k++) buf_byte(b, def ? type_byte(m, def->params[k]) : 0x7f);
        buf_leb_u(b, results);
        for (u32 k = 0; k < results; k++) buf_byte(b, type_byte(m, def->params[params + k]));
    }
}

Bytes maker_number_name(Maker *m, u32 n)
{
    Buf b;
    u8 digits[10], count = 0;
    buf_init(&b, m->arena);
    do digits[count++] = (u8)('0' + n % 10);
    while (n /= 10);
    while (count) buf_byte(&b, digits[--count]);
    return buf_view(&b);
}

static void put_name(Buf *b, Bytes name) { buf_name(b, name.data, name.len); }

static void put_table_type(Buf *b, u32 size)
{
    buf_bytes(b, (u8[]){0x70, 0x01}, 2);
    buf_leb_u(b, size);
    buf_leb_u(b, size);
}

static void put_body(CoreWriter *w, const Buf *code)
{
    Buf *b = item(w);
    buf_leb_u(b, code->len);
    buf_bytes(b, code->data, code->len);
}

static void put_shim_code(CoreWriter *w, Maker *m, u32 number)
{
    Buf code;
    TypeId id = shim_type(&m->shims[number]);
    u32 params = id == TYPE_NONE ? 1 : type_def(m->distinct, id)->param_count;
    buf_init(&code, w->arena);
    buf_byte(&code, 0); // locals
    for (u32 i = 0; i < params; i++) {
        buf_byte(&code, 0x20);
        buf_leb_u(&code, i);
    }
    buf_byte(&code, 0x41);
    buf_leb_s(&code, (s32)number);
    buf_byte(&code, 0x11);
    buf_leb_u(&code, number);
    buf_bytes(&code, (u8[]){0x00, 0x0b}, 2);
    put_body(w, &code);
}

// A global with two functions, behind the others.
static void put_tls_types(CoreWriter *w, u8 type)
{
    buf_bytes(item(w), (u8[]){0x60, 0, 1, type}, 4);
    buf_bytes(item(w), (u8[]){0x60, 1, type, 0}, 4);
}

static void put_tls_exports(CoreWriter *w, u32 first)
{
    static const char *const names[] = {"$get-tls", "$set-tls"};
    for (u32 i = 0; i < 2; i++) {
        Buf *b = item(w);
        put_name(b, bytes_of(names[i]));
        buf_byte(b, 0x00);
        buf_leb_u(b, first + i);
    }
}

static void put_tls_code(CoreWriter *w)
{
    static const u8 get[] = {0, 0x23, 0, 0x0b}, set[] = {0, 0x20, 0, 0x24, 0, 0x0b};
    buf_name(item(w), get, sizeof get);
    buf_name(item(w), set, sizeof set);
}

Bytes maker_shim_module(Maker *m)
{
    CoreWriter w;
    u8 tls = m->tls == 'l' ? 0x7e : 0x7f;
    begin(&w, m->arena);
    put_types(&w, m);
    if (m->tls) put_tls_types(&w, tls);
    end_section(&w, TYPES);
    for (u32 i = 0; i < m->shim_count + (m->tls ? 2 : 0); i++) buf_leb_u(item(&w), i);
    end_section(&w, FUNCS);
    put_table_type(item(&w), m->shim_count);
    end_section(&w, TABLES);
    if (m->shim_memory) encode_limits(item(&w), m->shim_memory);
    end_section(&w, MEMORIES);
    if (m->tls) buf_bytes(item(&w), (u8[]){tls, 1, tls == 0x7e ? 0x42 : 0x41, 0, 0x0b}, 5);
    end_section(&w, GLOBALS);
    for (u32 i = 0; i < m->shim_count; i++) {
        Buf *b = item(&w);
        put_name(b, maker_number_name(m, i));
        buf_byte(b, 0x00);
        buf_leb_u(b, i);
    }
    Buf *b = item(&w);
    put_name(b, bytes_of("$imports"));
    buf_bytes(b, (u8[]){0x01, 0x00}, 2);
    if (m->shim_memory) {
        b = item(&w);
        put_name(b, bytes_of("$memory"));
        buf_bytes(b, (u8[]){0x02, 0x00}, 2);
    }
    if (m->tls) put_tls_exports(&w, m->shim_count);
    end_section(&w, EXPORTS);
    for (u32 i = 0; i < m->shim_count; i++) put_shim_code(&w, m, i);
    if (m->tls) put_tls_code(&w);
    end_section(&w, CODE);
    return buf_view(&w.out);
}

static Buf *put_import(CoreWriter *w, Bytes name, u8 kind)
{
    Buf *b = item(w);
    buf_byte(b, 0); // of ""
    put_name(b, name);
    buf_byte(b, kind);
    return b;
}

Bytes maker_fixup_module(Maker *m, bool starts)
{
    CoreWriter w;
    u32 count = m->shim_count;
    begin(&w, m->arena);
    put_types(&w, m);
    if (starts) buf_bytes(item(&w), (u8[]){0x60, 0, 0}, 3);
    end_section(&w, TYPES);
    for (u32 i = 0; i < count; i++)
        buf_leb_u(put_import(&w, maker_number_name(m, i), 0x00), i);
    if (starts) buf_leb_u(put_import(&w, bytes_of("_initialize"), 0x00), count);
    if (count) put_table_type(put_import(&w, bytes_of("$imports"), 0x01), count);
    end_section(&w, IMPORTS);
    if (starts) {
        Buf index;
        buf_init(&index, m->arena);
        buf_leb_u(&index, count);
        buf_byte(&w.out, START);
        buf_leb_u(&w.out, index.len);
        buf_bytes(&w.out, index.data, index.len);
    }
    if (count) {
        Buf *b = item(&w);
        buf_bytes(b, (u8[]){0x00, 0x41, 0x00, 0x0b}, 4);
        buf_leb_u(b, count);
        for (u32 i = 0; i < count; i++) buf_leb_u(b, i);
    }
    end_section(&w, ELEMS);
    return buf_view(&w.out);
}

Bytes maker_realloc_module(Maker *m)
{
    static const u8 code[] = {
        1, 1, 0x7f,                                    // one local
        0x20, 0, 0x20, 1, 0x72, 0x04, 0x40, 0x00, 0x0b, // what is there does not grow
        0x20, 3, 0x41, 0xff, 0xff, 0x03, 0x6a, 0x41, 16, 0x76, // pages
        0x40, 0, 0x22, 4, 0x41, 0x7f, 0x46, 0x04, 0x40, 0x00, 0x0b,
        0x20, 4, 0x41, 16, 0x74, 0x0b};
    CoreWriter w;
    Buf body;
    begin(&w, m->arena);
    buf_bytes(item(&w), (u8[]){0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f}, 8);
    end_section(&w, TYPES);
    buf_bytes(put_import(&w, bytes_of("memory"), 0x02), (u8[]){0, 0}, 2);
    end_section(&w, IMPORTS);
    buf_byte(item(&w), 0);
    end_section(&w, FUNCS);
    Buf *b = item(&w);
    put_name(b, bytes_of("cabi_realloc"));
    buf_bytes(b, (u8[]){0, 0}, 2);
    end_section(&w, EXPORTS);
    buf_init(&body, m->arena);
    buf_bytes(&body, code, sizeof code);
    put_body(&w, &body);
    end_section(&w, CODE);
    return buf_view(&w.out);
}
