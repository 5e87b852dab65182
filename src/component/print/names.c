// names.c -- names of a component's items: the section component-name as identifiers, if what the
// assembler makes of those is that section. Else its bytes are printed too.
// spec: Binary/name section

#include "component/print/printer.h"

#include "text/print/printer.h"

#include <string.h>

const char *csort_text(u32 space)
{
    return space < CORE_SORT_COUNT ? core_sort_info[space].text
                                   : csort_info[space - CORE_SORT_COUNT].text;
}

u32 cread_sort(CPrinter *p)
{
    const u8 *at = p->r.pos;
    u8 sort = read_u8(&p->r);
    if (sort == CSORT_core) {
        CoreSort core = core_sort_find(read_u8(&p->r));
        if (core < CORE_SORT_COUNT) return core;
    } else if (sort < CSORT_COUNT) {
        return CORE_SORT_COUNT + sort;
    }
    cprint_fail(p, ERR_malformed_sort, at, "");
    return OUTER(func);
}

// ---- Reading

static bool read_space(CPrinter *p, Reader *r, Printed *s, s64 *last)
{
    u8 sort = read_u8(r);
    CoreSort core = sort == CSORT_core ? core_sort_find(read_u8(r)) : CORE_SORT_COUNT;
    u32 space = core < CORE_SORT_COUNT ? core : CORE_SORT_COUNT + (u32)sort;
    if (reader_failed(r) || space >= SPACES || space == CORE_SORT_COUNT ||
        (s64)space <= *last)
        return false;
    *last = space;
    u32 count = read_count(r, 2);
    Named *names = NEW_ARRAY(&p->arena, Named, count);
    Map used;
    map_init(&used, &p->arena);
    for (u32 i = 0; i < count; i++) {
        names[i].index = read_leb_u32(r);
        names[i].name = read_name(r);
        if (reader_failed(r) || (i && names[i].index <= names[i - 1].index)) return false;
        make_ident(&p->arena, &used, names[i].name, names[i].index, i, &names[i].ident);
        if (!names[i].ident.text) names[i].ident.renamed = 1 + i;
    }
    s->names[space] = names;
    s->name_counts[space] = count;
    s->total += count;
    return count > 0;
}

static bool read_names(CPrinter *p, Reader *r, Printed *s)
{
    s64 last = -1;
    while (r->pos != r->end) {
        u8 id = read_u8(r);
        u32 size = read_leb_u32(r);
        const u8 *end = r->end;
        if (reader_failed(r) || size > (size_t)(end - r->pos)) return false;
        r->end = r->pos + size;
        if (id == 0 && last < 0 && !s->own.data) {
            s->own = read_name(r);
            s->total++;
        } else if (id != 1 || !read_space(p, r, s, &last)) {
            return false;
        }
        if (reader_failed(r) || r->pos != r->end) return false;
        r->end = end;
    }
    return true;
}

static void forget_names(Printed *s)
{
    memset(s->name_counts, 0, sizeof s->name_counts);
    s->own = (Bytes){0};
    s->names_at = NULL;
}

void cnames_begin(CPrinter *p, Printed *s)
{
    Diag ignored;
    diag_init(&ignored);
    Reader r = {.start = p->r.start, .pos = p->r.pos, .end = s->end, .diag = &ignored};
    while (r.pos != r.end) {
        u8 id = read_u8(&r);
        u32 size = read_leb_u32(&r);
        if (reader_failed(&r) || size > (size_t)(r.end - r.pos)) return;
        Reader content = r;
        r.pos += size;
        content.end = r.pos;
        if (id != CSECTION_custom || !bytes_are(read_name(&content), "component-name")) continue;
        if (s->names_at || reader_failed(&content)) { // several, of which none is the one
            forget_names(s);
            return;
        }
        s->names_at = content.pos;
        if (!read_names(p, &content, s)) {
            forget_names(s);
            return;
        }
    }
}

// ---- Would the assembler make the same?

static void encode_names(const Printed *s, Buf *out)
{
    Buf content = {.arena = out->arena};
    if (s->own.data) {
        buf_name(&content, s->own.data, s->own.len);
        buf_byte(out, 0);
        buf_name(out, content.data, content.len);
    }
    for (u32 i = 0; i < SPACES; i++) {
        if (!s->name_counts[i]) continue;
        content.len = 0;
        if (i < CORE_SORT_COUNT) buf_byte(&content, CSORT_core);
        buf_byte(&content, i < CORE_SORT_COUNT ? core_sort_info[i].code
                                               : csort_info[i - CORE_SORT_COUNT].code);
        buf_leb_u(&content, s->name_counts[i]);
        for (u32 n = 0; n < s->name_counts[i]; n++) {
            buf_leb_u(&content, s->names[i][n].index);
            buf_name(&content, s->names[i][n].name.data, s->names[i][n].name.len);
        }
        buf_byte(out, 1);
        buf_name(out, content.data, content.len);
    }
}

bool cnames_are_said(CPrinter *p, const u8 *content, Bytes whole)
{
    const Printed *s = p->scope;
    Buf made;
    if (content != s->names_at || s->named != s->total || content + whole.len != s->end ||
        (s->own.data && s->outer))
        return false;
    buf_init(&made, &p->arena);
    encode_names(s, &made);
    return bytes_same(buf_view(&made), whole);
}

// ---- Writing

static const Named *find_name(const Printed *s, u32 space, u32 index)
{
    u32 low = 0, high = s->name_counts[space];
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (s->names[space][middle].index < index) low = middle + 1;
        else high = middle;
    }
    bool there = low < s->name_counts[space] && s->names[space][low].index == index;
    return there ? &s->names[space][low] : NULL;
}

void cput_index(CPrinter *p, u32 space, u32 index)
{
    // Those that are not there yet have no identifier yet.
    const Named *n = index < p->scope->counts[space] ? find_name(p->scope, space, index) : NULL;
    buf_byte(&p->out, ' ');
    if (n && n->ident.text) buf_bytes(&p->out, n->ident.text, n->ident.len);
    else put_u64(&p->out, index);
}

void cput_read_index(CPrinter *p, u32 space) { cput_index(p, space, read_leb_u32(&p->r)); }

void cput_item(CPrinter *p, u32 space)
{
    Printed *s = p->scope;
    u32 index = s->counts[space];
    const Named *n = find_name(s, space, index);
    if (n && n->ident.text) {
        buf_byte(&p->out, ' ');
        buf_bytes(&p->out, n->ident.text, n->ident.len);
    }
    put(&p->out, " (;");
    put_u64(&p->out, index);
    put(&p->out, ";)");
    if (!n) return;
    s->named++;
    if (!n->ident.renamed) return;
    put(&p->out, " (@name");
    cput_name(p, n->name);
    buf_byte(&p->out, ')');
}

void cput_done(CPrinter *p, u32 space)
{
    p->scope->counts[space]++;
    buf_byte(&p->out, ')');
}
