// linking.c -- see linking.h.

#include "binary/linking.h"

#include "binary/decoder.h"

#include <string.h>

const char *const symbol_text[SYMBOL_KINDS] = {
#define SYMBOL(number, name) [number] = #name,
#include "module/linking.def"
};

static const char *const comdat_texts[COMDAT_KINDS] = {
#define COMDAT(number, name) [number] = #name,
#include "module/linking.def"
};

static const struct { const char *text; bool addend; } reloc_info[] = {
#define RELOC(number, name, addend) [number] = {#name, addend},
#include "module/linking.def"
};

const char *comdat_text(u8 kind) { return kind < COMDAT_KINDS ? comdat_texts[kind] : "?"; }
const char *reloc_text(u8 type) { return reloc_info[type].text; }
bool reloc_has_addend(u8 type) { return reloc_info[type].addend; }
bool reloc_has_symbol(u8 type) { return strcmp(reloc_info[type].text, "R_WASM_TYPE_INDEX_LEB"); }

// ---- Symbols

typedef struct {
    const Module *m;
    Arena *arena;
    Linking *out;
    const u32 *imports[EXTERN_COUNT]; // 1 + place in Module.imports, by index; NULL: not made yet
} LinkingReader;

static u32 imported_count(const Module *m, ExternKind kind)
{
    const u32 counts[EXTERN_COUNT] = {m->imported_funcs, m->imported_tables, m->imported_memories,
                                      m->imported_globals, m->imported_tags};
    return counts[kind];
}

static Bytes import_name(LinkingReader *l, ExternKind kind, u32 index)
{
    const Module *m = l->m;
    u32 count = imported_count(m, kind);
    if (index >= count) return (Bytes){0};
    if (!l->imports[kind]) {
        u32 *places = NEW_ARRAY(l->arena, u32, count);
        for (u32 i = 0; i < m->import_count; i++)
            if (m->imports[i].kind == kind) places[m->imports[i].index] = 1 + i;
        l->imports[kind] = places;
    }
    u32 place = l->imports[kind][index];
    return place ? m->imports[place - 1].name : (Bytes){0};
}

static const ExternKind symbol_extern[SYMBOL_KINDS] = {
    [SYMBOL_func] = EXTERN_func, [SYMBOL_global] = EXTERN_global, [SYMBOL_tag] = EXTERN_tag,
    [SYMBOL_table] = EXTERN_table, [SYMBOL_data] = EXTERN_COUNT, [SYMBOL_section] = EXTERN_COUNT,
};

static void read_symbol(LinkingReader *l, Reader *r, Symbol *s)
{
    const u8 *at = r->pos;
    s->kind = read_u8(r);
    s->flags = read_leb_u32(r);
    bool defined = !(s->flags & SYMBOL_FLAG_undefined);
    if (s->kind >= SYMBOL_KINDS) {
        reader_fail(r, ERR_malformed_custom, at, "a symbol of kind %u", s->kind);
    } else if (s->kind == SYMBOL_data) {
        s->name = read_name(r);
        if (!defined) return;
        s->index = read_leb_u32(r);
        s->offset = read_leb_u32(r);
        s->size = read_leb_u32(r);
    } else if (s->kind == SYMBOL_section) {
        s->index = read_leb_u32(r);
        bool custom = s->index < l->m->section_count && !l->m->sections[s->index].id;
        if (custom) s->name = section_name(l->m, &l->m->sections[s->index]);
    } else {
        s->index = read_leb_u32(r);
        if (defined || s->flags & SYMBOL_FLAG_explicit_name) s->name = read_name(r);
        else s->name = import_name(l, symbol_extern[s->kind], s->index);
    }
}

static void read_symbols(LinkingReader *l, Reader *r)
{
    u32 count = read_count(r, 3);
    Symbol *symbols = NEW_ARRAY(l->arena, Symbol, count);
    l->out->symbols = symbols;
    for (u32 i = 0; i < count; i++) {
        read_symbol(l, r, &symbols[i]);
        if (reader_failed(r)) return;
        l->out->symbol_count = i + 1;
    }
}

