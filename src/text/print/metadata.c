// metadata.c -- what sections metadata.code.X say of instructions, as annotations in front of them.
// See printer.h.
//
// The assembler makes these sections of annotations, each in shortest form, in the order in which
// there are some, in front of the code. Sections that are otherwise, or of which one entry has no
// place, stay bytes.
// spec: appendix/custom, tool conventions (CodeMetadata)

#include "binary/reader.h"
#include "text/print/printer.h"

#include <stdlib.h>
#include <string.h>

enum { CODE = 10 };

static bool is_metadata(const Module *m, const Section *s)
{
    static const char start[] = "metadata.code.";
    Bytes name = section_name(m, s);
    return s->id == 0 && name.len >= sizeof start && bytes_begin(name, start);
}

static bool is_hint(const Module *m, u32 section)
{
    return section_is(m, &m->sections[section], "metadata.code.branch_hint");
}

static size_t leb_size(u32 value)
{
    size_t size = 1;
    while (value >>= 7) size++;
    return size;
}

typedef struct { CodeNote *items; u32 count, cap; } Notes;

// All of a section, or false if anything is not as the assembler writes it. That numbers are in
// shortest form is seen by how much they take together.
static bool read_section(Printer *p, u32 index, Notes *notes)
{
    const Module *m = p->m;
    const Section *s = &m->sections[index];
    Diag ignored;
    u32 last = 0;
    Reader r = section_reader(m, s, &ignored);
    u32 funcs = read_count(&r, 2);
    size_t size = leb_size(funcs);
    for (u32 i = 0; i < funcs && !reader_failed(&r); i++) {
        u32 func = read_leb_u32(&r), n = read_count(&r, 2), before = 0;
        if (!n || (i && func <= last)) return false;
        last = func;
        size += leb_size(func) + leb_size(n);
        for (u32 k = 0; k < n && !reader_failed(&r); k++) {
            u32 offset = read_leb_u32(&r), len = read_leb_u32(&r);
            const u8 *data = read_bytes(&r, len);
            if (!data || (k && offset <= before)) return false;
            if (is_hint(m, index) && (len != 1 || *data > 1)) return false;
            before = offset;
            size += leb_size(offset) + leb_size(len) + len;
            ARENA_PUSH(&p->arena, notes->items, notes->count, notes->cap) =
                (CodeNote){func, offset, index, {data, len}};
        }
    }
    return !reader_failed(&r) && r.pos == r.end && funcs &&
           size == (size_t)(s->content.end - s->content.start);
}

static int compare(const void *a, const void *b)
{
    const CodeNote *x = a, *y = b;
    if (x->func != y->func) return x->func < y->func ? -1 : 1;
    if (x->offset != y->offset) return x->offset < y->offset ? -1 : 1;
    return x->section < y->section ? -1 : x->section > y->section;
}

// Does each section first appear behind those before it? Sections, and so first entries, were read
// from the last on.
static bool in_order(const Notes *notes)
{
    const CodeNote *later = NULL;
    for (u32 i = 0; i < notes->count; i++) {
        const CodeNote *first = &notes->items[i];
        if (i && first->section == first[-1].section) continue;
        if (later && compare(&(CodeNote){first->func, first->offset, 0, {NULL, 0}},
                             &(CodeNote){later->func, later->offset, 0, {NULL, 0}}) > 0)
            return false;
        later = first;
    }
    return true;
}

static bool may_stand_at(const Module *m, const CodeNote *note, Op op)
{
    if (is_hint(m, note->section)) return op == OP_if || op == OP_br_if;
    return op != OP_end && op != OP_else && op != OP_catch && op != OP_catch_all &&
           op != OP_delegate;
}

// Is there an instruction for each? They are sorted.
static bool have_places(Printer *p)
{
    const Module *m = p->m;
    Diag ignored;
    Instr in;
    for (u32 i = 0; i < p->note_count;) {
        u32 func = p->notes[i].func, count, at;
        Type type;
        if (func < m->imported_funcs || func >= m->func_count) return false;
        InstrReader r;
        diag_init(&ignored);
        arena_reset(&p->body);
        instr_reader_init(&r, m, m->funcs[func].body, &p->body, &ignored);
        for (u32 groups = instr_local_groups(&r); groups && ignored.err == ERR_none; groups--)
            instr_local_group(&r, &count, &type);
        while (i < p->note_count && p->notes[i].func == func && instr_next(&r, &in)) {
            at = in.at - m->funcs[func].body.start;
            if (at > p->notes[i].offset) return false;
            for (; i < p->note_count && p->notes[i].func == func && p->notes[i].offset == at; i++)
                if (!may_stand_at(m, &p->notes[i], (Op)in.imm.op)) return false;
        }
        if (i < p->note_count && p->notes[i].func == func) return false;
    }
    return true;
}

// How many sections of this name there are.
static u32 namesakes(const Module *m, u32 section)
{
    Bytes name = section_name(m, &m->sections[section]);
    u32 count = 0;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *other = &m->sections[i];
        count += !other->id && bytes_same(section_name(m, other), name);
    }
    return count;
}

void print_notes_init(Printer *p)
{
    enum { MOST = 64 }; // sections that are looked at
    const Module *m = p->m;
    Notes notes = {0};
    u32 code = 0;
    while (code < m->section_count && m->sections[code].id != CODE) code++;
    if (code == m->section_count) return;
    u32 from = code;
    while (from && code - from < MOST && is_metadata(m, &m->sections[from - 1])) {
        u32 before = notes.count;
        if (namesakes(m, from - 1) == 1 && read_section(p, from - 1, &notes)) {
            from--;
            continue;
        }
        notes.count = before;
        break;
    }
    bool good = notes.count && in_order(&notes);
    if (!good) return;
    qsort(notes.items, notes.count, sizeof *notes.items, compare);
    p->notes = notes.items;
    p->note_count = notes.count;
    p->notes_from = from;
    p->notes_end = code;
    if (!have_places(p)) p->note_count = p->notes_from = p->notes_end = 0;
}

u32 print_take_notes(Printer *p, u32 offset)
{
    const CodeNote *n = &p->notes[p->note_next];
    for (; p->note_next < p->note_count; n++, p->note_next++)
        if (n->func > p->func || (n->func == p->func && n->offset >= offset)) break;
    if (p->note_next == p->note_count || n->func != p->func || n->offset != offset) return 0;
    return ++p->note_next;
}

static bool is_plain(Bytes name)
{
    static const char others[] = "!#$%&'*+-./:<=>?@\\^_`|~";
    for (size_t i = 0; i < name.len; i++) {
        u8 c = name.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (!c || !strchr(others, c))) return false;
    }
    return true;
}

void put_notes(Printer *p, Buf *b, u32 first)
{
    const CodeNote *n = &p->notes[first - 1], *end = p->notes + p->note_count;
    for (const CodeNote *same = n; n != end && n->func == same->func && n->offset == same->offset;
         n++) {
        Bytes name = section_name(p->m, &p->m->sections[n->section]);
        put(b, "(@");
        if (is_plain(name)) buf_bytes(b, name.data, name.len);
        else put_string(b, name);
        buf_byte(b, ' ');
        put_string(b, n->content);
        put(b, ") ");
    }
}
