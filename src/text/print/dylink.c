// dylink.c -- the section dylink.0 as an annotation. See printer.h, and text/parse_dylink.c, which
// reads it back.
//
// It is encoded again while it is written: where that gives other bytes, it stays bytes.
// spec: tool conventions, DynamicLinking

#include "binary/reader.h"
#include "module/linking.h"
#include "text/print/printer.h"

#include <string.h>

static const struct { const char *text; u32 bit; } flags[] = {
#define SYMBOL_FLAG(bit, name, text) {text, bit},
#include "module/linking.def"
};

typedef struct {
    Reader r;
    Buf text, again; // what is read: as text; encoded anew
} Dylink;

static u32 take_number(Dylink *d)
{
    u32 value = read_leb_u32(&d->r);
    buf_leb_u(&d->again, value);
    return value;
}

static void pass_string(Dylink *d)
{
    Bytes name = read_name(&d->r);
    buf_name(&d->again, name.data, name.len);
    buf_byte(&d->text, ' ');
    put_string(&d->text, name);
}

static void put_pair(Dylink *d, const char *word, u32 first, u32 second)
{
    put(&d->text, word);
    put_u64(&d->text, first);
    buf_byte(&d->text, ' ');
    put_u64(&d->text, second);
    buf_byte(&d->text, ')');
}

static void pass_memory(Dylink *d)
{
    u32 values[4];
    for (u32 i = 0; i < 4; i++) values[i] = take_number(d);
    put(&d->text, "\n    (mem-info");
    put_pair(d, " (memory ", values[0], values[1]);
    if (values[2] || values[3]) put_pair(d, " (table ", values[2], values[3]);
    buf_byte(&d->text, ')');
}

static void pass_flags(Dylink *d)
{
    u32 left = take_number(d);
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        if (!(left & flags[i].bit)) continue;
        buf_byte(&d->text, ' ');
        put(&d->text, flags[i].text);
        left &= ~flags[i].bit;
    }
    if (left) put(&d->text, " 0x"), put_hex(&d->text, left);
}

static void pass_items(Dylink *d, u8 id)
{
    bool symbols = id == DYLINK_exports || id == DYLINK_imports;
    u32 count = read_count(&d->r, 1);
    buf_leb_u(&d->again, count);
    if (!symbols) put(&d->text, id == DYLINK_needed ? "\n    (needed" : "\n    (runtime-path");
    for (u32 i = 0; i < count && !reader_failed(&d->r); i++) {
        if (id == DYLINK_exports) put(&d->text, "\n    (export-info");
        if (id == DYLINK_imports) put(&d->text, "\n    (import-info");
        pass_string(d);
        if (id == DYLINK_imports) pass_string(d);
        if (symbols) pass_flags(d), buf_byte(&d->text, ')');
    }
    if (!symbols) buf_byte(&d->text, ')');
}

// False: it is not as the assembler writes it.
static bool pass_subsection(Dylink *d, u8 id)
{
    if (id < DYLINK_memory || id > DYLINK_paths) return false;
    u32 size = read_leb_u32(&d->r);
    const u8 *from = d->r.pos;
    if (!read_bytes(&d->r, size)) return false;
    Reader whole = d->r;
    d->r.pos = from;
    d->r.end = from + size;
    d->again.len = 0;
    buf_leb_u(&d->again, size);
    size_t head = d->again.len;
    if (id == DYLINK_memory) pass_memory(d);
    else pass_items(d, id);
    bool items = id == DYLINK_memory || id == DYLINK_needed || id == DYLINK_paths || size > 1;
    bool same = items && !reader_failed(&d->r) && d->r.pos == d->r.end &&
                d->again.len == head + size && !memcmp(d->again.data + head, from, size) &&
                !memcmp(d->again.data, from - head, head);
    d->r = whole;
    return same;
}

bool print_dylink(Printer *p, const Section *s)
{
    const Module *m = p->m;
    Diag ignored;
    Dylink d = {section_reader(m, s, &ignored), {0}, {0}};
    if (s != m->sections || !section_is(m, s, "dylink.0")) return false;
    buf_init(&d.text, &p->arena);
    buf_init(&d.again, &p->arena);
    for (u8 last = 0, id; d.r.pos != d.r.end; last = id) {
        id = read_u8(&d.r);
        // what follows its like would join it
        if ((id == last && id != DYLINK_memory) || !pass_subsection(&d, id)) return false;
    }
    put(&p->out, "\n  (@dylink.0");
    buf_bytes(&p->out, d.text.data, d.text.len);
    return true;
}