// ---- The rest of "linking"

static void read_segments(LinkingReader *l, Reader *r)
{
    u32 count = read_count(r, 3);
    SegmentInfo *segments = NEW_ARRAY(l->arena, SegmentInfo, count);
    l->out->segments = segments;
    for (u32 i = 0; i < count; i++) {
        segments[i].name = read_name(r);
        segments[i].align_log2 = read_leb_u32(r);
        segments[i].flags = read_leb_u32(r);
        if (reader_failed(r)) return;
        l->out->segment_count = i + 1;
    }
}

static void read_inits(LinkingReader *l, Reader *r)
{
    u32 count = read_count(r, 2);
    InitFunc *inits = NEW_ARRAY(l->arena, InitFunc, count);
    l->out->inits = inits;
    for (u32 i = 0; i < count; i++) {
        inits[i].priority = read_leb_u32(r);
        inits[i].symbol = read_leb_u32(r);
        if (reader_failed(r)) return;
        l->out->init_count = i + 1;
    }
}

// Items are of two bytes or more, so all of them are no more than half of what is left.
static void read_comdats(LinkingReader *l, Reader *r)
{
    u32 count = read_count(r, 3);
    Comdat *comdats = NEW_ARRAY(l->arena, Comdat, count);
    ComdatItem *items = NEW_ARRAY(l->arena, ComdatItem, (size_t)(r->end - r->pos) / 2);
    l->out->comdats = comdats;
    l->out->comdat_items = items;
    for (u32 i = 0; i < count; i++) {
        Comdat *c = &comdats[i];
        c->name = read_name(r);
        c->flags = read_leb_u32(r);
        c->first = l->out->item_count;
        for (u32 n = read_count(r, 2); n && !reader_failed(r); n--) {
            ComdatItem item = {.kind = read_u8(r)};
            item.index = read_leb_u32(r);
            if (!reader_failed(r)) items[l->out->item_count++] = item;
        }
        if (reader_failed(r)) return;
        c->count = l->out->item_count - c->first;
        l->out->comdat_count = i + 1;
    }
}

// Each once; what nobody knows is passed over.
static void read_part(LinkingReader *l, u8 id, Reader *r)
{
    switch (id) {
    case LINKING_segments: if (!l->out->segments) read_segments(l, r); else return; break;
    case LINKING_inits: if (!l->out->inits) read_inits(l, r); else return; break;
    case LINKING_comdats: if (!l->out->comdats) read_comdats(l, r); else return; break;
    case LINKING_symbols: if (!l->out->symbols) read_symbols(l, r); else return; break;
    default: return;
    }
    if (!reader_failed(r) && r->pos != r->end)
        reader_fail(r, ERR_section_size_mismatch, r->pos, "part %u goes on", id);
}

static void read_parts(LinkingReader *l, const Section *section)
{
    Reader r = section_reader(l->m, section, &l->out->trouble);
    l->out->section = section;
    l->out->version = read_leb_u32(&r);
    if (!reader_failed(&r) && l->out->version != LINKING_VERSION)
        reader_fail(&r, ERR_malformed_custom, r.pos, "version %u", l->out->version);
    while (r.pos < r.end) {
        u8 id = read_u8(&r);
        u32 size = read_leb_u32(&r);
        const u8 *data = read_bytes(&r, size);
        if (reader_failed(&r)) return;
        Diag trouble;
        diag_init(&trouble);
        Reader part = {l->m->bytes, data, data + size, ERR_unexpected_end_of_section, &trouble};
        read_part(l, id, &part);
        if (l->out->trouble.err == ERR_none) l->out->trouble = trouble; // others are read still
    }
}

