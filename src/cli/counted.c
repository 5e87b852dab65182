// counted.c -- see counted.h.

#include "cli/counted.h"

#include "binary/linking.h"
#include "binary/reader.h"

typedef struct {
    const Module *m;
    const u32 *number;
    u8 *bytes;
    u32 self;        // the section that is read
    Reader r;
    Diag diag;
    bool lost;       // it is about a section that is gone
    bool orphaned;   // a symbol stands for one that is gone
} Counted;

static void begin(Counted *c, u32 section)
{
    c->self = section;
    c->r = section_reader(c->m, &c->m->sections[section], &c->diag);
}

// As long as it was. False: it has no room.
static bool write_over(Counted *c, const u8 *at, u32 value)
{
    u8 *to = c->bytes + (at - c->m->bytes);
    for (size_t len = (size_t)(c->r.pos - at); len; len--, value >>= 7)
        *to++ = (u8)((value & 0x7f) | (len > 1 ? 0x80 : 0));
    return !value;
}

// A section's number is next. What is about one that is gone, and nobody asks for, is put down to
// this section.
static void renumber(Counted *c, bool wanted)
{
    const u8 *at = c->r.pos;
    u32 section = read_leb_u32(&c->r);
    if (reader_failed(&c->r)) return;
    if (section >= c->m->section_count) {
        reader_fail(&c->r, ERR_unexpected_end, at, "%s", "");
        return;
    }
    bool gone = c->number[section] == COUNTED_GONE;
    c->lost = c->lost || (gone && wanted);
    c->orphaned = c->orphaned || gone;
    if (!write_over(c, at, c->number[gone ? c->self : section])) c->lost = true;
}

static void pass_symbol(Counted *c)
{
    u8 kind = read_u8(&c->r);
    u32 flags = read_leb_u32(&c->r);
    bool defined = !(flags & SYMBOL_FLAG_undefined);
    switch (kind) {
    case SYMBOL_data:
        read_name(&c->r);
        if (!defined) return;
        read_leb_u32(&c->r);
        read_leb_u64(&c->r); // 64 bits where memory has so many
        read_leb_u64(&c->r);
        return;
    case SYMBOL_section: renumber(c, false); return;
    case SYMBOL_func: case SYMBOL_global: case SYMBOL_tag: case SYMBOL_table:
        read_leb_u32(&c->r);
        if (defined || flags & SYMBOL_FLAG_explicit_name) read_name(&c->r);
        return;
    default: reader_fail(&c->r, ERR_unexpected_end, c->r.pos, "%s", "");
    }
}

static void pass_comdat(Counted *c)
{
    read_name(&c->r);
    read_leb_u32(&c->r); // flags
    for (u32 n = read_count(&c->r, 2); n && !reader_failed(&c->r); n--) {
        if (read_u8(&c->r) == COMDAT_section) renumber(c, true);
        else read_leb_u32(&c->r);
    }
}

static void pass_linking(Counted *c)
{
    const u8 *end = c->r.end;
    read_leb_u32(&c->r); // version
    while (c->r.pos != end && !reader_failed(&c->r)) {
        u8 id = read_u8(&c->r);
        u32 size = read_leb_u32(&c->r);
        const u8 *next = c->r.pos;
        if (!read_bytes(&c->r, size)) return;
        Reader after = c->r;
        c->r.pos = next;
        c->r.end = next + size;
        bool symbols = id == LINKING_symbols, comdat = id == LINKING_comdats;
        for (u32 n = symbols || comdat ? read_count(&c->r, 2) : 0; n && !reader_failed(&c->r); n--)
            (symbols ? pass_symbol : pass_comdat)(c);
        if (!reader_failed(&c->r)) c->r = after;
    }
}

static bool is_of_custom(const Module *m, const Section *s)
{
    return section_is_relocs(m, s) && !section_is(m, s, "reloc.CODE") &&
           !section_is(m, s, "reloc.DATA");
}

// The section that reloc.X is of; UINT32_MAX: that cannot be read.
static u32 target_of(Counted *c, u32 reloc)
{
    begin(c, reloc);
    u32 of = read_leb_u32(&c->r);
    return !reader_failed(&c->r) && of < c->m->section_count ? of : UINT32_MAX;
}

// Who has no symbols links nothing.
static bool is_unlinked(const Module *m, const bool *gone)
{
    for (u32 i = 0; i < m->section_count; i++)
        if (gone[i] && section_is(m, &m->sections[i], "linking")) return true;
    return false;
}

void counted_follow(const Module *m, bool *gone)
{
    Counted c = {.m = m};
    bool unlinked = is_unlinked(m, gone);
    for (u32 i = 0; i < m->section_count; i++) {
        if (!section_is_relocs(m, &m->sections[i])) continue;
        u32 of = target_of(&c, i);
        gone[i] |= unlinked || (of != UINT32_MAX && gone[of]);
    }
}

// Is it linked, and are its relocations gone, but not what they are of? Or the other way around?
static bool is_unfinished(Counted *c, u32 reloc, bool unlinked)
{
    u32 of = target_of(c, reloc);
    bool gone = c->number[reloc] == COUNTED_GONE;
    if (unlinked) return !gone;
    return gone && of != UINT32_MAX && c->number[of] != COUNTED_GONE;
}

static const Section *find_unfinished(Counted *c)
{
    const Module *m = c->m;
    bool linked = false, unlinked = false;
    for (u32 i = 0; i < m->section_count; i++)
        if (section_is(m, &m->sections[i], "linking"))
            *(c->number[i] == COUNTED_GONE ? &unlinked : &linked) = true;
    for (u32 i = 0; i < m->section_count && (linked || unlinked); i++)
        if (section_is_relocs(m, &m->sections[i]) && is_unfinished(c, i, unlinked))
            return &m->sections[i];
    return NULL;
}

bool counted_is(const Module *m, const Section *s)
{
    return section_is(m, s, "linking") || section_is_relocs(m, s);
}

CountedFault counted_renumber(const Module *m, const u32 *number, u8 *bytes, const Section **which)
{
    Counted c = {.m = m, .number = number, .bytes = bytes};
    const Section *places = NULL; // what says where in custom sections something is
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = *which = &m->sections[i];
        bool linking = section_is(m, s, "linking");
        if (number[i] == COUNTED_GONE || !counted_is(m, s)) continue;
        begin(&c, i);
        if (linking) pass_linking(&c);
        else renumber(&c, true);
        if (reader_failed(&c.r) || c.lost) return COUNTED_lost;
        if (is_of_custom(m, s)) places = s;
    }
    const Section *unfinished = find_unfinished(&c);
    *which = unfinished ? unfinished : places;
    if (unfinished) return COUNTED_unfinished;
    return places && c.orphaned ? COUNTED_astray : COUNTED_good;
}