void linking_read(const Module *m, Arena *arena, Linking *out)
{
    LinkingReader l = {m, arena, out, {0}};
    *out = (Linking){0};
    diag_init(&out->trouble);
    for (u32 i = 0; i < m->section_count; i++) {
        if (!section_is(m, &m->sections[i], "linking")) continue;
        read_parts(&l, &m->sections[i]);
        return;
    }
}

// ---- Relocations

bool section_is_relocs(const Module *m, const Section *s)
{
    return !s->id && bytes_begin(section_name(m, s), "reloc.");
}

void relocs_read(const Module *m, const Section *s, Arena *arena, Relocs *out)
{
    *out = (Relocs){0};
    Reader r = section_reader(m, s, &out->trouble);
    const u8 *at = r.pos;
    out->target = read_leb_u32(&r);
    if (out->target >= m->section_count)
        reader_fail(&r, ERR_malformed_custom, at, "of section %u", out->target);
    u32 count = read_count(&r, 3);
    Reloc *relocs = NEW_ARRAY(arena, Reloc, count);
    out->relocs = relocs;
    for (u32 i = 0; i < count; i++) {
        Reloc reloc = {0};
        at = r.pos;
        reloc.type = read_u8(&r);
        if (reloc.type >= COUNT_OF(reloc_info)) {
            reader_fail(&r, ERR_malformed_custom, at, "a relocation of type %u", reloc.type);
            return;
        }
        Range target = m->sections[out->target].content;
        u32 offset = read_leb_u32(&r);
        reloc.index = read_leb_u32(&r);
        reloc.addend = reloc_info[reloc.type].addend ? read_leb_s64(&r) : 0;
        if (!reader_failed(&r) && offset >= target.end - target.start)
            reader_fail(&r, ERR_malformed_custom, at, "behind its section's end");
        if (reader_failed(&r)) return;
        reloc.offset = target.start + offset;
        relocs[i] = reloc;
        out->count = i + 1;
    }
    if (!reader_failed(&r) && r.pos != r.end)
        reader_fail(&r, ERR_section_size_mismatch, r.pos, "%s", "");
}

// ---- Names

// Of those that have one, the first by which it goes.
static NameMap map_of(const Bytes *by_index, u32 count, Arena *arena)
{
    NameMap map = {0};
    NameAssoc *names = NEW_ARRAY(arena, NameAssoc, count);
    for (u32 i = 0; i < count; i++)
        if (by_index[i].data) names[map.count++] = (NameAssoc){i, by_index[i]};
    map.names = names;
    return map;
}

static NameMap names_of_symbols(const Linking *l, SymbolKind kind, u32 count, Arena *arena)
{
    Bytes *by_index = NEW_ARRAY(arena, Bytes, count);
    for (u32 i = l->symbol_count; i-- > 0;)
        if (l->symbols[i].kind == kind && l->symbols[i].index < count)
            by_index[l->symbols[i].index] = l->symbols[i].name;
    return map_of(by_index, count, arena);
}

void names_read_shown(const Module *m, Arena *arena, AllNames *out)
{
    Linking l;
    names_read(m, arena, out);
    if (out->section != UINT32_MAX) return;
    linking_read(m, arena, &l);
    if (!l.section) return;
    out->flat[NAMES_func] = names_of_symbols(&l, SYMBOL_func, m->func_count, arena);
    out->flat[NAMES_global] = names_of_symbols(&l, SYMBOL_global, m->global_count, arena);
    out->flat[NAMES_table] = names_of_symbols(&l, SYMBOL_table, m->table_count, arena);
    out->flat[NAMES_tag] = names_of_symbols(&l, SYMBOL_tag, m->tag_count, arena);
    u32 segments = MIN(l.segment_count, m->datas ? m->data_count : 0);
    Bytes *by_index = NEW_ARRAY(arena, Bytes, segments);
    for (u32 i = 0; i < segments; i++) by_index[i] = l.segments[i].name;
    out->flat[NAMES_data] = map_of(by_index, segments, arena);
}
